/** Reasons as data: which sentence, and what stands in it. They are put into words, in five languages, by `sentences.ts`. */
import type { ClosedVocabulary } from '../vocabularies/codes.ts'
import type { Money } from './context.schema.ts'
import type en from './texts/en.json'

export type SentenceKey = keyof typeof en.sentences
export type Term = keyof typeof en.terms

/** Codes that are named by a vocabulary, by a term of the texts, or (a gate) by its question, joined by "and". */
export interface Named {
  readonly of: ClosedVocabulary | 'jurisdiction' | 'language' | 'gate' | Term
  readonly codes: readonly string[]
}

export type Value = string | number | Named | Money

/** A sentence, and what stands in its places. */
export interface Reason {
  readonly key: SentenceKey
  readonly values: Readonly<Record<string, Value>>
}

export const reason = (key: SentenceKey, values: Reason['values'] = {}): Reason => ({ key, values })

export const named = (of: Named['of'], ...codes: readonly string[]): Named => ({ of, codes })
