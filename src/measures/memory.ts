import { LRUCache } from 'lru-cache'

/** What was worked out from a state of the catalogue, and is good until the next: the last `max` of it. */
export class Memory<V extends object> {
  readonly #kept: LRUCache<string, { state: number; value: V }>

  constructor(max: number) {
    this.#kept = new LRUCache({ max })
  }

  /** What is kept under a key for this state, or what `make` makes. A promise that fails is forgotten. */
  recall(key: string, state: number, make: () => V): V {
    const kept = this.#kept.get(key)
    if (kept?.state === state) return kept.value
    const value = make()
    this.#kept.set(key, { state, value })
    if (value instanceof Promise) value.catch(() => this.#kept.delete(key))
    return value
  }
}
