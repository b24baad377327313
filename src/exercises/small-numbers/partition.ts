/**
 * Cells: the groups of an exercise as they may be counted and shown. Small groups are first put together with their kin (the CMS Cell Size
 * Suppression Policy lists it first), then withheld with complements. Everything published is computed from cells, so that no two
 * published answers differ by fewer than k voters.
 */
import type { Code } from '../../vocabularies/codes.ts'
import { addUp, bySize, type Counts, hasVoters, hiddenInRounds, roundsTooSmall } from './hiding.ts'

/**
 * Groups that are shown together where one of them is too small: the nearest first, and then all who are there by their work. Three academics
 * would otherwise hide the next smallest group, which is often that of people with lived experience.
 */
export const DEFAULT_KIN = [
  ['lived-experience', 'carers'],
  ['policymakers', 'managers'],
  ['evaluation-experts', 'academics'],
  ['professionals', 'policymakers', 'managers', 'evaluation-experts', 'academics']
] as const satisfies readonly (readonly Code<'gap-group'>[])[]

/** How many of a group voted; over several rounds the smallest number, and that of each round. */
export interface Voters {
  readonly group: string
  readonly n: number
  readonly rounds?: Counts
}

export interface Cell {
  /** The groups, joined by `+` in the order of the protocol. */
  readonly code: string
  readonly groups: readonly string[]
  /** Voters (the smallest number of any round); null = withheld. */
  readonly n: number | null
  readonly withheld: boolean
}

export interface Partition {
  /** The smallest number of voters whose answers are shown. */
  readonly k: number
  /** Every group is in one cell, in the order of the protocol. */
  readonly cells: readonly Cell[]
  /** All voters (the smallest number of any round); null where even that is withheld. */
  readonly total: number | null
  /** The withheld cells as one: counted in totals, never shown. None where totals are withheld, so that nothing can be counted. */
  readonly rest: { readonly groups: readonly string[]; readonly n: number } | null
}

interface Draft {
  readonly groups: readonly string[]
  readonly counts: Counts
}

/** What partitions are made of where there are several rounds: a group that is missing in a round has nobody in it. */
export function smallestVoters(rounds: readonly (readonly Voters[])[]): Voters[] {
  const groups = [...new Set(rounds.flatMap((round) => round.map(({ group }) => group)))]
  return groups.map((group) => {
    const counts = rounds.map((round) => round.find((voters) => voters.group === group)?.n ?? 0)
    return { group, n: Math.min(...counts), rounds: counts }
  })
}

/**
 * The cells of an exercise. A cell that is shown has nobody, or k voters or more, in every round; so has the rest. A later round only puts
 * more together or withholds more: what is shown after it gives nothing away of what was withheld before it.
 */
export function partitionOf(voters: readonly Voters[], k: number, kin: readonly (readonly string[])[]): Partition {
  const order = new Map(voters.map(({ group }, at) => [group, at]))
  const inOrder = (groups: readonly string[]) => groups.toSorted((a, b) => order.get(a)! - order.get(b)!)
  const countsOf = new Map(voters.map(({ group, n, rounds }) => [group, rounds ?? [n]]))
  const split = splitUp(countsOf, k, kin)

  const cellOf = ({ groups, counts }: Draft, withheld: boolean): Cell => {
    const sorted = inOrder(groups)
    return { code: sorted.join('+'), groups: sorted, n: withheld ? null : smallest(counts), withheld }
  }
  const cells = [...split.visible.map((draft) => cellOf(draft, false)), ...split.withheld.map((draft) => cellOf(draft, true))].sort(
    (a, b) => order.get(a.groups[0]!)! - order.get(b.groups[0]!)!
  )
  if (split.isAllWithheld) return { k, cells, total: null, rest: null }
  const rest = {
    groups: inOrder(split.withheld.flatMap(({ groups }) => groups)),
    n: smallest(addUp(split.withheld.map(({ counts }) => counts)))
  }
  return { k, cells, total: smallest(addUp([...countsOf.values()])), rest: rest.groups.length === 0 ? null : rest }
}

