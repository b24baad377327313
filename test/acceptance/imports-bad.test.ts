import { request } from 'node:http'
import { gzipSync } from 'node:zlib'
import { strToU8, unzipSync, type Zippable, zipSync } from 'fflate'
import t, { type Test } from 'tap'
import writeXlsx from 'write-excel-file/node'
import { type Ask, type Body, type Client, faultOf, LONG, leaks, openClient, parse } from './client.ts'
import { engines } from './server.ts'
import { type Row, unharmed } from './unharmed.ts'

const CSV = 'text/csv'
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const FHIR = 'application/fhir+json'
const NDJSON = 'application/x-ndjson'
const JSON_TYPE = 'application/json'
const MIB = 2 ** 20

type File = string | Uint8Array
/** A file that cannot be read at all: how it is refused, and what the refusal has to name. */
type Unreadable = readonly [name: string, file: File, type: string, status: number, code: string, says: RegExp]
/** A file with one row that is rejected: what kind of mistake, where, and what the report has to name. */
type Rejected = readonly [name: string, file: File, type: string, code: string, place: string, says?: RegExp]
/** A file that only looks strange: the title that is understood. */
type Taken = readonly [name: string, file: File, type: string, title: string]

interface Note {
  readonly code: string
  readonly field?: string
  readonly column?: string
  readonly pointer?: string
}
interface ReportRow {
  readonly outcome: string
  readonly title?: string
  readonly at: string
  readonly errors: Note[]
}
/** Where our own fields are the headings and the members, a field is a place. */
const placeOf = (field: string | undefined, type: string) =>
  field === undefined || type === FHIR ? undefined : type === CSV || type === XLSX ? field : `/${field.replaceAll('.', '/')}`
const rowsOf = (json: Body) => (json['rows'] ?? []) as ReportRow[]

const nested = (levels: number, open: string, close: string, inside = '') => open.repeat(levels) + inside + close.repeat(levels)
const xlsxOf = (cells: readonly (readonly string[])[]) =>
  writeXlsx(cells.map((row) => row.map((value) => ({ value, type: String })))).toBuffer()

const PLAIN = [
  ['title', 'levels'],
  ['Plain', 'clinical']
]
/** The parts of a workbook, some changed, some more. */
async function workbook(change: (parts: Record<string, Uint8Array>) => void): Promise<Buffer> {
  const parts = unzipSync(await xlsxOf(PLAIN))
  change(parts)
  return Buffer.from(zipSync(parts as Zippable))
}
const SHEET = 'xl/worksheets/sheet1.xml'
const textOf = (part: Uint8Array | undefined) => Buffer.from(part!).toString()

/** A workbook with a part of 300 MiB of zeros; with `claimed` its directory says that it is as small as that. */
async function bomb(claimed?: number): Promise<Buffer> {
  const parts = { ...unzipSync(await xlsxOf(PLAIN)), 'xl/bomb.xml': new Uint8Array(300 * MIB) }
  const archive = Buffer.from(zipSync(parts as Zippable, { level: 1 }))
  if (claimed === undefined) return archive
  const name = Buffer.from('xl/bomb.xml')
  for (let at = archive.indexOf(name); at !== -1; at = archive.indexOf(name, at + 1)) {
    if (archive.readUInt32LE(at - 30) === 0x04034b50) archive.writeUInt32LE(claimed, at - 30 + 22)
    else if (archive.readUInt32LE(at - 46) === 0x02014b50) archive.writeUInt32LE(claimed, at - 46 + 24)
  }
  return archive
}

const manyParts = (count: number) =>
  Buffer.from(zipSync(Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, new Uint8Array()])), { level: 0 }))

