/** Copeland's method: an item is as good as the number of others that it beats two by two. */
import type { Pairs } from './pairwise.ts'
import { rankingOf } from './ranking.ts'

/** A point for each item beaten and half a point for each tied with. Items with equal points share a place. */
export function copeland(pairs: Pairs): { scores: Float64Array; ranking: number[][] } {
  const scores = new Float64Array(pairs.items)
  for (let a = 0; a < pairs.items; a++) {
    for (let b = 0; b < pairs.items; b++) {
      if (a !== b) scores[a]! += (Math.sign(pairs.prefers(a, b) - pairs.prefers(b, a)) + 1) / 2
    }
  }
  return { scores, ranking: rankingOf(scores) }
}