const smallest = (counts: Counts) => (counts.length === 0 ? 0 : Math.min(...counts))

/**
 * Where the ballots of a group are counted: in its cell, or, if that is withheld, in the rest, which comes after all cells. A group whose
 * ballots may not even be in a total is not in it.
 */
export const cellIndexOf = ({ cells, rest }: Partition): Map<string, number> =>
  new Map(
    cells.flatMap(({ groups, withheld }, at) => {
      if (withheld && rest === null) return []
      return groups.map((group) => [group, withheld ? cells.length : at] as const)
    })
  )

interface Split {
  readonly visible: readonly Draft[]
  readonly withheld: readonly Draft[]
  readonly isAllWithheld: boolean
}

/** Goes through the rounds one by one: what was withheld stays so, and only cells that were shown are put together. */
function splitUp(countsOf: ReadonlyMap<string, Counts>, k: number, kin: readonly (readonly string[])[]): Split {
  const upTo = (rounds: number) => (groups: readonly string[]) => ({
    groups,
    counts: addUp(groups.map((group) => countsOf.get(group)!.slice(0, rounds)))
  })
  const rounds = Math.max(0, ...[...countsOf.values()].map((counts) => counts.length))
  // Whichever of two equally small cells is taken must not depend on the order of the protocol.
  let visible: readonly Draft[] = [...countsOf.keys()].sort().map((group) => upTo(rounds)([group]))
  let withheld: readonly Draft[] = []
  for (let round = 1; round <= rounds; round++) {
    const merged = mergeKin(
      visible.map(({ groups }) => upTo(round)(groups)),
      k,
      kin
    )
    const all = [...merged, ...withheld.map(({ groups }) => upTo(round)(groups))]
    const hidden = hiddenInRounds(
      all.map(({ counts }) => counts),
      k,
      withheld.map((_, at) => merged.length + at)
    )
    const whole = all.map(({ groups }) => upTo(rounds)(groups))
    if (hidden === 'all') {
      const isVisible = ({ counts }: Draft) => !hasVoters(counts)
      return { visible: whole.filter(isVisible), withheld: whole.filter((draft) => !isVisible(draft)), isAllWithheld: true }
    }
    visible = whole.filter((_, at) => !hidden.has(at))
    withheld = whole.filter((_, at) => hidden.has(at))
  }
  return { visible, withheld, isAllWithheld: false }
}

/** Puts small cells together with their kin, as long as that makes cells large enough; kin lists may overlap. */
function mergeKin(cells: readonly Draft[], k: number, kin: readonly (readonly string[])[]): readonly Draft[] {
  const merged = kin.reduce((all, list) => mergeWithin(all, k, new Set(list)), cells)
  return merged.length < cells.length ? mergeKin(merged, k, kin) : merged
}

function mergeWithin(cells: readonly Draft[], k: number, list: ReadonlySet<string>): readonly Draft[] {
  const isKin = ({ groups, counts }: Draft) => hasVoters(counts) && groups.some((group) => list.has(group))
  let family = cells.filter(isKin)
  for (;;) {
    family = family.toSorted((a, b) => bySize(a.counts, b.counts))
    const small = family.find(({ counts }) => roundsTooSmall(counts, k).length > 0)
    if (!small) return [...cells.filter((cell) => !isKin(cell)), ...family]
    const lacking = roundsTooSmall(small.counts, k)
    const helper = family.find((cell) => cell !== small && lacking.some((round) => cell.counts[round]! > 0))
    // Together they are still too few: merging would hide more and show nothing.
    if (!helper) return cells
    const together = { groups: [...small.groups, ...helper.groups], counts: addUp([small.counts, helper.counts]) }
    family = [together, ...family.filter((cell) => cell !== small && cell !== helper)]
  }
}
