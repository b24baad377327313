/** How votes are counted: every published result in test/vectors, and the borders of the rules. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import {
  type ApprovalBallot,
  electSequentially,
  MOST_SETS,
  pav,
  satisfactionScores,
  sequentialPav
} from '../../src/exercises/counting/approval.ts'
import { type BordaOptions, BordaTally, bordaPoints } from '../../src/exercises/counting/borda.ts'
import {
  type ConsensusRule,
  share13,
  share79,
  type Verdict,
  verdictOfCell,
  verdictOfCells
} from '../../src/exercises/counting/consensus.ts'
import { copeland } from '../../src/exercises/counting/copeland.ts'
import { averageExpertAgreement, scoreCriteria } from '../../src/exercises/counting/criteria.ts'
import { effectiveNumber, golosovNumber, hillNumber, participationRatio } from '../../src/exercises/counting/diversity.ts'
import { equalVoice } from '../../src/exercises/counting/equal-voice.ts'
import { givenBy, positionScores, rankPoints, topOf, unionOfTops } from '../../src/exercises/counting/james-lind.ts'
import { minimax } from '../../src/exercises/counting/minimax.ts'
import { Pairs } from '../../src/exercises/counting/pairwise.ts'
import { type Histogram, medianOf, PERCENTILE_TYPES, percentileOf } from '../../src/exercises/counting/percentiles.ts'
import { addPoints } from '../../src/exercises/counting/points.ts'
import { hasClassicDisagreement, judgeRatings } from '../../src/exercises/counting/rand-ucla.ts'
import { rankedPairs } from '../../src/exercises/counting/ranked-pairs.ts'
import { layersOf, rankingOf, type Tiers } from '../../src/exercises/counting/ranking.ts'
import { type Strength, schulze } from '../../src/exercises/counting/schulze.ts'

const FOLDER = join(import.meta.dirname, '../vectors')
// biome-ignore lint/suspicious/noExplicitAny: the files differ, and what is read from them is compared.
const read = (name: string): any => JSON.parse(readFileSync(join(FOLDER, name), 'utf8'))

/** How many gave a rating; nobody gave those that are not named. */
const histogram = (counts: Record<number, number>): number[] => Array.from({ length: 9 }, (_none, i) => counts[i + 1] ?? 0)
const histogramOf = (ratings: readonly number[]): number[] =>
  ratings.reduce((counts, rating) => counts.with(rating - 1, counts[rating - 1]! + 1), histogram({}))

type Named = readonly (readonly string[])[]
interface Vector {
  readonly id: string
  readonly method: string
  readonly options: Record<string, unknown>
  readonly input: {
    candidates: string[]
    ballots: { ranking: Named; approve: string[]; count: number }[]
    points: Record<string, number[]>
  }
  readonly expected: Record<string, unknown>
}

/** What the names of a vector are by index, and back. */
function naming(names: readonly string[]) {
  const numbered = (tiers: Named): Tiers => tiers.map((tier) => tier.map((name) => names.indexOf(name)))
  const list = (items: Iterable<number>) => [...items].map((item) => names[item]!)
  return {
    numbered,
    list,
    tiers: (tiers: Tiers) => tiers.map(list),
    byName: (numbers: ArrayLike<number>) => Object.fromEntries(names.map((name, i) => [name, numbers[i]!]))
  }
}

function pairsOf({ input, options }: Vector): Pairs {
  const { numbered } = naming(input.candidates)
  const pairs = new Pairs(input.candidates.length, (options?.['unranked'] ?? 'tied-last') as 'tied-last')
  for (const { ranking, count } of input.ballots) pairs.add(numbered(ranking), count)
  return pairs
}

function countSchulze(vector: Vector, strength = (vector.options?.['strength'] ?? 'winning') as Strength) {
  const { candidates } = vector.input
  const { list, tiers } = naming(candidates)
  const { winners, ranking, strengthOf } = schulze(pairsOf(vector), strength)
  const paths = candidates.map((name, a) => [
    name,
    Object.fromEntries(candidates.flatMap((other, b) => (a === b ? [] : [[other, strengthOf(a, b)]])))
  ])
  return { winners: list(winners), ranking: tiers(ranking), pathStrengths: Object.fromEntries(paths) }
}

