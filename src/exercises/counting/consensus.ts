/** Published rules of consensus, each on the ratings of one cell. Shares are compared in whole numbers, so that 70 % is 70 %. */
import { countOf, type Histogram, medianOf, type PercentileType } from './percentiles.ts'
import { countIn, hasDisagreement, thirdOf } from './rand-ucla.ts'

export const CONSENSUS_RULES = ['cos-stad', 'comet-70-15', 'ram', 'pqm'] as const
export type ConsensusRule = (typeof CONSENSUS_RULES)[number]

export type Verdict = 'in' | 'out' | 'reconsider' | 'no-consensus'

/** What a rule says of the ratings of one cell. No ratings are no consensus. */
export function verdictOfCell(rule: ConsensusRule, histogram: Histogram, type: PercentileType): Verdict {
  return countOf(histogram) === 0 ? 'no-consensus' : JUDGES[rule](histogram, type)
}

/** What the cells say together: a consensus only where they all do. */
export function verdictOfCells(verdicts: readonly Verdict[]): Verdict {
  const areAll = (...allowed: Verdict[]) => verdicts.every((verdict) => allowed.includes(verdict))
  if (verdicts.length === 0) return 'no-consensus'
  if (areAll('in')) return 'in'
  if (areAll('out')) return 'out'
  return areAll('in', 'reconsider') ? 'reconsider' : 'no-consensus'
}

/** The share of ratings 7 to 9, from 0 to 1; 0 of no ratings. */
export function share79(histogram: Histogram): number {
  return shareOf(countIn(histogram, 'high'), histogram)
}

/** The share of ratings 1 to 3, from 0 to 1; 0 of no ratings. */
export function share13(histogram: Histogram): number {
  return shareOf(countIn(histogram, 'low'), histogram)
}

const shareOf = (count: number, histogram: Histogram) => (count === 0 ? 0 : count / countOf(histogram))

/** How 100 × count compares with percent × n: positive where the share is above. */
const compareShare = (count: number, histogram: Histogram, percent: number) => 100 * count - percent * countOf(histogram)

type Judge = (histogram: Histogram, type: PercentileType) => Verdict

const JUDGES: Readonly<Record<ConsensusRule, Judge>> = {
  'cos-stad': judgeByCosStad,
  'comet-70-15': judgeByComet,
  ram: judgeByRam,
  pqm: judgeByPqm
}

/** In from 70 % of 7 to 9 on (COS-STAD, PLoS Med 2017;14:e1002447). */
function judgeByCosStad(histogram: Histogram): Verdict {
  return compareShare(countIn(histogram, 'high'), histogram, 70) >= 0 ? 'in' : 'no-consensus'
}

/** In from 70 % of 7 to 9 on with less than 15 % of 1 to 3 (COSMIN and COMET, Trials 2016;17:449); out up to 50 % of 7 to 9. */
function judgeByComet(histogram: Histogram): Verdict {
  const high = countIn(histogram, 'high')
  if (compareShare(high, histogram, 70) >= 0 && compareShare(countIn(histogram, 'low'), histogram, 15) < 0) return 'in'
  return compareShare(high, histogram, 50) <= 0 ? 'out' : 'no-consensus'
}

/** In or out by the third of the scale that holds the median, unless the panel is divided (RAND/UCLA manual, chapter 8). */
function judgeByRam(histogram: Histogram, type: PercentileType): Verdict {
  const third = thirdOf(medianOf(histogram))
  if (third === 'middle' || hasDisagreement(histogram, type)) return 'no-consensus'
  return third === 'high' ? 'in' : 'out'
}

/** In from 75 % of 7 to 9 on, from 70 % under 20 voters; to be reconsidered from 60 % on. */
function judgeByPqm(histogram: Histogram): Verdict {
  const high = countIn(histogram, 'high')
  if (compareShare(high, histogram, countOf(histogram) < 20 ? 70 : 75) >= 0) return 'in'
  return compareShare(high, histogram, 60) >= 0 ? 'reconsider' : 'no-consensus'
}
