import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { ref } from '../component.ts'
import type { Context } from '../context.ts'
import { etagOf, notModified } from '../http/conditional.ts'
import { listContent, sendFile } from '../http/exports.ts'
import { formatOf } from '../http/formats.ts'
import { describeLanguage, languageOf } from '../http/languages.ts'
import { FormatParameter } from '../http/parameters.ts'
import { problem, problemResponses } from '../http/problems.ts'
import type { Column } from '../http/spreadsheet.ts'
import { tagOf } from '../json/canonical.ts'
import { labelLanguage, localise, summarise } from './vocabularies.ts'
import {
  LABEL_LANGUAGES,
  VOCABULARY_SCHEMAS,
  Vocabulary,
  type VocabularyConcept,
  VocabularyList,
  type VocabularySummary
} from './vocabulary.schema.ts'

const Lang = Type.Optional(
  Type.String({
    maxLength: 35,
    pattern: '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$',
    description: 'Language of the labels, before `Accept-Language`.'
  })
)
const LangQuery = Type.Object({ lang: Lang, format: FormatParameter }, { additionalProperties: false })
const Params = Type.Object({ name: Type.String({ maxLength: 80, description: 'The name of the list.' }) }, { additionalProperties: false })

const SUMMARY_COLUMNS: readonly Column<VocabularySummary>[] = [
  ...(['name', 'title', 'description', 'version', 'concepts', 'open'] as const).map((name) => ({
    name,
    cell: (list: VocabularySummary) => list[name]
  })),
  { name: 'source', cell: ({ source }) => source.title },
  { name: 'source.url', cell: ({ source }) => source.url }
]
const CONCEPT_COLUMNS: readonly Column<VocabularyConcept>[] = [
  ...(['code', 'label', 'checked', 'definition', 'broader'] as const).map((name) => ({
    name,
    cell: (concept: VocabularyConcept) => concept[name]
  })),
  { name: 'codings', cell: ({ codings }) => codings?.map(({ system, code }) => `${system}|${code}`).join(' ') },
  ...LABEL_LANGUAGES.map((language) => ({ name: `label.${language}`, cell: ({ labels }: VocabularyConcept) => labels[language].text }))
]

export const vocabularyRoutes: FastifyPluginAsyncTypebox<Context> = async (app, { vocabularies, config }) => {
  for (const schema of VOCABULARY_SCHEMAS) app.addSchema(schema)

  const unknown = (name: string) => {
    const nearest = vocabularies.nearestName(name)
    const error = { parameter: 'name', detail: `There is no vocabulary "${name}".`, ...(nearest ? { nearest } : {}) }
    return problem('not-found', error.detail, { errors: [error] })
  }

  app.get(
    '/vocabularies',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'listVocabularies',
        summary: 'List the coded lists',
        description: 'Each with its title, source and number of concepts. The codes themselves are at its `url`.',
        tags: ['vocabularies'],
        querystring: LangQuery,
        response: {
          200: { description: 'All coded lists.', content: listContent(ref(VocabularyList)) },
          ...problemResponses('invalid-parameter', 'unknown-parameter')
        },
        'x-example': { query: { lang: 'nl' } }
      }
    },
    async (request, reply) => {
      const format = formatOf(request, request.query.format)
      const language = labelLanguage(languageOf(request, request.query.lang))
      describeLanguage(reply, language)
      const items = vocabularies
        .names()
        .map((name) => summarise(vocabularies.get(name)!, language, `${config.PUBLIC_URL}/v1/vocabularies/${name}`))
      if (format !== 'json') return sendFile(reply, { format, name: 'vocabularies', columns: SUMMARY_COLUMNS, batches: [items] }) as never
      const list = { items, total: items.length, next: '' as const }
      if (notModified(request, reply, etagOf(tagOf(JSON.stringify(list)), language))) return reply
      return list
    }
  )

  app.get(
    '/vocabularies/:name',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getVocabulary',
        summary: 'Get a coded list',
        description:
          'Codes with labels, definitions and the codes of other systems. Labels that no native speaker has checked are marked so.',
        tags: ['vocabularies'],
        params: Params,
        querystring: LangQuery,
        response: {
          200: { description: 'The list.', content: listContent(ref(Vocabulary)) },
          ...problemResponses('invalid-parameter', 'unknown-parameter', 'not-found')
        },
        'x-example': { path: { name: 'domain' }, query: { lang: 'fr' } }
      }
    },
    async (request, reply) => {
      const { name } = request.params
      const found = vocabularies.get(name)
      if (!found) throw unknown(name)
      const language = labelLanguage(languageOf(request, request.query.lang))
      describeLanguage(reply, language)
      const localised = localise(found, language)
      const format = formatOf(request, request.query.format)
      if (format !== 'json') return sendFile(reply, { format, name, columns: CONCEPT_COLUMNS, batches: [localised.concepts] }) as never
      if (notModified(request, reply, etagOf(tagOf(JSON.stringify(localised)), language))) return reply
      return localised
    }
  )
}
