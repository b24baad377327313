/** One voice for each cell, however many voters it has. */

/** From so many voters on a cell has a whole voice: below, one person would speak for all. */
export const FULL_VOICE = 5

export interface Voice {
  /** How many voters. */
  readonly n: number
  /** Null where the cell has no score. */
  readonly score: number | null
}

/** The mean of the scores of cells, each weighed by min(1, n / 5); null where no cell has a score. */
export function equalVoice(cells: readonly Voice[]): number | null {
  let weights = 0
  let total = 0
  for (const { n, score } of cells) {
    if (score === null) continue
    const weight = Math.min(1, n / FULL_VOICE)
    weights += weight
    total += weight * score
  }
  return weights > 0 ? total / weights : null
}
