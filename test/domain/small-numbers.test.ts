/** Small numbers: cells, what is hidden with them, and that nothing published differs by fewer than k voters. */
import { deepStrictEqual } from 'node:assert'
import fc from 'fast-check'
import t from 'tap'
import { distributionIsSafe, hiddenAmong, percentInWords } from '../../src/exercises/small-numbers/hiding.ts'
import {
  cellIndexOf,
  DEFAULT_KIN,
  type Partition,
  partitionOf,
  smallestVoters,
  type Voters
} from '../../src/exercises/small-numbers/partition.ts'
import { CODES } from '../../src/vocabularies/codes.ts'
import vectors from '../vectors/suppression.json' with { type: 'json' }

const voters = (counts: Readonly<Record<string, number>>): Voters[] => Object.entries(counts).map(([group, n]) => ({ group, n }))
const shown = ({ cells }: Partition) => Object.fromEntries(cells.flatMap(({ code, n }) => (n === null ? [] : [[code, n]])))
const hidden = ({ cells }: Partition) => cells.flatMap(({ code, withheld }) => (withheld ? [code] : []))
const vector = (id: string) => vectors.derived.find((each) => each.id === id) ?? (t.bailout(id) as never)

t.test('published cases: hidden with complements', async (t) => {
  for (const id of ['one-small-group', 'two-small-groups', 'two-tiny-groups']) {
    const { k, input, expected } = vector(id) as {
      k: number
      input: { groups: Record<string, number> }
      expected: { hidden: string[]; shown: { total: number } }
    }
    const partition = partitionOf(voters(input.groups), k, [])
    const { total, ...cells } = expected.shown
    t.same(hidden(partition), expected.hidden, id)
    t.same(shown(partition), cells, id)
    t.equal(partition.total, total, id)
    t.same(partition.rest?.groups, expected.hidden, id)
    const groups = Object.keys(input.groups)
    const amongCounts = hiddenAmong(Object.values(input.groups), k)
    t.same(amongCounts === 'all' ? groups : [...amongCounts].map((at) => groups[at]).sort(), expected.hidden, `${id}, as plain counts`)
  }
})

t.test('published cases: merged instead', async (t) => {
  const { k, input, expected } = vector('merge-instead') as {
    k: number
    input: { groups: Record<string, number>; kin: string[][] }
    expected: { cells: Record<string, number> }
  }
  const partition = partitionOf(voters(input.groups), k, input.kin)
  t.same(shown(partition), expected.cells)
  t.same(hidden(partition), [])
  t.equal(partition.rest, null)
})

t.test('published cases: unanimity', async (t) => {
  const ratings = vector('unanimity').input.group!.ratings
  const histogram = (scores: readonly number[]) => Array.from({ length: 9 }, (_, at) => scores.filter((score) => score === at + 1).length)
  t.equal(distributionIsSafe(histogram(ratings), 5), false)
  t.equal(distributionIsSafe([0, 0, 0, 0, 0, 0, 4, 0, 36], 5), false, 'nearly all the same')
  t.equal(distributionIsSafe([0, 0, 0, 0, 0, 0, 5, 0, 36], 5), true)
  t.equal(distributionIsSafe([0, 0, 0, 0, 0, 0, 5, 0, 4], 5), false, 'fewer than ten')
  t.equal(distributionIsSafe([0, 0, 0, 0, 0, 0, 5, 0, 5], 5), true, 'ten')
  t.equal(distributionIsSafe([], 5), false)
})

