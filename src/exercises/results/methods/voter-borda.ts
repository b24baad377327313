/**
 * Borda points of ballots that are no rankings: whatever a voter says of some items, it puts them in an order. An item gets a point for
 * each that is below it, and half a point for each that is not told from it. Counted twofold, in whole numbers.
 */
import type { Tiers } from '../../counting/ranking.ts'

const LEVELS = 10

export class VoterBorda {
  readonly #items: number
  /** Twice the points, beside what every item got. */
  readonly #twice: Float64Array
  #everyItem = 0
  readonly #atLevel = new Uint32Array(LEVELS)
  readonly #worth = new Int32Array(LEVELS)

  constructor(items: number) {
    this.#items = items
    this.#twice = new Float64Array(items)
  }

  /** Adds items in order, best first. The others share the last place, or, `untold`, are not told from any. */
  add(tiers: Tiers, others: 'last' | 'untold'): void {
    const named = tiers.reduce((n, tier) => n + tier.length, 0)
    const rest = this.#items - named
    const [below, untold] = others === 'last' ? [rest, 0] : [0, rest]
    const restGets = others === 'last' ? rest - 1 : this.#items - 1
    this.#everyItem += restGets
    let after = named
    for (const tier of tiers) {
      after -= tier.length
      const twice = 2 * (after + below) + tier.length - 1 + untold
      for (const item of tier) this.#twice[item]! += twice - restGets
    }
  }

  /** Adds a level from 1 to 9 for each item, 9 the best; 0 is that the voter says nothing of it. */
  addLevels(levels: Uint8Array): void {
    const atLevel = this.#atLevel.fill(0)
    for (let item = 0; item < levels.length; item++) atLevel[levels[item]!]!++
    const untold = atLevel[0]!
    const worth = this.#worth
    worth[0] = this.#items - 1
    let below = 0
    for (let level = 1; level < LEVELS; level++) {
      worth[level] = 2 * below + atLevel[level]! - 1 + untold
      below += atLevel[level]!
    }
    for (let item = 0; item < levels.length; item++) this.#twice[item]! += worth[levels[item]!]!
  }

  pointsOf(item: number): number {
    return (this.#twice[item]! + this.#everyItem) / 2
  }
}
