import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createDeflateRaw } from 'node:zlib'
import { strToU8, type Zippable, zipSync } from 'fflate'
import { readSheet } from 'read-excel-file/node'
import t, { type Test } from 'tap'
import writeXlsxFile from 'write-excel-file/node'
import { dateText, isDateFormat } from '../../src/imports/reading/number-formats.ts'
import type { SheetRow } from '../../src/imports/reading/sheet.ts'
import { UnreadableFile } from '../../src/imports/reading/unreadable.ts'
import { readXlsx } from '../../src/imports/reading/xlsx.ts'

const folder = t.testdir()
let files = 0
const file = (content: string | Uint8Array) => {
  const path = join(folder, `${files++}.xlsx`)
  writeFileSync(path, content)
  return path
}
const read = async (content: string | Uint8Array) => {
  const { header, rows } = await readXlsx(file(content))
  const found: SheetRow[] = []
  for await (const row of rows) found.push(row)
  return { header, rows: found }
}
const refused = async (t: Test, content: string | Uint8Array, code: UnreadableFile['code'], message: RegExp) => {
  const error = await read(content).then(
    () => undefined,
    (error: unknown) => error
  )
  t.ok(error instanceof UnreadableFile, `${String(message)}: ${String(error)}`)
  t.match(error, { code, message })
  return error as UnreadableFile
}

const TYPES = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const text = (address: string, value: string) => `<c r="${address}" t="inlineStr"><is><t>${value}</t></is></c>`
const sheetXml = (rows: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData></worksheet>`
const HEADING = `<row r="1">${text('A1', 'Title')}${text('B1', 'Age')}</row>`
const PLAIN = sheetXml(`${HEADING}<row r="2">${text('A2', 'One')}${text('B2', '3-17')}</row>`)
/** Number formats 0 (general) and 14 (date). */
const STYLES = `<styleSheet xmlns="${MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`

type Parts = Record<string, string | Uint8Array>
/** The parts of a workbook with sheets by their names; those named `-…` are hidden. */
const partsOf = (sheets: Record<string, string> = { Measures: PLAIN }): Parts => {
  const names = Object.keys(sheets)
  return {
    '[Content_Types].xml': '<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.x.sheet.main+xml"/></Types>',
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${TYPES}"><sheets>${names
      .map((name, i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="r${i}"${name.startsWith('-') ? ' state="hidden"' : ''}/>`)
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${names
      .map((_, i) => `<Relationship Id="r${i}" Type="${TYPES}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`)
      .join('')}<Relationship Id="s" Type="${TYPES}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': STYLES,
    ...Object.fromEntries(names.map((name, i) => [`xl/worksheets/sheet${i + 1}.xml`, sheets[name]!]))
  }
}
const zip = (parts: Parts, level: 0 | 6 = 6) =>
  Buffer.from(
    zipSync(
      Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, typeof part === 'string' ? strToU8(part) : part])) as Zippable,
      {
        level
      }
    )
  )
const book = (sheets?: Record<string, string>, more: Parts = {}) => zip({ ...partsOf(sheets), ...more })
const sheet = (rows: string) => book({ Measures: sheetXml(rows) })

const LOCAL = Buffer.from([0x50, 0x4b, 3, 4])
const CENTRAL = Buffer.from([0x50, 0x4b, 1, 2])
/** Changes the header of a part in the directory of an archive. */
const patched = (archive: Buffer, name: string, change: (header: Buffer) => void) => {
  const copy = Buffer.from(archive)
  for (let at = copy.indexOf(CENTRAL); at !== -1; at = copy.indexOf(CENTRAL, at + 4))
    if (copy.subarray(at + 46, at + 46 + copy.readUInt16LE(at + 28)).toString() === name) change(copy.subarray(at))
  return copy
}