async function workbooks(): Promise<Unreadable[]> {
  const added = (name: string, text = '<x/>') => workbook((parts) => void (parts[name] = strToU8(text)))
  const withDoctype = (name: string) =>
    workbook((parts) => {
      const text = textOf(parts[name])
      const doctype = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>'
      parts[name] = strToU8(text.replace(/^(<\?xml[^>]*\?>)?/, (declaration) => `${declaration}${doctype}`))
    })
  const whole = await xlsxOf(PLAIN)
  return [
    ['macros', await added('xl/vbaProject.bin'), XLSX, 422, 'unsafe-file', /macros.*xl\/vbaProject\.bin/],
    [
      'a type with macros',
      await workbook((parts) => {
        const text = textOf(parts['[Content_Types].xml'])
        parts['[Content_Types].xml'] = strToU8(
          text.replace(/openxmlformats-officedocument\.spreadsheetml\.sheet\.main/, 'ms-excel.sheet.macroEnabled.main')
        )
      }),
      XLSX,
      422,
      'unsafe-file',
      /macros/
    ],
    ['a link to another workbook', await added('xl/externalLinks/externalLink1.xml'), XLSX, 422, 'unsafe-file', /externalLink1\.xml/],
    ['an embedded file', await added('xl/embeddings/oleObject1.bin'), XLSX, 422, 'unsafe-file', /oleObject1\.bin/],
    ['a connection', await added('xl/connections.xml'), XLSX, 422, 'unsafe-file', /connections\.xml/],
    ['a part outside', await added('../../outside.xml'), XLSX, 422, 'unsafe-file', /leads out/],
    ['entities in the sheet', await withDoctype(SHEET), XLSX, 422, 'unsafe-file', /sheet1\.xml/],
    ['entities in the workbook', await withDoctype('xl/workbook.xml'), XLSX, 422, 'unsafe-file', /xl\/workbook\.xml/],
    ['entities in the types', await withDoctype('[Content_Types].xml'), XLSX, 422, 'unsafe-file', /\[Content_Types\]\.xml/],
    ['300 MiB of zeros', await bomb(), XLSX, 413, 'payload-too-large', /xl\/bomb\.xml/],
    ['300 MiB that are said to be 1,000 bytes', await bomb(1_000), XLSX, 422, 'unsafe-file', /xl\/bomb\.xml/],
    ['100,000 parts', manyParts(100_000), XLSX, 422, 'unsafe-file', /parts/],
    ['60,000 parts', manyParts(60_000), XLSX, 422, 'unsafe-file', /60000 parts/],
    ['no archive', 'title,levels\r\nPlain,clinical\r\n', XLSX, 400, 'malformed-file', /\.xlsx/],
    ['half of an archive', whole.subarray(0, whole.length / 2), XLSX, 400, 'malformed-file', /damaged|whole/],
    ['an archive without a workbook', Buffer.from(zipSync({ 'a.txt': strToU8('x') })), XLSX, 400, 'malformed-file', /\.xlsx/],
    [
      'an old workbook',
      Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2_000)]),
      XLSX,
      400,
      'malformed-file',
      /\.xls\b/
    ],
    [
      'a sheet that is cut off',
      await workbook((parts) => void (parts[SHEET] = parts[SHEET]!.subarray(0, 300))),
      XLSX,
      400,
      'malformed-file',
      /sheet1/
    ],
    ['a workbook sent as CSV', whole, CSV, 400, 'malformed-file', /workbook/],
    ['a workbook sent as JSON', whole, JSON_TYPE, 400, 'malformed-file', /workbook|JSON/]
  ]
}

