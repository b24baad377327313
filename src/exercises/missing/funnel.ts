/** How many were invited and how many stayed from round to round, by cell: numbers that the results of each round show as well. */
import type { Partition, Voters } from '../small-numbers/partition.ts'

export interface FunnelRow {
  /** The cell: a group, or groups that are shown together. */
  readonly code: string
  readonly groups: readonly string[]
  /** Those who were invited until the last round was closed. */
  readonly invited: number
  /** Voters of each round. Null = withheld. */
  readonly voted: readonly (number | null)[]
  /** The part of those invited to the first round, then of the voters of the round before, that voted (over 1 where more did). Null = not known. */
  readonly retention: readonly (number | null)[]
}

interface FunnelInput {
  readonly invited: readonly Voters[]
  readonly invitedFirst: readonly Voters[]
  readonly rounds: readonly (readonly Voters[])[]
  readonly partition: Partition
}

/** A row for each cell of the partition. */
export function funnelOf({ invited, invitedFirst, rounds, partition }: FunnelInput): FunnelRow[] {
  return partition.cells.map(({ code, groups, withheld }) => {
    const countIn = (voters: readonly Voters[]) => voters.reduce((sum, { group, n }) => sum + (groups.includes(group) ? n : 0), 0)
    const voted = rounds.map((voters) => (withheld ? null : countIn(voters)))
    const before = [countIn(invitedFirst), ...voted]
    return { code, groups, invited: countIn(invited), voted, retention: voted.map((n, round) => partOf(n, before[round] ?? null)) }
  })
}

const partOf = (n: number | null, before: number | null) => (n === null || before === null || before === 0 ? null : n / before)
