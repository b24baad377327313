/**
 * What an import costs: its time, the memory of the server at its highest, and what becomes of readers meanwhile, against the same
 * readers without it, in the same run.
 *
 *   node scripts/bench/import.ts [--connections 8]
 */
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import autocannon from 'autocannon'
import { openStore } from '../../db/open.ts'
import { insertKey } from '../../src/access/keys.queries.ts'
import { issueKey } from '../../src/access/keys.ts'
import { readCatalogue } from '../../src/catalogue/files.ts'
import { loadStarterCatalogue } from '../../src/catalogue/starter.ts'
import { systemClock, systemIds } from '../../src/context.ts'
import { loadVocabularies } from '../../src/vocabularies/load.ts'
import { syntheticMeasure } from './synthetic.ts'

const HELP = `npm run bench:import [-- --connections 8]

Prints for several files the time of their import, the highest memory of the server, and the 99th percentile of readers'
waits during the import and without it.`

const { values } = parseArgs({ options: { help: { type: 'boolean', default: false }, connections: { type: 'string', default: '8' } } })
const READ = '/v1/measures?type=outcome&level=clinical&limit=20'
const SAMPLE_MS = 50
/** Without an import, readers are watched for so many seconds. */
const CALM_SECONDS = 5

interface File {
  readonly name: string
  readonly type: string
  readonly body: string
}

/** A FHIR Measure with as much beside its fields as published ones have: contained libraries and data requirements. */
function heavyResource(i: number, kilobytes: number): object {
  const requirement = {
    type: 'Encounter',
    codeFilter: [{ path: 'code', valueSet: `https://example.org/ValueSet/${i}` }],
    note: 'x'.repeat(800)
  }
  return {
    resourceType: 'Measure',
    url: `https://example.org/Measure/heavy-${i}`,
    version: '0.1.000',
    status: 'active',
    title: `A heavy measure number ${i} of its set`,
    description: `Percentage of people in group ${i} who were seen.`,
    library: [`https://example.org/Library/heavy-${i}`],
    scoring: { coding: [{ code: 'proportion' }] },
    contained: [{ resourceType: 'Library', id: 'requirements', dataRequirement: Array.from({ length: kilobytes }, () => requirement) }]
  }
}

async function files(): Promise<File[]> {
  const { records } = await readCatalogue()
  const light = Array.from({ length: 10_000 }, (_, i) => syntheticMeasure(i, records).content)
  const bundle = (resources: object[]) =>
    JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry: resources.map((resource) => ({ resource })) })
  return [
    {
      name: '73 FHIR measures, 13 MB',
      type: 'application/fhir+json',
      body: bundle(Array.from({ length: 73 }, (_, i) => heavyResource(i, 200)))
    },
    {
      name: '340 FHIR measures, 60 MB',
      type: 'application/fhir+json',
      body: bundle(Array.from({ length: 340 }, (_, i) => heavyResource(i, 200)))
    },
    {
      name: '1,000 measures, NDJSON',
      type: 'application/x-ndjson',
      body: light
        .slice(0, 1_000)
        .map((each) => `${JSON.stringify(each)}\n`)
        .join('')
    },
    { name: '10,000 measures, NDJSON', type: 'application/x-ndjson', body: light.map((each) => `${JSON.stringify(each)}\n`).join('') }
  ]
}

async function prepare(url: string): Promise<string> {
  const store = await openStore(url)
  await loadStarterCatalogue(store, { publicUrl: 'http://127.0.0.1', lists: loadVocabularies() })
  const { key, row } = issueKey({ name: 'bench', role: 'contributor' }, { createdBy: 'bench', clock: systemClock, ids: systemIds })
  await store.write([], (tx) => insertKey(tx, row))
  await store.close()
  return key
}

/** Readers that go on until they are stopped. */
function endlessReaders(address: string) {
  const { promise: result, resolve, reject } = Promise.withResolvers<autocannon.Result>()
  const options = { url: address + READ, connections: Number(values.connections), duration: 600, overallRate: 400 }
  const instance = autocannon(options, (error, found) => (error ? reject(error) : resolve(found)))
  return { result, stop: () => (instance as unknown as { stop(): void }).stop() }
}

async function measure({ name, type, body }: File): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-import-'))
  const url = `file:${join(folder, 'registry.db')}`
  const key = await prepare(url)
  const server = fork(join(import.meta.dirname, 'server.ts'), ['--database', url], { execArgv: ['--max-semi-space-size=16'] })
  const answer = <T>() => new Promise<T>((resolve) => server.once('message', (message) => resolve(message as T)))
  const ready = answer<{ address: string }>()
  server.send(null as never)
  const { address } = await ready
  const memory = async () => {
    const reply = answer<{ rssMb: number; longestWaitMs: number }>()
    server.send('report')
    return reply
  }
  const readers = (seconds: number) =>
    autocannon({ url: address + READ, connections: Number(values.connections), duration: seconds, overallRate: 400 })
  try {
    const calm = await readers(CALM_SECONDS)
    const idle = (await memory()).rssMb
    server.send('reset')
    await answer()
    const busy = endlessReaders(address)
    let isOver = false
    let highest = 0
    const watching = (async () => {
      while (!isOver) {
        highest = Math.max(highest, (await memory()).rssMb)
        await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS))
      }
    })()
    const began = performance.now()
    const response = await fetch(`${address}/v1/imports`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': type },
      body
    })
    const report = (await response.json()) as { created: number; rejected: number }
    const seconds = (performance.now() - began) / 1_000
    isOver = true
    await watching
    const { longestWaitMs } = await memory()
    busy.stop()
    const { latency, non2xx } = await busy.result
    if (!response.ok || non2xx > 0) throw new Error(`${name}: ${JSON.stringify(report).slice(0, 300)}, ${non2xx} readers refused`)
    return [
      `${report.created}`,
      `${(body.length / 2 ** 20).toFixed(1)} MB`,
      `${seconds.toFixed(1)} s`,
      `${idle.toFixed(0)} MB`,
      `${highest.toFixed(0)} MB`,
      `${calm.latency.p99} ms`,
      `${latency.p99} ms`,
      `${longestWaitMs.toFixed(0)} ms`
    ]
  } finally {
    server.kill()
    rmSync(folder, { recursive: true })
  }
}

if (values.help) {
  console.log(HELP)
} else {
  console.log(`${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model}, SQLite`)
  const row = (name: string, cells: readonly string[]) => name.padEnd(26) + cells.map((cell) => cell.padStart(13)).join('')
  console.log(row('file', ['created', 'size', 'time', 'memory idle', 'highest', 'p99 calm', 'p99 meanwhile', 'longest wait']))
  for (const file of await files()) console.log(row(file.name, await measure(file)))
}
