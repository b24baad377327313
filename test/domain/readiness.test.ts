/** What holds of every verdict, whatever the measure and the context. */
import fc from 'fast-check'
import t from 'tap'
import type { Measure } from '../../src/measures/measure.schema.ts'
import { Numbers } from '../../src/measures/postings.ts'
import type { Asked } from '../../src/readiness/gate.ts'
import { basisIn } from '../../src/readiness/provenance.ts'
import { profileOf, ReadinessIndex } from '../../src/readiness/readiness.index.ts'
import { readinessOf } from '../../src/readiness/readiness.ts'
import { GATES } from '../../src/readiness/rules.ts'
import { Standing } from '../../src/readiness/standing.ts'
import { unitsOf } from '../../src/readiness/units.ts'
import { VERDICTS, type Verdict, verdictOf } from '../../src/readiness/verdict.ts'
import { CODES } from '../../src/vocabularies/codes.ts'
import { context, LANGUAGES, measure, measureOf, PLACES } from './readiness.arbitrary.ts'

const RUNS = { numRuns: 2_000 }

/** A trial is not better or worse than not knowing: nothing that an asker changes leads from one to the other. */
const RANK: Record<Verdict, number> = { 'not-ready': 0, 'cannot-tell': 1, 'ready-for-trial': 1, 'ready-with-conditions': 2, 'ready-now': 3 }
const rank = (of: Measure, asked: Asked) => RANK[readinessOf(of, asked).verdict]

/** A context, and the same with more of something. */
const more = (widen: (asked: Asked) => fc.Arbitrary<Asked>) => context.chain((asked) => widen(asked).map((then) => [asked, then] as const))

const withOne = (field: 'data' | 'language' | 'stratifier' | 'jurisdiction' | 'setting', codes: readonly string[]) =>
  more((asked) =>
    fc.constantFrom(...codes).map((code) => ({ ...asked, [field]: [...new Set([...((asked[field] as string[]) ?? []), code])] }) as Asked)
  )

const raised = ({ budget }: Asked, extra: number) => (budget ? { budget: { ...budget, amount: budget.amount + extra } } : {})
const longer = ({ minutes }: Asked, extra: number) => (minutes === undefined ? {} : { minutes: minutes + extra })
const larger = ({ populationSize }: Asked, extra: number) =>
  populationSize === undefined ? {} : { populationSize: populationSize + extra }

t.test('more never worsens a verdict', async () => {
  const helps: [string, fc.Arbitrary<readonly [Asked, Asked]>, (asked: Asked) => boolean][] = [
    ['data', withOne('data', CODES['data-source']), ({ data }) => data !== undefined],
    ['settings', withOne('setting', CODES.setting), ({ setting }) => setting !== undefined],
    ['budget', more((asked) => fc.nat(5_000).map((extra) => ({ ...asked, ...raised(asked, extra) }))), () => true],
    ['days', more((asked) => fc.nat(400).map((extra) => ({ ...asked, horizonDays: asked.horizonDays + extra }))), () => true],
    ['minutes', more((asked) => fc.nat(60).map((extra) => ({ ...asked, ...longer(asked, extra) }))), () => true],
    ['people', more((asked) => fc.nat(9_999).map((extra) => ({ ...asked, ...larger(asked, extra) }))), () => true]
  ]
  for (const [, pairs, applies] of helps) {
    fc.assert(
      fc.property(measure, pairs, (of, [before, after]) => {
        fc.pre(applies(before))
        return rank(of, after) >= rank(of, before)
      }),
      RUNS
    )
  }
})

t.test('asking for one more never improves a verdict', async () => {
  for (const pairs of [withOne('language', LANGUAGES), withOne('stratifier', CODES['equity-dimension']), withOne('jurisdiction', PLACES)]) {
    fc.assert(
      fc.property(measure, pairs, (of, [before, after]) => rank(of, after) <= rank(of, before)),
      RUNS
    )
  }
})

t.test('a verdict is a function of the record, the context and the rules', async () => {
  const reversed = <T extends object>(object: T) => Object.fromEntries(Object.entries(object).reverse()) as T
  fc.assert(
    fc.property(measure, context, (of, asked) => {
      const first = JSON.stringify(readinessOf(of, asked))
      // The order of fields and the hour do not matter, nor does what no gate reads.
      const other = { ...reversed(of), description: 'Something else.', id: 'another', title: 'Another' }
      return JSON.stringify(readinessOf(other, reversed(asked))) === first && JSON.stringify(readinessOf(of, asked)) === first
    }),
    { numRuns: 500 }
  )
})

