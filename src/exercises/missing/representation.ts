/**
 * Who took part, against who should have: participation to prevalence ratios (Scott et al., JACC 2018; 0.8 to 1.2 is proportional) and seats
 * that are short. What is said of a group that is not shown by itself is worked out from nothing but what is shown: see `rangeWithin`.
 */
import type { Code } from '../../vocabularies/codes.ts'
import { effectiveNumber, participationRatio } from '../counting/diversity.ts'
import type { Partition } from '../small-numbers/partition.ts'

/** Shares and ratios are quotients: two that differ by less are the same. */
const TOLERANCE = 1e-9
const PROPORTIONAL = { from: 0.8, to: 1.2 }

/** A group of the protocol, and how many of it were invited and voted. */
export interface GroupVotes {
  readonly code: string
  readonly target: number
  readonly required: boolean
  readonly invited: number
  readonly n: number
}

export type ParticipationStatus = Code<'participation'>

interface Standing {
  /** Voters; null = not shown, and then neither are share and ratio. */
  readonly n: number | null
  readonly share: number | null
  readonly target: number
  readonly ratio: number | null
  readonly status: ParticipationStatus
}

export interface GroupStanding extends Standing {
  readonly code: string
  readonly required: boolean
  readonly invited: number
  /** Voters more that would bring the share to the target; where `n` is not shown, the least that it can be. Null = not known, or never. */
  readonly seatsShort: number | null
  /** The groups that it is shown together with. */
  readonly together: readonly string[]
}

export interface CellStanding extends Standing {
  readonly code: string
  readonly groups: readonly string[]
  readonly seatsShort: number | null
}

export interface Representation {
  readonly total: number | null
  readonly complete: boolean
  /** Required groups of whom nobody voted, or who are withheld. */
  readonly missingRequired: readonly string[]
  readonly groups: readonly GroupStanding[]
  readonly cells: readonly CellStanding[]
  /** How many groups of equal size would be as mixed (Laakso and Taagepera), the withheld ones taken as one: at least so many. */
  readonly effectiveGroups: number | null
}

/** The least and the most voters that some groups can have. */
interface Range {
  readonly least: number
  readonly most: number
}

/** Who took part in a round. The partition must be one that was made with that round. */
export function representationOf({ groups, partition }: { groups: readonly GroupVotes[]; partition: Partition }): Representation {
  const byCode = new Map(groups.map((group) => [group.code, group]))
  const members = (codes: readonly string[]) => codes.flatMap((code) => byCode.get(code) ?? [])
  const total = partition.total === null ? null : votersIn(groups)
  const rest = partition.rest === null ? null : members(partition.rest.groups)

  const cells = partition.cells.map(({ code, groups, withheld }): CellStanding => {
    const some = members(groups)
    return { code, groups, ...standingOf(some, withheld ? rest : some, total) }
  })
  const cellOf = new Map(partition.cells.flatMap((cell) => cell.groups.map((group) => [group, cell])))
  const standings = groups.map((group): GroupStanding => {
    const { code, required, invited } = group
    const cell = cellOf.get(code)
    const pool = cell === undefined || cell.withheld ? rest : members(cell.groups)
    const together = cell === undefined || cell.withheld ? [] : cell.groups.filter((other) => other !== code)
    return { code, required, invited, ...standingOf([group], pool, total), together }
  })
  const missingRequired = groups.filter(({ code, required, n }) => required && (n === 0 || cellOf.get(code)?.withheld !== false))

  const pools = [...cells.flatMap(({ n }) => n ?? []), ...(rest === null ? [] : [votersIn(rest)])].filter((n) => n > 0)
  return {
    total,
    complete: missingRequired.length === 0,
    missingRequired: missingRequired.map(({ code }) => code),
    groups: standings,
    cells,
    effectiveGroups: total === null || total === 0 ? null : effectiveNumber(pools.map((n) => n / total))
  }
}

/** The smallest number of voters more with whom the share reaches the target; null where it never does, as others voted too. */
export function seatsShort(n: number, total: number, target: number): number | null {
  const reaches = (more: number) => n + more >= (target - TOLERANCE) * (total + more) && (target === 0 || total + more > 0)
  if (target >= 1 - TOLERANCE) return n < total ? null : reaches(0) ? 0 : 1
  // Solved for equality, then put right where the quotient falls beside the whole number.
  let more = Math.max(0, Math.floor((target * total - n) / (1 - target)) - 1)
  while (!reaches(more)) more++
  return more
}

/** How a share stands against its target; nobody where somebody was aimed for is absent. */
export function participationStatus(n: number, total: number, target: number): Exclude<ParticipationStatus, 'withheld'> {
  if (n === 0) return target > 0 ? 'absent' : 'proportional'
  const ratio = participationRatio(n / total, target)
  if (ratio < PROPORTIONAL.from - TOLERANCE) return 'under'
  return ratio > PROPORTIONAL.to + TOLERANCE ? 'over' : 'proportional'
}

/**
 * How some groups stand that are in a pool whose number is public; no pool: not even that is. Where they are not the whole pool their number
 * is withheld, and only what is so for every number that they may have is said.
 */
function standingOf(some: readonly GroupVotes[], pool: readonly GroupVotes[] | null, total: number | null) {
  const target = some.reduce((sum, group) => sum + group.target, 0)
  const n = votersIn(some)
  if (n === 0 || (pool !== null && some.length === pool.length)) return { ...shown(n, total, target, some), target }

  const hidden = { n: null, share: null, target, ratio: null }
  if (pool === null || total === null) return { ...hidden, status: 'withheld' as const, seatsShort: null }
  const { least, most } = rangeWithin(some, pool)
  const [low, high] = [participationStatus(least, total, target), participationStatus(most, total, target)]
  const atLeast = seatsShort(most, total, target)
  const isKnown = atLeast !== 0 || seatsShort(least, total, target) === 0
  return { ...hidden, status: low === high ? low : ('withheld' as const), seatsShort: isKnown ? atLeast : null }
}

function shown(n: number, total: number | null, target: number, some: readonly GroupVotes[]) {
  const share = n === 0 && total !== 0 ? 0 : total ? n / total : null
  const isMissed = n === 0 && some.some(({ required }) => required)
  return {
    n,
    share,
    ratio: share === null || target === 0 ? null : participationRatio(share, target),
    // Without a total nothing but absence is known, and where a total is withheld nobody else is shown.
    status: isMissed ? ('absent' as const) : participationStatus(n, total ?? 1, target),
    seatsShort: total === null ? null : seatsShort(n, total, target)
  }
}

/**
 * How many voters some groups can have had, for a reader who sees the number of the pool, who was in it, and how many were invited: every
 * other group has at least one. Nothing that follows from it says more than is shown, whatever the hidden numbers are.
 */
function rangeWithin(some: readonly GroupVotes[], pool: readonly GroupVotes[]): Range {
  const present = pool.filter(({ n }) => n > 0)
  const among = some.filter(({ n }) => n > 0)
  const all = votersIn(pool)
  const least = among.length === present.length ? all : among.length
  const invited = among.reduce((sum, group) => sum + group.invited, 0)
  return { least, most: Math.max(least, Math.min(all - (present.length - among.length), invited)) }
}

const votersIn = (groups: readonly GroupVotes[]) => groups.reduce((sum, { n }) => sum + n, 0)
