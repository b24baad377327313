/** The numbers that are published of an item: distributions only where they do not say what nearly everybody answered. */
import { distributionIsSafe } from '../small-numbers/hiding.ts'
import { NO_RATINGS } from './methods/method.ts'
import type { PooledResult } from './results.schema.ts'
import type { SeenAnswer, SeenItem } from './seen-round.ts'

/** Whose distributions are shown. */
export interface Distributions {
  readonly cells: readonly boolean[]
  readonly pooled: boolean
}

/**
 * A distribution is shown where it is safe. That of all is not shown where what it leaves over, beside the cells that are shown, is one that
 * may not be.
 */
export function distributionsOf({ cells, rest, pooled }: SeenItem, k: number): Distributions {
  const isSafe = (histogram: readonly number[] | null | undefined) => histogram != null && distributionIsSafe(histogram, k)
  const shown = cells.map(({ said }) => isSafe(said?.histogram))
  const others = [...cells.filter((_cell, i) => !shown[i]).map(({ said }) => said), rest].flatMap((said) =>
    said?.histogram ? [said.histogram] : []
  )
  const left = others.reduce<number[]>((sum, histogram) => histogram.map((n, i) => n + (sum[i] ?? 0)), [])
  return { cells: shown, pooled: isSafe(pooled.said?.histogram) && (left.length === 0 || isSafe(left)) }
}

/** What is published of an answer. */
export function figuresOf({ n, unable, said }: SeenAnswer, rank: number | null, isDistributionShown: boolean): PooledResult {
  if (said === null) return { ...NO_RATINGS, n, unable, score: null, rank: null }
  return { ...said, n, unable, rank, histogram: isDistributionShown ? said.histogram : null }
}
