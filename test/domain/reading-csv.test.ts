import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readCsv } from '../../src/imports/reading/csv.ts'
import { isFormula } from '../../src/imports/reading/formula.ts'
import { columnLetters, type Sheet, type SheetRow } from '../../src/imports/reading/sheet.ts'
import { UnreadableFile } from '../../src/imports/reading/unreadable.ts'

const folder = t.testdir()
let files = 0
const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}
const file = (content: string | Buffer) => {
  const path = join(folder, `${files++}.csv`)
  writeFileSync(path, content)
  return path
}
const read = async (content: string | Buffer, charset?: string): Promise<Pick<Sheet, 'header'> & { rows: SheetRow[] }> => {
  const { header, rows } = await readCsv(file(content), { charset })
  return { header, rows: await all(rows) }
}
const cellsOf = async (content: string | Buffer, charset?: string) => {
  const { header, rows } = await read(content, charset)
  return [header, ...rows.map(({ cells }) => cells)]
}
/** Bytes of UTF-16, big-endian. */
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16()
const refused = async (t: Test, content: string | Buffer, code: UnreadableFile['code'], message: RegExp, charset?: string) => {
  const error = await read(content, charset).then(
    () => undefined,
    (error: unknown) => error
  )
  t.ok(error instanceof UnreadableFile, `${String(message)}: ${String(error)}`)
  t.match(error, { code, message })
}

t.test('text in the encodings that spreadsheets write', async (t) => {
  const text = 'name,note\r\nGöteborg,“café” €\r\n'
  const expected = [
    ['name', 'note'],
    ['Göteborg', '“café” €']
  ]
  t.same(await cellsOf(text), expected, 'UTF-8')
  t.same(await cellsOf(`\uFEFF${text}`), expected, 'UTF-8 with a mark')
  t.same(await cellsOf(Buffer.from(`\uFEFF${text}`, 'utf16le')), expected, 'UTF-16, little-endian')
  t.same(await cellsOf(utf16be(`\uFEFF${text}`)), expected, 'UTF-16, big-endian')
  t.same(await cellsOf(Buffer.from(text, 'utf16le'), 'utf-16le'), expected, 'UTF-16 that the sender states')
  t.same(await cellsOf(Buffer.from('name,note\r\nG\xf6teborg,\x93caf\xe9\x94 \x80\r\n', 'latin1'), 'windows-1252'), expected, 'stated')
  t.same(await cellsOf(`\uFEFF${text}`, 'windows-1252'), expected, 'a mark wins over what the sender states')
})

t.test('bytes that are no text are refused, with the line', async (t) => {
  await refused(t, Buffer.from('name\r\nok\r\nG\xf6teborg\r\n', 'latin1'), 'malformed-file', /Line 3 .*CSV UTF-8.*charset=windows-1252/)
  const long = Buffer.concat([Buffer.from(`name\n${'a line of é\n'.repeat(20_000)}`), Buffer.from([0xc3])])
  await refused(t, long, 'malformed-file', /Line 20002 /)
  await refused(t, Buffer.from('name\n\xf0\x9f\x98', 'latin1'), 'malformed-file', /Line 2 /)
  await refused(t, Buffer.from('name\n\x80\x80\x80\x80', 'latin1'), 'malformed-file', /Line 2 /)
  await refused(t, 'name\nx', 'malformed-file', /"klingon" is not known/, 'klingon')
  await refused(t, Buffer.from([0xff, 0xfe, 0x61, 0x00, 0x0a, 0x00, 0x00, 0xd8, 0x61, 0x00]), 'malformed-file', /not utf-16le/)
  await refused(t, Buffer.from([0xff, 0xfe, 0x61, 0x00, 0x0a]), 'malformed-file', /not utf-16le/)
})

