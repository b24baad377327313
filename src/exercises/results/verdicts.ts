/** Verdicts: a consensus only where the rule holds in every required group; without one of them there is none (COS-STAD; COMET). */
import { type ConsensusRule, type Verdict, verdictOfCell, verdictOfCells } from '../counting/consensus.ts'
import type { PercentileType } from '../counting/percentiles.ts'
import type { Protocol } from '../exercise.schema.ts'
import type { Representation } from '../missing/representation.ts'
import type { Partition } from '../small-numbers/partition.ts'
import type { Said } from './methods/method.ts'
import type { ItemResult } from './results.schema.ts'
import type { SeenAnswer, SeenItem } from './seen-round.ts'

export type ItemVerdict = ItemResult['verdict']

/** Who has to agree, and what is missing of them in the whole round. */
export interface Electorate {
  /** Whether the protocol says who has to; else all who voted do. */
  readonly isRequired: boolean
  /** Cells that voted, are shown, and whose verdict counts, by index. */
  readonly cells: readonly number[]
  /** Required groups of whom nobody voted. */
  readonly absent: readonly string[]
  /** Required groups that are too small to be shown. */
  readonly withheld: readonly string[]
}

export interface Judged {
  readonly verdict: ItemVerdict
  /** By cell of the partition. */
  readonly cells: readonly ItemVerdict[]
  /** What those say who are too small to be shown, together; only where nobody is required. */
  readonly rest: Verdict | null
  /** What all voters together say; null without a rule, or without answers. */
  readonly pooled: Verdict | null
  /** Cells that count and of whom too few answered to be shown. */
  readonly hidden: readonly number[]
  /** Cells that count and of whom nobody answered. */
  readonly unanswered: readonly number[]
}

export function electorateOf(
  protocol: Protocol,
  partition: Partition,
  voters: ArrayLike<number>,
  representation: Representation
): Electorate {
  const required = new Set(protocol.groups.filter((group) => group.required).map(({ code }) => code))
  const isRequired = required.size > 0
  const present = new Set(representation.groups.filter(({ n }) => n !== 0).map(({ code }) => code))
  return {
    isRequired,
    cells: partition.cells.flatMap(({ groups, withheld }, cell) => {
      const counts = !isRequired || groups.some((group) => required.has(group))
      return counts && !withheld && voters[cell]! > 0 ? [cell] : []
    }),
    absent: representation.missingRequired.filter((code) => !present.has(code)),
    withheld: representation.missingRequired.filter((code) => present.has(code))
  }
}

/** What the rule says of ratings; methods without a rule put items in order. */
export function judgeItem(
  item: SeenItem,
  { isRequired, cells, absent, withheld }: Electorate,
  rule: ConsensusRule,
  type: PercentileType
): Judged {
  const ruled = (said: Said | null) => (said?.histogram ? verdictOfCell(rule, said.histogram, type) : null)
  const verdictOf = ({ said }: SeenAnswer): ItemVerdict => (said === null ? 'incomplete' : (ruled(said) ?? 'ranked'))
  const verdicts = item.cells.map(verdictOf)
  const rest = isRequired ? null : ruled(item.rest)
  // Where nobody is required, those who are not shown count as one, and nobody can hold up the others.
  const hidden = isRequired ? cells.filter((cell) => item.cells[cell]!.withheld) : []
  const unanswered = isRequired ? cells.filter((cell) => item.cells[cell]!.n === 0) : []
  const isComplete = absent.length + withheld.length + hidden.length + unanswered.length === 0
  return {
    verdict: isComplete ? together(item, [...cells.map((cell) => verdicts[cell]!), ...(rest === null ? [] : [rest])]) : 'incomplete',
    cells: verdicts,
    rest,
    pooled: ruled(item.pooled.said),
    hidden,
    unanswered
  }
}

function together({ pooled }: SeenItem, verdicts: readonly ItemVerdict[]): ItemVerdict {
  if (pooled.said === null) return 'incomplete'
  const ruled = verdicts.filter((verdict): verdict is Verdict => verdict !== 'ranked' && verdict !== 'incomplete')
  return pooled.said.histogram ? verdictOfCells(ruled) : 'ranked'
}