t.test('what is merged, and what is not', async (t) => {
  const cases: [name: string, counts: Record<string, number>, shown: Record<string, number>, hidden: string[], total: number | null][] = [
    ['nobody is no secret', { carers: 0, managers: 9 }, { carers: 0, managers: 9 }, [], 9],
    ['nobody helps nobody', { 'lived-experience': 3, carers: 0, managers: 9 }, { carers: 0 }, ['lived-experience', 'managers'], 12],
    ['large kin helps small kin', { 'lived-experience': 30, carers: 1 }, { 'lived-experience+carers': 31 }, [], 31],
    ['large kin stay apart', { 'lived-experience': 30, carers: 5 }, { 'lived-experience': 30, carers: 5 }, [], 35],
    ['merging that does not help is left', { managers: 2, policymakers: 2, carers: 9 }, {}, ['managers', 'policymakers', 'carers'], 13],
    ['one group, too small', { carers: 4 }, {}, ['carers'], null],
    ['all together too small', { carers: 2, managers: 2 }, {}, ['carers', 'managers'], null],
    ['all together just enough', { carers: 2, managers: 3 }, {}, ['carers', 'managers'], 5],
    ['nobody at all', { carers: 0, managers: 0 }, { carers: 0, managers: 0 }, [], 0]
  ]
  for (const [name, counts, visible, withheld, total] of cases) {
    const partition = partitionOf(voters(counts), 5, DEFAULT_KIN)
    t.same(shown(partition), visible, name)
    t.same(hidden(partition), withheld, name)
    t.equal(partition.total, total, name)
  }
  const large = partitionOf(voters({ a: 1, b: 1, c: 4, d: 30 }), 5, [['a', 'b', 'c', 'd']])
  t.same(shown(large), { 'a+b+c': 6, d: 30 }, 'no further than it helps')
  const overlapping = partitionOf(voters({ a: 1, b: 1, c: 4 }), 5, [
    ['a', 'b'],
    ['b', 'c']
  ])
  t.same(shown(overlapping), { 'a+b+c': 6 }, 'lists that overlap')
})

t.test('where ballots are counted', async (t) => {
  t.same(
    [...cellIndexOf(partitionOf(voters({ a: 3, b: 40, c: 9, d: 0 }), 5, []))],
    [
      ['a', 4],
      ['b', 1],
      ['c', 4],
      ['d', 3]
    ]
  )
  t.same([...cellIndexOf(partitionOf(voters({ a: 3, b: 0 }), 5, []))], [['b', 1]], 'no rest where totals are withheld')
})

t.test('several rounds have one partition', async (t) => {
  const rounds = [voters({ a: 12, b: 9, c: 30 }), voters({ a: 4, b: 9, c: 28 }), voters({ b: 9, c: 0 })]
  t.same(smallestVoters(rounds), [
    { group: 'a', n: 0, rounds: [12, 4, 0] },
    { group: 'b', n: 9, rounds: [9, 9, 9] },
    { group: 'c', n: 0, rounds: [30, 28, 0] }
  ])
  const partition = partitionOf(smallestVoters(rounds), 5, [])
  t.same(hidden(partition), ['a', 'b'], 'small in one of them')
  t.same(shown(partition), { c: 0 }, 'absent in one of them')
  const left = partitionOf(smallestVoters([voters({ a: 12, b: 9 }), voters({ a: 0, b: 9 })]), 5, [])
  t.same(shown(left), { a: 0, b: 9 }, 'absent in the last')
  const first = partitionOf(smallestVoters([voters({ a: 3, b: 7, c: 6 })]), 5, [])
  t.same(shown(first), { b: 7 })
  const second = partitionOf(smallestVoters([voters({ a: 3, b: 7, c: 6 }), voters({ a: 3, b: 5, c: 6 })]), 5, [])
  t.same(shown(second), { b: 5 }, 'the same complement, though another is smaller now')
})

t.test('a percentage is not dressed up', async (t) => {
  const cases: [number, string][] = [
    [1, '100 %'],
    [0.9999, 'over 99 %'],
    [0.995, 'over 99 %'],
    [0.99, '99 %'],
    [0.705, '71 %'],
    [0.5, '50 %'],
    [0.0051, '1 %'],
    [0.004, 'under 1 %'],
    [0, '0 %']
  ]
  for (const [share, words] of cases) t.equal(percentInWords(share), words)
})

const anyK = fc.integer({ min: 3, max: 8 })
const anyCount = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 9 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 60 }) }
)
const anyGroups = fc.shuffledSubarray([...CODES['gap-group'], 'own'], { minLength: 1 })
const anyKin = fc.oneof(
  fc.constant(DEFAULT_KIN),
  fc.array(fc.subarray([...CODES['gap-group'], 'own'], { minLength: 2, maxLength: 4 }), { maxLength: 3 })
)
const anyElectorate = anyGroups.chain((groups) => fc.tuple(...groups.map((group) => fc.record({ group: fc.constant(group), n: anyCount }))))

