/** What a round comes to: published results through ballots, each method by hand, small numbers, and what holds whatever the ballots. */
import fc from 'fast-check'
import { IntlMessageFormat } from 'intl-messageformat'
import t from 'tap'
import type { RoundOptions } from '../../src/exercises/exercise.parts.ts'
import { EXERCISE_PARTS, type Exercise, type Protocol } from '../../src/exercises/exercise.schema.ts'
import { representationOf } from '../../src/exercises/missing/representation.ts'
import { protocolOf } from '../../src/exercises/protocol.ts'
import { RESULT_COLUMNS, rowsOf } from '../../src/exercises/results/columns.ts'
import { type CountedRound, RESULT_SCHEMAS, RoundResults } from '../../src/exercises/results/results.schema.ts'
import { resultsOf } from '../../src/exercises/results/results.ts'
import { RoundCount } from '../../src/exercises/results/round-count.ts'
import { type ReasonKey, resultWordings } from '../../src/exercises/results/sentences.ts'
import { servedResults } from '../../src/exercises/results/served.ts'
import de from '../../src/exercises/results/texts/de.json' with { type: 'json' }
import en from '../../src/exercises/results/texts/en.json' with { type: 'json' }
import es from '../../src/exercises/results/texts/es.json' with { type: 'json' }
import fr from '../../src/exercises/results/texts/fr.json' with { type: 'json' }
import nl from '../../src/exercises/results/texts/nl.json' with { type: 'json' }
import { distributionIsSafe } from '../../src/exercises/small-numbers/hiding.ts'
import { partitionOf } from '../../src/exercises/small-numbers/partition.ts'
import type { Ballot } from '../../src/exercises/voting/ballot.schema.ts'
import { validatorOf } from '../../src/json/validator.ts'
import { CODES } from '../../src/vocabularies/codes.ts'
import { loadVocabularies } from '../../src/vocabularies/load.ts'
import { LABEL_LANGUAGES } from '../../src/vocabularies/vocabulary.schema.ts'
import bordaVectors from '../vectors/borda.json' with { type: 'json' }
import consensusVectors from '../vectors/consensus-rules.json' with { type: 'json' }
import jlaVectors from '../vectors/jla.json' with { type: 'json' }
import schulzeVectors from '../vectors/schulze.json' with { type: 'json' }

type Method = Protocol['rounds'][number]['method']
type Cast = readonly [group: string, ballot: Ballot, count?: number]
interface Case {
  readonly method: Method
  readonly items: readonly string[]
  readonly ballots: readonly Cast[]
  readonly options?: RoundOptions
  /** Groups of the protocol: those of the ballots, all required, where nobody says. */
  readonly groups?: Readonly<Record<string, 'required' | 'optional'>>
  readonly rules?: Partial<Pick<Protocol, 'consensus' | 'topN' | 'k' | 'order' | 'percentileType' | 'kin'>>
}

const EVERY = (cast: readonly Cast[]) =>
  cast.flatMap(([group, ballot, count = 1]) => Array.from({ length: count }, () => ({ group, ballot })))

/** Counts a round as the application does. */
function count({ method, items, ballots, options, groups, rules }: Case): CountedRound {
  const all = EVERY(ballots)
  const named = groups ?? Object.fromEntries(all.map(({ group }) => [group, 'required' as const]))
  const codes = Object.keys(named)
  const protocol = protocolOf(
    {
      title: 'An exercise',
      question: 'What matters most?',
      items: [],
      groups: codes.map((code) => ({ code, target: 1 / codes.length, required: named[code] === 'required' })),
      rounds: [{ method, ...(options ? { options } : {}) }],
      kin: [],
      ...rules
    },
    [],
    { labelOf: () => undefined, kin: [] }
  )
  const voters = codes.map((code) => ({ group: code, n: all.filter(({ group }) => group === code).length }))
  const partition = partitionOf(voters, protocol.k, protocol.kin)
  const counted = new RoundCount(protocol.rounds[0]!, items, partition)
  for (const { group, ballot } of all) counted.add(group, ballot)
  const representation = representationOf({
    groups: protocol.groups.map(({ code, target, required }, i) => ({ code, target, required, invited: 500, n: voters[i]!.n })),
    partition
  })
  return resultsOf({ exercise: 'an-exercise', protocol, protocolHash: 'hash', round: 1, items, count: counted, representation, partition })
}

const itemOf = ({ items }: CountedRound, id: string) => items.find(({ item }) => item === id)!
const groupOf = (counted: CountedRound, id: string, group: string) => itemOf(counted, id).groups.find((each) => each.group === group)!
const keysOf = (counted: CountedRound, id: string) => itemOf(counted, id).because.map(({ key }) => key)
const isNear = (a: number | null, b: number) => a !== null && Math.abs(a - b) < 1e-9
const rate = (score: number | 'unable', item = 'x'): Ballot => ({ scores: { [item]: score } })

/** One ballot for each of the scores of one item. */
const ratings = (group: string, counts: Readonly<Record<string, number>>): Cast[] =>
  Object.entries(counts).map(([score, n]) => [group, rate(score === 'unable' ? 'unable' : Number(score)), n])

t.test('published: Schulze, through ballots of everyone’s order', async (t) => {
  for (const { id, options, input, expected } of schulzeVectors.vectors) {
    const { methodDetail, items } = count({
      method: 'rank-all',
      items: input.candidates,
      options: options as RoundOptions,
      ballots: input.ballots.map(({ ranking, count }) => ['all-voters', { ranking }, count])
    })
    const { winners, ranking, pathStrengths, strength } = methodDetail.schulze!
    t.same(winners.toSorted(), expected.winners.toSorted(), id)
    t.equal(strength, options.strength, id)
    if ('ranking' in expected) t.same(ranking, expected.ranking, id)
    if ('pathStrengths' in expected) t.match(pathStrengths, expected.pathStrengths as object, id)
    t.ok(
      items.every(({ verdict }) => verdict === 'ranked'),
      id
    )
  }
})