function approvalsOf({ input }: Vector): ApprovalBallot[] {
  return input.ballots.map(({ approve, count }) => ({ approved: approve.map((name) => input.candidates.indexOf(name)), count }))
}

/** For each method of the vectors, all that it counts. What a vector expects must be among it. */
const COUNTED: Record<string, (vector: Vector) => Record<string, unknown>> = {
  schulze: (vector) => countSchulze(vector),
  borda: ({ input, options }) => {
    const { numbered, byName, tiers, list } = naming(input.candidates)
    const tally = new BordaTally(input.candidates.length, { base: 1, unranked: 'tied-last', ties: 'average', ...options } as BordaOptions)
    for (const { ranking, count } of input.ballots) tally.add(numbered(ranking), count)
    const ranking = rankingOf(tally.points)
    return { scores: byName(tally.points), ranking: tiers(ranking), winners: list(ranking[0]!) }
  },
  multi: (vector) => {
    const { tiers, list } = naming(vector.input.candidates)
    const pairs = pairsOf(vector)
    return {
      schulze: { ranking: countSchulze(vector).ranking },
      rankedPairs: { ranking: tiers(rankedPairs(pairs)) },
      copeland: { ranking: tiers(copeland(pairs).ranking) },
      minimaxWinning: { winners: list(minimax(pairs).winners) }
    }
  },
  pav: (vector) => {
    const set = pav(approvalsOf(vector), vector.input.candidates.length, vector.options['seats'] as number)!
    return { winners: naming(vector.input.candidates).list(set.winners), satisfaction: set.satisfaction }
  },
  spav: (vector) => ({
    winners: naming(vector.input.candidates).list(
      sequentialPav(approvalsOf(vector), vector.input.candidates.length, vector.options['seats'] as number)
    )
  }),
  sav: (vector) => {
    const { byName, list } = naming(vector.input.candidates)
    const scores = satisfactionScores(approvalsOf(vector), vector.input.candidates.length)
    return { scores: byName(scores), winners: list(topOf(rankingOf(scores), vector.options['seats'] as number)) }
  },
  'ngt-sum': ({ input }) => {
    const { byName, tiers } = naming(Object.keys(input.points))
    const given = Object.values(input.points)
    const sums = new Float64Array(given.length)
    for (const voter of given[0]!.keys())
      addPoints(
        sums,
        given.map((points, item) => [item, points[voter]!] as const)
      )
    return { sums: byName(sums), ranking: tiers(rankingOf(sums)) }
  }
}

/** The files that hold vectors by method; the others are read one by one below. */
const BY_METHOD = ['approval.json', 'borda.json', 'ngt.json', 'pairwise.json', 'schulze.json']
const BY_HAND = ['consensus-rules.json', 'jla.json', 'participation.json', 'rand-ucla.json']
const OF_OTHER_TESTS = ['suppression.json']

t.test('published results', async (t) => {
  t.same(readdirSync(FOLDER).sort(), [...BY_METHOD, ...BY_HAND, ...OF_OTHER_TESTS].sort(), 'no file is passed over')
  for (const file of BY_METHOD) {
    const { about, vectors, ...rest } = read(file)
    t.same(rest, {}, `${file} holds nothing but vectors: ${about}`)
    for (const vector of vectors as Vector[]) {
      const count = COUNTED[vector.method]
      if (!count) {
        t.fail(`${file}, ${vector.id}: nothing counts ${vector.method}`)
        continue
      }
      const counted = count(vector)
      for (const [name, expected] of Object.entries(vector.expected)) t.same(counted[name], expected, `${vector.id}: ${name}`)
    }
  }
  const ballots = (read('schulze.json').vectors as Vector[]).find(({ id }) => id === 'schulze-example-10-winning')!
  t.same(countSchulze(ballots, 'ratio').winners, ['B'], 'the same ballots by ratio: a third winner')
})