/** Every sum of some parts; a part is a set of bits. */
const sumsOf = (parts: readonly number[]) => parts.reduce<number[]>((sums, part) => sums.concat(sums.map((sum) => sum | part)), [0])

/** Whether any two of these sets of voters differ by nobody or by k and more; a set is a set of bits, one for each count. */
function areApart(sets: readonly number[], counts: readonly number[], k: number): boolean {
  const size = (set: number) => counts.reduce((sum, n, at) => sum + ((set >> at) & 1) * n, 0)
  const distinct = [...new Set([0, ...sets])]
  return distinct.every((a, at) => distinct.slice(at + 1).every((b) => size(a ^ b) === 0 || size(a ^ b) >= k))
}

t.test('no two published answers differ by fewer than k voters', async () => {
  fc.assert(
    fc.property(anyElectorate, anyK, anyKin, (electorate, k, kin) => {
      const partition = partitionOf(electorate, k, kin)
      const bits = (groups: readonly string[]) => electorate.reduce((set, { group }, at) => set | (groups.includes(group) ? 1 << at : 0), 0)
      const visible = partition.cells.filter(({ withheld }) => !withheld).map(({ groups }) => bits(groups))
      const pooled = bits(electorate.map(({ group }) => group))
      const totals = partition.total === null ? [] : [pooled, ...sumsOf(visible).map((sum) => pooled & ~sum)]
      const sets = [...visible, ...totals, ...(partition.rest ? [bits(partition.rest.groups)] : [])]
      return areApart(
        sets,
        electorate.map(({ n }) => n),
        k
      )
    })
  )
})

t.test('nor do they for one item', async () => {
  fc.assert(
    fc.property(fc.array(anyCount, { minLength: 1, maxLength: 8 }), anyK, fc.boolean(), (counts, k, hasRest) => {
      const rest = hasRest ? [counts.length - 1] : []
      const hidden = hiddenAmong(counts, k, rest)
      const isVisible = (at: number) => (hidden === 'all' ? counts[at] === 0 && !rest.includes(at) : !hidden.has(at))
      const visible = counts.flatMap((_, at) => (isVisible(at) ? [1 << at] : []))
      const pooled = (1 << counts.length) - 1
      const totals = hidden === 'all' ? [] : [pooled, ...sumsOf(visible).map((sum) => pooled & ~sum)]
      return areApart([...visible, ...totals], counts, k)
    })
  )
})

t.test('cells are a partition in the order of the protocol, and no larger group is touched without need', async (t) => {
  fc.assert(
    fc.property(anyElectorate, anyK, anyKin, (electorate, k, kin) => {
      const { cells, total, rest } = partitionOf(electorate, k, kin)
      const order = electorate.map(({ group }) => group)
      const countOf = new Map(electorate.map(({ group, n }) => [group, n]))
      const sizeOf = (groups: readonly string[]) => groups.reduce((sum, group) => sum + countOf.get(group)!, 0)
      t.strictSame(cells.flatMap(({ groups }) => groups).sort(), [...order].sort())
      t.strictSame(
        cells.map(({ groups }) => order.indexOf(groups[0]!)),
        cells.map(({ groups }) => order.indexOf(groups[0]!)).sort((a, b) => a - b)
      )
      for (const { code, groups, n, withheld } of cells) {
        t.equal(code, order.filter((group) => groups.includes(group)).join('+'))
        t.equal(n, withheld ? null : sizeOf(groups))
        if (groups.length > 1) {
          t.ok(
            groups.some((group) => countOf.get(group)! < k),
            'only to help one that is small'
          )
          t.ok(groups.every((group) => countOf.get(group)! > 0 && kin.some((list) => (list as readonly string[]).includes(group))))
          t.ok(sizeOf(groups) >= k)
        }
      }
      const withheld = cells.filter((cell) => cell.withheld)
      const complements = withheld.filter(({ groups }) => sizeOf(groups) >= k)
      const small = withheld.filter(({ groups }) => sizeOf(groups) < k)
      t.ok(complements.length <= 1, 'one complement is enough')
      t.ok(complements.length === 0 || small.reduce((sum, { groups }) => sum + sizeOf(groups), 0) < k, 'and is there only if it is needed')
      const all = sizeOf(order)
      t.equal(total, all > 0 && all < k ? null : all)
      t.equal(rest === null, withheld.length === 0 || total === null)
      if (rest) t.ok(withheld.length > 1 && rest.n >= k && rest.n === sizeOf(rest.groups))
    }),
    { numRuns: 60 }
  )
})