t.test('published: Borda, through ballots of everyone’s order', async (t) => {
  const BORDA = { base: 0, unranked: 'tied-last', ties: 'average' }
  for (const { id, options, input, expected } of bordaVectors.vectors) {
    // Ballots of one voter are not counted: five who vote alike have five times as many points.
    const times = input.ballots.length === 1 ? 5 : 1
    const { methodDetail, items } = count({
      method: 'rank-all',
      items: input.candidates,
      options: options as RoundOptions,
      rules: { order: 'borda' },
      ballots: input.ballots.map(({ ranking, count }) => ['all-voters', { ranking }, count * times])
    })
    const { scores, ranking, options: said } = methodDetail.borda!
    for (const [item, points] of Object.entries(expected.scores)) t.equal(scores[item], points * times, `${id}: ${item}`)
    t.same(said, { ...BORDA, ...options }, id)
    if (expected.ranking) t.same(ranking, expected.ranking, id)
    t.same(
      items.filter(({ rank }) => rank === 1).map(({ item }) => item),
      ranking[0],
      id
    )
  }
})

t.test('published: short lists of few patients and many clinicians (James Lind Alliance)', async (t) => {
  const { input, expected, options } = jlaVectors.derived[0]!
  const counted = count({
    method: 'top-n',
    items: input.items,
    options: { top: options.top },
    rules: { k: 3, topN: 2 },
    ballots: Object.entries(input.groups).flatMap(([group, ballots]) =>
      ballots.map(({ ranking, count }): Cast => [group.replace('_', '-'), { ranking }, count])
    )
  })
  const { jla } = counted.methodDetail
  const hyphened = <T>(byGroup: Record<string, T>) =>
    Object.fromEntries(Object.entries(byGroup).map(([group, each]) => [group.replace('_', '-'), each]))
  t.same(jla!.groupTotals, hyphened(expected.groupTotals))
  t.same(
    jla!.groupPositions,
    hyphened({
      lived_experience: expected.groupPositions.lived_experience.map((item) => [item]),
      professionals: expected.groupPositions.professionals.map((item) => [item])
    })
  )
  t.same(jla!.combinedPositionScores, expected.combinedPositionScores)
  t.same(jla!.rawPooledTotals, expected.rawPooledTotals)
  t.same(jla!.union, expected.unionTop2)
  t.same(
    counted.items.map(({ item, rank, shortlistedBy }) => [item, rank, shortlistedBy.join()]),
    [
      ['P', 1, 'overall,lived-experience'],
      ['Q', 1, 'overall,lived-experience'],
      ['R', 1, 'overall,professionals'],
      ['S', 1, 'overall,professionals']
    ],
    'the two groups are exactly opposed: all share the first place'
  )
  t.match(itemOf(counted, 'P'), {
    n: 103,
    unable: null,
    pooled: { rank: 4, score: 8 / 103 },
    divergence: 8 / 3 / 3,
    divergent: ['lived-experience', 'professionals']
  })
})

t.test('published: a small group that all voters together would drown (COS-STAD)', async (t) => {
  const { expected } = consensusVectors.derived.find(({ rule }) => rule === 'cos-stad-each-group')!
  const counted = count({
    method: 'rating-1-9',
    items: ['x'],
    rules: { consensus: 'cos-stad', k: 3 },
    ballots: [...ratings('lived-experience', { 8: 2, 2: 2 }), ...ratings('professionals', { 8: 86, 5: 10 })]
  })
  const { pooled, verdict } = itemOf(counted, 'x')
  t.equal(Math.round(pooled.share79! * 100), 88)
  t.equal(verdict, expected.perGroupDecision)
  t.equal(groupOf(counted, 'x', 'lived-experience').verdict, 'no-consensus')
  t.equal(groupOf(counted, 'x', 'professionals').verdict, 'in')
  t.match(itemOf(counted, 'x').because, [
    { key: 'pooled.only', values: { groups: 'lived-experience', count: 1 } },
    { key: 'rule.below', values: { group: 'lived-experience', percent: 50, bound: 'none' } },
    { key: 'disagreement', values: { group: 'lived-experience' } },
    { key: 'apart', values: { higher: 'professionals', lower: 'lived-experience' } },
    { key: 'list.overall', values: { rank: 1, of: 1 } },
    { key: 'stable.all', values: { of: 6 } }
  ])
})

t.test('ratings by hand', async (t) => {
  const counted = count({
    method: 'rating-1-9',
    items: ['x', 'y'],
    ballots: [
      ['a', { scores: { x: 7, y: 'unable' } }, 5],
      ['a', { scores: { x: 3, y: 5 } }, 5],
      ['b', { scores: { x: 9, y: 9 } }, 6],
      ['b', { scores: { x: 8 } }, 4]
    ]
  })
  t.match(groupOf(counted, 'x', 'a'), {
    n: 10,
    unable: 0,
    score: 0.5,
    median: 5,
    share79: 0.5,
    share13: 0.5,
    disagreement: true,
    verdict: 'out'
  })
  t.same(groupOf(counted, 'x', 'a').histogram, [0, 0, 5, 0, 0, 0, 5, 0, 0])
  t.match(groupOf(counted, 'y', 'a'), { n: 5, unable: 5, score: 0, histogram: null })
  t.match(groupOf(counted, 'y', 'b'), { n: 6, unable: 0, score: 1, median: 9, disagreementIndex: 0, verdict: 'in' })
  t.match(itemOf(counted, 'y'), {
    n: 11,
    unable: 5,
    pooled: { score: 6 / 11, rank: 2 },
    equalVoice: 0.5,
    divergence: 1,
    divergent: ['b', 'a']
  })
  t.match(itemOf(counted, 'x'), { n: 20, equalVoice: 0.75, rank: 1, pooled: { median: 7.5 }, stableIn: 6 })
  t.equal(groupOf(counted, 'x', 'a').rank, 1, 'half of them: more than none')
  const first = counted.items.map(({ item }) => item)
  t.same(first, ['x', 'y'])

  const tied = count({
    method: 'rating-1-9',
    items: ['x', 'y', 'z'],
    ballots: [['a', { scores: { x: 7, y: 9, z: 7 } }, 5]]
  })
  t.same(
    tied.items.map(({ item, rank }) => [item, rank]),
    [
      ['y', 1],
      ['x', 2],
      ['z', 2]
    ],
    'equal shares: the higher median first'
  )
})

