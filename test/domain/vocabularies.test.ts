import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { CODES } from '../../src/vocabularies/codes.ts'
import { loadVocabularies } from '../../src/vocabularies/load.ts'
import { nearestCode, nearestWord } from '../../src/vocabularies/nearest.ts'
import { labelLanguage, localise, summarise } from '../../src/vocabularies/vocabularies.ts'
import { LABEL_LANGUAGES, type VocabularyFile } from '../../src/vocabularies/vocabulary.schema.ts'

const root = join(import.meta.dirname, '../..')
const folder = join(root, 'db/catalogue/vocabularies')
const OPEN = ['jurisdiction', 'language']

const names = readdirSync(folder).map((file) => file.replace('.json', ''))
const read = (name: string) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as VocabularyFile
const files = names.map(read)
const vocabularies = loadVocabularies(folder)
const vocabulary = (name: string) => vocabularies.get(name) ?? (t.bailout(`no vocabulary ${name}`) as never)

const repeated = (words: readonly string[]) => words.filter((word, index) => words.indexOf(word) < index)
const isText = (text: unknown) => typeof text === 'string' && text !== '' && text === text.trim()

t.test('every file is complete', (t) => {
  for (const { name, title, description, source, checked, concepts } of files) {
    t.strictSame(Object.keys(title), LABEL_LANGUAGES, `${name}: a title in every language`)
    t.ok(Object.values(title).every(isText), `${name}: no title is empty`)
    t.match(description, /\.$/, `${name}: the description is a sentence`)
    t.ok(isText(source.title), `${name}: a source`)
    t.strictSame(repeated(concepts.map(({ code }) => code)), [], `${name}: no code twice`)
    t.ok(
      checked.every((language) => LABEL_LANGUAGES.includes(language)),
      `${name}: checked languages`
    )
    for (const language of LABEL_LANGUAGES) {
      const labels = concepts.map((concept) => concept.labels[language])
      t.ok(labels.every(isText), `${name}: every label in ${language}`)
      t.strictSame(repeated(labels), [], `${name}: no label twice in ${language}`)
    }
  }
  t.end()
})

t.test('every concept is complete', (t) => {
  for (const { name, concepts } of files) {
    const faulty = concepts.filter(
      ({ code, labels, definition, codings = [], checked = [] }) =>
        !/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(code) ||
        Object.keys(labels).join() !== LABEL_LANGUAGES.join() ||
        !(OPEN.includes(name) || (isText(definition) && definition?.endsWith('.'))) ||
        !codings.every((coding) => URL.canParse(coding.system) && isText(coding.code)) ||
        !checked.every((language) => LABEL_LANGUAGES.includes(language))
    )
    t.strictSame(faulty, [], name)
  }
  t.end()
})

t.test('our own labels are marked as unchecked until a native speaker has read them', (t) => {
  const more = files.filter(({ checked }) => checked.length > 0).map(({ name }) => name)
  t.strictSame(more, OPEN, 'Unicode CLDR is reviewed by native speakers, our own labels are not')
  const byHand = OPEN.flatMap((name) =>
    read(name)
      .concepts.filter(({ checked }) => checked)
      .map(({ code, checked }) => [code, ...(checked ?? [])])
  )
  t.strictSame(
    byHand,
    ['GB-ENG', 'GB-SCT', 'US-CA', 'US-MN', 'US-NH', 'bfi', 'tw'].map((code) => [code, 'en']),
    'labels written by hand say so'
  )
  t.end()
})

t.test('generated files are up to date', async (t) => {
  const run = (script: string) => promisify(execFile)(process.execPath, [join(root, 'scripts', script), '--check'])
  await t.resolves(run('generate-codes.ts'), 'codes.ts is what the vocabularies say')
  const { stderr } = await run('generate-cldr.ts')
  if (stderr) t.comment(stderr)
  t.notMatch(stderr, /out of date/, 'the open vocabularies are what CLDR says')
  t.strictSame(Object.keys(CODES), names.filter((name) => !OPEN.includes(name)).sort(), 'every closed vocabulary has its codes')
})

t.test('ISO 3166-1 and ISO 639-1 are listed in full', (t) => {
  const coded = (name: string, system: string) =>
    read(name).concepts.filter(({ codings }) => codings?.some((coding) => coding.system === system))
  t.equal(coded('jurisdiction', 'urn:iso:std:iso:3166').length, 249, 'ISO 3166-1 assigns 249 codes')
  t.equal(read('language').concepts.filter(({ code }) => /^([a-z]{2}|fil)$/.test(code)).length, 183, 'ISO 639-1 has 183 codes')
  t.ok(
    read('language').concepts.every(({ code }) => Intl.getCanonicalLocales(code)[0] === code),
    'tags are canonical'
  )
  t.end()
})

