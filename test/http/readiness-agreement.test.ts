/** The starter catalogue, judged as a whole and measure by measure, in contexts of every kind: the answers are the same, on every engine. */
import fc from 'fast-check'
import t from 'tap'
import type { Measure } from '../../src/measures/measure.schema.ts'
import type { ReadinessContext } from '../../src/readiness/context.schema.ts'
import type { Asked } from '../../src/readiness/gate.ts'
import { asked, readinessOf } from '../../src/readiness/readiness.ts'
import { VERDICTS } from '../../src/readiness/verdict.ts'
import { stated, TODAY } from '../domain/readiness.arbitrary.ts'
import { engines } from '../engines.ts'
import { openRegistry } from '../registry.ts'
import type { ReadinessAnswer } from './made.ts'

const LANGUAGES = ['en', 'en-GB', 'nl', 'nl-BE', 'fr', 'de', 'es', 'es-MX', 'tr', 'ar', 'zh-Hans'] as const
const PLACES = ['US', 'US-CA', 'GB', 'GB-SCT', 'NL', 'BE-VLG', 'DE', 'CA', 'AU', 'JP', 'EU', '001'] as const
const some = <T>(items: readonly T[]) => fc.uniqueArray(fc.constantFrom(...items), { minLength: 1, maxLength: 3 })

/** Contexts that state much or little, with the languages and places of real measures. */
const contexts = (elements: readonly string[]): fc.Arbitrary<ReadinessContext> =>
  fc
    .tuple(
      stated,
      fc.record({
        language: some(LANGUAGES),
        jurisdiction: some(PLACES),
        dataElement: some(elements),
        asOf: fc.constantFrom('2020-02-29', '2031-01-01')
      }),
      fc.constantFrom(1, 2, 3, 14)
    )
    .map(([context, more, most]) => ({ parts: Object.entries({ ...context, ...more }), most }))
    .chain(({ parts, most }) => fc.subarray(parts, { maxLength: Math.min(most, parts.length) }))
    .map((parts) => Object.fromEntries(parts) as ReadinessContext)

function queryOf({ budget, ...context }: ReadinessContext): string {
  const escaped = (code: string) => code.replaceAll(/[\\,]/g, '\\$&').replace(/^!/, '\\!')
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(context))
    for (const each of [value].flat()) parameters.append(name, Array.isArray(value) ? escaped(String(each)) : String(each))
  if (budget) parameters.append('budget', String(budget.amount))
  if (budget) parameters.append('currency', budget.currency)
  return parameters.toString()
}

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip, timeout: 120_000 }, async (t) => {
    const registry = await openRegistry(engine)
    t.teardown(registry.close)
    const json = async (url: string) => {
      const answer = await registry.send('GET', url)
      if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.body}`)
      return answer.json()
    }
    const measures = new Map<string, Measure>()
    for (const { id } of (await json('/v1/measures?fields=id&limit=1000')).items) measures.set(id, await json(`/v1/measures/${id}`))
    const elements = [...measures.values()].flatMap(({ dataSources = [] }) => dataSources.flatMap((source) => source.elements ?? []))
    const sampled = fc.sample(contexts([...new Set(elements), 'nothing of the kind']), { seed: 7, numRuns: 70 })

    await t.test(`every measure in ${sampled.length} contexts`, async (t) => {
      const met = new Set<string>()
      for (const [i, context] of sampled.entries()) {
        const query = queryOf(context)
        const { items, context: understood, counts, total } = await json(`/v1/readiness?limit=1000&${query}`)
        t.same(understood, asked(context, TODAY), query)
        t.equal(total, measures.size)
        const answered = (items as ReadinessAnswer[]).map(({ measure, verdict, basis }) => [measure.id, verdict, basis])
        const alone = [...measures.values()].map((measure) => {
          const { verdict, basis } = readinessOf(measure, understood as Asked)
          return [measure.id, verdict, basis]
        })
        t.strictSame(answered.sort(), alone.sort(), query)
        t.strictSame(counts, Object.fromEntries(VERDICTS.map((each) => [each, alone.filter(([, verdict]) => verdict === each).length])))
        for (const basis of i % 5 === 0 ? ['documented', 'unverified'] : []) {
          const kept = (await json(`/v1/readiness?limit=1000&basis=${basis}&${query}`)).items as ReadinessAnswer[]
          t.same(
            kept.map(({ measure }) => measure.id).sort(),
            alone.flatMap(([id, , own]) => (own === basis ? [id] : [])).sort(),
            `${basis} ${query}`
          )
        }
        for (const [, verdict] of alone) met.add(verdict!)
      }
      t.ok(met.size >= 4, `met ${[...met].join()}`)
    })

    await t.test('what a change of the context unlocks is what that context gives', async (t) => {
      const readyIn = async (context: ReadinessContext) =>
        (await json(`/v1/readiness?limit=1000&verdict=ready-now,ready-with-conditions&${queryOf(context)}`)).items.map(
          ({ measure }: ReadinessAnswer) => measure.id
        ) as string[]
      let tried = 0
      for (const context of sampled.slice(0, 60)) {
        const before = await readyIn(context)
        const { ready, total, changes, sequence } = await json(`/v1/readiness/unlocks?limit=1000&${queryOf(context)}`)
        t.strictSame([ready, total], [before.length, measures.size])
        for (const change of changes) {
          const then = changed(context, change)
          if (!then) continue
          tried++
          const gained = (await readyIn(then)).filter((id) => !before.includes(id))
          t.same(change.measures.map(({ id }: { id: string }) => id).sort(), gained.sort(), `${change.sentence} ${queryOf(context)}`)
          t.equal(change.becomeReady, gained.length)
        }
        let sum = ready
        for (const step of sequence) t.equal(step.ready, (sum += step.becomeReady))
        t.ok(sequence.length <= 5)
      }
      t.ok(tried > 50, `${tried} changes`)
    })
  })
}

/** The context after a change, where it is one of the context. */
function changed(context: ReadinessContext, change: { kind: string; data?: string; language?: string; dimension?: string; days?: number }) {
  const without = (name: 'language' | 'stratifier', code?: string) => {
    const { [name]: codes = [], ...rest } = context
    const left = (codes as string[]).filter((each) => each !== code)
    return (left.length > 0 ? { ...rest, [name]: left } : rest) as ReadinessContext
  }
  switch (change.kind) {
    case 'data':
      return { ...context, data: [...(context.data ?? []), change.data] } as ReadinessContext
    case 'translation':
      return without('language', change.language)
    case 'stratifier':
      return without('stratifier', change.dimension)
    case 'time':
      return { ...context, horizonDays: change.days } as ReadinessContext
    default:
      return undefined
  }
}