t.test('published consensus rules', async (t) => {
  const { rules, derived } = read('consensus-rules.json')
  const ours: Record<string, ConsensusRule> = { 'comet-70-15': 'comet-70-15', 'cos-stad-each-group': 'cos-stad' }
  const ofOtherScales = ['cosmin-agree-70-15', 'instrument-endorsement-70-30']
  t.same(rules.map(({ id }: { id: string }) => id).sort(), [...Object.keys(ours), ...ofOtherScales].sort())
  for (const rule of rules) {
    const name = ours[rule.id]
    if (!name) continue
    let different = 0
    for (let n = 1; n <= 40; n++) {
      for (let high = 0; high <= n; high++) {
        for (let low = 0; low <= n - high; low++) {
          const isIn = high * 100 >= rule.in.pct7to9_min * n && (rule.in.pct1to3_max === undefined || low * 100 < rule.in.pct1to3_max * n)
          const isOut = rule.out && high * 100 <= rule.out.pct7to9_max * n
          const expected = isIn ? 'in' : isOut ? 'out' : 'no-consensus'
          if (verdictOfCell(name, histogram({ 2: low, 5: n - high - low, 8: high }), 7) !== expected) different++
        }
      }
    }
    t.equal(different, 0, `${name} for every panel up to 40`)
  }
  for (const { rule, ratings, groups, expected, note } of derived) {
    const name = ours[rule]!
    if (ratings) {
      const counts = histogramOf(ratings)
      t.equal(verdictOfCell(name, counts, 7), expected.decision, note ?? rule)
      t.equal(share79(counts) * 100, expected.pct7to9)
      if (expected.pct1to3 !== undefined) t.equal(share13(counts) * 100, expected.pct1to3)
    } else {
      const cells: number[][] = Object.values(groups as Record<string, { n: number; pct7to9: number }>).map(({ n, pct7to9 }) => {
        const high = Math.round((n * pct7to9) / 100)
        return histogram({ 5: n - high, 9: high })
      })
      const pooled = cells.reduce((all, cell) => all.map((count, i) => count + cell[i]!))
      t.equal(verdictOfCell(name, pooled, 7), expected.pooledDecision)
      t.ok(Math.abs(share79(pooled) * 100 - expected.pooledPct7to9) <= 0.5, 'the published groups are rounded')
      t.equal(verdictOfCells(cells.map((cell) => verdictOfCell(name, cell, 7))), expected.perGroupDecision, note)
    }
  }
})

t.test('published panels of the appropriateness method', async (t) => {
  const { vectors, classicThresholds } = read('rand-ucla.json')
  for (const { input, expected } of vectors) {
    // Where the three lowest ratings lie is not printed, and does not matter.
    for (const lowest of [input.ratings_assumed.slice(0, 3), [4, 4, 4], [6, 6, 6], [1, 2, 3]]) {
      const counts = histogramOf([...lowest, ...input.ratings_assumed.slice(3)])
      for (const type of PERCENTILE_TYPES) {
        const judged = judgeRatings(counts, type)
        t.match(judged, {
          n: input.n,
          median: expected.median,
          p30: expected.p30,
          p70: expected.p70,
          interpercentileRange: expected.ipr,
          iprcp: expected.iprcp,
          asymmetryIndex: expected.asymmetryIndex,
          disagreement: expected.disagreement,
          disagreementRobust: true,
          agreement: expected.acceptedByMedianMethod
        })
        t.equal(judged.ipras, 6.1, 'by 2.35, not by the 2.5 that the table prints')
        t.equal(judged.ipras.toFixed(1), String(expected.ipras_rounded_1dp))
        t.ok(Math.abs(judged.disagreementIndex - 1 / 6.1) < 1e-12)
      }
    }
  }
  for (const [panel, most] of Object.entries<number>(classicThresholds.agreement_max_outside_median_tertile)) {
    const outside = (count: number) => judgeRatings(histogram({ 5: count, 8: Number(panel) - count }), 7).agreement
    t.same([outside(most), outside(most + 1)], [true, false], `${panel}: agreement with ${most} outside`)
  }
  for (const [panel, least] of Object.entries<number>(classicThresholds.disagreement_min_in_each_extreme)) {
    const extremes = (count: number) => hasClassicDisagreement(histogram({ 1: count, 5: Number(panel) - 2 * count, 9: count }))
    t.same([extremes(least), extremes(least - 1)], [true, false], `${panel}: disagreement with ${least} in each extreme`)
  }
})

