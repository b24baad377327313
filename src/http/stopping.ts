/** A stop that finishes what is in flight and waits for nothing else. */
import type { FastifyInstance } from 'fastify'

/** What has not arrived or not been read by then never will be; whoever runs the process waits half a minute at most, as a rule. */
const PATIENCE = 20_000

/**
 * While the server closes, Node keeps a connection open that answered its last request meanwhile, and no longer looks for
 * requests that are too slow.
 */
export function stopSoon(app: FastifyInstance): void {
  let isClosing = false
  app.addHook('preClose', (done) => {
    isClosing = true
    const limit = setTimeout(() => app.server.closeAllConnections(), PATIENCE)
    app.server.once('close', () => clearTimeout(limit))
    done()
  })
  app.addHook('onResponse', (_request, _reply, done) => {
    // Once the connection knows that its answer is out.
    if (isClosing) setImmediate(() => app.server.closeIdleConnections())
    done()
  })
}
