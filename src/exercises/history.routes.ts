/** What organisers did with an exercise. Nothing that a voter did is in it. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { listLog } from '../changes/changes.queries.ts'
import { component, ref, wholeList } from '../component.ts'
import { mayDo } from '../http/acting.ts'
import { problemResponses } from '../http/problems.ts'
import type { ExerciseDeps } from './exercises.deps.ts'
import { visibleExercise } from './keeping.ts'
import { ExerciseParams } from './requests.schema.ts'

const ExerciseHistoryEntry = component(
  'ExerciseHistoryEntry',
  Type.Object(
    {
      at: Type.String({ format: 'date-time', description: 'When.' }),
      who: Type.String({ description: '`an organiser`; organisers see the names of keys.' }),
      action: Type.String({ description: 'What was done.' }),
      round: Type.Optional(Type.Integer({ minimum: 1, description: 'In which round.' })),
      why: Type.Optional(Type.String({ description: 'The reason given, or how many of what.' }))
    },
    { additionalProperties: false, description: 'One thing that an organiser did.' }
  )
)
const ExerciseHistory = wholeList('ExerciseHistory', ExerciseHistoryEntry, 'What organisers did with an exercise, the oldest first.')

/** How a draft came about is for organisers, and so is how many ballots came on paper: everybody else sees rounded numbers. */
const DRAFTING: ReadonlySet<string> = new Set(['created', 'updated'])
const ON_PAPER: ReadonlySet<string> = new Set(['paper-entered', 'paper-confirmed', 'paper-discarded'])

export const exerciseHistoryRoutes: FastifyPluginAsyncTypebox<ExerciseDeps> = async (app, { store }) => {
  for (const schema of [ExerciseHistoryEntry, ExerciseHistory]) app.addSchema(schema)

  app.get(
    '/exercises/:id/history',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getExerciseHistory',
        summary: 'See what organisers did with an exercise',
        description:
          'When, what and why: every opening and closing, how many codes were given out for whom, and that ballots came on paper; how many is for organisers. What voters do is in no log.',
        tags: ['exercises'],
        params: ExerciseParams,
        response: {
          200: { description: 'Everything that happened.', content: { 'application/json': { schema: ref(ExerciseHistory) } } },
          ...problemResponses('not-found')
        },
        'x-example': { path: { id: 'example-exercise-published' } }
      }
    },
    async (request) => {
      const { id } = request.params
      const mayOrganise = mayDo(request, 'organiser')
      const log = await store.read(async (db) => {
        await visibleExercise(db, id, mayOrganise)
        return listLog(db, 'exercise', id)
      })
      const items = log
        .filter(({ action }) => mayOrganise || !DRAFTING.has(action))
        .map(({ at, actor, action, version, reason }) => ({
          at,
          who: mayOrganise ? actor : 'an organiser',
          action,
          ...(version === null ? {} : { round: Number(version) }),
          ...(reason === null || (!mayOrganise && ON_PAPER.has(action)) ? {} : { why: reason })
        }))
      return { items, total: items.length, next: '' as const }
    }
  )
}
