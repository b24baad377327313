/** Ballots on paper: entered by one organiser, confirmed or discarded by another. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Writer } from '../../../db/store.ts'
import { ref } from '../../component.ts'
import { actOf } from '../../http/acting.ts'
import { etagOf } from '../../http/conditional.ts'
import { type Answer, lockOf, once, send } from '../../http/idempotency.ts'
import { problem, problemResponses } from '../../http/problems.ts'
import { tagOf } from '../../json/canonical.ts'
import type { Act } from '../../measures/lifecycle.ts'
import { JSON_TYPE, REFUSED, WRITTEN } from '../answering.ts'
import type { ExerciseDeps } from '../exercises.deps.ts'
import { lockOfExercise, visibleExercise } from '../keeping.ts'
import { ExerciseParams, StepBody } from '../requests.schema.ts'
import { findPaper, listPapers, type PaperRow } from './paper.queries.ts'
import { DiscardBody, NewPaperBatch, PaperBatch, PaperBatches, PaperBatchWithBallots, PaperParams } from './paper.schema.ts'
import { ballotsIn, confirmPaper, discardPaper, enterPaper } from './paper.ts'

const shown = ({
  id,
  exerciseId,
  round,
  group,
  state,
  count,
  enteredBy,
  enteredAt,
  settledBy,
  settledAt,
  reason
}: PaperRow): PaperBatch => ({
  id,
  exercise: exerciseId,
  round,
  group,
  state,
  count,
  enteredBy,
  enteredAt,
  ...(settledBy === null ? {} : { settledBy }),
  ...(settledAt === null ? {} : { settledAt }),
  ...(reason === null ? {} : { reason })
})
/** A request as it may be kept: a hash of ballots and codes could be guessed at. */
const withoutBallots = (body: unknown) =>
  body !== null && typeof body === 'object' && 'ballots' in body && Array.isArray(body.ballots)
    ? { ...body, ballots: body.ballots.length }
    : (body ?? null)
const batch = (description: string) => ({ description, content: { 'application/json': { schema: ref(PaperBatch) } } })

