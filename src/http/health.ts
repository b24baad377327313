/** Whether the process lives, whether it can answer, and how it fares (Prometheus text format). */
import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { Context } from '../context.ts'
import { problem } from './problems.ts'

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
const HIDDEN = { schema: { hide: true }, logLevel: 'silent' as const }

export function reportHealth(app: FastifyInstance, { store }: Context): void {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from a request to its answer, by route, method and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers: [registry]
  })
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })
  app.addHook('onResponse', (request, reply, done) => {
    if (request.routeOptions.config.untraced) return done()
    const route = request.routeOptions.url ?? 'unknown'
    durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000)
    done()
  })
  app.addHook('onClose', async () => registry.clear())

  app.get('/livez', HIDDEN, async () => ({ status: 'alive' }))
  app.get('/readyz', HIDDEN, async () => {
    if (closing || !(await store.isAlive()))
      throw problem('service-unavailable', closing ? 'The registry is stopping.' : 'The database does not answer.')
    return { status: 'ready' }
  })
  app.get('/metrics', HIDDEN, async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()))
}
