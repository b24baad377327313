/**
 * How many were invited and how many stayed from round to round. A change of fewer than k voters is shown as no change: 12 voters and then 11
 * are shown as 12 and 12, because the difference would tell of one person. Invited counts are the organiser's own and say nothing of answers.
 */
import type { Partition, Voters } from '../small-numbers/partition.ts'

export interface FunnelRow {
  /** The cell: a group, or groups that are shown together. */
  readonly code: string
  readonly groups: readonly string[]
  readonly invited: number
  /** Voters of each round, as they may be shown; any two of them are the same or k apart. Null = withheld. */
  readonly voted: readonly (number | null)[]
  /** The part of those invited, or of the voters of the round before, that voted (over 1 where more did). Null = not known. */
  readonly retention: readonly (number | null)[]
}

/** A row for each cell of the partition. There is no row of totals: a difference of totals would undo what the rows leave out. */
export function funnelOf(input: { invited: readonly Voters[]; rounds: readonly (readonly Voters[])[]; partition: Partition }): FunnelRow[] {
  const { invited, rounds, partition } = input
  return partition.cells.map(({ code, groups, withheld }) => {
    const countIn = (voters: readonly Voters[]) => voters.reduce((sum, { group, n }) => sum + (groups.includes(group) ? n : 0), 0)
    const voted = withheld ? rounds.map(() => null) : withoutSmallChanges(rounds.map(countIn), partition.k)
    const before = [countIn(invited), ...voted]
    return { code, groups, invited: countIn(invited), voted, retention: voted.map((n, round) => partOf(n, before[round] ?? null)) }
  })
}

const partOf = (n: number | null, before: number | null) => (n === null || before === null || before === 0 ? null : n / before)

/** Every number, or the nearest that was shown before it if they are fewer than k apart. */
function withoutSmallChanges(counts: readonly number[], k: number): number[] {
  const shown: number[] = []
  for (const n of counts) {
    const close = shown.filter((other) => Math.abs(other - n) < k).sort((a, b) => Math.abs(a - n) - Math.abs(b - n))
    shown.push(close[0] ?? n)
  }
  return shown
}
