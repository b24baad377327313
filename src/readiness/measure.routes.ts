/** `GET /v1/measures/{id}/readiness`: can this measure be put to use at once, in a context, and why. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref } from '../component.ts'
import { listHighGaps } from '../gaps/gaps.queries.ts'
import { etagOf, notModified } from '../http/conditional.ts'
import { tellingFormatOf } from '../http/formats.ts'
import { describeLanguage, languageOf } from '../http/languages.ts'
import { problem, problemResponses } from '../http/problems.ts'
import { countsFor, latestReports, NONE } from '../implementations/implementations.queries.ts'
import { sha256 } from '../json/canonical.ts'
import type { Measure } from '../measures/measure.schema.ts'
import { Params } from '../measures/requests.schema.ts'
import { PACKAGE } from '../package.ts'
import { labelLanguage } from '../vocabularies/vocabularies.ts'
import { itemOf } from './answer.ts'
import type { ReadinessDeps } from './readiness.deps.ts'
import { MeasureReadiness } from './readiness.schema.ts'
import { readinessOf } from './readiness.ts'
import { readContext } from './reading.ts'
import { ReadinessQuery } from './requests.schema.ts'
import { RULES_VERSION } from './rules.ts'
import { tellingContent } from './telling.content.ts'
import { tell, tellContext } from './telling.ts'

/** Reports that stand beside the verdict; all of them are at `/v1/measures/{id}/implementations`. */
const RECENT = 3

export const measureReadinessRoutes: FastifyPluginAsyncTypebox<ReadinessDeps> = async (app, deps) => {
  const { catalogue, store, wording } = deps

  app.get(
    '/measures/:id/readiness',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getMeasureReadiness',
        summary: 'See whether a measure can be put to use at once',
        description:
          'Twelve gates, one verdict, and for whom it is not ready, in the context that the parameters state. What is not stated is not assumed: a gate that needs it is not asked.',
        tags: ['readiness'],
        params: Params,
        querystring: ReadinessQuery,
        response: {
          200: { description: 'The verdict, and why.', content: tellingContent(ref(MeasureReadiness)) },
          ...problemResponses('invalid-parameter', 'unknown-parameter', 'unknown-code', 'not-found', 'not-acceptable')
        },
        'x-example': { path: { id: 'pacic' }, query: { data: 'survey', language: 'nl,ar', jurisdiction: 'BE' } }
      }
    },
    async (request, reply) => {
      const { id } = request.params
      const context = await readContext(request.query, deps)
      const [document] = await catalogue.queries.published({ id })
      if (!document) throw problem('not-found', `There is no published measure "${id}".`)
      const language = labelLanguage(languageOf(request, request.query.lang))
      const format = tellingFormatOf(request, request.query.format)
      describeLanguage(reply, language)
      const measure = JSON.parse(document.json) as Measure
      const { reports, recent, gaps } = await store.read(async (db) => ({
        reports: (await countsFor(db, [id])).get(id) ?? NONE,
        recent: await latestReports(db, id, RECENT),
        gaps: (await listHighGaps(db, [id])).get(id) ?? []
      }))
      const variant = sha256(JSON.stringify([PACKAGE.version, context, RULES_VERSION, reports, recent, gaps, language, format])).slice(
        0,
        12
      )
      if (notModified(request, reply, etagOf(document.tag, variant))) return reply as never
      const readiness = readinessOf(measure, context, gaps)
      const words = wording(language)
      if (format === 'text') {
        reply.type('text/plain; charset=utf-8')
        return reply.send(`${tellContext(context, words)}\n\n${tell(measure, readiness, reports, words)}\n`) as never
      }
      const { because, closesWith } = measure.readiness
      return {
        context,
        rulesVersion: RULES_VERSION,
        ...itemOf(measure, readiness, reports, words),
        maturityBecause: because,
        ...(closesWith ? { maturityClosesWith: closesWith } : {}),
        recentReports: recent
      } as never
    }
  )
}
