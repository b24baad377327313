/**
 * One-time codes: 128 random bits as people can type them. Crockford's base 32 (https://www.crockford.com/base32.html), whose letters cannot
 * be taken for digits, and two check symbols by which a slip of the fingers is told from a code that nobody issued. Pure.
 */
import { sha256 } from '../../json/canonical.ts'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** What people write for a digit. */
const MEANT: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1' }
const SECRET_BYTES = 16
/** 26 symbols of five bits hold 128 bits; the first has two to spare. */
const DATA = 26
const CHECKS = 2
export const CODE_LENGTH = DATA + CHECKS
const GROUP = 4
const HIGHEST_FIRST = 7

export type ReadCode = { readonly code: string } | { readonly fault: 'length' | 'character' | 'check' }

/** Twice a symbol in GF(32), by x^5 + x^2 + 1. */
const doubled = (symbol: number): number => (symbol << 1) ^ (symbol & 16 ? 0b100101 : 0)
const fourfold = (symbol: number) => doubled(doubled(symbol))

/** What is left of the symbols as a polynomial over GF(32), divided by (x - 2)(x - 4) = x^2 + 6x + 8: nothing, if they are a code. */
function remainderOf(symbols: readonly number[]): readonly [number, number] {
  let [high, low] = [0, 0]
  for (const symbol of symbols) [high, low] = [low ^ doubled(high) ^ fourfold(high), symbol ^ doubled(fourfold(high))]
  return [high, low]
}

function symbolsOf(secret: Uint8Array): number[] {
  let rest = BigInt(`0x${Buffer.from(secret).toString('hex')}`)
  const symbols: number[] = []
  for (let index = 0; index < DATA; index++) {
    symbols.unshift(Number(rest & 31n))
    rest >>= 5n
  }
  return symbols
}

/**
 * The code of 16 random bytes: 26 symbols that are the number they make, and the two check symbols of a Reed-Solomon code, which show
 * every error in one or two symbols and every swap of two.
 */
export function newCode(secret: Uint8Array): string {
  if (secret.length !== SECRET_BYTES) throw new RangeError(`A code is made of ${SECRET_BYTES} bytes, not of ${secret.length}`)
  const symbols = symbolsOf(secret)
  return [...symbols, ...remainderOf([...symbols, 0, 0])].map((symbol) => ALPHABET[symbol]).join('')
}

/** As it is printed: groups of four with hyphens. */
export const printedCode = (code: string): string => code.match(new RegExp(`.{1,${GROUP}}`, 'g'))?.join('-') ?? ''

/** What somebody typed, in its one canonical form: capitals without blanks or hyphens. Says what is wrong where it cannot be a code. */
export function readCode(text: string): ReadCode {
  const typed = text.replace(/[\s\p{Pd}\p{Cf}]/gu, '')
  if (!/^[0-9A-TV-Z]*$/i.test(typed)) return { fault: 'character' }
  if (typed.length !== CODE_LENGTH) return { fault: 'length' }
  const code = typed.toUpperCase().replace(/[OIL]/g, (letter) => MEANT[letter]!)
  const symbols = Array.from(code, (symbol) => ALPHABET.indexOf(symbol))
  const isWhole = remainderOf(symbols).every((symbol) => symbol === 0) && symbols[0]! <= HIGHEST_FIRST
  return isWhole ? { code } : { fault: 'check' }
}

/** SHA-256 of a canonical code, in hexadecimal: all that is kept of it. 128 random bits need no salt. */
export const hashOf = (code: string): string => sha256(code)
