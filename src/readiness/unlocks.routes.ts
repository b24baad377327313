/** `GET /v1/readiness/unlocks`: what should we do first? */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref } from '../component.ts'
import { etagOf, notModified } from '../http/conditional.ts'
import { tellingFormatOf } from '../http/formats.ts'
import { describeLanguage, languageOf } from '../http/languages.ts'
import { problemResponses } from '../http/problems.ts'
import { sha256 } from '../json/canonical.ts'
import { firstOf } from '../measures/measure.queries.ts'
import type { Measure } from '../measures/measure.schema.ts'
import { Memory } from '../measures/memory.ts'
import { PACKAGE } from '../package.ts'
import { labelLanguage } from '../vocabularies/vocabularies.ts'
import { headOf } from './answer.ts'
import { changeReason } from './changes.ts'
import type { ReadinessDeps } from './readiness.deps.ts'
import { readContext, readQuestion } from './reading.ts'
import { UnlocksQuery } from './requests.schema.ts'
import { RULES_VERSION } from './rules.ts'
import { tellingContent } from './telling.content.ts'
import { tellContext } from './telling.ts'
import { tellUnlocks } from './telling.unlocks.ts'
import { UnlocksAnswer } from './unlocks.schema.ts'
import { findUnlocks, type Unlock, type Unlocks } from './unlocks.ts'

/** Answers that are kept until the catalogue changes: they take tens of milliseconds to find. */
const KEPT = 50

export const unlocksRoutes: FastifyPluginAsyncTypebox<ReadinessDeps> = async (app, deps) => {
  const { store, catalogue, assessor, config, wording } = deps
  const epoch = [PACKAGE.version, config.PUBLIC_URL, await store.read(firstOf)]
  const kept = new Memory<Promise<Unlocks>>(KEPT)

  app.get(
    '/readiness/unlocks',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'listUnlocks',
        summary: 'See which change would make most measures ready',
        description:
          'For each single change of the context (a data source, tested versions in a language, a licence, money, a test, time, a split): how many and which measures become ready, and for what there was none before. Then the best five, one after the other. A translation, a licence or a test may be work for each of the measures.',
        tags: ['readiness'],
        querystring: UnlocksQuery,
        response: {
          200: { description: 'Changes, the best first.', content: tellingContent(ref(UnlocksAnswer)) },
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
        'x-example': { query: { data: 'ehr,survey', language: 'nl,fr', budget: '0', limit: '2' } }
      }
    },
    async (request, reply) => {
      const { query } = request
      const limit = query.limit ?? 20
      const context = await readContext(query, deps)
      const question = readQuestion(query, request.actor, deps)
      const language = labelLanguage(languageOf(request, query.lang))
      const format = tellingFormatOf(request, query.format)
      await assessor.level()
      describeLanguage(reply, language)
      const variant = sha256(JSON.stringify([epoch, RULES_VERSION, context, question, limit, language, format])).slice(0, 12)
      if (notModified(request, reply, etagOf(`${catalogue.seq}`, variant))) return reply as never

      const found = await kept.recall(JSON.stringify([context, question]), catalogue.seq, async () => {
        const { numbers } = await catalogue.select(question)
        return findUnlocks(assessor, catalogue.index, numbers, context)
      })
      const named = await titles([...found.changes, ...found.sequence], limit, language)
      const words = wording(language)
      if (format === 'text') {
        reply.type('text/plain; charset=utf-8')
        return reply.send(`${tellContext(context, words)}\n\n${tellUnlocks(found, named, words)}\n`) as never
      }
      const answered = ({ change, gained, nearer, first }: Unlock) => ({
        ...change,
        sentence: words.say(changeReason(change)),
        becomeReady: gained.size(),
        comeNearer: nearer,
        measures: firstFew(gained, limit).flatMap((no) => named.get(no) ?? []),
        first
      })
      return {
        context,
        rulesVersion: RULES_VERSION,
        total: found.total,
        ready: found.ready,
        changes: found.changes.map(answered),
        sequence: found.sequence.map((step) => ({ ...answered(step), ready: step.ready }))
      } as never
    }
  )

  /** The measures that are named in the answer, each read once. */
  async function titles(unlocks: readonly Unlock[], limit: number, language: string) {
    const numbers = [...new Set(unlocks.flatMap(({ gained }) => firstFew(gained, limit)))]
    const measures = JSON.parse(`[${await catalogue.joined(numbers)}]`) as Measure[]
    return new Map(
      measures.map((measure, i) => {
        const { id, title } = headOf(measure, language)
        return [numbers[i]!, { id, title }]
      })
    )
  }

  /** The first in the order of titles. */
  const firstFew = (numbers: Unlock['gained'], limit: number) =>
    numbers.isEmpty() ? [] : catalogue.page(numbers, 'title', false, limit).map(({ no }) => no)
}
