/** Gaps in memory, as one bit per gap for each code and each term: filters are intersections, totals and facets counts of bits. */
import { Ordering, type Place } from '../measures/ordering.ts'
import { Numbers, Postings } from '../measures/postings.ts'
import type { Literal } from '../measures/selection.ts'
import { queryOf } from '../search/terms.ts'
import type { Code } from '../vocabularies/codes.ts'
import type { GapCodes, GapFilterName } from './gap.filters.ts'
import { type GapStatus, OPEN } from './life.ts'
import { SEVERITY_ORDER, type Severity } from './severity.ts'

/** What the index is told of a gap. */
export interface Entry {
  readonly no: number
  readonly id: string
  readonly subject: string | null
  readonly titleKey: string
  readonly updatedAt: string
  /** What the newest vote on it weighs: the greater, the higher; empty where nobody voted. */
  readonly priority: string
  readonly codes: GapCodes
  /** Separated by blanks. */
  readonly terms: string
}

export interface GapClause {
  readonly field: GapFilterName
  readonly anyOf: readonly Literal[]
}
export interface GapQuestion {
  readonly clauses: readonly GapClause[]
  readonly q?: string | undefined
  readonly updatedSince?: string | undefined
}

export type GapOrder = 'title' | 'updated' | 'severity' | 'priority'

/** How much evidence weighs: testimony ranks above what a rule derives, and needs no citation. */
const EVIDENCE_ORDER: readonly Code<'gap-evidence'>[] = ['quantified', 'documented', 'testimony', 'derived-from-catalogue', 'assertion']

/** What is kept of a gap: of fields with few codes, the codes are read back from the bits; there may be a dozen gaps for each measure. */
interface Kept {
  readonly id: string
  readonly subject: string | null
  readonly status: GapStatus
  readonly keys: Readonly<Record<GapOrder, string>>
  readonly terms: string
  readonly codes: readonly (readonly [GapFilterName, readonly string[]])[]
}
/** Fields in which nearly every gap has codes of its own. */
const UNBOUNDED: ReadonlySet<GapFilterName> = new Set(['measure', 'jurisdiction'])

const KEYS: Record<GapOrder, (entry: Entry) => string> = {
  title: ({ titleKey }) => titleKey,
  updated: ({ updatedAt }) => updatedAt,
  severity: ({ codes, titleKey }) => {
    const severity = SEVERITY_ORDER.indexOf((codes.severity?.[0] ?? 'unknown') as Severity)
    const evidence = Math.min(...(codes.evidence ?? ['assertion']).map((kind) => EVIDENCE_ORDER.indexOf(kind as Code<'gap-evidence'>)))
    return `${severity}${evidence}${titleKey}`
  },
  priority: ({ priority }) => priority
}
const ORDERS = Object.keys(KEYS) as GapOrder[]

const termsIn = (terms: string) => new Set(terms.split(' ').filter((term) => term !== ''))

