/** Who asks, and whether they may: every route says the least role that may use it. */
import type { FastifyInstance } from 'fastify'
import { prepareFindByPrefix, touchKey } from '../access/keys.queries.ts'
import { matches, prefixOf, unusable } from '../access/keys.ts'
import { type Access, allows, type KeyRole } from '../access/roles.ts'
import type { Context } from '../context.ts'
import { problem } from './problems.ts'

/** The holder of the key that came with a request. */
export interface Actor {
  readonly id: string
  readonly name: string
  readonly role: KeyRole
  readonly group?: string
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; undefined for readers without a key. */
    actor: Actor | undefined
  }
  interface FastifyContextConfig {
    /** The least role that may use the route. */
    access?: Access
    /** Whether requests leave no trace, since who sends them when is nobody's business: no metrics, and no key is looked at. */
    untraced?: boolean
  }
}

const MINUTE = 60_000
const CHALLENGE = { 'www-authenticate': 'Bearer realm="common-measure"' }
/** Nobody came with a key, or with one that does not work. The answer says how to send one (RFC 9110, section 11.6.1). */
export const unauthenticated = (detail: string) =>
  problem('unauthenticated', detail, { headers: CHALLENGE, errors: [{ header: 'authorization', detail }] })

/** Resolves keys and refuses who may not. A route under `/v1` or `/fhir` that does not say who may use it ends the start. */
export function guardAccess(app: FastifyInstance, { store, clock }: Context): void {
  const findByPrefix = prepareFindByPrefix(store)
  const noted = new Map<string, number>()
  app.decorateRequest('actor', undefined)

  app.addHook('onRoute', ({ url, method, config }) => {
    if (/^\/(v1|fhir)\b/.test(url) && config?.access === undefined) throw new Error(`${method} ${url} does not say who may use it`)
  })

  // By callback: whoever reads without a key, as most do, waits for no promise.
  app.addHook('onRequest', (request, _reply, done) => {
    const { access = 'reader', untraced } = request.routeOptions.config
    if (untraced) return done()
    const { authorization } = request.headers
    if (authorization === undefined)
      return done(access === 'reader' ? undefined : unauthenticated(`A key is needed here: ${access} or more.`))
    actorOf(authorization).then((actor) => {
      request.actor = actor
      done(allows(actor.role, access) ? undefined : problem('forbidden', `This needs the role ${access}; the key has ${actor.role}.`))
    }, done)
  })

  async function actorOf(header: string): Promise<Actor> {
    const key = /^Bearer +([\x21-\x7e]+)$/i.exec(header)?.[1]
    if (key === undefined) throw unauthenticated('`Authorization: Bearer <key>` is expected.')
    const [row] = await findByPrefix({ prefix: prefixOf(key) })
    if (!row || !matches(key, row)) throw unauthenticated('The key is not known.')
    const now = clock.now()
    const reason = unusable({ revokedAt: row.revoked_at, expiresAt: row.expires_at }, now.toISOString())
    if (reason) throw unauthenticated(`The key is ${reason}.`)
    noteUse(row.id, row.last_used_at, now)
    return { id: row.id, name: row.name, role: row.role, ...(row.group_name ? { group: row.group_name } : {}) }
  }

  /** Once a minute is enough to see which keys are in use; the request does not wait for it. */
  function noteUse(id: string, stored: string | null, now: Date): void {
    const last = noted.get(id) ?? (stored === null ? 0 : Date.parse(stored))
    if (now.getTime() - last < MINUTE) return
    noted.set(id, now.getTime())
    setImmediate(() => {
      store
        .write([`key:${id}`], (tx) => touchKey(tx, id, now.toISOString()))
        .catch((error) => app.log.warn(error, 'the use of a key was not noted'))
    })
  }
}
