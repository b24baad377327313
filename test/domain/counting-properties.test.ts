/** What holds of every count of votes, whatever the votes. */
import fc from 'fast-check'
import t from 'tap'
import { type ApprovalBallot, electSequentially, pav, satisfactionScores } from '../../src/exercises/counting/approval.ts'
import { type BordaOptions, BordaTally } from '../../src/exercises/counting/borda.ts'
import { CONSENSUS_RULES, type ConsensusRule, share13, share79, verdictOfCell } from '../../src/exercises/counting/consensus.ts'
import { copeland } from '../../src/exercises/counting/copeland.ts'
import { averageExpertAgreement, scoreCriteria } from '../../src/exercises/counting/criteria.ts'
import { effectiveNumber, golosovNumber, hillNumber } from '../../src/exercises/counting/diversity.ts'
import { equalVoice } from '../../src/exercises/counting/equal-voice.ts'
import { positionScores, topOf, unionOfTops } from '../../src/exercises/counting/james-lind.ts'
import { minimax } from '../../src/exercises/counting/minimax.ts'
import { Pairs, type Unranked } from '../../src/exercises/counting/pairwise.ts'
import { type Histogram, medianOf, PERCENTILE_TYPES, type PercentileType, percentileOf } from '../../src/exercises/counting/percentiles.ts'
import { judgeRatings } from '../../src/exercises/counting/rand-ucla.ts'
import { rankedPairs } from '../../src/exercises/counting/ranked-pairs.ts'
import { layersOf, rankingOf, type Tiers } from '../../src/exercises/counting/ranking.ts'
import { type Strength, schulze } from '../../src/exercises/counting/schulze.ts'

const holds = <Ts extends [unknown, ...unknown[]]>(runs: number, property: fc.IProperty<Ts>) =>
  fc.assert(property, { seed: 20_261_124, numRuns: runs })
const isNear = (a: number, b: number) => Math.abs(a - b) < 1e-9
const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, each) => total + each, 0)

const someRatings = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 40 })
const aType = fc.constantFrom(...PERCENTILE_TYPES)
const aRule = fc.constantFrom(...CONSENSUS_RULES)
const histogramOf = (ratings: readonly number[]): number[] => {
  const counts = new Array<number>(9).fill(0)
  for (const rating of ratings) counts[rating - 1]!++
  return counts
}

const ITEMS = 5
interface Ballot {
  readonly tiers: Tiers
  readonly count: number
}
/** Any order of some of the items, with ties. */
const aBallot: fc.Arbitrary<Ballot> = fc
  .tuple(
    fc.shuffledSubarray([...Array(ITEMS).keys()]),
    fc.array(fc.boolean(), { minLength: ITEMS, maxLength: ITEMS }),
    fc.integer({ min: 1, max: 4 })
  )
  .map(([order, opens, count]) => {
    const tiers: number[][] = []
    for (const [i, item] of order.entries()) {
      if (i === 0 || opens[i]) tiers.push([item])
      else tiers.at(-1)!.push(item)
    }
    return { tiers, count }
  })
const someBallots = fc.array(aBallot, { minLength: 1, maxLength: 9 })
const aStrength = fc.constantFrom<Strength>('winning', 'margin', 'ratio')
const unranked = fc.constantFrom<Unranked>('tied-last', 'zero')
const bordaOptions: fc.Arbitrary<BordaOptions> = fc.record({
  base: fc.constantFrom(0 as const, 1 as const),
  unranked,
  ties: fc.constant('average' as const)
})

const pairsOf = (ballots: readonly Ballot[], of: Unranked = 'tied-last'): Pairs => {
  const pairs = new Pairs(ITEMS, of)
  for (const { tiers, count } of ballots) pairs.add(tiers, count)
  return pairs
}
const pointsOf = (ballots: readonly Ballot[], options: BordaOptions): Float64Array => {
  const tally = new BordaTally(ITEMS, options)
  for (const { tiers, count } of ballots) tally.add(tiers, count)
  return tally.points
}
const doubled = (ballots: readonly Ballot[]) => ballots.map(({ tiers, count }) => ({ tiers, count: 2 * count }))
/** The same ballots, each of its own, from the last to the first. */
const reordered = <B extends { readonly count: number }>(ballots: readonly B[]) =>
  ballots.flatMap((ballot) => Array.from({ length: ballot.count }, () => ({ ...ballot, count: 1 }))).reverse()
