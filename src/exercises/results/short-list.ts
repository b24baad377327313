/** The short list: the first of all united with the first of every group, so that none loses what it would not do without. */
import { topOf } from '../counting/james-lind.ts'
import type { Order, Scores } from './orders.ts'

/** The short list by all voters together, beside the names of groups. */
export const OVERALL = 'overall'

/**
 * The first n items of an order, those that tie at the border all in. Where voters name items, one with a support of 0 is named by nobody,
 * and is not among the first however few were named.
 */
export function firstOf({ tiers }: Order, n: number, { isNaming, support }: { isNaming: boolean; support: Scores }): number[] {
  const named = isNaming ? tiers.map((tier) => tier.filter((item) => (support[item] ?? 0) > 0)).filter((tier) => tier.length > 0) : tiers
  return topOf(named, n)
}
