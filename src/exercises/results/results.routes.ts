/** What a closed round came to, who is missing from it, and the receipts. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref } from '../../component.ts'
import { mayDo } from '../../http/acting.ts'
import { sendFile } from '../../http/exports.ts'
import { tableFormatOf } from '../../http/formats.ts'
import { describeLanguage, languageOf } from '../../http/languages.ts'
import { problemResponses } from '../../http/problems.ts'
import { labelLanguage } from '../../vocabularies/vocabularies.ts'
import type { ExerciseDeps } from '../exercises.deps.ts'
import { closedRounds } from '../life.ts'
import { MissingVoices } from '../missing/missing.schema.ts'
import { toldVoices } from '../missing/missing-voices.ts'
import { suggestionWordings } from '../missing/sentences.ts'
import { ExerciseParams, LangQuery, ResultsQuery, RoundQuery } from '../requests.schema.ts'
import { listReceipts } from '../voting/ballots.queries.ts'
import { Receipts } from '../voting/voter.schema.ts'
import { RESULT_COLUMNS, rowsOf } from './columns.ts'
import { RoundResults } from './results.schema.ts'
import { lookInto, roundOf, voicesOf } from './seen.ts'
import { resultWordings } from './sentences.ts'
import { servedResults } from './served.ts'

const SEALED = ['sealed', 'not-found'] as const
const WHEN = 'Nobody sees it while a round is open; organisers do after the close, everybody after the publication.'

export const resultRoutes: FastifyPluginAsyncTypebox<ExerciseDeps> = async (app, deps) => {
  const { store, counted, vocabularies } = deps
  const tellReasons = resultWordings(vocabularies)
  const suggestIn = suggestionWordings(vocabularies)

  app.get(
    '/exercises/:id/results',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getResults',
        summary: 'See what a round came to',
        description: `By item: for every group and for all together, with reasons, and how far the short list depends on the rule and on each group. Nothing is shown that fewer than k voters stand behind. ${WHEN}`,
        tags: ['exercises'],
        params: ExerciseParams,
        querystring: ResultsQuery,
        response: {
          200: {
            description: 'The results.',
            content: {
              'application/json': { schema: ref(RoundResults) },
              'text/csv': { schema: { type: 'string', description: 'A line for each item and group, and one for all groups together.' } }
            }
          },
          ...problemResponses(...SEALED, 'invalid-parameter', 'not-acceptable')
        },
        'x-example': { path: { id: 'example-exercise-published' }, query: { lang: 'nl' } }
      }
    },
    async (request, reply) => {
      const { query } = request
      const format = tableFormatOf(request, query.format)
      const language = labelLanguage(languageOf(request, query.lang))
      const seen = await lookInto(deps, mayDo(request, 'organiser'), request.params.id, query.round)
      const { exercise, published } = seen
      const round = await roundOf(seen, counted)
      describeLanguage(reply, language)
      const results = servedResults(round, {
        exercise,
        wording: tellReasons(language),
        language,
        rounds: closedRounds(exercise),
        ...(published ? { publishedAt: published.outcome.publishedAt, outcomeHash: published.hash } : {})
      })
      if (format === 'json') return results
      const name = `${exercise.id}-round-${round.round}`
      return sendFile(reply, { format, name, columns: RESULT_COLUMNS, batches: [rowsOf(results)] }) as never
    }
  )

  app.get(
    '/exercises/:id/missing-voices',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getMissingVoices',
        summary: 'See who is missing from the decision',
        description: `By group, round, item, level of care and country, each with what to do. ${WHEN}`,
        tags: ['exercises'],
        params: ExerciseParams,
        querystring: LangQuery,
        response: {
          200: { description: 'Who is missing.', content: { 'application/json': { schema: ref(MissingVoices) } } },
          ...problemResponses(...SEALED, 'invalid-parameter')
        },
        'x-example': { path: { id: 'example-exercise-published' }, query: { lang: 'en' } }
      }
    },
    async (request, reply) => {
      const language = labelLanguage(languageOf(request, request.query.lang))
      const seen = await lookInto(deps, mayDo(request, 'organiser'), request.params.id)
      describeLanguage(reply, language)
      return toldVoices(await voicesOf(seen, deps), seen.exercise, suggestIn(language), language)
    }
  )

  app.get(
    '/exercises/:id/receipts',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'listReceipts',
        summary: 'Find one’s receipt',
        description: `In alphabetical order. A receipt is made of the code and says nothing of the ballot. ${WHEN}`,
        tags: ['voting'],
        params: ExerciseParams,
        querystring: RoundQuery,
        response: {
          200: { description: 'All of them.', content: { 'application/json': { schema: ref(Receipts) } } },
          ...problemResponses(...SEALED, 'invalid-parameter')
        },
        'x-example': { path: { id: 'example-exercise-published' } }
      }
    },
    async (request) => {
      const { exercise, round } = await lookInto(deps, mayDo(request, 'organiser'), request.params.id, request.query.round)
      const items = await store.read((db) => listReceipts(db, exercise.id, round))
      return { exercise: exercise.id, round, items, total: items.length, next: '' as const }
    }
  )
}
