/** `GET /v1/readiness`: the catalogue by verdict in a context, as pages of JSON, as sentences, or the whole of it as a file. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref } from '../component.ts'
import { etagOf, notModified } from '../http/conditional.ts'
import { questionOf, writeCursor } from '../http/cursor.ts'
import { sendFile } from '../http/exports.ts'
import { tellingListFormatOf } from '../http/formats.ts'
import { describeLanguage, languageOf } from '../http/languages.ts'
import { linkNext, placeAfter } from '../http/paging.ts'
import { problemResponses } from '../http/problems.ts'
import { sha256 } from '../json/canonical.ts'
import { labelledFacets } from '../measures/facets.ts'
import { checkedFacets } from '../measures/list.check.ts'
import { firstOf } from '../measures/measure.queries.ts'
import { PACKAGE } from '../package.ts'
import { labelLanguage } from '../vocabularies/vocabularies.ts'
import { answered, assess } from './assessing.ts'
import { READINESS_COLUMNS } from './columns.ts'
import type { ReadinessDeps } from './readiness.deps.ts'
import { listReadiness, type ReadinessRequest } from './readiness.list.ts'
import { type ReadinessItem, ReadinessPage } from './readiness.schema.ts'
import { readContext, readQuestion, readVerdicts } from './reading.ts'
import { reason } from './reason.ts'
import { ReadinessListQuery } from './requests.schema.ts'
import { RULES_VERSION } from './rules.ts'
import type { Wording } from './sentences.ts'
import { tellingListContent } from './telling.content.ts'
import { tell, tellContext, tellCounts } from './telling.ts'

/** Parameters that do not change which measures are listed, nor their order. */
const PRESENTATION = ['cursor', 'limit', 'facets', 'lang', 'format']
/** Measures rendered at a time while an export streams. */
const EXPORT_BATCH = 100

export const catalogueReadinessRoutes: FastifyPluginAsyncTypebox<ReadinessDeps> = async (app, deps) => {
  const { store, catalogue, assessor, vocabularies, config, wording } = deps
  const epoch = [PACKAGE.version, config.PUBLIC_URL, await store.read(firstOf)]

  app.get(
    '/readiness',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'listReadiness',
        summary: 'See what can be put to use at once',
        description:
          'The catalogue by verdict, in the context that the parameters state, under every filter of `/v1/measures`. `language`, `setting`, `jurisdiction` and `stratifier` state the context; as filters they are written `measure.language` and so on.',
        tags: ['readiness'],
        querystring: ReadinessListQuery,
        response: {
          200: {
            description: 'A page of verdicts with counts, or all of them as a file.',
            headers: {
              ETag: { type: 'string', description: 'Validator of this answer.' },
              Link: { type: 'string', description: '`rel="next"`, where there is a next page.' }
            },
            content: tellingListContent(ref(ReadinessPage))
          },
          ...problemResponses(
            'invalid-parameter',
            'unknown-parameter',
            'unknown-code',
            'invalid-cursor',
            'cursor-of-another-query',
            'unauthenticated',
            'forbidden',
            'not-found',
            'not-acceptable'
          )
        },
        'x-example': {
          query: { data: 'ehr,survey', language: 'nl,fr', budget: '0', domain: 'care-coordination', limit: '2', facets: 'level' }
        }
      }
    },
    async (request, reply) => {
      const { query } = request
      const context = await readContext(query, deps)
      const language = labelLanguage(languageOf(request, query.lang))
      const format = tellingListFormatOf(request, query.format)
      // A walk may go on past midnight.
      const asking = questionOf({ ...query, context: { ...context, asOf: query.asOf } }, PRESENTATION)
      const list: ReadinessRequest = {
        question: readQuestion(query, request.actor, deps),
        context,
        verdicts: readVerdicts(query.verdict),
        basis: query.basis,
        sort: query.sort ?? 'verdict',
        limit: query.limit ?? 50,
        after: placeAfter(asking, query.cursor),
        facets: checkedFacets(query.facets)
      }
      await assessor.level()
      describeLanguage(reply, language)
      const variant = sha256(JSON.stringify([epoch, RULES_VERSION, format, list, language])).slice(0, 12)
      if (notModified(request, reply, etagOf(`${catalogue.seq}`, variant))) return reply as never
      const words = wording(language)
      if (format === 'csv' || format === 'ndjson')
        return sendFile(reply, { format, name: 'readiness', columns: READINESS_COLUMNS, batches: everything(list, words) }) as never

      const { numbers, total, counts, next, facets } = await listReadiness(assessor, catalogue, list)
      const cursor = next ? writeCursor(asking, next) : ''
      linkNext(request, reply, config.PUBLIC_URL, cursor)
      const assessed = await assess(deps, numbers, context)
      if (format === 'text') {
        const head = [tellContext(context, words), tellCounts(counts, words)]
        const items = assessed.map(({ measure, readiness, reports }) => tell(measure, readiness, reports, words))
        const more = cursor ? [words.say(reason('text.more', { count: total - assessed.length, cursor }))] : []
        reply.type('text/plain; charset=utf-8')
        return reply.send(`${[...head, ...items, ...more].join('\n\n')}\n`) as never
      }
      return {
        context,
        rulesVersion: RULES_VERSION,
        items: assessed.map((each) => answered(each, words)),
        total,
        counts,
        next: cursor,
        ...(facets.length > 0 ? { facets: labelledFacets(facets, vocabularies, language) } : {})
      } as never
    }
  )

  /** Every measure of a list, batch by batch: what comes or goes meanwhile shifts nothing. */
  async function* everything(list: ReadinessRequest, words: Wording): AsyncGenerator<ReadinessItem[]> {
    let after: ReadinessRequest['after']
    do {
      await assessor.level()
      const { numbers, next } = await listReadiness(assessor, catalogue, { ...list, limit: EXPORT_BATCH, after, facets: [] })
      yield (await assess(deps, numbers, list.context)).map((each) => answered(each, words))
      after = next
    } while (after)
  }
}
