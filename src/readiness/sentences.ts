/** Reasons in words: templates in five languages (ICU MessageFormat), labels of the vocabularies, lists, money and numbers as each language writes them. */
import { LRUCache } from 'lru-cache'
import { localeOf, Messages, withinSentence } from '../vocabularies/messages.ts'
import type { Vocabularies } from '../vocabularies/vocabularies.ts'
import { LABEL_LANGUAGES, type LabelLanguage } from '../vocabularies/vocabulary.schema.ts'
import type { Money } from './context.schema.ts'
import type { GateId } from './gate.ts'
import { type Named, type Reason, reason, type SentenceKey, type Term, type Value } from './reason.ts'
import de from './texts/de.json' with { type: 'json' }
import en from './texts/en.json' with { type: 'json' }
import es from './texts/es.json' with { type: 'json' }
import fr from './texts/fr.json' with { type: 'json' }
import nl from './texts/nl.json' with { type: 'json' }

export type Texts = typeof en
export const TEXTS: Readonly<Record<LabelLanguage, Texts>> = { en, nl, fr, de, es }

/** More than this many names make a sentence that nobody reads: the first are named, and how many more there are. */
const NAMED_AT_MOST = 5
/** Sentences that are kept, in all languages: the same reasons hold for many measures. */
const KEPT = 20_000

/** Puts reasons into words in one language. */
export class Wording {
  readonly language: LabelLanguage
  readonly #vocabularies: Vocabularies
  readonly #messages: Messages<SentenceKey>
  readonly #said = new LRUCache<string, string>({ max: KEPT })
  readonly #list: Intl.ListFormat

  constructor(language: LabelLanguage, vocabularies: Vocabularies) {
    this.language = language
    this.#vocabularies = vocabularies
    this.#messages = new Messages(language, TEXTS[language].sentences)
    this.#list = new Intl.ListFormat(localeOf(language))
  }

  get texts(): Texts {
    return TEXTS[this.language]
  }

  say(said: Reason): string {
    const key = JSON.stringify(said)
    const known = this.#said.get(key)
    if (known !== undefined) return known
    const { key: sentence, values } = said
    const shown = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, this.#show(value)]))
    const text = this.#messages.format(sentence, shown).trim()
    this.#said.set(key, text)
    return text
  }

  /** Parts of a sentence that have commas of their own. */
  join(parts: readonly string[]): string {
    return parts.join(this.language === 'fr' ? '\u202f; ' : '; ')
  }

  /** A day (ISO 8601) as it is written in a text. */
  day(day: string): string {
    return new Intl.DateTimeFormat(localeOf(this.language), { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(day))
  }

  /** Several sentences after one another. */
  sayAll(reasons: readonly Reason[]): string {
    return [...new Set(reasons.map((each) => this.say(each)))].join(' ')
  }

  #show(value: Value): string | number {
    if (typeof value !== 'object') return value
    return 'codes' in value ? this.names(value) : this.money(value)
  }

  money({ amount, currency }: Money): string {
    return new Intl.NumberFormat(localeOf(this.language), {
      style: 'currency',
      currency,
      maximumFractionDigits: 2,
      trailingZeroDisplay: 'stripIfInteger'
    }).format(amount)
  }

  /** Names in a sentence, with "and" before the last. */
  names({ of, codes }: Named): string {
    const shown = codes.length > NAMED_AT_MOST ? codes.slice(0, NAMED_AT_MOST - 1) : codes
    const names = shown.map((code) => this.#name(of, code))
    const more = codes.length - shown.length
    return this.#list.format(more > 0 ? [...names, this.say(reason('list.more', { count: more }))] : names)
  }

  #name(of: Named['of'], code: string): string {
    const { terms, gates } = this.texts
    if (of === 'gate') return gates[code as GateId].question
    if (of in terms) return (terms[of as Term] as Record<string, string>)[code] ?? code
    const label = this.#vocabularies.label(of, code, this.language)?.text ?? code
    return of === 'jurisdiction' || of === 'language' ? label : withinSentence(label, this.language)
  }
}

/** One wording for each language, made when it is first asked for. */
export function wordings(vocabularies: Vocabularies): (language: LabelLanguage) => Wording {
  const made = new Map(LABEL_LANGUAGES.map((language) => [language, new Wording(language, vocabularies)]))
  return (language) => made.get(language)!
}
