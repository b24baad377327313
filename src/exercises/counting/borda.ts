/** The Borda count: an item gets a point for each item below it on a ballot. */
import { placesOf, type Tiers } from './ranking.ts'

export interface BordaOptions {
  /** What the last place is worth. */
  readonly base: 0 | 1
  /** What a ballot says of items that it leaves out: that they share the last places, or nothing, for no points. */
  readonly unranked: 'tied-last' | 'zero'
  /** Items of a tier share the mean of the points of their places. */
  readonly ties: 'average'
}

/** The points of each item on one ballot: whole or half numbers, so that sums of them are exact. */
export function bordaPoints(tiers: Tiers, items: number, options: BordaOptions): Float64Array {
  const points = placesOf(tiers, items)
  const best = items + options.base
  if (options.unranked === 'tied-last') {
    for (let item = 0; item < items; item++) points[item] = best - points[item]!
    return points
  }
  const ranked = new Float64Array(items)
  for (const tier of tiers) for (const item of tier) ranked[item] = best - points[item]!
  return ranked
}

/** Borda points of many ballots. */
export class BordaTally {
  readonly items: number
  readonly options: BordaOptions
  /** The sum for each item. */
  readonly points: Float64Array
  /** How many ballots are in. */
  ballots = 0

  constructor(items: number, options: BordaOptions) {
    this.items = items
    this.options = options
    this.points = new Float64Array(items)
  }

  add(tiers: Tiers, count = 1): void {
    const points = bordaPoints(tiers, this.items, this.options)
    for (let item = 0; item < this.items; item++) this.points[item]! += count * points[item]!
    this.ballots += count
  }

  /** Adds the ballots of another tally of the same items and options. */
  merge(other: BordaTally): void {
    for (let item = 0; item < this.items; item++) this.points[item]! += other.points[item]!
    this.ballots += other.ballots
  }
}
