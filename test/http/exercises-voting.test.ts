/** How exercises are voted on and counted: every method, rounds, ballots on paper, the turnout. Numbers are worked out by hand. On every engine. */
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import type { ItemResult } from '../../src/exercises/results/results.schema.ts'
import { engines } from '../engines.ts'
import { openRegistry, type SendOptions } from '../registry.ts'
import { ANY, etag, exercisesIn, LIVED, PROS, pointersOf, ratings, statements, times } from './exercises.made.ts'

interface RankingVector {
  readonly id: string
  readonly options: object
  readonly input: { readonly candidates: string[]; readonly ballots: { readonly ranking: string[][]; readonly count: number }[] }
  readonly expected: {
    readonly scores?: Record<string, number>
    readonly winners?: string[]
    readonly ranking?: string[][]
    readonly pathStrengths?: Record<string, Record<string, number>>
  }
}
interface SwampingVector {
  readonly options: { readonly top: number }
  readonly input: { readonly items: string[]; readonly groups: Record<string, { readonly ranking: string[]; readonly count: number }[]> }
  readonly expected: Record<'groupTotals' | 'groupPositions' | 'combinedPositionScores' | 'rawPooledTotals' | 'unionTop2', never>
}
const vectorsIn = (name: string) => JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'))
const RATING = { method: 'rating-1-9' }
const ONE_GROUP = [{ code: LIVED, target: 1 }]
const sorted = (ids: readonly string[]) => ids.toSorted()

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip }, async (t) => {
    const registry = await openRegistry(engine, { catalogue: 'empty' })
    const { send, app, close } = registry
    t.teardown(close)
    const { at, step, prepare, take, invite, own, cast, again, vote, voted, codesOf, see, results, resultOf, rowsIn } =
      exercisesIn(registry)
    /** Numbers of an item to nine decimals, for comparison with quotients. */
    const near = (t: Test, found: number | null | undefined, wanted: number, what: string) =>
      t.ok(typeof found === 'number' && Math.abs(found - wanted) < 1e-9, `${what}: ${found} in place of ${wanted}`)
    const groupIn = ({ groups }: ItemResult, group: string) => groups.find((each) => each.group === group)!
    /** Compares what items come to: the score of each group, of all voters, with equal voice, and the place. */
    const compare = (
      t: Test,
      all: { items: ItemResult[] },
      rows: Record<string, readonly [lived: number, professionals: number, pooled: number, equal: number, rank: number]>
    ) => {
      for (const [item, [lived, professionals, pooled, equal, rank]] of Object.entries(rows)) {
        const found = all.items.find((each) => each.item === item)!
        near(t, groupIn(found, LIVED).score, lived, `${item} by lived experience`)
        near(t, groupIn(found, PROS).score, professionals, `${item} by professionals`)
        near(t, found.pooled.score, pooled, `${item} pooled`)
        near(t, found.equalVoice, equal, `${item} with equal voice`)
        t.equal(found.rank, rank, `the place of ${item}`)
        near(t, found.divergence, Math.abs(lived - professionals), `${item} divergence`)
      }
      t.same(
        all.items.map(({ item }) => item),
        Object.entries(rows)
          .sort(([, a], [, b]) => a[4] - b[4])
          .map(([item]) => item),
        'the first comes first'
      )
    }

    await t.test('rating-1-9', async (t) => {
      const { id } = await voted(
        {},
        {
          [LIVED]: ratings({ i1: [9, 8, 7, 7, 9, 3], i2: [5, 5, 6, 4, 5, undefined], i3: [7, 7, 7, 7, 7, 7] }),
          [PROS]: ratings({ i1: [7, 8, 9, 7, 6, 5, 7, 8], i2: [1, 2, 3, 9, 9, 9, 2, 1], i3: [7, 7, 7, 7, 7, 2, 1, 5] })
        }
      )
      const all = await results(id)
      compare(t, all, {
        i1: [5 / 6, 6 / 8, 11 / 14, (5 / 6 + 6 / 8) / 2, 2],
        i2: [0, 3 / 8, 3 / 13, 3 / 16, 3],
        i3: [1, 5 / 8, 11 / 14, (1 + 5 / 8) / 2, 1]
      })
      const [i1, i2, i3] = ['i1', 'i2', 'i3'].map((item) => resultOf(all, item)) as [ItemResult, ItemResult, ItemResult]
      t.match(groupIn(i1, LIVED), { n: 6, median: 7.5, verdict: /^in$/, withheld: false, histogram: null })
      near(t, groupIn(i1, LIVED).share13, 1 / 6, 'share13')
      t.match(groupIn(i1, PROS), { n: 8, median: 7, share79: 0.75, share13: 0, verdict: /^in$/, disagreement: false })
      t.match(groupIn(i2, LIVED), { n: 5, median: 5, verdict: 'no-consensus' })
      // 1 1 2 2 3 9 9 9: p30 = 2, p70 = 8.4; 6.4 by 2.35 + 1.5 × 0.2.
      t.match(groupIn(i2, PROS), { n: 8, median: 2.5, share79: 3 / 8, share13: 5 / 8, disagreement: true })
      near(t, groupIn(i2, PROS).disagreementIndex, 6.4 / 2.65, 'disagreement index')
      t.match(i1, { n: 14, verdict: /^in$/, shortlisted: true, shortlistedBy: [PROS] })
      t.match(i2, { n: 13, verdict: 'no-consensus', shortlisted: false, divergent: [PROS, LIVED] })
      t.match(i3, { n: 14, verdict: 'no-consensus', shortlisted: true, divergent: [LIVED, PROS] })
      t.same(sorted(i3.shortlistedBy), sorted(['overall', LIVED]))
      t.match(all.representation, { total: 14, status: 'complete', missingRequired: [] })
      t.equal(all.sensitivity.of, all.sensitivity.views.length)
      t.same(
        all.sensitivity.views.map(({ view, without }) => [view, without].filter(Boolean).join(' ')).sort(),
        sorted(['pooled', 'equal-voice', 'jla', 'borda', `without ${LIVED}`, `without ${PROS}`])
      )
      for (const { item, stableIn } of all.items)
        t.equal(stableIn, all.sensitivity.views.filter(({ top }) => top.includes(item)).length, `${item} is stable in so many views`)
      const topOf = (view: string, without?: string) =>
        all.sensitivity.views.find((each) => each.view === view && each.without === without)?.top
      t.same([topOf('equal-voice'), topOf('without', LIVED), topOf('without', PROS)], [['i3'], ['i1'], ['i3']])
    })

    await t.test('the rules of consensus', async (t) => {
      // Of ten: 7 of 7 to 9 and 1 of 1 to 3; 6 and none; 3 and 5.
      const votes = ratings({
        i1: [9, 9, 8, 8, 7, 7, 7, 5, 5, 2],
        i2: [9, 8, 8, 7, 7, 7, 5, 5, 5, 4],
        i3: [1, 1, 1, 2, 2, 5, 5, 7, 7, 7]
      })
      const verdicts: Record<string, string[]> = {
        'cos-stad': ['in', 'no-consensus', 'no-consensus'],
        'comet-70-15': ['in', 'no-consensus', 'out'],
        pqm: ['in', 'reconsider', 'no-consensus'],
        ram: ['in', 'in', 'no-consensus']
      }
      for (const [consensus, expected] of Object.entries(verdicts)) {
        const { id } = await voted({ consensus, groups: ONE_GROUP }, { [LIVED]: votes })
        const all = await results(id)
        t.same(
          ['i1', 'i2', 'i3'].map((item) => resultOf(all, item).verdict),
          expected,
          consensus
        )
        // Eight of ten beside the most frequent answer: the distribution may be seen.
        t.same(groupIn(resultOf(all, 'i3'), LIVED).histogram, [3, 2, 0, 0, 2, 0, 3, 0, 0])
      }
    })

    await t.test('top-n', async (t) => {
      const { id } = await voted(
        { rounds: [{ method: 'top-n', options: { top: 2 } }], items: statements('a', 'b', 'c') },
        { [LIVED]: [...times(4, { ranking: ['a', 'b'] }), ...times(2, { ranking: ['b', 'a'] })], [PROS]: times(8, { ranking: ['c'] }) }
      )
      const all = await results(id)
      for (const [item, lived, professionals, rank] of [
        ['a', 10 / 6, 0, 1],
        ['c', 0, 2, 2],
        ['b', 8 / 6, 0, 3]
      ] as const) {
        const found = resultOf(all, item)
        near(t, groupIn(found, LIVED).score, lived, `${item} by lived experience`)
        near(t, groupIn(found, PROS).score, professionals, `${item} by professionals`)
        near(t, found.divergence, Math.abs(lived - professionals) / 2, `${item} divergence`)
        t.match(found, { rank, verdict: 'ranked' })
      }
      t.match(all.methodDetail.jla, {
        groupTotals: { [LIVED]: { a: 10, b: 8, c: 0 }, [PROS]: { a: 0, b: 0, c: 16 } },
        groupPositions: { [LIVED]: [['a'], ['b'], ['c']], [PROS]: [['c'], ['a', 'b']] },
        combinedPositionScores: { a: 4.5, b: 3.5, c: 4 },
        rawPooledTotals: { a: 10, b: 8, c: 16 },
        union: ['a', 'c']
      })
      t.same(
        all.items.map(({ shortlisted }) => shortlisted),
        [true, true, false]
      )
    })

    await t.test('top-n: three people are not swamped by a hundred (James Lind Alliance)', async (t) => {
      const { input, expected, options }: SwampingVector = vectorsIn('jla').derived[0]
      const codeOf = (group: string) => group.replaceAll('_', '-')
      const named = <T>(byGroup: Record<string, T>) =>
        Object.fromEntries(Object.entries(byGroup).map(([group, value]) => [codeOf(group), value]))
      const votes = named(input.groups)
      const { id } = await voted(
        { items: statements(...input.items), k: 3, topN: 2, rounds: [{ method: 'top-n', options: { top: options.top } }] },
        Object.fromEntries(
          Object.entries(votes).map(([group, ballots]) => [group, ballots.flatMap(({ ranking, count }) => times(count, { ranking }))])
        )
      )
      const all = await results(id)
      const { jla } = all.methodDetail
      t.same(jla?.groupTotals, named(expected.groupTotals))
      t.same(
        jla?.groupPositions,
        Object.fromEntries(
          Object.entries(named<string[]>(expected.groupPositions)).map(([group, order]) => [group, order.map((item) => [item])])
        )
      )
      t.same(
        [jla?.combinedPositionScores, jla?.rawPooledTotals, jla?.union],
        [expected.combinedPositionScores, expected.rawPooledTotals, expected.unionTop2]
      )
      t.ok(
        all.items.every(({ rank, shortlisted }) => rank === 1 && shortlisted),
        'they are exactly opposed, and it shows'
      )
    })

    await t.test('approval', async (t) => {
      const approved = (...lists: string[]) => lists.map((list) => ({ approved: list === '' ? [] : [...list] }))
      const { id } = await voted(
        { rounds: [{ method: 'approval' }], items: statements('a', 'b', 'c'), topN: 2 },
        { [LIVED]: approved('ab', 'a', 'ab', 'a', 'a', 'c'), [PROS]: approved('b', 'b', 'b', 'bc', 'bc', 'bc', 'c', 'a') }
      )
      const all = await results(id)
      compare(t, all, {
        a: [5 / 6, 1 / 8, 6 / 14, (5 / 6 + 1 / 8) / 2, 2],
        b: [2 / 6, 6 / 8, 8 / 14, (2 / 6 + 6 / 8) / 2, 1],
        c: [1 / 6, 4 / 8, 5 / 14, (1 / 6 + 4 / 8) / 2, 3]
      })
      t.match(all.items, [{ verdict: 'ranked', n: 14 }, { verdict: 'ranked' }, { verdict: 'ranked' }])
      // The first seat is of b with 8; then a has 5 (two of its 6 at a half), c 3.5.
      t.same(
        all.methodDetail.approval?.proportionalSet.map(({ item }) => item),
        ['b', 'a']
      )
    })

    await t.test('dots', async (t) => {
      const { id } = await voted(
        { rounds: [{ method: 'dots', options: { dots: 10 } }], items: statements('a', 'b', 'c') },
        { [LIVED]: times(6, { dots: { a: 6, b: 4 } }), [PROS]: [...times(4, { dots: { a: 2, b: 8 } }), ...times(4, { dots: { c: 10 } })] }
      )
      const all = await results(id)
      for (const [item, lived, professionals, pooled, equal, rank] of [
        ['b', 4, 4, 4, 4, 1],
        ['a', 6, 1, 44 / 14, 3.5, 2],
        ['c', 0, 5, 40 / 14, 2.5, 3]
      ] as const) {
        const found = resultOf(all, item)
        t.match(
          [groupIn(found, LIVED).score, groupIn(found, PROS).score, found.equalVoice, found.rank],
          [lived, professionals, equal, rank],
          item
        )
        near(t, found.pooled.score, pooled, `${item} pooled`)
        near(t, found.divergence, Math.abs(lived - professionals) / 10, `${item} divergence`)
      }
    })

    await t.test('criteria', async (t) => {
      const criteria = [{ code: 'x' }, { code: 'y', weight: 3 }]
      const answers = (ax: (number | null)[], ay: (number | null)[], bx: number, by: number) =>
        ax.map((x, i) => ({ criteria: { a: { x, y: ay[i] }, b: { x: bx, y: by } } }))
      const { id } = await voted(
        { rounds: [{ method: 'criteria', options: { criteria } }], items: statements('a', 'b') },
        { [LIVED]: answers([1, 1, 1, 0.5, 0.5, 0], [1, 1, 1, 1, 0, null], 0.5, 0), [PROS]: answers(times(8, 0), times(8, 1), 1, 0.5) }
      )
      const all = await results(id)
      const lived = (4 / 6 + 3 * (4 / 5)) / 4
      compare(t, all, {
        a: [lived, 0.75, (4 / 14 + 3 * (12 / 13)) / 4, (lived + 0.75) / 2, 1],
        b: [0.125, 0.625, (11 / 14 + 3 * (4 / 14)) / 4, 0.375, 2]
      })
      const { criteria: by, agreement } = groupIn(resultOf(all, 'a'), LIVED)
      t.same(
        by?.map(({ criterion, n }) => [criterion, n]),
        [
          ['x', 6],
          ['y', 5]
        ]
      )
      near(t, by?.[0]?.score, 4 / 6, 'x')
      near(t, by?.[1]?.score, 4 / 5, 'y')
      near(t, agreement, (3 / 6 + 4 / 5) / 2, 'average expert agreement')
    })

    await t.test('rank-all', async (t) => {
      const { id } = await voted(
        { rounds: [{ method: 'rank-all' }], items: statements('a', 'b', 'c') },
        { [LIVED]: times(6, { ranking: [['a'], ['b'], ['c']] }), [PROS]: times(8, { ranking: [['c'], ['a', 'b']] }) }
      )
      const all = await results(id)
      for (const [item, lived, professionals, rank] of [
        ['a', 2, 0.5, 1],
        ['c', 0, 2, 2],
        ['b', 1, 0.5, 3]
      ] as const) {
        const found = resultOf(all, item)
        t.match(
          [groupIn(found, LIVED).score, groupIn(found, PROS).score, found.equalVoice, found.rank],
          [lived, professionals, (lived + professionals) / 2, rank],
          item
        )
        near(t, found.divergence, Math.abs(lived - professionals) / 2, `${item} divergence`)
      }
      t.match(all.methodDetail, {
        borda: {
          scores: { a: 16, b: 10, c: 16 },
          ranking: [['a', 'c'], ['b']],
          options: { base: 0, unranked: 'tied-last', ties: 'average' }
        },
        schulze: {
          winners: ['c'],
          ranking: [['c'], ['a'], ['b']],
          strength: 'winning',
          pathStrengths: { a: { b: 6, c: 0 }, b: { a: 0, c: 0 }, c: { a: 8, b: 8 } }
        }
      })
    })

    await t.test('published elections, through ballots', async (t) => {
      const vectors: RankingVector[] = [...vectorsIn('schulze').vectors, ...vectorsIn('borda').vectors]
      const byOptions = Map.groupBy(
        vectors.filter(({ input }) => input.ballots.every(({ ranking }) => ranking.every(Array.isArray))),
        ({ id }) => id
      )
      for (const [name, [vector]] of byOptions) {
        const { options, input, expected } = vector!
        const ballots = input.ballots.flatMap(({ ranking, count }) => times(count, { ranking }))
        // A single voter would be withheld: then three vote alike.
        const alike = ballots.length < 3 ? 3 : 1
        const { id } = await voted(
          { items: statements(...input.candidates), groups: ONE_GROUP, k: 3, rounds: [{ method: 'rank-all', options }] },
          { [LIVED]: ballots.flatMap((ballot) => times(alike, ballot)) }
        )
        const { borda, schulze } = (await results(id)).methodDetail
        const tiers = (ranking: readonly (readonly string[])[] | undefined) => ranking?.map(sorted)
        if (expected.scores) {
          t.same(borda?.scores, Object.fromEntries(Object.entries(expected.scores).map(([item, points]) => [item, alike * points])), name)
          if (expected.ranking) t.same(tiers(borda?.ranking), tiers(expected.ranking), name)
          if (expected.winners) t.same(borda?.ranking[0], expected.winners, name)
          continue
        }
        t.same(sorted(schulze?.winners ?? []), sorted(expected.winners!), name)
        if (expected.ranking) t.same(tiers(schulze?.ranking), tiers(expected.ranking), name)
        if (expected.pathStrengths) t.match(schulze?.pathStrengths, expected.pathStrengths, name)
      }
      t.equal(byOptions.size, vectors.length)
    })

    await t.test('a ballot is refused where it is not one of its method', async (t) => {
      const rows: [round: object, ballot: object, pointer: string][] = [
        [{ method: 'top-n', options: { top: 2 } }, { ranking: ['i1', 'i2', 'i3'] }, '/ranking/2'],
        [{ method: 'top-n', options: { top: 2 } }, { ranking: ['i1', 'i1'] }, '/ranking/1'],
        [{ method: 'top-n', options: { top: 2 } }, { ranking: [['i1', 'i2']] }, '/ranking/0'],
        [{ method: 'top-n', options: { top: 2 } }, { ranking: [] }, '/ranking'],
        [{ method: 'approval', options: { max: 1 } }, { approved: ['i1', 'i2'] }, '/approved/1'],
        [{ method: 'approval', options: { max: 2 } }, { approved: ['i1', 'i1'] }, '/approved/1'],
        [{ method: 'approval' }, { approved: ['i4'] }, '/approved/0'],
        [{ method: 'dots', options: { dots: 5 } }, { dots: { i1: 3, i2: 3 } }, '/dots'],
        [{ method: 'dots', options: { dots: 5, maxPerItem: 3 } }, { dots: { i1: 4 } }, '/dots/i1'],
        [{ method: 'dots' }, { dots: { i1: -1 } }, '/dots/i1'],
        [{ method: 'dots' }, { dots: { i1: 0 } }, '/dots'],
        [{ method: 'dots' }, { dots: { i1: 1.5 } }, '/dots/i1'],
        [{ method: 'criteria' }, { criteria: { i1: { equty: 1 } } }, '/criteria/i1/equty'],
        [{ method: 'criteria' }, { criteria: { i1: { equity: 0.7 } } }, '/criteria/i1/equity'],
        [{ method: 'criteria' }, { criteria: { i1: {} } }, '/criteria/i1'],
        [{ method: 'rank-all' }, { ranking: [['i1', 'i1']] }, '/ranking/0/1'],
        [{ method: 'rank-all' }, { ranking: [['i1'], ['i2', 'i1']] }, '/ranking/1/1'],
        [{ method: 'rank-all' }, { ranking: [[]] }, '/ranking/0'],
        [{ method: 'rank-all' }, { scores: { i1: 9 } }, '/scores']
      ]
      const open = new Map<string, [string, string]>()
      for (const [round, ballot, pointer] of rows) {
        const key = JSON.stringify(round)
        if (!open.has(key)) {
          const { id } = await prepare({ rounds: [round] })
          await take(id, 'open')
          open.set(key, [id, (await invite(id, LIVED, 1))[0]!])
        }
        const refused = await cast(...open.get(key)!, ballot)
        t.equal(refused.statusCode, 422, JSON.stringify(ballot))
        t.ok(
          pointersOf(refused).some((found) => found === pointer || (pointer === '/ranking/0' && found.startsWith(pointer))),
          `${pointer}: ${refused.body}`
        )
      }
      for (const [id] of open.values()) t.equal((await rowsIn('ballots', id)).length, 0)
    })

    await t.test('rounds: which items go on, and why the others do not', async (t) => {
      // 70 % of 7 to 9 is in, up to 50 % is out, and 60 % is neither (COMET).
      const votes = ratings({ i1: [9, 9, 9, 9, 9], i2: [1, 1, 1, 1, 1], i3: [9, 9, 9, 5, 5] })
      const rows: [rule: string, goOn: string[]][] = [
        ['all', ['i1', 'i2', 'i3']],
        ['not-out', ['i1', 'i3']],
        ['undecided', ['i3']],
        ['shortlisted', ['i1']]
      ]
      for (const [carryOn, goOn] of rows) {
        const { id, exercise, voters } = await voted(
          { consensus: 'comet-70-15', rounds: [RATING, { ...RATING, carryOn }, RATING], mayJoin: true },
          { [LIVED]: votes, [PROS]: votes }
        )
        t.match(exercise, {
          state: 'between-rounds',
          itemSteps: [],
          rounds: [{ state: 'closed', items: ['i1', 'i2', 'i3'] }, { state: 'waiting' }, {}]
        })
        const before = await results(id)
        t.same(
          ['i1', 'i2', 'i3'].map((item) => resultOf(before, item).verdict),
          ['in', 'out', 'no-consensus']
        )
        const item = { kind: 'statement', label: 'Time off for carers' }
        const join = (body: object, headers: Record<string, string> = ANY) =>
          send('POST', at(id, '/items'), { as: 'organiser', headers, body })
        t.equal((await join({ item, reason: 'Seven asked for it.' }, {})).statusCode, 428)
        t.equal((await join({ item, reason: 'Seven asked for it.' }, { 'if-match': '"old"' })).statusCode, 412)
        t.same(pointersOf(await join({ item })), ['/reason'])
        t.same(pointersOf(await join({ item: { ...item, id: 'i2' }, reason: 'x' })), ['/item/id'])
        t.same(pointersOf(await join({ item: { kind: 'statement' }, reason: 'x' })), ['/item/label'])
        const joined = await join({ item, reason: 'Seven asked for it.' })
        t.match(joined.json().items[3], { id: 'i4', kind: 'statement', label: { en: 'Time off for carers' }, joined: 2 })
        t.equal(joined.json().protocolHash, exercise.protocolHash, 'the protocol is as it was frozen')
        t.same(joined.json().protocol, exercise.protocol)
        const opened = await take(id, 'open')
        t.same(opened.rounds[1].items, [...goOn, 'i4'], carryOn)
        const steps = Object.fromEntries(opened.itemSteps.map((step: { item: string }) => [step.item, step]))
        t.equal(opened.itemSteps.length, 4)
        t.match(steps['i4'], { round: 2, step: 'joined', reason: 'Seven asked for it.' })
        for (const item of ['i1', 'i2', 'i3']) {
          const step = goOn.includes(item) ? 'carried' : 'dropped'
          t.match(steps[item], { round: 2, step, reason: new RegExp(`^\\p{Lu}.*carryOn: ${carryOn}\\)\\.$`, 'u') }, `${item} by ${carryOn}`)
        }
        const [code] = codesOf(voters, LIVED)
        t.same(
          (await own(id, code!)).json().items.map(({ id }: { id: string }) => id),
          [...goOn, 'i4']
        )
        const gone = ['i1', 'i2', 'i3'].find((item) => !goOn.includes(item))
        if (gone) t.same(pointersOf(await cast(id, code!, { scores: { [gone]: 9 } })), [`/scores/${gone}`])
        t.equal((await cast(id, code!, { scores: { i4: 9 } })).statusCode, 200)
        t.equal((await join({ item, reason: 'Too late.' })).statusCode, 409, 'not while a round is open')
      }
    })

    await t.test('rounds: the item that joined, the last round by all who voted, and what is left out', async (t) => {
      const votes = ratings({ i1: [9, 9, 9, 9, 9], i2: [1, 1, 1, 1, 1], i3: [9, 9, 9, 5, 5] })
      const rounds = [RATING, { ...RATING, carryOn: 'undecided' }, { method: 'approval' }, { method: 'dots' }]
      const { id, voters } = await voted({ consensus: 'comet-70-15', rounds }, { [LIVED]: votes, [PROS]: votes })
      t.match(
        (
          await send('POST', at(id, '/items'), {
            as: 'organiser',
            headers: ANY,
            body: { item: { kind: 'statement', label: 'x' }, reason: 'x' }
          })
        ).json(),
        {
          status: 409,
          detail: /mayJoin/
        }
      )
      t.match((await take(id, 'open')).rounds[1], { items: ['i3'], state: 'open' })
      const codes = voters.map(({ code }) => code)
      const second = await again(id, codes, times(10, { scores: { i3: 8 } }))
      t.notOk(
        second.some((receipt) => voters.some((voter) => voter.receipt === receipt)),
        'rounds cannot be linked'
      )
      await take(id, 'close')
      t.match(await results(id), { round: 2, rounds: [1, 2], items: [{ item: 'i3', n: 10, verdict: /^in$/ }] })
      t.match(resultOf(await results(id, '?round=1'), 'i3'), { verdict: 'no-consensus' })
      const keys = (await rowsIn('ballots', id)).map(({ key }) => key)
      t.equal(new Set(keys).size, 20)
      t.match((await take(id, 'open')).rounds[2], { items: ['i3'], method: 'approval' }, 'all of the round before')
      await again(id, codes, times(10, { approved: ['i3'] }))
      await take(id, 'close')
      const before = await see(id, '', 'organiser')
      t.same(pointersOf(await step(id, 'close', undefined, { headers: etag(before) })), ['/reason'])
      t.equal((await see(id, '', 'organiser')).headers['etag'], before.headers['etag'])
      const closed = await step(id, 'close', { reason: 'There is nothing left to part.' }, { headers: etag(before) })
      t.match(closed.json(), {
        state: 'closed',
        rounds: [
          { state: 'closed' },
          { state: 'closed' },
          { state: 'closed' },
          { state: 'left-out', reason: 'There is nothing left to part.' }
        ]
      })
      t.equal((await see(id, '/results?round=4', 'organiser')).statusCode, 404)
      t.match(await results(id), { round: 3, rounds: [1, 2, 3], method: 'approval', items: [{ item: 'i3' }] })
    })

    await t.test('rounds: without an item that is undecided no round is opened', async (t) => {
      const votes = ratings({ i1: times(5, 9), i2: times(5, 1), i3: times(5, 8) })
      const { id } = await voted(
        { consensus: 'comet-70-15', rounds: [RATING, { ...RATING, carryOn: 'undecided' }] },
        { [LIVED]: votes, [PROS]: votes }
      )
      const before = await see(id, '', 'organiser')
      t.match((await step(id, 'open')).json(), { status: 409, code: 'transition-not-allowed', detail: /No item is left/ })
      const after = await see(id, '', 'organiser')
      t.same([after.headers['etag'], after.body], [before.headers['etag'], before.body])
      t.match(await take(id, 'close', { reason: 'All is decided.' }), { state: 'closed', rounds: [{}, { state: 'left-out' }] })
    })

    await t.test('rounds: the rule applies also where the next round is opened while the one before is being closed', async (t) => {
      const votes = ratings({ i1: times(5, 9), i2: times(5, 1), i3: [9, 9, 9, 5, 5] })
      const { id } = await prepare({ consensus: 'comet-70-15', rounds: [RATING, { ...RATING, carryOn: 'undecided' }] })
      await take(id, 'open')
      await vote(id, { [LIVED]: votes, [PROS]: votes })
      const [closed, opened] = await Promise.all([step(id, 'close'), step(id, 'open')])
      t.equal(closed.statusCode, 200)
      if (opened.statusCode !== 200) t.match(opened.json(), { status: 409, code: 'transition-not-allowed' })
      const exercise = opened.statusCode === 200 ? opened.json() : await take(id, 'open')
      t.same(exercise.rounds[1].items, ['i3'])
      t.equal(exercise.itemSteps.length, 3, 'each item with its reason')
    })

    await t.test('rounds: what was not decided for want of a group goes on', async (t) => {
      const { id } = await voted(
        { consensus: 'comet-70-15', rounds: [RATING, { ...RATING, carryOn: 'undecided' }] },
        { [LIVED]: ratings({ i1: times(6, 9), i2: times(6, 1), i3: times(6, 5) }) }
      )
      t.match(await results(id), { representation: { status: 'incomplete', missingRequired: [PROS] } })
      t.ok((await results(id)).items.every(({ verdict }) => verdict === 'incomplete'))
      t.same((await take(id, 'open')).rounds[1].items, ['i1', 'i2', 'i3'])
    })

    await t.test('one’s own scores and those of each group in the next round, and nothing of the few', async (t) => {
      const groups = [
        { code: LIVED, target: 0.4, required: true },
        { code: PROS, target: 0.4 },
        { code: 'neighbours', target: 0.2 }
      ]
      const lived = ratings({
        i1: [1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9],
        i2: times(12, 8),
        i3: [...times(9, 2), 'unable', 'unable', 'unable']
      })
      const { id, voters } = await voted(
        { groups, rounds: [RATING, RATING] },
        {
          [LIVED]: lived,
          [PROS]: ratings({ i1: times(8, 7), i2: times(8, 3) }),
          neighbours: ratings({ i1: [1, 1, 1], i2: [1, 1, 1], i3: [1, 1, 1] })
        }
      )
      await take(id, 'open')
      const [first] = codesOf(voters, LIVED)
      const seen = (await own(id, first!)).json()
      t.match(seen, { round: 2, before: [{ round: 1, ballot: lived[0] }] })
      t.notOk('ballot' in seen, 'nothing is in yet in this round')
      t.notOk('receipt' in seen)
      const said = (item: string, group: string) =>
        seen.before[0].items
          .find((each: { item: string }) => each.item === item)
          .groups.find((each: { group: string }) => each.group.split('+').includes(group))
      t.match(said('i1', LIVED), { n: 12, median: 6.5, score: 0.5, histogram: [1, 1, 1, 1, 1, 1, 1, 1, 4] })
      t.equal(said('i2', LIVED).histogram, null, 'of what all said the same no distribution is shown')
      for (const item of ['i1', 'i2', 'i3']) {
        t.match(said(item, 'neighbours'), { n: null, median: null, score: null, histogram: null }, 'of three nothing is shown')
        t.match(said(item, PROS), { n: null, median: null, score: null, histogram: null }, 'nor what they could be worked out from')
      }
      t.same((await own(id, codesOf(voters, 'neighbours')[0]!)).json().before[0].items, seen.before[0].items, 'all see the same')
      const [newcomer] = await invite(id, LIVED, 1)
      const anew = (await own(id, newcomer!)).json()
      t.notOk('ballot' in anew.before[0], 'who was not there has no ballot of then')
      t.same(anew.before[0].items, seen.before[0].items)
      t.equal((await cast(id, newcomer!, { scores: { i1: 9 } })).statusCode, 200)
      t.match((await own(id, newcomer!)).json(), { ballot: { scores: { i1: 9 } }, receipt: /-/ })
    })

    await t.test('paper: entered by one, confirmed by another', async (t) => {
      const key = (await send('POST', '/v1/keys', { as: 'admin', body: { name: 'the other organiser', role: 'organiser' } })).json().key
      const other = { authorization: `Bearer ${key}` }
      const { id } = await prepare({ rounds: [RATING] })
      const cards = await invite(id, LIVED, 8)
      const foreign = await invite(id, PROS, 1)
      const ballot = { scores: { i1: 9, i2: 5, i3: 1 } }
      const enter = (body: object, options: SendOptions = {}) =>
        send('POST', at(id, '/paper-batches'), { as: 'organiser', ...options, body })
      const paper = (...codes: (string | undefined)[]) => ({
        group: LIVED,
        ballots: codes.map((code) => ({ ...(code === undefined ? {} : { code }), ballot }))
      })
      const settle = (batch: string, how: 'confirm' | 'discard', options: SendOptions = {}) =>
        send('POST', at(id, `/paper-batches/${batch}/${how}`), {
          headers: other,
          ...(how === 'discard' ? { body: { reason: 'Typed twice.' } } : {}),
          ...options
        })
      t.match((await enter(paper(undefined))).json(), { status: 409, code: 'round-not-open' })
      await take(id, 'open')
      await cast(id, cards[0]!, ballot)
      const before = await see(id, '', 'organiser')

      const rows: [body: object, pointers: string[]][] = [
        [paper(cards[0]), ['/ballots/0/code']],
        [paper(cards[1], cards[1]), ['/ballots/1/code']],
        [paper(cards[1], foreign[0]), ['/ballots/1/code']],
        [paper(`${cards[1]!.slice(0, -1)}U`), ['/ballots/0/code']],
        [{ group: 'carers', ballots: [{ ballot }] }, ['/group']],
        [{ group: LIVED, ballots: [{ ballot }, { ballot: { scores: { i1: 0 } } }] }, ['/ballots/1/ballot/scores/i1']],
        [{ group: LIVED, ballots: [{ ballot: { approved: [] } }] }, ['/ballots/0/ballot/approved']],
        [{ group: LIVED, ballots: [] }, ['/ballots']],
        [{ group: LIVED, ballots: [{ ballot, name: 'Anna' }] }, ['/ballots/0/name']]
      ]
      for (const [body, pointers] of rows)
        t.match([(await enter(body)).statusCode, pointersOf(await enter(body))], [422, pointers], JSON.stringify(pointers))
      t.equal((await see(id, '/paper-batches', 'organiser')).json().total, 0, 'a batch comes in whole or not at all')

      const entered = await enter(paper(cards[1], cards[2], undefined, undefined), { headers: { 'idempotency-key': 'paper-1' } })
      t.match(entered.json(), { exercise: id, round: 1, group: LIVED, state: 'waiting', count: 4, enteredBy: 'the organiser' })
      const batch = entered.json().id
      t.match(entered.headers['location'], new RegExp(`/v1/exercises/${id}/paper-batches/${batch}$`))
      t.equal(
        (await enter(paper(cards[1], cards[2], undefined, undefined), { headers: { 'idempotency-key': 'paper-1' } })).body,
        entered.body
      )
      t.same((await send('GET', at(id, `/paper-batches/${batch}`), { headers: other })).json(), {
        ...entered.json(),
        ballots: times(4, ballot)
      })
      t.match((await see(id, '/paper-batches', 'organiser')).json(), { items: [entered.json()], total: 1, next: '' })
      t.equal((await rowsIn('ballots', id)).length, 1, 'it counts for nothing yet')
      t.match((await see(id, '/turnout', 'organiser')).json().groups[0], { invited: 8, voted: 0 })
      t.match((await step(id, 'close')).json(), { status: 409, code: 'transition-not-allowed', detail: new RegExp(batch) })
      t.equal((await see(id, '', 'organiser')).headers['etag'], before.headers['etag'])
      t.match((await settle(batch, 'confirm', { as: 'organiser', headers: {} })).json(), { status: 403, code: 'own-entry' })
      t.equal((await settle(batch, 'confirm', { as: 'reviewer', headers: {} })).statusCode, 403)
      t.equal((await settle('no-such-batch', 'confirm')).statusCode, 404)
      t.equal((await rowsIn('ballots', id)).length, 1)

      const confirmed = await settle(batch, 'confirm')
      t.match(confirmed.json(), { id: batch, state: 'confirmed', count: 4, enteredBy: 'the organiser', settledBy: 'the other organiser' })
      t.same((await see(id, `/paper-batches/${batch}`, 'organiser')).json().ballots, [], 'what was in it is among all others now')
      t.equal((await settle(batch, 'confirm')).statusCode, 409)
      t.equal((await settle(batch, 'discard')).statusCode, 409)
      t.match((await see(id, '/turnout', 'organiser')).json().groups[0], { invited: 10, voted: 5 }, 'whoever had no card is invited by it')
      t.match((await own(id, cards[1]!)).json(), { ballot })

      const late = (await enter(paper(cards[3], cards[4]))).json().id
      await cast(id, cards[4]!, { scores: { i1: 2 } })
      t.match((await settle(late, 'confirm')).json(), { status: 409, code: 'conflict', detail: /ballot 2/ })
      t.equal((await rowsIn('ballots', id)).length, 6, 'nor the other one of the batch')
      t.same(pointersOf(await settle(late, 'discard', { body: {} })), ['/reason'])
      t.match((await settle(late, 'discard')).json(), { state: 'discarded', reason: 'Typed twice.', settledBy: 'the other organiser' })
      t.same((await see(id, `/paper-batches/${late}`, 'organiser')).json().ballots, [])
      const mine = (await enter(paper(undefined))).json().id
      t.match(
        (await settle(mine, 'discard', { as: 'organiser', headers: {} })).json(),
        { state: 'discarded' },
        'one may throw one’s own away'
      )

      const onlineToo = (await cast(id, cards[5]!, ballot)).json().receipt
      await take(id, 'close')
      t.match((await enter(paper(undefined))).json(), { status: 409, code: 'round-not-open' })
      const listed = (await see(id, '/receipts', 'organiser')).json()
      t.equal(listed.total, 7)
      t.ok(listed.items.includes(onlineToo))
      t.match(groupIn(resultOf(await results(id), 'i1'), LIVED), { n: 7, median: 9, share79: 6 / 7 })
      t.same(
        (await see(id, '/paper-batches', 'organiser')).json().items.map(({ state }: { state: string }) => state),
        ['confirmed', 'discarded', 'discarded']
      )
    })

    await t.test('paper: an administrator may compare it as well, and a code on paper can be taken back online', async (t) => {
      const { id } = await prepare()
      const cards = await invite(id, LIVED, 6)
      await take(id, 'open')
      const ballots = cards.map((code) => ({ code: code.toLowerCase(), ballot: { scores: { i1: 9 } } }))
      const batch = (await send('POST', at(id, '/paper-batches'), { as: 'organiser', body: { group: LIVED, ballots } })).json().id
      t.match((await send('POST', at(id, `/paper-batches/${batch}/confirm`), { as: 'admin' })).json(), { state: 'confirmed' })
      const { receipt } = (await own(id, cards[0]!)).json()
      t.equal((await cast(id, cards[0]!, { scores: { i1: 1 } })).json().receipt, receipt)
      await take(id, 'close')
      t.match(groupIn(resultOf(await results(id), 'i1'), LIVED), { n: 6, share79: 5 / 6 })
    })

    await t.test('the turnout: rounded to 5, once and live', async (t) => {
      const { id } = await prepare()
      await take(id, 'open')
      const codes = { [LIVED]: await invite(id, LIVED, 9), [PROS]: await invite(id, PROS, 4) }
      const ballot = { scores: { i1: 9 } }
      const turnout = async () => (await see(id, '/turnout')).json()
      t.same(await turnout(), {
        exercise: id,
        state: 'open',
        round: 1,
        groups: [
          { group: LIVED, invited: 9, voted: 0 },
          { group: PROS, invited: 4, voted: 0 }
        ],
        voted: 0
      })
      const seen = []
      for (const code of codes[LIVED]!) {
        await cast(id, code, ballot)
        seen.push((await turnout()).groups[0].voted)
      }
      t.same(seen, [0, 0, 5, 5, 5, 5, 5, 10, 10])
      t.equal((await send('HEAD', at(id, '/turnout'))).statusCode, 200)

      await app.listen({ port: 0, host: '127.0.0.1' })
      const { port } = app.server.address() as AddressInfo
      const url = `http://127.0.0.1:${port}${at(id, '/turnout/live')}`
      const head = await fetch(url, { method: 'HEAD' })
      t.match(
        [head.status, head.headers.get('content-type'), await head.text()],
        [200, /^text\/event-stream/, ''],
        'HEAD does not wait for events'
      )
      t.equal((await send('HEAD', at(id, '/turnout/live'))).statusCode, 200)
      t.equal((await fetch(`http://127.0.0.1:${port}${at('not-there', '/turnout/live')}`)).status, 404)
      const live = await fetch(url)
      t.match([live.status, live.headers.get('content-type'), live.headers.get('cache-control')], [200, /^text\/event-stream/, 'no-store'])
      const events = eventsOf(live)
      t.match((await events.next()).value, { state: 'open', round: 1, voted: 10, groups: [{ voted: 10 }, { voted: 0 }] }, 'one at once')
      await again(id, codes[PROS]!.slice(0, 2), times(2, ballot))
      await again(id, codes[PROS]!.slice(2), times(2, ballot))
      t.match((await events.next()).value, { voted: 15, groups: [{ voted: 10 }, { voted: 5 }] }, 'and when a rounded number has changed')
      await take(id, 'close')
      t.match((await events.next()).value, { state: 'closed', round: 1, voted: 15 })
      const [ended] = await Promise.all([events.next(), app.close()])
      t.equal(ended.done, true, 'the stream ends with the server')
    })
  })
}

/** The turnouts of a stream of server-sent events. */
async function* eventsOf(answer: Response): AsyncGenerator<object, undefined> {
  let text = ''
  for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const event = text.slice(0, end)
      text = text.slice(end + 2)
      const data = event.split('\n').find((line) => line.startsWith('data: '))
      if (event.includes('event: turnout') && data) yield JSON.parse(data.slice(6))
    }
  }
  return undefined
}
