/** The template to fill in, as CSV and as a spreadsheet with drop-downs. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { etagOf, notModified } from '../http/conditional.ts'
import { describeLanguage, languageOf } from '../http/languages.ts'
import { problemResponses } from '../http/problems.ts'
import { tagOf } from '../json/canonical.ts'
import { LanguageTag } from '../measures/measure.parts.ts'
import { labelLanguage } from '../vocabularies/vocabularies.ts'
import type { LabelLanguage } from '../vocabularies/vocabulary.schema.ts'
import type { ImportDeps } from './importing.ts'
import { XLSX_TYPE } from './media-types.ts'
import { templateCsv } from './template/csv.ts'
import { templateXlsx } from './template/xlsx.ts'

const Query = Type.Object(
  { lang: Type.Optional(LanguageTag('Language of the explanations, before `Accept-Language`. Headings are the same in every language.')) },
  { additionalProperties: false }
)

export const templateRoutes: FastifyPluginAsyncTypebox<ImportDeps> = async (app, { vocabularies }) => {
  const file = (path: string, type: string, schema: object, make: (language: LabelLanguage) => Promise<string | Buffer> | string) => {
    const made = new Map<LabelLanguage, Buffer>()
    const extension = path.slice(path.lastIndexOf('.') + 1)
    app.get<{ Querystring: { lang?: string } }>(path, { config: { access: 'reader' }, schema }, async (request, reply) => {
      const language = labelLanguage(languageOf(request, request.query.lang))
      describeLanguage(reply, language)
      const content = made.get(language) ?? Buffer.from((await make(language)) as string)
      made.set(language, content)
      if (notModified(request, reply, etagOf(tagOf(content), language))) return reply
      reply.type(type).header('content-disposition', `attachment; filename="measures-template.${extension}"`)
      return reply.send(content as never)
    })
  }
  const described = (operationId: string, summary: string, description: string, content: object) => ({
    operationId,
    summary,
    description,
    tags: ['imports'],
    querystring: Query,
    response: { 200: { description: 'The template.', content }, ...problemResponses('invalid-parameter', 'unknown-parameter') },
    'x-example': { query: { lang: 'nl' } }
  })

  file(
    '/imports/template.csv',
    'text/csv; charset=utf-8; header=present',
    described(
      'getTemplateCsv',
      'Get the template as CSV',
      'A column for each field, a line that explains them and an example. Lines that begin with `#` are not imported.',
      { 'text/csv': { schema: { type: 'string', description: 'The template.' } } }
    ),
    (language) => templateCsv(language, vocabularies)
  )
  file(
    '/imports/template.xlsx',
    XLSX_TYPE,
    described(
      'getTemplateXlsx',
      'Get the template as a spreadsheet',
      'The same with lists to choose codes from. Every cell is text, so that no age band becomes a date.',
      { [XLSX_TYPE]: { schema: { type: 'string', description: 'The template.' } } }
    ),
    (language) => templateXlsx(language, vocabularies)
  )
}
