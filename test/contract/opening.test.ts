/** How a store comes up and goes down, on every engine. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { eq } from '../../db/drizzle.ts'
import { openStore } from '../../db/open.ts'
import type { Reader } from '../../db/store.ts'
import { insertMeasureRow } from '../../src/measures/measure.queries.ts'
import { engines } from '../engines.ts'

const row = (id: string) => ({ id, createdAt: '2026-01-02T03:04:05.678Z', createdBy: 'test' })

/** Runs lines in a process of its own, with `store` open; what it prints is its answer. */
function startProcess(url: string, body: string) {
  const open = join(import.meta.dirname, '../../db/open.ts')
  const source = `import { openStore } from ${JSON.stringify(open)}\nconst store = await openStore(${JSON.stringify(url)})\n${body}`
  // Without what measures coverage, which takes seconds for each process.
  const env = { ...process.env, NODE_OPTIONS: '' }
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], { stdio: ['ignore', 'pipe', 'inherit'], env })
  return { child, printed: once(child.stdout, 'data').then(([data]) => String(data).trim()) }
}
const exitOf = async (child: ChildProcess) => (await once(child, 'exit'))[0] as number | null

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip }, async (t) => {
    await t.test('processes that start at once on an empty database all come up, each with all tables', async (t) => {
      const { url, drop } = await engine.create()
      t.teardown(drop)
      const processes = Array.from({ length: 3 }, () =>
        startProcess(url, 'console.log(await store.read((db) => db.$count(db.t.changes))); await store.close()')
      )
      t.same(await Promise.all(processes.map(({ child }) => exitOf(child))), [0, 0, 0])
      t.same(await Promise.all(processes.map(({ printed }) => printed)), ['0', '0', '0'])
      const stores = await Promise.all(Array.from({ length: 3 }, () => openStore(url)))
      await Promise.all(stores.map((each) => each.close()))
    })

    const { store, url, done } = await engine.open()
    t.teardown(done)

    await t.test('what must not be done twice at once is done by one at a time', async (t) => {
      const stores = await Promise.all([openStore(url), openStore(url)])
      const order: string[] = []
      await Promise.all(
        [store, ...stores].map((each, i) =>
          each.exclusively('start', async () => {
            order.push(`${i} in`)
            await each.write([], (tx) => insertMeasureRow(tx, row(`start-${i}`)))
            await sleep(10)
            order.push(`${i} out`)
          })
        )
      )
      t.equal(order.length, 6)
      for (let i = 0; i < order.length; i += 2) t.equal(order[i]?.[0], order[i + 1]?.[0])
      await t.rejects(
        store.exclusively('start', () => Promise.reject(new Error('no luck'))),
        /no luck/
      )
      t.equal(await store.exclusively('start', async () => 'free again'), 'free again')
      await Promise.all(stores.map((each) => each.close()))
    })

    await t.test('a process that dies while it starts keeps nobody waiting', async (t) => {
      const { child, printed } = startProcess(
        url,
        `await store.exclusively('start', () => new Promise((resolve) => { console.log('held'); setTimeout(resolve, 60_000) }))`
      )
      t.equal(await printed, 'held')
      let isIn = false
      const entering = store.exclusively('start', async () => {
        isIn = true
      })
      await sleep(100)
      t.notOk(isIn, 'it waits while the other lives')
      child.kill('SIGKILL')
      await entering
      t.ok(isIn)
    })

    await t.test('who waits for a resource that another process holds is told in time, and serves meanwhile', async (t) => {
      const { child, printed } = startProcess(
        url,
        `await store.write(['measure:a'], () => new Promise((resolve) => { console.log('held'); setTimeout(resolve, 60_000) }), { deadlineMs: 90_000 })`
      )
      t.equal(await printed, 'held')
      const order: string[] = []
      const refused = store
        .write(['measure:a'], async () => {}, { deadlineMs: 500 })
        .then(
          () => 'let in',
          ({ code }) => code
        )
        .then((outcome) => order.push(outcome))
      await store.read((db) => db.$count(db.t.changes))
      order.push('a reader was served')
      await refused
      t.same(order, ['a reader was served', 'STORE_TIMEOUT'])
      child.kill('SIGKILL')
      await store.write(['measure:a'], async () => {})
    })

    await t.test(
      'acknowledged writes survive a power cut',
      { skip: engine.name === 'postgres' && 'a setting of the server' },
      async (t) => {
        const pragma = async (db: Reader) =>
          (db as unknown as { all(statement: string): { synchronous: number }[] }).all('pragma synchronous')[0]?.synchronous
        const written = await store.write([], async (tx) => {
          await insertMeasureRow(tx, row('hh-1'))
          return pragma(tx)
        })
        t.equal(written, 2, 'FULL, asked after a write')
        t.equal(await store.write([], pragma), 2, 'and after its commit')
        t.same(await Promise.all([store.read(pragma), store.read(pragma)]), [2, 2])
      }
    )

    await t.test('closing waits for the units of work under way, and begins none', async (t) => {
      const closing = await openStore(url)
      const count = closing.prepare<{ n: number }>('closing', (db) => db.select({ n: db.t.changes.seq }).from(db.t.changes))
      t.equal(await closing.isAlive(), true)
      const reading = closing.read(async (db) => {
        await sleep(50)
        return db.$count(db.t.changes)
      })
      const writing = closing.write([], async (tx) => {
        await sleep(30)
        await insertMeasureRow(tx, row('last'))
      })
      await sleep(10)
      await Promise.all([closing.close(), closing.close()])
      t.equal(await reading, 0)
      await writing
      t.equal(await store.read((db) => db.$count(db.t.measures, eq(db.t.measures.id, 'last'))), 1, 'the last write is there')
      await t.rejects(
        closing.read(async () => {}),
        { code: 'STORE_CLOSED' }
      )
      await t.rejects(
        closing.write([], async () => {}),
        { code: 'STORE_CLOSED' }
      )
      await t.rejects(count(), { code: 'STORE_CLOSED' })
      t.equal(await closing.isAlive(), false)
    })
  })
}