t.test('the first sheet that can be seen and holds something is read', async (t) => {
  t.match(await read(book()), { header: ['Title', 'Age'], rows: [{ row: 2, cells: ['One', '3-17'], errors: [], warnings: [] }] })
  const other = sheetXml(`<row r="1">${text('A1', 'Wrong')}</row><row r="2">${text('A2', 'x')}</row>`)
  const { rows } = await read(book({ '-hidden': other, Codes: other, Empty: sheetXml(''), 'Two &amp; a half': PLAIN, Notes: other }))
  t.match(rows[0], { cells: ['One', '3-17'], warnings: [{ code: 'not-mapped', detail: /"Two & a half" was read/, found: 'Empty, Notes' }] })
  t.match((await read(book({ '-hidden': other, codes: other, Measures: PLAIN }))).rows[0]?.warnings, [], 'hidden ones are not missed')
  await refused(
    t,
    book({ '-hidden': PLAIN, codes: PLAIN, Empty: sheetXml('<row r="1"><c r="A1" s="0"/></row>') }),
    'malformed-file',
    /can be seen/
  )
})

t.test('rows are numbered as the spreadsheet shows them', async (t) => {
  const { header, rows } = await read(
    sheet(
      `<row r="3">${text('B3', 'Title\n  of it')}</row><row r="4"/><row r="7">${text('B7', 'x')}</row><row r="9"><c r="B9" s="0"/></row>`
    )
  )
  t.same(header, ['', 'Title of it'])
  t.match(rows, [{ row: 7, cells: ['', 'x'] }])
  t.equal(rows.length, 1)
  await refused(t, sheet(HEADING), 'malformed-file', /no rows/)
})

t.test('values become the shortest text', async (t) => {
  const { rows } = await read(
    sheet(
      `<row r="1">${'ABCDEFG'.replace(/./g, (letter) => text(`${letter}1`, letter))}</row><row r="2"><c r="A2"><v>0.30000000000000004</v></c><c r="B2" t="b"><v>1</v></c><c r="C2"><v>1E3</v></c>${text('D2', '  a &lt;b&gt; &#233; ')}<c r="E2" t="inlineStr"><is><r><t>ri</t></r><r><t>ch</t></r></is></c>${text('F2', '=1+1')}${text('G2', "'3-17")}</row>`
    )
  )
  t.match(rows[0], { cells: ['0.3', 'true', '1000', '  a <b> é ', 'rich', '=1+1', '3-17'], errors: [], warnings: [] })
})

t.test('texts may stand in a table of their own', async (t) => {
  const rows = '<row r="1"><c r="A1" t="s"><v>1</v></c></row><row r="2"><c r="A2" t="s"><v>0</v></c></row>'
  const parts = partsOf({ Measures: sheetXml(rows) })
  parts['xl/_rels/workbook.xml.rels'] = String(parts['xl/_rels/workbook.xml.rels']).replace(
    '</Relationships>',
    `<Relationship Id="t" Type="${TYPES}/sharedStrings" Target="/xl/texts.xml"/></Relationships>`
  )
  const read1 = await read(zip({ ...parts, 'xl/texts.xml': '<sst><si><t>One – “1”</t></si><si><t>Title</t></si></sst>' }))
  t.match(read1, { header: ['Title'], rows: [{ cells: ['One – “1”'] }] })
  await refused(t, zip(parts), 'malformed-file', /refers to text 1, which is not there/)
})

t.test('dates become ISO dates, with a warning', async (t) => {
  const rows = `${HEADING}<row r="2">${text('A2', 'x')}<c r="B2" s="1"><v>46098</v></c></row><row r="3">${text('A3', 'x')}<c r="B3" s="1"><v>46098.5</v></c></row>`
  const read1 = await read(sheet(rows))
  t.match(read1.rows[0], {
    cells: ['x', '2026-03-17'],
    warnings: [{ code: 'looks-like-date', column: 'Age', found: '2026-03-17', mend: /3-17/ }]
  })
  t.match(read1.rows[1], { cells: ['x', '2026-03-17T12:00:00'] })
  const parts = partsOf({ Measures: sheetXml(rows) })
  parts['xl/workbook.xml'] = String(parts['xl/workbook.xml']).replace('<sheets>', '<workbookPr date1904="1"/><sheets>')
  t.match((await read(zip(parts))).rows[0], { cells: ['x', '2030-03-18'] })
})

