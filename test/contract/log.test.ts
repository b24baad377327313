/** The log of changes, on every engine: without gaps, in the order of the commits, whoever writes meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { eq } from '../../db/drizzle.ts'
import type { Change, Writer } from '../../db/store.ts'
import { listChanges, prepareHead } from '../../src/changes/changes.queries.ts'
import { findMeasureRow, insertMeasureRow } from '../../src/measures/measure.queries.ts'
import { engines } from '../engines.ts'

const at = '2026-01-02T03:04:05.678Z'
const row = (id: string) => ({ id, createdAt: at, createdBy: 'test' })
const change = (id: string): Change => ({ at, kind: 'measure', id, action: 'created', actor: 'test' })

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip }, async (t) => {
    const { store, done } = await engine.open()
    t.teardown(done)
    const prepared = prepareHead(store)
    const last = async () => Number((await prepared())[0]!.head)

    await t.test('one write may log more than one statement can hold', async (t) => {
      const before = await last()
      await store.write([], async (tx) => {
        for (let i = 0; i < 6_000; i++) tx.record(change(`many-${i}`))
      })
      t.equal(await last(), before + 6_000)
      t.same(
        (await store.read((db) => listChanges(db, before + 498, 4))).map(({ seq, id }) => `${seq - before} ${id}`),
        ['499 many-498', '500 many-499', '501 many-500', '502 many-501']
      )
    })

    await t.test('forty read-modify-writes of one row lose none; the log numbers them without gaps', async (t) => {
      const before = await last()
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
      t.equal((await store.read((db) => findMeasureRow(db, 'ee-1')))?.createdBy, '40')
      t.same(
        (await store.read((db) => listChanges(db, before, 100))).map(({ seq }) => seq),
        Array.from({ length: 40 }, (_, i) => before + 1 + i)
      )
    })

    await t.test('who follows the log while thirty write sees each change once, in order', async (t) => {
      const start = await last()
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
  })
}
