/** Reasons in words: templates in five languages (ICU MessageFormat), the labels of groups, and of the rule of consensus. */
import { localeOf, Messages, withinSentence } from '../../vocabularies/messages.ts'
import type { Vocabularies } from '../../vocabularies/vocabularies.ts'
import { LABEL_LANGUAGES, type LabelLanguage } from '../../vocabularies/vocabulary.schema.ts'
import type { OwnNames } from '../missing/sentences.ts'
import { BETWEEN_CELLS } from './reasons.ts'
import type { Reason } from './results.schema.ts'
import de from './texts/de.json' with { type: 'json' }
import en from './texts/en.json' with { type: 'json' }
import es from './texts/es.json' with { type: 'json' }
import fr from './texts/fr.json' with { type: 'json' }
import nl from './texts/nl.json' with { type: 'json' }

export type ReasonKey = keyof typeof en
const TEXTS: Readonly<Record<LabelLanguage, Readonly<Record<ReasonKey, string>>>> = { en, nl, fr, de, es }

/** The values that are cells. */
const CELLS = ['group', 'groups', 'higher', 'lower'] as const

export class ResultWording {
  readonly #language: LabelLanguage
  readonly #vocabularies: Vocabularies
  readonly #sentences: Messages<ReasonKey>
  readonly #list: Intl.ListFormat

  constructor(language: LabelLanguage, vocabularies: Vocabularies) {
    this.#language = language
    this.#vocabularies = vocabularies
    this.#sentences = new Messages(language, TEXTS[language])
    this.#list = new Intl.ListFormat(localeOf(language))
  }

  /** A reason as sentences of at most twenty words, names not counted. */
  tell({ key, values }: Reason, names: Pick<OwnNames, 'group'>): string {
    const named = CELLS.flatMap((name) => (values[name] === undefined ? [] : [[name, this.#cells(String(values[name]), names)]]))
    const { rule } = values
    return this.#sentences.format(key as ReasonKey, {
      ...values,
      ...Object.fromEntries(named),
      ...(rule === undefined ? {} : { rule: this.#label('consensus-rule', String(rule)) })
    })
  }

  /** What a cell is called: the groups that it is made of. */
  labelOf(cell: string, names: Pick<OwnNames, 'group'>): string {
    return this.#list.format(
      cell.split('+').map((code) => names.group(code) ?? withinSentence(this.#label('gap-group', code), this.#language))
    )
  }

  #cells(codes: string, names: Pick<OwnNames, 'group'>): string {
    return this.#list.format(codes.split(BETWEEN_CELLS).map((cell) => this.labelOf(cell, names)))
  }

  #label(vocabulary: 'consensus-rule' | 'gap-group', code: string): string {
    return this.#vocabularies.label(vocabulary, code, this.#language)?.text ?? code
  }
}

/** One wording for each language. */
export function resultWordings(vocabularies: Vocabularies): (language: LabelLanguage) => ResultWording {
  const made = new Map(LABEL_LANGUAGES.map((language) => [language, new ResultWording(language, vocabularies)]))
  return (language) => made.get(language)!
}
