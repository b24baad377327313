/** Where a document stands in an order: by key, then by number, so that no two stand in the same place. */
export interface Place {
  readonly key: string
  readonly no: number
}

const compare = (a: Place, b: Place) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.no - b.no)

/** Documents in the order of a key, kept sorted while they come and go. */
export class Ordering {
  #places: Place[] = []

  /** Many at once: cheaper than one by one. */
  load(places: Place[]): void {
    this.#places = [...this.#places, ...places].sort(compare)
  }

  add(place: Place): void {
    this.#places.splice(this.#position(place), 0, place)
  }

  remove(place: Place): void {
    const at = this.#position(place)
    if (this.#places[at]?.no === place.no) this.#places.splice(at, 1)
  }

  /** The documents after `after` (from the start without it), in this order or backwards. */
  *walk(descending: boolean, after?: Place): Generator<Place> {
    const places = this.#places
    if (descending) {
      for (let i = (after ? this.#position(after) : places.length) - 1; i >= 0; i--) yield places[i]!
    } else {
      let i = after ? this.#position(after) : 0
      if (after && i < places.length && compare(places[i]!, after) === 0) i++
      for (; i < places.length; i++) yield places[i]!
    }
  }

  /** The first position whose place is not before `place`. */
  #position(place: Place): number {
    let low = 0
    let high = this.#places.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compare(this.#places[middle]!, place) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
