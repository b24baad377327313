/** How many have voted, once and live. Nothing else of a round is ever live. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Reader } from '../../../db/store.ts'
import { ref } from '../../component.ts'
import { mayDo } from '../../http/acting.ts'
import { problem, problemResponses } from '../../http/problems.ts'
import type { ExerciseDeps } from '../exercises.deps.ts'
import { exerciseIn, visibleExercise } from '../keeping.ts'
import { ExerciseParams } from '../requests.schema.ts'
import { countBallots } from './ballots.queries.ts'
import { countInvited } from './electorate.queries.ts'
import { LiveTurnout } from './live-turnout.ts'
import { roundTold, turnoutOf } from './turnout.ts'
import { Turnout } from './voter.schema.ts'

async function findTurnout(db: Reader, id: string, mayPrepare: boolean): Promise<Turnout> {
  const exercise = exerciseIn(await visibleExercise(db, id, mayPrepare))
  const round = roundTold(exercise)
  return turnoutOf(exercise, round, await countInvited(db, id, round ?? 0), round === undefined ? [] : await countBallots(db, id, round))
}

export const turnoutRoutes: FastifyPluginAsyncTypebox<ExerciseDeps> = async (app, { store }) => {
  const live = new LiveTurnout((id) => store.read((db) => findTurnout(db, id, true)))
  app.addHook('preClose', async () => live.close())

  app.get(
    '/exercises/:id/turnout',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getTurnout',
        summary: 'See how many have voted',
        description: 'By group, rounded to 5. It is all that anybody sees of a round while it is open.',
        tags: ['exercises'],
        params: ExerciseParams,
        response: {
          200: { description: 'The turnout.', content: { 'application/json': { schema: ref(Turnout) } } },
          ...problemResponses('not-found')
        },
        'x-example': { path: { id: 'example-exercise' } }
      }
    },
    async (request) => store.read((db) => findTurnout(db, request.params.id, mayDo(request, 'organiser')))
  )

  app.get(
    '/exercises/:id/turnout/live',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'watchTurnout',
        summary: 'Watch how many have voted',
        description:
          'Server-sent events for a screen in the room: an event `turnout` at once, and whenever a rounded number changes. `new EventSource(address)` reads it.',
        tags: ['exercises'],
        params: ExerciseParams,
        response: {
          200: {
            description: 'A stream of events.',
            content: { 'text/event-stream': { schema: { type: 'string', description: 'Each `data` is a turnout as JSON.' } } }
          },
          ...problemResponses('not-found')
        },
        'x-example': { path: { id: 'example-exercise' } }
      }
    },
    async (request, reply) => {
      if (live.isFull)
        throw problem('service-unavailable', 'Too many screens are watching: try again later, or ask for the turnout now and then.')
      const { id } = request.params
      const now = await store.read((db) => findTurnout(db, id, mayDo(request, 'organiser')))
      reply.type('text/event-stream; charset=utf-8').header('cache-control', 'no-store').header('x-accel-buffering', 'no')
      // A HEAD request wants no stream, which would never end.
      return (request.method === 'HEAD' ? reply.send('' as never) : reply.send(live.watch(id, now) as never)) as never
    }
  )
}
