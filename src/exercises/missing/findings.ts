/** Who is missing: a finding for every group, and for rounds, items, levels of care and countries that lack voices; each with a suggestion. */
import { percentOf } from '../small-numbers/hiding.ts'
import type { FunnelRow } from './funnel.ts'
import type { CellStanding, GroupStanding, ParticipationStatus, Representation } from './representation.ts'
import type { SuggestionKey } from './sentences.ts'

/** A group that lost this part of its voters between two rounds has dropped out. */
const DROPPED_OUT = 1 / 3
/** An item that this part of a group was unable to score needs explaining. */
const UNABLE = 1 / 4
/** The optional form says something of the voters if this part of them filled it in. */
const FORMS_FILLED_IN = 1 / 2
/** A level or country that fewer than this part of the forms ticks has few voices. */
const FEW = 1 / 10
/** Votes that weigh as much as fewer than this part of the groups come from few of them. */
const FEW_GROUPS = 1 / 2
/** Who a finding is on that is on no group, level or country. */
const ALL = 'all'

export interface Suggestion {
  readonly key: SuggestionKey
  /** Codes (`group`, `with`: groups joined by `+`; `item`, `code`) and numbers. */
  readonly values: Readonly<Record<string, string | number>>
}

export interface Finding {
  readonly level: 'group' | 'round' | 'item' | 'care-level' | 'country' | 'exercise'
  readonly who: string
  readonly status: ParticipationStatus | 'drop-out' | 'could-not-score' | 'few-groups' | 'unknown'
  readonly n: number | null
  readonly share: number | null
  readonly target: number | null
  readonly ratio: number | null
  readonly seatsShort: number | null
  readonly required?: boolean
  readonly item?: string
  readonly suggestion: Suggestion
}

/** How many of a cell scored an item, and how many said that they are unable to; null = withheld. */
export interface ItemAnswers {
  readonly item: string
  readonly cell: string
  readonly n: number | null
  readonly unable: number | null
}

/** How often a code of the optional form was ticked; null = withheld. */
export interface TickCount {
  readonly code: string
  readonly n: number | null
}

export interface MissingVoicesInput {
  readonly k: number
  readonly representation: Representation
  readonly funnel: readonly FunnelRow[]
  readonly items: readonly ItemAnswers[]
  /** The optional form, by how many it was filled in (null = withheld); none where nobody was asked. */
  readonly form?: { readonly filledIn: number | null; readonly levels: readonly TickCount[]; readonly countries: readonly TickCount[] }
}

const NO_NUMBERS = { n: null, share: null, target: null, ratio: null, seatsShort: null }

export function missingVoices(input: MissingVoicesInput): { findings: Finding[]; effectiveGroups: number | null } {
  const { representation, funnel, form } = input
  const { groups, cells, effectiveGroups, total } = representation
  const ofForm = (level: 'care-level' | 'country', counts: readonly TickCount[]) =>
    findingsOfForm(level, counts, form?.filledIn ?? null, total)
  return {
    findings: [
      ...groups.map(findingOfGroup),
      ...cells.filter((cell) => cell.groups.length > 1 && cell.n !== null).map(findingOfMerged),
      ...funnel.flatMap(dropOuts),
      ...findingsOfItems(input),
      ...(form ? [...ofForm('care-level', form.levels), ...ofForm('country', form.countries)] : []),
      ...findingsOfExercise(representation)
    ],
    effectiveGroups
  }
}

function findingOfGroup(group: GroupStanding): Finding {
  const { code, required, n, share, target, ratio, status, seatsShort } = group
  return { level: 'group', who: code, status, n, share, target, ratio, seatsShort, required, suggestion: suggestionFor(group) }
}

/** Groups that are shown together have exact numbers together. */
function findingOfMerged(cell: CellStanding): Finding {
  const { code, n, share, target, ratio, status, seatsShort } = cell
  return { level: 'group', who: code, status, n, share, target, ratio, seatsShort, suggestion: suggestionFor(cell) }
}