t.test('which codes are valid', (t) => {
  const cases: [name: string, code: string, canonical: string | undefined][] = [
    ['setting', 'primary-care', 'primary-care'],
    ['setting', 'Primary-Care', undefined],
    ['setting', 'toString', undefined],
    ['unheard-of', 'primary-care', undefined],
    ['jurisdiction', 'NL', 'NL'],
    ['jurisdiction', 'nl', 'NL'],
    ['jurisdiction', 'UK', 'GB'],
    ['jurisdiction', 'EL', 'GR'],
    ['jurisdiction', '001', '001'],
    ['jurisdiction', 'EU', 'EU'],
    ['jurisdiction', 'XK', 'XK'],
    ['jurisdiction', 'ZZ', undefined],
    ['jurisdiction', 'BE-VLG', 'BE-VLG'],
    ['jurisdiction', 'us-tx', 'US-TX'],
    ['jurisdiction', 'ZZ-A', undefined],
    ['jurisdiction', 'EU-NL', undefined],
    ['jurisdiction', 'US-TEXAS', undefined],
    ['jurisdiction', '', undefined],
    ['language', 'nl', 'nl'],
    ['language', 'zh-hk', 'zh-HK'],
    ['language', 'pt_BR', 'pt-BR'],
    ['language', 'sr-Latn', 'sr-Latn'],
    ['language', 'iw', 'he'],
    ['language', 'tl', 'fil'],
    ['language', 'bfi', 'bfi'],
    ['language', 'bfi-GB', 'bfi-GB'],
    ['language', 'ase', 'ase'],
    ['language', 'xx', undefined],
    ['language', 'any', undefined],
    ['language', 'several languages', undefined],
    ['language', '', undefined]
  ]
  for (const [name, code, canonical] of cases) {
    t.equal(vocabularies.canonical(name, code), canonical, `${name} ${code}`)
    t.equal(vocabularies.has(name, code), code === canonical, `${name} ${code}: valid only as it is stored`)
  }
  t.end()
})

t.test('labels and their fallbacks', (t) => {
  const cases: [name: string, code: string, language: string, label: [text: string, language: string, checked: boolean] | undefined][] = [
    ['setting', 'primary-care', 'en', ['Primary care', 'en', false]],
    ['setting', 'primary-care', 'en-GB', ['Primary care', 'en', false]],
    ['setting', 'primary-care', 'nl', ['Eerstelijnszorg', 'nl', false]],
    ['setting', 'primary-care', 'de-AT', ['Primärversorgung', 'de', false]],
    ['setting', 'primary-care', 'FR', ['Soins primaires', 'fr', false]],
    ['setting', 'primary-care', 'pt-BR', ['Primary care', 'en', false]],
    ['setting', 'spaceship', 'en', undefined],
    ['unheard-of', 'primary-care', 'en', undefined],
    ['jurisdiction', 'DE', 'fr', ['Allemagne', 'fr', true]],
    ['jurisdiction', 'GB-SCT', 'de', ['Schottland', 'de', false]],
    ['jurisdiction', 'US-TX', 'es', ['Estados Unidos (US-TX)', 'es', true]],
    ['language', 'el', 'nl', ['Grieks', 'nl', true]],
    ['language', 'pt_BR', 'de', ['Portugiesisch (Brasilien)', 'de', true]],
    ['language', 'bfi', 'nl', ['Britse Gebarentaal', 'nl', false]],
    ['language', 'bfi-GB', 'nl', ['Britse Gebarentaal (bfi-GB)', 'nl', false]],
    ['language', 'ase', 'nl', ['Amerikaanse Gebarentaal', 'nl', true]]
  ]
  for (const [name, code, language, expected] of cases) {
    const label = vocabularies.label(name, code, language)
    t.strictSame(label && [label.text, label.language, label.checked], expected, `${name} ${code} in ${language}`)
  }
  t.equal(labelLanguage('es-419'), 'es')
  t.equal(labelLanguage(''), 'en')
  t.end()
})

t.test('what somebody may have meant', (t) => {
  const cases: [name: string, word: string, nearest: string | undefined][] = [
    ['setting', 'primary-crae', 'primary-care'],
    ['setting', 'Primary Care', 'primary-care'],
    ['setting', 'hospitaal', 'hospital'],
    ['setting', 'soins primaires', 'primary-care'],
    ['level', 'organizational', 'organisational'],
    ['perspective', 'patient', 'patient-family'],
    ['population', 'dementia', 'people-with-dementia'],
    ['domain', 'Zorgcoordinatie', 'care-coordination'],
    ['measure-type', 'PREM', 'patient-reported-experience'],
    ['jurisdiction', 'Niederlande', 'NL'],
    ['jurisdiction', 'USA', 'US'],
    ['jurisdiction', 'gb-eng', 'GB-ENG'],
    ['language', 'Néerlandais', 'nl'],
    ['language', 'SR-LATN', 'sr-Latn'],
    ['unheard-of', 'primary-care', undefined]
  ]
  for (const [name, word, nearest] of cases) t.equal(vocabularies.nearest(name, word), nearest, `${name} ${word}`)
  t.equal(vocabularies.nearestName('data-sources'), 'data-source')
  t.equal(nearestWord('lnguage', ['level', 'language']), 'language')
  t.equal(nearestWord('x', ['b', 'a']), 'b', 'the first of equals')
  t.equal(nearestCode('x', []), undefined, 'nothing to choose from')
  for (const name of vocabularies.names()) {
    t.ok(vocabularies.has(name, vocabularies.nearest(name, 'qqq')!), `${name}: the suggestion is itself valid`)
  }
  t.end()
})