const texts: Unreadable[] = [
  ['nothing', '', CSV, 400, 'malformed-file', /empty/],
  ['blanks', ' \r\n \r\n', CSV, 400, 'malformed-file', /empty|heading/],
  ['headings only', 'title,levels\r\n', CSV, 400, 'malformed-file', /rows/],
  [
    'Latin-1',
    Buffer.from('title,levels\r\nPlain,clinical\r\nQualité des soins,clinical\r\n', 'latin1'),
    CSV,
    400,
    'malformed-file',
    /[Ll]ine 3.*charset/
  ],
  ['an unknown encoding', 'title\r\nPlain\r\n', 'text/csv; charset=klingon', 400, 'malformed-file', /klingon/],
  [
    'half a letter at the end',
    Buffer.concat([Buffer.from('title\r\nPlain'), Buffer.from([0xc3])]),
    CSV,
    400,
    'malformed-file',
    /[Ll]ine 2/
  ],
  ['UTF-16 with half a pair', Buffer.from('\uFEFFtitle\r\nHalf \ud800 pair\r\n', 'utf16le'), CSV, 400, 'malformed-file', /utf-16le/i],
  [
    'a quote that is never closed',
    'title,levels\r\nPlain,clinical\r\n"Open,clinical\r\nPlain,clinical\r\n',
    CSV,
    400,
    'malformed-file',
    /Row 3.*quote/
  ],
  ['a quote in the middle', 'title,levels\r\nPl"ain,clinical\r\n', CSV, 400, 'malformed-file', /Row 2.*quote/],
  ['a row of 3 MiB', `title,levels\r\n${'x'.repeat(3 * MIB)},clinical\r\n`, CSV, 400, 'malformed-file', /Row 2.*2 MiB/],
  ['characters U+0000', 'title,levels\r\nPl\u0000ain,clinical\r\n', CSV, 400, 'malformed-file', /U\+0000/],
  ['1,001 columns', `${Array.from({ length: 1_001 }, (_, i) => `c${i}`).join(',')}\r\nx\r\n`, CSV, 400, 'malformed-file', /1001 columns/],
  ['20,001 records', `title\r\n${'Plain\r\n'.repeat(20_001)}`, CSV, 413, 'payload-too-large', /20000 records/],
  ['no titles', 'a,b\r\n1,2\r\n', CSV, 422, 'mapping-needed', /title/],
  ['truncated JSON', '[{"title":"Plain"},{"title":', JSON_TYPE, 400, 'malformed-file', /after record 1/],
  ['a truncated Bundle', '{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Measure"', FHIR, 400, 'malformed-file', /record/],
  ['more behind a document', '[{"title":"Plain"}] x', JSON_TYPE, 400, 'malformed-file', /record/],
  ['no JSON', 'title=Plain', JSON_TYPE, 400, 'malformed-file', /JSON/],
  ['JSON that is not UTF-8', Buffer.from('[{"title":"Qualité"}]', 'latin1'), JSON_TYPE, 400, 'malformed-file', /UTF-8/],
  ['an empty list', '[]', JSON_TYPE, 400, 'malformed-file', /no records/],
  ['an empty Bundle', '{"resourceType":"Bundle"}', FHIR, 400, 'malformed-file', /no records/],
  ['empty lines', '\n\n \n', NDJSON, 400, 'malformed-file', /no records/],
  ['NDJSON in UTF-16', Buffer.from('\uFEFF{"title":"Plain"}\n', 'utf16le'), NDJSON, 400, 'malformed-file', /UTF-16/]
]

const csvRow = (cell: string) => `title,levels,description\r\nPlain,clinical,"${cell.replaceAll('"', '""')}"\r\n`
const own = (more: string) => `{"title":"Plain"${more}}`
const stu3 = { resourceType: 'Measure', status: 'draft', title: 'Old', group: [{ population: [{ criteria: 'Numerator' }] }] }