t.test('the order of groups changes nothing but the order', async () => {
  const sorted = ({ cells, total, rest }: Partition) => ({
    cells: cells
      .map(({ groups, n, withheld }) => ({ groups: groups.toSorted().join('+'), n, withheld }))
      .sort((a, b) => (a.groups < b.groups ? -1 : 1)),
    total,
    rest: rest && { groups: rest.groups.toSorted(), n: rest.n }
  })
  const twoOrders = anyElectorate.chain((electorate) =>
    fc.tuple(fc.constant(electorate), fc.shuffledSubarray(electorate, { minLength: electorate.length }))
  )
  fc.assert(
    fc.property(twoOrders, anyK, anyKin, ([one, other], k, kin) => {
      deepStrictEqual(sorted(partitionOf(one, k, kin)), sorted(partitionOf(other, k, kin)))
    }),
    { numRuns: 300 }
  )
})

const anyRounds = anyGroups.chain((groups) =>
  fc.array(fc.tuple(...groups.map((group) => fc.record({ group: fc.constant(group), n: anyCount }))), { minLength: 1, maxLength: 3 })
)
const poolsOf = ({ cells, rest }: Partition) => [...cells.filter(({ withheld }) => !withheld), ...(rest ? [rest] : [])]
const votersIn = (round: readonly Voters[], groups: readonly string[]) =>
  round.reduce((sum, { group, n }) => sum + (groups.includes(group) ? n : 0), 0)

t.test('in every round each cell that is shown, and the rest, has nobody or k voters and more', async () => {
  fc.assert(
    fc.property(anyRounds, anyK, anyKin, (rounds, k, kin) => {
      const partition = partitionOf(smallestVoters(rounds), k, kin)
      const pools = poolsOf(partition)
      const isSafe = ({ groups }: { groups: readonly string[] }) =>
        rounds.every((round) => votersIn(round, groups) === 0 || votersIn(round, groups) >= k)
      return pools.every(isSafe) && (partition.total !== null || pools.every(({ n }) => n === 0))
    })
  )
})

t.test('a later round only puts more together', async () => {
  fc.assert(
    fc.property(anyRounds, anyK, anyKin, (rounds, k, kin) => {
      const whole = poolsOf(partitionOf(smallestVoters(rounds), k, kin))
      const before = poolsOf(partitionOf(smallestVoters(rounds.slice(0, -1)), k, kin))
      const hadVoters = (group: string) => votersIn(rounds.slice(0, -1).flat(), [group]) > 0
      return whole.every(({ groups }) =>
        before.every((pool) => {
          const common = pool.groups.filter((group) => groups.includes(group) && hadVoters(group))
          return common.length === 0 || pool.groups.filter(hadVoters).length === common.length
        })
      )
    })
  )
})

t.test('three academics do not hide people with lived experience: they are shown with others who are there by their work', async (t) => {
  const voters = [
    { group: 'lived-experience', n: 12 },
    { group: 'carers', n: 3 },
    { group: 'professionals', n: 30 },
    { group: 'academics', n: 3 }
  ]
  const { cells, total, rest } = partitionOf(voters, 5, DEFAULT_KIN)
  t.same(
    cells.map(({ code, n }) => [code, n]),
    [
      ['lived-experience+carers', 15],
      ['professionals+academics', 33]
    ]
  )
  t.same([total, rest], [48, null])
})