export const paperRoutes: FastifyPluginAsyncTypebox<ExerciseDeps> = async (app, deps) => {
  const { store, clock, config, ids } = deps

  const answerOf = (row: PaperRow, status: 200 | 201): Answer => {
    const body = JSON.stringify(shown(row))
    const location = `${config.PUBLIC_URL}/v1/exercises/${row.exerciseId}/paper-batches/${row.id}`
    return { status, headers: { 'content-type': JSON_TYPE, etag: etagOf(tagOf(body)), ...(status === 201 ? { location } : {}) }, body }
  }
  const write = async (
    request: FastifyRequest<{ Params: { id: string } }>,
    reply: FastifyReply,
    status: 200 | 201,
    work: (tx: Writer, act: Act, id: string) => Promise<PaperRow>
  ) => {
    const { id } = request.params
    const answer = await store.write([lockOfExercise(id), ...lockOf(request)], (tx) =>
      once(request, tx, clock.now(), async () => answerOf(await work(tx, actOf(request, deps), id), status), withoutBallots(request.body))
    )
    return send(reply, answer)
  }

  app.post(
    '/exercises/:id/paper-batches',
    {
      config: { access: 'organiser' },
      schema: {
        operationId: 'enterPaperBallots',
        summary: 'Enter ballots on paper',
        description:
          'Of one group, in the open round. They count when another organiser has compared them with the paper. A batch comes in whole or not at all.',
        tags: ['exercises'],
        params: ExerciseParams,
        body: ref(NewPaperBatch),
        response: {
          201: batch('The batch, which waits.'),
          ...problemResponses(...WRITTEN, ...REFUSED, 'round-not-open', 'idempotency-key-reused')
        },
        'x-example': {
          path: { id: 'example-exercise' },
          body: { group: 'lived-experience', ballots: [{ ballot: { scores: { pacic: 9, i2: 4 } } }] }
        }
      }
    },
    async (request, reply) =>
      write(request, reply, 201, (tx, act, id) => enterPaper(tx, act, id, request.body, { batch: ids.id(), secret: ids.secret }))
  )

  app.get(
    '/exercises/:id/paper-batches',
    {
      config: { access: 'organiser' },
      schema: {
        operationId: 'listPaperBatches',
        summary: 'List batches of ballots on paper',
        description: 'The oldest first, with who entered and who settled them. What is in them is not told here.',
        tags: ['exercises'],
        params: ExerciseParams,
        response: {
          200: { description: 'All of them.', content: { 'application/json': { schema: ref(PaperBatches) } } },
          ...problemResponses(...REFUSED)
        },
        'x-example': { path: { id: 'example-exercise' } }
      }
    },
    async (request) => {
      const { id } = request.params
      const rows = await store.read(async (db) => {
        await visibleExercise(db, id, true)
        return listPapers(db, id)
      })
      return { items: rows.map(shown), total: rows.length, next: '' as const }
    }
  )

  app.get(
    '/exercises/:id/paper-batches/:batch',
    {
      config: { access: 'organiser' },
      schema: {
        operationId: 'getPaperBatch',
        summary: 'Compare a batch with the paper',
        description:
          'The ballots in the order in which they were entered, as long as the batch waits. Afterwards only their number is kept.',
        tags: ['exercises'],
        params: PaperParams,
        response: {
          200: { description: 'The batch.', content: { 'application/json': { schema: ref(PaperBatchWithBallots) } } },
          ...problemResponses(...REFUSED)
        },
        'x-example': { path: { id: 'example-exercise', batch: 'example-batch' } }
      }
    },
    async (request, reply) => {
      const { id, batch } = request.params
      reply.header('cache-control', 'no-store')
      const row = await store.read((db) => findPaper(db, id, batch))
      if (!row) throw problem('not-found', `There is no batch "${batch}" in this exercise.`)
      return { ...shown(row), ballots: ballotsIn(row) }
    }
  )

  app.post(
    '/exercises/:id/paper-batches/:batch/confirm',
    {
      config: { access: 'organiser', bodyOptional: true },
      schema: {
        operationId: 'confirmPaperBatch',
        summary: 'Confirm a batch',
        description: 'By another organiser than the one who entered it. From then on its ballots are like all others.',
        tags: ['exercises'],
        params: PaperParams,
        body: ref(StepBody),
        response: {
          200: batch('The batch, confirmed.'),
          ...problemResponses(
            ...WRITTEN,
            ...REFUSED,
            'own-entry',
            'round-not-open',
            'transition-not-allowed',
            'conflict',
            'idempotency-key-reused'
          )
        },
        'x-example': { path: { id: 'example-exercise', batch: 'example-batch' }, body: { reason: 'Compared card by card.' } }
      }
    },
    async (request, reply) =>
      write(request, reply, 200, (tx, act, id) => confirmPaper(tx, act, id, request.params.batch, request.body.reason))
  )

  app.post(
    '/exercises/:id/paper-batches/:batch/discard',
    {
      config: { access: 'organiser' },
      schema: {
        operationId: 'discardPaperBatch',
        summary: 'Discard a batch',
        description: 'With the reason, which stays; its ballots are deleted.',
        tags: ['exercises'],
        params: PaperParams,
        body: ref(DiscardBody),
        response: {
          200: batch('The batch, discarded.'),
          ...problemResponses(...WRITTEN, ...REFUSED, 'transition-not-allowed', 'idempotency-key-reused')
        },
        'x-example': { path: { id: 'example-exercise', batch: 'example-batch' }, body: { reason: 'Two cards were typed in twice.' } }
      }
    },
    async (request, reply) =>
      write(request, reply, 200, (tx, act, id) => discardPaper(tx, act, id, request.params.batch, request.body.reason))
  )
}