t.test('characters that two reads share stay whole', async (t) => {
  for (let shift = 0; shift < 4; shift++) {
    const name = `${'x'.repeat(shift)}${'😀é€'.repeat(30_000)}`
    t.same(await cellsOf(`name\n${name}`), [['name'], [name]], `moved by ${shift}`)
  }
})

t.test('what is no text file is refused', async (t) => {
  await refused(t, '', 'malformed-file', /file is empty/)
  await refused(t, '\r\n\r\n', 'malformed-file', /file is empty/)
  await refused(t, ',,,\r\n', 'malformed-file', /file is empty/)
  await refused(t, 'name,note\r\n\r\n,\r\n', 'malformed-file', /no rows/)
  await refused(t, Buffer.alloc(100), 'malformed-file', /U\+0000/)
  await refused(t, Buffer.from('name\nx\n', 'utf16le'), 'malformed-file', /U\+0000/)
  await refused(t, 'PK\u0003\u0004whatever', 'malformed-file', /an archive/)
})

t.test('delimiters and line ends are seen in the heading', async (t) => {
  const expected = [
    ['a', 'b', 'c'],
    ['1', 'x, y; z', '3'],
    ['4', '5', '6']
  ]
  for (const delimiter of [',', ';', '\t', '|'])
    for (const end of ['\r\n', '\n', '\r']) {
      const lines = [
        ['a', 'b', 'c'],
        ['1', '"x, y; z"', '3'],
        ['4', '5', '6']
      ]
      t.same(await cellsOf(lines.map((cells) => cells.join(delimiter)).join(end)), expected, JSON.stringify([delimiter, end]))
    }
  t.same(await cellsOf('"a, b, c";d\n1;2'), [
    ['a, b, c', 'd'],
    ['1', '2']
  ])
  t.same(await cellsOf('sep=;\r\na,b;c\r\n1;2'), [
    ['a,b', 'c'],
    ['1', '2']
  ])
  t.same(await cellsOf('only\nx'), [['only'], ['x']])
  t.same((await read('sep=;\r\na;b\r\n1;2')).rows[0]?.row, 2, 'the line that states the delimiter is not shown, so not counted')
})

t.test('headings become one line each; unnamed columns stay where they are', async (t) => {
  t.same((await read('"Name of\r\nthe   measure ",,Note\n1,2,3')).header, ['Name of the measure', '', 'Note'])
  const wide = Array.from({ length: 176 }, (_, i) => (i % 9 === 8 ? '' : `c${i}`))
  const { header, rows } = await read(`\uFEFF${wide.join(',')}\r\n${wide.map((_, i) => i).join(',')}\r\n`)
  t.same(header, wide)
  t.same(rows[0]?.cells[8], '8')
})

t.test('rows are numbered as a spreadsheet shows them', async (t) => {
  const { rows } = await read('a,b\n1,"two\nlines"\n\n,\n5,6\n')
  t.same(
    rows.map(({ row, cells }) => [row, ...cells]),
    [
      [2, '1', 'two\nlines'],
      [5, '5', '6']
    ]
  )
  const later = await read('\n\na,b\n1,2\n')
  t.same([later.header, later.rows[0]?.row], [['a', 'b'], 4], 'a heading further down')
  const { rows: again } = await readCsv(file('a\n1\n2\n'), {})
  t.same((await all(again)).length, 2)
  t.same((await all(again)).length, 2, 'rows can be read again')
})

t.test('a row may be shorter than the heading, not longer', async (t) => {
  const { rows } = await read('a,b\n1\n1,2,,\n1,2,,x\n')
  t.same(rows[0]?.cells, ['1', ''])
  t.same(rows[1]?.errors, [])
  t.match(rows[2]?.errors, [{ code: 'too-many-cells', column: 'D', found: 'x' }])
  t.same([0, 25, 26, 27, 701, 702].map(columnLetters), ['A', 'Z', 'AA', 'AB', 'ZZ', 'AAA'])
})

