/** The steps of an exercise: open, close, publish, void. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Writer } from '../../db/store.ts'
import { ref } from '../component.ts'
import { actOnSeen } from '../http/acting.ts'
import { lockOf, once, send } from '../http/idempotency.ts'
import { problemResponses } from '../http/problems.ts'
import type { Act } from '../measures/lifecycle.ts'
import { answered, answerOf, CONDITIONAL, REFUSED, WRITTEN } from './answering.ts'
import type { ExerciseDeps } from './exercises.deps.ts'
import type { ExerciseRow } from './exercises.queries.ts'
import { exerciseIn, lockOfExercise, visibleExercise } from './keeping.ts'
import { lastClosed, whyNot } from './life.ts'
import { closeRound, openNextRound, voidExercise } from './organising.ts'
import { drawUpOutcome, publishOutcome } from './outcome/publishing.ts'
import { ExerciseParams, StepBody, VoidBody } from './requests.schema.ts'
import { noteDeletion, scrubDeleted } from './scrubbing.ts'
import { SECRET_BYTES } from './voting/secrets.ts'

type Step = FastifyRequest<{ Params: { id: string } }>

/** Counting and sorting a large round takes longer than a usual unit of work. */
const SEALING = { deadlineMs: 60_000 }

export const exerciseLifeRoutes: FastifyPluginAsyncTypebox<ExerciseDeps> = async (app, deps) => {
  const { store, clock, counted, ids } = deps

  /** One step: alone on the exercise, the first answer kept for who asks twice. */
  const step = async (request: Step, reply: FastifyReply, work: (tx: Writer, act: Act, id: string) => Promise<ExerciseRow>) =>
    send(reply, await answerTo(request, work))

  /** A step that deletes. It is answered when nothing of what was deleted, or of the order of ballots, is left in the files of the database. */
  const scrubbed = async (request: Step, reply: FastifyReply, work: (tx: Writer, act: Act, id: string) => Promise<ExerciseRow>) => {
    const answer = await answerTo(request, async (tx, act, id) => {
      await noteDeletion(tx)
      return work(tx, act, id)
    })
    await scrubDeleted(store).catch((error) => request.log.error(error, 'what was deleted was not overwritten: the next start tries again'))
    return send(reply, answer)
  }

  const answerTo = async (request: Step, work: (tx: Writer, act: Act, id: string) => Promise<ExerciseRow>) => {
    const { id } = request.params
    return store.write(
      [lockOfExercise(id), ...lockOf(request)],
      (tx) => once(request, tx, clock.now(), async () => answerOf(await work(tx, actOnSeen(request, deps), id))),
      SEALING
    )
  }
  const present = async (id: string) => exerciseIn(await store.read((db) => visibleExercise(db, id, true)))
  const refusals = problemResponses(...WRITTEN, ...REFUSED, ...CONDITIONAL, 'idempotency-key-reused')

  app.post(
    '/exercises/:id/open',
    {
      config: { access: 'organiser', bodyOptional: true },
      schema: {
        operationId: 'openExercise',
        summary: 'Open the next round',
        description:
          'The first opening freezes the protocol. Items go from round to round by its rule; `itemSteps` has the reason of each.',
        tags: ['exercises'],
        params: ExerciseParams,
        body: ref(StepBody),
        response: { 200: answered('The exercise with the round open.'), ...refusals },
        'x-example': {
          path: { id: 'example-exercise-draft' },
          headers: { 'if-match': '*' },
          body: { reason: 'Everybody has a card.' }
        }
      }
    },
    async (request, reply) => {
      const exercise = await present(request.params.id)
      const before = lastClosed(exercise)
      // Ballots of a closed round do not change: it can be counted before the round is opened.
      const previous = before === undefined || whyNot(exercise, 'open') ? undefined : await counted.of(exercise, before)
      const newSecret = () => ids.secret(SECRET_BYTES).toString('hex')
      return step(request, reply, (tx, act, id) => openNextRound(tx, act, id, { previous, newSecret, reason: request.body.reason }))
    }
  )

  app.post(
    '/exercises/:id/close',
    {
      config: { access: 'organiser', bodyOptional: true },
      schema: {
        operationId: 'closeExercise',
        summary: 'Close the open round',
        description:
          'From now on organisers see what it came to. Refused where nobody voted, and where ballots on paper wait. Between rounds it leaves the later ones out, with a reason.',
        tags: ['exercises'],
        params: ExerciseParams,
        body: ref(StepBody),
        response: { 200: answered('The exercise with the round closed.'), ...refusals },
        'x-example': {
          path: { id: 'example-exercise-voted' },
          headers: { 'if-match': '*' },
          body: { reason: 'The two weeks are over.' }
        }
      }
    },
    async (request, reply) => scrubbed(request, reply, (tx, act, id) => closeRound(tx, act, id, request.body.reason))
  )

  app.post(
    '/exercises/:id/publish',
    {
      config: { access: 'organiser', bodyOptional: true },
      schema: {
        operationId: 'publishExercise',
        summary: 'Publish the outcome',
        description:
          'For good: the outcome never changes, shows on every measure and gap that was voted on, and the secret that ballots were keyed with is destroyed.',
        tags: ['exercises'],
        params: ExerciseParams,
        body: ref(StepBody),
        response: { 200: answered('The exercise, published.'), ...refusals },
        'x-example': {
          path: { id: 'example-exercise-closed' },
          headers: { 'if-match': '*' },
          body: { reason: 'The steering group has read the report.' }
        }
      }
    },
    async (request, reply) => {
      const exercise = await present(request.params.id)
      const outcome = whyNot(exercise, 'publish') ? undefined : await drawUpOutcome(exercise, deps, clock.now().toISOString())
      return scrubbed(request, reply, (tx, act, id) => publishOutcome(tx, act, id, outcome, request.body.reason))
    }
  )

  app.post(
    '/exercises/:id/void',
    {
      config: { access: 'organiser' },
      schema: {
        operationId: 'voidExercise',
        summary: 'End an exercise without a result',
        description: 'With the reason, which stays. Ballots, codes and the secret are deleted: nobody will see what was voted.',
        tags: ['exercises'],
        params: ExerciseParams,
        body: ref(VoidBody),
        response: { 200: answered('The exercise, void.'), ...refusals },
        'x-example': {
          path: { id: 'example-exercise-closed' },
          headers: { 'if-match': '*' },
          body: { reason: 'The cards went to the wrong people.' }
        }
      }
    },
    async (request, reply) => scrubbed(request, reply, (tx, act, id) => voidExercise(tx, act, id, request.body.reason))
  )
}
