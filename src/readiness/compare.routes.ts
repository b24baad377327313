/** `GET /v1/readiness/compare`: two saved contexts side by side, such as two cities. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref } from '../component.ts'
import { etagOf, notModified } from '../http/conditional.ts'
import { questionOf, writeCursor } from '../http/cursor.ts'
import { describeLanguage, languageOf } from '../http/languages.ts'
import { linkNext, placeAfter } from '../http/paging.ts'
import { problemResponses } from '../http/problems.ts'
import { sha256 } from '../json/canonical.ts'
import { pageOf } from '../measures/measure.list.ts'
import { firstOf } from '../measures/measure.queries.ts'
import type { Measure } from '../measures/measure.schema.ts'
import { Numbers } from '../measures/postings.ts'
import { PACKAGE } from '../package.ts'
import { labelLanguage } from '../vocabularies/vocabularies.ts'
import { headOf } from './answer.ts'
import type { Asked } from './gate.ts'
import { merged } from './merging.ts'
import type { ReadinessDeps } from './readiness.deps.ts'
import { countsOf } from './readiness.list.ts'
import { readinessOf } from './readiness.ts'
import { readQuestion, readSaved } from './reading.ts'
import { CompareQuery } from './requests.schema.ts'
import { RULES_VERSION } from './rules.ts'
import type { Wording } from './sentences.ts'
import { Comparison } from './unlocks.schema.ts'
import { effectOf, VERDICTS } from './verdict.ts'

const PRESENTATION = ['cursor', 'limit', 'lang']

export const compareRoutes: FastifyPluginAsyncTypebox<ReadinessDeps> = async (app, deps) => {
  const { store, catalogue, assessor, config, wording } = deps
  const epoch = [PACKAGE.version, config.PUBLIC_URL, await store.read(firstOf)]

  app.get(
    '/readiness/compare',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'compareReadiness',
        summary: 'Compare two contexts',
        description:
          'How many measures have which verdict in two saved contexts, and every measure that stands differently in them, with the reasons.',
        tags: ['readiness'],
        querystring: CompareQuery,
        response: {
          200: {
            description: 'The two contexts side by side.',
            headers: {
              ETag: { type: 'string', description: 'Validator of this answer.' },
              Link: { type: 'string', description: '`rel="next"`, where there is a next page.' }
            },
            content: { 'application/json': { schema: ref(Comparison) } }
          },
          ...problemResponses(
            'invalid-parameter',
            'unknown-parameter',
            'unknown-code',
            'invalid-cursor',
            'cursor-of-another-query',
            'unauthenticated',
            'forbidden',
            'not-found'
          )
        },
        'x-example': { query: { a: 'examp1ec0ntext00', b: 'examp1ec0ntext01', limit: '2' } }
      }
    },
    async (request, reply) => {
      const { query } = request
      const [a, b] = [await readSaved(query.a, 'a', deps), await readSaved(query.b, 'b', deps)]
      const question = readQuestion(query, request.actor, deps)
      const language = labelLanguage(languageOf(request, query.lang))
      const limit = query.limit ?? 50
      const asking = questionOf({ ...query, contexts: [a, b] }, PRESENTATION)
      const after = placeAfter(asking, query.cursor)
      await assessor.level()
      describeLanguage(reply, language)
      const variant = sha256(JSON.stringify([epoch, RULES_VERSION, a, b, question, limit, after ?? null, language])).slice(0, 12)
      if (notModified(request, reply, etagOf(`${catalogue.seq}`, variant))) return reply as never

      const { numbers: among } = await catalogue.select(question)
      const [here, there] = [assessor.standing(a.context), assessor.standing(b.context)]
      const pairs = VERDICTS.flatMap((one) =>
        VERDICTS.map((other) => ({
          a: one,
          b: other,
          both: here.byVerdict[one].new_intersection(there.byVerdict[other]).intersection(among)
        }))
      )
      const differing = pairs.filter((pair) => pair.a !== pair.b).reduce((all, { both }) => all.union(both), new Numbers())
      const page = pageOf(catalogue, [{ among: differing, order: 'maturity', descending: false }], { limit, after })
      const cursor = page.next ? writeCursor(asking, page.next) : ''
      linkNext(request, reply, config.PUBLIC_URL, cursor)
      const measures = JSON.parse(`[${await catalogue.joined(page.numbers)}]`) as Measure[]
      const words = wording(language)
      return {
        rulesVersion: RULES_VERSION,
        a: { ...a, counts: countsOf(here, among) },
        b: { ...b, counts: countsOf(there, among) },
        pairs: pairs.flatMap(({ both, ...pair }) => (both.isEmpty() ? [] : [{ ...pair, count: both.size() }])),
        items: measures.map((measure) => ({
          measure: headOf(measure, language),
          a: sideOf(measure, a.context, words),
          b: sideOf(measure, b.context, words)
        })),
        total: differing.size(),
        next: cursor
      } as never
    }
  )
}

/** How a measure stands in one of the contexts. */
function sideOf(measure: Measure, context: Asked, wording: Wording) {
  const { verdict, findings } = readinessOf(measure, context)
  const open = findings.filter((finding) => effectOf(finding) !== 'none')
  const blocking = open.filter((finding) => effectOf(finding) !== 'condition')
  const told = blocking.length > 0 ? blocking : open
  return {
    verdict,
    blockedBy: [...new Set(blocking.map(({ gate }) => gate))],
    because: wording.sayAll(merged(told.flatMap(({ because }) => because)))
  }
}
