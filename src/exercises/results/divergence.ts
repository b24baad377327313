/** How far groups are apart on an item. */
import type { SeenItem } from './seen-round.ts'

export interface Divergence {
  /** The largest difference of two scores, as a part of the highest possible score; null where fewer than two groups have one. */
  readonly divergence: number | null
  /** The cells that differ most, the higher first, by index; none where all say the same. */
  readonly between?: readonly [higher: number, lower: number]
}

export function divergenceOf({ cells }: SeenItem, highest: number): Divergence {
  const scored = cells.flatMap(({ said }, cell) => (said === null || said.score === null ? [] : [{ cell, score: said.score }]))
  if (scored.length < 2) return { divergence: null }
  const higher = scored.reduce((a, b) => (b.score > a.score ? b : a))
  const lower = scored.reduce((a, b) => (b.score < a.score ? b : a))
  const apart = higher.score - lower.score
  return apart > 0 ? { divergence: apart / highest, between: [higher.cell, lower.cell] } : { divergence: 0 }
}
