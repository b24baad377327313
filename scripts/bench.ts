/**
 * How fast is the registry, against a bare Fastify server that answers the same objects as constants through the same
 * response schemas, in the same run? Ratios are what to read; machines differ and are noisy.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import autocannon from 'autocannon'
import { openStore } from '../db/open.ts'
import { insertKey } from '../src/access/keys.queries.ts'
import { issueKey } from '../src/access/keys.ts'
import { systemClock, systemIds } from '../src/context.ts'
import { fillWith } from './bench/filling.ts'
import { type Server, startServer } from './bench/process.ts'
import type { Constant } from './bench/server.ts'
import { BROAD_WORD, RARE_WORD, syntheticMeasure } from './bench/synthetic.ts'

const HELP = `npm run bench [-- --sizes 1000,100000] [--seconds 3] [--rounds 3] [--folder DIR]

Prints requests per second of the registry and of a bare Fastify server, their ratio (median of the rounds), the longest
that the event loop of each was held up, and memory. Filling 100,000 measures takes some minutes; with --folder the
databases are kept there, and used again.`

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    sizes: { type: 'string', default: '1000,100000' },
    folder: { type: 'string' },
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' }
  }
})

const CONNECTIONS = 32

interface Scenario {
  readonly name: string
  readonly path: string
  readonly method: 'GET' | 'POST'
  readonly schema: Constant['schema']
  readonly body?: string
}

const draft = JSON.stringify({
  title: 'A draft that a benchmark makes [<id>]',
  types: ['outcome'],
  levels: ['clinical'],
  description: 'Days at home after discharge.'
})
const SCENARIOS: readonly Scenario[] = [
  { name: 'one measure by id', path: '/v1/measures/synthetic-7', method: 'GET', schema: 'Measure' },
  {
    name: '50 of a filtered, sorted list',
    path: '/v1/measures?type=outcome&level=clinical&sort=-updated',
    method: 'GET',
    schema: 'MeasurePage'
  },
  { name: 'full text, a rare word', path: `/v1/measures?q=${RARE_WORD}`, method: 'GET', schema: 'MeasurePage' },
  { name: 'full text, two words', path: `/v1/measures?q=diabetes+admission`, method: 'GET', schema: 'MeasurePage' },
  { name: 'full text, a very broad word', path: `/v1/measures?q=${BROAD_WORD}`, method: 'GET', schema: 'MeasurePage' },
  {
    name: 'facets',
    path: '/v1/measures?facets=type,level,domain,setting,language&level=clinical&limit=1',
    method: 'GET',
    schema: 'MeasurePage'
  },
  { name: 'create a draft', path: '/v1/measures', method: 'POST', schema: 'Measure', body: draft }
]

async function fill(url: string, size: number): Promise<string> {
  const store = await openStore(url)
  await fillWith(store, size, syntheticMeasure)
  const { key, row } = issueKey({ name: 'bench', role: 'contributor' }, { createdBy: 'bench', clock: systemClock, ids: systemIds })
  await store.write([], (tx) => insertKey(tx, row))
  await store.close()
  return key
}

interface Figures {
  readonly perSecond: number
  /** The longest that the event loop was held up: by a request, by collecting garbage, or by the machine. */
  readonly longestWaitMs: number
}

async function load(server: Server, scenario: Scenario, key: string): Promise<Figures> {
  await server.ask('reset')
  const { path, method, body } = scenario
  const result = await autocannon({
    url: server.address + path,
    method,
    connections: CONNECTIONS,
    duration: Number(values.seconds),
    headers: { ...(method === 'POST' ? { authorization: `Bearer ${key}`, 'content-type': 'application/json' } : {}) },
    ...(body ? { body, idReplacement: true } : {})
  })
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${scenario.name}: ${result.non2xx} refusals, ${result.errors} errors`)
  const { longestWaitMs } = await server.ask('report')
  return { perSecond: result.requests.average, longestWaitMs }
}

const row = (name: string, ...cells: readonly string[]) => name.padEnd(32) + cells.map((cell) => cell.padStart(13)).join('')
const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!

/** The answers that the bare server repeats: taken from the registry once. */
async function constantsOf(server: Server, key: string): Promise<Constant[]> {
  const constants: Constant[] = []
  for (const { path, method, schema, body } of SCENARIOS) {
    const response = await fetch(server.address + path, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body } : {})
    })
    constants.push({ path: `/constant/${constants.length}`, method, schema, value: await response.json() })
  }
  return constants
}

async function measure(size: number): Promise<void> {
  const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'bench-'))
  const url = `file:${join(folder, `${size}.db`)}`
  try {
    const key = await fill(url, size)
    const started = performance.now()
    const registry = await startServer(null, url)
    const startMs = performance.now() - started
    const { rssMb } = await registry.ask('report')
    const constants = await constantsOf(registry, key)
    const bare = await startServer(constants)
    console.log(`\n${size.toLocaleString('en')} measures; start ${(startMs / 1_000).toFixed(1)} s, memory idle ${rssMb.toFixed(0)} MB`)
    console.log(row('scenario', 'registry/s', 'bare/s', 'ratio', 'longest wait', 'bare'))
    for (const [i, scenario] of SCENARIOS.entries()) {
      const constant = { ...scenario, path: constants[i]!.path }
      const rounds: { ours: Figures; theirs: Figures }[] = []
      for (let round = 0; round < Number(values.rounds); round++) {
        rounds.push({ ours: await load(registry, scenario, key), theirs: await load(bare, constant, key) })
      }
      const middle = (of: (round: (typeof rounds)[number]) => number) => median(rounds.map(of))
      const rates = [middle(({ ours }) => ours.perSecond), middle(({ theirs }) => theirs.perSecond)].map((rate) => rate.toFixed(0))
      const ratio = middle(({ ours, theirs }) => ours.perSecond / theirs.perSecond).toFixed(2)
      const waits = [middle(({ ours }) => ours.longestWaitMs), middle(({ theirs }) => theirs.longestWaitMs)].map(
        (ms) => `${ms.toFixed(1)} ms`
      )
      console.log(row(scenario.name, ...rates, ratio, ...waits))
    }
    console.log(`memory after the load ${(await registry.ask('report')).rssMb.toFixed(0)} MB`)
    registry.stop()
    bare.stop()
  } finally {
    if (!values.folder) rmSync(folder, { recursive: true })
  }
}

if (values.help) {
  console.log(HELP)
} else {
  console.log(
    `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model}, ${CONNECTIONS} connections, SQLite`
  )
  for (const size of values.sizes.split(',').map(Number)) await measure(size)
}
