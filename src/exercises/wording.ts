/** Words in one language, of those that there are. Pure. */
import type { Wording } from './exercise.parts.ts'

/** The words in a language, else in that of the exercise, else in English, else in any. */
export const wordsIn = (wording: Wording | string, asked: string, own: string): string =>
  typeof wording === 'string'
    ? wording
    : (wording[asked] ?? wording[asked.split('-')[0]!] ?? wording[own] ?? wording['en'] ?? Object.values(wording)[0]!)
