/** `GET /v1/gaps`, and the same of one measure: as pages of JSON, or the whole of it as CSV or NDJSON. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ref } from '../component.ts'
import { etagOf, notModified } from '../http/conditional.ts'
import { questionOf, writeCursor } from '../http/cursor.ts'
import { listContent, sendFile } from '../http/exports.ts'
import { formatOf } from '../http/formats.ts'
import { describeLanguage, languageOf } from '../http/languages.ts'
import { linkNext, placeAfter } from '../http/paging.ts'
import { problem, problemResponses } from '../http/problems.ts'
import { sha256 } from '../json/canonical.ts'
import { firstOf } from '../measures/measure.queries.ts'
import { PACKAGE } from '../package.ts'
import { labelLanguage } from '../vocabularies/vocabularies.ts'
import { GAP_COLUMNS } from './gap.columns.ts'
import { facetsOf, type GapListRequest, listGaps, walkGaps } from './gap.list.ts'
import type { GapDeps } from './gaps.deps.ts'
import { findGapsByNumber } from './gaps.queries.ts'
import { checkedGapClauses, checkedGapFacets } from './list.check.ts'
import { GapPage, GapsQuery, MeasureGapsQuery, MeasureParams } from './requests.schema.ts'

/** Parameters that do not change which gaps are listed, nor their order. */
const PRESENTATION = ['cursor', 'limit', 'facets', 'lang', 'format']
/** Gaps rendered at a time while an export streams. */
const EXPORT_BATCH = 200

const REFUSALS = [
  'invalid-parameter',
  'unknown-parameter',
  'unknown-code',
  'invalid-cursor',
  'cursor-of-another-query',
  'not-acceptable'
] as const
const page = {
  description: 'A page of gaps, or all of them as a file.',
  headers: {
    ETag: { type: 'string', description: 'Validator of this answer.' },
    Link: { type: 'string', description: '`rel="next"`, where there is a next page.' }
  },
  content: listContent(ref(GapPage))
}

export const gapListRoutes: FastifyPluginAsyncTypebox<GapDeps> = async (app, { store, catalogue, gaps, vocabularies, config }) => {
  const epoch = [PACKAGE.version, config.PUBLIC_URL, await store.read(firstOf)]

  app.get(
    '/gaps',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'listGaps',
        summary: 'List, filter and search gaps',
        description:
          'Recorded, derived and adopted ones that are open, the most severe first and of these the best supported. Every coded field filters by its singular name. Answers in pages of JSON; as CSV or NDJSON the whole list is streamed.',
        tags: ['gaps'],
        querystring: GapsQuery,
        response: { 200: page, ...problemResponses(...REFUSALS) },
        'x-example': {
          query: { kind: 'no-stratification,no-translation', certainty: '!unknown', facets: 'severity,population', limit: '2' }
        }
      }
    },
    async (request, reply) => answer(request, reply, request.query as GapsQuery)
  )

  app.get(
    '/measures/:id/gaps',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'listMeasureGaps',
        summary: 'List the gaps of a measure',
        description: 'Gaps that name the measure: those that rules find in it, and those that people recorded.',
        tags: ['gaps'],
        params: MeasureParams,
        querystring: MeasureGapsQuery,
        response: { 200: page, ...problemResponses(...REFUSALS, 'not-found') },
        'x-example': { path: { id: 'pacic' }, query: { status: 'any', limit: '2' } }
      }
    },
    async (request, reply) => {
      const { id } = request.params
      const [document] = await catalogue.queries.published({ id })
      if (!document) throw problem('not-found', `There is no published measure "${id}".`)
      return answer(request, reply, { ...(request.query as GapsQuery), measure: [id] })
    }
  )

  /** A list, of whatever the parameters ask for. */
  async function answer(request: FastifyRequest, reply: FastifyReply, query: GapsQuery): Promise<never> {
    const { q, updatedSince } = query
    const asking = questionOf(query, PRESENTATION)
    const list: GapListRequest = {
      question: {
        clauses: checkedGapClauses(query, vocabularies),
        q,
        updatedSince: updatedSince && new Date(updatedSince).toISOString()
      },
      sort: query.sort ?? 'severity',
      limit: query.limit ?? 50,
      after: placeAfter(asking, query.cursor)
    }
    const facets = checkedGapFacets(query.facets)
    const format = formatOf(request, query.format)
    const language = labelLanguage(languageOf(request, query.lang))
    await gaps.level()
    describeLanguage(reply, language)
    const variant = sha256(JSON.stringify([epoch, format, list, facets, language])).slice(0, 12)
    if (notModified(request, reply, etagOf(`${gaps.seq}`, variant))) return reply as never
    if (format !== 'json') {
      const batches = walkGaps(gaps, (work) => store.read(work), list, EXPORT_BATCH)
      return sendFile(reply, { format, name: 'gaps', columns: GAP_COLUMNS, batches }) as never
    }
    const { numbers, total, next } = listGaps(gaps, list)
    const counts = facets.length > 0 ? { facets: facetsOf(gaps, list.question, facets, vocabularies, language) } : {}
    const rows = await store.read((db) => findGapsByNumber(db, numbers))
    const cursor = next ? writeCursor(asking, next) : ''
    linkNext(request, reply, config.PUBLIC_URL, cursor)
    const rest = JSON.stringify({ total, next: cursor, ...counts }).slice(1)
    reply.type('application/json; charset=utf-8')
    return reply.send(`{"items":[${rows.map(({ json }) => json).join(',')}],${rest}`) as never
  }
}
