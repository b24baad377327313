/**
 * Whether a set of measures is balanced: how many of it carry each code of some lists, and what that comes to. A record that does not
 * say is told apart from one that says no, so that poor records never look like an imbalance. Pure: from an index to findings.
 */
import { type ClosedVocabulary, CODES } from '../vocabularies/codes.ts'
import type { IndexedField } from './measure.filters.ts'
import type { MeasureIndex } from './measure.index.ts'
import { Numbers } from './postings.ts'
import { CORE } from './served.ts'

/** The lists that a set is looked at by: the filter of each, its vocabulary, and the field of the record that says it. */
export const BALANCE_LISTS = {
  level: { vocabulary: 'level', field: 'levels' },
  dimension: { vocabulary: 'dimension', field: 'dimensions' },
  strategy: { vocabulary: 'strategy', field: 'strategies' },
  aim: { vocabulary: 'aim', field: 'aims' },
  perspective: { vocabulary: 'perspective', field: 'perspectives' },
  domain: { vocabulary: 'domain', field: 'domains' },
  stratifier: { vocabulary: 'equity-dimension', field: 'stratifiers' }
} as const satisfies Partial<Record<IndexedField, { vocabulary: ClosedVocabulary; field: string }>>

export type BalanceList = keyof typeof BALANCE_LISTS
export const LIST_NAMES = Object.keys(BALANCE_LISTS) as BalanceList[]

const CORE_CODES: readonly string[] = CORE.flat()

/** A list with more than this part of the set on one code, and no other code on half of it, is one-sided. */
const ONE_SIDED = 3 / 4
const BESIDE_IT = 1 / 2

export interface CodeCount {
  readonly code: string
  readonly count: number
}

/** How one list is spread over a set. */
export interface Spread {
  /** Every code of the vocabulary, in its order. */
  readonly counts: readonly CodeCount[]
  /** Measures that carry no code of the list. */
  readonly none: number
  /** Measures whose record says nothing: those without a stratifier may still say that there is none. */
  readonly unsaid: number
}

export interface Balance {
  readonly total: number
  readonly retired: number
  readonly drafts: number
  readonly lists: Readonly<Record<BalanceList, Spread>>
}

/** Counts a set of documents, one for each measure. */
export function balanceOf(index: MeasureIndex, among: Numbers): Balance {
  const total = among.size()
  const of = (field: IndexedField, code: string) => index.with(field, code).intersection_size(among)
  const spreadOf = (list: BalanceList): Spread => {
    const { vocabulary, field } = BALANCE_LISTS[list]
    const found = new Map(index.count(list, among).map(({ code, count }) => [code, count]))
    const carrying = [...found.keys()].reduce((all, code) => all.union(index.with(list, code)), new Numbers())
    return {
      counts: CODES[vocabulary].map((code) => ({ code, count: found.get(code) ?? 0 })),
      none: total - carrying.intersection_size(among),
      unsaid: total - of('has', field)
    }
  }
  return {
    total,
    retired: of('status', 'retired'),
    drafts: of('status', 'draft'),
    lists: Object.fromEntries(LIST_NAMES.map((list) => [list, spreadOf(list)])) as Record<BalanceList, Spread>
  }
}

/** What is worth saying of a set. `unsaid` beside it: how many records do not say, so that nothing more can be claimed. */
export type Finding =
  | { readonly kind: 'empty' }
  | { readonly kind: 'total' | 'retired' | 'drafts'; readonly count: number }
  | { readonly kind: 'spread'; readonly list: 'level' | 'stratifier'; readonly total: number; readonly counts: readonly CodeCount[] }
  | { readonly kind: 'absent'; readonly list: Exclude<BalanceList, 'domain'>; readonly codes: readonly string[]; readonly unsaid: number }
  | { readonly kind: 'absent-domains'; readonly count: number; readonly of: number; readonly unsaid: number }
  | { readonly kind: 'one-sided'; readonly list: 'level' | 'perspective'; readonly code: string }
  | { readonly kind: 'unsaid'; readonly list: BalanceList; readonly count: number; readonly total: number }

/** Everything that is worth saying of a set, list by list. */
export function findingsIn(balance: Balance): Finding[] {
  const { total, retired, drafts } = balance
  if (total === 0) return [{ kind: 'empty' }]
  return [
    { kind: 'total', count: total },
    ...(retired > 0 ? [{ kind: 'retired', count: retired } as const] : []),
    ...(drafts > 0 ? [{ kind: 'drafts', count: drafts } as const] : []),
    ...LIST_NAMES.flatMap((list) => findingsOn(list, balance))
  ]
}

function findingsOn(list: BalanceList, { total, lists }: Balance): Finding[] {
  const { unsaid } = lists[list]
  const silence: Finding[] = unsaid > 0 ? [{ kind: 'unsaid', list, count: unsaid, total }] : []
  // Where no record says anything, there is nothing to weigh.
  return unsaid === total ? silence : [...weigh(list, lists[list], total), ...silence]
}

function weigh(list: BalanceList, spread: Spread, total: number): Finding[] {
  const { counts, unsaid } = spread
  const absent = counts.flatMap(({ code, count }) => (count === 0 ? [code] : []))
  switch (list) {
    case 'level':
      return [...present(list, counts, total), ...missing(list, absent, unsaid), ...oneSided(list, counts, total)]
    case 'perspective':
      return [...missing(list, absent, unsaid), ...oneSided(list, counts, total)]
    case 'stratifier': {
      const core = counts.filter(({ code }) => CORE_CODES.includes(code))
      const uncovered = CORE.filter((codes) => codes.every((code) => absent.includes(code))).flat()
      return [...present(list, core, total), ...missing(list, uncovered, unsaid)]
    }
    case 'domain':
      return absent.length > 0 ? [{ kind: 'absent-domains', count: absent.length, of: counts.length, unsaid }] : []
    default:
      return missing(list, absent, unsaid)
  }
}

/** The codes that occur, the most frequent first. */
function present(list: 'level' | 'stratifier', counts: readonly CodeCount[], total: number): Finding[] {
  const found = counts.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count)
  return found.length > 0 ? [{ kind: 'spread', list, total, counts: found }] : []
}

const missing = (list: Exclude<BalanceList, 'domain'>, codes: readonly string[], unsaid: number): Finding[] =>
  codes.length > 0 ? [{ kind: 'absent', list, codes, unsaid }] : []

/** One measure is no set that could lean to a side. */
function oneSided(list: 'level' | 'perspective', counts: readonly CodeCount[], total: number): Finding[] {
  const [first, second] = counts.toSorted((a, b) => b.count - a.count)
  const isOneSided = total > 1 && first!.count > total * ONE_SIDED && second!.count <= total * BESIDE_IT
  return isOneSided ? [{ kind: 'one-sided', list, code: first!.code }] : []
}
