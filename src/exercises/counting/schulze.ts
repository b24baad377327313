/** The Schulze method (beatpath): a beats b where the strongest path from a to b is stronger than any back. */
import type { Pairs } from './pairwise.ts'
import { layersOf } from './ranking.ts'

/** What a link from a to b counts: who prefers a, by how many more, or how many times as many. */
export type Strength = 'winning' | 'margin' | 'ratio'

export interface Schulze {
  /** Whom nobody beats: several where they tie. */
  readonly winners: number[]
  readonly ranking: number[][]
  /** The strength of the strongest path from a to b; 0 where there is none. */
  strengthOf(a: number, b: number): number
}

/**
 * Strongest paths of every two items, in time of the third power of the items (Schulze, Social Choice and Welfare 2011;36:267-303).
 *
 * Ties: beating is a strict partial order. The first tier are those that nobody beats; the next those that nobody of the rest beats,
 * and so on. Items that do not beat each other can so share a place; no lot is drawn.
 */
export function schulze(pairs: Pairs, strength: Strength): Schulze {
  const { items } = pairs
  const paths = linksOf(pairs, strength)
  for (let via = 0; via < items; via++) {
    const onwards = paths.subarray(via * items, (via + 1) * items)
    for (let from = 0; from < items; from++) {
      const first = paths[from * items + via]!
      if (first === 0 || from === via) continue
      const row = paths.subarray(from * items, (from + 1) * items)
      for (let to = 0; to < items; to++) {
        const second = onwards[to]!
        const path = first < second ? first : second
        if (path > row[to]!) row[to] = path
      }
    }
  }
  for (let item = 0; item < items; item++) paths[item * items + item] = 0
  const strengthOf = (a: number, b: number) => paths[a * items + b]!
  const ranking = layersOf(items, (a, b) => strengthOf(a, b) > strengthOf(b, a))
  return { winners: [...(ranking[0] ?? [])], ranking, strengthOf }
}

/** [a × items + b]: what the link from a to b counts, where more prefer a than b; else 0. */
function linksOf(pairs: Pairs, strength: Strength): Float64Array {
  const { items } = pairs
  const links = new Float64Array(items * items)
  const unopposed = strength === 'ratio' ? mostPreferring(pairs) : 0
  for (let a = 0; a < items; a++) {
    for (let b = 0; b < items; b++) {
      const forth = pairs.prefers(a, b)
      const back = pairs.prefers(b, a)
      if (forth > back) links[a * items + b] = linkOf(strength, forth, back, unopposed)
    }
  }
  return links
}

/**
 * A link that nobody opposes is stronger than any ratio, and the more so the more are for it (Schulze 2011, section 2.1): it counts
 * the most that anyone of two has, which no ratio exceeds, and its own on top. So it stays finite.
 */
function linkOf(strength: Strength, forth: number, back: number, unopposed: number): number {
  if (strength === 'winning') return forth
  if (strength === 'margin') return forth - back
  return back > 0 ? forth / back : unopposed + forth
}

function mostPreferring(pairs: Pairs): number {
  let most = 0
  for (let a = 0; a < pairs.items; a++) for (let b = 0; b < pairs.items; b++) most = Math.max(most, pairs.prefers(a, b))
  return most
}