t.test('a vocabulary in a language', (t) => {
  const dutch = localise(vocabulary('equity-dimension'), 'nl-BE')
  t.match(dutch, { language: 'nl', title: 'Dimensie van gelijke kansen', open: false, version: '1.0.0' })
  t.strictSame(
    dutch.concepts.map(({ code }) => code),
    CODES['equity-dimension'],
    'in the order of the file'
  )
  t.match(
    dutch.concepts.find(({ code }) => code === 'language'),
    { label: 'Taal', checked: false, labels: { en: { text: 'Language', checked: false } }, valueSystem: { system: 'urn:ietf:bcp:47' } }
  )
  const japanese = localise(vocabulary('jurisdiction'), 'ja')
  t.match(japanese, { language: 'en', open: true })
  t.match(
    japanese.concepts.find(({ code }) => code === 'GB-ENG'),
    { label: 'England', checked: true, broader: 'GB', labels: { de: { checked: false } } }
  )
  const url = 'https://example.org/v1/vocabularies/aim'
  t.match(summarise(vocabulary('aim'), 'es', url), { name: 'aim', title: 'Objetivo', concepts: 5, url, open: false })
  t.end()
})

t.test('a malformed file is refused with its name and the place', (t) => {
  const loadWith = (text: string) => {
    const copy = mkdtempSync(join(tmpdir(), 'vocabularies-'))
    t.teardown(() => rmSync(copy, { recursive: true }))
    cpSync(folder, copy, { recursive: true })
    writeFileSync(join(copy, 'aim.json'), text)
    return () => loadVocabularies(copy)
  }
  const patched = (path: (string | number)[], value: unknown) => {
    const aim = read('aim')
    const last = path.at(-1) as string
    const parent = path.slice(0, -1).reduce<object>((node, key) => Reflect.get(node, key), aim)
    Reflect.set(parent, last, value)
    return JSON.stringify(aim)
  }
  const cases: [what: string, path: (string | number)[], value: unknown, message: RegExp][] = [
    ['a label missing', ['concepts', 2, 'labels', 'nl'], undefined, /^Vocabulary file aim\.json: \/concepts\/2\/labels .*nl/],
    ['a label empty', ['concepts', 0, 'labels', 'fr'], ' ', /^Vocabulary file aim\.json: \/concepts\/0\/labels\/fr /],
    ['a code with a space', ['concepts', 1, 'code'], 'a b', /^Vocabulary file aim\.json: \/concepts\/1\/code /],
    ['a code twice', ['concepts', 1, 'code'], 'equity', /^Vocabulary file aim\.json: \/concepts\/4\/code "equity" comes twice$/],
    ['a name that differs', ['name'], 'aims', /^Vocabulary file aim\.json: \/name must be "aim"/],
    ['an unknown property', ['concepts', 0, 'colour'], 'red', /^Vocabulary file aim\.json: \/concepts\/0\/colour /],
    ['a wider concept that is not there', ['concepts', 0, 'broader'], 'x', /^Vocabulary file aim\.json: \/concepts\/0\/broader "x"/],
    [
      'a coding without code',
      ['concepts', 0, 'codings'],
      [{ system: 'urn:x:y' }],
      /^Vocabulary file aim\.json: \/concepts\/0\/codings\/0 .*code/
    ],
    ['a system that is no URI', ['concepts', 0, 'codings'], [{ system: 'x y', code: 'z' }], /^Vocabulary file aim\.json: .*\/system /],
    ['an unknown language', ['checked', 0], 'la', /^Vocabulary file aim\.json: \/checked\/0 /],
    ['no concepts', ['concepts'], [], /^Vocabulary file aim\.json: \/concepts /]
  ]
  t.doesNotThrow(loadWith(patched(['version'], '1.0.1')), 'a fine one is accepted')
  t.throws(loadWith('{'), { message: /^Vocabulary file aim\.json: .*JSON/ }, 'no JSON')
  t.throws(loadWith('null'), { message: /^Vocabulary file aim\.json: \/ / }, 'no object')
  for (const [what, path, value, message] of cases) t.throws(loadWith(patched(path, value)), { message }, what)
  t.end()
})
