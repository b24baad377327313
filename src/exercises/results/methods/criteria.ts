/**
 * `criteria`: for each criterion yes, perhaps or no, as CHNRI has it (Rudan et al., Croatian Medical Journal 2008;49:720-733). A criterion
 * that fewer than k answered of an item is left out of it: its answers could be worked out from the score.
 */

import { type Answers, averageExpertAgreement, countAnswers, scoreCriteria, scoreOfCriterion } from '../../counting/criteria.ts'
import { rankingOf } from '../../counting/ranking.ts'
import { type Counts, roundsTooSmall } from '../../small-numbers/hiding.ts'
import type { Ballot } from '../../voting/ballot.schema.ts'
import type { MethodDetail } from '../results.schema.ts'
import { indexesOf, type MethodCount, NO_RATINGS, type Said, type Shape } from './method.ts'
import { VoterBorda } from './voter-borda.ts'

/** No, perhaps, yes: the answers 0, 0.5 and 1, doubled. */
const ANSWERS = 3

export class CriteriaCount implements MethodCount {
  readonly highest = 1
  readonly isNaming = false
  readonly #shape: Shape
  readonly #indexes: ReadonlyMap<string, number>
  readonly #codes: readonly string[]
  readonly #weights: readonly number[]
  /** [((cell × items + item) × criteria + criterion) × 3 + answer] */
  readonly #answers: Uint32Array
  readonly #answered: Uint32Array
  readonly #unable: Uint32Array
  readonly #borda: VoterBorda

  constructor(shape: Shape) {
    const { options, items, cells } = shape
    this.#shape = shape
    this.#indexes = indexesOf(items)
    this.#codes = options.criteria!.map(({ code }) => code)
    this.#weights = options.criteria!.map(({ weight = 1 }) => weight)
    this.#answers = new Uint32Array(cells * items.length * this.#codes.length * ANSWERS)
    this.#answered = new Uint32Array(cells * items.length)
    this.#unable = new Uint32Array(cells * items.length)
    this.#borda = new VoterBorda(items.length)
  }

  add(cell: number, { criteria = {} }: Ballot): void {
    const scored: { item: number; score: number }[] = []
    for (const [id, given] of Object.entries(criteria)) {
      const item = this.#indexes.get(id)
      if (item === undefined) continue
      const score = this.#addItem(cell, item, given)
      if (score !== null) scored.push({ item, score })
    }
    const tiers = rankingOf(scored.map(({ score }) => score))
    this.#borda.add(
      tiers.map((tier) => tier.map((i) => scored[i]!.item)),
      'untold'
    )
  }

  /** Adds what a voter says of an item, and tells what score that makes. */
  #addItem(cell: number, item: number, given: NonNullable<Ballot['criteria']>[string]): number | null {
    const row = cell * this.#shape.items.length + item
    let [sum, weight, unknown] = [0, 0, 0]
    for (const [criterion, code] of this.#codes.entries()) {
      const answer = given[code]
      if (answer === null) unknown++
      if (typeof answer !== 'number') continue
      this.#answers[(row * this.#codes.length + criterion) * ANSWERS + 2 * answer]!++
      sum += this.#weights[criterion]! * answer
      weight += this.#weights[criterion]!
    }
    if (weight > 0) this.#answered[row]!++
    if (unknown === this.#codes.length) this.#unable[row]!++
    return weight > 0 ? sum / weight : null
  }

  countsOf(cell: number, item: number): Counts {
    const counted = this.#counted(item)
    return [
      this.#answered[cell * this.#shape.items.length + item]!,
      ...counted.map((criterion) => countAnswers(this.#answersOf([cell], item, criterion)))
    ]
  }

  unableIn(cell: number, item: number): number {
    return this.#unable[cell * this.#shape.items.length + item]!
  }

  said(cells: readonly number[], item: number): Said | null {
    const n = cells.reduce((sum, cell) => sum + this.#answered[cell * this.#shape.items.length + item]!, 0)
    if (n === 0) return null
    const counted = this.#counted(item)
    const answers = counted.map((criterion) => this.#answersOf(cells, item, criterion))
    return {
      ...NO_RATINGS,
      n,
      score: scoreCriteria(
        answers,
        counted.map((criterion) => this.#weights[criterion]!)
      ).total,
      criteria: counted.map((criterion, i) => ({
        criterion: this.#codes[criterion]!,
        n: countAnswers(answers[i]!),
        score: scoreOfCriterion(answers[i]!)
      })),
      agreement: averageExpertAgreement(answers)
    }
  }

  bordaOf(item: number): number {
    return this.#borda.pointsOf(item)
  }

  detail(): MethodDetail {
    return {}
  }

  /** The criteria that nobody, or k voters or more, answered of an item. */
  #counted(item: number): number[] {
    const all = Array.from({ length: this.#shape.cells }, (_none, cell) => cell)
    return [...this.#codes.keys()].filter((criterion) => {
      const n = countAnswers(this.#answersOf(all, item, criterion))
      return roundsTooSmall([n], this.#shape.k).length === 0
    })
  }

  #answersOf(cells: readonly number[], item: number, criterion: number): Answers {
    const { items } = this.#shape
    const [no, perhaps, yes] = [0, 1, 2].map((answer) =>
      cells.reduce(
        (sum, cell) => sum + this.#answers[((cell * items.length + item) * this.#codes.length + criterion) * ANSWERS + answer]!,
        0
      )
    )
    return { no: no!, perhaps: perhaps!, yes: yes! }
  }
}
