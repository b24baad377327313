/** Releases of a measure elsewhere: which of two is the later one. Publishers write versions in many ways. */
import type { Identity } from './candidate.ts'

type Release = Pick<Identity, 'release' | 'date'>

/** Dotted numbers with or without leading zeros, as FHIR measures have them: `0.0.012`, `7.2.000`, `v3`. */
const NUMBERS = /^v?\d+(?:\.\d+)*$/i

const numbersOf = (release: string) => release.replace(/^v/i, '').split('.').map(Number)

/**
 * Negative where `a` came before `b`, positive where it came after, 0 where nobody can tell. Numbers say it best, then dates (to
 * the precision that both have), then a number that both carry in the same place, such as the year of `MY2022`.
 */
export function compareReleases(a: Release, b: Release): number {
  const order = byNumbers(a.release, b.release) || byDate(a.date, b.date)
  return order || bySameWords(a.release, b.release)
}

function byNumbers(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined || !NUMBERS.test(a) || !NUMBERS.test(b)) return 0
  const [x, y] = [numbersOf(a), numbersOf(b)]
  const at = Array.from({ length: Math.max(x.length, y.length) }).findIndex((_, i) => (x[i] ?? 0) !== (y[i] ?? 0))
  return at < 0 ? 0 : (x[at] ?? 0) - (y[at] ?? 0)
}

function byDate(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return 0
  const precision = Math.min(a.length, b.length)
  const [x, y] = [a.slice(0, precision), b.slice(0, precision)]
  return x === y ? 0 : x < y ? -1 : 1
}

function bySameWords(a: string | undefined, b: string | undefined): number {
  const [x, y] = [a, b].map((release) => /^(\D*)(\d+)(\D*)$/.exec(release ?? ''))
  return x && y && x[1] === y[1] && x[3] === y[3] ? Number(x[2]) - Number(y[2]) : 0
}