t.test('of formulas the last value is taken; without one, or with an error, the row is refused', async (t) => {
  const { rows } = await read(
    sheet(
      `${HEADING}<row r="2"><c r="A2" t="str"><f>B2</f><v>One</v></c><c r="B2"><f>1+1</f><v>2</v></c></row><row r="3">${text('A3', 'x')}<c r="B3"><f>1+1</f></c></row><row r="4">${text('A4', 'x')}<c r="B4" t="e"><f>1/0</f><v>#DIV/0!</v></c></row><row r="5"><c r="A5" t="e"><v>#N/A</v></c></row>`
    )
  )
  t.match(rows[0], {
    cells: ['One', '2'],
    errors: [],
    warnings: [
      { code: 'formula', column: 'Title', found: 'One' },
      { code: 'formula', column: 'Age' }
    ]
  })
  t.match(rows[1]?.errors, [{ code: 'formula', column: 'Age', detail: /no value/ }])
  t.match(rows[2]?.errors, [{ code: 'formula', column: 'Age', detail: /#DIV\/0!/, found: '#DIV/0!' }])
  t.match(rows[3], { row: 5, errors: [{ column: 'Title', found: '#N/A' }] }, 'even where nothing else stands in the row')
  const empty = `${HEADING}<row r="2">${text('A2', 'x')}<c r="B2"><f>1+1</f><v></v></c></row><row r="3">${text('A3', 'x')}<c r="B3" t="str"><f>""</f><v></v></c></row>`
  const [unknown, known] = (await read(sheet(empty))).rows
  t.match(unknown?.errors, [{ detail: /no value/ }], 'some programs write an empty value')
  t.match(known, { cells: ['x', ''], errors: [], warnings: [{ code: 'formula' }] }, 'a text may be empty')
})

t.test('the rules of cells are those of CSV files', async (t) => {
  const { rows } = await read(
    sheet(
      `${HEADING}<row r="2">${text('A2', '17-Mar')}${text('B2', 'a_x0007_b')}${text('D2', 'far')}</row><row r="3">${text('A3', 'a_x0000_b')}</row>`
    )
  )
  t.match(rows[0], {
    cells: ['17-Mar', 'ab'],
    errors: [{ code: 'too-many-cells', column: 'D', found: 'far' }],
    warnings: [{ code: 'looks-like-date' }, { code: 'whitespace' }]
  })
  t.match(rows[1]?.errors, [{ code: 'unstorable', column: 'Title' }])
})

t.test('readings of characters are no text; dates may be written out', async (t) => {
  const rows = `<row r="1"><c r="A1" t="inlineStr"><is><t>東</t><rPh sb="0" eb="1"><t>とう</t></rPh></is></c><c r="B1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="d"><v>2026-03-17T00:00:00Z</v></c><c r="B2" t="s"><v></v></c></row>`
  const parts = partsOf({ Measures: sheetXml(rows) })
  parts['xl/_rels/workbook.xml.rels'] = String(parts['xl/_rels/workbook.xml.rels']).replace(
    '</Relationships>',
    `<Relationship Id="t" Type="${TYPES}/sharedStrings" Target="./texts.xml"/></Relationships>`
  )
  const shared = '<sst><si><t>京</t><rPh sb="0" eb="1"><t>きょう</t></rPh></si></sst>'
  t.match(await read(zip({ ...parts, 'xl/texts.xml': shared })), {
    header: ['東', '京'],
    rows: [{ cells: ['2026-03-17', ''], warnings: [{ code: 'looks-like-date' }] }]
  })
  await refused(t, sheet(`<row r="1">${text('A1', ' ')}</row>`), 'malformed-file', /file is empty/)
})

t.test('other spellings of the same', async (t) => {
  const prefixed = PLAIN.replaceAll('<', '<x:').replaceAll('<x:/', '</x:').replaceAll('<x:?', '<?').replace('xmlns=', 'xmlns:x=')
  const marked = `\uFEFF${PLAIN}`
  const quoted = PLAIN.replaceAll('"', "'").replace('<sheetData>', '<!-- > <c r="A9"><f/> --><sheetData note="a>b">')
  for (const xml of [marked, quoted]) t.match((await read(book({ Measures: xml }))).rows, [{ row: 2, cells: ['One', '3-17'] }], xml)
  const outcome = await read(book({ Measures: prefixed })).catch((error: unknown) => error)
  t.match(outcome, { rows: [{ row: 2, cells: ['One', '3-17'] }] }, 'with a prefix')
})

t.test('what is no workbook is refused', async (t) => {
  await refused(t, 'a,b\n1,2\n', 'malformed-file', /no workbook/)
  await refused(t, '', 'malformed-file', /no workbook/)
  await refused(t, Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'malformed-file', /\.xls\).*password/)
  await refused(t, book().subarray(0, 500), 'malformed-file', /damaged or was not sent whole/)
  await refused(t, zip({ 'word/document.xml': '<x/>' }), 'malformed-file', /no \.xlsx workbook/)
  await refused(
    t,
    patched(book(), 'xl/workbook.xml', (header) => header.writeUInt16LE(1, 8)),
    'malformed-file',
    /encrypted/
  )
  await refused(
    t,
    patched(book(), 'xl/workbook.xml', (header) => header.writeUInt16LE(12, 10)),
    'malformed-file',
    /method 12/
  )
  const broken = book()
  broken.fill(0xff, broken.indexOf('xl/worksheets/sheet1.xml') + 24, broken.indexOf('xl/worksheets/sheet1.xml') + 60)
  await refused(t, broken, 'malformed-file', /damaged/)
})

t.test('what does something by itself is refused, with the part', async (t) => {
  for (const [name, message] of [
    ['xl/vbaProject.bin', /macros/],
    ['xl/macrosheets/sheet1.xml', /macros/],
    ['xl/externalLinks/externalLink1.xml', /links to other workbooks/],
    ['xl/embeddings/oleObject1.bin', /embedded files/],
    ['xl/activeX/activeX1.bin', /ActiveX/],
    ['customUI/customUI14.xml', /menus/],
    ['xl/connections.xml', /connections/]
  ] as const) {
    const error = await refused(t, book(undefined, { [name]: '<x/>' }), 'unsafe-file', message)
    t.match(error.places, [{ found: name }])
    t.match(error.message, name)
  }
  const types = '<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
  await refused(t, book(undefined, { '[Content_Types].xml': types }), 'unsafe-file', /macros \(\.xlsm\)/)
  t.equal((await read(book(undefined, { 'xl/media/image1.png': 'x', 'docProps/app.xml': '<x/>' }))).rows.length, 1, 'pictures do nothing')
})

t.test('entities and document types are refused, wherever they stand', async (t) => {
  const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
  await refused(t, book({ Measures: PLAIN.replace('<worksheet', `${bomb}<worksheet`) }), 'unsafe-file', /sheet1\.xml declares/)
  await refused(t, book(undefined, { 'xl/_rels/other.xml.rels': bomb }), 'unsafe-file', /other\.xml\.rels declares/)
  await refused(t, book(undefined, { 'docProps/core.xml': '<x><!ENTITY a "b"></x>' }), 'unsafe-file', /declares/)
  for (const encoding of ['utf16le', 'swapped'] as const) {
    const utf16 = Buffer.from(`\uFEFF<?xml version="1.0" encoding="UTF-16"?>${bomb}`, 'utf16le')
    if (encoding === 'swapped') utf16.swap16()
    await refused(t, book(undefined, { 'docProps/core.xml': utf16 }), 'unsafe-file', /not in UTF-8/)
    await refused(t, book(undefined, { 'docProps/core.xml': utf16.subarray(2) }), 'unsafe-file', /not in UTF-8/)
  }
  // Pieces end every 64 KiB or 16 KiB; the declaration is moved over each of their ends.
  for (let shift = 0; shift < 12; shift++) {
    const padding = `<x>${'p'.repeat(64 * 1024 - 3 - shift)}`
    await refused(t, zip({ ...partsOf(), 'docProps/core.xml': `${padding}<!DOCTYPE x></x>` }), 'unsafe-file', /declares/)
  }
  t.equal((await read(book(undefined, { 'docProps/core.xml': '<x><![CDATA[<!DOCTYPE x>]]><!-- <!ENTITY --></x>' }))).rows.length, 1)
})

t.test('an archive that would fill the memory is refused before it does', async (t) => {
  const deflate = createDeflateRaw({ level: 1 })
  const blanks = Buffer.alloc(1024 * 1024, ' ')
  const gibibyte = 1024 * blanks.length
  const feed = async () => {
    for (let i = 0; i < 1024; i++) if (!deflate.write(blanks)) await new Promise((resolve) => deflate.once('drain', resolve))
    deflate.end()
  }
  const fed = feed()
  const packed: Buffer[] = []
  for await (const chunk of deflate as AsyncIterable<Buffer>) packed.push(chunk)
  await fed
  const body = Buffer.concat(packed)
  // A stored part becomes a deflated one by what the headers say of it.
  const base = zip({ ...partsOf(), 'xl/bomb.xml': new Uint8Array(body) }, 0)
  const bomb = (declared: number) => {
    const change = (header: Buffer, at: number) => {
      header.writeUInt16LE(8, at)
      header.writeUInt32LE(declared, at + 14)
    }
    const archive = patched(base, 'xl/bomb.xml', (header) => change(header, 10))
    for (let at = archive.indexOf(LOCAL); at !== -1; at = archive.indexOf(LOCAL, at + 4))
      if (archive.subarray(at + 30, at + 41).toString() === 'xl/bomb.xml') change(archive.subarray(at), 8)
    return archive
  }
  const before = process.memoryUsage().rss
  await refused(t, bomb(gibibyte), 'file-too-large', /xl\/bomb\.xml is larger than 64 MiB/)
  await refused(t, bomb(body.length * 2), 'unsafe-file', /not as large as the archive says/)
  t.ok(process.memoryUsage().rss - before < 100 * 1024 * 1024, 'it was not unpacked')

  const mebibytes = (count: number) => new Uint8Array(Buffer.alloc(count * 1024 * 1024, '<a/>'))
  await refused(t, book(undefined, { 'xl/a.xml': mebibytes(2) }), 'unsafe-file', /grows more than 200 times/)
  await refused(t, zip({ ...partsOf(), a: mebibytes(40), b: mebibytes(40), c: mebibytes(40) }, 0), 'file-too-large', /larger than 100 MiB/)
  const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`xl/${i}.xml`, '']))
  await refused(t, zip({ ...partsOf(), ...many }, 0), 'unsafe-file', /parts; a workbook has a few dozen/)
})

