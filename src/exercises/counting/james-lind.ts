/**
 * Interim priorities of the James Lind Alliance: each group orders the items by itself, and the places are added up, so that few
 * patients weigh as much as many clinicians (JLA Guidebook, chapter 7, "Collating and scoring interim priorities").
 */
import type { Given } from './points.ts'
import { placesOf, type Tiers } from './ranking.ts'

/** What the places of a voter's short list are worth: `top` points for the first, 1 for the last. */
export function rankPoints(top: number): number[] {
  return Array.from({ length: top }, (_place, i) => top - i)
}

/** What a voter's short list, the most important first, gives to each item on it. Beyond the points there are none. */
export function* givenBy(ranking: readonly number[], points: readonly number[]): Given {
  for (const [i, item] of ranking.entries()) yield [item, points[i] ?? 0]
}

/** The sum over cells of items - place + 1. Items that tie in a cell share the mean of their places. */
export function positionScores(orderInEachCell: readonly Tiers[], items: number): number[] {
  const scores = new Array<number>(items).fill(0)
  for (const tiers of orderInEachCell) {
    const places = placesOf(tiers, items)
    for (let item = 0; item < items; item++) scores[item]! += items - places[item]! + 1
  }
  return scores
}

/** The first n items, in order; those that tie at the border are all in. */
export function topOf(tiers: Tiers, n: number): number[] {
  const top: number[] = []
  for (const tier of tiers) {
    if (top.length >= n) break
    top.push(...tier)
  }
  return top
}

/** Who is among the first n of any order, by index: what no group would do without (JLA Guidebook, chapter 7, examples). */
export function unionOfTops(orders: readonly Tiers[], n: number): number[] {
  return [...new Set(orders.flatMap((tiers) => topOf(tiers, n)))].sort((a, b) => a - b)
}