t.test('approval by hand', async (t) => {
  const counted = count({
    method: 'approval',
    items: ['x', 'y', 'z', 'w'],
    rules: { topN: 2 },
    ballots: [
      ['a', { approved: ['x', 'y'] }, 6],
      ['a', { approved: [] }, 2],
      ['b', { approved: ['x', 'y'] }, 2],
      ['b', { approved: ['z'] }, 4]
    ]
  })
  t.match(groupOf(counted, 'x', 'a'), { n: 8, unable: null, score: 0.75, rank: 1, verdict: 'ranked' })
  t.match(itemOf(counted, 'z'), { n: 14, pooled: { score: 4 / 14 }, equalVoice: 1 / 3, shortlistedBy: ['b'] })
  t.ok(isNear(itemOf(counted, 'x').equalVoice, (0.75 + 1 / 3) / 2))
  t.same(counted.methodDetail.approval!.proportionalSet, [
    { item: 'x', tiedWith: ['y'] },
    // The second item counts half for eight: as much as the first for four.
    { item: 'y', tiedWith: ['z'] }
  ])
  t.match(itemOf(counted, 'w'), { shortlisted: false, stableIn: 0, rank: 4, pooled: { score: 0 } }, 'named by nobody')
  t.same(keysOf(counted, 'z'), ['apart', 'list.groups', 'stable.some'])
  t.same(keysOf(counted, 'w'), ['list.none'])
})

t.test('dots by hand', async (t) => {
  const counted = count({
    method: 'dots',
    items: ['x', 'y', 'z'],
    options: { dots: 3 },
    ballots: [
      ['a', { dots: { x: 2, y: 1 } }, 3],
      ['a', { dots: { y: 3 } }, 2],
      ['b', { dots: { x: 3 } }, 5]
    ]
  })
  t.ok(isNear(groupOf(counted, 'x', 'a').score, 1.2))
  t.ok(isNear(groupOf(counted, 'y', 'a').score, 1.8))
  t.ok(isNear(itemOf(counted, 'x').equalVoice, 2.1))
  t.ok(isNear(itemOf(counted, 'x').divergence, 0.6))
  t.same(itemOf(counted, 'z').shortlisted, false)
  t.same(itemOf(counted, 'x').divergent, ['b', 'a'])
})

t.test('criteria by hand (CHNRI)', async (t) => {
  const criteria = [
    { code: 'equity', weight: 3 },
    { code: 'impact', weight: 1 }
  ]
  const counted = count({
    method: 'criteria',
    items: ['x', 'y'],
    options: { criteria },
    ballots: [
      ['a', { criteria: { x: { equity: 1, impact: 0 }, y: { equity: null, impact: null } } }, 5],
      ['a', { criteria: { x: { equity: 0.5, impact: 0 }, y: { equity: 0, impact: null } } }, 5],
      ['b', { criteria: { x: { equity: 1, impact: 1 }, y: { equity: 1, impact: 1 } } }, 5]
    ]
  })
  const x = groupOf(counted, 'x', 'a')
  t.match(x, { n: 10, unable: 0, agreement: 0.75 })
  t.ok(isNear(x.score, (3 * 0.75 + 0) / 4))
  t.same(x.criteria, [
    { criterion: 'equity', n: 10, score: 0.75 },
    { criterion: 'impact', n: 10, score: 0 }
  ])
  t.match(groupOf(counted, 'y', 'a'), {
    n: 5,
    unable: 5,
    score: 0,
    criteria: [
      { criterion: 'equity', n: 5, score: 0 },
      { criterion: 'impact', n: 0, score: null }
    ]
  })
  t.match(itemOf(counted, 'y'), { n: 10, unable: 5, equalVoice: 0.5, verdict: 'ranked' })

  const few = count({
    method: 'criteria',
    items: ['x'],
    options: { criteria },
    ballots: [
      ['a', { criteria: { x: { equity: 1, impact: null } } }, 8],
      ['a', { criteria: { x: { equity: 1, impact: 0 } } }, 2]
    ]
  })
  t.same(groupOf(few, 'x', 'a').criteria, [{ criterion: 'equity', n: 10, score: 1 }], 'two answers on impact: it is left out')
  t.equal(groupOf(few, 'x', 'a').score, 1)
})

t.test('everyone’s order by hand', async (t) => {
  const counted = count({
    method: 'rank-all',
    items: ['x', 'y', 'z'],
    rules: { order: 'jla' },
    ballots: [
      ['a', { ranking: [['x'], ['y', 'z']] }, 5],
      ['b', { ranking: ['z', 'y'] }, 5]
    ]
  })
  t.match(groupOf(counted, 'y', 'a'), { n: 5, score: 0.5, rank: 2 })
  t.match(groupOf(counted, 'y', 'b'), { score: 1, rank: 2 })
  t.match(itemOf(counted, 'x'), { pooled: { score: 1 }, equalVoice: 1, divergence: 1 })
  t.same(
    counted.items.map(({ item, rank }) => [item, rank]),
    [
      ['z', 1],
      ['x', 2],
      ['y', 3]
    ],
    'z: 1.5 + 3, x: 3 + 1, y: 1.5 + 2'
  )
  t.same(counted.methodDetail.borda!.scores, { x: 10, y: 7.5, z: 12.5 })
})

