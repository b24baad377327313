/** Orders of the items: by all voters together, by cells with one voice each, by places inside cells, by Borda points. */
import { equalVoice } from '../counting/equal-voice.ts'
import { placesOf, rankingOf, type Tiers } from '../counting/ranking.ts'
import type { Said } from './methods/method.ts'
import type { RoundCount } from './round-count.ts'
import type { SeenItem } from './seen-round.ts'

/** By item; null is that nobody answered, or that it is withheld. */
export type Scores = readonly (number | null)[]

export interface Order {
  readonly scores: Scores
  /** Items that have a score, the highest first. */
  readonly tiers: Tiers
}

/** Items by score; equal ones by what breaks ties; items without a score are in no tier. */
export function orderBy(scores: Scores, ties: Scores = []): Order {
  const rank = (items: readonly number[], by: Scores) =>
    rankingOf(items.map((item) => by[item] ?? 0)).map((tier) => tier.map((i) => items[i]!))
  const scored = [...scores.keys()].filter((item) => scores[item] !== null)
  return { scores, tiers: rank(scored, scores).flatMap((tier) => (tier.length > 1 ? rank(tier, ties) : [tier])) }
}

/** The place of each item, from 1: equals share one, and the next ones are behind all of them. */
export function ranksIn({ scores, tiers }: Order): (number | null)[] {
  const ranks: (number | null)[] = scores.map(() => null)
  let before = 0
  for (const tier of tiers) {
    for (const item of tier) ranks[item] = before + 1
    before += tier.length
  }
  return ranks
}

/** What some voters say, the higher share of 7 to 9 first, and of equal ones the higher median. */
const orderOfSaid = (said: readonly (Said | null)[]): Order =>
  orderBy(
    said.map((each) => each?.score ?? null),
    said.map((each) => each?.median ?? null)
  )

export const pooledOrder = (items: readonly SeenItem[]): Order => orderOfSaid(items.map(({ pooled }) => pooled.said))

export const cellOrder = (items: readonly SeenItem[], cell: number): Order => orderOfSaid(items.map(({ cells }) => cells[cell]!.said))

/** One voice for each cell, and for those that are withheld as one; without a cell, if one is named. */
export function equalVoiceOrder(items: readonly SeenItem[], without?: number): Order {
  const by = (of: (said: Said) => number | null) =>
    items.map(({ cells, rest }) =>
      equalVoice(
        [...cells.map(({ said }, cell) => (cell === without ? null : said)), rest].flatMap((said) =>
          said === null ? [] : [{ n: said.n, score: of(said) }]
        )
      )
    )
  return orderBy(
    by(({ score }) => score),
    by(({ median }) => median)
  )
}

/**
 * Points for the place in each cell, added up: items - place + 1 (JLA Guidebook, chapter 7). Where a cell says nothing of some items, those
 * get the mean, and the others are spread over all places: nothing is gained or lost by an item that a cell could not score.
 */
export function positionOrder(items: readonly SeenItem[], hasRest: boolean): Order {
  const cells = [...(items[0]?.cells.keys() ?? [])].map((cell) => cellOrder(items, cell))
  const orders = hasRest ? [...cells, orderOfSaid(items.map(({ rest }) => rest))] : cells
  const mean = (items.length + 1) / 2
  const points = items.map(() => 0)
  for (const { tiers, scores } of orders) {
    const scored = tiers.flat().length
    if (scored === 0) continue
    const places = placesOf(tiers, items.length)
    for (const item of items.keys())
      points[item]! += scores[item] === null ? mean : items.length + 1 - ((places[item]! - 0.5) * (items.length / scored) + 0.5)
  }
  return orderBy(items.map(({ pooled }, item) => (pooled.said === null ? null : points[item]!)))
}

export const bordaOrder = (items: readonly SeenItem[], { method }: RoundCount): Order =>
  orderBy(items.map(({ pooled }, item) => (pooled.said === null ? null : method.bordaOf(item))))
