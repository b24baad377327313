/**
 * What must not be shown where few people voted: counts of 1 to k - 1, what they could be worked out from (CMS Cell Size Suppression
 * Policy, 2024), and distributions in which everybody said the same.
 */

/** Histograms are shown from this many voters. */
const LEAST_FOR_HISTOGRAM = 10

/** The voters of a cell in every counted round. */
export type Counts = readonly number[]

/** The rounds in which a cell is too small to be shown; nobody at all is no secret. */
export const roundsTooSmall = (counts: Counts, k: number): number[] => counts.flatMap((n, round) => (n > 0 && n < k ? [round] : []))

export const hasVoters = (counts: Counts): boolean => counts.some((n) => n > 0)

export const addUp = (all: readonly Counts[]): number[] =>
  all.reduce<number[]>((sums, counts) => counts.map((n, round) => (sums[round] ?? 0) + n), [])

/** The smallest first: by the round in which a cell is smallest, then by all rounds together. */
export const bySize = (a: Counts, b: Counts): number => Math.min(...a) - Math.min(...b) || sum(a) - sum(b)
const sum = (counts: Counts): number => counts.reduce((all, n) => all + n, 0)

/**
 * Which cells of a total are hidden: those of 1 to k - 1, and the smallest others until the hidden ones together have k voters or more, so
 * that subtraction gives nothing away. `all`: the total is too small as well. `unshown` are cells that nobody sees in any case.
 */
export const hiddenAmong = (counts: readonly number[], k: number, unshown: Iterable<number> = []): Set<number> | 'all' =>
  hiddenInRounds(
    counts.map((n) => [n]),
    k,
    unshown
  )

/** The same for several rounds at once: what is hidden in one of them is hidden in all. */
export function hiddenInRounds(cells: readonly Counts[], k: number, unshown: Iterable<number> = []): Set<number> | 'all' {
  const hidden = new Set(unshown)
  cells.forEach((counts, at) => {
    if (roundsTooSmall(counts, k).length > 0) hidden.add(at)
  })
  const smallestFirst = cells.map((_, at) => at).sort((a, b) => bySize(cells[a]!, cells[b]!) || a - b)
  for (;;) {
    const lacking = roundsTooSmall(addUp([...hidden].map((at) => cells[at]!)), k)
    if (lacking.length === 0) return hidden
    const complement = smallestFirst.find((at) => !hidden.has(at) && lacking.some((round) => cells[at]![round]! > 0))
    if (complement === undefined) return 'all'
    hidden.add(complement)
  }
}

/** Whether a histogram may be shown: with fewer than k voters beside the most frequent answer it would say what nearly everybody answered. */
export function distributionIsSafe(histogram: readonly number[], k: number): boolean {
  const n = sum(histogram)
  return n >= LEAST_FOR_HISTOGRAM && n - Math.max(...histogram) >= k
}

/** A share in whole percent, never rounded up to all or down to none: then it is a bound. */
export function percentOf(share: number): { percent: number; bound: 'over' | 'under' | 'none' } {
  const percent = Math.round(share * 100)
  if (percent >= 100 && share < 1) return { percent: 99, bound: 'over' }
  if (percent <= 0 && share > 0) return { percent: 1, bound: 'under' }
  return { percent, bound: 'none' }
}

/** A share in words: `over 99 %`, `under 1 %`, else whole percent. */
export function percentInWords(share: number): string {
  const { percent, bound } = percentOf(share)
  return `${bound === 'none' ? '' : `${bound} `}${percent} %`
}
