/**
 * Writes `src/vocabularies/codes.ts` from the vocabulary files, so that the type checker knows every code
 * and the files stay the only place where a code is written.
 *
 *   npm run generate:codes [-- --check]
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '../db/catalogue/vocabularies')
const target = join(import.meta.dirname, '../src/vocabularies/codes.ts')

/** Lists too long and too open to be a union: they are checked against the vocabulary at run time. */
const OPEN = new Set(['jurisdiction', 'language'])

type File = { name: string; concepts: { code: string; broader?: string }[] }
const vocabularies = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as File)
  .filter(({ name }) => !OPEN.has(name))

const LINE = 140
const quote = (text: string) => `'${text}'`
const key = (name: string) => (/^[a-z]+$/.test(name) ? name : quote(name))
// As the formatter would write it: it looks at the generated file as well.
const lines = vocabularies.map(({ name, concepts }) => {
  const codes = concepts.map(({ code }) => quote(code))
  const short = `  ${key(name)}: [${codes.join(', ')}]`
  return short.length < LINE ? short : `  ${key(name)}: [\n${codes.map((code) => `    ${code}`).join(',\n')}\n  ]`
})
const broader = vocabularies.flatMap(({ name, concepts }) => {
  const pairs = concepts.flatMap(({ code, broader: whole }) => (whole ? [`    ${key(code)}: ${quote(whole)}`] : []))
  return pairs.length > 0 ? [`  ${key(name)}: {\n${pairs.join(',\n')}\n  }`] : []
})
const source = `/** Every closed list of codes, generated from \`db/catalogue/vocabularies\` by \`npm run generate\`. */
export const CODES = {
${lines.join(',\n')}
} as const

/** Codes that are part of a broader one of the same list. */
export const BROADER = {
${broader.join(',\n')}
} as const

export type ClosedVocabulary = keyof typeof CODES
export type Code<V extends ClosedVocabulary> = (typeof CODES)[V][number]
`

if (process.argv.includes('--help')) {
  console.log('npm run generate:codes [-- --check]\nWrites src/vocabularies/codes.ts, or with --check fails if it is out of date.')
} else if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== source) {
    console.error('src/vocabularies/codes.ts is out of date: run npm run generate')
    process.exitCode = 1
  }
} else {
  writeFileSync(target, source)
}