const isPartition = (tiers: Tiers, items = ITEMS) =>
  tiers.every((tier) => tier.length > 0) &&
  tiers
    .flat()
    .toSorted((a, b) => a - b)
    .join() === [...Array(items).keys()].join()

/** An approval for each item, so many times. */
const someApprovals: fc.Arbitrary<ApprovalBallot[]> = fc.array(
  fc.record({ approved: fc.shuffledSubarray([...Array(ITEMS).keys()]), count: fc.integer({ min: 1, max: 4 }) }),
  { maxLength: 9 }
)

/** Hyndman and Fan on the sorted ratings themselves, in whole hundredths and halves: positions are counted in 200ths. */
function percentileByHand(ratings: readonly number[], hundredths: number, type: PercentileType): number {
  const sorted = ratings.toSorted((a, b) => a - b)
  const n = sorted.length
  const position = { 2: 2 * n * hundredths, 5: 2 * n * hundredths + 100, 6: 2 * (n + 1) * hundredths, 7: 2 * (n - 1) * hundredths + 200 }[
    type
  ]
  const [below, rest] = [Math.floor(position / 200), position % 200]
  const at = (k: number) => sorted[Math.min(Math.max(k, 1), n) - 1]!
  if (type === 2) return rest === 0 ? (at(below) + at(below + 1)) / 2 : at(below + 1)
  return at(below) + (rest / 200) * (at(below + 1) - at(below))
}

t.test('percentiles are those of the sorted ratings', async () => {
  const atAny = fc.integer({ min: 0, max: 100 })
  holds(
    1500,
    fc.property(someRatings, atAny, aType, (ratings, p, type) =>
      isNear(percentileOf(histogramOf(ratings), p / 100, type), percentileByHand(ratings, p, type))
    )
  )
  holds(
    300,
    fc.property(someRatings, (ratings) => medianOf(histogramOf(ratings)) === percentileByHand(ratings, 50, 2))
  )
  // As many as 100,000: each rating many times over.
  const often = fc.array(fc.integer({ min: 0, max: 12_000 }), { minLength: 9, maxLength: 9 }).filter((counts) => sum(counts) > 0)
  holds(
    30,
    fc.property(often, fc.constantFrom(30, 70, 7, 29, 57), aType, (counts, p, type) => {
      const ratings = counts.flatMap((count, i) => new Array<number>(count).fill(i + 1))
      return isNear(percentileOf(counts, p / 100, type), percentileByHand(ratings, p, type))
    })
  )
})

t.test('what is said of a panel holds together', async () => {
  holds(
    800,
    fc.property(someRatings, aType, (ratings, type) => {
      const said = judgeRatings(histogramOf(ratings), type)
      const mirrored = judgeRatings(histogramOf(ratings.map((rating) => 10 - rating)), type)
      return (
        said.disagreement === said.disagreementIndex > 1 &&
        isNear(said.interpercentileRange, said.p70 - said.p30) &&
        isNear(said.ipras, 2.35 + 1.5 * Math.abs(5 - said.iprcp)) &&
        // The scale has no better end: a panel is as divided if all say the contrary.
        said.disagreement === mirrored.disagreement &&
        said.disagreementRobust === mirrored.disagreementRobust &&
        said.agreement === mirrored.agreement
      )
    })
  )
})

t.test('every ballot twice changes nothing', async () => {
  const scaleFree = fc.constantFrom<ConsensusRule>('cos-stad', 'comet-70-15', 'ram')
  const twice = (counts: Histogram) => counts.map((count) => 2 * count)
  holds(
    800,
    fc.property(someRatings, scaleFree, (ratings, rule) => {
      const counts = histogramOf(ratings)
      return verdictOfCell(rule, counts, 2) === verdictOfCell(rule, twice(counts), 2)
    })
  )
  holds(
    200,
    fc.property(someBallots, aStrength, unranked, bordaOptions, (ballots, strength, of, options) => {
      const rankings = (all: readonly Ballot[]) =>
        JSON.stringify([schulze(pairsOf(all, of), strength).ranking, rankingOf(pointsOf(all, options))])
      return rankings(ballots) === rankings(doubled(ballots))
    })
  )
})

