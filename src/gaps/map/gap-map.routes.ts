/** `GET /v1/gap-map`: the catalogue by two axes, as JSON, as a table, or as a picture for a report. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref } from '../../component.ts'
import type { Context } from '../../context.ts'
import { etagOf, notModified } from '../../http/conditional.ts'
import { sendFile } from '../../http/exports.ts'
import { mapFormatOf } from '../../http/formats.ts'
import { describeLanguage, languageOf } from '../../http/languages.ts'
import { problemResponses } from '../../http/problems.ts'
import { sha256 } from '../../json/canonical.ts'
import type { Catalogue } from '../../measures/catalogue.ts'
import { type FilterName, filterOf } from '../../measures/measure.filters.ts'
import { firstOf } from '../../measures/measure.queries.ts'
import { Memory } from '../../measures/memory.ts'
import type { Numbers } from '../../measures/postings.ts'
import { PACKAGE } from '../../package.ts'
import type { Assessor } from '../../readiness/assessor.ts'
import { Money, ReadinessContext } from '../../readiness/context.schema.ts'
import { readContext, readQuestion } from '../../readiness/reading.ts'
import { RULES_VERSION } from '../../readiness/rules.ts'
import { wordings } from '../../readiness/sentences.ts'
import { CODES } from '../../vocabularies/codes.ts'
import { labelLanguage, type Vocabularies } from '../../vocabularies/vocabularies.ts'
import type { GapCatalogue } from '../gap.catalogue.ts'
import { GAP_MAP_SCHEMAS, GapMapAnswer, GapMapQuery } from './gap-map.schema.ts'
import { type Axis, type GapMap, gapMap } from './gap-map.ts'
import { heatMapOf } from './picture.ts'
import { MAP_COLUMNS, tableOf } from './table.ts'
import { urlsOf } from './urls.ts'

export interface GapMapDeps extends Context {
  readonly catalogue: Catalogue
  readonly assessor: Assessor
  readonly gaps: GapCatalogue
}

/** Maps that are kept until something changes. */
const KEPT = 30

export const gapMapRoutes: FastifyPluginAsyncTypebox<GapMapDeps> = async (app, deps) => {
  const { store, catalogue, assessor, gaps, vocabularies, config } = deps
  const wording = wordings(vocabularies)
  for (const schema of [Money, ReadinessContext, ...GAP_MAP_SCHEMAS]) app.addSchema(schema)
  const epoch = [PACKAGE.version, config.PUBLIC_URL, await store.read(firstOf)]
  const kept = new Memory<GapMap>(KEPT)

  app.get(
    '/gap-map',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getGapMap',
        summary: 'See where measures are missing',
        description:
          'Two coded axes of the catalogue, under every filter of `/v1/measures` and in a context of readiness. A column of an equity dimension counts a measure only if it is made for people who differ by it, split by it, or validated across it.',
        tags: ['gaps'],
        querystring: GapMapQuery,
        response: {
          200: {
            description: 'The map.',
            content: {
              'application/json': { schema: ref(GapMapAnswer) },
              'text/csv': { schema: { type: 'string', description: 'A line for each cell.' } },
              'image/svg+xml': { schema: { type: 'string', description: 'A heat map, with a title, a description and a legend.' } }
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
        'x-example': { query: { rows: 'level', columns: 'strategy' } }
      }
    },
    async (request, reply) => {
      const { query } = request
      const { rows: rowAxis = 'domain', columns: columnAxis = 'equityDimension' } = query
      const context = await readContext(query, deps)
      const question = readQuestion(query, request.actor, deps)
      const language = labelLanguage(languageOf(request, query.lang))
      const format = mapFormatOf(request, query.format)
      const { among, seq } = await levelled(question)
      describeLanguage(reply, language)
      const asked = [rowAxis, columnAxis, context, question]
      const variant = sha256(JSON.stringify([epoch, RULES_VERSION, asked, language, format])).slice(0, 12)
      if (notModified(request, reply, etagOf(`${seq}`, variant))) return reply as never

      const axes = [rowAxis, columnAxis].map((name): Axis => ({ name, codes: codesOf(name, catalogue, among) }))
      const [rows, columns] = axes as [Axis, Axis]
      const map = kept.recall(JSON.stringify(asked), seq, () =>
        gapMap({ measures: catalogue.index, gaps: gaps.index, among, standing: assessor.standing(context) }, rows, columns)
      )
      const [rowLines, columnLines] = [linesOf(rows, vocabularies, language), linesOf(columns, vocabularies, language)]
      if (format === 'csv')
        return sendFile(reply, { format, name: 'gap-map', columns: MAP_COLUMNS, batches: [tableOf(map, rowLines, columnLines)] }) as never
      const urls = (row: string, column: string) => urlsOf(query as Record<string, unknown>, [rowAxis, row], [columnAxis, column])
      if (format === 'svg') {
        reply.type('image/svg+xml; charset=utf-8')
        return reply.send(
          heatMapOf({
            map,
            rows,
            columns,
            rowLines,
            columnLines,
            context,
            wording: wording(language),
            vocabularies,
            publicUrl: config.PUBLIC_URL,
            urls
          })
        ) as never
      }
      return {
        rowAxis,
        columnAxis,
        context,
        rulesVersion: RULES_VERSION,
        rows: rowLines,
        columns: columnLines,
        ...map,
        cells: map.cells.map((line, i) => line.map((cell, j) => ({ ...cell, ...urls(rows.codes[i]!, columns.codes[j]!) })))
      } as never
    }
  )

  /** The measures that are looked at, when measures, facts and gaps are all at the same change: a map of two states would be kept as one. */
  async function levelled(question: Parameters<Catalogue['select']>[0]) {
    for (;;) {
      await assessor.level()
      await gaps.level()
      const seq = gaps.seq
      const { numbers: among } = await catalogue.select(question)
      if ([catalogue.seq, assessor.seq, gaps.seq].every((each) => each === seq)) return { among, seq }
    }
  }
}

/** Closed lists in their own order, zeros and all; of open ones the codes that occur among the measures that are looked at. */
function codesOf(name: FilterName, catalogue: Catalogue, among: Numbers): readonly string[] {
  const { vocabulary } = filterOf(name)
  if (vocabulary !== 'jurisdiction' && vocabulary !== 'language') return CODES[vocabulary!]
  return catalogue.index
    .count(name, among)
    .map(({ code }) => code)
    .sort()
}

const linesOf = ({ name, codes }: Axis, vocabularies: Vocabularies, language: string) =>
  codes.map((code) => ({ code, label: vocabularies.label(filterOf(name).vocabulary!, code, language)?.text ?? code }))
