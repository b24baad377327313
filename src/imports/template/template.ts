/** The template to fill in: headings, a row that explains them and an example. Their words are in `texts.json`. */
import type { Vocabularies } from '../../vocabularies/vocabularies.ts'
import type { LabelLanguage, VocabularyFile } from '../../vocabularies/vocabulary.schema.ts'
import { FIELD_COLUMNS, type FieldColumn } from '../sheets/columns.ts'
import texts from './texts.json' with { type: 'json' }

/** Row 1 holds the headings, row 2 explains them, row 3 is the example. */
export const FIRST_ROW = 4

export interface TemplateRows {
  /** Names of fields: the same in every language. */
  readonly header: string[]
  readonly help: string[]
  readonly example: string[]
}

export const TEMPLATE_COLUMNS: readonly FieldColumn[] = FIELD_COLUMNS.filter(({ inTemplate }) => inTemplate)

export function templateRows(language: LabelLanguage, vocabularies: Vocabularies): TemplateRows {
  const helper = new Helper(language, vocabularies)
  return {
    header: TEMPLATE_COLUMNS.map(({ name }) => name),
    help: asComment(TEMPLATE_COLUMNS.map((column, i) => (i === 0 ? `${helper.rule('intro')} ` : '') + helper.help(column))),
    example: asComment(TEMPLATE_COLUMNS.map(({ name }) => exampleOf(name, language)))
  }
}

/** The importer skips rows whose first cell begins so. */
const asComment = ([first = '', ...rest]: readonly string[]): string[] => [`# ${first}`, ...rest]

type Texts = Readonly<Record<LabelLanguage, string>>
type Rule = keyof typeof texts.rules

const COLUMN_TEXTS: Readonly<Record<string, Texts | undefined>> = texts.columns
const EXAMPLE: Readonly<Record<string, Texts | string | undefined>> = texts.example

function exampleOf(name: string, language: LabelLanguage): string {
  const example = EXAMPLE[name] ?? ''
  return typeof example === 'string' ? example : example[language]
}

/** As many codes are shown with their labels; more than the second are not shown at all but for some that most people know. */
const MAX_LABELLED = 9
const MAX_SHOWN = 40
const WELL_KNOWN: Readonly<Record<string, readonly string[]>> = { language: ['nl', 'fr', 'de'], jurisdiction: ['BE', 'NL', 'GB-ENG'] }

class Helper {
  readonly #language: LabelLanguage
  readonly #vocabularies: Vocabularies

  constructor(language: LabelLanguage, vocabularies: Vocabularies) {
    this.#language = language
    this.#vocabularies = vocabularies
  }

  /** What belongs in a column, how it is written, and whether it can be left empty. */
  help(column: FieldColumn): string {
    return [COLUMN_TEXTS[column.name]?.[this.#language], this.#form(column), column.required ? this.rule('required') : undefined]
      .filter(Boolean)
      .join(' ')
  }

  rule(name: Rule, values: Readonly<Record<string, string>> = {}): string {
    const rule: Texts = texts.rules[name]
    return rule[this.#language].replace(/\{(\w+)\}/g, (_, value: string) => values[value] ?? '')
  }

  #form(column: FieldColumn): string | undefined {
    const { kind, name } = column
    if (kind === 'code' || kind === 'codes') return this.rule(kind, { codes: this.#codes(column.vocabulary) })
    if (kind === 'pairs') return this.#pairs(column)
    if (kind === 'texts' || kind === 'number' || kind === 'integer' || kind === 'boolean' || kind === 'date') return this.rule(kind)
    if (kind === 'text' || kind === 'line') return undefined
    throw new Error(`The template has no words for the column ${name} of kind ${kind}`)
  }

  /** Where neither side has codes, the text of the column says it all. */
  #pairs({ name, sides = [] }: FieldColumn): string | undefined {
    const [left, right] = sides.map(({ vocabulary }) => vocabulary)
    if (left === undefined || right === undefined) return undefined
    return this.rule('pairs', { example: exampleOf(name, this.#language), left: this.#codes(left), right: this.#codes(right) })
  }

  #codes(vocabulary: string | undefined): string {
    const file = this.#vocabularies.get(vocabulary ?? '')
    if (!file) throw new Error(`The template has no vocabulary ${vocabulary}`)
    const count = file.concepts.length
    if (count > MAX_SHOWN) return this.#named('some', file, WELL_KNOWN[file.name] ?? [])
    if (count > MAX_LABELLED)
      return this.#named(
        'explained',
        file,
        file.concepts.map(({ code }) => code)
      )
    return file.concepts.map(({ code, labels }) => `${code} (${labels[this.#language]})`).join(' | ')
  }

  #named(rule: Rule, { name }: VocabularyFile, codes: readonly string[]): string {
    return this.rule(rule, { codes: codes.join(' | '), vocabulary: name })
  }
}
