/**
 * Approvals, and sets of items chosen by them so that no group of voters is left with nothing: a voter's second item in the set
 * counts a half, the third a third, and so on (Thiele's rule; Aziz et al., Social Choice and Welfare 2017;48:461-485).
 */
import { bestOf, weigh, weightsOfAll, weightsOfNext } from './thiele.ts'

export interface ApprovalBallot {
  readonly approved: readonly number[]
  /** How many voters voted so: a whole number. */
  readonly count: number
}

export interface Seat {
  readonly elected: number
  /** Who had exactly as much. */
  readonly tiedWith: number[]
}

export interface ApprovalSet {
  /** By index. */
  readonly winners: number[]
  readonly satisfaction: number
  /** The other sets that satisfy exactly as much. */
  readonly tiedWith: number[][]
}

/** So many sets are looked at, at most, and so many different ballots over all of them: more would take too long. */
export const MOST_SETS = 20_000
const MOST_LOOKS = 20_000_000

/** The items that `electSequentially` elects, in that order. */
export function sequentialPav(ballots: readonly ApprovalBallot[], items: number, seats: number): number[] {
  return electSequentially(ballots, items, seats).map(({ elected }) => elected)
}

/**
 * Sequential proportional approval: one item after the other, each time the one that adds most satisfaction. A tie goes to the lowest
 * index, and is told. Elects min(seats, items).
 */
export function electSequentially(ballots: readonly ApprovalBallot[], items: number, seats: number): Seat[] {
  const groups = groupBallots(ballots)
  const approvedBy = groupsByItem(groups, items)
  const most = Math.min(seats, items)
  const weights = weightsOfNext(most)
  // [item][k]: how many of those who approve of the item have k elected so far.
  const approving = Array.from({ length: items }, () => new Float64Array(most + 1))
  for (const { approved, count } of groups) for (const item of approved) approving[item]![0]! += count
  const elected = new Uint32Array(groups.length)
  const left = new Set(approving.keys())
  return Array.from({ length: most }, () => {
    const [best, ...tiedWith] = bestOf([...left], (item) => approving[item]!, weights)
    left.delete(best!)
    for (const group of approvedBy[best!]!) {
      const { approved, count } = groups[group]!
      const k = elected[group]!++
      for (const item of approved) {
        approving[item]![k]! -= count
        approving[item]![k + 1]! += count
      }
    }
    return { elected: best!, tiedWith }
  })
}

/**
 * Proportional approval: the set that satisfies most, a voter with k approved items in it counting 1 + 1/2 + … + 1/k. Looks at every
 * set of min(seats, items); null where there are more than `MOST_SETS`, or too many ballots. Of sets that tie, the first by indexes.
 */
export function pav(ballots: readonly ApprovalBallot[], items: number, seats: number): ApprovalSet | null {
  const size = Math.min(seats, items)
  const sets = countSets(items, size)
  if (sets > MOST_SETS) return null
  const groups = groupBallots(ballots)
  if (sets * groups.length > MOST_LOOKS) return null
  const approvedBy = groupsByItem(groups, items)
  const weights = weightsOfAll(size)
  // [k]: how many voters have k approved items in the set.
  const satisfied = (set: readonly number[]) => {
    const approved = new Uint32Array(groups.length)
    for (const item of set) for (const group of approvedBy[item]!) approved[group]!++
    const counts = new Float64Array(size + 1)
    for (const [group, { count }] of groups.entries()) counts[approved[group]!]! += count
    return counts
  }
  const [winners, ...tiedWith] = bestOf([...setsOf(items, size)], satisfied, weights)
  return { winners: winners!, satisfaction: weigh(satisfied(winners!), weights), tiedWith }
}

/**
 * Satisfaction approval: a voter's one voice is split over all items approved of, so that naming more helps each less (Brams and
 * Kilgour, in Voting Power and Procedures, 2014:323-346). Points for each item.
 */
export function satisfactionScores(ballots: readonly ApprovalBallot[], items: number): Float64Array {
  // Voters who approve of as many are added up as whole numbers first: the order of ballots must not show in the last digit.
  const bySize = new Map<number, Float64Array>()
  for (const { approved, count } of groupBallots(ballots)) {
    const voters = bySize.get(approved.length) ?? new Float64Array(items)
    for (const item of approved) voters[item]! += count
    bySize.set(approved.length, voters)
  }
  const scores = new Float64Array(items)
  for (const size of [...bySize.keys()].sort((a, b) => a - b))
    for (const [item, voters] of bySize.get(size)!.entries()) scores[item]! += voters / size
  return scores
}

/** Equal ballots counted together, so that the many who vote alike cost as one. Those that approve of nothing are left out. */
function groupBallots(ballots: readonly ApprovalBallot[]): ApprovalBallot[] {
  const groups = new Map<string, { approved: number[]; count: number }>()
  for (const { approved, count } of ballots) {
    if (approved.length === 0) continue
    const sorted = [...new Set(approved)].sort((a, b) => a - b)
    const key = sorted.join()
    const group = groups.get(key)
    if (group) group.count += count
    else groups.set(key, { approved: sorted, count })
  }
  return [...groups.values()]
}

/** For each item, the groups that approve of it. */
function groupsByItem(groups: readonly ApprovalBallot[], items: number): number[][] {
  const byItem: number[][] = Array.from({ length: items }, () => [])
  for (const [group, { approved }] of groups.entries()) for (const item of approved) byItem[item]!.push(group)
  return byItem
}

/** Every set of so many items, by indexes. */
function* setsOf(items: number, size: number, from = 0): Generator<number[]> {
  if (size === 0) yield []
  else for (let first = from; first <= items - size; first++) for (const rest of setsOf(items, size - 1, first + 1)) yield [first, ...rest]
}

function countSets(items: number, size: number): number {
  let sets = 1
  for (let i = 1; i <= Math.min(size, items - size); i++) sets = (sets * (items - i + 1)) / i
  return sets
}
