/** One gap: read, edited, moved on, adopted, and what happened to it. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Writer } from '../../db/store.ts'
import { allows, type Role } from '../access/roles.ts'
import { REGISTRY } from '../catalogue/starter.ts'
import { listLog } from '../changes/changes.queries.ts'
import { ref } from '../component.ts'
import { actOnSeen } from '../http/acting.ts'
import { etagOf, notModified } from '../http/conditional.ts'
import { lockOf, once, send } from '../http/idempotency.ts'
import { problemResponses } from '../http/problems.ts'
import { validated } from '../http/validation.ts'
import { mergePatch } from '../json/merge-patch.ts'
import type { Act } from '../measures/lifecycle.ts'
import { answered, answerOf, CONDITIONAL, JSON_TYPE, REFUSED, WRITTEN } from './answering.ts'
import { faultsIn } from './gap.check.ts'
import { historyFor } from './gap.history.ts'
import { GapContent } from './gap.schema.ts'
import type { GapDeps } from './gaps.deps.ts'
import type { GapRow } from './gaps.queries.ts'
import { gapIn, lockOfGap, refuseFaults, visibleGap, writeGap } from './keeping.ts'
import { adoptGap, moveGap } from './moving.ts'
import { editGap } from './recording.ts'
import { AdoptBody, GapHistory, GapParams, GapPatch, MoveBody } from './requests.schema.ts'

const roleOf = (request: FastifyRequest): Role => request.actor?.role ?? 'reader'
const isReviewer = (request: FastifyRequest) => allows(roleOf(request), 'reviewer')

export const oneGapRoutes: FastifyPluginAsyncTypebox<GapDeps> = async (app, { store, clock, config, vocabularies }) => {
  const actOf = (request: FastifyRequest): Act & { role: Role; isReviewer: boolean } => ({
    ...actOnSeen(request, { clock, config }),
    role: roleOf(request),
    isReviewer: isReviewer(request)
  })

  /** One step: alone on the gap, the first answer kept for who asks twice, the gap after it as the answer. */
  const step = async (
    request: FastifyRequest<{ Params: { id: string } }>,
    reply: FastifyReply,
    work: (tx: Writer, act: ReturnType<typeof actOf>, id: string) => Promise<GapRow>,
    locks: readonly string[] = []
  ) => {
    const { id } = request.params
    const act = actOf(request)
    const answer = await writeGap(store, id, { locks: [...locks, ...lockOf(request)] }, (tx) =>
      once(request, tx, clock.now(), async () => answerOf(await work(tx, act, id)))
    )
    return send(reply, answer)
  }

  app.get(
    '/gaps/:id',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getGap',
        summary: 'Get one gap',
        description: 'Its ETag is what the next step needs in `If-Match`. Nobody is named. Reports that are not public are for reviewers.',
        tags: ['gaps'],
        params: GapParams,
        response: { 200: answered('The gap.'), ...problemResponses('not-found') },
        'x-example': { path: { id: 'example-gap' } }
      }
    },
    async (request, reply) => {
      const { tag, json } = await store.read((db) => visibleGap(db, request.params.id, isReviewer(request)))
      reply.type(JSON_TYPE)
      if (notModified(request, reply, etagOf(tag))) return reply as never
      return reply.send(json as never) as never
    }
  )

  app.patch(
    '/gaps/:id',
    {
      config: { access: 'contributor' },
      schema: {
        operationId: 'updateGap',
        summary: 'Edit a gap',
        description:
          'JSON Merge Patch, by the key that recorded it as long as it is `reported`, and by reviewers. A finding of a rule is edited after it was adopted.',
        tags: ['gaps'],
        consumes: ['application/merge-patch+json', 'application/json'],
        params: GapParams,
        body: ref(GapPatch),
        response: { 200: answered('The gap after the change.'), ...problemResponses(...WRITTEN, ...REFUSED, ...CONDITIONAL, 'conflict') },
        'x-example': {
          path: { id: 'example-gap' },
          headers: { 'if-match': '*' },
          body: { severity: { reach: 'some', consequence: 'delayed-care', alternative: 'none' } }
        }
      }
    },
    async (request, reply) => {
      const { id } = request.params
      const act = actOf(request)
      const patched = (content: GapContent) => {
        const result = validated<GapContent>(request, GapContent, mergePatch(content, request.body))
        refuseFaults(faultsIn(result, vocabularies))
        return result
      }
      const named = ((request.body as Partial<GapContent>).measures ?? []).map(({ measure }) => measure)
      const row = await writeGap(store, id, { measures: named }, (tx) => editGap(tx, act, id, patched))
      return send(reply, answerOf(row))
    }
  )

  app.post(
    '/gaps/:id/transitions',
    {
      config: { access: 'contributor' },
      schema: {
        operationId: 'moveGap',
        summary: 'Take a step in the life of a gap',
        description:
          'From `reported` over `under-review`, `confirmed`, `remedy-agreed` and `in-progress` to `resolved`; out of it by `rejected`, `accepted-risk` and `merged`. A finding of a rule is `dismissed` until a day. A refusal names what is possible.',
        tags: ['gaps'],
        params: GapParams,
        body: ref(MoveBody),
        response: {
          200: answered('The gap after the step.'),
          ...problemResponses(...WRITTEN, ...REFUSED, ...CONDITIONAL, 'conflict', 'idempotency-key-reused')
        },
        'x-example': {
          path: { id: 'example-gap' },
          headers: { 'if-match': '*' },
          body: { to: 'confirmed', reason: 'Two practices see the same.' }
        }
      }
    },
    async (request, reply) => {
      const { into } = request.body
      // Two gaps that are merged into each other at the same moment would both be gone.
      return step(request, reply, (tx, act, id) => moveGap(tx, act, id, request.body), into === undefined ? [] : [lockOfGap(into)])
    }
  )

  app.post(
    '/gaps/:id/adopt',
    {
      config: { access: 'contributor' },
      schema: {
        operationId: 'adoptGap',
        summary: 'Adopt a finding',
        description:
          'A finding of a rule becomes somebody’s: `adopted`, `confirmed`, with the role that owns it. From then on people edit and move it; whether its rule still holds goes on being told.',
        tags: ['gaps'],
        params: GapParams,
        body: ref(AdoptBody),
        response: {
          200: answered('The adopted gap.'),
          ...problemResponses(...WRITTEN, ...REFUSED, ...CONDITIONAL, 'conflict', 'idempotency-key-reused')
        },
        'x-example': {
          path: { id: 'example-finding' },
          headers: { 'if-match': '*' },
          body: { ownerRole: 'Steward of the measure', reason: 'We add the split this year.' }
        }
      }
    },
    async (request, reply) => step(request, reply, (tx, act, id) => adoptGap(tx, act, id, request.body))
  )

  app.get(
    '/gaps/:id/history',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getGapHistory',
        summary: 'See what happened to a gap',
        description:
          'When, what and why, the oldest first. Readers see roles and groups, never names; contributors see the names of keys, and what was changed.',
        tags: ['gaps'],
        params: GapParams,
        response: {
          200: { description: 'Everything that happened.', content: { 'application/json': { schema: ref(GapHistory) } } },
          ...problemResponses('not-found')
        },
        'x-example': { path: { id: 'example-gap' } }
      }
    },
    async (request) => {
      const { id } = request.params
      const viewer = { isReviewer: isReviewer(request), isContributor: allows(roleOf(request), 'contributor') }
      const { row, log } = await store.read(async (db) => ({
        row: await visibleGap(db, id, viewer.isReviewer),
        log: await listLog(db, 'gap', id)
      }))
      const items = historyFor(gapIn(row), log, viewer, REGISTRY.name)
      return { items, total: items.length, next: '' as const }
    }
  )
}