t.test('every group has one voice, below five voters a part of one', async (t) => {
  const counted = count({
    method: 'rating-1-9',
    items: ['x'],
    rules: { k: 3 },
    ballots: [...ratings('a', { 9: 3 }), ...ratings('b', { 1: 90, 9: 10 })]
  })
  t.ok(isNear(itemOf(counted, 'x').equalVoice, (0.6 * 1 + 1 * 0.1) / 1.6))
})

t.test('the short list: the first of all and of each group, ties all in', async (t) => {
  const counted = count({
    method: 'rating-1-9',
    items: ['v', 'w', 'x', 'y', 'z'],
    rules: { topN: 1, consensus: 'cos-stad' },
    ballots: [
      ['a', { scores: { v: 9, w: 9, x: 1, y: 1, z: 8 } }, 5],
      ['b', { scores: { v: 5, w: 5, x: 9, y: 1, z: 8 } }, 5]
    ]
  })
  t.same(
    counted.items.map(({ item, rank, shortlistedBy, stableIn }) => [item, rank, shortlistedBy.join(), stableIn]),
    [
      ['z', 1, 'overall', 4],
      ['v', 2, 'a', 3],
      ['w', 2, 'a', 3],
      ['x', 4, 'b', 1],
      ['y', 5, '', 0]
    ]
  )
  t.same(counted.sensitivity, {
    views: [
      { view: 'pooled', top: ['z'] },
      { view: 'equal-voice', top: ['z'] },
      // z has 3 + 4, v and w have 4.5 + 2.5; by Borda 25 points each.
      { view: 'jla', top: ['v', 'w', 'z'] },
      { view: 'borda', top: ['v', 'w', 'z'] },
      { view: 'without', without: 'a', top: ['x'] },
      { view: 'without', without: 'b', top: ['v', 'w'] }
    ],
    of: 6
  })
})

t.test('places added up: an item that a group could not score neither gains nor loses by it', async (t) => {
  const counted = count({
    method: 'rating-1-9',
    items: ['x', 'y', 'z'],
    rules: { order: 'jla' },
    ballots: [
      ['a', { scores: { x: 9, y: 1, z: 'unable' } }, 5],
      ['b', { scores: { x: 8, y: 1, z: 9 } }, 5]
    ]
  })
  t.same(
    counted.items.map(({ item, rank }) => [item, rank]),
    [
      ['z', 1],
      ['x', 2],
      ['y', 3]
    ],
    'z: 2 + 3; x: 2.75 + 2, the first of two in the middle of the first half; y: 1.25 + 1'
  )
})

t.test('incomplete: a required group that is absent, not shown, or has no answer', async (t) => {
  const many = ratings('professionals', { 9: 40 })
  const of = (ballots: readonly Cast[], groups: Case['groups'], rules: Case['rules'] = {}) =>
    count({ method: 'rating-1-9', items: ['x'], ballots, groups: groups!, rules })
  const required = { carers: 'required', professionals: 'required' } as const

  const absent = of(many, required)
  t.match(itemOf(absent, 'x'), { verdict: 'incomplete', rank: 1, pooled: { score: 1 } })
  t.match(groupOf(absent, 'x', 'carers'), { n: 0, unable: 0, withheld: false, score: null, verdict: 'incomplete' })
  t.match(itemOf(absent, 'x').because[0], { key: 'group.absent', values: { groups: 'carers' } })
  t.same(keysOf(absent, 'x'), ['group.absent', 'list.overall', 'stable.all'], 'said once')
  t.match(absent.representation, { status: 'incomplete', missingRequired: ['carers'], total: 40 })
  t.equal(itemOf(of(many, { carers: 'optional', professionals: 'required' }), 'x').verdict, 'in')
  t.equal(itemOf(of(many, { carers: 'optional', professionals: 'optional' }), 'x').verdict, 'in')

  const small = of([...many, ...ratings('carers', { 9: 3 }), ...ratings('managers', { 9: 6 })], { ...required, managers: 'optional' })
  t.match(itemOf(small, 'x'), { verdict: 'incomplete', n: 49 })
  t.match(groupOf(small, 'x', 'carers'), { withheld: true, n: null, score: null, rank: null, verdict: 'incomplete' })
  t.match(groupOf(small, 'x', 'managers'), { withheld: true, n: null }, 'its complement')
  t.match(itemOf(small, 'x').because[0], { key: 'group.withheld', values: { groups: 'carers' } })

  const merged = of(
    [...many, ...ratings('carers', { 9: 3 }), ...ratings('family', { 9: 3 })],
    { ...required, family: 'optional' },
    {
      kin: [['carers', 'family']]
    }
  )
  t.match(itemOf(merged, 'x'), { verdict: 'in', because: [{ key: 'rule.in', values: { rule: 'comet-70-15', required: 'yes' } }] })
  t.match(groupOf(merged, 'x', 'carers+family'), { n: 6, verdict: 'in', groups: ['carers', 'family'] })

  const few = of([...many, ...ratings('carers', { 9: 2, unable: 8 })], required)
  t.match(itemOf(few, 'x'), { verdict: 'incomplete', n: 42 })
  t.match(groupOf(few, 'x', 'carers'), { withheld: true, n: null, unable: null, verdict: 'incomplete' })
  t.match(groupOf(few, 'x', 'professionals'), { withheld: true, n: null }, 'its complement, for this item')
  t.match(itemOf(few, 'x').because[0], { key: 'group.hidden', values: { groups: 'carers,professionals' } })

  const none = of([...many, ...ratings('carers', { unable: 8 })], required)
  t.match(itemOf(none, 'x'), { verdict: 'incomplete', n: 40, unable: 8 })
  t.match(itemOf(none, 'x').because[0], { key: 'group.unanswered', values: { groups: 'carers' } })

  const nobody = of([...ratings('professionals', { unable: 9 }), ...ratings('carers', { unable: 9 })], required)
  t.match(itemOf(nobody, 'x'), {
    verdict: 'incomplete',
    n: 0,
    unable: 18,
    rank: null,
    shortlisted: false,
    equalVoice: null,
    stableIn: null
  })
  t.same(keysOf(nobody, 'x'), ['group.unanswered', 'item.unanswered'])

  const ranked = count({ method: 'dots', items: ['x'], groups: required, ballots: [['professionals', { dots: { x: 1 } }, 9]] })
  t.match(itemOf(ranked, 'x'), { verdict: 'incomplete', groups: [{ verdict: 'incomplete' }, { verdict: 'ranked' }] })

  const rest = of([...many, ...ratings('carers', { 1: 3 }), ...ratings('managers', { 1: 6 })], {
    carers: 'optional',
    managers: 'optional',
    professionals: 'optional'
  })
  t.match(itemOf(rest, 'x'), { verdict: 'no-consensus', pooled: { n: 49 } }, 'nobody is required: who is not shown counts as one')
  t.same(keysOf(rest, 'x'), ['rule.rest', 'list.overall', 'stable.all'])
})

