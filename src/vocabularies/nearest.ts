import { distance } from 'fastest-levenshtein'

/** What somebody may write for a code: the code itself, or a label. */
export type Spelling = { spelling: string; code: string }

/** How far apart words are that share a part: further than a slip of the keys, nearer than anything else. */
const SHARED_PART = 0.3

const plain = (word: string) =>
  word
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')

const isPartOf = (part: string, whole: string) => part.length > 1 && (whole.startsWith(part) || whole.split('-').includes(part))

/** From 0 (the same but for case, accents and separators) to 1 (nothing in common). */
const apart = (word: string, other: string) => {
  const edits = distance(word, other) / Math.max(word.length, other.length, 1)
  return isPartOf(word, other) || isPartOf(other, word) ? Math.min(edits, SHARED_PART) : edits
}

/** The code whose spelling is nearest to `word`; the first of equals. Nothing only where there is nothing to choose from. */
export const nearestCode = (word: string, spellings: Iterable<Spelling>): string | undefined => {
  const wanted = plain(word)
  let best: { code: string; far: number } | undefined
  for (const { spelling, code } of spellings) {
    const far = apart(wanted, plain(spelling))
    if (!best || far < best.far) best = { code, far }
  }
  return best?.code
}

/** The nearest of some words: parameter names, vocabulary names. */
export const nearestWord = (word: string, words: Iterable<string>): string | undefined =>
  nearestCode(
    word,
    Iterator.from(words).map((spelling) => ({ spelling, code: spelling }))
  )