async function rows(): Promise<Rejected[]> {
  const formula = await writeXlsx([[{ value: 'title', type: String }], [{ value: '=1+1', type: 'Formula' }]] as never).toBuffer()
  return [
    ['a row that is too long', 'title,levels\r\nPlain,clinical,x,y\r\n', CSV, 'too-many-cells', 'C'],
    ["=cmd|' /C calc'!A0", csvRow("=cmd|' /C calc'!A0"), CSV, 'formula', 'description'],
    ['@SUM(1)', csvRow('@SUM(1)'), CSV, 'formula', 'description'],
    ["+1+cmd|' /C calc'!A0", csvRow("+1+cmd|' /C calc'!A0"), CSV, 'formula', 'description'],
    ["-2+3+cmd|' /C calc'!A0", csvRow("-2+3+cmd|' /C calc'!A0"), CSV, 'formula', 'description'],
    ['a formula behind a tab', csvRow('\t=1+1'), CSV, 'formula', 'description'],
    ['a wide formula', csvRow('＝1+1'), CSV, 'formula', 'description'],
    ['=HYPERLINK', csvRow('=HYPERLINK("http://example.org?x="&A1,"click")'), CSV, 'formula', 'description'],
    ['a formula of a workbook', formula, XLSX, 'formula', 'title'],
    ['U+0000 far into a sheet', csvRow(`${'long '.repeat(2_000)}\u0000`), CSV, 'unstorable', 'description'],
    ['U+0000 in a workbook', await xlsxOf([['title'], ['Plain _x0000_ text']]), XLSX, 'unstorable', 'title'],
    ['half a pair in a workbook', await xlsxOf([['title'], ['Plain _xD800_ text']]), XLSX, 'unstorable', 'title'],
    ['U+0000 in a title', own('').replace('Plain', 'a\\u0000b'), JSON_TYPE, 'unstorable', '/title'],
    ['U+0000 deeper', own(',"licence":{"note":"a\\u0000b"}'), JSON_TYPE, 'unstorable', '/licence/note'],
    ['a lone high surrogate', own(',"description":"a\\ud800b"'), NDJSON, 'unstorable', '/description'],
    ['a lone low surrogate', own(',"translations":{"nl":{"title":"\\udc00"}}'), NDJSON, 'unstorable', '/translations/nl/title'],
    ['U+0000 in a resource', '{"resourceType":"Measure","status":"draft","title":"a\\u0000b"}', FHIR, 'unstorable', '/title'],
    ['__proto__', own(',"__proto__":{"admin":true}'), JSON_TYPE, 'unknown-field', '/__proto__'],
    ['__proto__ of an array', own(',"__proto__":["clinical"]'), NDJSON, 'unknown-field', '/__proto__'],
    ['constructor', own(',"constructor":{"prototype":{"admin":true}}'), JSON_TYPE, 'unknown-field', '/constructor'],
    ['__proto__ deeper', own(',"licence":{"__proto__":{"note":"x"}}'), JSON_TYPE, 'unknown-field', '/licence/__proto__'],
    ['toString', own(',"toString":"x"'), JSON_TYPE, 'unknown-field', '/toString'],
    [
      'hasOwnProperty in translations',
      own(',"translations":{"hasOwnProperty":{"title":"x"}}'),
      JSON_TYPE,
      'unknown-field',
      '/translations/hasOwnProperty'
    ],
    ['an unknown field', own(',"titel":"x"'), JSON_TYPE, 'unknown-field', '/titel', /"title"|title/],
    ['10,000 levels', own(`,"a":${nested(10_000, '[', ']')}`), JSON_TYPE, 'unreadable', '', /nested/],
    ['100,000 levels', own(`,"a":${nested(100_000, '{"a":', '}', '1')}`), NDJSON, 'unreadable', '', /nested/],
    [
      '10,000 extensions',
      `{"resourceType":"Measure","title":"x","extension":${nested(10_000, '[{"extension":', '}]', '[]')}}`,
      FHIR,
      'unreadable',
      '',
      /nested/
    ],
    ['a list of lists', nested(100_000, '[', ']'), JSON_TYPE, 'unreadable', '', /nested/],
    ['a number', '[5]', JSON_TYPE, 'not-a-measure', '', /object/],
    ['null', '[null]', JSON_TYPE, 'not-a-measure', '', /object/],
    ['a text', '"Plain"', JSON_TYPE, 'not-a-measure', '', /object/],
    ['no title', '{"levels":["clinical"]}', JSON_TYPE, 'missing', '/title'],
    ['a title that is a number', '{"title":5}', JSON_TYPE, 'invalid', '/title'],
    ['a title of blanks', '{"title":"  "}', JSON_TYPE, 'invalid', '/title'],
    ['a line that is no JSON', 'nonsense\n', NDJSON, 'unreadable', '', /Column \d/],
    ['a line that is cut off', '{"title":\n', NDJSON, 'unreadable', '', /Column 10/],
    ['STU3', JSON.stringify(stu3), FHIR, 'unsupported-version', '/group/0/population/0/criteria', /STU3/],
    ...['Library', 'Questionnaire', 'Patient', 'MeasureReport'].map(
      (name): Rejected => [
        name,
        JSON.stringify({ resourceType: name }),
        FHIR,
        'not-a-measure',
        '/resourceType',
        new RegExp(`\\b${name}\\b`)
      ]
    ),
    ['no resource', '{"title":"Plain"}', FHIR, 'not-a-measure', '/resourceType', /resourceType/],
    ['an entry without a resource', '{"resourceType":"Bundle","entry":[{"fullUrl":"x"}]}', FHIR, 'not-a-measure', '', /no resource/],
    [
      'a Bundle in a Bundle',
      '{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Bundle"}}]}',
      FHIR,
      'not-a-measure',
      '',
      /Bundle/
    ],
    ...['Has Spaces', '../../etc/passwd', 'UPPER', '-begins', 'é', 'x'.repeat(81), 'x', '', "a'; drop table measures"].flatMap(
      (id): Rejected[] => [
        [`id ${id.slice(0, 20)}`, own(`,"id":${JSON.stringify(id)}`), JSON_TYPE, 'invalid', '/id'],
        ...(id === '' ? [] : [[`id ${id.slice(0, 20)} in a sheet`, `title,id\r\nPlain,${id}\r\n`, CSV, 'invalid', 'id'] as const])
      ]
    ),
    ['an id that is a number', own(',"id":5'), JSON_TYPE, 'invalid', '/id']
  ]
}