t.test('published interim priorities', async (t) => {
  const { procedure, derived } = read('jla.json')
  t.same(rankPoints(10), Object.values(procedure.rankPoints))
  for (const { input, options, expected } of derived) {
    const items: string[] = input.items
    const { byName, list } = naming(items)
    const points = rankPoints(options.top)
    t.same(points, Object.values(input.rankPoints))
    const pooled = new Float64Array(items.length)
    const orders = Object.entries<{ ranking: string[]; count: number }[]>(input.groups).map(([group, ballots]) => {
      const totals = new Float64Array(items.length)
      for (const { ranking, count } of ballots) {
        const given = ranking.map((name) => items.indexOf(name))
        addPoints(totals, givenBy(given, points), count)
        addPoints(pooled, givenBy(given, points), count)
      }
      t.same(byName(totals), expected.groupTotals[group])
      const order = rankingOf(totals)
      t.same(list(order.flat()), expected.groupPositions[group])
      return order
    })
    t.same(byName(positionScores(orders, items.length)), expected.combinedPositionScores)
    t.same(byName(pooled), expected.rawPooledTotals)
    t.same(list(unionOfTops(orders, 2)), expected.unionTop2)
  }
})

t.test('published participation', async (t) => {
  const { published, publishedPPR, derived } = read('participation.json')
  const counts: Record<string, (shares: number[]) => number> = {
    'laakso-taagepera': effectiveNumber,
    golosov: golosovNumber,
    'hill-q1': hillNumber
  }
  for (const { id, cases } of published) {
    for (const { shares, expected } of cases) {
      t.ok(Math.abs(counts[id]!(shares) - expected) < 1e-12, `${id} of ${shares}`)
      t.ok(Math.abs(counts[id]!(shares.map((share: number) => share * 48)) - expected) < 1e-12, 'and of numbers of people')
    }
  }
  for (const { area, enrolled, women, targetShare, ppr } of publishedPPR.cases)
    for (const [i, target] of targetShare.entries())
      t.ok(Math.abs(participationRatio(women / enrolled, target) - ppr[i]) <= publishedPPR.tolerance, area)
  for (const { input, expected } of derived) {
    const ballots: Record<string, number> = input.ballots
    const total = Object.values(ballots).reduce((sum, n) => sum + n)
    for (const [group, n] of Object.entries(ballots))
      t.ok(Math.abs(participationRatio(n / total, input.target[group]) - expected.PPR[group]) < 1e-12, group)
    t.ok(Math.abs(effectiveNumber(Object.values(ballots)) - expected.effectiveGroups) < 1e-12)
  }
  for (const count of Object.values(counts)) t.same([count([]), count([0, 0]), count([1, 0])], [0, 0, 1], 'nobody, nobody, one')
})

