/** Saved contexts: a question with a name and a link. Who has the link reads; who saved it, or an administrator, changes. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import type { Reader } from '../../db/store.ts'
import { allows } from '../access/roles.ts'
import { ref } from '../component.ts'
import type { Context } from '../context.ts'
import { etagOf, notModified, requireMatch } from '../http/conditional.ts'
import { questionOf, writeCursor } from '../http/cursor.ts'
import { type Answer, lockOf, once, send } from '../http/idempotency.ts'
import { placeAfter } from '../http/paging.ts'
import { problem, problemResponses } from '../http/problems.ts'
import { validated } from '../http/validation.ts'
import { canonicalJson } from '../json/canonical.ts'
import { mergePatch } from '../json/merge-patch.ts'
import { contextFaults } from '../readiness/context.check.ts'
import { Money, ReadinessContext } from '../readiness/context.schema.ts'
import {
  countContexts,
  deleteContext,
  findContext,
  insertContext,
  listContexts,
  type OwnedRow,
  type Place,
  updateContext
} from './contexts.queries.ts'
import {
  CONTEXT_SCHEMAS,
  NewSavedContext,
  SavedContext,
  SavedContextPage,
  SavedContextParams,
  SavedContextPatch,
  SavedContextsQuery
} from './saved-context.schema.ts'
import { addressOf, type ContextRow, contentOf, contextIdOf, ID_BYTES, MAX_CONTEXTS, rendered, shown } from './saved-context.ts'

const ETAG = { ETag: { type: 'string', description: 'Validator of the answer, for `If-Match` of the next change.' } }
const saved = (description: string) => ({ description, headers: ETAG, content: { 'application/json': { schema: ref(SavedContext) } } })
const refused = ['unauthenticated', 'forbidden'] as const
const conditional = ['not-found', 'precondition-required', 'precondition-failed'] as const
const written = ['malformed-json', 'invalid-body', 'unknown-property', 'payload-too-large', 'unsupported-media-type'] as const
const EXAMPLE = 'examp1ec0ntext00'

const lockOfContext = (id: string) => `context:${id}`
const lockOfOwner = (id: string) => `contexts-of:${id}`

export const contextRoutes: FastifyPluginAsyncTypebox<Context> = async (app, { store, clock, ids, config, vocabularies }) => {
  for (const schema of [Money, ReadinessContext, ...CONTEXT_SCHEMAS]) app.addSchema(schema)

  const answerOf = (row: ContextRow, status = 200): Answer => {
    const { json, tag } = rendered(row, config.PUBLIC_URL)
    return {
      status,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        etag: etagOf(tag),
        ...(status === 201 ? { location: addressOf(row.id, config.PUBLIC_URL) } : {})
      },
      body: json
    }
  }
  function checked(content: NewSavedContext): NewSavedContext {
    const errors = contextFaults(content.context, vocabularies, '/context')
    if (errors.length > 0) throw problem('invalid-body', `${errors[0]!.pointer}: ${errors[0]!.detail}`, { errors })
    return content
  }
  async function found(db: Reader, id: string): Promise<OwnedRow> {
    const row = await findContext(db, id)
    if (!row) throw problem('not-found', `There is no context "${id}".`)
    return row
  }
  /** The context as it is now, for one who may change it and has seen it so. */
  async function changeable(db: Reader, request: FastifyRequest, id: string): Promise<OwnedRow> {
    const row = await found(db, id)
    const actor = request.actor!
    if (row.ownerId !== actor.id && !allows(actor.role, 'admin'))
      throw problem('forbidden', 'Only the key that saved this context, or an administrator, changes it. Save your own instead.')
    requireMatch(request, rendered(row, config.PUBLIC_URL).tag)
    return row
  }

  app.post(
    '/contexts',
    {
      config: { access: 'contributor' },
      schema: {
        operationId: 'saveContext',
        summary: 'Give a context a name and a link',
        description: `Who has the link can ask the same question: where, with which data, languages, money and time. A key keeps ${MAX_CONTEXTS} at most.`,
        tags: ['readiness'],
        body: ref(NewSavedContext),
        response: {
          201: saved('The context, with its link.'),
          ...problemResponses(...written, ...refused, 'conflict', 'idempotency-key-reused')
        },
        'x-example': {
          body: {
            name: 'Primary care in Flanders',
            context: {
              jurisdiction: ['BE-VLG'],
              setting: ['primary-care'],
              data: ['survey'],
              language: ['nl'],
              budget: { amount: 0, currency: 'EUR' }
            }
          }
        }
      }
    },
    async (request, reply) => {
      const content = checked(request.body)
      const actor = request.actor!
      const answer = await store.write([lockOfOwner(actor.id), ...lockOf(request)], (tx) =>
        once(request, tx, clock.now(), async () => {
          if ((await countContexts(tx, actor.id)) >= MAX_CONTEXTS)
            throw problem('conflict', `This key has saved ${MAX_CONTEXTS} contexts: delete one that is no longer needed first.`)
          const now = clock.now().toISOString()
          const row = { id: contextIdOf(ids.secret(ID_BYTES)), ...content, createdAt: now, updatedAt: now }
          await insertContext(tx, { ...row, ownerId: actor.id, owner: actor.name })
          return answerOf(row, 201)
        })
      )
      return send(reply, answer)
    }
  )

  app.get(
    '/contexts',
    {
      config: { access: 'contributor' },
      schema: {
        operationId: 'listContexts',
        summary: 'List saved contexts',
        description: 'Those that the key has saved, the newest first; an administrator sees all.',
        tags: ['readiness'],
        querystring: SavedContextsQuery,
        response: {
          200: { description: 'A page of contexts.', content: { 'application/json': { schema: ref(SavedContextPage) } } },
          ...problemResponses('invalid-parameter', 'invalid-cursor', 'cursor-of-another-query', ...refused)
        },
        'x-example': { query: { limit: '2' } }
      }
    },
    async (request) => {
      const { limit = 50, cursor } = request.query
      const actor = request.actor!
      const ownerId = allows(actor.role, 'admin') ? undefined : actor.id
      const question = questionOf({ list: 'contexts', ownerId }, [])
      const before = placeOf(question, cursor)
      const { rows, total } = await store.read(async (db) => ({
        rows: await listContexts(db, limit + 1, ownerId, before),
        total: await countContexts(db, ownerId)
      }))
      const last = rows.length > limit ? rows[limit - 1] : undefined
      const next = last ? writeCursor(question, { key: `${last.createdAt} ${last.id}`, no: 0 }) : ''
      return { items: rows.slice(0, limit).map((row) => shown(row, config.PUBLIC_URL)), total, next }
    }
  )

  app.get(
    '/contexts/:id',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getContext',
        summary: 'Open a saved context',
        description: 'For everybody who has the link. Its ETag is what a change needs in `If-Match`.',
        tags: ['readiness'],
        params: SavedContextParams,
        response: { 200: saved('The context.'), ...problemResponses('not-found') },
        'x-example': { path: { id: EXAMPLE } }
      }
    },
    async (request, reply) => {
      const { json, tag } = rendered(await store.read((db) => found(db, request.params.id)), config.PUBLIC_URL)
      reply.type('application/json; charset=utf-8')
      if (notModified(request, reply, etagOf(tag))) return reply as never
      return reply.send(json as never) as never
    }
  )

  app.patch(
    '/contexts/:id',
    {
      config: { access: 'contributor' },
      schema: {
        operationId: 'updateContext',
        summary: 'Change a saved context',
        description: 'JSON Merge Patch, by the key that saved it or an administrator. The link stays the same.',
        tags: ['readiness'],
        consumes: ['application/merge-patch+json', 'application/json'],
        params: SavedContextParams,
        body: ref(SavedContextPatch),
        response: { 200: saved('The context after the change.'), ...problemResponses(...written, ...refused, ...conditional) },
        'x-example': {
          path: { id: EXAMPLE },
          headers: { 'if-match': '*' },
          body: { name: 'Primary care in Flanders, with claims', context: { data: ['survey', 'claims'], budget: null } }
        }
      }
    },
    async (request, reply) => {
      const { id } = request.params
      const answer = await store.write([lockOfContext(id)], async (tx) => {
        const present = await changeable(tx, request, id)
        const patched = validated<NewSavedContext>(request, NewSavedContext, mergePatch(contentOf(present), request.body))
        if (canonicalJson(patched) === canonicalJson(contentOf(present))) return answerOf(present)
        const changed = { ...checked(patched), updatedAt: clock.now().toISOString() }
        await updateContext(tx, id, changed)
        return answerOf({ ...present, ...changed })
      })
      return send(reply, answer)
    }
  )

  app.delete(
    '/contexts/:id',
    {
      config: { access: 'contributor' },
      schema: {
        operationId: 'deleteContext',
        summary: 'Delete a saved context',
        description: 'By the key that saved it or an administrator. Its link leads nowhere afterwards.',
        tags: ['readiness'],
        params: SavedContextParams,
        response: {
          204: { type: 'null', description: 'The context is gone.' },
          ...problemResponses(...refused, ...conditional)
        },
        'x-example': { path: { id: EXAMPLE }, headers: { 'if-match': '*' } }
      }
    },
    async (request, reply) => {
      const { id } = request.params
      await store.write([lockOfContext(id)], async (tx) => {
        await changeable(tx, request, id)
        await deleteContext(tx, id)
      })
      return reply.code(204).send(null)
    }
  )
}

const PLACE = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) ([0-9a-z]{16})$/

/** Where the page before ended. A cursor that was made up reaches no query. */
function placeOf(question: string, cursor: string | undefined): Place | undefined {
  const place = placeAfter(question, cursor)
  if (!place) return undefined
  const [, createdAt, id] = PLACE.exec(place.key) ?? []
  if (createdAt !== undefined && id !== undefined) return { createdAt, id }
  throw problem('invalid-cursor', 'Start again without `cursor`.', {
    errors: [{ parameter: 'cursor', detail: 'Use `next` of a page, unchanged.' }]
  })
}
