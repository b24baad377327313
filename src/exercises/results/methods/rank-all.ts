/** `rank-all`: Borda and Schulze side by side, by the options that the protocol froze. The score is the mean of Borda points. */

import { type BordaOptions, bordaPoints } from '../../counting/borda.ts'
import { Pairs } from '../../counting/pairwise.ts'
import { rankingOf } from '../../counting/ranking.ts'
import { type Strength, schulze } from '../../counting/schulze.ts'
import type { Ballot } from '../../voting/ballot.schema.ts'
import type { MethodDetail } from '../results.schema.ts'
import { byItem, type DetailContext, namedTiers, type Shape } from './method.ts'
import { PointsCount } from './points-count.ts'

export class RankAllCount extends PointsCount {
  readonly highest: number
  readonly isNaming = false
  readonly #borda: BordaOptions
  readonly #strength: Strength
  /** Of all cells together. */
  readonly #pairs: Pairs

  constructor(shape: Shape) {
    super(shape)
    const { strength, unranked, base, ties } = shape.options
    this.#borda = { base: base!, unranked: unranked!, ties: ties! }
    this.#strength = strength!
    this.#pairs = new Pairs(shape.items.length, unranked)
    this.highest = shape.items.length - 1 + base!
  }

  add(cell: number, { ranking = [] }: Ballot): void {
    const tiers = ranking.map((place) => [place].flat().flatMap((id) => this.indexes.get(id) ?? []))
    this.addVoter(cell)
    for (const [item, points] of bordaPoints(tiers, this.shape.items.length, this.#borda).entries()) this.give(cell, item, points)
    this.#pairs.add(tiers)
  }

  bordaOf(item: number): number {
    return this.pointsOf(item)
  }

  override detail({ items }: DetailContext): MethodDetail {
    const { winners, ranking, strengthOf } = schulze(this.#pairs, this.#strength)
    const points = items.map((_id, item) => this.pointsOf(item))
    const others = (a: number) => Object.fromEntries(items.flatMap((id, b) => (a === b ? [] : [[id, strengthOf(a, b)]])))
    return {
      borda: { scores: byItem(items, (item) => points[item]!), ranking: namedTiers(items, rankingOf(points)), options: { ...this.#borda } },
      schulze: {
        winners: winners.map((item) => items[item]!),
        ranking: namedTiers(items, ranking),
        strength: this.#strength,
        pathStrengths: byItem(items, others)
      }
    }
  }
}
