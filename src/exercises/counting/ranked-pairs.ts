/** Ranked pairs (Tideman, Social Choice and Welfare 1987;4:185-206): defeats are locked from the strongest on, unless they close a circle. */
import type { Pairs } from './pairwise.ts'
import { layersOf } from './ranking.ts'

interface Defeat {
  readonly winner: number
  readonly loser: number
  readonly forth: number
  readonly back: number
}

/**
 * Defeats by winning votes; of as many votes, the less opposed first. Defeats that are equal in both are looked at together: those
 * that lie on a circle of locked defeats and each other are all left out, so that no lot is drawn. Tiers as for Schulze.
 */
export function rankedPairs(pairs: Pairs): number[][] {
  const { items } = pairs
  let above = new Uint8Array(items * items)
  for (const equals of groupDefeats(pairs)) {
    const together = above.slice()
    for (const defeat of equals) lock(together, items, defeat)
    const locked = above.slice()
    for (const defeat of equals) if (together[defeat.loser * items + defeat.winner] === 0) lock(locked, items, defeat)
    above = locked
  }
  return layersOf(items, (a, b) => above[a * items + b] === 1)
}

/** Defeats from the strongest on, equal ones together. */
function groupDefeats(pairs: Pairs): Defeat[][] {
  const defeats: Defeat[] = []
  for (let winner = 0; winner < pairs.items; winner++) {
    for (let loser = 0; loser < pairs.items; loser++) {
      const forth = pairs.prefers(winner, loser)
      const back = pairs.prefers(loser, winner)
      if (forth > back) defeats.push({ winner, loser, forth, back })
    }
  }
  defeats.sort((a, b) => b.forth - a.forth || a.back - b.back)
  return [...Map.groupBy(defeats, ({ forth, back }) => `${forth} ${back}`).values()]
}

/** Adds a defeat and all that follows from it: whoever is above the winner is above whoever is below the loser. */
function lock(above: Uint8Array, items: number, { winner, loser }: Defeat): void {
  if (above[winner * items + loser] === 1) return
  for (let a = 0; a < items; a++) {
    if (a !== winner && above[a * items + winner] === 0) continue
    for (let b = 0; b < items; b++) if (b === loser || above[loser * items + b] === 1) above[a * items + b] = 1
  }
}
