import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import t from 'tap'
import { recordChecker } from '../../src/imports/checking.ts'
import { readCsv } from '../../src/imports/reading/csv.ts'
import { columnLetters, type Sheet, type SheetRow } from '../../src/imports/reading/sheet.ts'
import { readXlsx } from '../../src/imports/reading/xlsx.ts'
import { FIELD_COLUMNS } from '../../src/imports/sheets/columns.ts'
import { proposeMapping } from '../../src/imports/sheets/proposal.ts'
import { isComment, measureFromRow } from '../../src/imports/sheets/row.ts'
import { templateCsv } from '../../src/imports/template/csv.ts'
import { TEMPLATE_COLUMNS, templateRows } from '../../src/imports/template/template.ts'
import texts from '../../src/imports/template/texts.json' with { type: 'json' }
import { templateXlsx } from '../../src/imports/template/xlsx.ts'
import { obstaclesTo } from '../../src/measures/publishing.ts'
import { loadVocabularies } from '../../src/vocabularies/load.ts'
import { LABEL_LANGUAGES } from '../../src/vocabularies/vocabulary.schema.ts'

const vocabularies = loadVocabularies()
const folder = t.testdir()
const rowsOf = async ({ rows }: Sheet) => {
  const found: SheetRow[] = []
  for await (const row of rows) found.push(row)
  return found
}
const partsOf = (workbook: Uint8Array) => {
  const parts = unzipSync(workbook)
  return (name: string) => strFromU8(parts[name]!)
}

for (const language of LABEL_LANGUAGES) {
  const { header, help, example } = templateRows(language, vocabularies)

  t.test(`${language}: headings are fields; every column is explained`, async (t) => {
    t.same(
      header,
      FIELD_COLUMNS.filter(({ inTemplate }) => inTemplate).map(({ name }) => name)
    )
    t.same([help.length, example.length], [header.length, header.length])
    t.ok(isComment(help) && isComment(example), 'neither is imported')
    TEMPLATE_COLUMNS.forEach(({ name, required }, i) => {
      const words = (texts.columns as Record<string, Record<string, string>>)[name]?.[language]
      t.ok(words && help[i]!.includes(words), name)
      t.equal(help[i]!.endsWith(texts.rules.required[language]), required === true, `${name}: whether it is needed`)
      t.notMatch(help[i], /[{}]|undefined/, name)
    })
  })

  t.test(`${language}: codes are told, with their labels where there are few`, async (t) => {
    TEMPLATE_COLUMNS.forEach(({ name, vocabulary }, i) => {
      if (vocabulary === undefined) return
      const file = vocabularies.get(vocabulary)
      t.ok(file, `${name} has its vocabulary`)
      const concepts = file!.concepts
      if (concepts.length > 40) t.match(help[i], vocabulary, name)
      else for (const { code } of concepts) t.ok(help[i]!.includes(code), `${name}: ${code}`)
      if (concepts.length < 10) for (const { labels } of concepts) t.ok(help[i]!.includes(labels[language]), `${name}: ${labels[language]}`)
    })
  })

  t.test(`${language}: both forms are read back as they were written`, async (t) => {
    const [csv, xlsx] = [join(folder, `${language}.csv`), join(folder, `${language}.xlsx`)]
    writeFileSync(csv, templateCsv(language, vocabularies))
    writeFileSync(xlsx, await templateXlsx(language, vocabularies))
    for (const sheet of [await readCsv(csv, {}), await readXlsx(xlsx)]) {
      t.same(sheet.header, header)
      t.match(await rowsOf(sheet), [
        { row: 2, cells: help, errors: [], warnings: [] },
        { row: 3, cells: example, errors: [], warnings: [] }
      ])
    }
  })

  t.test(`${language}: the example could be imported and published`, async (t) => {
    const cells = Object.fromEntries(header.map((name, i) => [name, i === 0 ? example[i]!.replace('# ', '') : example[i]!]))
    const interpreted = measureFromRow(cells, proposeMapping(header).mapping, vocabularies)
    t.same([interpreted.errors, interpreted.warnings], [[], []])
    t.same(recordChecker(vocabularies)(interpreted), [])
    t.same(obstaclesTo({ title: '', ...interpreted.content }), [])
    t.equal(interpreted.content.language, language)
  })
}