function suggestionFor(standing: CellStanding | GroupStanding): Suggestion {
  const { code, status, n, seatsShort: count } = standing
  const required = 'required' in standing && standing.required ? 'yes' : 'no'
  const group = { group: code }
  switch (status) {
    case 'absent':
      return count === null ? { key: 'group.absent.some', values: { ...group, required } } : absent(code, count, required)
    case 'under':
      if (count === null) return { key: 'group.under.some', values: group }
      return { key: n === null ? 'group.under.at-least' : 'group.under', values: { ...group, count } }
    case 'withheld': {
      const together = 'together' in standing ? standing.together : []
      if (together.length > 0) return { key: 'group.together', values: { ...group, with: together.join('+') } }
      return { key: 'group.withheld', values: { ...group, required } }
    }
    default:
      return { key: `group.${status}`, values: group }
  }
}

/** A group that has no target may be required all the same: then one voter is better than nobody. */
const absent = (group: string, seatsShort: number, required: string): Suggestion => ({
  key: 'group.absent',
  values: { group, count: Math.max(1, seatsShort), required }
})

/** Rounds after which a group lost a third of its voters or more, as far as that may be shown. */
function dropOuts({ code, voted, retention }: FunnelRow): Finding[] {
  return voted.flatMap((n, at): Finding[] => {
    const kept = retention[at] ?? null
    const before = voted[at - 1]
    if (at === 0 || n === null || before == null || kept === null || 1 - kept < DROPPED_OUT - Number.EPSILON) return []
    const values = { group: code, before: at, round: at + 1 }
    const suggestion: Suggestion =
      n === 0
        ? { key: 'round.drop-out.all', values }
        : { key: 'round.drop-out', values: { ...values, percent: percentOf(1 - kept).percent } }
    return [{ ...NO_NUMBERS, level: 'round', who: code, status: 'drop-out', n, share: kept, suggestion }]
  })
}

function findingsOfItems({ k, items, representation }: MissingVoicesInput): Finding[] {
  const visible = new Set(representation.cells.flatMap(({ code, n }) => (n === null || n === 0 ? [] : [code])))
  return items.flatMap(({ item, cell, n, unable }): Finding[] => {
    if (!visible.has(cell)) return []
    const head = { ...NO_NUMBERS, level: 'item', who: cell, status: 'could-not-score', item } as const
    const values = { group: cell, item }
    if (n === null) return [{ ...head, status: 'withheld', suggestion: { key: 'item.withheld', values } }]
    const share = unable === null || n + unable === 0 ? 0 : unable / (n + unable)
    if (share < UNABLE) return []
    return [{ ...head, n, share: unable !== null && unable >= k ? share : null, suggestion: { key: 'item.unable', values } }]
  })
}

/** Codes of a list that nobody ticked, or few did. Where fewer than half filled the form in, nothing is known of the others. */
function findingsOfForm(
  level: 'care-level' | 'country',
  counts: readonly TickCount[],
  filledIn: number | null,
  total: number | null
): Finding[] {
  const head = { ...NO_NUMBERS, level }
  if (filledIn === null || filledIn === 0 || total === null || filledIn < total * FORMS_FILLED_IN)
    return [{ ...head, who: ALL, status: 'unknown', suggestion: { key: `${level}.unknown`, values: {} } }]
  return counts.flatMap(({ code, n }): Finding[] => {
    const suggestion = (status: 'absent' | 'few' | 'withheld'): Suggestion => ({ key: `${level}.${status}`, values: { code } })
    if (n === null) return [{ ...head, who: code, status: 'withheld', suggestion: suggestion('withheld') }]
    if (n === 0) return [{ ...head, who: code, status: 'absent', n, share: 0, suggestion: suggestion('absent') }]
    const share = n / filledIn
    return share < FEW ? [{ ...head, who: code, status: 'under', n, share, suggestion: suggestion('few') }] : []
  })
}

function findingsOfExercise({ total, groups, effectiveGroups }: Representation): Finding[] {
  const head = { ...NO_NUMBERS, level: 'exercise', who: ALL } as const
  if (total === null) return [{ ...head, status: 'withheld', suggestion: { key: 'exercise.withheld', values: {} } }]
  if (effectiveGroups === null || effectiveGroups >= groups.length * FEW_GROUPS) return []
  const values = { effective: Math.round(effectiveGroups * 10) / 10, groups: groups.length }
  return [{ ...head, n: total, status: 'few-groups', suggestion: { key: 'exercise.few-groups', values } }]
}