t.test('a database in memory is as any other, and leaves nothing behind', async (t) => {
  const [one, two] = await Promise.all([openStore('file::memory:'), openStore('file::memory:')])
  await one.write([], (tx) => insertMeasureRow(tx, row('aa-1')))
  t.equal(await one.read((db) => db.$count(db.t.measures)), 1)
  t.equal(await two.read((db) => db.$count(db.t.measures)), 0, 'each has its own')
  const file = await one.read(async (db) => {
    const [found] = (db as unknown as { all(statement: string): { file: string }[] }).all('pragma database_list')
    return found!.file
  })
  t.ok(existsSync(file))
  await Promise.all([one.close(), two.close()])
  t.notOk(existsSync(join(file, '..')))
})

t.test('the folder of a file is made', async (t) => {
  const folder = t.testdir()
  const store = await openStore(`file:${folder}/not/yet/registry.db`)
  await store.close()
  t.ok(existsSync(`${folder}/not/yet/registry.db`))
})

t.test('a database that cannot be opened is refused in a sentence that names the variable', async (t) => {
  const folder = t.testdir({ 'not-a-database.db': 'x'.repeat(5_000), file: '' })
  for (const url of [
    'mysql://x',
    'file:',
    '',
    `file:${folder}`,
    `file:${folder}/file/below-a-file.db`,
    `file:${folder}/not-a-database.db`,
    'postgres://nobody:secret@127.0.0.1:1/x',
    'postgres://nobody:with@secret@127.0.0.1:1/x',
    'postgres://127.0.0.1:1/x?user=nobody&password=secret'
  ]) {
    const error = await openStore(url).then(
      () => undefined,
      (found: Error & { code?: string }) => found
    )
    t.equal(error?.code, 'STORE_CONFIGURATION', url)
    t.match(error?.message, /DATABASE_URL/)
    t.notMatch(error?.message, /secret/)
  }
})
