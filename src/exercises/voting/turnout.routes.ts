/** How many have voted, once and live. Nothing else of a round is ever live. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Reader } from '../../../db/store.ts'
import { ref } from '../../component.ts'
import { mayDo } from '../../http/acting.ts'
import { screenFormatOf } from '../../http/formats.ts'
import { describeLanguage, languageOf } from '../../http/languages.ts'
import { problem, problemResponses } from '../../http/problems.ts'
import { CODES } from '../../vocabularies/codes.ts'
import { labelLanguage } from '../../vocabularies/vocabularies.ts'
import type { Exercise } from '../exercise.schema.ts'
import type { ExerciseDeps } from '../exercises.deps.ts'
import { exerciseIn, visibleExercise } from '../keeping.ts'
import { ExerciseParams } from '../requests.schema.ts'
import { countBallots } from './ballots.queries.ts'
import { countInvited } from './electorate.queries.ts'
import { LiveTurnout } from './live-turnout.ts'
import { screenOf } from './screen/screen.ts'
import { POLICY } from './screen/script.ts'
import { roundTold, turnoutOf } from './turnout.ts'
import { Turnout, TurnoutQuery } from './voter.schema.ts'

async function findTurnout(db: Reader, id: string, mayPrepare: boolean): Promise<{ exercise: Exercise; turnout: Turnout }> {
  const exercise = exerciseIn(await visibleExercise(db, id, mayPrepare))
  const round = roundTold(exercise)
  const voted = round === undefined ? [] : await countBallots(db, id, round)
  return { exercise, turnout: turnoutOf(exercise, round, await countInvited(db, id, round ?? 0), voted) }
}

export const turnoutRoutes: FastifyPluginAsyncTypebox<ExerciseDeps> = async (app, { store, vocabularies }) => {
  const live = new LiveTurnout(async (id) => (await store.read((db) => findTurnout(db, id, true))).turnout)
  app.addHook('preClose', async () => live.close())

  app.get(
    '/exercises/:id/turnout',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getTurnout',
        summary: 'See how many have voted',
        description:
          'By group, rounded to 5. It is all that anybody sees of a round while it is open. `format=html` is a page for the screen in a workshop, which follows it.',
        tags: ['exercises'],
        params: ExerciseParams,
        querystring: TurnoutQuery,
        response: {
          200: {
            description: 'The turnout.',
            content: {
              'application/json': { schema: ref(Turnout) },
              'text/html': { schema: { type: 'string', description: 'A page that follows the turnout.' } }
            }
          },
          ...problemResponses('not-found', 'invalid-parameter', 'not-acceptable')
        },
        'x-example': { path: { id: 'example-exercise' } }
      }
    },
    async (request, reply) => {
      const format = screenFormatOf(request, request.query.format)
      const language = labelLanguage(languageOf(request, request.query.lang))
      const { exercise, turnout } = await store.read((db) => findTurnout(db, request.params.id, mayDo(request, 'organiser')))
      if (format === 'json') return turnout
      describeLanguage(reply, language)
      reply.type('text/html; charset=utf-8').header('content-security-policy', POLICY)
      return reply.send(screenOf({ exercise, turnout, language, states: statesIn(language) }) as never) as never
    }
  )

  /** What the states of an exercise are called. */
  const statesIn = (language: string) =>
    Object.fromEntries(CODES['exercise-state'].map((code) => [code, vocabularies.label('exercise-state', code, language)!.text]))

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
      const { turnout: now } = await store.read((db) => findTurnout(db, id, mayDo(request, 'organiser')))
      reply.type('text/event-stream; charset=utf-8').header('cache-control', 'no-store').header('x-accel-buffering', 'no')
      // A HEAD request wants no stream, which would never end.
      return (request.method === 'HEAD' ? reply.send('' as never) : reply.send(live.watch(id, now) as never)) as never
    }
  )
}
