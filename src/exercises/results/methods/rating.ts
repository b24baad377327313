/** `rating-1-9`: how often each score was given. The score of an item is the share of 7 to 9 among those who scored it (COMET). */

import { share13, share79 } from '../../counting/consensus.ts'
import { countOf, type Histogram, type PercentileType } from '../../counting/percentiles.ts'
import { judgeRatings } from '../../counting/rand-ucla.ts'
import type { Counts } from '../../small-numbers/hiding.ts'
import { type Ballot, UNABLE } from '../../voting/ballot.schema.ts'
import type { MethodDetail } from '../results.schema.ts'
import type { MethodCount, Said, Shape } from './method.ts'
import { VoterBorda } from './voter-borda.ts'

const HIGHEST_SCORE = 9
/** Counts of an item in a cell: how many were unable to, and how many gave each score. */
const COUNTS = HIGHEST_SCORE + 1

export class RatingCount implements MethodCount {
  readonly highest = 1
  readonly isNaming = false
  readonly #shape: Shape
  readonly #counts: Uint32Array
  readonly #borda: VoterBorda
  /** What the ballot at hand says of each item. */
  readonly #levels: Uint8Array

  constructor(shape: Shape) {
    this.#shape = shape
    this.#counts = new Uint32Array(shape.cells * shape.items.length * COUNTS)
    this.#borda = new VoterBorda(shape.items.length)
    this.#levels = new Uint8Array(shape.items.length)
  }

  add(cell: number, { scores = {} }: Ballot): void {
    const { items } = this.#shape
    for (let item = 0; item < items.length; item++) {
      const score = scores[items[item]!]
      const isScore = typeof score === 'number'
      this.#levels[item] = isScore ? score : 0
      if (isScore || score === UNABLE) this.#counts[this.#at(cell, item) + (isScore ? score : 0)]!++
    }
    this.#borda.addLevels(this.#levels)
  }

  countsOf(cell: number, item: number): Counts {
    return [countOf(this.#histogram([cell], item))]
  }

  unableIn(cell: number, item: number): number {
    return this.#counts[this.#at(cell, item)]!
  }

  said(cells: readonly number[], item: number, type: PercentileType): Said | null {
    const histogram = this.#histogram(cells, item)
    if (countOf(histogram) === 0) return null
    const { n, median, disagreementIndex, disagreement, disagreementRobust } = judgeRatings(histogram, type)
    const share = share79(histogram)
    return {
      n,
      score: share,
      median,
      share79: share,
      share13: share13(histogram),
      disagreementIndex,
      disagreement,
      disagreementRobust,
      histogram: [...histogram]
    }
  }

  bordaOf(item: number): number {
    return this.#borda.pointsOf(item)
  }

  detail(): MethodDetail {
    return {}
  }

  #histogram(cells: readonly number[], item: number): Histogram {
    return Array.from({ length: HIGHEST_SCORE }, (_none, i) =>
      cells.reduce((sum, cell) => sum + this.#counts[this.#at(cell, item) + i + 1]!, 0)
    )
  }

  #at(cell: number, item: number): number {
    return (cell * this.#shape.items.length + item) * COUNTS
  }
}
