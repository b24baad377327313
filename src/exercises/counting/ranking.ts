/** Rankings: tiers of items, best first; items of a tier share a place. */

/** Tiers, best first, of items by their index. */
export type Tiers = readonly (readonly number[])[]

/** What of the largest score two scores may be apart and still be equal: sums of fractions are not exact. */
const TOLERANCE = 1e-9

/**
 * Items by descending score. Scores are equal where no gap as wide as the tolerance lies between them in the sorted list, which
 * makes being equal transitive. Items without a score (NaN) come last, together.
 */
export function rankingOf(scores: ArrayLike<number>): number[][] {
  const items = Array.from(scores, (_score, item) => item)
  const of = (item: number) => (Number.isNaN(scores[item]) ? Number.NEGATIVE_INFINITY : scores[item]!)
  items.sort((a, b) => (of(a) === of(b) ? a - b : of(b) - of(a)))
  const gap = TOLERANCE * items.reduce((largest, item) => (Number.isFinite(of(item)) ? Math.max(largest, Math.abs(of(item))) : largest), 0)
  const tiers: number[][] = []
  for (const [i, item] of items.entries()) {
    const before = items[i - 1]
    if (before === undefined || of(before) - of(item) > gap) tiers.push([item])
    else tiers.at(-1)!.push(item)
  }
  return tiers.map((tier) => tier.sort((a, b) => a - b))
}

/**
 * Items in layers of a strict partial order: first those that nobody is above, then those that nobody of the rest is above, and so
 * on. Whoever is above another is in an earlier layer. The order has no cycle; with one, those on it come last, together.
 */
export function layersOf(items: number, isAbove: (a: number, b: number) => boolean): number[][] {
  const above = new Uint32Array(items)
  for (let a = 0; a < items; a++) for (let b = 0; b < items; b++) if (a !== b && isAbove(a, b)) above[b]!++
  const layers: number[][] = []
  let rest = Array.from(above, (_count, item) => item)
  while (rest.length > 0) {
    const free = rest.filter((item) => above[item] === 0)
    const layer = free.length > 0 ? free : rest
    rest = rest.filter((item) => !layer.includes(item))
    for (const a of layer) for (const b of rest) if (isAbove(a, b)) above[b]!--
    layers.push(layer)
  }
  return layers
}

/**
 * The mean place, from 1, of every item: items of a tier share the mean of their places, and those that no tier names share the
 * last ones.
 */
export function placesOf(tiers: Tiers, items: number): Float64Array {
  const places = new Float64Array(items)
  let taken = 0
  for (const tier of tiers) {
    for (const item of tier) places[item] = taken + (tier.length + 1) / 2
    taken += tier.length
  }
  const last = (taken + 1 + items) / 2
  for (let item = 0; item < items; item++) if (places[item] === 0) places[item] = last
  return places
}
