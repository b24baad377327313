/**
 * Text to search terms. Both engines store what is made here, so that both find the same: case and accents do not
 * matter, a word is found as it stands, by its beginning, and by its Snowball stem in each language of the registry.
 * A stem is stored as `en~coordin`: no word holds a `~`, and the stems of two languages never meet.
 */
import { stemmer as dutch } from '@orama/stemmers/dutch'
import { stemmer as english } from '@orama/stemmers/english'
import { stemmer as french } from '@orama/stemmers/french'
import { stemmer as german } from '@orama/stemmers/german'
import { stemmer as spanish } from '@orama/stemmers/spanish'
import { LRUCache } from 'lru-cache'

const STEMMERS: Record<string, (word: string) => string> = { en: english, nl: dutch, fr: french, de: german, es: spanish }
const MAX_WORD = 64

/** Letters that have no decomposition in Unicode but that people type without their strokes. */
const FOLDED: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' }
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' })

/** Lower case without accents, as words are compared and titles are sorted. */
export const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[ßæœøłđðþı]/g, (letter) => FOLDED[letter] ?? letter)

/** The words of a text, folded, in order. */
export function wordsOf(text: string): string[] {
  const found = fold(text).match(/[\p{L}\p{N}]+/gu) ?? []
  return found.flatMap((word) => (UNSPACED.test(word) ? segmented(word) : [word])).map((word) => word.slice(0, MAX_WORD))
}

const segmented = (run: string) => [...segmenter.segment(run)].map(({ segment }) => segment)

/** British spelling as American, before stemming: a health service of either country finds what the other wrote. */
const RESPELLED: readonly (readonly [RegExp, string])[] = [
  [/is(e|es|ed|er|ers|ing|ation|ations)$/, 'iz$1'],
  [/(.{3}[^aeiou])our/, '$1or'],
  [/ae/, 'e'],
  [/^programme/, 'program'],
  [/^(cent|met|lit)re/, '$1er'],
  [/^ageing/, 'aging']
]
const respelled = (word: string) => RESPELLED.reduce((spelling, [from, to]) => spelling.replace(from, to), word)

const KNOWN_STEMS = 50_000
/** Texts repeat their words: most stems are known. */
const stems = new LRUCache<string, string>({ max: KNOWN_STEMS })

/** The stem of a folded word in a language (BCP 47 tag); undefined where the language has no stemmer. */
export const stemOf = (word: string, language: string): string | undefined => {
  const primary = language.split('-')[0]!.toLowerCase()
  const stemmer = STEMMERS[primary]
  if (!stemmer) return undefined
  const key = `${primary}~${word}`
  let stem = stems.get(key)
  if (stem === undefined) stems.set(key, (stem = `${primary}~${stemmer(primary === 'en' ? respelled(word) : word)}`))
  return stem
}

const everyStem = (word: string) => Object.keys(STEMMERS).map((language) => stemOf(word, language)!)

/** Texts with the language they are in. */
export type Texts = readonly { readonly text: string; readonly language: string }[]

/** Words and stems of some texts, each once, ready to be stored. */
export function termsOf(texts: Texts): string {
  const terms = new Set<string>()
  for (const { text, language } of texts) {
    for (const word of wordsOf(text)) {
      terms.add(word)
      const stem = stemOf(word, language)
      if (stem) terms.add(stem)
    }
  }
  return [...terms].join(' ')
}

/** Words too common to tell measures apart, in the languages of the registry. */
const STOPWORDS = new Set(
  'a an and are as at be by for from in is it of on or that the their to was with de het een en van voor der die das und den dem ein eine mit von zu le la les des du et un une pour dans el los las y del una con por para'.split(
    ' '
  )
)

/** The words that tell texts apart; all of them, where there is nothing but common ones. */
export function tellingWordsOf(text: string): string[] {
  const words = [...new Set(wordsOf(text))]
  const telling = words.filter((word) => !STOPWORDS.has(word))
  return telling.length > 0 ? telling : words
}

/** What people typed, as terms: every word has to be found, as a beginning or by its stem. */
export function queryOf(text: string): { term: string; prefix: boolean }[][] {
  return tellingWordsOf(text)
    .slice(0, MAX_QUERY_WORDS)
    .map((word) => [{ term: word, prefix: [...word].length >= 3 }, ...everyStem(word).map((term) => ({ term, prefix: false }))])
}

/** More words than this add nothing to a search and would only cost time. */
export const MAX_QUERY_WORDS = 16
