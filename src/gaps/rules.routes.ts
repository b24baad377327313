/** `GET /v1/gap-rules`: the rules in force, in words, and how severity is judged. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref } from '../component.ts'
import { etagOf, notModified } from '../http/conditional.ts'
import { describeLanguage, languageOf } from '../http/languages.ts'
import { problemResponses } from '../http/problems.ts'
import { PACKAGE } from '../package.ts'
import { labelLanguage } from '../vocabularies/vocabularies.ts'
import type { GapDeps } from './gaps.deps.ts'
import { GAP_RULES_VERSION, RULES } from './rules/rules.ts'
import { GapRules, GapRulesQuery } from './rules.schema.ts'
import { SEVERITY_ORDER, SEVERITY_TABLE } from './severity.ts'

export const gapRulesRoutes: FastifyPluginAsyncTypebox<GapDeps> = async (app, { vocabularies }) => {
  app.get(
    '/gap-rules',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getGapRules',
        summary: 'Read the rules of gaps',
        description:
          'What each rule asks, when it holds, what closes a finding, and its source; and the table by which severity is judged.',
        tags: ['gaps'],
        querystring: GapRulesQuery,
        response: {
          200: { description: 'The rules in force.', content: { 'application/json': { schema: ref(GapRules) } } },
          ...problemResponses('invalid-parameter', 'unknown-parameter')
        },
        'x-example': { query: { lang: 'nl' } }
      }
    },
    async (request, reply) => {
      const language = labelLanguage(languageOf(request, request.query.lang))
      describeLanguage(reply, language)
      if (notModified(request, reply, etagOf(`${PACKAGE.version}-${GAP_RULES_VERSION}`.replaceAll('.', '-'), language)))
        return reply as never
      const label = (kind: string) => vocabularies.label('gap-kind', kind, language)?.text ?? kind
      return {
        version: GAP_RULES_VERSION,
        language,
        rules: RULES.map(({ id, kind, question, holds, closes, source }) => ({
          id,
          kind,
          label: label(kind),
          question,
          holds,
          closes,
          source
        })),
        severityTable: SEVERITY_TABLE,
        severityOrder: [...SEVERITY_ORDER]
      }
    }
  )
}