t.test('a gate reads what it says that it reads', async () => {
  const named = new Set(GATES.flatMap(({ reads }) => reads.map((path) => path.split('.')[0]!)))
  for (const gate of GATES) {
    const read = new Set([...gate.reads.map((path) => path.split('.')[0]!), 'provenance', 'readiness'])
    fc.assert(
      fc.property(measure, measure, context, (of, other, asked) => {
        const rest = Object.fromEntries(Object.entries(other).filter(([field]) => named.has(field) && !read.has(field)))
        const kept = Object.fromEntries(Object.entries(of).filter(([field]) => read.has(field) || !named.has(field)))
        const changed = { ...kept, ...rest } as Measure
        return (
          JSON.stringify(gate.judge(gate.facts(changed, basisIn(changed)), asked)) ===
          JSON.stringify(gate.judge(gate.facts(of, basisIn(of)), asked))
        )
      }),
      { numRuns: 300 }
    )
  }
})

t.test('a gate asks for what it says that it asks for', async () => {
  for (const gate of GATES) {
    const needed = new Set<string>([...gate.asks, 'asOf', 'horizonDays'])
    fc.assert(
      fc.property(measure, context, (of, asked) => {
        const part = Object.fromEntries(Object.entries(asked).filter(([field]) => needed.has(field))) as Asked
        return (
          JSON.stringify(gate.judge(gate.facts(of, basisIn(of)), part)) === JSON.stringify(gate.judge(gate.facts(of, basisIn(of)), asked))
        )
      }),
      { numRuns: 300 }
    )
  }
})

t.test('nothing is assumed: a context that states nothing is asked nothing', async (t) => {
  const asked = { horizonDays: 90, asOf: '2026-11-24' }
  fc.assert(
    fc.property(measure, (of) => {
      const open = readinessOf(of, asked).findings.filter(({ outcome }) => outcome !== 'not-asked' && outcome !== 'not-applicable')
      return open.every(({ gate }) => ['specified', 'sound', 'rights', 'interpretable', 'steward'].includes(gate))
    }),
    RUNS
  )
  t.equal(readinessOf(measureOf({ title: 'An idea' }), asked).verdict, 'not-ready')
})

t.test('the catalogue as sets agrees with each measure by itself', async () => {
  fc.assert(
    fc.property(fc.array(measure, { maxLength: 30 }), fc.array(measure, { maxLength: 10 }), context, (first, later, asked) => {
      const index = new ReadinessIndex()
      const present = new Map<number, Measure>(first.map((of, i) => [i * 3, { ...of, id: `m-${i}` }]))
      index.add([...present].map(([no, of]) => profileOf(no, of)))
      // Some are replaced, under numbers of others as well, some go.
      for (const [i, of] of later.entries()) {
        const id = `m-${i}`
        for (const [no, each] of present) if (each.id === id) present.delete(no)
        const no = 200 - i
        if (i % 3 !== 0) present.set(no, { ...of, id })
        index.replace([id], i % 3 === 0 ? [] : [profileOf(no, { ...of, id })])
      }
      const standing = new Standing(
        index.all(),
        unitsOf(asked).map((unit) => index.effectsOf(unit))
      )
      return (
        standing.ready().size() <= present.size &&
        [...present].every(([no, of]) => {
          const alone = readinessOf(of, asked)
          return standing.verdictOf(no) === alone.verdict && standing.unverified.has(no) === (alone.basis === 'unverified')
        }) &&
        VERDICTS.reduce((all, verdict) => all.union(standing.byVerdict[verdict]), new Numbers()).size() === present.size
      )
    }),
    { numRuns: 300 }
  )
})

