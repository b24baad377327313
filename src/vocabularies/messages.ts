/** What every text in five languages has in common: ICU messages that are parsed once, and how names stand within a sentence. */
import { IntlMessageFormat } from 'intl-messageformat'
import type { LabelLanguage } from './vocabulary.schema.ts'

/** The registry writes European English: no comma before the last "and". */
export const localeOf = (language: LabelLanguage): string => (language === 'en' ? 'en-GB' : language)

/** Messages of one language by their keys; each is parsed when it is first said. */
export class Messages<Key extends string> {
  readonly #texts: Readonly<Record<Key, string>>
  readonly #locale: string
  readonly #parsed = new Map<Key, IntlMessageFormat>()

  constructor(language: LabelLanguage, texts: Readonly<Record<Key, string>>) {
    this.#texts = texts
    this.#locale = localeOf(language)
  }

  format(key: Key, values: Readonly<Record<string, string | number>> = {}): string {
    let message = this.#parsed.get(key)
    if (!message) this.#parsed.set(key, (message = new IntlMessageFormat(this.#texts[key], this.#locale)))
    return String(message.format(values))
  }
}

/** Labels begin with a capital, names within a sentence do not; German nouns and abbreviations do. */
export const withinSentence = (label: string, language: LabelLanguage): string =>
  language === 'de' || !/^\p{Lu}\p{Ll}/u.test(label) ? label : label[0]!.toLocaleLowerCase(language) + label.slice(1)