export class GapIndex {
  readonly #entries = new Map<number, Kept>()
  readonly #byId = new Map<string, number>()
  readonly #bySubject = new Map<string, Set<number>>()
  readonly #all = new Numbers()
  readonly #postings = new Map<GapFilterName, Postings>()
  readonly #terms = new Postings()
  readonly #orders: Record<GapOrder, Ordering> = {
    title: new Ordering(),
    updated: new Ordering(),
    severity: new Ordering(),
    priority: new Ordering()
  }

  load(entries: readonly Entry[]): void {
    const kept = entries.map((entry) => ({ no: entry.no, keys: this.#post(entry) }))
    for (const order of ORDERS) this.#orders[order].load(kept.map(({ no, keys }) => ({ key: keys[order], no })))
  }

  clear(): void {
    for (const no of [...this.#entries.keys()]) this.#remove(no)
  }

  /** Puts the present entries in place of those of some ids and subjects. */
  replace(ids: readonly string[], subjects: readonly string[], entries: readonly Entry[]): void {
    const gone = [
      ...ids.flatMap((id) => this.#byId.get(id) ?? []),
      ...subjects.flatMap((subject) => [...(this.#bySubject.get(subject) ?? [])])
    ]
    for (const no of new Set(gone)) this.#remove(no)
    for (const entry of entries) {
      if (this.#entries.has(entry.no)) this.#remove(entry.no)
      const keys = this.#post(entry)
      for (const order of ORDERS) this.#orders[order].add({ key: keys[order], no: entry.no })
    }
  }

  with(field: GapFilterName, code: string): Numbers {
    return this.#postings.get(field)?.numbers(code) ?? new Numbers()
  }

  /** Adds those with a code to a set. */
  addOf(field: GapFilterName, code: string, set: Numbers): void {
    this.#postings.get(field)?.addTo(set, code)
  }

  /** Whether what was found in something is open. */
  isOpen(subject: string): boolean {
    return [...(this.#bySubject.get(subject) ?? [])].some((no) => OPEN.has(this.#entries.get(no)!.status))
  }

  /** Those that are not closed, whoever found them, and not only what a record does not say. */
  open(): Numbers {
    const open = [...OPEN].reduce((sum, status) => sum.union(this.with('status', status)), new Numbers())
    return open.difference(this.with('certainty', 'unknown'))
  }

  select({ clauses, q, updatedSince }: GapQuestion, without?: GapFilterName): Numbers {
    const selected = q === undefined ? this.#all.clone() : this.#search(q)
    if (updatedSince !== undefined) selected.intersection(new Numbers(this.#orders.updated.from(updatedSince).map(({ no }) => no)))
    for (const { field, anyOf } of clauses) {
      if (field === without) continue
      const parts = anyOf.map(({ code, negated }) => (negated ? this.#all.new_difference(this.with(field, code)) : this.with(field, code)))
      selected.intersection(parts.reduce((sum, part) => sum.union(part)))
    }
    return selected
  }

  /** How many of `among` have each code of a field, the most frequent first. */
  count(field: GapFilterName, among: Numbers): { code: string; count: number }[] {
    const postings = this.#postings.get(field)
    if (!postings) return []
    return postings
      .codes()
      .map((code) => ({ code, count: postings.count(code, among) }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1))
  }

  page(among: Numbers, order: GapOrder, descending: boolean, limit: number, after?: Place): Place[] {
    return this.#orders[order].page(among, { descending, limit, after, keyOf: (no) => this.#entries.get(no)!.keys[order] })
  }

  /** Every word has to be there, as it stands or as the beginning of a longer one. */
  #search(q: string): Numbers {
    const groups = queryOf(q).map((terms) => {
      const found = new Numbers()
      for (const { term, prefix } of terms) {
        if (!prefix) this.#terms.addTo(found, term)
        else for (const known of this.#terms.codes()) if (known.startsWith(term)) this.#terms.addTo(found, known)
      }
      return found
    })
    const [first, ...others] = groups
    return first ? others.reduce((sum, group) => sum.intersection(group), first) : new Numbers()
  }

  #post(entry: Entry): Kept['keys'] {
    const { no, id, subject, codes, terms } = entry
    const listed = Object.entries(codes) as [GapFilterName, readonly string[]][]
    const keys = Object.fromEntries(ORDERS.map((order) => [order, KEYS[order](entry)])) as Kept['keys']
    const status = (codes.status?.[0] ?? 'closed') as GapStatus
    this.#entries.set(no, { id, subject, status, keys, terms, codes: listed.filter(([field]) => UNBOUNDED.has(field)) })
    this.#byId.set(id, no)
    this.#all.add(no)
    if (subject !== null) {
      const siblings = this.#bySubject.get(subject)
      if (siblings) siblings.add(no)
      else this.#bySubject.set(subject, new Set([no]))
    }
    for (const [field, values] of listed) {
      let postings = this.#postings.get(field)
      if (!postings) this.#postings.set(field, (postings = new Postings()))
      for (const code of values) postings.add(code, no)
    }
    for (const term of termsIn(terms)) this.#terms.add(term, no)
    return keys
  }

  #remove(no: number): void {
    const entry = this.#entries.get(no)
    if (!entry) return
    this.#entries.delete(no)
    this.#byId.delete(entry.id)
    this.#all.remove(no)
    if (entry.subject !== null) this.#bySubject.get(entry.subject)?.delete(no)
    for (const [field, values] of entry.codes) for (const code of values) this.#postings.get(field)?.remove(code, no)
    for (const [field, postings] of this.#postings)
      if (!UNBOUNDED.has(field)) for (const code of postings.codes()) if (postings.has(code, no)) postings.remove(code, no)
    for (const term of termsIn(entry.terms)) this.#terms.remove(term, no)
    for (const order of ORDERS) this.#orders[order].remove({ key: entry.keys[order], no })
  }
}
