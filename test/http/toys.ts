/** A tiny application on the plumbing of the real one: what every slice relies on, without any slice but the keys. */
import { Writable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Fastify from 'fastify'
import { Type } from 'typebox'
import { StoreError } from '../../db/store.ts'
import { insertKey } from '../../src/access/keys.queries.ts'
import { keyRoutes } from '../../src/access/keys.routes.ts'
import { issueKey, type KeyRequest } from '../../src/access/keys.ts'
import { component, oneOf, ref } from '../../src/component.ts'
import { readConfig } from '../../src/config.ts'
import { type Context, systemIds } from '../../src/context.ts'
import { etagOf, notModified, requireMatch } from '../../src/http/conditional.ts'
import { lockOf, once, send } from '../../src/http/idempotency.ts'
import { plumbing, serverOptions } from '../../src/http/plumbing.ts'
import { loadVocabularies } from '../../src/vocabularies/load.ts'
import type { Engine } from '../engines.ts'

const closed = { additionalProperties: false }
const colours = ['red', 'green', 'blue'] as const
const Toy = component(
  'Toy',
  Type.Object({ name: Type.String(), count: Type.Optional(Type.Integer()), colour: Type.Optional(oneOf(colours, 'Its colour.')) }, closed)
)
const List = Type.Object(
  { limit: Type.Optional(Type.Integer({ minimum: 1 })), colour: Type.Optional(oneOf(colours, 'Its colour.')) },
  closed
)
const Id = Type.Object({ id: Type.String() }, closed)
export const SECRET = 'select secret from postgres'

const toyRoutes: FastifyPluginAsyncTypebox<Context> = async (app, { store, clock }) => {
  app.addSchema(Toy)
  const reader = { access: 'reader' } as const
  const contributor = { access: 'contributor' } as const
  app.get('/toys', { config: reader, schema: { querystring: List } }, async ({ query }) => query)
  app.get('/toys/:id', { config: reader, schema: { params: Id } }, async (request, reply) =>
    notModified(request, reply, etagOf('state', 'nl')) ? reply : { id: request.params.id }
  )
  app.patch('/toys/:id', { config: contributor, schema: { params: Id, body: ref(Toy) } }, async (request) => {
    requireMatch(request, 'state')
    return request.body
  })
  app.post('/toys', { config: contributor, schema: { body: ref(Toy) } }, async (request, reply) => {
    const answer = await store.write(lockOf(request), (tx) =>
      once(request, tx, clock.now(), async () => {
        tx.record({ at: clock.now().toISOString(), kind: 'measure', id: 'toy', action: 'created', actor: request.actor!.name })
        if (request.body.name === 'breaks') throw new Error(SECRET)
        const body = JSON.stringify({ made: systemIds.id() })
        return { status: 201, headers: { 'content-type': 'application/json', location: '/v1/toys/1' }, body }
      })
    )
    return send(reply, answer)
  })
  for (const [path, error] of [
    ['/broken', new Error(SECRET)],
    ['/late', new StoreError('STORE_TIMEOUT', SECRET)],
    ['/nested', new StoreError('STORE_NESTED', SECRET)]
  ] as const)
    app.get(path, { config: reader, schema: {} }, async () => {
      throw error
    })
}

export async function openToys(engine: Engine) {
  const { store, done } = await engine.open()
  let now = Date.parse('2026-11-24T10:00:00.000Z')
  const clock = { now: () => new Date(now) }
  const config = readConfig({ PUBLIC_URL: 'https://registry.example', LOG_LEVEL: 'info' })
  const context: Context = { store, clock, ids: systemIds, config, vocabularies: loadVocabularies() }
  const log: string[] = []
  const stream = new Writable({ write: (chunk, _encoding, next) => next(void log.push(String(chunk))) })
  const app = Fastify({ ...serverOptions(context), logger: { level: 'info', stream } })
  await plumbing(app, context)
  await app.register(
    async (v1) => {
      await v1.register(keyRoutes, context)
      await v1.register(toyRoutes, context)
    },
    { prefix: '/v1' }
  )
  await app.ready()
  return {
    app,
    store,
    context,
    log,
    /** Lets time pass. */
    wait: (ms: number) => (now += ms),
    /** Makes a key; it is used as the header that carries it. */
    keyFor: async (request: Partial<KeyRequest>) => {
      const { key, row } = issueKey({ name: 'Anna', role: 'contributor', ...request }, { createdBy: 'test', clock, ids: systemIds })
      await store.write([], (tx) => insertKey(tx, row))
      return { id: row.id, key, authorization: `Bearer ${key}` }
    },
    countChanges: () => store.read((db) => db.$count(db.t.changes)),
    close: async () => {
      await app.close()
      await done()
    }
  }
}
