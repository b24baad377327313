/** `GET /v1/measures`: the catalogue as pages of JSON, or the whole of it as CSV or NDJSON. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { allows } from '../access/roles.ts'
import { ref } from '../component.ts'
import { unauthenticated } from '../http/access.ts'
import { etagOf, notModified } from '../http/conditional.ts'
import { questionOf, readCursor, writeCursor } from '../http/cursor.ts'
import { listContent, sendFile } from '../http/exports.ts'
import { formatOf } from '../http/formats.ts'
import { describeLanguage, languageOf } from '../http/languages.ts'
import { problem, problemResponses } from '../http/problems.ts'
import { sha256 } from '../json/canonical.ts'
import { PACKAGE } from '../package.ts'
import { labelLanguage, type Vocabularies } from '../vocabularies/vocabularies.ts'
import type { Catalogue } from './catalogue.ts'
import { checkedClauses, checkedFacets, checkedFields } from './list.check.ts'
import { MEASURE_COLUMNS } from './measure.columns.ts'
import { type FilterName, filterOf } from './measure.filters.ts'
import { type Facets, type ListRequest, listMeasures, suggestSearches, walkMeasures } from './measure.list.ts'
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
      const link = cursor && nextUrl(config.PUBLIC_URL, request.url, cursor)
      if (link && link.length < MAX_LINK) reply.header('link', `<${link}>; rel="next"`)
      const rest = {
        total,
        next: cursor,
        ...(facets.length > 0 ? { facets: labelled(facets, vocabularies, language) } : {}),
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
  if (asksForDrafts(clauses)) demandContributor(request)
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
    hidesDrafts: !allows(request.actor?.role ?? 'reader', 'contributor'),
    sort: query.sort ?? (query.q === undefined ? 'title' : 'relevance'),
    limit: query.limit ?? 50,
    // The first page is the one after nothing: `next` of the last page, which is empty, starts again.
    after: query.cursor ? checkedCursor(question, query.cursor) : undefined,
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

function labelled(facets: readonly Facets[], vocabularies: Vocabularies, language: string) {
  const label = (field: FilterName, code: string) => vocabularies.label(filterOf(field).vocabulary!, code, language)?.text ?? code
  return Object.fromEntries(
    facets.map(({ field, counts }) => [field, counts.map(({ code, count }) => ({ code, label: label(field, code), count }))])
  )
}

/** Whoever excludes other statuses is not asking for drafts: they are just not shown to readers. */
const asksForDrafts = (clauses: ReturnType<typeof checkedClauses>) =>
  clauses.some(({ field, anyOf }) => field === 'status' && anyOf.some(({ code, negated }) => code === 'draft' && !negated))

function demandContributor(request: FastifyRequest): void {
  if (!request.actor) throw unauthenticated('Drafts are listed for contributors: send a key.')
  if (!allows(request.actor.role, 'contributor')) throw problem('forbidden', 'Drafts are listed for contributors.')
}

function checkedCursor(question: string, cursor: string) {
  const reading = readCursor(question, cursor)
  if ('position' in reading) return reading.position
  throw problem(reading.error, 'Start again without `cursor`.', {
    errors: [{ parameter: 'cursor', detail: 'Use `next` of a page of the same list, unchanged.' }]
  })
}

/** Clients refuse headers that are much longer; `next` is in the body as well. */
const MAX_LINK = 4_000

/** The public address may have a path of its own. */
function nextUrl(publicUrl: string, url: string, cursor: string): string {
  const { pathname, searchParams } = new URL(url, 'http://registry')
  searchParams.set('cursor', cursor)
  return `${publicUrl}${pathname}?${searchParams}`
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