t.test('quotes that are wrong are refused with the row and column', async (t) => {
  await refused(t, 'a,b\n1,2\n3,"open\n5,6\n7,8\n', 'malformed-file', /^Row 3, column B: .* never closed/)
  await refused(t, 'a,b\n1,"open\n5,"6"\n', 'malformed-file', /^Row 2, column B: .* where none can/)
  await refused(t, 'a,b\n1,5" wide\n', 'malformed-file', /^Row 2, column B: .* inside it twice/)
  await refused(t, 'a,"b\n1,2\n', 'malformed-file', /^Row 1, column B: .* never closed/)
  t.same((await cellsOf('a,b\n1,"say ""no"""\n'))[1], ['1', 'say "no"'])
})

t.test('files are bounded', async (t) => {
  await refused(t, `a,b\n1,"${'x'.repeat(3 * 1024 * 1024)}`, 'malformed-file', /^Row 2 is longer than 2 MiB/)
  await refused(t, 'x'.repeat(600 * 1024), 'malformed-file', /^The headings are longer than 512 KiB/)
  await refused(t, `${'a,'.repeat(1_000)}b\n1`, 'malformed-file', /1001 columns/)
  await refused(t, `a,b\n${','.repeat(20_000)}\n`, 'malformed-file', /Row 2 has more than 16384 cells/)
  await refused(t, `a\n${'1\n'.repeat(100_001)}`, 'file-too-large', /100000 rows: split/)
  t.same((await read(`${'a,'.repeat(999)}b\n1`)).header.length, 1_000)
})

t.test('apostrophes that keep a text from being calculated are taken off again', async (t) => {
  for (const [cell, text] of [
    ["'=1+1", '=1+1'],
    ["'3-17", '3-17'],
    ["'-5", '-5'],
    ["'007", '007'],
    ["''tis", "'tis"],
    ["'tis", "'tis"],
    ["'s-Hertogenbosch", "'s-Hertogenbosch"]
  ] as const) {
    const { rows } = await read(`a\n"${cell}"\n`)
    t.match(rows[0], { cells: [text], errors: [], warnings: [] }, cell)
  }
})

t.test('formulas are errors; texts that begin with a sign are none', async (t) => {
  for (const text of [
    '=1+1',
    '=HYPERLINK("http://x.example","y")',
    ' =1+1',
    '\t=1',
    '＝1+1',
    '@SUM(1)',
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "|cmd|' /C calc'!A0",
    '+MSEXCEL|\\..\\..\\calc.exe!A1',
    '-SUM(A1:A9)',
    '+WEBSERVICE("http://x.example")',
    '+A1+B2',
    '-$A$1:B3'
  ])
    t.ok(isFormula(text), text)
  for (const text of [
    '- a list item',
    '-5',
    '+32 2 123',
    '-5%',
    '+/- 3',
    '-1 to 3',
    '- if (all)',
    '- Value(s) above 5',
    '-A1c',
    '+B12',
    '- a | b!',
    '| a |',
    'a=b',
    '-'
  ])
    t.notOk(isFormula(text), text)
  const { rows } = await read('a,\n1,=2\n')
  t.match(rows[0]?.errors, [{ code: 'formula', column: 'B', found: '=2', mend: /not the formula/ }], 'a column without heading has letters')
})

t.test('characters that nobody sees', async (t) => {
  const { rows } = await read(`a,b\n${'x\n'.repeat(4_000)}x\u0000y,z\na\u0007b,tab\there\n`)
  t.match(rows.at(-2)?.errors, [{ code: 'unstorable', column: 'a', found: 'x\u2400y' }])
  t.match(rows.at(-1), { cells: ['ab', 'tab\there'], errors: [], warnings: [{ code: 'whitespace', column: 'a' }] })
})

t.test('what a spreadsheet made of an age band is pointed at', async (t) => {
  t.match((await read('age\n17-Mar\n')).rows[0]?.warnings, [{ code: 'looks-like-date', column: 'age', found: '17-Mar' }])
})
