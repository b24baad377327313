/** Lookups over the vocabularies: which codes are valid, what they are called, and what somebody may have meant. */
import { LRUCache } from 'lru-cache'
import { nearestCode, nearestWord, type Spelling } from './nearest.ts'
import { OPEN_RULES } from './open-codes.ts'
import {
  type ConceptFile,
  LABEL_LANGUAGES,
  type LabelLanguage,
  type Vocabulary,
  type VocabularyConcept,
  type VocabularyFile,
  type VocabularySummary
} from './vocabulary.schema.ts'

/** A label as shown: in which language it came, and whether a native speaker has checked it. */
export type ShownLabel = { text: string; language: LabelLanguage; checked: boolean }

/** The language to answer in: the one asked for without its region (RFC 4647, section 3.4), else English. */
export const labelLanguage = (tag: string): LabelLanguage => {
  const wanted = tag.split('-', 1)[0]?.toLowerCase()
  return LABEL_LANGUAGES.find((language) => language === wanted) ?? 'en'
}

/** A concept may say for itself what was checked, where it differs from the rest of its file. */
const isChecked = (file: VocabularyFile, concept: ConceptFile, language: LabelLanguage) =>
  (concept.checked ?? file.checked).includes(language)

const localiseConcept = (file: VocabularyFile, concept: ConceptFile, language: LabelLanguage): VocabularyConcept => {
  const { code, labels, checked: _, ...rest } = concept
  const all = LABEL_LANGUAGES.map((each) => [each, { text: labels[each], checked: isChecked(file, concept, each) }])
  return {
    code,
    label: labels[language],
    checked: isChecked(file, concept, language),
    labels: Object.fromEntries(all) as VocabularyConcept['labels'],
    ...rest
  }
}

const head = ({ name, title, description, version, source }: VocabularyFile, language: LabelLanguage) => ({
  name,
  title: title[language],
  description,
  version,
  source,
  open: OPEN_RULES.has(name)
})

/** A vocabulary as answered in a language; any BCP 47 tag will do. */
export const localise = (file: VocabularyFile, tag: string): Vocabulary => {
  const language = labelLanguage(tag)
  return { ...head(file, language), language, concepts: file.concepts.map((concept) => localiseConcept(file, concept, language)) }
}

/** A vocabulary in short, as listed; `url` is where the whole of it is read. */
export const summarise = (file: VocabularyFile, tag: string, url: string): VocabularySummary => ({
  ...head(file, labelLanguage(tag)),
  concepts: file.concepts.length,
  url
})

const spellings = ({ concepts }: VocabularyFile): Spelling[] => [
  ...concepts.map(({ code }) => ({ spelling: code, code })),
  ...concepts.flatMap(({ code, labels }) => Object.values(labels).map((spelling) => ({ spelling, code })))
]

type Entry = { file: VocabularyFile; concepts: ReadonlyMap<string, ConceptFile> }

/** All vocabularies, by name. Nothing here reads or writes: files are read once, at start. */
export class Vocabularies {
  readonly #entries: ReadonlyMap<string, Entry>
  /** Labels that were asked for: codes beyond the lists are named by rules that take their time. */
  readonly #labels = new LRUCache<string, ShownLabel>({ max: 5_000 })

  constructor(files: readonly VocabularyFile[]) {
    this.#entries = new Map(
      files.map((file) => [file.name, { file, concepts: new Map(file.concepts.map((concept) => [concept.code, concept])) }])
    )
  }

  /** The names, in alphabetical order. */
  names(): string[] {
    return [...this.#entries.keys()].sort()
  }

  get(name: string): VocabularyFile | undefined {
    return this.#entries.get(name)?.file
  }

  /**
   * Whether the code is listed, or belongs to an open vocabulary by its rule, and is written as it is stored: what is not would
   * be found by no filter.
   */
  has(name: string, code: string): boolean {
    return this.canonical(name, code) === code
  }

  /**
   * The form in which to store and compare a code; nothing if it is not valid. Only open vocabularies know other forms:
   * `pt_br` is `pt-BR`, `gb-eng` is `GB-ENG`. For files that come from elsewhere.
   */
  canonical(name: string, code: string): string | undefined {
    const concepts = this.#entries.get(name)?.concepts
    if (!concepts) return undefined
    return concepts.has(code) ? code : OPEN_RULES.get(name)?.canonical(code, (each) => concepts.has(each))
  }

  /** The label of a code in a language, else in English; nothing if the code is not valid. */
  label(name: string, code: string, tag: string): ShownLabel | undefined {
    const key = JSON.stringify([name, code, tag])
    const known = this.#labels.get(key)
    if (known) return known
    const found = this.#findLabel(name, code, tag)
    if (found) this.#labels.set(key, found)
    return found
  }

  #findLabel(name: string, code: string, tag: string): ShownLabel | undefined {
    const entry = this.#entries.get(name)
    const known = this.canonical(name, code)
    if (!entry || known === undefined) return undefined
    const language = labelLanguage(tag)
    const concept = entry.concepts.get(known)
    return concept ? this.#listed(entry, concept, language) : this.#unlisted(entry, known, language)
  }

  /** The valid code that somebody may have meant by a word: another form, a slip, or a label in any language. */
  nearest(name: string, word: string): string | undefined {
    const file = this.get(name)
    return file && (this.canonical(name, word) ?? nearestCode(word, spellings(file)))
  }

  /** The vocabulary that somebody may have meant. */
  nearestName(word: string): string | undefined {
    return nearestWord(word, this.names())
  }

  #listed({ file }: Entry, concept: ConceptFile, language: LabelLanguage): ShownLabel {
    return { text: concept.labels[language], language, checked: isChecked(file, concept, language) }
  }

  /** A code beyond the list has a name by its rule, or is named after a listed one; where a language has no name for it, English has. */
  #unlisted({ file, concepts }: Entry, code: string, language: LabelLanguage): ShownLabel {
    const rule = OPEN_RULES.get(file.name)
    const named = (each: LabelLanguage) => {
      const text = rule?.name(code, each)
      return text && { text, language: each, checked: file.checked.includes(each) }
    }
    const base = concepts.get(rule?.base(code) ?? '')
    const after = base && { text: `${base.labels[language]} (${code})`, language, checked: isChecked(file, base, language) }
    return named(language) || after || named('en') || { text: code, language: 'en', checked: false }
  }
}
