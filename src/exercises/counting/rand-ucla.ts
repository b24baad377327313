/**
 * The RAND/UCLA appropriateness method: where a panel stands, and whether it is divided (Fitch et al., The RAND/UCLA Appropriateness
 * Method User's Manual, RAND MR-1269, 2001, chapter 8 and appendix).
 */
import { countOf, type Histogram, medianOf, PERCENTILE_TYPES, type PercentileType, percentileOf } from './percentiles.ts'

export interface Judgement {
  readonly n: number
  readonly median: number
  readonly p30: number
  readonly p70: number
  readonly interpercentileRange: number
  /** The middle of that range. */
  readonly iprcp: number
  /** How far the middle lies from the middle of the scale, which is 5. */
  readonly asymmetryIndex: number
  /** The range from which on a panel is divided, adjusted for symmetry: 2.35 + 1.5 × asymmetry index. */
  readonly ipras: number
  /** Range by adjusted range: over 1 is disagreement. */
  readonly disagreementIndex: number
  readonly disagreement: boolean
  /** Whether no definition of percentiles, nor the classic rule, would say otherwise. */
  readonly disagreementRobust: boolean
  /** By the classic rule: hardly anyone outside the third of the scale that holds the median. */
  readonly agreement: boolean
}

export type Third = 'low' | 'middle' | 'high'

/** Judges n >= 1 ratings; throws a RangeError of none. */
export function judgeRatings(histogram: Histogram, type: PercentileType): Judgement {
  const n = countOf(histogram)
  if (n === 0) throw new RangeError('No ratings to judge')
  const spread = spreadOf(histogram, type)
  return {
    n,
    median: medianOf(histogram),
    ...spread,
    disagreementRobust:
      hasClassicDisagreement(histogram) === spread.disagreement &&
      PERCENTILE_TYPES.every((other) => spreadOf(histogram, other).disagreement === spread.disagreement),
    agreement: hasClassicAgreement(histogram)
  }
}

/** Whether the range between the 30th and 70th percentiles is wider than the range adjusted for symmetry. */
export function hasDisagreement(histogram: Histogram, type: PercentileType): boolean {
  return spreadOf(histogram, type).disagreement
}

/**
 * In which third of the scale (1-3, 4-6, 7-9) a median lies. 3.5 and 6.5, the middle of an even number of ratings, are in the middle
 * third: "7 to 9" is read as it is written. There are studies that take 6.5 for 7 (Ophthalmology 2009;116:710-718, table 3).
 */
export function thirdOf(median: number): Third {
  return median >= 7 ? 'high' : median > 3 ? 'middle' : 'low'
}

/** How many ratings fall in a third of the scale. */
export function countIn(histogram: Histogram, third: Third): number {
  const from = { low: 0, middle: 3, high: 6 }[third]
  return histogram[from]! + histogram[from + 1]! + histogram[from + 2]!
}

/** Percentiles of 30 and 70 % of whole ratings have one decimal at most: counted in tenths, whether they disagree is exact. */
function spreadOf(histogram: Histogram, type: PercentileType) {
  const p30 = Math.round(percentileOf(histogram, 0.3, type) * 10)
  const p70 = Math.round(percentileOf(histogram, 0.7, type) * 10)
  const aside = Math.abs(100 - p30 - p70)
  const range = 4 * (p70 - p30)
  const adjusted = 94 + 3 * aside
  return {
    p30: p30 / 10,
    p70: p70 / 10,
    interpercentileRange: (p70 - p30) / 10,
    iprcp: (p30 + p70) / 20,
    asymmetryIndex: aside / 20,
    ipras: adjusted / 40,
    disagreementIndex: range / adjusted,
    disagreement: range > adjusted
  }
}

/**
 * A third of the panel, rounded: 3 of 8 to 10, 4 of 11 to 13, 5 of 14 to 16 as the manual lists them (BMC Med Inform Decis Mak
 * 2012;12:93, table 7). One at least, or a panel of one would be divided.
 */
const thirdOfPanel = (n: number) => Math.max(1, Math.round(n / 3))

/** Whether a third of the panel or more rated 1 to 3, and as many 7 to 9. */
export function hasClassicDisagreement(histogram: Histogram): boolean {
  const k = thirdOfPanel(countOf(histogram))
  return countIn(histogram, 'low') >= k && countIn(histogram, 'high') >= k
}

/** Whether fewer than a third of the panel rated outside the third of the scale that holds the median. */
function hasClassicAgreement(histogram: Histogram): boolean {
  const n = countOf(histogram)
  return n - countIn(histogram, thirdOf(medianOf(histogram))) <= thirdOfPanel(n) - 1
}
