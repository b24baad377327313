/** How the ballots of a method are counted. Each method is one file that does this. */

import type { PercentileType } from '../../counting/percentiles.ts'
import type { Tiers } from '../../counting/ranking.ts'
import type { Round } from '../../exercise.schema.ts'
import type { Counts } from '../../small-numbers/hiding.ts'
import type { Ballot } from '../../voting/ballot.schema.ts'
import type { MethodDetail, PooledResult } from '../results.schema.ts'

/** What a count is made for. */
export interface Shape {
  readonly options: Round['options']
  /** Items by index. */
  readonly items: readonly string[]
  /** How many cells ballots are counted in. */
  readonly cells: number
  readonly k: number
}

/** What voters said of an item, before anything is withheld: `n` of them answered. */
export type Said = Omit<PooledResult, 'n' | 'unable' | 'rank'> & { readonly n: number }

/** What the details of a method are told from: nothing that is not shown. */
export interface DetailContext {
  readonly items: readonly string[]
  readonly topN: number
  /** Cells that are shown and have voters, by their index in the count, with the order and the first inside each. */
  readonly cells: readonly { readonly code: string; readonly index: number; readonly order: Tiers; readonly first: readonly number[] }[]
  /** Points for places in cells, added up. */
  readonly positionScores: readonly (number | null)[]
}

export interface MethodCount {
  /** The largest score that an item can have. */
  readonly highest: number
  /** Whether voters name a few of the items, so that a score of 0 is that nobody did. */
  readonly isNaming: boolean
  add(cell: number, ballot: Ballot): void
  /** How many of a cell answered for an item, and what else of it may not be small. */
  countsOf(cell: number, item: number): Counts
  /** How many said that they are unable to answer; null where the method has no such answer. */
  unableIn(cell: number, item: number): number | null
  /** What some cells together said of an item; null where nobody of them answered. */
  said(cells: readonly number[], item: number, type: PercentileType): Said | null
  /** Borda points of an item by all ballots together. */
  bordaOf(item: number): number
  detail(context: DetailContext): MethodDetail
}

/** What only ratings have. */
export const NO_RATINGS = {
  median: null,
  share79: null,
  share13: null,
  disagreementIndex: null,
  disagreement: null,
  disagreementRobust: null,
  histogram: null
} as const

/** Items by the index that they are counted under. */
export const indexesOf = (items: readonly string[]): ReadonlyMap<string, number> => new Map(items.map((item, index) => [item, index]))

/** What is counted for each item, by the names of items. */
export const byItem = <T>(items: readonly string[], of: (item: number) => T): Record<string, T> =>
  Object.fromEntries(items.map((id, item) => [id, of(item)]))

/** Tiers by the names of items. */
export const namedTiers = (items: readonly string[], tiers: Tiers): string[][] => tiers.map((tier) => tier.map((item) => items[item]!))