t.test('rules of consensus and their reasons', async (t) => {
  const of = (consensus: Protocol['consensus'], ...ballots: Cast[]) =>
    count({ method: 'rating-1-9', items: ['x'], rules: { consensus }, ballots })
  const out = of('comet-70-15', ...ratings('a', { 1: 10 }), ...ratings('b', { 5: 10, 8: 10 }))
  t.equal(itemOf(out, 'x').verdict, 'out')
  t.match(itemOf(out, 'x').because[0], { key: 'rule.out' })
  const against = of('comet-70-15', ...ratings('a', { 9: 17, 3: 3 }), ...ratings('b', { 9: 20 }))
  t.match(itemOf(against, 'x'), {
    verdict: 'no-consensus',
    because: [{ key: 'pooled.only' }, { key: 'rule.against', values: { percent: 15 } }]
  })
  const again = of('pqm', ...ratings('a', { 9: 6, 5: 4 }))
  t.match(itemOf(again, 'x').because, [{ key: 'rule.reconsider' }, { key: 'rule.below', values: { percent: 60 } }])
  const middle = of('ram', ...ratings('a', { 5: 10 }), ...ratings('b', { 9: 10 }))
  t.match(itemOf(middle, 'x').because, [{ key: 'pooled.only' }, { key: 'rule.median', values: { group: 'a', median: 5 } }])
  const nearly = of('cos-stad', ...ratings('a', { 9: 1, 5: 999 }))
  t.match(itemOf(nearly, 'x').because[0], { key: 'rule.below', values: { percent: 1, bound: 'under' } }, 'never rounded to none')
  const four = of('cos-stad', ...['a', 'b', 'c', 'd'].flatMap((group) => ratings(group, { 5: 9 })))
  t.match(itemOf(four, 'x').because[0], { key: 'rule.not-met', values: { groups: 'a,b,c,d' } })
})

t.test('small numbers: nothing that few stand behind, and no distribution in which everybody says the same', async (t) => {
  const counted = count({
    method: 'rating-1-9',
    items: ['x', 'y'],
    ballots: [
      ['a', { scores: { x: 9, y: 9 } }, 12],
      ['a', { scores: { x: 9, y: 1 } }, 8],
      ['b', { scores: { x: 7, y: 9 } }, 8],
      ['b', { scores: { x: 5, y: 9 } }, 5],
      ['c', { scores: { x: 1 } }, 7]
    ]
  })
  t.same(groupOf(counted, 'x', 'a').histogram, null, 'unanimous')
  t.ok(groupOf(counted, 'x', 'b').histogram)
  t.ok(groupOf(counted, 'y', 'a').histogram)
  t.same(groupOf(counted, 'y', 'b').histogram, null, 'unanimous')
  t.same(itemOf(counted, 'y').pooled.histogram, null, 'that of all without that of a is that of b')
  t.ok(itemOf(counted, 'x').pooled.histogram, 'a and c together may be told')
  t.match(groupOf(counted, 'y', 'c'), { n: 0, withheld: false, score: null, verdict: 'incomplete' })

  const unable = count({
    method: 'rating-1-9',
    items: ['x'],
    ballots: [...ratings('a', { 9: 20, unable: 2 }), ...ratings('b', { 9: 20, unable: 7 }), ...ratings('c', { 9: 20 })]
  })
  t.match(itemOf(unable, 'x'), {
    n: 60,
    unable: 9,
    groups: [
      { n: 20, unable: null },
      { n: 20, unable: null },
      { n: 20, unable: 0 }
    ]
  })

  // Three scored of a: b is hidden with it, and both count as one voice.
  const hidden = count({
    method: 'rating-1-9',
    items: ['x'],
    ballots: [...ratings('a', { 9: 3, unable: 9 }), ...ratings('b', { 1: 9 }), ...ratings('c', { 9: 10 })]
  })
  t.match(itemOf(hidden, 'x'), {
    n: 22,
    groups: [{ n: null }, { n: null }, { n: 10, score: 1 }],
    equalVoice: (3 / 12 + 1) / 2,
    divergence: null
  })
})

t.test('no ballot, or one: nothing is told, and nothing breaks', async (t) => {
  for (const method of CODES['exercise-method']) {
    const none = count({ method, items: ['x', 'y'], ballots: [], groups: { a: 'required', b: 'required' } })
    t.match(none, { representation: { total: 0, status: 'incomplete' }, sensitivity: { views: [], of: 0 } }, method)
    t.match(itemOf(none, 'x'), { n: 0, verdict: 'incomplete', rank: null, shortlisted: false, pooled: { score: null } }, method)

    const one = count({ method, items: ['x', 'y'], ballots: [['a', BALLOTS[method]]], groups: { a: 'required', b: 'optional' } })
    t.match(one, { representation: { total: null, status: 'incomplete' }, sensitivity: { views: [], of: 0 } }, method)
    t.strictSame(one.methodDetail, {}, method)
    for (const { item: _item, because, groups, ...numbers } of one.items) {
      t.match(
        numbers,
        { n: null, unable: null, rank: null, equalVoice: null, divergence: null, verdict: 'incomplete', stableIn: null },
        method
      )
      t.match(numbers, { shortlisted: false, shortlistedBy: [], pooled: { n: null, score: null } }, method)
      t.match(
        groups,
        [
          { n: null, withheld: true, score: null },
          { n: 0, withheld: false }
        ],
        method
      )
      t.same(because, [{ key: 'total.withheld', values: {} }], method)
    }
  }
})