t.test('the order of ballots does not matter, nor how they are bundled', async () => {
  holds(
    200,
    fc.property(someBallots, aStrength, unranked, bordaOptions, (ballots, strength, of, options) => {
      const count = (all: readonly Ballot[]) => {
        const pairs = pairsOf(all, of)
        const { ranking } = schulze(pairs, strength)
        return JSON.stringify([ranking, rankedPairs(pairs), copeland(pairs), minimax(pairs), [...pointsOf(all, options)]])
      }
      return count(ballots) === count(reordered(ballots))
    })
  )
  holds(
    200,
    fc.property(someApprovals, fc.nat({ max: ITEMS }), (ballots, seats) => {
      const count = (all: readonly ApprovalBallot[]) =>
        JSON.stringify([electSequentially(all, ITEMS, seats), pav(all, ITEMS, seats), [...satisfactionScores(all, ITEMS)]])
      const shuffled = ballots.map(({ approved, count }) => ({ approved: approved.toReversed(), count }))
      return count(ballots) === count(reordered(shuffled))
    })
  )
  holds(
    100,
    fc.property(someBallots, someBallots, unranked, bordaOptions, (some, others, of, options) => {
      const [merged, all] = [pairsOf(some, of), pairsOf([...some, ...others], of)]
      merged.merge(pairsOf(others, of))
      const tally = new BordaTally(ITEMS, options)
      for (const { tiers, count } of some) tally.add(tiers, count)
      const rest = new BordaTally(ITEMS, options)
      for (const { tiers, count } of others) rest.add(tiers, count)
      tally.merge(rest)
      const items = [...Array(ITEMS).keys()]
      return (
        items.every((a) => items.every((b) => merged.prefers(a, b) === all.prefers(a, b))) &&
        tally.points.join() === pointsOf([...some, ...others], options).join()
      )
    })
  )
})

t.test('rankings are complete', async (t) => {
  holds(
    200,
    fc.property(someBallots, aStrength, unranked, bordaOptions, (ballots, strength, of, options) => {
      const pairs = pairsOf(ballots, of)
      const { ranking, winners } = schulze(pairs, strength)
      return (
        [ranking, rankedPairs(pairs), copeland(pairs).ranking, minimax(pairs).ranking, rankingOf(pointsOf(ballots, options))].every(
          (each) => isPartition(each)
        ) && winners.join() === ranking[0]!.join()
      )
    })
  )
  holds(
    500,
    fc.property(fc.array(fc.double()), (scores) => {
      const ranking = rankingOf(scores)
      const isFalling = ranking.every(
        (tier, i) => i === 0 || !(Math.min(...tier.map((j) => scores[j]!)) > Math.max(...ranking[i - 1]!.map((j) => scores[j]!)))
      )
      return isPartition(ranking, scores.length) && isFalling
    })
  )
  holds(
    300,
    fc.property(fc.array(fc.integer({ min: -3, max: 3 })), fc.nat({ max: 8 }), (scores, n) => {
      const ranking = rankingOf(scores)
      const top = topOf(ranking, n)
      const isEqualInTiers = ranking.every((tier) => new Set(tier.map((item) => scores[item])).size === 1)
      return (
        isEqualInTiers &&
        top.length >= Math.min(n, scores.length) &&
        top.every((item) => scores.filter((score) => score > scores[item]!).length < n) &&
        unionOfTops([ranking, ranking], n).join() === top.toSorted((a, b) => a - b).join()
      )
    })
  )
  t.same(
    layersOf(3, (a, b) => a !== b),
    [[0, 1, 2]],
    'and so is one of an order that has circles'
  )
})

