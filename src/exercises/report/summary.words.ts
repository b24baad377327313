/** The words of a summary in one language: sentences (ICU MessageFormat), names of groups and items, shares, days. Pure. */
import { localeOf, Messages, withinSentence } from '../../vocabularies/messages.ts'
import type { Vocabularies } from '../../vocabularies/vocabularies.ts'
import type { LabelLanguage } from '../../vocabularies/vocabulary.schema.ts'
import type { Exercise } from '../exercise.schema.ts'
import type { Finding } from '../missing/findings.ts'
import { SuggestionWording } from '../missing/sentences.ts'
import { percentOf } from '../small-numbers/hiding.ts'
import { wordsIn } from '../wording.ts'
import { shortened } from './shortened.ts'
import de from './texts/de.json' with { type: 'json' }
import en from './texts/en.json' with { type: 'json' }
import es from './texts/es.json' with { type: 'json' }
import fr from './texts/fr.json' with { type: 'json' }
import nl from './texts/nl.json' with { type: 'json' }

export type Texts = typeof en
export type Sentence = keyof Texts['sentences']
const TEXTS: Readonly<Record<LabelLanguage, Texts>> = { en, nl, fr, de, es }

/** Longer names do not fit on the page. */
const LONGEST = { group: 40, groups: 80, item: 72 } as const

export class SummaryWords {
  readonly language: LabelLanguage
  readonly #exercise: Exercise
  readonly #vocabularies: Vocabularies
  readonly #messages: Messages<Sentence>
  readonly #suggestions: SuggestionWording
  readonly #list: Intl.ListFormat

  constructor(language: LabelLanguage, exercise: Exercise, vocabularies: Vocabularies) {
    this.language = language
    this.#exercise = exercise
    this.#vocabularies = vocabularies
    this.#messages = new Messages(language, TEXTS[language].sentences)
    this.#suggestions = new SuggestionWording(language, vocabularies)
    this.#list = new Intl.ListFormat(localeOf(language))
  }

  get headings(): Texts['headings'] {
    return TEXTS[this.language].headings
  }

  get columns(): Texts['columns'] {
    return TEXTS[this.language].columns
  }

  say(key: Sentence, values: Readonly<Record<string, string | number>> = {}): string {
    return this.#messages.format(key, values)
  }

  list(parts: readonly string[]): string {
    return this.#list.format(parts)
  }

  /** What a group is called, or groups that are shown together, joined by `+`. */
  group(codes: string): string {
    const { groups, language: own } = this.#exercise
    const names = codes.split('+').map((code, at) => {
      const group = groups.find((each) => each.code === code)
      const name = shortened(group ? wordsIn(group.label, this.language, own) : code, LONGEST.group)
      return at > 0 && this.#isKnown(code) ? withinSentence(name, this.language) : name
    })
    return shortened(this.list(names), LONGEST.groups)
  }

  #isKnown(code: string): boolean {
    return this.#vocabularies.has('gap-group', code)
  }

  item(id: string): string {
    const { items, language: own } = this.#exercise
    const item = items.find((each) => each.id === id)
    return shortened(item ? wordsIn(item.label, this.language, own) : id, LONGEST.item)
  }

  verdict(code: string): string {
    return this.#vocabularies.label('exercise-verdict', code, this.language)?.text ?? code
  }

  /** What to do about a finding. Groups that the registry knows are called as it calls them. */
  suggestion({ suggestion }: Finding): string {
    return this.#suggestions.say(suggestion, {
      group: (code) => (this.#isKnown(code) ? undefined : this.group(code)),
      item: (id) => this.item(id)
    })
  }

  number(n: number | null): string {
    return n === null ? this.say('not-shown') : new Intl.NumberFormat(localeOf(this.language)).format(n)
  }

  /** A share from 0 to 1 in percent, never rounded up to all or down to none. */
  share(share: number | null): string {
    return share === null ? this.say('not-shown') : this.say('percent', percentOf(share))
  }

  day(instant: string): string {
    return new Intl.DateTimeFormat(localeOf(this.language), { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(instant))
  }

  /** The first entries, and a sentence on how many more there are. */
  first<T>(entries: readonly T[], most: number): { first: T[]; more?: string } {
    const left = entries.length - most
    return { first: entries.slice(0, most), ...(left > 0 ? { more: this.say('more', { count: left }) } : {}) }
  }
}