const BALLOTS: Readonly<Record<Method, Ballot>> = {
  'rating-1-9': { scores: { x: 9 } },
  'top-n': { ranking: ['x'] },
  approval: { approved: ['x'] },
  dots: { dots: { x: 1 } },
  criteria: { criteria: { x: { equity: 1 } } },
  'rank-all': { ranking: [['x']] }
}

const ITEMS = ['i1', 'i2', 'i3', 'i4', 'constructor']
const GROUPS = ['a', 'b', 'c', 'd']
const CRITERIA = ['equity', 'impact']
const holds = <Ts extends [unknown, ...unknown[]]>(runs: number, property: fc.IProperty<Ts>) =>
  fc.assert(property, { seed: 20_261_124, numRuns: runs })

const someOf = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc
    .array(fc.option(value, { freq: 6 }), { minLength: ITEMS.length, maxLength: ITEMS.length })
    .map((values) => Object.fromEntries(ITEMS.flatMap((item, i) => (values[i] === null ? [] : [[item, values[i]!]]))))
const aList = fc.shuffledSubarray(ITEMS, { minLength: 1 })
const ANY_BALLOT: Readonly<Record<Method, fc.Arbitrary<Ballot>>> = {
  'rating-1-9': someOf(fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 9 }) }, fc.constant('unable' as const))).map(
    (scores) => ({ scores })
  ),
  'top-n': aList.map((list) => ({ ranking: list.slice(0, 3) })),
  approval: fc.subarray(ITEMS).map((approved) => ({ approved })),
  dots: aList.map((list) => ({ dots: Object.fromEntries(list.slice(0, 3).map((item, i) => [item, 3 - i])) })),
  criteria: someOf(fc.record(Object.fromEntries(CRITERIA.map((code) => [code, fc.constantFrom(0, 0.5, 1, null)]))) as never).map(
    (criteria) => ({
      criteria: criteria as NonNullable<Ballot['criteria']>
    })
  ),
  'rank-all': fc
    .tuple(aList, fc.integer({ min: 1, max: 5 }))
    .map(([list, at]) => ({ ranking: [list.slice(0, at), ...list.slice(at).map((i) => [i])] }))
}
const OPTIONS: Partial<Record<Method, RoundOptions>> = {
  'top-n': { top: 3 },
  criteria: { criteria: CRITERIA.map((code, i) => ({ code, weight: i + 1 })) }
}
const GROUPED = { a: 'required', b: 'required', c: 'optional', d: 'optional' } as const

interface Vote {
  readonly group: string
  readonly ballot: Ballot
}
/** Up to 40 ballots, of groups that may be small or absent. */
const anyVotes = (method: Method, maxLength = 40): fc.Arbitrary<Vote[]> =>
  fc.array(fc.integer({ min: 1, max: 12 }), { minLength: GROUPS.length, maxLength: GROUPS.length }).chain((weights) =>
    fc.array(
      fc.record({
        group: fc.oneof(...GROUPS.map((group, i) => ({ weight: weights[i]! ** 2, arbitrary: fc.constant(group) }))),
        ballot: ANY_BALLOT[method]
      }),
      { maxLength }
    )
  )
const anyRound = fc.constantFrom(...CODES['exercise-method']).chain((method) =>
  fc.record({
    method: fc.constant(method),
    votes: anyVotes(method),
    rules: fc.record({
      consensus: fc.constantFrom(...CODES['consensus-rule']),
      order: fc.constantFrom(...CODES['exercise-order']),
      topN: fc.integer({ min: 1, max: 4 }),
      k: fc.integer({ min: 3, max: 6 })
    })
  })
)
type AnyRound = typeof anyRound extends fc.Arbitrary<infer R> ? R : never
const countVotes = ({ method, votes, rules }: AnyRound, groups: Case['groups'] = GROUPED) =>
  count({
    method,
    items: ITEMS,
    groups: groups!,
    rules,
    ...(OPTIONS[method] ? { options: OPTIONS[method] } : {}),
    ballots: votes.map(({ group, ballot }) => [group, ballot])
  })

t.test('whoever comes first, the results are the same', async (t) => {
  holds(
    150,
    fc.property(
      anyRound.chain((round) => fc.tuple(fc.constant(round), fc.shuffledSubarray(round.votes, { minLength: round.votes.length }))),
      ([round, shuffled]) => JSON.stringify(countVotes(round)) === JSON.stringify(countVotes({ ...round, votes: shuffled }))
    )
  )
  t.pass()
})

/** Every count that a reader may have of separate voters: those shown, and all less those shown. */
function countsIn(item: CountedRound['items'][number], of: (answer: { n: number | null; unable: number | null }) => number | null) {
  const shown = item.groups.map(of)
  const all = of(item.pooled)
  const known = shown.reduce<number>((sum, n) => sum + (n ?? 0), 0)
  return [...shown, all, all === null ? null : all - known].filter((n) => n !== null)
}