async function strange(): Promise<Taken[]> {
  const wide = Array.from({ length: 176 }, (_, i) => (i === 3 ? 'title' : i % 5 === 0 ? '' : `column ${i}`))
  const values = wide.map((_, i) => (i === 3 ? 'Wide' : i < 90 ? `v${i}` : ''))
  return [
    ['with a mark', '\uFEFFtitle,levels\r\nMarqué,clinical\r\n', CSV, 'Marqué'],
    ['UTF-16, little end first', Buffer.from('\uFEFFtitle,levels\r\nMarqué,clinical\r\n', 'utf16le'), CSV, 'Marqué'],
    ['UTF-16, big end first', Buffer.from('\uFEFFtitle,levels\r\nMarqué,clinical\r\n', 'utf16le').swap16(), CSV, 'Marqué'],
    ['Latin-1 that says so', Buffer.from('title\r\nQualité\r\n', 'latin1'), 'text/csv; charset=ISO-8859-1', 'Qualité'],
    ['a heading over several lines', '"title\r\n",levels,"a heading\r\nover\nthree lines"\r\nLines,clinical,x\r\n', CSV, 'Lines'],
    ['176 columns, some without a name', `${wide.join(';')}\r\n${values.join(';')}\r\n`, CSV, 'Wide'],
    ['176 columns of a workbook', await xlsxOf([wide, values]), XLSX, 'Wide'],
    ['tabs', 'title\tlevels\r\nTabs, and commas\tclinical\r\n', CSV, 'Tabs, and commas'],
    ['old line ends', 'title,levels\rOld,clinical\r', CSV, 'Old'],
    ['empty lines', '\r\n\r\ntitle,levels\r\n\r\nEmpty,clinical\r\n\r\n', CSV, 'Empty'],
    ['headings with names of objects', 'title,__proto__,constructor,toString,hasOwnProperty\r\nNames,a,b,c,d\r\n', CSV, 'Names'],
    ['a short row', 'title,levels,types\r\nShort\r\n', CSV, 'Short'],
    ['signs that are no formulas', 'title,description\r\n- Item,"+32 2 123"\r\n', CSV, '- Item'],
    ['a formula that is only text', await xlsxOf([['title'], ['=1+1 is a sum']]), XLSX, '=1+1 is a sum'],
    [
      'half a pair where no field holds it',
      '{"resourceType":"Measure","status":"draft","title":"Half","library":["\\ud800"],"a\\u0000b":1}',
      FHIR,
      'Half'
    ],
    ['a mark before JSON', '\uFEFF[{"title":"Marked"}]', JSON_TYPE, 'Marked'],
    ['JSON lines sent as JSON', '{"title":"First line"}\n', JSON_TYPE, 'First line'],
    ['Windows line ends in NDJSON', '\uFEFF{"title":"Windows"}\r\n\r\n', NDJSON, 'Windows'],
    ['__proto__ in a resource', '{"resourceType":"Measure","status":"draft","title":"Proto","__proto__":{"title":"x"}}', FHIR, 'Proto']
  ]
}

/** Sends a body piece by piece; gives the answer, or why there was none, and how long it took. */
function sendPieces(client: Client, headers: Record<string, string>, pieces: number, size = MIB) {
  return new Promise<{ status: number; text: string; seconds: number; error?: string }>((resolve) => {
    const start = performance.now()
    const end = (status: number, text: string, error?: string) => {
      clearTimeout(limit)
      sender.destroy()
      resolve({ status, text, seconds: (performance.now() - start) / 1_000, ...(error ? { error } : {}) })
    }
    const limit = setTimeout(() => end(0, '', 'no answer'), 45_000)
    const all = { authorization: client.bearer('contributor'), 'content-type': CSV, ...headers }
    const sender = request(`${client.server.base}/v1/imports`, { method: 'POST', headers: all, agent: false }, (answer) => {
      let text = ''
      answer.on('data', (chunk) => (text += chunk))
      answer.once('end', () => end(answer.statusCode ?? 0, text))
    })
    sender.once('error', (error) => setTimeout(() => end(0, '', error.message), 200))
    const piece = Buffer.alloc(size, 'title\n')
    const write = (left: number): unknown => {
      if (left === 0) return sender.end()
      return sender.write(piece) ? setImmediate(write, left - 1) : sender.once('drain', () => write(left - 1))
    }
    sender.flushHeaders()
    if (pieces > 0) write(pieces)
  })
}

