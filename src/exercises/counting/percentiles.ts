/** Percentiles of ratings from 1 to 9, read off how often each was given. */

/** How many gave each rating: [i] counts the ratings i + 1. Nine counts. */
export type Histogram = readonly number[]

/** The definitions that are in use, numbered as by Hyndman and Fan (The American Statistician 1996;50:361-365) and by R. */
export const PERCENTILE_TYPES = [2, 5, 6, 7] as const
export type PercentileType = (typeof PERCENTILE_TYPES)[number]

/** How many ratings there are. */
export function countOf(histogram: Histogram): number {
  let n = 0
  for (const count of histogram) n += count
  return n
}

/**
 * The rating below which a share p (0 to 1) of the ratings lies; NaN of no ratings. Type 2 takes the mean at a step, types 5, 6 and 7
 * interpolate.
 */
export function percentileOf(histogram: Histogram, p: number, type: PercentileType): number {
  const n = countOf(histogram)
  if (n === 0) return Number.NaN
  const position = positionOf(n, p, type)
  const below = Math.floor(position)
  const rest = position - below
  const lower = ratingAt(histogram, n, below)
  const upper = ratingAt(histogram, n, below + 1)
  if (type === 2) return rest > 0 ? upper : (lower + upper) / 2
  return settle(lower + rest * (upper - lower))
}

/** The middle rating, or the mean of the middle two; NaN of no ratings. */
export function medianOf(histogram: Histogram): number {
  const n = countOf(histogram)
  if (n === 0) return Number.NaN
  return (ratingAt(histogram, n, Math.ceil(n / 2)) + ratingAt(histogram, n, Math.floor(n / 2) + 1)) / 2
}

/** Where in the sorted ratings, counted from 1, the percentile lies: np + m with the m of Hyndman and Fan. */
function positionOf(n: number, p: number, type: PercentileType): number {
  switch (type) {
    case 2:
      return settle(n * p)
    case 5:
      return settle(n * p + 0.5)
    case 6:
      return settle((n + 1) * p)
    case 7:
      return settle((n - 1) * p + 1)
  }
}

/** The k-th smallest rating, from 1; the first and the last beyond the ends. */
function ratingAt(histogram: Histogram, n: number, k: number): number {
  const wanted = Math.min(Math.max(k, 1), n)
  let seen = 0
  let rating = 0
  while (seen < wanted) seen += histogram[rating++]!
  return rating
}

/**
 * 0.07 times 100 is over 7 in floating point. R forgives 4 epsilons at such a border (`fuzz` of `quantile`), which is too little for
 * 100,000 ratings: here, what has more than nine decimals has them from rounding.
 */
const settle = (x: number) => Math.round(x * 1e9) / 1e9
