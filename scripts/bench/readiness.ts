/**
 * How long does a context over a large catalogue take, against bare reads of the same page in the same run? A bare read is a
 * Fastify server that answers the same page as a constant through the same response schema.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openStore } from '../../db/open.ts'
import { CODES } from '../../src/vocabularies/codes.ts'
import { fillWith } from './filling.ts'
import { startServer } from './process.ts'
import { generator } from './synthetic.ts'
import { PLACES, variedMeasure } from './varied.ts'

const HELP = `npm run bench:readiness [-- --sizes 10000] [--rounds 100] [--folder DIR]

Prints how long the first page of /v1/readiness takes for contexts that nobody asked for before, and for one that was asked for
already, as multiples of a bare read of the same page; the same for unlocks. With --folder the databases are kept there.`

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    sizes: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '100' },
    folder: { type: 'string' }
  }
})

/** The `i`-th context: everything that can be stated, always another. */
function contextOf(i: number): string {
  const random = generator(i + 77)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!
  const several = (items: readonly string[], n: number) => [...new Set(Array.from({ length: n }, () => pick(items)))].join(',')
  return new URLSearchParams({
    jurisdiction: pick(PLACES),
    setting: several(CODES.setting, 3),
    data: several(CODES['data-source'], 3),
    language: several(['en', 'nl', 'fr', 'ar', 'tr', 'es', 'de', 'pl'], 3),
    budget: String(Math.floor(random() * 5_000)),
    purpose: pick(CODES['use-purpose']),
    populationSize: String(10 + Math.floor(random() * 1_000)),
    minutes: String(5 + Math.floor(random() * 30)),
    stratifier: several(CODES['equity-dimension'], 2),
    horizonDays: String(30 + Math.floor(random() * 300))
  }).toString()
}

async function timed(url: string): Promise<number> {
  const from = performance.now()
  const response = await fetch(url)
  await response.arrayBuffer()
  if (!response.ok) throw new Error(`${response.status} ${url}`)
  return performance.now() - from
}

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!
const line = (name: string, ms: readonly number[], bare: number) =>
  console.log(`${name.padEnd(44)}${median(ms).toFixed(2).padStart(9)} ms${(median(ms) / bare).toFixed(1).padStart(9)} bare reads`)

async function measure(size: number): Promise<void> {
  const rounds = Number(values.rounds)
  const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'bench-'))
  const url = `file:${join(folder, `readiness-${size}.db`)}`
  try {
    const store = await openStore(url)
    await fillWith(store, size, variedMeasure)
    await store.close()
    const registry = await startServer(null, url)
    const { rssMb } = await registry.ask('report')
    const first = await timed(`${registry.address}/v1/readiness?limit=1`)
    const page = await (await fetch(`${registry.address}/v1/readiness?${contextOf(0)}`)).json()
    const bare = await startServer([{ path: '/page', method: 'GET', schema: 'ReadinessPage', value: page }])
    const reads: number[] = []
    const fresh: number[] = []
    const known: number[] = []
    const catalogue: number[] = []
    const unlocks: number[] = []
    // The first requests warm both processes up.
    for (let i = 0; i < 20; i++) {
      await timed(`${bare.address}/page`)
      await timed(`${registry.address}/v1/readiness?${contextOf(i)}`)
    }
    await registry.ask('reset')
    for (let i = 0; i < rounds; i++) {
      reads.push(await timed(`${bare.address}/page`))
      fresh.push(await timed(`${registry.address}/v1/readiness?${contextOf(1_000 + i)}`))
      known.push(await timed(`${registry.address}/v1/readiness?${contextOf(0)}`))
      catalogue.push(await timed(`${registry.address}/v1/measures?sort=maturity&limit=50`))
    }
    const { longestWaitMs } = await registry.ask('report')
    await registry.ask('reset')
    for (let i = 0; i < Math.min(rounds, 20); i++)
      unlocks.push(await timed(`${registry.address}/v1/readiness/unlocks?${contextOf(5_000 + i)}`))
    const unlocking = await registry.ask('report')
    console.log(
      `\n${size.toLocaleString('en')} measures: facts drawn in ${(first / 1_000).toFixed(1)} s, memory ${rssMb.toFixed(0)} MB before, ${unlocking.rssMb.toFixed(0)} MB after`
    )
    const base = median(reads)
    line('bare read of the same page', reads, base)
    line('context that nobody asked for before', fresh, base)
    line('context that was asked for already', known, base)
    line('the catalogue itself, 50 measures', catalogue, base)
    line('unlocks of a new context', unlocks, base)
    console.log(
      `longest wait of the event loop ${longestWaitMs.toFixed(0)} ms, while finding unlocks ${unlocking.longestWaitMs.toFixed(0)} ms`
    )
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
    `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model}, SQLite, one request at a time`
  )
  for (const size of values.sizes.split(',').map(Number)) await measure(size)
}
