import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { IntlMessageFormat } from 'intl-messageformat'
import t from 'tap'
import { LABEL_LANGUAGES, type LabelLanguage } from '../../src/vocabularies/vocabulary.schema.ts'

const folder = join(import.meta.dirname, '../../src/readiness/texts')

const MOST_WORDS = 20
const MEAN_WORDS = 12
/** "Plain" and easier, on the scale that all of them share. */
const PLAIN = 60

/** Formulas of the Flesch family: from words a sentence and syllables a word to a scale on which more is easier. */
const READING_EASE: Readonly<Record<LabelLanguage, { base: number; words: number; syllables: number; source: string }>> = {
  en: { base: 206.835, words: 1.015, syllables: 84.6, source: 'Flesch 1948' },
  nl: { base: 206.84, words: 0.93, syllables: 77, source: 'Douma 1960' },
  fr: { base: 207, words: 1.015, syllables: 73.6, source: 'Kandel & Moles 1958' },
  de: { base: 180, words: 1, syllables: 58.5, source: 'Amstad 1978' },
  es: { base: 206.84, words: 1.02, syllables: 60, source: 'Fernández Huerta 1959' }
}

/** What stands in for a name or a number where a text is read. */
const WORD = 'Oslo'
const NUMBERS = [0, 1, 2, 5]

type Nested = { readonly [key: string]: string | Nested }

const read = (language: LabelLanguage) => JSON.parse(readFileSync(join(folder, `${language}.json`), 'utf8')) as Nested
const flat = (nested: Nested, path = ''): [path: string, text: string][] =>
  Object.entries(nested).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${path}/${key}`, value]] : flat(value, `${path}/${key}`)
  )

type Message = ReturnType<IntlMessageFormat['getAst']>
type Argument = { readonly name: string; readonly isNumber: boolean }

/** The arguments of a message, also those that stand within the forms of a plural; elements of other kinds than text have a name as value. */
function argumentsOf(message: Message): Argument[] {
  return message.flatMap((element): Argument[] => {
    if (!('value' in element) || element.type === TEXT) return []
    const forms = 'options' in element ? Object.values(element.options) : []
    return [{ name: element.value, isNumber: element.type !== NAME }, ...forms.flatMap(({ value }) => argumentsOf(value))]
  })
}
const [TEXT, NAME] = new IntlMessageFormat('a{b}', 'en').getAst().map(({ type }) => type)

function parsed(language: LabelLanguage, path: string, text: string): IntlMessageFormat {
  try {
    return new IntlMessageFormat(text, language)
  } catch (error) {
    return t.bailout(`${language}.json, ${path}: ${(error as Error).message}`) as never
  }
}

const messages = LABEL_LANGUAGES.map((language) => ({
  language,
  texts: flat(read(language)).map(([path, text]) => ({ path, text, message: parsed(language, path, text) }))
}))
const english = messages.find(({ language }) => language === 'en') ?? (t.bailout('no English') as never)
type Text = (typeof english.texts)[number]

const shown = ({ message }: Text, number: number) => {
  const values = argumentsOf(message.getAst()).map(({ name, isNumber }) => [name, isNumber ? number : WORD])
  return String(message.format(Object.fromEntries(values)))
}

/** Titles and terms are names, not sentences. */
const isName = ({ path }: Text) => path.startsWith('/terms/') || path.endsWith('/title')
const sentencesOf = (text: string) => text.split(/(?<=[.?!])\s+/).filter((sentence) => wordsOf(sentence).length > 0)
const wordsOf = (text: string) => text.match(/[\p{L}\p{N}]+(?:[’-][\p{L}\p{N}]+)*/gu) ?? []
const syllablesOf = (word: string) =>
  Math.max(
    1,
    word
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .match(/[aeiouyæœ]+/gi)?.length ?? 0
  )
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)

t.test('every file says the same', (t) => {
  for (const { language, texts } of messages) {
    t.strictSame(
      texts.map(({ path }) => path),
      english.texts.map(({ path }) => path),
      `${language}: the same keys in the same order`
    )
    const names = ({ message }: Text) => [...new Set(argumentsOf(message.getAst()).map(({ name }) => name))].sort()
    const differing = texts.filter((text, at) => names(text).join() !== names(english.texts[at]!).join())
    t.strictSame(
      differing.map(({ path }) => path),
      [],
      `${language}: the same arguments`
    )
  }
  t.end()
})

t.test('every message gives a text', (t) => {
  for (const { language, texts } of messages) {
    const faulty = texts.filter((text) => NUMBERS.some((number) => !/\S/.test(shown(text, number)) || /[{}#]/.test(shown(text, number))))
    t.strictSame(
      faulty.map(({ path }) => path),
      [],
      language
    )
  }
  t.end()
})

t.test('apostrophes are typographic, and French keeps its punctuation with the word before', (t) => {
  for (const { language, texts } of messages) {
    const faulty = texts.filter(({ text }) => text.includes("'") || (language === 'fr' && /[^\u202f][:;?!](\s|$)/.test(text)))
    t.strictSame(
      faulty.map(({ path }) => path),
      [],
      language
    )
  }
  t.end()
})

t.test('sentences are short and plain', (t) => {
  for (const { language, texts } of messages) {
    const sentences = texts
      .filter((text) => !isName(text))
      .flatMap((text) => sentencesOf(shown(text, 2)).map((sentence) => ({ path: text.path, words: wordsOf(sentence) })))
    const long = sentences.filter(({ words }) => words.length > MOST_WORDS)
    t.strictSame(
      long.map(({ path, words }) => `${path}: ${words.join(' ')}`),
      [],
      `${language}: no sentence of more than ${MOST_WORDS} words`
    )
    const words = sentences.flatMap((sentence) => sentence.words)
    const perSentence = words.length / sentences.length
    const perWord = sum(words.map(syllablesOf)) / words.length
    const formula = READING_EASE[language]
    const ease = formula.base - formula.words * perSentence - formula.syllables * perWord
    t.ok(perSentence < MEAN_WORDS, `${language}: fewer than ${MEAN_WORDS} words a sentence`)
    t.ok(ease >= PLAIN, `${language}: plain`)
    t.comment(
      `${language}: reading ease ${ease.toFixed(1)} (${formula.source}), ${perSentence.toFixed(1)} words a sentence, ${perWord.toFixed(2)} syllables a word`
    )
  }
  t.end()
})