t.test('measures of which no two need the same data elements are judged one by one, and no slower for it', async (t) => {
  const measures = Array.from({ length: 3_000 }, (_, i) => ({
    ...measureOf({
      title: 'A measure',
      dataSources: [
        { kind: 'ehr', elements: [`e${i}`, 'Age'] },
        { kind: 'claims', elements: [`c${i % 7}`, `d${i}`] }
      ]
    }),
    id: `m-${i}`
  }))
  const index = new ReadinessIndex()
  index.add(measures.map((of, no) => profileOf(no, of)))
  const asked = { dataElement: ['e5', 'age', 'c3', 'd10'], horizonDays: 90, asOf: '2026-11-24' }
  const standing = new Standing(
    index.all(),
    unitsOf(asked).map((unit) => index.effectsOf(unit))
  )
  for (const no of [0, 3, 5, 10, 17, 2_999]) t.equal(standing.verdictOf(no), readinessOf(measures[no]!, asked).verdict, `${no}`)
  // One obstacle less, where the data are at hand.
  const obstacles = (no: number) =>
    readinessOf(measures[no]!, asked).findings.filter(({ gate, outcome }) => gate === 'data' && outcome === 'fail').length
  t.same([obstacles(5), obstacles(10), obstacles(11)], [0, 0, 1])
  t.equal(standing.obstaclesAmong(new Numbers([5])) + 1, standing.obstaclesAmong(new Numbers([11])))
})

t.test('obstacles are counted as often as they stand in the way', async () => {
  fc.assert(
    fc.property(fc.array(measure, { maxLength: 20 }), context, (measures, asked) => {
      const index = new ReadinessIndex()
      index.add(measures.map((of, no) => profileOf(no, { ...of, id: `m-${no}` })))
      const standing = new Standing(
        index.all(),
        unitsOf(asked).map((unit) => index.effectsOf(unit))
      )
      const counts = measures.map(
        (of) => readinessOf(of, asked).findings.filter(({ outcome, isAdvice }) => ['fail', 'unknown'].includes(outcome) && !isAdvice).length
      )
      const one = standing.oneObstacle()
      return (
        standing.obstaclesAmong(index.all()) === counts.reduce((sum, count) => sum + count, 0) &&
        counts.every((count, no) => one.has(no) === (count === 1))
      )
    }),
    { numRuns: 300 }
  )
})

t.test('the order of the verdict', async (t) => {
  const finding = (outcome: 'fail' | 'unknown' | 'conditional' | 'pass' | 'not-asked', rest = {}) => ({
    outcome,
    because: [],
    closesWith: [],
    ...rest
  })
  const immature = finding('fail', { isImmature: true })
  const rows = [
    ['ready-now', [finding('pass'), finding('not-asked')]],
    ['ready-with-conditions', [finding('pass'), finding('conditional')]],
    ['ready-with-conditions', [finding('unknown', { isAdvice: true })]],
    ['ready-with-conditions', [finding('fail', { isAdvice: true })]],
    ['cannot-tell', [finding('conditional'), finding('unknown')]],
    ['ready-for-trial', [immature, finding('unknown'), finding('conditional')]],
    ['not-ready', [immature, finding('fail')]],
    ['not-ready', [finding('fail'), finding('unknown')]]
  ] as const
  for (const [verdict, findings] of rows) t.equal(verdictOf(findings), verdict)
})

t.test('what a fact rests on', async (t) => {
  const record = { licence: { fee: 'free' }, languages: [{ code: 'nl' }] }
  const rows = [
    [[], 'licence.fee', 'unverified'],
    [[['licence', 'seen']], 'licence.fee', 'documented'],
    [[['licence', 'classified']], 'licence.fee', 'unverified'],
    // The nearest entry counts, whatever the order.
    [
      [
        ['licence', 'seen'],
        ['licence.fee', 'unverified']
      ],
      'licence.fee',
      'unverified'
    ],
    [
      [
        ['licence.fee', 'seen'],
        ['licence', 'unverified']
      ],
      'licence.fee',
      'documented'
    ],
    // Two entries of the same field: it was seen.
    [
      [
        ['licence', 'unverified'],
        ['licence', 'seen']
      ],
      'licence.fee',
      'documented'
    ],
    // A whole is documented where every part is.
    [
      [
        ['languages.nl', 'seen'],
        ['languages.fr', 'seen']
      ],
      'languages',
      'documented'
    ],
    [
      [
        ['languages.nl', 'seen'],
        ['languages.fr', 'unverified']
      ],
      'languages',
      'unverified'
    ],
    // What is missing rests on nothing, whatever somebody saw.
    [[['testing', 'seen']], 'testing', 'unverified'],
    [[['licence', 'seen']], 'licence.permission', 'unverified'],
    // A part of another field with the same beginning says nothing.
    [[['licences', 'seen']], 'licence', 'unverified']
  ] as const
  for (const [entries, path, expected] of rows) {
    t.equal(
      basisIn({ ...record, provenance: entries.map(([field, status]) => ({ fields: [field], status })) })(path),
      expected,
      `${JSON.stringify(entries)} ${path}`
    )
  }
})
