/** What a measure can be found by in words, and the words it lends to suggestions. */
import { type Texts, termsOf, wordsOf } from '../search/terms.ts'
import { type Measure, TRANSLATABLE, type Translation } from './measure.schema.ts'

const TITLES = ['title', 'shortTitle', 'acronym'] as const
const SHORTEST_SUGGESTION = 4

const present = (texts: readonly (string | undefined)[], language: string): Texts =>
  texts.filter((text) => text !== undefined).map((text) => ({ text, language }))

/** Titles and acronym, which weigh most, and everything else that is read by people. */
export function textsOf(measure: Measure): { title: Texts; rest: Texts } {
  const language = measure.language ?? 'en'
  const translations = Object.entries(measure.translations ?? {}) as [string, Translation][]
  return {
    title: [
      ...present(
        TITLES.map((field) => measure[field]),
        language
      ),
      ...translations.flatMap(([tag, texts]) => present([texts.title, texts.shortTitle], tag))
    ],
    rest: [
      ...present([measure.description, measure.plainSummary, measure.rationale, measure.guidance], language),
      ...present(
        [measure.instrument?.name, measure.development?.steward, ...(measure.identifiers ?? []).map(({ value }) => value)],
        language
      ),
      ...translations.flatMap(([tag, texts]) =>
        present(
          TRANSLATABLE.map((field) => texts[field]),
          tag
        )
      )
    ]
  }
}

export function searchTermsOf(measure: Measure): { title: string; rest: string } {
  const { title, rest } = textsOf(measure)
  return { title: termsOf(title), rest: termsOf(rest) }
}

/** The words worth suggesting to who misspells them, in order, each once. */
export function suggestableWords(measure: Measure): string[] {
  const { title, rest } = textsOf(measure)
  const words = [...title, ...rest].flatMap(({ text }) => wordsOf(text))
  return [...new Set(words)].filter((word) => word.length >= SHORTEST_SUGGESTION && /^\p{L}+$/u.test(word)).sort()
}
