/** No client holds a connection by sending slowly: every body has its time, a file more than a record. */
import type { FastifyInstance } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How long a body may take to arrive, in seconds. */
    bodySeconds?: number
    /** How long the connection may be silent while the answer is made, in seconds, where that is longer than for others. */
    answerSeconds?: number
  }
}

const BODY_SECONDS = 15

/** Ends connections whose request is not there in time; `refusal` is the whole of the answer, since no reply can be made of half a request. */
export function limitPatience(app: FastifyInstance, refusal: string): void {
  app.addHook('onRequest', ({ raw, routeOptions: { config } }, _reply, done) => {
    if (raw.headers['content-length'] === undefined && raw.headers['transfer-encoding'] === undefined) return done()
    const end = () => {
      if (!raw.complete && raw.socket.writable) raw.socket.end(refusal)
    }
    const timer = setTimeout(end, 1_000 * (config.bodySeconds ?? BODY_SECONDS)).unref()
    raw.once('close', () => clearTimeout(timer))
    // With the next request on the connection Node goes back to what holds for all.
    if (config.answerSeconds !== undefined && raw.socket.writable) raw.socket.setTimeout(1_000 * config.answerSeconds)
    done()
  })
}