t.test('borders of the consensus rules', async (t) => {
  const share = (high: number, n: number, low = 0): Histogram => histogram({ 2: low, 5: n - high - low, 8: high })
  const rows: [ConsensusRule, Histogram, Verdict, string][] = [
    ['cos-stad', share(6999, 10_000), 'no-consensus', '69.99 %'],
    ['cos-stad', share(7000, 10_000), 'in', '70 %'],
    ['cos-stad', share(70_000, 100_000), 'in', '70 % of many'],
    ['cos-stad', share(7, 10), 'in', '70 % of few'],
    ['comet-70-15', share(7000, 10_000, 1499), 'in', '14.99 % against'],
    ['comet-70-15', share(7000, 10_000, 1500), 'no-consensus', '15 % against'],
    ['comet-70-15', share(5000, 10_000), 'out', '50 %'],
    ['comet-70-15', share(5001, 10_000), 'no-consensus', '50.01 %'],
    ['pqm', share(14, 20), 'reconsider', '70 % of 20'],
    ['pqm', share(15, 20), 'in', '75 % of 20'],
    ['pqm', share(14, 19), 'in', '73.7 % of 19'],
    ['pqm', share(13, 19), 'reconsider', '68.4 % of 19'],
    ['pqm', share(7, 10), 'in', '70 % of 10'],
    ['pqm', share(6, 10), 'reconsider', '60 %'],
    ['pqm', share(5999, 10_000), 'no-consensus', '59.99 %'],
    ['ram', histogram({ 7: 5 }), 'in', 'median 7'],
    ['ram', histogram({ 6: 5, 7: 5 }), 'no-consensus', 'median 6.5'],
    ['ram', histogram({ 3: 5 }), 'out', 'median 3'],
    ['ram', histogram({ 3: 5, 4: 5 }), 'no-consensus', 'median 3.5'],
    ['ram', histogram({ 1: 4, 9: 5 }), 'no-consensus', 'median 9, but divided'],
    ['ram', histogram({ 1: 5, 9: 4 }), 'no-consensus', 'median 1, but divided'],
    ['cos-stad', histogram({}), 'no-consensus', 'nobody'],
    ['comet-70-15', histogram({}), 'no-consensus', 'nobody'],
    ['pqm', histogram({}), 'no-consensus', 'nobody'],
    ['ram', histogram({}), 'no-consensus', 'nobody']
  ]
  for (const [rule, counts, expected, note] of rows) t.equal(verdictOfCell(rule, counts, 7), expected, `${rule}: ${note}`)
  const together: [Verdict[], Verdict][] = [
    [[], 'no-consensus'],
    [['in', 'in'], 'in'],
    [['out', 'out'], 'out'],
    [['in', 'out'], 'no-consensus'],
    [['in', 'reconsider'], 'reconsider'],
    [['reconsider'], 'reconsider'],
    [['reconsider', 'no-consensus'], 'no-consensus'],
    [['out', 'reconsider'], 'no-consensus'],
    [['in', 'no-consensus'], 'no-consensus']
  ]
  for (const [verdicts, expected] of together) t.equal(verdictOfCells(verdicts), expected, verdicts.join())
  t.same([share79(histogram({})), share13(histogram({}))], [0, 0])
})

t.test('percentiles and disagreement', async (t) => {
  // As R defines quantile(c(1, 2, 2, 3, 4, 5, 7, 8, 9, 9), 0.3, type = type).
  const counts = histogramOf([1, 2, 2, 3, 4, 5, 7, 8, 9, 9])
  t.same(
    PERCENTILE_TYPES.map((type) => percentileOf(counts, 0.3, type)),
    [2.5, 2.5, 2.3, 2.7]
  )
  t.same(
    PERCENTILE_TYPES.map((type) => percentileOf(counts, 0.7, type)),
    [7.5, 7.5, 7.7, 7.3]
  )
  const many = histogram({ 3: 30_000, 4: 40_000, 5: 30_000 })
  t.same([percentileOf(many, 0.3, 2), percentileOf(many, 0.7, 2)], [3.5, 4.5], 'a border among 100,000')
  t.same([percentileOf(many, 0, 6), percentileOf(many, 1, 5)], [3, 5], 'the ends')
  t.equal(medianOf(histogram({ 1: 1, 9: 1 })), 5)
  t.ok([medianOf(histogram({})), percentileOf(histogram({}), 0.3, 7)].every(Number.isNaN), 'of nothing there is none')
  t.throws(() => judgeRatings(histogram({}), 7), RangeError)
  t.match(judgeRatings(histogram({ 9: 1 }), 7), { disagreement: false, disagreementRobust: true, agreement: true }, 'a panel of one')
  t.match(
    judgeRatings(histogram({ 3: 4, 4: 4, 7: 4 }), 7),
    { p30: 3.3, p70: 6.1, interpercentileRange: 2.8, ipras: 2.8, disagreementIndex: 1, disagreement: false },
    'as wide as the adjusted range is not wider'
  )
  const divided = judgeRatings(histogram({ 1: 5, 9: 5 }), 2)
  t.match(divided, { interpercentileRange: 8, iprcp: 5, ipras: 2.35, disagreement: true, disagreementRobust: true, agreement: false })
  const disputed = histogram({ 1: 3, 7: 1, 9: 6 })
  t.same(
    PERCENTILE_TYPES.map((type) => judgeRatings(disputed, type).disagreement),
    [true, true, true, false],
    'the definition of percentiles decides'
  )
  t.equal(judgeRatings(disputed, 7).disagreementRobust, false)
  t.equal(judgeRatings(disputed, 2).disagreementRobust, false)
})