t.test('the words are there in every language, and differ', async (t) => {
  const sets = [...Object.entries(texts.rules), ...Object.entries(texts.columns)] as [string, Record<string, string>][]
  for (const [name, words] of sets) {
    t.same(Object.keys(words), LABEL_LANGUAGES, name)
    t.equal(new Set(Object.values(words)).size, LABEL_LANGUAGES.length, name)
  }
  const placeholders = (text: string) => text.match(/\{\w+\}/g)?.sort() ?? []
  for (const [name, words] of sets)
    for (const text of Object.values(words)) t.same(placeholders(text), placeholders(words['en']!), `${name}: the same parts are filled in`)
  const names = TEMPLATE_COLUMNS.map(({ name }) => name)
  t.same(
    Object.keys({ ...texts.columns, ...texts.example }).filter((name) => !names.includes(name)),
    [],
    'no words for columns that are gone'
  )
})

t.test('a CSV template is safe to open', async (t) => {
  const csv = templateCsv('en', vocabularies)
  t.ok(csv.startsWith('\uFEFFid,title,'))
  t.equal(csv.split('\r\n').length, 4)
  t.notMatch(csv, /(?:^|,)"?[=+@-]/m)
})

t.test('drop-downs offer the codes of their vocabulary, with labels, from a hidden sheet', async (t) => {
  const workbook = await templateXlsx('fr', vocabularies)
  const part = partsOf(workbook)
  t.match(part('xl/workbook.xml'), /<sheet [^>]*name="codes" state="hidden"\/>/)
  t.notMatch(part('xl/workbook.xml'), /name="measures"[^>]*hidden/)

  const strings = [...part('xl/sharedStrings.xml').matchAll(/<si><t[^>]*>(.*?)<\/t><\/si>/gs)].map(([, text]) => text!)
  const codes = new Map(
    [...part('xl/worksheets/sheet2.xml').matchAll(/<c r="([A-Z]+\d+)"[^>]*><v>(\d+)<\/v>/g)].map(([, address, i]) => [
      address!,
      strings[Number(i)]!
    ])
  )
  const validation =
    /<dataValidation type="list" allowBlank="1" showErrorMessage="([01])" sqref="([A-Z]+)4:\2(\d+)"><formula1>codes!\$([A-Z]+)\$2:\$\4\$(\d+)<\/formula1>/g
  const found = [...part('xl/worksheets/sheet1.xml').matchAll(validation)]
  const coded = TEMPLATE_COLUMNS.map((column, i) => ({ ...column, letters: columnLetters(i) })).filter(
    ({ vocabulary }) => vocabulary !== undefined
  )
  t.same(
    found.map(([, , letters]) => letters),
    coded.map(({ letters }) => letters)
  )
  for (const [i, { name, kind, vocabulary }] of coded.entries()) {
    const [, isStrict, , last, source, end] = found[i]!
    const { concepts } = vocabularies.get(vocabulary!)!
    t.equal(last, '1000', name)
    t.equal(isStrict, kind === 'code' && vocabulary !== 'language' ? '1' : '0', `${name}: whether anything else is refused`)
    t.same(
      Array.from({ length: Number(end) - 1 }, (_, row) => codes.get(`${source}${row + 2}`)),
      concepts.map(({ code }) => (kind === 'pairs' ? `${code}=` : code)),
      name
    )
    const beside = columnLetters(columnIndex(source!) + 1)
    t.equal(codes.get(`${beside}2`)?.replaceAll('&apos;', "'"), concepts[0]!.labels.fr, `${name}: labels stand beside`)
  }
})

t.test('cells to write in are text, under a heading that stays', async (t) => {
  const part = partsOf(await templateXlsx('en', vocabularies))
  const sheet = part('xl/worksheets/sheet1.xml')
  t.match(sheet, /<pane ySplit="1" [^>]*state="frozen"/)
  const styles = [...(/<cellXfs.*?<\/cellXfs>/s.exec(part('xl/styles.xml'))?.[0].matchAll(/<xf [^>]*>/g) ?? [])].map(
    ([xf]) => /numFmtId="(\d+)"/.exec(xf)?.[1]
  )
  const text = /<numFmt [^>]*numFmtId="(\d+)"[^>]*formatCode="@"/.exec(part('xl/styles.xml'))?.[1] ?? '49'
  for (const row of [4, 503]) {
    const cells = [...sheet.matchAll(new RegExp(`<c r="[A-Z]+${row}" s="(\\d+)"/>`, 'g'))]
    t.equal(cells.length, TEMPLATE_COLUMNS.length, `row ${row}`)
    t.ok(
      cells.every(([, style]) => styles[Number(style)] === text),
      `row ${row} is text`
    )
  }
})

function columnIndex(letters: string): number {
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
}
