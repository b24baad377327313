/**
 * A server for the benchmark, in a process of its own: the registry on a filled database, or a bare Fastify that answers
 * constants through the same response schemas. Reports the longest wait of its event loop and its memory on request.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import Fastify from 'fastify'
import { openStore } from '../../db/open.ts'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { systemClock, systemIds } from '../../src/context.ts'
import { MEASURE_SCHEMAS } from '../../src/measures/measure.schema.ts'
import { REQUEST_SCHEMAS } from '../../src/measures/requests.schema.ts'
import { READINESS_SCHEMAS } from '../../src/readiness/readiness.schema.ts'
import { loadVocabularies } from '../../src/vocabularies/load.ts'

/** What the bare server answers: a constant, and the name of the schema that it goes through. */
export interface Constant {
  readonly path: string
  readonly method: 'GET' | 'POST'
  readonly schema: 'Measure' | 'MeasurePage' | 'ReadinessPage'
  readonly value: unknown
}

async function registry(url: string) {
  const store = await openStore(url)
  const config = readConfig({ LOG_LEVEL: 'silent', PUBLIC_URL: 'http://127.0.0.1' })
  return buildApp({ store, clock: systemClock, ids: systemIds, config, vocabularies: loadVocabularies() })
}

function bare(constants: readonly Constant[]) {
  const app = Fastify()
  for (const schema of new Set([...MEASURE_SCHEMAS, ...REQUEST_SCHEMAS, ...READINESS_SCHEMAS])) app.addSchema(schema)
  for (const { path, method, schema, value } of constants) {
    app.route({ method, url: path, schema: { response: { 200: { $ref: `${schema}#` } } }, handler: async () => value })
  }
  return app
}

process.once('message', async (constants: Constant[] | null) => {
  const { values } = parseArgs({ options: { database: { type: 'string' } } })
  const app = constants ? bare(constants) : await registry(values.database!)
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  process.on('message', (message) => {
    if (message === 'reset') delay.reset()
    process.send!({ longestWaitMs: delay.max / 1e6, rssMb: process.memoryUsage().rss / 2 ** 20 })
  })
  process.send!({ address })
})
process.once('disconnect', () => process.exit())
