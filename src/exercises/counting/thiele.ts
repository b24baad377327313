/** Sums of voters times fractions, as proportional approval has them, and which of them is largest: exactly, whatever the rounding. */

/** What a voter with k items counts, for each k from 0 on: near, and exactly over a common denominator. */
export interface Weights {
  readonly near: readonly number[]
  readonly exact: readonly bigint[]
}

/** What the next item counts for a voter who has k: 1 / (k + 1), for k up to `most`. */
export function weightsOfNext(most: number): Weights {
  const whole = commonMultiple(most + 1)
  const counted = Array.from({ length: most + 1 }, (_none, k) => k + 1)
  return { near: counted.map((k) => 1 / k), exact: counted.map((k) => whole / BigInt(k)) }
}

/** What k items count together: 1 + 1/2 + … + 1/k, for k up to `most`. */
export function weightsOfAll(most: number): Weights {
  const next = weightsOfNext(most)
  const near = [0]
  const exact = [0n]
  for (let k = 0; k < most; k++) {
    near.push(near[k]! + next.near[k]!)
    exact.push(exact[k]! + next.exact[k]!)
  }
  return { near, exact }
}

/** The sum over k of how many voters have k items, times what that counts. */
export function weigh(counts: ArrayLike<number>, { near }: Weights): number {
  let sum = 0
  for (let k = 0; k < counts.length; k++) sum += counts[k]! * near[k]!
  return sum
}

/** The candidates whose sum is largest, in their order: several where they are exactly equal. Counts are whole numbers. */
export function bestOf<T>(candidates: readonly T[], countsOf: (candidate: T) => ArrayLike<number>, weights: Weights): T[] {
  const sums = candidates.map((candidate) => weigh(countsOf(candidate), weights))
  const border = sums.reduce((largest, sum) => Math.max(largest, sum), 0) * (1 - 1e-9)
  const close = candidates.filter((_candidate, i) => sums[i]! >= border)
  if (close.length < 2) return close
  const exact = close.map((candidate) => weighExactly(countsOf(candidate), weights))
  const largest = exact.reduce((a, b) => (a > b ? a : b))
  return close.filter((_candidate, i) => exact[i] === largest)
}

function weighExactly(counts: ArrayLike<number>, { exact }: Weights): bigint {
  let sum = 0n
  for (let k = 0; k < counts.length; k++) if (counts[k] !== 0) sum += BigInt(counts[k]!) * exact[k]!
  return sum
}

/** The least number that every number up to n divides. */
function commonMultiple(n: number): bigint {
  let multiple = 1n
  for (let k = 2n; k <= n; k++) multiple = (multiple / commonDivisor(multiple, k)) * k
  return multiple
}

function commonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : commonDivisor(b, a % b)
}
