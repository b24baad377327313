/** The minimax method: an item is as good as its worst defeat is small. */
import type { Pairs } from './pairwise.ts'
import { rankingOf } from './ranking.ts'

/**
 * The worst defeat by winning votes: the most who prefer an item that beats it; 0 if none does. Items with equal worst defeats share
 * a place.
 */
export function minimax(pairs: Pairs): { winners: number[]; ranking: number[][] } {
  const worst = new Float64Array(pairs.items)
  for (let a = 0; a < pairs.items; a++) {
    for (let b = 0; b < pairs.items; b++) {
      const against = pairs.prefers(b, a)
      if (against > pairs.prefers(a, b)) worst[a] = Math.max(worst[a]!, against)
    }
  }
  const ranking = rankingOf(worst.map((defeat) => -defeat))
  return { winners: [...(ranking[0] ?? [])], ranking }
}
