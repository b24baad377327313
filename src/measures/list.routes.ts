/** `GET /v1/measures`: the catalogue as pages of JSON, or the whole of it as CSV or NDJSON. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { ref } from '../component.ts'
import { etagOf, notModified } from '../http/conditional.ts'
import { questionOf, writeCursor } from '../http/cursor.ts'
import { listContent, sendFile } from '../http/exports.ts'
import { formatOf } from '../http/formats.ts'
import { describeLanguage, languageOf } from '../http/languages.ts'
import { linkNext, placeAfter } from '../http/paging.ts'
import { problem, problemResponses } from '../http/problems.ts'
import { sha256 } from '../json/canonical.ts'
import { PACKAGE } from '../package.ts'
import { labelLanguage, type Vocabularies } from '../vocabularies/vocabularies.ts'
import type { Catalogue } from './catalogue.ts'
import { guardDrafts, seesDrafts } from './drafts.access.ts'
import { labelledFacets } from './facets.ts'
import { checkedClauses, checkedFacets, checkedFields } from './list.check.ts'
import { MEASURE_COLUMNS } from './measure.columns.ts'
import { type ListRequest, listMeasures, suggestSearches, walkMeasures } from './measure.list.ts'
import { firstOf } from './measure.queries.ts'
import type { Measure } from './measure.schema.ts'
import type { MeasureDeps } from './measures.routes.ts'
import { ListQuery, MeasurePage } from './requests.schema.ts'
import { inLanguage } from './translations.ts'

type Query = Static<typeof ListQuery> & Record<string, unknown>

/** Parameters that do not change which measures are listed, nor their order. */
const PRESENTATION = ['cursor', 'limit', 'fields', 'facets', 'lang', 'format']
/** Measures rendered at a time while an export streams. */
const EXPORT_BATCH = 200

export const listRoutes: FastifyPluginAsyncTypebox<MeasureDeps> = async (app, { store, catalogue, vocabularies, config }) => {
  const epoch = [PACKAGE.version, config.PUBLIC_URL, await store.read(firstOf)]

  app.get(
    '/measures',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'listMeasures',
        summary: 'List, filter and search measures',
        description:
          'Every coded field filters by its singular name. Comma is or, repetition is and, `!` is not. Answers in pages of JSON; as CSV or NDJSON the whole list is streamed.',
        tags: ['measures'],
        querystring: ListQuery,
        response: {
          200: {
            description: 'A page of measures, or all of them as a file.',
            headers: {
              ETag: { type: 'string', description: 'Validator of this answer.' },
              Link: { type: 'string', description: '`rel="next"`, where there is a next page.' }
            },
            content: listContent(ref(MeasurePage))
          },
          ...problemResponses(
            'invalid-parameter',
            'unknown-parameter',
            'unknown-code',
            'invalid-cursor',
            'cursor-of-another-query',
            'unauthenticated',
            'forbidden',
            'not-acceptable'
          )
        },
        'x-example': { query: { q: 'coordination', type: 'process', facets: 'level', limit: '2' } }
      }
    },
    async (request, reply) => {
      const asked = readRequest(request, vocabularies)
      await catalogue.level()
      const language = catalogue.hasTranslation(asked.language) ? asked.language : labelLanguage(asked.language)
      describeLanguage(reply, language)
      const { format, list, fields, question } = asked
      // The state is that of this release at this address on this database.
      const variant = sha256(JSON.stringify([epoch, format, list, fields, language])).slice(0, 12)
      if (notModified(request, reply, etagOf(`${catalogue.seq}`, variant))) return reply
      if (format !== 'json')
        return sendFile(reply, { format, name: 'measures', columns: MEASURE_COLUMNS, batches: batchesOf(catalogue, list, language) })

      const { numbers, total, next, facets } = await listMeasures(catalogue, list)
      const cursor = next ? writeCursor(question, next) : ''
      linkNext(request, reply, config.PUBLIC_URL, cursor)
      const rest = {
        total,
        next: cursor,
        ...(facets.length > 0 ? { facets: labelledFacets(facets, vocabularies, language) } : {}),
        ...(total === 0 && list.q !== undefined ? { suggestions: await suggestSearches(catalogue, list) } : {})
      }
      return sendPage(reply, await render(catalogue, numbers, language, fields), rest)
    }
  )
}

/** What a request asks for, checked: refuses what nobody could mean, and what the caller may not see. */
function readRequest(request: FastifyRequest, vocabularies: Vocabularies) {
  const query = request.query as Query
  const clauses = checkedClauses(query, vocabularies)
  guardDrafts(request.actor, clauses)
  if (query.sort === 'relevance' && query.q === undefined) {
    throw problem('invalid-parameter', 'Relevance needs words to be relevant to.', {
      errors: [{ parameter: 'sort', detail: '`sort=relevance` needs `q`.' }]
    })
  }
  const question = questionOf(query, PRESENTATION)
  const list: ListRequest = {
    clauses,
    q: query.q,
    updatedSince: query.updatedSince && new Date(query.updatedSince).toISOString(),
    hidesDrafts: !seesDrafts(request.actor),
    sort: query.sort ?? (query.q === undefined ? 'title' : 'relevance'),
    limit: query.limit ?? 50,
    after: placeAfter(question, query.cursor),
    facets: checkedFacets(query.facets)
  }
  return {
    list,
    question,
    fields: checkedFields(query.fields),
    format: formatOf(request, query.format),
    language: languageOf(request, query.lang)
  }
}

/** The stored documents as they are where nobody asked for anything else; that is what makes lists fast. */
async function render(
  catalogue: Catalogue,
  numbers: readonly number[],
  language: string,
  fields: readonly string[] | undefined
): Promise<Buffer | string> {
  const joined = await catalogue.joined(numbers)
  if (!fields && !catalogue.hasTranslation(language)) return joined
  const items = (JSON.parse(`[${joined}]`) as Measure[]).map((measure) => pick(inLanguage(measure, language).measure, fields))
  return items.map((item) => JSON.stringify(item)).join(',')
}

const pick = (measure: Measure, fields: readonly string[] | undefined): object =>
  fields ? Object.fromEntries(Object.entries(measure).filter(([name]) => fields.includes(name))) : measure

function sendPage(reply: FastifyReply, items: Buffer | string, rest: object): FastifyReply {
  const head = '{"items":['
  const tail = `],${JSON.stringify(rest).slice(1)}`
  reply.type('application/json; charset=utf-8')
  return reply.send(typeof items === 'string' ? head + items + tail : Buffer.concat([Buffer.from(head), items, Buffer.from(tail)]))
}

/** Every measure of a list, batch by batch. */
async function* batchesOf(catalogue: Catalogue, request: ListRequest, language: string): AsyncGenerator<Measure[]> {
  for await (const numbers of walkMeasures(catalogue, request, EXPORT_BATCH)) {
    const measures = JSON.parse(`[${await catalogue.joined(numbers)}]`) as Measure[]
    yield measures.map((measure) => inLanguage(measure, language).measure)
  }
}
