/** `GET /v1/readiness-rules`: the rules in force, in words. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref } from '../component.ts'
import { etagOf, notModified } from '../http/conditional.ts'
import { describeLanguage, languageOf } from '../http/languages.ts'
import { problemResponses } from '../http/problems.ts'
import { PACKAGE } from '../package.ts'
import { CODES } from '../vocabularies/codes.ts'
import { labelLanguage } from '../vocabularies/vocabularies.ts'
import type { ReadinessDeps } from './readiness.deps.ts'
import { ReadinessRules } from './readiness.schema.ts'
import { RulesQuery } from './requests.schema.ts'
import { GATES, RULES_VERSION } from './rules.ts'
import { TEXTS } from './sentences.ts'
import { VERDICTS } from './verdict.ts'
import { WORKING_FIGURES } from './working-figures.ts'

export const rulesRoutes: FastifyPluginAsyncTypebox<ReadinessDeps> = async (app) => {
  app.get(
    '/readiness-rules',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getReadinessRules',
        summary: 'Read the rules of readiness',
        description:
          'The gates, the steps of maturity, the verdicts and the working figures: what each asks, what fails it, what closes it, and its source.',
        tags: ['readiness'],
        querystring: RulesQuery,
        response: {
          200: { description: 'The rules in force.', content: { 'application/json': { schema: ref(ReadinessRules) } } },
          ...problemResponses('invalid-parameter', 'unknown-parameter')
        },
        'x-example': { query: { lang: 'nl' } }
      }
    },
    async (request, reply) => {
      const language = labelLanguage(languageOf(request, request.query.lang))
      describeLanguage(reply, language)
      if (notModified(request, reply, etagOf(`${PACKAGE.version}-${RULES_VERSION}`.replaceAll('.', '-'), language))) return reply as never
      const texts = TEXTS[language]
      return {
        version: RULES_VERSION,
        language,
        gates: GATES.map(({ id, reads, asks, source }) => ({ id, ...texts.gates[id], reads: [...reads], asks: [...asks], source })),
        maturity: CODES.maturity.map((id) => ({ id, ...texts.maturity[id] })),
        verdicts: VERDICTS.map((id) => ({ id, sentence: texts.sentences[`verdict.${id}`] })),
        workingFigures: Object.entries(WORKING_FIGURES).map(([id, figure]) => ({ id, ...figure }))
      }
    }
  )
}