t.test('no number that is shown, nor what follows by subtraction, is of 1 to k - 1 voters', async (t) => {
  const isSmall = (k: number) => (n: number) => n > 0 && n < k
  holds(
    400,
    fc.property(anyRound, (round) => {
      const { k } = round.rules
      const counted = countVotes(round)
      for (const item of counted.items) {
        const numbers = [...countsIn(item, ({ n }) => n), ...countsIn(item, ({ unable }) => unable)]
        for (const criterion of CRITERIA) {
          const nOf = ({ criteria }: { criteria?: { criterion: string; n: number }[] }) =>
            criteria?.find((each) => each.criterion === criterion)?.n ?? null
          numbers.push(...countsIn(item, nOf as never))
        }
        if (numbers.some(isSmall(k))) return false
        const shown = item.groups.flatMap(({ histogram }) => (histogram ? [histogram] : []))
        const all = item.pooled.histogram
        const left = all?.map((n, i) => n - shown.reduce((sum, histogram) => sum + histogram[i]!, 0)) ?? []
        const told = [...shown, ...(all ? [all] : []), ...(left.some((n) => n > 0) ? [left] : [])]
        if (told.some((histogram) => !distributionIsSafe(histogram, k))) return false
        // What is withheld is withheld in full.
        for (const { withheld, group: _group, groups: _groups, verdict, ...figures } of item.groups)
          if (withheld && (verdict !== 'incomplete' || Object.values(figures).some((value) => value !== null))) return false
      }
      return counted.representation.total !== null || counted.items.every(({ rank, equalVoice }) => rank === null && equalVoice === null)
    })
  )
  t.pass()
})

t.test('nothing tells which of those who are not shown said what', async (t) => {
  const scores = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 9, maxLength: 9 })
  const rules = fc.record({ order: fc.constantFrom(...CODES['exercise-order']), consensus: fc.constantFrom(...CODES['consensus-rule']) })
  const ofItem = (hidden: readonly number[], seen: readonly number[], unable: number, rules: Case['rules']) =>
    JSON.stringify(
      count({
        method: 'rating-1-9',
        items: ['x'],
        groups: { a: 'optional', b: 'optional', c: 'optional' },
        ...(rules ? { rules } : {}),
        ballots: [
          ...hidden.map((score, i): Cast => [i < 3 ? 'a' : 'b', rate(score)]),
          ['a', rate('unable'), unable],
          ...seen.map((score): Cast => ['c', rate(score)])
        ]
      })
    )
  holds(
    150,
    fc.property(
      scores.chain((hidden) => fc.tuple(fc.constant(hidden), fc.shuffledSubarray(hidden, { minLength: 9 }))),
      scores,
      // A group of three is hidden everywhere; a group of twelve, of whom three answered, for this item.
      fc.constantFrom(0, 9),
      rules,
      ([hidden, shuffled], seen, unable, rules) => ofItem(hidden, seen, unable, rules) === ofItem(shuffled, seen, unable, rules)
    )
  )
  t.pass()
})

const fullRating = fc
  .array(fc.integer({ min: 1, max: 9 }), { minLength: ITEMS.length, maxLength: ITEMS.length })
  .map((scores): Ballot => ({ scores: Object.fromEntries(ITEMS.map((item, i) => [item, scores[i]!])) }))

t.test('twice as many who say the same decide the same', async (t) => {
  holds(
    100,
    fc.property(
      fc.array(fc.record({ group: fc.constantFrom('a', 'b'), ballot: fullRating }), { minLength: 20, maxLength: 40 }),
      fc.constantFrom('cos-stad' as const, 'comet-70-15' as const),
      (votes, consensus) => {
        const rules = { consensus, order: 'equal-voice', topN: 2, k: 3 } as const
        const groups = { a: 'required', b: 'required' } as const
        const verdicts = (all: Vote[]) =>
          countVotes({ method: 'rating-1-9', votes: all, rules }, groups).items.map(({ item, verdict, pooled }) => [
            item,
            verdict,
            pooled.score
          ])
        const isShown = ['a', 'b'].every((code) => votes.filter(({ group }) => group === code).length >= 5)
        return !isShown || JSON.stringify(verdicts(votes)) === JSON.stringify(verdicts([...votes, ...votes]))
      }
    )
  )
  t.pass()
})

/** The ballot of a voter who thinks more of an item, and of nothing else. */
const RAISED: Partial<Record<Method, (ballot: Ballot, item: string) => Ballot>> = {
  'rating-1-9': ({ scores = {} }, item) => ({
    scores: { ...scores, ...(typeof scores[item] === 'number' ? { [item]: Math.min(9, scores[item] + 3) } : {}) }
  }),
  approval: ({ approved = [] }, item) => ({ approved: [...new Set([...approved, item])] }),
  'top-n': ({ ranking = [] }, item) => ({ ranking: before(ranking as string[], item) }),
  'rank-all': ({ ranking = [] }, item) => {
    const tiers = ranking as string[][]
    return tiers.some((tier) => tier.includes(item))
      ? { ranking: [[item], ...tiers.map((tier) => tier.filter((each) => each !== item)).filter((tier) => tier.length > 0)] }
      : { ranking: tiers }
  }
}
const before = (list: readonly string[], item: string) => {
  const at = list.indexOf(item)
  return at < 1 ? [...list] : list.with(at, list[at - 1]!).with(at - 1, item)
}
const VERDICTS = ['out', 'no-consensus', 'reconsider', 'in']

t.test('an item that somebody thinks more of never comes lower', async (t) => {
  holds(
    250,
    fc.property(
      anyRound.filter(({ method, votes }) => RAISED[method] !== undefined && votes.length > 0),
      fc.nat(),
      fc.constantFrom(...ITEMS),
      (round, who, item) => {
        const at = who % round.votes.length
        const { group, ballot } = round.votes[at]!
        const raised = round.votes.with(at, { group, ballot: RAISED[round.method]!(ballot, item) })
        const [one, two] = [itemOf(countVotes(round), item), itemOf(countVotes({ ...round, votes: raised }), item)]
        const isBelow = (a: number | null, b: number | null) => a !== null && b !== null && b > a
        if (isBelow(one.rank, two.rank) || isBelow(one.pooled.rank, two.pooled.rank)) return false
        if (one.groups.some(({ rank }, i) => isBelow(rank, two.groups[i]!.rank))) return false
        // Who thinks more of it may divide a panel: by RAND/UCLA that ends a consensus.
        return round.rules.consensus === 'ram' || VERDICTS.indexOf(two.verdict) >= VERDICTS.indexOf(one.verdict)
      }
    )
  )
  t.pass()
})

