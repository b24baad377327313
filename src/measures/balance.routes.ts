/** `GET /v1/measures/balance`: whether a set of measures is balanced, as counts and in sentences. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { ref } from '../component.ts'
import { etagOf, notModified } from '../http/conditional.ts'
import { tellingFormatOf } from '../http/formats.ts'
import { describeLanguage, languageOf } from '../http/languages.ts'
import { problemResponses } from '../http/problems.ts'
import { sha256 } from '../json/canonical.ts'
import { PACKAGE } from '../package.ts'
import { labelLanguage, type Vocabularies } from '../vocabularies/vocabularies.ts'
import { checkedIds, documentsOf, oncePerMeasure } from './balance.check.ts'
import { BalanceQuery, MeasureBalance } from './balance.schema.ts'
import { balanceWordings } from './balance.sentences.ts'
import { BALANCE_LISTS, type Balance, balanceOf, findingsIn, LIST_NAMES } from './balance.ts'
import { guardDrafts, seesDrafts } from './drafts.access.ts'
import { checkedClauses } from './list.check.ts'
import { firstOf } from './measure.queries.ts'
import type { MeasureDeps } from './measures.routes.ts'
import type { Question } from './selected.ts'

export const balanceRoutes: FastifyPluginAsyncTypebox<MeasureDeps> = async (app, { store, catalogue, vocabularies, config }) => {
  const epoch = [PACKAGE.version, config.PUBLIC_URL, await store.read(firstOf)]
  const wording = balanceWordings(vocabularies)

  app.get(
    '/measures/balance',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getBalance',
        summary: 'See whether a set of measures is balanced',
        description:
          'The set is what `ids` names, what the filters of `/v1/measures` leave, or both together; without any it is every active measure. A list is called one-sided where more than three quarters of the set carry one code of it, and no other code is carried by more than half. A measure with a draft counts once.',
        tags: ['measures'],
        querystring: BalanceQuery,
        response: {
          200: {
            description: 'How the set is spread.',
            headers: { ETag: { type: 'string', description: 'Validator of this answer.' } },
            content: {
              'application/json': { schema: ref(MeasureBalance) },
              'text/plain': { schema: { type: 'string', description: 'The sentences, one a line.' } }
            }
          },
          ...problemResponses(
            'invalid-parameter',
            'unknown-parameter',
            'unknown-code',
            'unauthenticated',
            'forbidden',
            'not-found',
            'not-acceptable'
          )
        },
        'x-example': { query: { ids: 'pacic' } }
      }
    },
    async (request, reply) => {
      const { query } = request
      const ids = checkedIds(query.ids)
      const question = readQuestion(request, query, vocabularies)
      const language = labelLanguage(languageOf(request, query.lang))
      const format = tellingFormatOf(request, query.format)
      await catalogue.level()
      // The validator is that of the state before anything is waited for: it may be too old, never too new.
      const seq = catalogue.seq
      const { numbers } = await catalogue.select(question)
      const { index } = catalogue
      const named = ids && documentsOf(index, ids, question)
      describeLanguage(reply, language)
      const variant = sha256(JSON.stringify([epoch, format, ids ?? null, question, language])).slice(0, 12)
      if (notModified(request, reply, etagOf(`${seq}`, variant))) return reply as never

      const balance = balanceOf(index, oncePerMeasure(index, named ? numbers.new_intersection(named) : numbers))
      const sentences = wording(language).say(findingsIn(balance))
      if (format === 'json') return answerOf(balance, sentences, vocabularies, language) as never
      reply.type('text/plain; charset=utf-8')
      return reply.send(`${sentences.join('\n')}\n`) as never
    }
  )
}

/** Measures that are named are looked at whether they are active or retired, where nobody says otherwise. */
function readQuestion(request: FastifyRequest, query: BalanceQuery, vocabularies: Vocabularies): Question {
  const stated: Record<string, unknown> = { ...query }
  if (query.ids && stated['status'] === undefined) stated['status'] = 'active,retired'
  const clauses = checkedClauses(stated, vocabularies)
  guardDrafts(request.actor, clauses)
  return {
    clauses,
    q: query.q,
    updatedSince: query.updatedSince && new Date(query.updatedSince).toISOString(),
    hidesDrafts: !seesDrafts(request.actor)
  }
}

function answerOf(balance: Balance, sentences: string[], vocabularies: Vocabularies, language: string): MeasureBalance {
  const { total, retired, drafts, lists } = balance
  const label = (vocabulary: string, code: string) => vocabularies.label(vocabulary, code, language)?.text ?? code
  const countsOf = (list: (typeof LIST_NAMES)[number]) =>
    lists[list].counts.map(({ code, count }) => ({ code, label: label(BALANCE_LISTS[list].vocabulary, code), count }))
  const each = <T>(of: (list: (typeof LIST_NAMES)[number]) => T) =>
    Object.fromEntries(LIST_NAMES.map((list) => [list, of(list)])) as Record<(typeof LIST_NAMES)[number], T>
  return { total, retired, drafts, counts: each(countsOf), none: each((list) => lists[list].none), sentences }
}