t.test('to be raised never harms', async () => {
  const RANK = ['out', 'no-consensus', 'reconsider', 'in']
  holds(
    800,
    fc.property(someRatings, fc.nat(), aRule, aType, (ratings, at, rule, type) => {
      const i = at % ratings.length
      const before = histogramOf(ratings)
      const after = histogramOf(ratings.with(i, Math.min(9, ratings[i]! + 1)))
      // Under ram a rating can be raised into disagreement.
      const verdicts = [before, after].map((counts) => RANK.indexOf(verdictOfCell(rule, counts, type))) as [number, number]
      return (
        share79(after) >= share79(before) &&
        share13(after) <= share13(before) &&
        medianOf(after) >= medianOf(before) &&
        (rule === 'ram' || verdicts[1] >= verdicts[0])
      )
    })
  )
  /** One item moved to an earlier place of one ballot: of its own there, or beside those who hold it. */
  const raised = (tiers: Tiers, item: number, place: number, isBeside: boolean): Tiers => {
    const from = tiers.findIndex((tier) => tier.includes(item))
    const to = from === -1 ? place % (tiers.length + 1) : place % (from + 1)
    const rest = tiers.map((tier) => tier.filter((other) => other !== item))
    const isTaken = rest[to] !== undefined && rest[to].length > 0
    const placed = isBeside && isTaken ? rest.with(to, [...rest[to]!, item]) : rest.toSpliced(to, 0, [item])
    return placed.filter((tier) => tier.length > 0)
  }
  const aRaise = fc.record({ ballot: fc.nat(), item: fc.nat({ max: ITEMS - 1 }), place: fc.nat({ max: ITEMS }), isBeside: fc.boolean() })
  holds(
    1000,
    fc.property(someBallots, aRaise, aStrength, bordaOptions, (before, { ballot, item, place, isBeside }, strength, options) => {
      const at = ballot % before.length
      const after = before.with(at, { ...before[at]!, tiers: raised(before[at]!.tiers, item, place, isBeside) })
      const [paths, newPaths] = [schulze(pairsOf(before), strength), schulze(pairsOf(after), strength)]
      const [points, newPoints] = [
        pointsOf(before, { ...options, unranked: 'tied-last' }),
        pointsOf(after, { ...options, unranked: 'tied-last' })
      ]
      return [...Array(ITEMS).keys()].every(
        (other) =>
          (paths.strengthOf(item, other) < paths.strengthOf(other, item) ||
            newPaths.strengthOf(item, other) >= newPaths.strengthOf(other, item)) &&
          (points[item]! < points[other]! || newPoints[item]! >= newPoints[other]!)
      )
    })
  )
})

t.test('counts equal the naive ones', async () => {
  /** The strongest of all paths that visit no item twice. */
  const strongest = (link: (a: number, b: number) => number, from: number, to: number, seen: number[] = [from]): number =>
    Math.max(
      link(from, to),
      ...[...Array(ITEMS).keys()]
        .filter((via) => via !== to && !seen.includes(via))
        .map((via) => Math.min(link(from, via), strongest(link, via, to, [...seen, via])))
    )
  holds(
    100,
    fc.property(someBallots, fc.constantFrom<Strength>('winning', 'margin'), unranked, (ballots, strength, of) => {
      const pairs = pairsOf(ballots, of)
      const placeOf = (tiers: Tiers, item: number) => {
        const place = tiers.findIndex((tier) => tier.includes(item))
        return place === -1 ? (of === 'zero' ? Number.NaN : ITEMS) : place
      }
      const prefer = (a: number, b: number) =>
        sum(ballots.filter(({ tiers }) => placeOf(tiers, a) < placeOf(tiers, b)).map(({ count }) => count))
      const link = (a: number, b: number) => (prefer(a, b) > prefer(b, a) ? prefer(a, b) - (strength === 'margin' ? prefer(b, a) : 0) : 0)
      const { strengthOf } = schulze(pairs, strength)
      return [...Array(ITEMS).keys()].every((a) =>
        [...Array(ITEMS).keys()].every(
          (b) => a === b || (pairs.prefers(a, b) === prefer(a, b) && strengthOf(a, b) === strongest(link, a, b))
        )
      )
    })
  )
  /** 60 times what a voter with k items counts: whole numbers up to five. */
  const satisfied = (k: number) => sum(Array.from({ length: k }, (_none, i) => 60 / (i + 1)))
  const satisfaction = (ballots: readonly ApprovalBallot[], set: readonly number[]) =>
    sum(ballots.map(({ approved, count }) => count * satisfied(approved.filter((item) => set.includes(item)).length)))
  holds(
    150,
    fc.property(someApprovals, fc.nat({ max: ITEMS + 1 }), (ballots, seats) => {
      const set: number[] = []
      for (const { elected, tiedWith } of electSequentially(ballots, ITEMS, seats)) {
        const rest = [...Array(ITEMS).keys()].filter((item) => !set.includes(item))
        const gains = rest.map((item) => satisfaction(ballots, [...set, item]))
        const best = rest.filter((_item, i) => gains[i] === Math.max(...gains))
        if ([elected, ...tiedWith].join() !== best.join()) return false
        set.push(elected)
      }
      return set.length === Math.min(seats, ITEMS)
    })
  )
  holds(
    100,
    fc.property(someApprovals, fc.nat({ max: ITEMS }), (ballots, seats) => {
      const sets = [...Array(2 ** ITEMS).keys()]
        .map((bits) => [...Array(ITEMS).keys()].filter((item) => bits & (1 << item)))
        .filter((set) => set.length === seats)
      const best = Math.max(...sets.map((set) => satisfaction(ballots, set)))
      const { winners, satisfaction: found, tiedWith } = pav(ballots, ITEMS, seats)!
      const expected = sets.filter((set) => satisfaction(ballots, set) === best).map(String)
      return isNear(found * 60, best) && [winners, ...tiedWith].map(String).sort().join(' ') === expected.sort().join(' ')
    })
  )
})

