/** `approval`: the share that approves of an item, and a set in which large minorities have their part. */

import { electSequentially } from '../../counting/approval.ts'
import type { Ballot } from '../../voting/ballot.schema.ts'
import type { MethodDetail } from '../results.schema.ts'
import type { DetailContext, Shape } from './method.ts'
import { PointsCount } from './points-count.ts'
import { VoterBorda } from './voter-borda.ts'

export class ApprovalCount extends PointsCount {
  readonly highest = 1
  readonly isNaming = true
  readonly #borda: VoterBorda
  /** Equal ballots of all cells together. */
  readonly #alike = new Map<string, { readonly approved: readonly number[]; count: number }>()

  constructor(shape: Shape) {
    super(shape)
    this.#borda = new VoterBorda(shape.items.length)
  }

  add(cell: number, { approved: ids = [] }: Ballot): void {
    const approved = ids.flatMap((id) => this.indexes.get(id) ?? []).sort((a, b) => a - b)
    this.addVoter(cell)
    for (const item of approved) this.give(cell, item, 1)
    this.#borda.add([approved], 'last')
    const key = approved.join()
    const alike = this.#alike.get(key)
    if (alike) alike.count++
    else this.#alike.set(key, { approved, count: 1 })
  }

  bordaOf(item: number): number {
    return this.#borda.pointsOf(item)
  }

  override detail({ items, topN }: DetailContext): MethodDetail {
    const isApproved = (item: number) => this.pointsOf(item) > 0
    const seats = electSequentially([...this.#alike.values()], items.length, topN)
    return {
      approval: {
        proportionalSet: seats
          .filter(({ elected }) => isApproved(elected))
          .map(({ elected, tiedWith }) => ({ item: items[elected]!, tiedWith: tiedWith.filter(isApproved).map((item) => items[item]!) }))
      }
    }
  }
}
