/** Which languages are official where. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import languages from '../../src/readiness/official-languages.json' with { type: 'json' }
import { mainLanguagesOf, officialLanguagesOf } from '../../src/readiness/official-languages.ts'
import { loadVocabularies } from '../../src/vocabularies/load.ts'

const vocabularies = loadVocabularies()
const listed = Object.entries(languages) as [place: string, tags: string[]][]

t.test('places and their languages', async (t) => {
  const cases: [place: string, tags: string[]][] = [
    ['BE', ['nl', 'fr', 'de']],
    ['BE-VLG', ['nl']],
    ['BE-WAL', ['fr', 'de']],
    ['BE-BRU', ['fr', 'nl']],
    ['BE-VOV', ['nl']],
    ['CH', ['de', 'fr', 'it', 'rm']],
    ['CH-TI', ['it']],
    ['ES-CT', ['es', 'ca', 'oc']],
    ['ES-B', ['es', 'ca', 'oc']],
    ['ES-MD', ['es']],
    ['ES-M', ['es']],
    ['FI', ['fi', 'sv']],
    ['GB', ['en', 'cy']],
    ['GB-ENG', ['en']],
    ['GB-NIR', ['en', 'ga']],
    ['GB-SCT', ['en', 'sco', 'gd']],
    ['GB-WLS', ['en', 'cy']],
    ['HK', ['zh-Hant', 'en']],
    ['NO', ['no']],
    ['RS', ['sr', 'hu', 'ro']],
    ['US', ['en', 'es']],
    ['US-TX', ['en', 'es']],
    ['NL-GE', ['nl', 'fy']],
    ['XK', ['sq', 'sr']],
    ['AQ', []],
    ['EU', []],
    ['001', []],
    ['ZZ', []],
    ['BE-ZZZ', []],
    ['', []],
    ['__proto__', []],
    ['toString', []]
  ]
  for (const [place, tags] of cases) t.strictSame(officialLanguagesOf(place), tags, place)
})

t.test('languages that a measure for a whole place cannot do without', async (t) => {
  const cases: [place: string, tags: string[]][] = [
    ['BE', ['nl', 'fr', 'de']],
    ['BE-VLG', ['nl']],
    ['CA', ['en', 'fr']],
    ['CH', ['de', 'fr', 'it']],
    ['ES', ['es']],
    ['GB', ['en']],
    ['GB-WLS', ['en']],
    ['IT', ['it']],
    ['NL', ['nl']],
    ['US', ['en']],
    ['ZZ', []]
  ]
  for (const [place, tags] of cases) t.strictSame(mainLanguagesOf(place), tags, place)
})

t.test('every place and every language is one that records can name', async (t) => {
  const isCountry = ([place]: [string, string[]]) => place.length === 2
  // CLDR knows no language of four of the 249; Kosovo is listed beside them.
  t.equal(listed.filter(isCountry).length, 246)
  t.same(
    listed.filter(([place]) => !vocabularies.has('jurisdiction', place)),
    []
  )
  t.same(
    listed.flatMap(([, tags]) => tags).filter((tag) => !vocabularies.has('language', tag)),
    []
  )
  for (const [place, tags] of listed) t.ok(tags.length > 0 && new Set(tags).size === tags.length, place)
})

t.test('any text is a place with languages or without', async () => {
  fc.assert(fc.property(fc.string(), (text) => Array.isArray(officialLanguagesOf(text))))
})

t.test('the list is what CLDR says', async (t) => {
  const script = join(import.meta.dirname, '../../scripts/generate-official-languages.ts')
  const run = (option: string) => promisify(execFile)(process.execPath, [script, option])
  await t.resolves(run('--check'))
  t.match((await run('--help')).stdout, /--check/)
})