t.test('nothing is lost', async () => {
  holds(
    200,
    fc.property(someBallots, bordaOptions, (ballots, options) => {
      const points = sum(pointsOf(ballots, { ...options, unranked: 'tied-last' }))
      return points === sum(ballots.map(({ count }) => count)) * (options.base * ITEMS + (ITEMS * (ITEMS - 1)) / 2)
    })
  )
  holds(
    100,
    fc.property(someApprovals, (ballots) =>
      isNear(sum(satisfactionScores(ballots, ITEMS)), sum(ballots.filter(({ approved }) => approved.length > 0).map(({ count }) => count)))
    )
  )
  holds(
    100,
    fc.property(fc.array(aBallot.map(({ tiers }) => tiers)), (orders) =>
      isNear(sum(positionScores(orders, ITEMS)), (orders.length * ITEMS * (ITEMS + 1)) / 2)
    )
  )
  const answers = fc.record({ no: fc.nat({ max: 9 }), perhaps: fc.nat({ max: 9 }), yes: fc.nat({ max: 9 }) })
  const isShare = (x: number | null) => x === null || (x >= 0 && x <= 1 + 1e-12)
  holds(
    200,
    fc.property(fc.array(fc.tuple(answers, fc.nat({ max: 4 }))), (criteria) => {
      const given = criteria.map(([each]) => each)
      const { scores, total } = scoreCriteria(
        given,
        criteria.map(([, weight]) => weight)
      )
      const agreement = averageExpertAgreement(given)
      return [...scores, total, agreement].every(isShare) && (agreement === null || agreement >= 1 / 3 - 1e-12)
    })
  )
  holds(
    200,
    fc.property(fc.array(fc.record({ n: fc.nat({ max: 20 }), score: fc.option(fc.nat({ max: 10 })) })), (cells) => {
      const scores = cells.filter(({ n, score }) => n > 0 && score !== null).map(({ score }) => score!)
      const mean = equalVoice(cells)
      return scores.length === 0 ? mean === null : mean! >= Math.min(...scores) - 1e-9 && mean! <= Math.max(...scores) + 1e-9
    })
  )
  holds(
    200,
    fc.property(fc.array(fc.nat({ max: 50 }), { minLength: 1 }), (groups) => {
      const present = groups.filter((n) => n > 0).length
      return [effectiveNumber, golosovNumber, hillNumber].every((count) =>
        present === 0 ? count(groups) === 0 : count(groups) >= 1 - 1e-9 && count(groups) <= present + 1e-9
      )
    })
  )
})
