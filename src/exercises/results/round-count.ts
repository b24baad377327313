/** Counts the ballots of a round, one by one, in the cells of its exercise: nothing is kept by group, and nobody's ballot is. */

import type { Method, Round } from '../exercise.schema.ts'
import { cellIndexOf, type Partition } from '../small-numbers/partition.ts'
import type { Ballot } from '../voting/ballot.schema.ts'
import { ApprovalCount } from './methods/approval.ts'
import { CriteriaCount } from './methods/criteria.ts'
import { DotsCount } from './methods/dots.ts'
import type { MethodCount, Shape } from './methods/method.ts'
import { RankAllCount } from './methods/rank-all.ts'
import { RatingCount } from './methods/rating.ts'
import { TopCount } from './methods/top-n.ts'

const COUNTS: Readonly<Record<Method, new (shape: Shape) => MethodCount>> = {
  'rating-1-9': RatingCount,
  'top-n': TopCount,
  approval: ApprovalCount,
  dots: DotsCount,
  criteria: CriteriaCount,
  'rank-all': RankAllCount
}

export class RoundCount {
  readonly method: MethodCount
  /** Voters by cell of the partition, and of the rest at the end. */
  readonly voters: Float64Array
  readonly #cellOf: ReadonlyMap<string, number>

  constructor({ method, options }: Pick<Round, 'method' | 'options'>, items: readonly string[], partition: Partition) {
    const cells = partition.cells.length + 1
    this.method = new COUNTS[method]({ options, items, cells, k: partition.k })
    this.voters = new Float64Array(cells)
    this.#cellOf = cellIndexOf(partition)
  }

  /** Adds a ballot that was checked when it was cast. Ballots of groups of which not even totals may be shown are not counted. */
  add(group: string, ballot: Ballot): void {
    const cell = this.#cellOf.get(group)
    if (cell === undefined) return
    this.voters[cell]! += 1
    this.method.add(cell, ballot)
  }
}
