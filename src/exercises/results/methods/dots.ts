/** `dots`: the mean number of dots that voters give. */

import { rankingOf } from '../../counting/ranking.ts'
import type { Ballot } from '../../voting/ballot.schema.ts'
import type { Shape } from './method.ts'
import { PointsCount } from './points-count.ts'
import { VoterBorda } from './voter-borda.ts'

export class DotsCount extends PointsCount {
  readonly highest: number
  readonly isNaming = true
  readonly #borda: VoterBorda

  constructor(shape: Shape) {
    super(shape)
    const { dots, maxPerItem = dots! } = shape.options
    this.highest = Math.min(dots!, maxPerItem)
    this.#borda = new VoterBorda(shape.items.length)
  }

  add(cell: number, { dots = {} }: Ballot): void {
    const given = Object.entries(dots).flatMap(([id, n]) => {
      const item = this.indexes.get(id)
      return item === undefined || n === 0 ? [] : [{ item, n }]
    })
    this.addVoter(cell)
    for (const { item, n } of given) this.give(cell, item, n)
    const tiers = rankingOf(given.map(({ n }) => n))
    this.#borda.add(
      tiers.map((tier) => tier.map((i) => given[i]!.item)),
      'last'
    )
  }

  bordaOf(item: number): number {
    return this.#borda.pointsOf(item)
  }
}
