/** The balance of a set in words: templates in five languages (ICU MessageFormat), labels of the vocabularies, no sentence over 20 words. */
import { localeOf, Messages, withinSentence } from '../vocabularies/messages.ts'
import type { Vocabularies } from '../vocabularies/vocabularies.ts'
import { LABEL_LANGUAGES, type LabelLanguage } from '../vocabularies/vocabulary.schema.ts'
import texts from './balance.texts.json' with { type: 'json' }
import { BALANCE_LISTS, type BalanceList, type CodeCount, type Finding } from './balance.ts'

type SentenceKey = keyof typeof texts.en.sentences
type Values = Readonly<Record<string, string | number>>
type Of<K extends Finding['kind']> = Extract<Finding, { kind: K }>

/** More words than these make a sentence that few people read to its end: names that do not fit go into another. */
const MOST_WORDS = 20
const wordsIn = (text: string) => text.match(/[\p{L}\p{N}]+(?:[’'-][\p{L}\p{N}]+)*/gu)?.length ?? 0

/** Lists of which one says that none of them is there: "A or B". */
const ALTERNATIVES: readonly BalanceList[] = ['level', 'perspective', 'stratifier']

export class BalanceWording {
  readonly #language: LabelLanguage
  readonly #vocabularies: Vocabularies
  readonly #messages: Messages<SentenceKey>
  readonly #and: Intl.ListFormat
  readonly #or: Intl.ListFormat

  constructor(language: LabelLanguage, vocabularies: Vocabularies) {
    this.#language = language
    this.#vocabularies = vocabularies
    this.#messages = new Messages(language, texts[language].sentences)
    this.#and = new Intl.ListFormat(localeOf(language), { type: 'conjunction' })
    this.#or = new Intl.ListFormat(localeOf(language), { type: 'disjunction' })
  }

  /** The findings as sentences, in their order. */
  say(findings: readonly Finding[]): string[] {
    return findings.flatMap((finding) => this.#sentences(finding))
  }

  #sentences(finding: Finding): string[] {
    switch (finding.kind) {
      case 'empty':
        return [this.#format('empty')]
      case 'total':
      case 'retired':
      case 'drafts':
        return [this.#format(finding.kind, { count: finding.count })]
      case 'spread':
        return this.#spread(finding)
      case 'absent':
        return this.#absent(finding)
      case 'absent-domains':
        return [this.#format('domain.absent', { count: finding.count, of: finding.of, unsaid: finding.unsaid })]
      case 'one-sided':
        return [this.#format(`${finding.list}.one-sided`, { name: this.#name(finding.list, finding.code) })]
      case 'unsaid': {
        const { list, count, total } = finding
        return [this.#format(count === total ? 'unsaid.all' : 'unsaid', { count, what: texts[this.#language].terms.what[list] })]
      }
    }
  }

  #spread({ list, total, counts }: Of<'spread'>): string[] {
    const part = ({ code, count }: CodeCount, i: number) =>
      this.#format(i === 0 ? `${list}.first` : `${list}.next`, { count, total, name: this.#name(list, code) })
    const join = (parts: readonly string[]) => (list === 'level' ? this.#and.format(parts) : parts.join(', '))
    return filled(counts, (some) => this.#format(`${list}.spread`, { total, parts: join(some.map(part)) }))
  }

  #absent({ list, codes, unsaid }: Of<'absent'>): string[] {
    const format = ALTERNATIVES.includes(list) ? this.#or : this.#and
    return filled(codes, (some) => {
      const names = format.format(some.map((code) => this.#name(list, code)))
      return this.#format(`${list}.absent`, { count: some.length, unsaid, names })
    })
  }

  #name(list: BalanceList, code: string): string {
    const { terms } = texts[this.#language]
    if (list === 'level' || list === 'perspective') return (terms[list] as Record<string, string>)[code] ?? code
    // Strategies are known by their numbers.
    if (list === 'strategy') return code
    const label = this.#vocabularies.label(BALANCE_LISTS[list].vocabulary, code, this.#language)?.text ?? code
    const name = withinSentence(label, this.#language)
    return list === 'stratifier' ? this.#format('stratifier.name', { name }) : name
  }

  #format(key: SentenceKey, values: Values = {}): string {
    return this.#messages.format(key, values)
  }
}

/** One sentence with all of a list, or several where one would be too long. */
function filled<T>(all: readonly T[], say: (some: readonly T[]) => string): string[] {
  const sentences: string[] = []
  for (let from = 0; from < all.length; ) {
    let to = from + 1
    while (to < all.length && wordsIn(say(all.slice(from, to + 1))) <= MOST_WORDS) to++
    sentences.push(say(all.slice(from, to)))
    from = to
  }
  return sentences
}

/** One wording for each language. */
export function balanceWordings(vocabularies: Vocabularies): (language: LabelLanguage) => BalanceWording {
  const made = new Map(LABEL_LANGUAGES.map((language) => [language, new BalanceWording(language, vocabularies)]))
  return (language) => made.get(language)!
}