t.test('an archive that says two things is refused', async (t) => {
  await refused(t, book(undefined, { '../evil.xml': '<x/>' }), 'unsafe-file', /leads out of it/)
  await refused(t, book(undefined, { '/evil.xml': '<x/>' }), 'unsafe-file', /leads out of it/)
  await refused(t, book(undefined, { 'xl\\evil.xml': '<x/>' }), 'unsafe-file', /leads out of it/)
  const twice = Buffer.from(
    book(undefined, { 'xl/worksheets/sheet2.xml': PLAIN }).toString('latin1').replaceAll('sheet2.xml', 'sheet1.xml'),
    'latin1'
  )
  await refused(t, twice, 'unsafe-file', /sheet1\.xml twice/)
  const shared = zip({ ...partsOf(), 'xl/a.bin': new Uint8Array(50_000), 'xl/b.bin': '' }, 0)
  const overlapping = patched(shared, 'xl/b.bin', (header) => {
    header.writeUInt32LE(50_000, 20)
    header.writeUInt32LE(50_000, 24)
  })
  await refused(t, overlapping, 'unsafe-file', /larger than the archive/)
})

t.test('a part that the directory does not know of is not read', async (t) => {
  const hidden = zip({ 'xl/worksheets/sheet1.xml': sheetXml(`${HEADING}<row r="2">${text('A2', 'hidden')}</row>`) })
  const before = hidden.subarray(0, hidden.indexOf(CENTRAL))
  const archive = Buffer.concat([before, book()])
  for (let at = archive.indexOf(CENTRAL); at !== -1; at = archive.indexOf(CENTRAL, at + 4))
    archive.writeUInt32LE(archive.readUInt32LE(at + 42) + before.length, at + 42)
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
  archive.writeUInt32LE(archive.readUInt32LE(end + 16) + before.length, end + 16)
  t.match((await read(archive)).rows, [{ cells: ['One', '3-17'] }])
})

