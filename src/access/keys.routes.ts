/** Keys, for administrators, and who one is, for everybody. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref } from '../component.ts'
import type { Context } from '../context.ts'
import { problem, problemResponses } from '../http/problems.ts'
import { findKey, hasOtherAdmin, insertKey, listKeys, revokeKey } from './keys.queries.ts'
import { IssuedKey, KEY_SCHEMAS, Key, KeyList, KeyParams, Me, NewKey } from './keys.schema.ts'
import { issueKey, type KeyRow } from './keys.ts'
import { rightsOf } from './roles.ts'

const ok = (schema: object, description: string) => ({ description, content: { 'application/json': { schema } } })

/** What administrators see of a key: not its hash. */
const shown = ({ hash: _hash, ...row }: KeyRow) =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as Omit<KeyRow, 'hash'>

export const keyRoutes: FastifyPluginAsyncTypebox<Context> = async (app, { store, clock, ids, config }) => {
  for (const schema of KEY_SCHEMAS) app.addSchema(schema)

  app.get(
    '/me',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getMe',
        summary: 'See who you are',
        description: 'The role of the key that was sent, and what it includes; a reader without one.',
        tags: ['access'],
        response: { 200: ok(ref(Me), 'Who asks.'), ...problemResponses('unauthenticated') },
        'x-example': {}
      }
    },
    async ({ actor }) => ({ ...(actor ?? {}), role: actor?.role ?? 'reader', rights: [...rightsOf(actor?.role ?? 'reader')] })
  )

  app.get(
    '/keys',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'listKeys',
        summary: 'List keys',
        description: 'With role, group, last use and end of each. Revoked keys stay in the list.',
        tags: ['access'],
        response: { 200: ok(ref(KeyList), 'All keys, without their secrets.'), ...problemResponses('unauthenticated', 'forbidden') },
        'x-example': {}
      }
    },
    async () => {
      const items = (await store.read(listKeys)).map(shown)
      return { items, total: items.length, next: '' as const } as never
    }
  )

  app.post(
    '/keys',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'createKey',
        summary: 'Make a key',
        description:
          'The key is in the answer, and nowhere else: only a hash of it is kept. That is why `Idempotency-Key` is refused here: there is nothing to answer again.',
        tags: ['access'],
        body: ref(NewKey),
        response: {
          201: ok(ref(IssuedKey), 'The key, shown once.'),
          ...problemResponses(
            'unauthenticated',
            'forbidden',
            'malformed-json',
            'invalid-body',
            'unknown-property',
            'invalid-parameter',
            'unsupported-media-type',
            'payload-too-large'
          )
        },
        'x-example': { body: { name: 'Anna, evaluation unit', role: 'contributor' } }
      }
    },
    async (request, reply) => {
      if (request.headers['idempotency-key'] !== undefined) {
        throw problem('invalid-parameter', 'A key is shown once: its answer cannot be kept.', {
          errors: [{ header: 'idempotency-key', detail: 'It cannot be used here.' }]
        })
      }
      const body = request.body
      if (body.expiresAt !== undefined && Date.parse(body.expiresAt) <= clock.now().getTime()) {
        throw problem('invalid-body', '/expiresAt: It is in the past.', {
          errors: [{ pointer: '/expiresAt', detail: 'It is in the past.' }]
        })
      }
      const expiresAt = body.expiresAt && new Date(body.expiresAt).toISOString()
      const { key, row } = issueKey({ ...body, expiresAt }, { createdBy: request.actor!.name, clock, ids })
      await store.write([], (tx) => insertKey(tx, row))
      return reply
        .code(201)
        .header('location', `${config.PUBLIC_URL}/v1/keys/${row.id}`)
        .send({ ...shown(row), key } as never)
    }
  )

  app.get(
    '/keys/:id',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'getKey',
        summary: 'Get a key',
        description: 'Who made it, for which role, and when it was last used. The secret is not kept, so it is not here.',
        tags: ['access'],
        params: KeyParams,
        response: { 200: ok(ref(Key), 'The key, without its secret.'), ...problemResponses('unauthenticated', 'forbidden', 'not-found') },
        'x-example': { path: { id: 'example-key' } }
      }
    },
    async ({ params }) => {
      const found = await store.read((db) => findKey(db, params.id))
      if (!found) throw problem('not-found', 'There is no such key.')
      return shown(found) as never
    }
  )

  app.delete(
    '/keys/:id',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'revokeKey',
        summary: 'Revoke a key',
        description: 'It stops working at once and stays in the list. The last usable administrator key cannot be revoked.',
        tags: ['access'],
        params: KeyParams,
        response: {
          204: { type: 'null', description: 'The key works no longer.' },
          ...problemResponses('unauthenticated', 'forbidden', 'not-found', 'conflict')
        },
        'x-example': { path: { id: 'example-key' } }
      }
    },
    async ({ params: { id } }, reply) => {
      await store.write(['keys'], async (tx) => {
        const now = clock.now().toISOString()
        const found = await findKey(tx, id)
        if (!found) throw problem('not-found', 'There is no such key.')
        if (found.role === 'admin' && !(await hasOtherAdmin(tx, id, now)))
          throw problem('conflict', 'This is the last key of an administrator: make another first.')
        await revokeKey(tx, id, now)
      })
      return reply.code(204).send(null)
    }
  )
}
