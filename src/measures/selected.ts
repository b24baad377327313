import type { Tiers } from './catalogue.ts'
import type { FilterName } from './measure.filters.ts'
import type { MeasureIndex } from './measure.index.ts'
import { Numbers } from './postings.ts'
import { type Selection, select } from './selection.ts'

/** What a list asks for, apart from its order and its page. */
export interface Question extends Omit<Selection, 'found'> {
  readonly q?: string | undefined
}

/** The documents that answer a question, and what is counted among them. Good as long as the catalogue stays as it is. */
export class Selected {
  readonly numbers: Numbers
  readonly total: number
  readonly #index: MeasureIndex
  readonly #selection: Selection
  readonly #tiers: Tiers | undefined
  readonly #counts = new Map<FilterName, readonly { code: string; count: number }[]>()
  #ranked: readonly Numbers[] | undefined

  constructor(index: MeasureIndex, question: Question, tiers: Tiers | undefined) {
    this.#index = index
    this.#tiers = tiers
    this.#selection = { ...question, found: tiers?.reduce((all, tier) => all.union(tier), new Numbers()) }
    this.numbers = select(index, this.#selection)
    this.total = this.numbers.size()
  }

  /** The same documents in runs, the most relevant first. */
  ranked(): readonly Numbers[] {
    this.#ranked ??= (this.#tiers ?? [this.numbers]).map((tier) => tier.new_intersection(this.numbers))
    return this.#ranked
  }

  /** How often each code of a field occurs under the same filters, without the field's own. */
  counts(field: FilterName): readonly { code: string; count: number }[] {
    let counts = this.#counts.get(field)
    if (!counts) this.#counts.set(field, (counts = this.#index.count(field, this.#without(field))))
    return counts
  }

  /** The same, among documents that something else narrows down as well. */
  countsWithin(field: FilterName, among: Numbers): readonly { code: string; count: number }[] {
    return this.#index.count(field, this.#without(field).new_intersection(among))
  }

  #without(field: FilterName): Numbers {
    const isFiltered = this.#selection.clauses.some((clause) => clause.field === field)
    return isFiltered ? select(this.#index, this.#selection, field) : this.numbers
  }
}