const TEXTS = { en, nl, fr, de, es }
const MOST_WORDS = 20
const wordsIn = (text: string) => text.match(/[\p{L}\p{N}]+(?:[’'-][\p{L}\p{N}]+)*/gu)?.length ?? 0
const wording = resultWordings(await loadVocabularies())
const names = { group: (code: string) => (code === 'youth' ? 'Youth council' : undefined) }

t.test('reasons in words', async (t) => {
  const say = (key: ReasonKey, values: Record<string, string | number>, language: (typeof LABEL_LANGUAGES)[number] = 'en') =>
    wording(language).tell({ key, values }, names)
  t.equal(
    say('rule.below', { group: 'lived-experience', percent: 50, bound: 'none' }),
    'Of people with lived experience, 50% scored 7 to 9. The rule asks for more.'
  )
  t.equal(
    say('rule.below', { group: 'youth', percent: 1, bound: 'under' }),
    'Of Youth council, under 1% scored 7 to 9. The rule asks for more.'
  )
  t.equal(
    say('pooled.only', { groups: 'policymakers+managers,carers', count: 2 }, 'nl'),
    'Alle stemmen samen voldoen aan de regel, maar enkele groepen niet: beleidsmakers en managers en mantelzorgers.'
  )
  t.equal(
    say('rule.in', { rule: 'comet-70-15', required: 'yes' }),
    'Every required group agrees that it is a priority. The rule: 70% for, under 15% against (COMET).'
  )
  t.match(say('disagreement', { group: 'carers', index: 1.3333 }, 'de'), /1,33/)
  t.equal(
    say('apart', { higher: 'carers', lower: 'constructor' }),
    'Groups are far apart: it matters most to family carers and least to constructor.'
  )
  t.equal(wording('en').labelOf('policymakers+managers', names), 'policymakers and managers')
})

t.test('every reason, in every language', async (t) => {
  const keys = Object.keys(en) as ReasonKey[]
  const values = {
    group: 'youth',
    groups: 'youth',
    higher: 'youth',
    lower: 'youth',
    rule: 'ram',
    required: 'yes',
    count: 2,
    percent: 99,
    median: 6.5
  }
  const told = { ...values, index: 1.25, rank: 3, of: 12, views: 4 }
  const argumentsOf = (text: string) => [...new Set([...text.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name))].sort()
  for (const language of LABEL_LANGUAGES) {
    t.strictSame(Object.keys(TEXTS[language]), keys, language)
    for (const key of keys) {
      t.same(
        argumentsOf(TEXTS[language][key]).filter((name) => name! in told || name === 'bound'),
        argumentsOf(en[key]).filter((name) => name! in told || name === 'bound'),
        `${language}: ${key}`
      )
      t.doesNotThrow(() => new IntlMessageFormat(TEXTS[language][key], language))
      const faulty = ['over', 'under', 'none']
        .map((bound) => wording(language).tell({ key, values: { ...told, bound } }, names))
        .filter((text) => {
          const isLong = text.split(/(?<=[.?!])\s+/).some((sentence) => wordsIn(sentence) > MOST_WORDS)
          const isOdd = /[{}#']|undefined|^\s|\s$|\s\s/.test(text) || (language === 'fr' && /[^\u202f][:;?!](\s|$)/.test(text))
          return isLong || isOdd
        })
      t.same(faulty, [], `${language}: ${key}`)
    }
  }
})

t.test('results as they are answered, and as a table', async (t) => {
  const errorsIn = validatorOf(RoundResults, [...EXERCISE_PARTS, ...RESULT_SCHEMAS])
  const exercise = {
    groups: GROUPS.map((code) => ({ code, label: { en: `Group ${code}` } })),
    items: [],
    language: 'en'
  } as unknown as Exercise
  holds(
    100,
    fc.property(anyRound, fc.constantFrom(...LABEL_LANGUAGES), (round, language) => {
      const counted = countVotes(round)
      const served = servedResults(counted, { exercise, wording: wording(language), language, rounds: [1] })
      const cells = rowsOf(served).map((row) => RESULT_COLUMNS.map(({ cell }) => cell(row)))
      const isTold = served.items.every(({ because }) => because.length > 0 && because.every((text) => !/[{}]|undefined/.test(text)))
      return errorsIn(served).length === 0 && isTold && cells.length === served.items.length * (counted.items[0]!.groups.length + 1)
    })
  )
  const counted = count({ method: 'rating-1-9', items: ['x'], ballots: [...ratings('a', { 8: 6, 2: 6 }), ...ratings('b', { 9: 5 })] })
  const served = servedResults(counted, {
    exercise,
    wording: wording('en'),
    language: 'en',
    rounds: [1],
    publishedAt: '2026-01-01T00:00:00Z',
    outcomeHash: 'h'
  })
  t.match(served, { rounds: [1], publishedAt: '2026-01-01T00:00:00Z', outcomeHash: 'h' })
  const [all, first] = rowsOf(served).map((row) => Object.fromEntries(RESULT_COLUMNS.map(({ name, cell }) => [name, cell(row)])))
  t.match(all, { item: 'x', group: 'all', n: 17, verdict: 'no-consensus', overallRank: 1, shortlistedBy: 'overall|a|b', divergent: 'b|a' })
  t.match(first, { item: 'x', group: 'a', groups: 'a', n: 12, score: 0.5, histogram: '0|6|0|0|0|0|0|6|0', verdict: 'out' })
  t.equal(first!.because, undefined)
  t.same(
    RESULT_COLUMNS.map(({ name }) => name),
    'item group groups withheld n unable score rank median share79 share13 disagreementIndex disagreement disagreementRobust histogram criteria agreement verdict equalVoice divergence divergent overallRank shortlisted shortlistedBy stableIn because'.split(
      ' '
    ),
    'the order is frozen'
  )
})