t.test('sheets are bounded, and damaged ones refused', async (t) => {
  const cell = (address: string) => `<c r="${address}"><v>1</v></c>`
  const far = (row: number, address: string) => sheet(`${HEADING}<row r="${row}">${cell(address)}</row>`)
  await refused(t, far(1_000_000_000, 'A1000000'), 'malformed-file', /row 1000000000/)
  await refused(t, far(1, 'A1'), 'malformed-file', /row 1 follows row 1/)
  await refused(t, far(2, 'ZZZ2'), 'malformed-file', /column 18278/)
  await refused(t, far(2, 'A99999999'), 'malformed-file', /cell A99999999/)
  await refused(t, far(2, 'ALM2'), 'malformed-file', /column 1001; 1000/)
  t.match((await read(far(1_048_576, 'A1048576'))).rows, [{ row: 1_048_576, cells: ['1', ''] }], 'a row may be far down')
  await refused(t, book({ Measures: PLAIN.slice(0, -5) }), 'malformed-file', /ends in the middle/)
  await refused(t, book({ Measures: PLAIN.replace('</worksheet>', '') }), 'malformed-file', /ends in the middle/)
  const endless = sheetXml(`${HEADING}<row r="2"><c r="A2" ${'x'.repeat(1_400_000)}`)
  await refused(t, zip(partsOf({ Measures: endless }), 0), 'malformed-file', /does not end/)
  await refused(
    t,
    zip(partsOf({ Measures: sheetXml(`${HEADING}<row r="2">${text('A2', 'x'.repeat(300_000))}</row>`) }), 0),
    'malformed-file',
    /longer than/
  )
  const rows = Array.from({ length: 100_001 }, () => `<row><c><v>1</v></c></row>`)
  t.match(
    (await read(sheet(`${HEADING}${rows.slice(0, 10).join('')}`))).rows.at(-1),
    { row: 11, cells: ['1', ''] },
    'addresses may be left out'
  )
  await refused(t, zip(partsOf({ Measures: sheetXml(HEADING + rows.join('')) }), 0), 'file-too-large', /100000 rows/)
})

