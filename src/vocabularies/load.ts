import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import Value from 'typebox/value'
import { Vocabularies } from './vocabularies.ts'
import { VocabularyFile } from './vocabulary.schema.ts'

const FOLDER = join(import.meta.dirname, '../../db/catalogue/vocabularies')

const repeated = (words: readonly string[]) => words.findIndex((word, index) => words.indexOf(word) < index)

/** TypeBox reports a property that has no place twice; the first report names where it is. */
const faultOfForm = (content: unknown) => {
  const [error] = Value.Errors(VocabularyFile, content)
  if (!error) return undefined
  const fault = error.keyword === 'boolean' ? 'is not a property of a vocabulary' : error.message
  return `${error.instancePath || '/'} ${fault}`
}

/** What the form cannot say: names agree, no code comes twice, and a wider concept exists. */
const faultOfContent = ({ name, concepts }: VocabularyFile, expected: string) => {
  if (name !== expected) return `/name must be "${expected}", as the file is called`
  const codes = concepts.map(({ code }) => code)
  const twice = repeated(codes)
  if (twice >= 0) return `/concepts/${twice}/code "${codes[twice]}" comes twice`
  const orphan = concepts.findIndex(({ broader }) => broader !== undefined && !codes.includes(broader))
  return orphan < 0 ? undefined : `/concepts/${orphan}/broader "${concepts[orphan]?.broader}" is not a code of this vocabulary`
}

const parse = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new Error(`Vocabulary file ${basename(path)}: ${(error as Error).message}`)
  }
}

const loadVocabulary = (path: string): VocabularyFile => {
  const content = parse(path)
  const fault = faultOfForm(content) ?? faultOfContent(content as VocabularyFile, basename(path, '.json'))
  if (fault) throw new Error(`Vocabulary file ${basename(path)}: ${fault}`)
  return content as VocabularyFile
}

/** Reads and checks every vocabulary of a folder, once, at start. Throws an error that names the file and the place (JSON pointer). */
export const loadVocabularies = (folder = FOLDER): Vocabularies =>
  new Vocabularies(
    readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .sort()
      .map((file) => loadVocabulary(join(folder, file)))
  )