t.test('rankings', async (t) => {
  t.same(rankingOf([1, 3, 2, 3]), [[1, 3], [2], [0]])
  t.same(rankingOf([0.1 + 0.2, 0.3, 0.30001]), [[2], [0, 1]], 'sums that differ by rounding are equal')
  t.same(rankingOf([Number.NaN, 0, Number.NaN, -1]), [[1], [3], [0, 2]], 'without a score, last')
  t.same(rankingOf([1e-12, 2e-12]), [[1], [0]], 'the tolerance is relative')
  t.same(rankingOf([0, 0]), [[0, 1]])
  t.same(rankingOf([]), [])
  t.same(
    layersOf(4, (a, b) => a === 0 && b > 1),
    [
      [0, 1],
      [2, 3]
    ]
  )
  t.same(topOf([[3], [0, 1], [2]], 2), [3, 0, 1], 'equals at the border are all in')
  t.same(topOf([[3], [0, 1], [2]], 1), [3])
  t.same(topOf([[3]], 0), [])
  t.same(
    unionOfTops(
      [
        [[3], [0]],
        [[1], [0]]
      ],
      1
    ),
    [1, 3]
  )
  t.same(positionScores([[[0], [1, 2]], [[2]]], 3), [3 + 1.5, 1.5 + 1.5, 1.5 + 3], 'ties and items that are left out share places')
  t.same(
    [...givenBy([2, 0], [1])],
    [
      [2, 1],
      [0, 0]
    ],
    'beyond the points there are none'
  )
})

t.test('pairs and points', async (t) => {
  const tied = new Pairs(4)
  tied.add([[0], [1, 2]], 3)
  t.same([tied.prefers(0, 1), tied.prefers(1, 2), tied.prefers(2, 3), tied.prefers(3, 0)], [3, 0, 3, 0], 'left out: tied last')
  const zero = new Pairs(4, 'zero')
  zero.add([[0], [1, 2]])
  t.same([zero.prefers(0, 1), zero.prefers(2, 3), zero.prefers(0, 3)], [1, 0, 0], 'left out: not compared')
  zero.merge(tied)
  t.same([zero.prefers(0, 1), zero.prefers(2, 3)], [4, 3])
  t.throws(() => tied.add([[0], [0]]), RangeError)
  t.throws(() => tied.add([[4]]), RangeError)
  t.equal(tied.prefers(0, 1), 3, 'a ballot that is refused adds nothing')
  t.throws(() => tied.merge(new Pairs(3)), RangeError)
  t.same([...bordaPoints([[0]], 4, { base: 0, unranked: 'tied-last', ties: 'average' })], [3, 1, 1, 1])
  t.same([...bordaPoints([[0], [1, 2]], 4, { base: 0, unranked: 'zero', ties: 'average' })], [3, 1.5, 1.5, 0])
  const options = { base: 1, unranked: 'tied-last', ties: 'average' } as const
  const [one, other] = [new BordaTally(2, options), new BordaTally(2, options)]
  one.add([[0], [1]], 2)
  other.add([[1]])
  one.merge(other)
  t.same([[...one.points], one.ballots], [[5, 4], 3])
  const unopposed = new Pairs(3)
  unopposed.add([[0], [1], [2]], 2)
  const byRatio = schulze(unopposed, 'ratio')
  t.ok(Number.isFinite(byRatio.strengthOf(0, 2)), 'a link that nobody opposes is strong, not infinite')
  t.same(byRatio.ranking, [[0], [1], [2]])
  t.same(schulze(new Pairs(2), 'margin'), { ...schulze(new Pairs(2), 'margin'), winners: [0, 1], ranking: [[0, 1]] }, 'no ballots')
  t.same(schulze(new Pairs(0), 'winning').winners, [])
  const circle = new Pairs(3)
  for (const tiers of [
    [[0], [1], [2]],
    [[1], [2], [0]],
    [[2], [0], [1]]
  ])
    circle.add(tiers)
  t.same(rankedPairs(circle), [[0, 1, 2]], 'a circle of equal defeats is no defeat')
  const compared = (...counts: [better: number, worse: number, count: number][]) => {
    const pairs = new Pairs(3, 'zero')
    for (const [better, worse, count] of counts) pairs.add([[better], [worse]], count)
    return pairs
  }
  const unevenly = compared([0, 1, 5], [1, 0, 4], [1, 2, 5], [2, 1, 3], [2, 0, 5], [0, 2, 2])
  t.same(rankedPairs(unevenly), [[1], [2], [0]], 'of defeats by as many, the most opposed gives way')
  const undefeated = compared([0, 2, 100], [2, 0, 49], [1, 2, 10], [2, 1, 12])
  t.same(minimax(undefeated).ranking, [[0], [1], [2]], 'a large minority is no defeat')
  t.same([...copeland(undefeated).scores], [1.5, 0.5, 1])
})