const files = { workbooks: await workbooks(), rows: await rows(), strange: await strange() }

async function suite(t: Test, client: Client) {
  await client.draft({ title: `Another ${client.word}` })
  const { test, refuses } = await unharmed(t, client)
  const send = (file: File, type: string, query = '', ask: Ask = {}) =>
    client.post(`/v1/imports${query}`, file, { as: 'contributor', headers: { 'content-type': type }, ...ask })
  const mapped = (mapping: string) => `?mapping=${encodeURIComponent(mapping)}`

  for (const [name, cases] of [
    ['texts', texts],
    ['workbooks', files.workbooks]
  ] as const) {
    test(`${name} that cannot be read (${cases.length} files)`, async (t) => {
      const faults: string[] = []
      const listed = async () => (await client.get('/v1/imports?limit=1', { as: 'contributor' })).json.total
      const before = await listed()
      for (const [name, file, type, status, code, says] of cases) {
        const reply = await send(file, type)
        const fault =
          faultOf(reply, { status, code }) ?? (says.test(reply.text) ? undefined : `${says} is not in ${reply.text.slice(0, 400)}`)
        if (fault) faults.push(`${name}: ${fault}`)
      }
      t.same(faults, [])
      t.equal(await listed(), before, 'no report is kept of what could not be read')
    })
  }

  test(`rows that are rejected (${files.rows.length} files)`, async (t) => {
    const faults: string[] = []
    for (const [name, file, type, code, place, says = /./] of files.rows) {
      const reply = await send(file, type)
      const [row] = rowsOf(reply.json)
      const [note] = row?.errors ?? []
      const found = note?.column ?? note?.pointer ?? placeOf(note?.field, type)
      const right =
        reply.status === 201 &&
        reply.json['created'] === 0 &&
        reply.json['rejected'] === 1 &&
        note?.code === code &&
        found === place &&
        says.test(JSON.stringify(note)) &&
        leaks(reply.text) === undefined
      if (!right)
        faults.push(
          `${name}: ${code} at "${place}" ${says}: ${reply.status} ${reply.text.slice(reply.text.indexOf('"rows"') - 1).slice(0, 600)}`
        )
    }
    t.same(faults, [])
  })

  test(`files that only look strange (${files.strange.length} files)`, async (t) => {
    const faults: string[] = []
    for (const [name, file, type, title] of files.strange) {
      const reply = await send(file, type, '?dryRun=true')
      const [row] = rowsOf(reply.json)
      if (reply.status !== 200 || row?.outcome !== 'created' || row.title !== title)
        faults.push(`${name}: ${reply.status} ${reply.text.slice(0, 900)}`)
    }
    t.same(faults, [])
  })

  test('a good row beside bad ones goes in alone', async (t) => {
    const file = '{"title":"Good"}\nnonsense\n{"title":\n{"title":"Bad","levels":["clincal"]}\n'
    const { json } = await send(file, NDJSON, '?dryRun=true')
    t.same(
      rowsOf(json).map(({ outcome, at }) => `${at}: ${outcome}`),
      ['line 1: created', 'line 2: rejected', 'line 3: rejected', 'line 4: rejected']
    )
  })

  const sheet = 'Name,Kind\r\nPlain,process\r\n'
  const badMapping = (mapping: string): Row => [
    mapping.slice(0, 60),
    'POST',
    `/v1/imports${mapped(mapping)}`,
    { as: 'contributor', body: sheet, headers: { 'content-type': CSV } },
    400,
    'invalid-parameter',
    '?mapping'
  ]
  refuses('mappings', [
    ...['{', '', '[]', '["title"]', 'null', '5', '"title"', '{"Name":5}', '{"Name":["title"]}', '{"Name":{}}', '{"Name":""}'].map(
      badMapping
    ),
    ...['titel', 'title.x', '__proto__', 'constructor', 'toString', 'licence', 'version', 'translations.nl', 'translations.!!.title'].map(
      (field) => badMapping(JSON.stringify({ Name: field }))
    ),
    badMapping('{"Name":{"field":"title","sepparator":"|"}}'),
    badMapping('{"Name":{"field":"title","__proto__":{"value":"x"}}}'),
    badMapping('{"__proto__":"title"}'),
    badMapping('{"__proto__":{"field":"title"},"Name":"title"}'),
    badMapping('{"Name":"title","Nothing":"types"}'),
    badMapping('{"name":"title"}'),
    badMapping('{"Name":"title","constructor":"types"}'),
    badMapping('{"Name":"title","Kind":"title"}'),
    badMapping('{"Name":"title","Kind":{"field":"types","value":"nonsense"}}'),
    badMapping('{"Name":"title","Kind":{"field":"types","values":{"process":"nonsense"}}}'),
    badMapping('{"Name":"title\\u0000"}')
  ])
  test('a mistake in a mapping is named, with what may have been meant', async (t) => {
    for (const [mapping, says] of [
      ['{"Name":"titel"}', /Name.*title/],
      ['{"Nme":"title"}', /Nme.*Name/],
      ['{"Name":"title","Kind":{"field":"types","value":"proces"}}', /Kind.*process/]
    ] as const)
      t.match((await send(sheet, CSV, mapped(mapping))).json.errors[0]?.detail, says, mapping)
  })

  test('mistakes are named as the file names the places', async (t) => {
    const headings = `?mapping=${encodeURIComponent('{"Naam":"title","Kenmerk":"id","Jaar":"development.year"}')}`
    const { json } = await send('Naam;Kenmerk;Jaar\r\nPlain;Not an id;never\r\n', CSV, headings)
    t.same(
      rowsOf(json)[0]
        ?.errors.map(({ column }) => column)
        .sort(),
      ['Jaar', 'Kenmerk'],
      'by the headings of a sheet'
    )
    const text = '{"resourceType":"Measure","status":"draft","title":"a\\u0000b"}'
    t.match(rowsOf((await send(text, FHIR)).json)[0]?.errors, [{ pointer: '/title' }], 'by the elements of a resource')
    const own = await send('{"title":"Plain","licence":{"fee":"nonsense"}}', JSON_TYPE)
    t.match(rowsOf(own.json)[0]?.errors, [{ pointer: '/licence/fee' }], 'by the members of an object')
  })

  const post = (query: string, type: string | undefined, body: unknown = sheet): readonly [string, string, Ask] => [
    'POST',
    `/v1/imports${query}`,
    { as: 'contributor', body, headers: type === undefined ? {} : { 'content-type': type } }
  ]
  const get = (path: string): readonly [string, string, Ask] => ['GET', path, { as: 'contributor' }]
  const { next } = (await client.get('/v1/measures?status=draft&limit=1', { as: 'contributor' })).json
  const cursor = encodeURIComponent(next)
  refuses('types', [
    ...[
      'text/plain',
      'application/pdf',
      'application/vnd.ms-excel',
      'multipart/form-data; boundary=x',
      'application/xml',
      'nonsense',
      'text/'
    ].map((type): Row => [type, ...post('', type), 415, 'unsupported-media-type']),
    ['none', ...post('', undefined, Buffer.from(sheet)), 415, 'unsupported-media-type'],
    ['none, and nothing', ...post('', undefined, undefined), 415, 'unsupported-media-type']
  ])
  refuses('parameters', [
    ['dryrun', ...post('?dryrun=true', CSV), 400, 'unknown-parameter', '?dryrun'],
    ['constructor', ...post('?constructor=1', CSV), 400, 'unknown-parameter', '?constructor'],
    ['dryRun=maybe', ...post('?dryRun=maybe', CSV), 400, 'invalid-parameter', '?dryRun'],
    ['dryRun twice', ...post('?dryRun=true&dryRun=false', CSV), 400, 'invalid-parameter', '?dryRun'],
    ['dryRun=', ...post('?dryRun=', CSV), 400, 'invalid-parameter', '?dryRun'],
    ['publish=1', ...post('?publish=1', CSV), 400, 'invalid-parameter', '?publish'],
    ['atomic=yes', ...post('?atomic=yes', CSV), 400, 'invalid-parameter', '?atomic'],
    ['file=', ...post('?file=', CSV), 400, 'invalid-parameter', '?file'],
    ['a long name of a file', ...post(`?file=${'x'.repeat(256)}`, CSV), 400, 'invalid-parameter', '?file'],
    ['U+0000 in the name of a file', ...post('?dryRun=true&file=a%00b', CSV, 'title\r\nPlain\r\n'), 400, 'invalid-parameter', '?file'],
    ['limit=0', ...get('/v1/imports?limit=0'), 400, 'invalid-parameter', '?limit'],
    ['limit=1001', ...get('/v1/imports?limit=1001'), 400, 'invalid-parameter', '?limit'],
    ['since', ...get('/v1/imports?since=1'), 400, 'unknown-parameter', '?since'],
    ['a cursor of another list', ...get(`/v1/imports?cursor=${cursor}`), 400, 'cursor-of-another-query', '?cursor'],
    ['a cursor that is none', ...get('/v1/imports?cursor=nonsense'), 400, 'invalid-cursor', '?cursor'],
    ['a cursor with U+0000', ...get('/v1/imports?cursor=%00'), 400, 'invalid-cursor', '?cursor'],
    ['PUT', 'PUT', '/v1/imports', { as: 'contributor' }, 405, 'method-not-allowed'],
    ['DELETE', 'DELETE', '/v1/imports/x', { as: 'contributor' }, 405, 'method-not-allowed']
  ])
  const odd = [
    'nothing',
    '%00',
    'a%00b',
    '..%2F..%2Fetc',
    '%F0%9F%92%A9',
    'a%20b',
    "'",
    '%25',
    '__proto__',
    'constructor',
    'x'.repeat(100),
    '%D8%00'.slice(0, 3)
  ]
  refuses(
    'imports that there are not',
    odd.flatMap((id): Row[] => {
      const status = decodable(id) ? 404 : 400
      const code = decodable(id) ? 'not-found' : 'invalid-parameter'
      return [
        [`GET ${id}`, ...get(`/v1/imports/${id}`), status, code],
        [`GET ${id}/rejected`, ...get(`/v1/imports/${id}/rejected`), status, code],
        [`revert ${id}`, 'POST', `/v1/imports/${id}/revert`, { as: 'contributor', body: {} }, status, code]
      ]
    })
  )

  test('more than 64 MiB', async (t) => {
    const said = await sendPieces(client, { 'content-length': String(64 * MIB + 1) }, 0)
    t.match(said, { status: 413 }, 'said beforehand: nobody waits for it')
    t.ok(said.seconds < 5, `answered after ${said.seconds} s`)
    const sending = await sendPieces(client, { 'content-length': String(80 * MIB) }, 80)
    // The server does not wait for what it will not read: a client that only writes may find the connection closed.
    t.ok(
      sending.status === 413 || /EPIPE|ECONNRESET/.test(String(sending.error)),
      `said beforehand, and sent all the same: ${sending.error}`
    )
    const chunked = await sendPieces(client, { 'transfer-encoding': 'chunked' }, 70)
    t.match(chunked, { status: 413 }, `not said beforehand: ${chunked.error}`)
    for (const { text } of [said, chunked]) t.match(parse(text), { status: 413, code: 'payload-too-large', detail: /64 MiB/ })
    const headers = { 'content-type': CSV, 'content-encoding': 'gzip' }
    const compressed = await send(gzipSync('title\r\nPlain\r\n'), CSV, '', { headers })
    t.ok(
      [400, 415].includes(compressed.status),
      `what is compressed is not read as text: ${compressed.status} ${compressed.text.slice(0, 200)}`
    )
  })

  test('a mapping that is nested deeply harms nobody', async (t) => {
    const deep = mapped(nested(5_000, '{"Name":', '}', '1'))
    for (const query of [deep, mapped('{"Name":"titel"}'), deep, mapped('[]')]) {
      const reply = await send(sheet, CSV, query)
      t.equal(faultOf(reply, { status: 400, code: 'invalid-parameter', at: '?mapping' }), undefined, query.slice(0, 40))
    }
    t.equal((await client.get('/v1')).status, 200, 'and the server is still there')
  })
}

function decodable(id: string): boolean {
  try {
    decodeURIComponent(id)
    return true
  } catch {
    return false
  }
}

t.setTimeout(LONG)
for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip, timeout: LONG }, async (t) => {
    const client = await openClient(engine, { CATALOGUE: 'empty' })
    t.teardown(client.close)
    await suite(t, client)
  })
}