t.test('texts that cells share are bounded', async (t) => {
  const shared = (xml: string) => {
    const parts = partsOf()
    parts['xl/_rels/workbook.xml.rels'] = String(parts['xl/_rels/workbook.xml.rels']).replace(
      '</Relationships>',
      `<Relationship Id="t" Type="${TYPES}/sharedStrings" Target="texts.xml"/></Relationships>`
    )
    return zip({ ...parts, 'xl/texts.xml': `<sst>${xml}</sst>` }, 0)
  }
  await refused(t, shared('<si/>'.repeat(1_000_001)), 'file-too-large', /1000000 texts/)
  await refused(t, shared(`<si><t>${'x'.repeat(34 * 1024 * 1024)}</t></si>`), 'file-too-large', /more than can be read at once/)
})

t.test('what another reader reads is read the same', async (t) => {
  const written = await writeXlsxFile(
    [
      ['Title', 'Note', 'Number', 'Yes', 'Day', 'Time'].map((value) => ({ value })),
      [
        { value: 'Tom & “Jerry” <x>\nline 2' },
        { value: ' _x0041_ 😀' },
        { value: 1234.5678, format: '#,##0.00 "days"' },
        { value: false },
        { value: new Date(Date.UTC(1999, 11, 31)), type: Date, format: 'd mmm yyyy' },
        { value: new Date(Date.UTC(2026, 1, 1, 13, 30)), type: Date, format: '[$-409]dd/mm/yyyy hh:mm' }
      ]
    ],
    {}
  ).toBuffer()
  const { header, rows } = await read(written)
  const [names, values] = await readSheet(written, { trim: false })
  t.same(header, names)
  const expected = values!.map((value) =>
    value instanceof Date ? value.toISOString().slice(0, 19).replace('T00:00:00', '') : String(value)
  )
  t.same(rows[0]?.cells, expected)
})

t.test('formats of dates, and days as text', async (t) => {
  for (const code of ['yyyy-mm-dd', 'd/m/yy', '[$-409]h:mm AM/PM', 'mmm', '[h]:mm', '"on" d', 'dd"."mm;@']) t.ok(isDateFormat(code), code)
  for (const code of ['General', '0.00', '#,##0 "days"', '[Red]0', '0\\d', '_d0', '[$USD-409] 0', '0.00E+00', '@', '0;"d"d'])
    t.notOk(isDateFormat(code), code)
  for (const [day, is1904, expected] of [
    [1, false, '1900-01-01'],
    [59, false, '1900-02-28'],
    [61, false, '1900-03-01'],
    [46_098.75, false, '2026-03-17T18:00:00'],
    [0.5, false, '12:00:00'],
    [0, true, '1904-01-01'],
    [-1, false, undefined],
    [3_000_000, false, undefined]
  ] as const)
    t.equal(dateText(day, is1904), expected, String(day))
})
