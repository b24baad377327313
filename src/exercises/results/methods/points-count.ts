/** What the methods have in common that score an item by the mean of the points that voters give. */

import type { Counts } from '../../small-numbers/hiding.ts'
import type { Ballot } from '../../voting/ballot.schema.ts'
import type { MethodDetail } from '../results.schema.ts'
import { type DetailContext, indexesOf, type MethodCount, NO_RATINGS, type Said, type Shape } from './method.ts'

/** Everyone who voted had every item before them: who gives nothing to one, gives it no points. */
export abstract class PointsCount implements MethodCount {
  protected readonly shape: Shape
  protected readonly indexes: ReadonlyMap<string, number>
  readonly #voters: Float64Array
  /** [cell × items + item], twofold: halves of points are counted as whole numbers. */
  readonly #twice: Float64Array
  abstract readonly highest: number
  abstract readonly isNaming: boolean

  constructor(shape: Shape) {
    this.shape = shape
    this.indexes = indexesOf(shape.items)
    this.#voters = new Float64Array(shape.cells)
    this.#twice = new Float64Array(shape.cells * shape.items.length)
  }

  abstract add(cell: number, ballot: Ballot): void
  abstract bordaOf(item: number): number

  protected addVoter(cell: number): void {
    this.#voters[cell]! += 1
  }

  protected give(cell: number, item: number, points: number): void {
    this.#twice[cell * this.shape.items.length + item]! += 2 * points
  }

  /** The points that some cells gave to an item. */
  protected pointsIn(cells: readonly number[], item: number): number {
    return cells.reduce((sum, cell) => sum + this.#twice[cell * this.shape.items.length + item]!, 0) / 2
  }

  /** The points of all voters. */
  protected pointsOf(item: number): number {
    return this.pointsIn([...this.#voters.keys()], item)
  }

  countsOf(cell: number): Counts {
    return [this.#voters[cell]!]
  }

  unableIn(): null {
    return null
  }

  said(cells: readonly number[], item: number): Said | null {
    const n = cells.reduce((sum, cell) => sum + this.#voters[cell]!, 0)
    return n === 0 ? null : { ...NO_RATINGS, n, score: this.pointsIn(cells, item) / n }
  }

  detail(_context: DetailContext): MethodDetail {
    return {}
  }
}
