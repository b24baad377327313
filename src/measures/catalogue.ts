/**
 * The reading side of the catalogue: the index, kept level with the log of changes, and the documents it points at.
 * One per process; several processes on one database each follow the log by themselves.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Store, Term, TextQuery } from '../../db/store.ts'
import { queryOf, wordsOf } from '../search/terms.ts'
import { MeasureIndex, type Order } from './measure.index.ts'
import {
  entryOf,
  findIndexRows,
  type HotQueries,
  headOf,
  listIndexRows,
  measuresChangedSince,
  prepareQueries,
  wordsOfLength
} from './measure.queries.ts'
import { Memory } from './memory.ts'
import type { Place } from './ordering.ts'
import { Numbers } from './postings.ts'
import { type Question, Selected } from './selected.ts'
import { translationFor } from './translations.ts'

/** Rows per query while the index is made or followed: small enough that others get their turn in between. */
const LOAD_BATCH = 500
/** Measures that change places in the index at a time: taking one out costs about a millisecond in a large catalogue. */
const FOLLOW_BATCH = 10
/** Matches per step of a search: for a word that half of 100,000 measures have a step takes some ten milliseconds, for many such words more. */
const MATCH_BATCH = 50_000
/** Searches and selections kept until the catalogue changes. */
const REMEMBERED = 64

/** What a search found, in the order of relevance: exact acronym, then title, then the rest. */
export type Tiers = readonly [acronym: Numbers, title: Numbers, rest: Numbers]

export class Catalogue {
  readonly index = new MeasureIndex()
  readonly queries: HotQueries
  readonly #store: Store
  readonly #searches = new Memory<Promise<Tiers>>(REMEMBERED)
  readonly #selections = new Memory<Promise<Selected>>(REMEMBERED)
  #seq = -1
  #following: Promise<void> | undefined

  constructor(store: Store) {
    this.#store = store
    this.queries = prepareQueries(store)
  }

  /** The number of the last change that the index has seen. */
  get seq(): number {
    return this.#seq
  }

  /** Brings the index level with what is committed by now. Everybody who reads lists calls it first. */
  async level(): Promise<void> {
    const [row] = await this.queries.head()
    const head = Number(row!.head)
    while (this.#seq < head) await (this.#following ??= this.#follow().finally(() => (this.#following = undefined)))
  }

  async #follow(): Promise<void> {
    if (this.#seq < 0) return this.#load()
    const { head, ids } = await this.#store.read(async (db) => ({ head: await headOf(db), ids: await measuresChangedSince(db, this.#seq) }))
    for (let i = 0; i < ids.length; i += FOLLOW_BATCH) {
      const batch = ids.slice(i, i + FOLLOW_BATCH)
      const rows = await this.#store.read((db) => findIndexRows(db, batch))
      this.index.replace(batch, rows.map(entryOf))
      await nextTurn()
    }
    this.#seq = head
  }

  async #load(): Promise<void> {
    const head = await this.#store.read(headOf)
    for (let after = 0; ; ) {
      const rows = await this.#store.read((db) => listIndexRows(db, after, LOAD_BATCH))
      if (rows.length === 0) break
      this.index.load(rows.map(entryOf))
      after = rows.at(-1)!.no
      await nextTurn()
    }
    this.index.settle()
    this.#seq = head
  }

  /** Every document, draft or published, that holds the words of `text`. Done once for all who ask, until the catalogue changes. */
  search(text: string): Promise<Tiers> {
    const words = wordsOf(text).join(' ')
    return this.#searches.recall(words, this.#seq, () => this.#search(words))
  }

  /** The documents that answer a question. Whoever asks for the next page, or the same again, gets what is worked out already. */
  select(question: Question): Promise<Selected> {
    return this.#selections.recall(JSON.stringify(question), this.#seq, async () => {
      const tiers = question.q === undefined ? undefined : await this.search(question.q)
      return new Selected(this.index, question, tiers)
    })
  }

  async #search(words: string): Promise<Tiers> {
    const query = queryOf(words)
    const acronym = this.index.with('acronym', words)
    const title = (await this.#matches(query, 'title')).difference(acronym)
    await nextTurn()
    const rest = (await this.#matches(query, 'any')).difference(acronym).difference(title)
    return [acronym, title, rest]
  }

  async #matches(query: TextQuery, scope: 'title' | 'any'): Promise<Numbers> {
    const found = new Numbers()
    if (query.length === 0) return found
    for (let after = 0; ; ) {
      const batch = await this.#store.read((db) => db.d.matchText(db, query, scope, after, MATCH_BATCH))
      for (const no of batch) found.add(no)
      if (batch.length < MATCH_BATCH) return found
      after = batch.at(-1)!
      await nextTurn()
    }
  }

  /** Whether any document is translated into a language, or into one that will do for it. */
  hasTranslation(language: string): boolean {
    return translationFor(this.index.codes('translation'), language) !== undefined
  }

  /** For each term, at most `limit` documents with it. */
  matchEach(terms: readonly Term[][], limit: number): Promise<number[][]> {
    return this.#store.read(async (db) => {
      const found: number[][] = []
      for (const term of terms) found.push(await db.d.matchText(db, [term], 'any', 0, limit))
      return found
    })
  }

  /** The words of the catalogue of about a length. */
  wordsOfLength(from: number, to: number): Promise<string[]> {
    return this.#store.read((db) => wordsOfLength(db, from, to))
  }

  /** Documents of a selection in an order, at most `limit` after a place. */
  page(among: Numbers, order: Order, descending: boolean, limit: number, after?: Place): Place[] {
    return this.index.page(among, { order, descending, after, limit })
  }

  /** The stored JSON of documents, joined by commas: the inside of a JSON array. */
  async joined(numbers: readonly number[]): Promise<Buffer | string> {
    if (numbers.length === 0) return ''
    const [row] = await this.queries.joined({ nos: JSON.stringify(numbers) })
    return row?.json ?? ''
  }
}
