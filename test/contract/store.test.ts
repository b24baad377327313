/** What the registry asks of a store, on every engine. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { eq, sql } from 'drizzle-orm'
import t from 'tap'
import { violationOf } from '../../db/errors.ts'
import { openStore } from '../../db/open.ts'
import type { Change, Store, Writer } from '../../db/store.ts'
import { listChanges } from '../../src/changes/changes.queries.ts'
import { findMeasureRow, insertMeasureRow, prepareQueries, putDocument } from '../../src/measures/measure.queries.ts'
import { composeMeasure } from '../../src/measures/measure.ts'
import { queryOf } from '../../src/search/terms.ts'
import { engines } from '../engines.ts'

const at = '2026-01-02T03:04:05.678Z'
const row = (id: string) => ({ id, createdAt: at, createdBy: 'test' })
const change = (id: string): Change => ({ at, kind: 'measure', id, action: 'created', actor: 'test' })
const document = (id: string, title: string) =>
  composeMeasure({ title }, { id, publicUrl: 'https://registry.example', status: 'active', createdAt: at, updatedAt: at })
const find = (store: Store, id: string) => store.read((db) => findMeasureRow(db, id))
/** Leaves the reader's own context, as another request would. */
const outside = AsyncLocalStorage.snapshot()

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip }, async (t) => {
    const { store, url, done } = await engine.open({ deadlineMs: 3_000 })
    t.teardown(done)

    await t.test('a write that throws leaves nothing behind, not even in the log', async (t) => {
      await t.rejects(
        store.write([], async (tx) => {
          await insertMeasureRow(tx, row('aa-1'))
          tx.record(change('aa-1'))
          await sleep(5)
          throw new Error('change of mind')
        }),
        /change of mind/
      )
      t.equal(await find(store, 'aa-1'), undefined)
      t.same(await store.read((db) => listChanges(db, 0, 10)), [])
    })

    await t.test('readers do not see what is not committed, and keep one snapshot', async (t) => {
      const { promise: gate, resolve: release } = Promise.withResolvers<void>()
      const { promise: inserted, resolve: hasInserted } = Promise.withResolvers<void>()
      const writing = store.write([], async (tx) => {
        await insertMeasureRow(tx, row('aa-2'))
        t.ok(await findMeasureRow(tx, 'aa-2'), 'the writer sees its own row')
        hasInserted()
        await gate
      })
      await inserted
      await store.read(async (db) => {
        t.equal(await findMeasureRow(db, 'aa-2'), undefined)
        release()
        await outside(() => writing)
        t.equal(await findMeasureRow(db, 'aa-2'), undefined, 'the snapshot does not move')
      })
      t.ok(await find(store, 'aa-2'))
    })

    await t.test('a unit of work inside another is refused', async (t) => {
      await t.rejects(
        store.write([], () => store.write([], async () => {})),
        { code: 'STORE_NESTED' }
      )
      await t.rejects(
        store.read(() => store.read(async () => {})),
        { code: 'STORE_NESTED' }
      )
      await store.write([], async () => {})
    })

    await t.test('a handle is useless after its unit of work', async (t) => {
      let leaked!: Writer
      let forgotten!: Promise<unknown>
      await store.write([], async (tx) => {
        leaked = tx
        forgotten = sleep(20).then(() => insertMeasureRow(tx, row('cc-1')))
        forgotten.catch(() => {})
      })
      const isEnded = (error: Error) =>
        [error, error.cause].some((found) => (found as { code?: string } | undefined)?.code === 'STORE_ENDED')
      t.ok(await forgotten.then(() => false, isEnded))
      t.ok(await insertMeasureRow(leaked, row('cc-2')).then(() => false, isEnded))
      t.throws(() => leaked.record(change('cc-2')), { code: 'STORE_ENDED' })
      t.equal(await find(store, 'cc-1'), undefined)
    })

    await t.test('a unit of work that hangs is rolled back', async (t) => {
      await t.rejects(
        store.write(
          [],
          async (tx) => {
            await insertMeasureRow(tx, row('cc-3'))
            await sleep(1_000)
          },
          { deadlineMs: 100 }
        ),
        { code: 'STORE_TIMEOUT' }
      )
      t.equal(await find(store, 'cc-3'), undefined)
      await store.write([], async () => {})
    })

    await t.test('integrity errors have the same name on every engine', async (t) => {
      const violation = (work: (tx: Writer) => Promise<unknown>) => store.write([], work).then(() => undefined, violationOf)
      t.equal(await violation((tx) => insertMeasureRow(tx, row('aa-2'))), 'unique')
      t.equal(await violation((tx) => putDocument(tx, 'published', document('nobody', 'x'), null)), 'reference')
      t.equal(await violation((tx) => insertMeasureRow(tx, { ...row('dd-1'), createdAt: null as never })), 'required')
    })

    await t.test('forty read-modify-writes of one row lose none; the log numbers them without gaps', async (t) => {
      const before = (await store.read((db) => listChanges(db, 0, 1_000))).length
      await store.write([], (tx) => insertMeasureRow(tx, { ...row('ee-1'), createdBy: '0' }))
      const bump = (tx: Writer, n: number) =>
        tx
          .update(tx.t.measures)
          .set({ createdBy: String(n) })
          .where(eq(tx.t.measures.id, 'ee-1'))
      await Promise.all(
        Array.from({ length: 40 }, () =>
          store.write(['measure:ee-1'], async (tx) => {
            const found = await findMeasureRow(tx, 'ee-1')
            await sleep(1)
            await bump(tx, Number(found!.createdBy) + 1)
            tx.record(change('ee-1'))
          })
        )
      )
      t.equal((await find(store, 'ee-1'))?.createdBy, '40')
      t.same(
        (await store.read((db) => listChanges(db, before, 100))).map(({ seq }) => seq),
        Array.from({ length: 40 }, (_, i) => before + 1 + i)
      )
    })

    await t.test('who follows the log while thirty write sees each change once, in order', async (t) => {
      const start = (await store.read((db) => listChanges(db, 0, 1_000))).length
      const seen: number[] = []
      const ids: string[] = []
      let writing = true
      const following = (async () => {
        for (let after = start; writing || seen.length < 60; ) {
          const found = await store.read((db) => listChanges(db, after, 7))
          seen.push(...found.map(({ seq }) => seq))
          ids.push(...found.map(({ id }) => id))
          after = seen.at(-1) ?? after
          await sleep(1)
        }
      })()
      await Promise.all(
        Array.from({ length: 30 }, (_, i) =>
          store.write([`measure:f-${i}`], async (tx) => {
            await sleep(Math.random() * 20)
            tx.record(change(`f-${i}`))
            await sleep(Math.random() * 20)
            tx.record(change(`f-${i}-again`))
          })
        )
      )
      writing = false
      await following
      t.same(
        seen,
        Array.from({ length: 60 }, (_, i) => start + 1 + i)
      )
      t.equal(new Set(ids).size, 60)
    })

    await t.test('full text: words, stems, beginnings, titles apart; replaced and removed', async (t) => {
      const texts: [string, string][] = [
        ['t-1', 'Coordination of care'],
        ['t-2', 'Überleitung after discharge'],
        ['t-3', 'Care plans for carers']
      ]
      const numbers = await store.write([], async (tx) => {
        const stored: number[] = []
        for (const [id, title] of texts) {
          await insertMeasureRow(tx, row(id))
          stored.push((await putDocument(tx, 'published', { ...document(id, title), description: 'Something about hospitals' }, null)).no)
        }
        return stored
      })
      const match = (text: string, scope: 'title' | 'any' = 'any', after = 0, limit = 10) =>
        store.read((db) => db.d.matchText(db, queryOf(text), scope, after, limit))
      t.same(await match('coordinated'), [numbers[0]])
      t.same(await match('uberleit'), [numbers[1]])
      t.same(await match('CARE'), [numbers[0], numbers[2]])
      t.same(await match('care carer'), [numbers[2]], 'every word has to be found')
      t.same(await match('hospital'), numbers)
      t.same(await match('hospital', 'title'), [])
      t.same(await match('hospital', 'any', numbers[0], 1), [numbers[1]], 'goes on after a number')
      t.same(await match('"*('), [])
      await store.write([], (tx) => putDocument(tx, 'published', document('t-1', 'Something else'), null))
      t.same(await match('coordination'), [], 'replaced')
      await store.write([], (tx) => tx.d.unindexText(tx, numbers[2]!))
      t.same(await match('carers'), [], 'removed')
      await t.rejects(
        store.read((db) => db.d.matchText(db, [[{ term: "x' | 'y", prefix: false }]], 'any', 0, 1)),
        /character that terms never have/
      )
    })

    await t.test('prepared queries see what is committed; documents come joined, in the order asked for', async (t) => {
      const { published, joined, head } = prepareQueries(store)
      const [first] = await published({ id: 't-2' })
      t.match(first?.json, /Überleitung/)
      const [no] = await store.read((db) => db.d.matchText(db, queryOf('uberleitung'), 'any', 0, 1))
      const [found] = await joined({ nos: JSON.stringify([no, no! - 1, 999_999]) })
      t.same(
        JSON.parse(`[${found!.json}]`).map(({ id }: { id: string }) => id),
        ['t-2', 't-1']
      )
      const before = Number((await head())[0]!.head)
      await store.write([], async (tx) => tx.record(change('x')))
      t.equal(Number((await head())[0]!.head), before + 1)
      t.same(await published({ id: "'; drop table measures; --" }), [])
    })

    await t.test('three processes that start at once all come up', async (t) => {
      const stores = await Promise.all([openStore(url), openStore(url), openStore(url)])
      const order: string[] = []
      await Promise.all(
        stores.map((each, i) =>
          each.exclusively('start', async () => {
            order.push(`${i} in`)
            await sleep(10)
            order.push(`${i} out`)
          })
        )
      )
      for (let i = 0; i < order.length; i += 2) t.equal(order[i]?.[0], order[i + 1]?.[0], 'one at a time')
      await Promise.all(stores.map((each) => each.close()))
    })

    await t.test(
      'writers of different resources overlap, of the same one they do not',
      { skip: engine.name === 'sqlite' && 'SQLite has one writer' },
      async (t) => {
        const overlap = async (a: string, b: string) => {
          let inside = 0
          let most = 0
          const work = async () => {
            most = Math.max(most, ++inside)
            await sleep(30)
            inside--
          }
          await Promise.all([store.write([a], work), store.write([b], work)])
          return most
        }
        t.equal(await overlap('measure:a', 'measure:b'), 2)
        t.equal(await overlap('measure:a', 'measure:a'), 1)
        await Promise.all(Array.from({ length: 20 }, (_, i) => store.write(i % 2 ? ['a', 'b'] : ['b', 'a'], () => sleep(1))))
        t.pass('locks in any order never wait in a circle')
      }
    )

    await t.test(
      'a lost connection fails one unit of work, not the store',
      { skip: engine.name === 'sqlite' && 'there is no connection to lose' },
      async (t) => {
        await t.rejects(
          store.write([], async (tx) => {
            await insertMeasureRow(tx, row('gg-1'))
            await tx.select({ gone: sql`pg_terminate_backend(pg_backend_pid())` }).from(tx.t.measures).limit(1)
          })
        )
        t.equal(await find(store, 'gg-1'), undefined)
        await store.write([], (tx) => insertMeasureRow(tx, row('gg-2')))
      }
    )

    await t.test(
      'acknowledged writes survive a power cut',
      { skip: engine.name === 'postgres' && 'a setting of the server' },
      async (t) => {
        const synchronous = await store.write([], async (tx) => {
          await insertMeasureRow(tx, row('hh-1'))
          return (tx as unknown as { all(statement: unknown): { synchronous: number }[] }).all(sql`pragma synchronous`)
        })
        t.equal(synchronous[0]?.synchronous, 2, 'FULL, asked after a write')
      }
    )
  })
}

t.test('a database that cannot be opened is refused in a sentence that names the variable', async (t) => {
  for (const url of ['mysql://x', 'file:', 'postgres://nobody:secret@127.0.0.1:1/x']) {
    const error = await openStore(url).then(
      () => undefined,
      (found: Error & { code?: string }) => found
    )
    t.equal(error?.code, 'STORE_CONFIGURATION', url)
    t.match(error?.message, /DATABASE_URL/)
    t.notMatch(error?.message, /secret/)
  }
})
