/** What was published, for good: the whole outcome, the report of the method, and a page to take home. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { oneOf, ref } from '../../component.ts'
import { etagOf, notModified } from '../../http/conditional.ts'
import { reportFormatOf, summaryFormatOf } from '../../http/formats.ts'
import { describeLanguage, languageOf } from '../../http/languages.ts'
import { problem, problemResponses } from '../../http/problems.ts'
import { Lang } from '../../measures/requests.schema.ts'
import { labelLanguage } from '../../vocabularies/vocabularies.ts'
import { JSON_TYPE } from '../answering.ts'
import type { ExerciseDeps } from '../exercises.deps.ts'
import { visibleExercise } from '../keeping.ts'
import { methodReportAsMarkdown } from '../report/method-report.markdown.ts'
import { MethodReport } from '../report/method-report.schema.ts'
import { methodReportOf } from '../report/method-report.ts'
import { summaryAsHtml } from '../report/summary.html.ts'
import { summaryAsMarkdown } from '../report/summary.markdown.ts'
import { summaryOf } from '../report/summary.ts'
import { ExerciseParams } from '../requests.schema.ts'

const closed = { additionalProperties: false }
const ReportQuery = Type.Object({ format: Type.Optional(oneOf(['json', 'md'], 'Form of the answer, before `Accept`.')) }, closed)
const SummaryQuery = Type.Object(
  { lang: Lang, format: Type.Optional(oneOf(['md', 'html'], 'Form of the answer, before `Accept`.')) },
  closed
)
const markdown = { 'text/markdown': { schema: { type: 'string', description: 'The same as a document (RFC 7763).' } } }

/** A page that may show itself, and do nothing. */
const STILL = "default-src 'none'; style-src 'unsafe-inline'"

export const outcomeRoutes: FastifyPluginAsyncTypebox<ExerciseDeps> = async (app, { store, config, vocabularies, published }) => {
  /** What was published; before that there is nothing to see. */
  const publishedOf = async (id: string) => {
    const { state } = await store.read((db) => visibleExercise(db, id, false))
    const found = await published.of(id)
    if (!found) throw problem('sealed', `The exercise is ${state}: nothing is published of it.`)
    return found
  }

  app.get(
    '/exercises/:id/outcome',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getOutcome',
        summary: 'Get the whole outcome',
        description:
          'Protocol, rounds, counts, reasons, who is missing, receipts: everything that was published, as canonical JSON (RFC 8785). It never changes: the SHA-256 of these bytes is the `outcomeHash` that results and priorities name.',
        tags: ['exercises'],
        params: ExerciseParams,
        response: {
          200: {
            description: 'The outcome.',
            headers: { 'Repr-Digest': { type: 'string', description: 'SHA-256 of these bytes (RFC 9530).' } },
            content: {
              'application/json': {
                schema: { type: 'object', additionalProperties: true, description: 'The outcome, as it was published.' }
              }
            }
          },
          ...problemResponses('sealed', 'not-found')
        },
        'x-example': { path: { id: 'example-exercise-published' } }
      }
    },
    async (request, reply) => {
      const { json, hash } = await publishedOf(request.params.id)
      reply.type(JSON_TYPE).header('repr-digest', `sha-256=:${Buffer.from(hash, 'hex').toString('base64')}:`)
      if (notModified(request, reply, etagOf(hash.slice(0, 32)))) return reply as never
      return reply.send(json as never) as never
    }
  )

  app.get(
    '/exercises/:id/method-report',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getMethodReport',
        summary: 'Get the report of the method',
        description: 'By the items of the ACCORD guideline, filled from what is recorded. What is not recorded is said to be.',
        tags: ['exercises'],
        params: ExerciseParams,
        querystring: ReportQuery,
        response: {
          200: { description: 'The report.', content: { 'application/json': { schema: ref(MethodReport) }, ...markdown } },
          ...problemResponses('sealed', 'not-found', 'invalid-parameter', 'not-acceptable')
        },
        'x-example': { path: { id: 'example-exercise-published' } }
      }
    },
    async (request, reply) => {
      const format = reportFormatOf(request, request.query.format)
      const { outcome, hash } = await publishedOf(request.params.id)
      const report = methodReportOf(outcome, hash)
      if (format === 'json') return report
      return reply.type('text/markdown; charset=utf-8').send(methodReportAsMarkdown(report, config.PUBLIC_URL) as never) as never
    }
  )

  app.get(
    '/exercises/:id/summary',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getSummary',
        summary: 'Get a page to take home',
        description: 'What was decided, by whom, and who is missing, in plain words, on one page to print.',
        tags: ['exercises'],
        params: ExerciseParams,
        querystring: SummaryQuery,
        response: {
          200: {
            description: 'The page.',
            content: {
              ...markdown,
              'text/html': { schema: { type: 'string', description: 'A page without scripts and without anything from elsewhere.' } }
            }
          },
          ...problemResponses('sealed', 'not-found', 'invalid-parameter', 'not-acceptable')
        },
        'x-example': { path: { id: 'example-exercise-published' }, query: { lang: 'nl', format: 'md' } }
      }
    },
    async (request, reply) => {
      const format = summaryFormatOf(request, request.query.format)
      const language = labelLanguage(languageOf(request, request.query.lang))
      const { outcome } = await publishedOf(request.params.id)
      const summary = summaryOf(outcome, language, { vocabularies, publicUrl: config.PUBLIC_URL })
      describeLanguage(reply, language)
      if (format === 'md') return reply.type('text/markdown; charset=utf-8').send(summaryAsMarkdown(summary) as never) as never
      reply.header('content-security-policy', STILL)
      return reply.type('text/html; charset=utf-8').send(summaryAsHtml(summary) as never) as never
    }
  )
}
