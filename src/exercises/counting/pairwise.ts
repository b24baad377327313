/** How many voters prefer which item to which other: what every pairwise method is counted from. */
import type { Tiers } from './ranking.ts'

export type Unranked = 'tied-last' | 'zero'

/**
 * Items compared two by two. Items of a tier are not compared with each other. Those that a ballot leaves out are tied below all
 * that it ranks, or, with `zero`, in no comparison at all.
 */
export class Pairs {
  readonly items: number
  readonly unranked: Unranked
  /** [a × items + b]: how many prefer a to b. */
  readonly #preferring: Float64Array
  /** The items of the ballot at hand, best first. */
  readonly #order: Uint32Array
  readonly #isRanked: Uint8Array

  constructor(items: number, unranked: Unranked = 'tied-last') {
    this.items = items
    this.unranked = unranked
    this.#preferring = new Float64Array(items * items)
    this.#order = new Uint32Array(items)
    this.#isRanked = new Uint8Array(items)
  }

  /** Adds a ballot, or `count` equal ones. Throws a RangeError of an item that does not exist or is named twice, and adds nothing. */
  add(tiers: Tiers, count = 1): void {
    const compared = this.#orderOf(tiers)
    const { items } = this
    const order = this.#order
    const preferring = this.#preferring
    let start = 0
    for (const tier of tiers) {
      const end = start + tier.length
      for (let i = start; i < end; i++) {
        const row = order[i]! * items
        for (let j = end; j < compared; j++) preferring[row + order[j]!]! += count
      }
      start = end
    }
  }

  /** How many prefer a to b. */
  prefers(a: number, b: number): number {
    return this.#preferring[a * this.items + b]!
  }

  /** Adds the ballots of another count of the same items. */
  merge(other: Pairs): void {
    if (other.items !== this.items) throw new RangeError('Pairs of other items')
    for (let i = 0; i < this.#preferring.length; i++) this.#preferring[i]! += other.#preferring[i]!
  }

  /** Lays the items out, best first, and tells how many are compared. */
  #orderOf(tiers: Tiers): number {
    const isRanked = this.#isRanked.fill(0)
    let n = 0
    for (const tier of tiers) {
      for (const item of tier) {
        if (isRanked[item] !== 0) throw new RangeError(`No such item, or twice: ${item}`)
        isRanked[item] = 1
        this.#order[n++] = item
      }
    }
    if (this.unranked === 'tied-last') for (let item = 0; item < this.items; item++) if (isRanked[item] === 0) this.#order[n++] = item
    return n
  }
}