t.test('approvals', async (t) => {
  const ballots = [
    { approved: [0, 1], count: 2 },
    { approved: [1, 0, 0], count: 1 },
    { approved: [2], count: 3 }
  ]
  t.same(electSequentially(ballots, 4, 3), [
    { elected: 0, tiedWith: [1, 2] },
    { elected: 2, tiedWith: [] },
    { elected: 1, tiedWith: [] }
  ])
  t.equal(sequentialPav(ballots, 4, 9).length, 4, 'never more than there are items')
  t.same(pav(ballots, 3, 2), { winners: [0, 2], satisfaction: 6, tiedWith: [[1, 2]] })
  const wholeAndParts = [
    ...[0, 1, 2, 3, 4].map((item) => ({ approved: [item], count: 100 })),
    { approved: [5], count: 1 },
    ...[[0], [0, 1], [0, 1, 2, 3, 4]].map((others) => ({ approved: [...others, 6], count: 1 }))
  ]
  t.same(electSequentially(wholeAndParts, 7, 6)[5], { elected: 5, tiedWith: [6] }, '1/2 + 1/3 + 1/6 is 1')
  const many = [2_000_000_000, 2_000_000_001].map((count, item) => ({ approved: [item], count }))
  t.same(electSequentially(many, 2, 1), [{ elected: 1, tiedWith: [] }], 'one of billions is no tie')
  const unlike = Array.from({ length: 3000 }, (_none, i) => ({ approved: [...Array(20).keys()].filter((bit) => i & (1 << bit)), count: 1 }))
  t.equal(pav(unlike, 20, 6), null, '38,760 sets')
  t.equal(pav(unlike, 20, 5), null, '15,504 sets of 3,000 different ballots')
  t.equal(pav([], 40, 20), null, `more than ${MOST_SETS} sets`)
  t.same(pav([], 2, 0), { winners: [], satisfaction: 0, tiedWith: [] })
  t.same(sequentialPav([], 2, 2), [0, 1])
  t.same(
    [
      ...satisfactionScores(
        [
          { approved: [], count: 3 },
          { approved: [1], count: 1 }
        ],
        2
      )
    ],
    [0, 1]
  )
})

t.test('criteria and equal voice', async (t) => {
  const answers = [
    { no: 1, perhaps: 2, yes: 7 },
    { no: 0, perhaps: 0, yes: 0 },
    { no: 4, perhaps: 0, yes: 4 }
  ]
  const { scores, total } = scoreCriteria(answers)
  t.same(scores, [0.8, null, 0.5], 'who does not know counts nowhere')
  t.equal(total, 0.65)
  t.equal(scoreCriteria(answers, [3, 5, 1]).total, (3 * 0.8 + 0.5) / 4, 'weights over the criteria that were answered')
  t.same([scoreCriteria(answers, [0, 1, 0]).total, scoreCriteria([answers[1]!]).total], [null, null])
  t.equal(averageExpertAgreement(answers), (0.7 + 0.5) / 2)
  t.equal(averageExpertAgreement([answers[1]!]), null)
  t.equal(
    equalVoice([
      { n: 100, score: 1 },
      { n: 5, score: 0 }
    ]),
    0.5,
    'a hundred and five have a voice each'
  )
  t.ok(
    Math.abs(
      equalVoice([
        { n: 100, score: 1 },
        { n: 1, score: 0 }
      ])! -
        1 / 1.2
    ) < 1e-12,
    'one has a fifth'
  )
  t.equal(
    equalVoice([
      { n: 7, score: null },
      { n: 9, score: 0.25 }
    ]),
    0.25
  )
  t.same([equalVoice([]), equalVoice([{ n: 3, score: null }]), equalVoice([{ n: 0, score: 1 }])], [null, null, null])
})
