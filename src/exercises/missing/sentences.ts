/** Suggestions in words: templates in five languages (ICU MessageFormat), and the labels of groups, items, levels and countries. */
import { localeOf, Messages, withinSentence } from '../../vocabularies/messages.ts'
import type { Vocabularies } from '../../vocabularies/vocabularies.ts'
import { LABEL_LANGUAGES, type LabelLanguage } from '../../vocabularies/vocabulary.schema.ts'
import type { Suggestion } from './findings.ts'
import de from './texts/de.json' with { type: 'json' }
import en from './texts/en.json' with { type: 'json' }
import es from './texts/es.json' with { type: 'json' }
import fr from './texts/fr.json' with { type: 'json' }
import nl from './texts/nl.json' with { type: 'json' }

type Texts = typeof en
export type SuggestionKey = keyof Texts['sentences']
const TEXTS: Readonly<Record<LabelLanguage, Texts>> = { en, nl, fr, de, es }

/** What the organiser calls a group or an item, in the language of the answer; nothing where it has no name of its own. */
export interface OwnNames {
  readonly group: (code: string) => string | undefined
  readonly item: (id: string) => string | undefined
}

type People = keyof Texts['people']
const isKnown = (code: string): code is People => code !== 'other' && Object.hasOwn(en.people, code)

export class SuggestionWording {
  readonly #language: LabelLanguage
  readonly #vocabularies: Vocabularies
  readonly #sentences: Messages<SuggestionKey>
  readonly #people: Messages<People>
  readonly #list: Intl.ListFormat

  constructor(language: LabelLanguage, vocabularies: Vocabularies) {
    this.#language = language
    this.#vocabularies = vocabularies
    this.#sentences = new Messages(language, TEXTS[language].sentences)
    this.#people = new Messages(language, TEXTS[language].people)
    this.#list = new Intl.ListFormat(localeOf(language))
  }

  /** A suggestion as sentences of at most twenty words, names not counted. */
  say({ key, values }: Suggestion, names: OwnNames): string {
    const { group, with: others, item, code, count } = values
    const people = group === undefined ? {} : this.#calling(String(group), Number(count ?? 2), names)
    return this.#sentences.format(key, {
      ...values,
      ...people,
      ...(others === undefined ? {} : { others: this.#groups(String(others), names) }),
      ...(item === undefined ? {} : { item: names.item(String(item)) ?? item }),
      ...(code === undefined ? {} : { level: this.#label('level', String(code)), country: this.#country(String(code)) })
    })
  }

  /** How the people of a group, or of groups that are shown together, are called and found. */
  #calling(codes: string, count: number, names: OwnNames) {
    const name = this.#groups(codes, names)
    const known = isKnown(codes) && names.group(codes) === undefined ? codes : 'other'
    return { name, people: this.#people.format(known, { count, name }), through: TEXTS[this.#language].through[known] }
  }

  #groups(codes: string, names: OwnNames): string {
    return this.#list.format(codes.split('+').map((code) => names.group(code) ?? this.#label('gap-group', code)))
  }

  #country(code: string): string {
    return this.#vocabularies.label('jurisdiction', code, this.#language)?.text ?? code
  }

  #label(vocabulary: 'gap-group' | 'level', code: string): string {
    return withinSentence(this.#vocabularies.label(vocabulary, code, this.#language)?.text ?? code, this.#language)
  }
}

/** One wording for each language. */
export function suggestionWordings(vocabularies: Vocabularies): (language: LabelLanguage) => SuggestionWording {
  const made = new Map(LABEL_LANGUAGES.map((language) => [language, new SuggestionWording(language, vocabularies)]))
  return (language) => made.get(language)!
}
