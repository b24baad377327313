/** One exercise: prepared, read, edited, and given items between rounds. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref } from '../component.ts'
import { actOf, actOnSeen, mayDo } from '../http/acting.ts'
import { etagOf, notModified } from '../http/conditional.ts'
import { lockOf, once, send } from '../http/idempotency.ts'
import { problemResponses } from '../http/problems.ts'
import { validated } from '../http/validation.ts'
import { mergePatch } from '../json/merge-patch.ts'
import { answered, answerOf, CONDITIONAL, JSON_TYPE, REFUSED, WRITTEN } from './answering.ts'
import { NewExercise } from './exercise.schema.ts'
import type { ExerciseDeps } from './exercises.deps.ts'
import { lockOfExercise, visibleExercise } from './keeping.ts'
import { knownGroups } from './known-groups.ts'
import { editExercise, joinItem, prepareExercise } from './preparing.ts'
import { ExerciseParams, ExercisePatch, JoiningItem } from './requests.schema.ts'

export const oneExerciseRoutes: FastifyPluginAsyncTypebox<ExerciseDeps> = async (app, deps) => {
  const { store, clock, config, vocabularies } = deps
  const known = knownGroups(vocabularies)

  app.post(
    '/exercises',
    {
      config: { access: 'organiser' },
      schema: {
        operationId: 'prepareExercise',
        summary: 'Prepare an exercise',
        description:
          'A draft, which only organisers see. Measures and gaps are pinned to the version that there is. What nobody says of the protocol is said by the registry, and can be read in the answer.',
        tags: ['exercises'],
        body: ref(NewExercise),
        response: {
          201: answered('The draft, with its protocol.'),
          ...problemResponses(...WRITTEN, 'unauthenticated', 'forbidden', 'id-taken', 'idempotency-key-reused')
        },
        'x-example': {
          body: {
            title: 'What to measure first',
            question: 'How important is it to measure this first?',
            items: [
              { kind: 'measure', id: 'pacic' },
              {
                kind: 'statement',
                label: { en: 'Whether people know whom to call at night', nl: 'Of mensen weten wie ze ’s nachts kunnen bellen' }
              }
            ],
            groups: [
              { code: 'lived-experience', target: 0.5, required: true },
              { code: 'professionals', target: 0.5, required: true }
            ],
            rounds: [{ method: 'rating-1-9' }],
            consensus: 'cos-stad',
            topN: 1
          }
        }
      }
    },
    async (request, reply) => {
      const act = actOf(request, deps)
      const answer = await store.write(['exercise-slugs', ...lockOf(request)], (tx) =>
        once(request, tx, clock.now(), async () => answerOf(await prepareExercise(tx, act, request.body, known), config.PUBLIC_URL))
      )
      return send(reply, answer)
    }
  )

  app.get(
    '/exercises/:id',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getExercise',
        summary: 'Get one exercise',
        description: 'With its protocol and the hash of it. Its ETag is what the next step needs in `If-Match`. Drafts are for organisers.',
        tags: ['exercises'],
        params: ExerciseParams,
        response: { 200: answered('The exercise.'), ...problemResponses('not-found') },
        'x-example': { path: { id: 'example-exercise' } }
      }
    },
    async (request, reply) => {
      const { tag, json } = await store.read((db) => visibleExercise(db, request.params.id, mayDo(request, 'organiser')))
      reply.type(JSON_TYPE)
      if (notModified(request, reply, etagOf(tag))) return reply as never
      return reply.send(json as never) as never
    }
  )

  app.patch(
    '/exercises/:id',
    {
      config: { access: 'organiser' },
      schema: {
        operationId: 'updateExercise',
        summary: 'Edit a draft exercise',
        description: 'JSON Merge Patch, until the first round is opened: from then on the protocol is frozen.',
        tags: ['exercises'],
        consumes: ['application/merge-patch+json', 'application/json'],
        params: ExerciseParams,
        body: ref(ExercisePatch),
        response: { 200: answered('The draft after the change.'), ...problemResponses(...WRITTEN, ...REFUSED, ...CONDITIONAL, 'conflict') },
        'x-example': { path: { id: 'example-exercise-draft' }, headers: { 'if-match': '*' }, body: { topN: 2, consensus: 'comet-70-15' } }
      }
    },
    async (request, reply) => {
      const { id } = request.params
      const patched = (plan: NewExercise) => validated<NewExercise>(request, NewExercise, mergePatch(plan, request.body))
      const row = await store.write([lockOfExercise(id)], (tx) => editExercise(tx, actOnSeen(request, deps), id, patched, known))
      return send(reply, answerOf(row))
    }
  )

  app.post(
    '/exercises/:id/items',
    {
      config: { access: 'organiser' },
      schema: {
        operationId: 'addExerciseItem',
        summary: 'Let an item join between rounds',
        description: 'Where the protocol says that items may join (`mayJoin`). The reason is kept with the item.',
        tags: ['exercises'],
        params: ExerciseParams,
        body: ref(JoiningItem),
        response: {
          200: answered('The exercise with the item.'),
          ...problemResponses(...WRITTEN, ...REFUSED, ...CONDITIONAL, 'conflict', 'idempotency-key-reused')
        },
        'x-example': {
          path: { id: 'example-exercise-between' },
          headers: { 'if-match': '*' },
          body: {
            item: { kind: 'statement', label: 'Whether carers get time off' },
            reason: 'Seven voters asked for it in the first round.'
          }
        }
      }
    },
    async (request, reply) => {
      const { id } = request.params
      const answer = await store.write([lockOfExercise(id), ...lockOf(request)], (tx) =>
        once(request, tx, clock.now(), async () => answerOf(await joinItem(tx, actOnSeen(request, deps), id, request.body)))
      )
      return send(reply, answer)
    }
  )
}
