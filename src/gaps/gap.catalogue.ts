/** The reading side of gaps: an index in memory that follows the log of changes. Findings change with their measures, others by themselves. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Store } from '../../db/store.ts'
import { headOf } from '../measures/measure.queries.ts'
import { Memory } from '../measures/memory.ts'
import type { Numbers } from '../measures/postings.ts'
import { subjectOfMeasure } from './findings.ts'
import type { GapFilterName } from './gap.filters.ts'
import { GapIndex, type GapQuestion } from './gap.index.ts'
import { changedSince, findIndexEntries, listIndexEntries } from './gaps.queries.ts'

const LOAD_BATCH = 500
const FOLLOW_BATCH = 20
/** Selections kept until something changes. */
const REMEMBERED = 64

export class GapCatalogue {
  readonly index = new GapIndex()
  readonly #store: Store
  readonly #selections = new Memory<{ readonly numbers: Numbers }>(REMEMBERED)
  #seq = -1
  #following: Promise<void> | undefined

  constructor(store: Store) {
    this.#store = store
  }

  /** The number of the last change that the index has seen. */
  get seq(): number {
    return this.#seq
  }

  /** Brings the index level with what is committed by now. Everybody who reads lists of gaps calls it first. */
  async level(): Promise<void> {
    const head = await this.#store.read(headOf)
    while (this.#seq < head) await (this.#following ??= this.#follow().finally(() => (this.#following = undefined)))
  }

  async #follow(): Promise<void> {
    if (this.#seq < 0) return this.#load()
    const { head, changed } = await this.#store.read(async (db) => ({ head: await headOf(db), changed: await changedSince(db, this.#seq) }))
    const ids = changed.gaps
    const subjects = changed.measures.map(subjectOfMeasure)
    for (let i = 0; i < Math.max(ids.length, subjects.length); i += FOLLOW_BATCH) {
      const [someIds, someSubjects] = [ids.slice(i, i + FOLLOW_BATCH), subjects.slice(i, i + FOLLOW_BATCH)]
      const entries = await this.#store.read(async (db) => [
        ...(someIds.length > 0 ? await findIndexEntries(db, 'id', someIds) : []),
        ...(someSubjects.length > 0 ? await findIndexEntries(db, 'subject', someSubjects) : [])
      ])
      this.index.replace(someIds, someSubjects, [...new Map(entries.map((entry) => [entry.no, entry])).values()])
      await nextTurn()
    }
    this.#seq = head
  }

  async #load(): Promise<void> {
    const head = await this.#store.read(headOf)
    this.index.clear()
    for (let after = 0; ; ) {
      const entries = await this.#store.read((db) => listIndexEntries(db, after, LOAD_BATCH))
      if (entries.length === 0) break
      this.index.load(entries)
      after = entries.at(-1)!.no
      await nextTurn()
    }
    this.#seq = head
  }

  /** The gaps that answer a question; whoever asks again, or for the next page, gets what is worked out already. A set of the registry's own: not to be changed. */
  select(question: GapQuestion): Numbers {
    return this.#selections.recall(JSON.stringify(question), this.#seq, () => ({ numbers: this.index.select(question) })).numbers
  }

  /** How often each code of a field occurs under the same filters, without the field's own. */
  counts(question: GapQuestion, field: GapFilterName): { code: string; count: number }[] {
    const isFiltered = question.clauses.some((clause) => clause.field === field)
    return this.index.count(field, isFiltered ? this.index.select(question, field) : this.select(question))
  }
}
