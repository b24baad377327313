/** `top-n`: the interim scoring of the James Lind Alliance: the first of a short list gets most points, the last one, the others none. */

import { givenBy, rankPoints } from '../../counting/james-lind.ts'
import type { Ballot } from '../../voting/ballot.schema.ts'
import type { MethodDetail } from '../results.schema.ts'
import { byItem, type DetailContext, namedTiers, type Shape } from './method.ts'
import { PointsCount } from './points-count.ts'
import { VoterBorda } from './voter-borda.ts'

export class TopCount extends PointsCount {
  readonly highest: number
  readonly isNaming = true
  readonly #points: readonly number[]
  readonly #borda: VoterBorda

  constructor(shape: Shape) {
    super(shape)
    this.highest = shape.options.top!
    this.#points = rankPoints(this.highest)
    this.#borda = new VoterBorda(shape.items.length)
  }

  add(cell: number, { ranking = [] }: Ballot): void {
    const order = ranking.flatMap((id) => this.indexes.get(String(id)) ?? [])
    this.addVoter(cell)
    for (const [item, points] of givenBy(order, this.#points)) this.give(cell, item, points)
    this.#borda.add(
      order.map((item) => [item]),
      'last'
    )
  }

  bordaOf(item: number): number {
    return this.#borda.pointsOf(item)
  }

  override detail({ items, cells, positionScores }: DetailContext): MethodDetail {
    const union = [...new Set(cells.flatMap(({ first }) => first))].sort((a, b) => a - b)
    return {
      jla: {
        groupTotals: Object.fromEntries(cells.map(({ code, index }) => [code, byItem(items, (item) => this.pointsIn([index], item))])),
        groupPositions: Object.fromEntries(cells.map(({ code, order }) => [code, namedTiers(items, order)])),
        combinedPositionScores: byItem(items, (item) => positionScores[item] ?? 0),
        rawPooledTotals: byItem(items, (item) => this.pointsOf(item)),
        union: union.map((item) => items[item]!)
      }
    }
  }
}
