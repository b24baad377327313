/** What the registry asks of a store, on every engine. */
import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { asc, eq, like, sql } from '../../db/drizzle.ts'
import { violationOf } from '../../db/errors.ts'
import type { Change, Reader, Store, Writer } from '../../db/store.ts'
import { listChanges } from '../../src/changes/changes.queries.ts'
import { findMeasureRow, insertMeasureRow, prepareQueries, putDocument } from '../../src/measures/measure.queries.ts'
import { composeMeasure } from '../../src/measures/measure.ts'
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
    const { store, done } = await engine.open({ deadlineMs: 3_000 })
    t.teardown(done)

    await t.test('a row comes back exactly as it went in', async (t) => {
      const fields = [{ pointer: '/title', old: null, new: { en: 'Ä "quoted" \\ \u2028 😀', list: [1, 2.5, true, ''] } }]
      const reply = { keyId: 'k', idempotencyKey: 'i', requestHash: 'h', status: 201, headers: { etag: '"x"' }, body: '{}\n', at }
      await store.write([], async (tx) => {
        tx.record({ ...change('zz-1'), reason: "it's", fields })
        await tx.insert(tx.t.replies).values(reply)
      })
      const [stored] = await store.read((db) => db.select().from(db.t.changes))
      t.strictSame(stored, { ...change('zz-1'), seq: 1, version: null, reason: "it's", fields })
      t.strictSame(await store.read((db) => db.select().from(db.t.replies)), [reply])
    })

    await t.test('text sorts and matches alike, byte by byte', async (t) => {
      const ids = ['s-ZZ', 's-Ä', 's-a', 's-B', 's-_', 's-b', 's-é', 's-A10', 's-A9', 's-\uff21', 's-😀']
      await store.write([], async (tx) => {
        for (const id of ids) await insertMeasureRow(tx, row(id))
      })
      const sorted = await store.read((db) =>
        db.select({ id: db.t.measures.id }).from(db.t.measures).where(like(db.t.measures.id, 's-%')).orderBy(asc(db.t.measures.id))
      )
      t.same(
        sorted.map(({ id }) => id),
        ids.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      )
    })

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
      t.same(
        (await store.read((db) => listChanges(db, 0, 10))).map(({ id }) => id),
        ['zz-1']
      )
    })

    await t.test('two units of work never mix', async (t) => {
      const unit = (id: string, fails: boolean) =>
        store.write([`measure:${id}`], async (tx) => {
          await insertMeasureRow(tx, row(id))
          await sleep(5)
          tx.record(change(id))
          if (fails) throw new Error('no')
        })
      const outcomes = await Promise.allSettled([unit('bb-1', true), unit('bb-2', false)])
      t.same(
        outcomes.map(({ status }) => status),
        ['rejected', 'fulfilled']
      )
      t.equal(await find(store, 'bb-1'), undefined)
      t.ok(await find(store, 'bb-2'))
      t.same(
        (await store.read((db) => listChanges(db, 0, 10))).map(({ seq, id }) => [seq, id]),
        [
          [1, 'zz-1'],
          [2, 'bb-2']
        ]
      )
    })

    await t.test('the engine itself refuses what a reader writes', async (t) => {
      // A reader has no such method for the compiler; at run time it is the same object.
      await t.rejects(store.read((db) => insertMeasureRow(db as Writer, row('rr-1'))))
      t.equal(await find(store, 'rr-1'), undefined)
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
      const compile = (db: Reader) =>
        db.select().from(db.t.measures) as unknown as { prepare(name: string): { execute(): Promise<unknown[]> } }
      let kept!: { execute(): Promise<unknown[]> }
      await store.read(async (db) => {
        kept = compile(db).prepare('kept')
        t.ok((await kept.execute()).length > 0)
      })
      t.ok(await (async () => kept.execute())().then(() => false, isEnded), 'not by a query that was compiled before either')
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
      t.equal(
        await violation((tx) => putDocument(tx, 'published', document('nobody', 'x'), { authorId: null, sourceNo: null })),
        'reference'
      )
      t.equal(await violation((tx) => insertMeasureRow(tx, { ...row('dd-1'), createdAt: null as never })), 'required')
    })

    await t.test('prepared queries see what is committed; documents come joined, in the order asked for', async (t) => {
      const { published, joined, head } = prepareQueries(store)
      t.same(await published({ id: 'p-2' }), [])
      const numbers = await store.write([], async (tx) => {
        const stored: number[] = []
        for (const id of ['p-1', 'p-2', 'p-3']) {
          await insertMeasureRow(tx, row(id))
          stored.push((await putDocument(tx, 'published', document(id, `Überleitung ${id}`), { authorId: null, sourceNo: null })).no)
        }
        return stored
      })
      t.match((await published({ id: 'p-2' }))[0]?.json, /Überleitung p-2/)
      const idsOf = async (nos: number[]) => {
        const [found] = await joined({ nos: JSON.stringify(nos) })
        return found?.json && JSON.parse(`[${found.json}]`).map(({ id }: { id: string }) => id)
      }
      t.same(await idsOf([numbers[2]!, numbers[0]!, 999_999, numbers[1]!]), ['p-3', 'p-1', 'p-2'])
      t.equal(await idsOf([]), null)
      await store.write([], (tx) => putDocument(tx, 'published', document('p-2', 'Discharge'), { authorId: null, sourceNo: null }))
      t.match((await published({ id: 'p-2' }))[0]?.json, /Discharge/, 'replaced')
      const before = Number((await head())[0]!.head)
      await store.write([], async (tx) => tx.record(change('x')))
      t.equal(Number((await head())[0]!.head), before + 1)
      t.same(await published({ id: "'; drop table measures; --" }), [])
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
      'writers that wait for each other in a circle are run again',
      { skip: engine.name === 'sqlite' && 'SQLite has one writer' },
      async (t) => {
        await store.write([], async (tx) => {
          for (const id of ['ii-1', 'ii-2']) await insertMeasureRow(tx, { ...row(id), createdBy: '' })
        })
        let runs = 0
        const append = (tx: Writer, id: string, by: string) =>
          tx
            .update(tx.t.measures)
            .set({ createdBy: sql`created_by || ${by}` })
            .where(eq(tx.t.measures.id, id))
        const both = (by: string, first: string, second: string) =>
          store.write([], async (tx) => {
            runs++
            await append(tx, first, by)
            await sleep(50)
            await append(tx, second, by)
          })
        await Promise.all([both('a', 'ii-1', 'ii-2'), both('b', 'ii-2', 'ii-1')])
        t.equal(runs, 3)
        for (const id of ['ii-1', 'ii-2']) t.equal((await find(store, id))?.createdBy.length, 2)
      }
    )

    await t.test(
      'the server ends what nobody waits for any more, and says nothing of statements and values',
      { skip: engine.name === 'sqlite' && 'there is no server' },
      async (t) => {
        const one = sql`(select 1) as one`
        const slow = store.write([], (tx) => tx.select({ slow: sql`pg_sleep(20)` }).from(one), { deadlineMs: 200 })
        await t.rejects(slow, { code: 'STORE_TIMEOUT' })
        await sleep(100)
        const running = sql<number>`(select count(*)::int from pg_stat_activity where state = 'active' and query like '%pg_sleep(20)%' and pid <> pg_backend_pid())`
        t.same(await store.read((db) => db.select({ running }).from(one)), [{ running: 0 }])
        const error: Error = await store
          .write([], (tx) => insertMeasureRow(tx, { ...row('kk-1'), createdAt: null as never, createdBy: 'confidential' }))
          .then(
            () => assert.fail(),
            (found) => found
          )
        t.notMatch(error.message, /confidential|insert into/)
      }
    )
  })
}
