/** How many groups an exercise was in effect made of, and how near each came to its target. */

/**
 * How many equally large groups would be as diverse: 1 / Σp² (Laakso and Taagepera, Comparative Political Studies 1979;12:3-27).
 * Takes shares or counts; 0 where there is nobody.
 */
export function effectiveNumber(shares: readonly number[]): number {
  const squares = sum(portions(shares).map((p) => p * p))
  return squares > 0 ? 1 / squares : 0
}

/** As `effectiveNumber`, less moved by small groups: Σ p / (p + p₁² - p²), p₁ the largest (Golosov, Party Politics 2010;16:171-192). */
export function golosovNumber(shares: readonly number[]): number {
  const all = portions(shares).filter((p) => p > 0)
  const largest = Math.max(0, ...all)
  return sum(all.map((p) => p / (p + largest * largest - p * p)))
}

/** As `effectiveNumber`, of order 1: exp(-Σ p ln p) (Hill, Ecology 1973;54:427-432). 0 where there is nobody. */
export function hillNumber(shares: readonly number[]): number {
  const all = portions(shares).filter((p) => p > 0)
  return all.length > 0 ? Math.exp(-sum(all.map((p) => p * Math.log(p)))) : 0
}

/**
 * Participation to prevalence: the share among voters over the target share; 0.8 to 1.2 is proportional (Scott et al., J Am Coll
 * Cardiol 2018;71:1960-9). Only of targets above 0: nobody can fall short of none.
 */
export function participationRatio(share: number, target: number): number {
  return share / target
}

function portions(shares: readonly number[]): number[] {
  const whole = sum(shares)
  return whole > 0 ? shares.map((share) => share / whole) : []
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)
