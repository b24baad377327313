import type { Numbers } from './postings.ts'

/** Where a document stands in an order: by key, then by number, so that no two stand in the same place. */
export interface Place {
  readonly key: string
  readonly no: number
}

const compare = (a: Place, b: Place) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.no - b.no)

/** Documents in the order of a key, kept sorted while they come and go. */
export class Ordering {
  readonly #places: Place[] = []
  #isSorted = true

  /** Many, in any order: they are sorted when somebody first looks. */
  load(places: readonly Place[]): void {
    for (const place of places) this.#places.push(place)
    this.#isSorted = false
  }

  add(place: Place): void {
    this.#places.splice(this.#position(place), 0, place)
  }

  remove(place: Place): void {
    const at = this.#position(place)
    if (this.#places[at]?.no === place.no) this.#places.splice(at, 1)
  }

  /**
   * The first `limit` of `among` after `after` (from the start without it), in this order or backwards. `keyOf` gives the key of a
   * document: a handful of documents is sorted by it, rather than looked for among all.
   */
  page(among: Numbers, options: { descending: boolean; limit: number; after?: Place | undefined; keyOf: (no: number) => string }): Place[] {
    const { descending, limit, after, keyOf } = options
    this.settle()
    const size = among.size()
    const steps = Math.min(1, limit / size) * this.#places.length
    if (size * Math.log2(size + 2) < steps) return this.#sorted(among, keyOf, descending, after).slice(0, limit)
    return descending ? this.#backward(among, limit, after) : this.#forward(among, limit, after)
  }

  /** Every document whose key is `key` or comes after it. */
  from(key: string): Place[] {
    return this.#places.slice(this.#position({ key, no: -1 }))
  }

  #sorted(among: Numbers, keyOf: (no: number) => string, descending: boolean, after: Place | undefined): Place[] {
    const places = among.array().map((no) => ({ key: keyOf(no), no }))
    const ahead = after ? places.filter((place) => (descending ? compare(place, after) < 0 : compare(place, after) > 0)) : places
    return ahead.sort(descending ? (a, b) => compare(b, a) : compare)
  }

  #forward(among: Numbers, limit: number, after: Place | undefined): Place[] {
    const places = this.#places
    const page: Place[] = []
    let i = after ? this.#position(after) : 0
    if (after && i < places.length && compare(places[i]!, after) === 0) i++
    for (; i < places.length && page.length < limit; i++) if (among.has(places[i]!.no)) page.push(places[i]!)
    return page
  }

  #backward(among: Numbers, limit: number, after: Place | undefined): Place[] {
    const places = this.#places
    const page: Place[] = []
    for (let i = (after ? this.#position(after) : places.length) - 1; i >= 0 && page.length < limit; i--)
      if (among.has(places[i]!.no)) page.push(places[i]!)
    return page
  }

  /** The first position whose place is not before `place`. */
  #position(place: Place): number {
    this.settle()
    let low = 0
    let high = this.#places.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compare(this.#places[middle]!, place) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Puts what was loaded in its place. */
  settle(): void {
    if (this.#isSorted) return
    this.#places.sort(compare)
    this.#isSorted = true
  }
}
