/** The working copy of a measure and its way to publication. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { violationOf } from '../../db/errors.ts'
import type { Writer } from '../../db/store.ts'
import { ref } from '../component.ts'
import { etagOf, notModified, requireMatch } from '../http/conditional.ts'
import { type Answer, lockOf, once, send } from '../http/idempotency.ts'
import { problem, problemResponses } from '../http/problems.ts'
import { validated } from '../http/validation.ts'
import { mergePatch } from '../json/merge-patch.ts'
import { faultsIn } from './content.check.ts'
import { findSimilar } from './finding-similar.ts'
import {
  type Act,
  type Basis,
  createDraft,
  discardDraft,
  draftBasis,
  editDraft,
  lockOfMeasure,
  publishDraft,
  returnDraft,
  type Saved,
  submitDraft
} from './lifecycle.ts'
import { Measure, type MeasureContent, MeasureContent as MeasureContentSchema, NewMeasure } from './measure.schema.ts'
import { contentOf } from './measure.ts'
import type { MeasureDeps } from './measures.routes.ts'
import { MeasurePatch, Params, PublishBody, RetireBody, ReturnBody, SubmitBody } from './requests.schema.ts'
import { retireMeasure } from './retiring.ts'

const ETAG = { ETag: { type: 'string', description: 'Validator of the answer, for `If-Match` of the next step.' } }
const measure = (description: string) => ({ description, headers: ETAG, content: { 'application/json': { schema: ref(Measure) } } })
const refused = ['unauthenticated', 'forbidden', 'not-found'] as const
const conditional = ['precondition-required', 'precondition-failed', 'transition-not-allowed'] as const
const written = ['malformed-json', 'invalid-body', 'unknown-property', 'payload-too-large', 'unsupported-media-type'] as const

export const draftRoutes: FastifyPluginAsyncTypebox<MeasureDeps> = async (app, { store, clock, config, catalogue, vocabularies }) => {
  const actOf = (request: FastifyRequest, mustMatch?: Act['mustMatch']): Act => ({
    actor: request.actor!,
    now: clock.now().toISOString(),
    publicUrl: config.PUBLIC_URL,
    ...(mustMatch ? { mustMatch } : {})
  })
  const conditionOf = (request: FastifyRequest) => (tag: string) => requireMatch(request, tag)
  const answerOf = (saved: Saved, status = 200): Answer => ({
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      etag: etagOf(saved.tag),
      ...(status === 201 ? { location: `${config.PUBLIC_URL}/v1/measures/${saved.measure.id}/draft` } : {})
    },
    body: saved.json
  })
  function checked(content: MeasureContent): MeasureContent {
    const errors = faultsIn(content, vocabularies)
    if (errors.length > 0) throw problem('invalid-body', 'The measure holds what the registry does not know.', { errors })
    return content
  }

  /** One transition: the lock of the measure, the first answer kept for who asks twice, the state after it as the answer. */
  const transition = async (
    request: FastifyRequest<{ Params: { id: string } }>,
    reply: FastifyReply,
    work: (tx: Writer, act: Act, id: string) => Promise<Saved>
  ) => {
    const { id } = request.params
    const act = actOf(request, conditionOf(request))
    const answer = await store.write([lockOfMeasure(id), ...lockOf(request)], (tx) =>
      once(request, tx, clock.now(), async () => answerOf(await work(tx, act, id)))
    )
    return send(reply, answer)
  }

  app.post(
    '/measures',
    {
      config: { access: 'contributor' },
      schema: {
        operationId: 'createMeasure',
        summary: 'Register a measure as a draft',
        description: 'A title is enough. `similar` in the answer names measures of the catalogue that look like it; nothing is blocked.',
        tags: ['drafts'],
        body: ref(NewMeasure),
        response: {
          201: measure('The draft.'),
          ...problemResponses(...written, 'unauthenticated', 'forbidden', 'id-taken', 'idempotency-key-reused')
        },
        'x-example': {
          body: { title: 'Time at home in the last year of life', types: ['outcome'], levels: ['clinical'], domains: ['end-of-life'] }
        }
      }
    },
    async (request, reply) => {
      const { id, ...content } = request.body as NewMeasure
      checked(content)
      const act = actOf(request)
      const similar = await findSimilar(catalogue, id ?? '', content)
      const locks = [...lockOf(request), ...(id ? [lockOfMeasure(id)] : ['measure-slugs'])]
      const create = () =>
        store.write(locks, (tx) =>
          once(request, tx, clock.now(), async () => answerOf(await createDraft(tx, act, content, { id, similar }), 201))
        )
      // Somebody may have given the identifier that was just found free: the second time it is seen to be taken.
      const answer = await create().catch((error) => (violationOf(error) === 'unique' ? create() : Promise.reject(error)))
      return send(reply, answer)
    }
  )

  app.get(
    '/measures/:id/draft',
    {
      config: { access: 'contributor' },
      schema: {
        operationId: 'getDraft',
        summary: 'Get the draft of a measure',
        description: 'The working copy, with what it still lacks. Its ETag is what the next step needs in `If-Match`.',
        tags: ['drafts'],
        params: Params,
        response: { 200: measure('The draft.'), ...problemResponses(...refused) },
        'x-example': { path: { id: 'example-draft' } }
      }
    },
    async (request, reply) => {
      const [draft] = await catalogue.queries.draft({ id: request.params.id })
      if (!draft) throw problem('not-found', `No draft of "${request.params.id}" is open.`)
      reply.type('application/json; charset=utf-8')
      if (notModified(request, reply, etagOf(draft.tag))) return reply
      return reply.send(draft.json as never)
    }
  )

  app.patch(
    '/measures/:id/draft',
    {
      config: { access: 'contributor' },
      schema: {
        operationId: 'editDraft',
        summary: 'Edit the draft of a measure',
        description:
          'JSON Merge Patch. Opens a draft beside the active version if none is open; then `If-Match` is the ETag of the active version.',
        tags: ['drafts'],
        consumes: ['application/merge-patch+json', 'application/json'],
        params: Params,
        body: ref(MeasurePatch),
        response: { 200: measure('The draft after the change.'), ...problemResponses(...written, ...refused, ...conditional) },
        'x-example': {
          path: { id: 'example-draft' },
          headers: { 'if-match': '*' },
          body: { plainSummary: 'How many days people spend at home.' }
        }
      }
    },
    async (request, reply) => {
      const { id } = request.params
      const act = actOf(request, conditionOf(request))
      const patched = ({ measure }: Basis) =>
        checked(validated<MeasureContent>(request, MeasureContentSchema, mergePatch(contentOf(measure), request.body)))
      // The catalogue is searched before the lock is taken: what it finds is advice, and may be a moment old.
      const similar = await findSimilar(catalogue, id, patched(await store.read((db) => draftBasis(db, act, id))))
      const saved = await store.write([lockOfMeasure(id)], async (tx) => {
        const basis = await draftBasis(tx, act, id)
        return editDraft(tx, act, basis, patched(basis), similar)
      })
      return send(reply, answerOf(saved))
    }
  )

  app.delete(
    '/measures/:id/draft',
    {
      config: { access: 'contributor' },
      schema: {
        operationId: 'discardDraft',
        summary: 'Throw the draft of a measure away',
        description:
          'The active version stays as it is. An identifier that had nothing but this draft stays taken. `If-Match` is honoured where it is sent.',
        tags: ['drafts'],
        params: Params,
        response: {
          204: { type: 'null', description: 'The draft is gone.' },
          ...problemResponses(...refused, 'precondition-failed', 'transition-not-allowed')
        },
        'x-example': { path: { id: 'example-draft' } }
      }
    },
    async (request, reply) => {
      const { id } = request.params
      const act = actOf(request, request.headers['if-match'] === undefined ? undefined : conditionOf(request))
      await store.write([lockOfMeasure(id)], (tx) => discardDraft(tx, act, id))
      return reply.code(204).send(null)
    }
  )

  app.post(
    '/measures/:id/draft/submit',
    {
      config: { access: 'contributor', bodyOptional: true },
      schema: {
        operationId: 'submitDraft',
        summary: 'Hand a draft to the reviewers',
        description: 'The draft waits for a reviewer, who publishes it or sends it back.',
        tags: ['drafts'],
        params: Params,
        body: ref(SubmitBody),
        response: {
          200: measure('The submitted draft.'),
          ...problemResponses(...written, ...refused, ...conditional, 'idempotency-key-reused')
        },
        'x-example': { path: { id: 'example-draft' }, headers: { 'if-match': '*' }, body: { reason: 'Ready for review.' } }
      }
    },
    async (request, reply) => transition(request, reply, (tx, act, id) => submitDraft(tx, act, id, request.body?.reason))
  )

  app.post(
    '/measures/:id/draft/return',
    {
      config: { access: 'reviewer' },
      schema: {
        operationId: 'returnDraft',
        summary: 'Send a submitted draft back',
        description: 'The authors read the reason in `review` of the draft, change it and submit it once more.',
        tags: ['drafts'],
        params: Params,
        body: ref(ReturnBody),
        response: {
          200: measure('The draft, with what has to change in `review`.'),
          ...problemResponses(...written, ...refused, ...conditional, 'idempotency-key-reused')
        },
        'x-example': { path: { id: 'example-draft' }, headers: { 'if-match': '*' }, body: { reason: 'Please name the data source.' } }
      }
    },
    async (request, reply) => transition(request, reply, (tx, act, id) => returnDraft(tx, act, id, request.body.reason))
  )

  app.post(
    '/measures/:id/draft/publish',
    {
      config: { access: 'reviewer', bodyOptional: true },
      schema: {
        operationId: 'publishDraft',
        summary: 'Publish a draft as the next version',
        description: 'Nobody publishes their own draft where a second reviewer exists. A refusal names every field that is missing.',
        tags: ['drafts'],
        params: Params,
        body: ref(PublishBody),
        response: {
          200: measure('The published version.'),
          ...problemResponses(...written, ...refused, ...conditional, 'own-draft', 'not-publishable', 'idempotency-key-reused')
        },
        'x-example': {
          path: { id: 'example-draft' },
          headers: { 'if-match': '*' },
          body: { impact: 'major', changeNote: 'First version.' }
        }
      }
    },
    async (request, reply) => transition(request, reply, (tx, act, id) => publishDraft(tx, act, id, { impact: 'minor', ...request.body }))
  )

  app.post(
    '/measures/:id/retire',
    {
      config: { access: 'reviewer' },
      schema: {
        operationId: 'retireMeasure',
        summary: 'Retire a measure',
        description: 'There is no way back. The measure stays readable, with the reason and its successor.',
        tags: ['measures'],
        params: Params,
        body: ref(RetireBody),
        response: {
          200: measure('The retired measure.'),
          ...problemResponses(...written, ...refused, ...conditional, 'idempotency-key-reused')
        },
        'x-example': { path: { id: 'example-measure' }, headers: { 'if-match': '*' }, body: { reason: 'No longer maintained.' } }
      }
    },
    async (request, reply) => transition(request, reply, (tx, act, id) => retireMeasure(tx, act, id, request.body))
  )
}
