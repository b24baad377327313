/**
 * The catalogue's codes in memory, as one bit per document: filters are intersections, totals and facets are counts of
 * bits, and a page is fifty steps along an order. The database stays the truth; the index follows its log of changes,
 * and can be thrown away and made again at any time. Why: docs/decisions/0004-catalogue-index.md.
 */
import { TypedFastBitSet as Bits } from 'typedfastbitset'
import type { Codes, IndexedField } from './measure.filters.ts'
import { Ordering, type Place } from './ordering.ts'
import { type Numbers, Postings } from './postings.ts'

/** What the index is told of a document. */
export interface Entry {
  readonly no: number
  readonly measureId: string
  readonly titleKey: string
  readonly updatedAt: string
  /** What the newest vote on it weighs: the greater, the higher; empty where nobody voted. */
  readonly priority: string
  readonly codes: Codes
}

/** What it keeps: of fields with few codes, the codes are read back from the bits; of the others they are kept. */
interface Kept extends Omit<Entry, 'codes'> {
  readonly maturity: string
  readonly codes: readonly (readonly [IndexedField, readonly string[]])[]
}

/** Fields in which nearly every document has codes of its own. */
const UNBOUNDED: ReadonlySet<IndexedField> = new Set(['identifier', 'acronym', 'numerator', 'denominator', 'steward', 'relation'])

export type Order = 'title' | 'updated' | 'maturity' | 'priority'

/** Of documents of the same maturity the titles decide; the highest maturity comes first. */
const KEYS: Record<Order, (entry: Kept) => string> = {
  title: ({ titleKey }) => titleKey,
  updated: ({ updatedAt }) => updatedAt,
  maturity: ({ maturity, titleKey }) => `${9 - Number(maturity.slice(1))}${titleKey}`,
  priority: ({ priority }) => priority
}
const ORDERS = Object.keys(KEYS) as Order[]

export class MeasureIndex {
  readonly #entries = new Map<number, Kept>()
  readonly #byMeasure = new Map<string, Set<number>>()
  readonly #all = new Bits()
  readonly #postings = new Map<IndexedField, Postings>()
  readonly #orders: Record<Order, Ordering> = {
    title: new Ordering(),
    updated: new Ordering(),
    maturity: new Ordering(),
    priority: new Ordering()
  }

  /** Adds documents, many at once. */
  load(entries: readonly Entry[]): void {
    const kept = entries.map((entry) => this.#post(entry))
    for (const order of ORDERS) this.#orders[order].load(kept.map((entry) => ({ key: KEYS[order](entry), no: entry.no })))
  }

  /** Sorts what was loaded, so that no request has to. */
  settle(): void {
    for (const order of ORDERS) this.#orders[order].settle()
  }

  /**
   * Puts the present documents of some measures in place of those they had: all that were there go first, since a number may
   * have passed from one measure to another meanwhile.
   */
  replace(measureIds: readonly string[], entries: readonly Entry[]): void {
    for (const id of measureIds) for (const no of [...(this.#byMeasure.get(id) ?? [])]) this.#remove(this.#entries.get(no)!)
    for (const entry of entries.map((each) => this.#post(each))) {
      for (const order of ORDERS) this.#orders[order].add({ key: KEYS[order](entry), no: entry.no })
    }
  }

  /** The measure that a document belongs to. */
  measureOf(no: number): string | undefined {
    return this.#entries.get(no)?.measureId
  }

  /** The documents of a measure: its published version, and the draft beside it. */
  numbersOf(measureId: string): readonly number[] {
    return [...(this.#byMeasure.get(measureId) ?? [])]
  }

  /** Whether a document has a code. */
  has(field: IndexedField, code: string, no: number): boolean {
    return this.#postings.get(field)?.has(code, no) ?? false
  }

  /** Every document. */
  all(): Numbers {
    return this.#all.clone()
  }

  /** The documents with a code. */
  with(field: IndexedField, code: string): Numbers {
    return this.#postings.get(field)?.numbers(code) ?? new Bits()
  }

  /** The codes that occur in a field. */
  codes(field: IndexedField): string[] {
    return this.#postings.get(field)?.codes() ?? []
  }

  /** How many of `among` have each code of a field, the most frequent first. */
  count(field: IndexedField, among: Numbers): { code: string; count: number }[] {
    const postings = this.#postings.get(field)
    if (!postings) return []
    return postings
      .codes()
      .map((code) => ({ code, count: postings.count(code, among) }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1))
  }

  /** The first `limit` of `among` after a place, in an order. */
  page(
    among: Numbers,
    { order, descending, after, limit }: { order: Order; descending: boolean; after?: Place | undefined; limit: number }
  ): Place[] {
    return this.#orders[order].page(among, { descending, limit, after, keyOf: (no) => KEYS[order](this.#entries.get(no)!) })
  }

  /** The documents that changed at an instant or later. */
  updatedSince(instant: string): Numbers {
    const found = new Bits()
    for (const { no } of this.#orders.updated.from(instant)) found.add(no)
    return found
  }

  #post({ codes, ...entry }: Entry): Kept {
    const { no, measureId } = entry
    const listed = Object.entries(codes) as [IndexedField, readonly string[]][]
    const kept = { ...entry, maturity: codes.maturity?.[0] ?? 'M0', codes: listed.filter(([field]) => UNBOUNDED.has(field)) }
    this.#entries.set(no, kept)
    this.#all.add(no)
    const siblings = this.#byMeasure.get(measureId)
    if (siblings) siblings.add(no)
    else this.#byMeasure.set(measureId, new Set([no]))
    for (const [field, values] of listed) {
      let postings = this.#postings.get(field)
      if (!postings) this.#postings.set(field, (postings = new Postings()))
      for (const code of values) postings.add(code, no)
    }
    return kept
  }

  #remove(entry: Kept): void {
    const { no, measureId, codes } = entry
    this.#entries.delete(no)
    this.#all.remove(no)
    const siblings = this.#byMeasure.get(measureId)
    siblings?.delete(no)
    if (siblings?.size === 0) this.#byMeasure.delete(measureId)
    for (const [field, values] of codes) {
      for (const code of values) this.#postings.get(field)?.remove(code, no)
    }
    for (const [field, postings] of this.#postings) {
      if (!UNBOUNDED.has(field)) for (const code of postings.codes()) if (postings.has(code, no)) postings.remove(code, no)
    }
    for (const order of ORDERS) this.#orders[order].remove({ key: KEYS[order](entry), no })
  }
}
