/** Published outcomes as they are asked for: they never change, and are read from the database and parsed once. */
import { LRUCache } from 'lru-cache'
import type { Store } from '../../../db/store.ts'
import type { Outcome } from './outcome.ts'
import { findOutcome, type StoredOutcome } from './outcomes.queries.ts'

/** Outcomes kept in memory: a large one takes some ten megabytes. */
const REMEMBERED = 8

export type Published = StoredOutcome & { readonly outcome: Outcome }

export class PublishedOutcomes {
  readonly #store: Store
  readonly #known = new LRUCache<string, Published>({ max: REMEMBERED })

  constructor(store: Store) {
    this.#store = store
  }

  /** The outcome of an exercise; undefined where none is published. */
  async of(id: string): Promise<Published | undefined> {
    const known = this.#known.get(id)
    if (known) return known
    const found = await this.#store.read((db) => findOutcome(db, id))
    if (found) this.#known.set(id, found)
    return found
  }
}
