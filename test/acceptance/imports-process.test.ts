import { request } from 'node:http'
import { setTimeout as after } from 'node:timers/promises'
import t from 'tap'
import { type Body, LONG } from './client.ts'
import { place } from './place.ts'
import { bearer, skip } from './running.ts'
import { ADMIN_KEY, engines } from './server.ts'

const NDJSON = 'application/x-ndjson'
const RECORDS = 2_000

const linesOf = (records: readonly unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('')
const indicators = (count: number, word: string) =>
  linesOf(Array.from({ length: count }, (_, i) => ({ title: `${word} ${i}`, identifiers: [{ system: 'ICB', value: `${word}-${i}` }] })))

async function ask(base: string, path: string, file?: string): Promise<{ status: number; json: Body }> {
  const headers = { ...bearer(ADMIN_KEY), ...(file === undefined ? {} : { 'content-type': NDJSON }) }
  const answer = await fetch(`${base}${path}`, { headers, ...(file === undefined ? {} : { method: 'POST', body: file }) })
  return { status: answer.status, json: (await answer.json()) as Body }
}
const drafts = async (base: string) => (await ask(base, '/v1/measures?status=draft&limit=1')).json.total
/** What an import would have left. */
const traces = async (base: string) => ({
  measures: (await ask(base, '/v1/measures?status=draft,active,retired&limit=1')).json.total,
  imports: (await ask(base, '/v1/imports')).json.total,
  // A first start finds gaps in the empty catalogue, and says so.
  changes: (await ask(base, '/v1/changes?limit=1000')).json.items.filter(({ kind }: Body) => kind === 'measure').slice(0, 10).length
})
const NOTHING = { measures: 0, imports: 0, changes: 0 }

/** Waits until something is as it should be, or for some seconds. */
async function until(isSo: () => boolean | Promise<boolean>, seconds = 10): Promise<boolean> {
  const end = Date.now() + seconds * 1_000
  while (!(await isSo())) {
    if (Date.now() > end) return false
    await after(25)
  }
  return true
}

for (const engine of engines) {
  const options = { skip: skip || engine.skip, timeout: LONG }

  t.test(`kill -9 in the middle of an import leaves nothing of it (${engine.name})`, options, async (t) => {
    const { start, left } = await place(t, engine)
    const file = indicators(RECORDS, 'Killed')
    let interrupted = 0
    for (const wait of [0, 600]) {
      const server = await start()
      let answered = false
      const sent = ask(server.base, '/v1/imports', file).then(
        () => (answered = true),
        () => {}
      )
      t.ok(await until(() => left().some((name) => name.startsWith('registry-import-'))), 'it is being imported')
      await after(wait)
      await server.end('SIGKILL')
      await sent
      if (!answered) interrupted++
    }
    t.equal(interrupted, 2, 'each import was killed before its answer')
    const server = await start()
    t.same(await traces(server.base), NOTHING, 'nothing of it is there')
    const { status, json } = await ask(server.base, '/v1/imports', file)
    t.match([status, json], [201, { state: 'committed', total: RECORDS, created: RECORDS, rejected: 0 }], 'the same file goes in')
    t.same(await traces(server.base), { measures: RECORDS, imports: 1, changes: 10 })
    t.equal((await ask(server.base, `/v1/imports/${json.id}`)).status, 200)
    await server.end()
  })

  t.test(`whoever breaks off leaves nothing behind (${engine.name})`, options, async (t) => {
    const { start, left } = await place(t, engine)
    const server = await start()
    const headers = { ...bearer(ADMIN_KEY), 'content-type': NDJSON }
    const breakOff = async (length: Record<string, string>) => {
      const sender = request(`${server.base}/v1/imports`, { method: 'POST', headers: { ...headers, ...length }, agent: false })
      sender.on('error', () => {})
      sender.write(indicators(200, 'Broken'))
      t.ok(await until(() => left().some((name) => name.startsWith('registry-upload-'))), 'it is arriving')
      sender.destroy()
    }
    await breakOff({ 'content-length': '1000000' })
    await breakOff({ 'transfer-encoding': 'chunked' })
    t.ok(await until(() => left().length === 0), `no folder is left: ${left().join(' ')}`)
    t.same(await traces(server.base), NOTHING, 'nothing went in')
    for (const file of [indicators(3, 'Whole'), '{', '']) await ask(server.base, '/v1/imports', file)
    await ask(server.base, '/v1/imports?atomic=true', '{"title":"x"}\n{}\n')
    await ask(server.base, '/v1/imports?dryRun=true', indicators(3, 'Dry'))
    t.ok(await until(() => left().length === 0), `nor after any end of an import: ${left().join(' ')}`)
    t.equal(await drafts(server.base), 3)
    const { code } = await server.end()
    t.equal(code, 0, 'and the server stops when it is told to')
  })

  t.test(`two uploads of one file at the same moment, to two processes (${engine.name})`, options, async (t) => {
    const { start } = await place(t, engine)
    const [one, two] = await Promise.all([start(), start()])
    const file = indicators(60, 'Twice')
    const both = await Promise.all([one, two, one, two].map(({ base }) => ask(base, '/v1/imports', file)))
    t.same(
      both.map(({ status }) => status),
      [201, 201, 201, 201]
    )
    t.same(
      both.map(({ json }) => Number(json['created'])).sort((a, b) => a - b),
      [0, 0, 0, 60],
      'one of them makes the measures'
    )
    t.equal(
      both.reduce((sum, { json }) => sum + Number(json['unchanged']), 0),
      180,
      'the others find them'
    )
    for (const { base } of [one, two]) t.equal(await drafts(base), 60, 'each is there once')
    await Promise.all([one.end(), two.end()])
  })
}
