import { unzipSync } from 'fflate'
import { readSheet } from 'read-excel-file/node'
import t, { type Test } from 'tap'
import writeXlsx from 'write-excel-file/node'
import { allPages, type Body, type Client, complete, faultOf, LONG, openClient, type Reply, refuses, type Who } from './client.ts'
import { engines } from './server.ts'

const CSV = 'text/csv'
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const FHIR = 'application/fhir+json'
const NDJSON = 'application/x-ndjson'
const JSON_TYPE = 'application/json'
const LANGUAGES = ['en', 'nl', 'fr', 'de', 'es']
const OUTCOMES = ['created', 'updated', 'unchanged', 'draft-only', 'rejected']

interface Note {
  readonly code: string
  readonly column?: string
  readonly pointer?: string
  readonly detail: string
}
interface Row {
  readonly row: number
  readonly at: string
  readonly id?: string
  readonly version?: string
  readonly outcome: string
  readonly errors: Note[]
  readonly warnings: Note[]
  readonly lacks?: string[]
}
interface Report extends Body {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly rejected: number
  readonly draftOnly: number
  readonly rows: Row[]
}

type Cells = readonly (readonly string[])[]
interface Options {
  readonly as?: Who
  readonly query?: Record<string, string>
  readonly headers?: Record<string, string>
}

const csvOf = (cells: Cells) => cells.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\r\n')
const xlsxOf = (cells: Cells) => writeXlsx(cells.map((row) => row.map((value) => ({ value, type: String })))).toBuffer()
const linesOf = (...records: unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('')
const reportOf = ({ json }: Reply) => json as Report
const outcomesOf = ({ rows }: Report) => rows.map(({ outcome }) => outcome)

/** A FHIR Measure with parts that no field of ours holds. */
const resource = (word: string, more: object = {}) => ({
  resourceType: 'Measure',
  id: 'as-its-publisher-calls-it',
  url: `https://example.org/Measure/${word}`,
  version: '0.0.012',
  status: 'draft',
  title: `Resource ${word}`,
  description: 'People who were screened.',
  publisher: 'A publisher',
  copyright: '© A publisher',
  library: ['https://example.org/Library/screening'],
  extension: [{ url: 'https://example.org/extension', valueDecimal: 1.5 }],
  contained: [{ resourceType: 'Library', id: 'inside', status: 'draft', type: { text: 'logic' } }],
  scoring: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/measure-scoring', code: 'proportion' }] },
  type: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/measure-type', code: 'process' }] }],
  group: [
    {
      population: [
        population('denominator', 'People of 65 and older.', 'Denominator'),
        population('numerator', 'Those who were screened.', 'Numerator')
      ]
    }
  ],
  ...more
})
const population = (code: string, description: string, expression: string) => ({
  code: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/measure-population', code }] },
  description,
  criteria: { language: 'text/cql-identifier', expression }
})

/** Everything that an import could change, and a dry run must not. */
async function stateOf(client: Client): Promise<object> {
  const log: string[] = []
  for (let since = '0'; ; ) {
    const { json } = await client.get(`/v1/changes?since=${since}&limit=1000`)
    if (json.items.length === 0) break
    log.push(...json.items.map(({ id, action, cursor }) => `${String(cursor)} ${action} ${id}`))
    since = String(json.items.at(-1)?.['cursor'])
  }
  const lists = await allPages(client, '/v1/measures?status=draft,active,retired&limit=1000&fields=id,status,version,updatedAt', {
    as: 'contributor'
  })
  const measures = lists.flat().map(({ id, status, version, updatedAt }) => `${id} ${status} ${version} ${String(updatedAt)}`)
  const { counts } = (await client.get('/v1')).json
  return { log, measures: measures.sort(), counts }
}

/** A report without what differs between a dry run and the commit of the same file. */
const comparable = ({ id: _id, at: _at, state: _state, dryRun: _dryRun, ...rest }: Report) => rest

/** That a report has the shape of the contract, and counts what its rows say. */
function isWellFormed(t: Test, report: Report, name: string) {
  const counted = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, outcomesOf(report).filter((each) => each === outcome).length]))
  const { created, updated, unchanged, draftOnly, rejected, total } = report
  t.same({ created, updated, unchanged, 'draft-only': draftOnly, rejected }, counted, `${name}: counts of its rows`)
  t.equal(total, report.rows.length, `${name}: all rows`)
  const faults = report.rows.filter(
    ({ row, outcome, errors, id }) =>
      !Number.isInteger(row) ||
      !OUTCOMES.includes(outcome) ||
      !Array.isArray(errors) ||
      (outcome === 'rejected' ? errors.length === 0 : errors.length > 0) ||
      (outcome !== 'rejected' && !/^[a-z0-9][a-z0-9-]{1,79}$/.test(id ?? ''))
  )
  t.same(faults, [], `${name}: rows`)
}

async function suite(t: Test, client: Client) {
  const { word } = client
  const bring = (body: string | Uint8Array, type: string, { as = 'contributor', query = {}, headers = {} }: Options = {}) =>
    client.post(`/v1/imports?${new URLSearchParams(query)}`, body, { as, headers: { 'content-type': type, ...headers } })
  const draftOf = async (id: string | undefined) => (await client.get(`/v1/measures/${id}/draft`, { as: 'contributor' })).json

  const table = (name: string): Cells => [
    ['title', 'types', 'levels', 'identifiers.ICB'],
    [`${name} one ${word}`, 'process', 'clinical', `${name}-1-${word}`],
    [`${name} two ${word}`, 'nonsense', 'clinical', `${name}-2-${word}`],
    [`${name} three ${word}`, 'outcome', 'professional', `${name}-3-${word}`]
  ]
  const records = (name: string) => [
    {
      title: `${name} one ${word}`,
      types: ['process'],
      levels: ['clinical'],
      identifiers: [{ system: 'ICB', value: `${name}-1-${word}` }]
    },
    { title: `${name} two ${word}`, types: ['nonsense'] },
    { title: `${name} three ${word}`, types: ['outcome'] }
  ]
  const bundle = (name: string) => ({
    resourceType: 'Bundle',
    type: 'collection',
    entry: [
      { fullUrl: 'urn:uuid:1', resource: resource(`${name}-1-${word}`) },
      { resource: { resourceType: 'Library', status: 'draft' } },
      { resource: resource(`${name}-3-${word}`) }
    ]
  })
  const kinds: [name: string, type: string, make: () => Promise<Buffer> | string, rows: number[], places: RegExp][] = [
    ['csv', CSV, () => csvOf(table('csv')), [2, 3, 4], /^types$/],
    ['tsv', 'text/tab-separated-values', () => csvOf(table('tsv')).replaceAll('","', '"\t"'), [2, 3, 4], /^types$/],
    ['xlsx', XLSX, () => xlsxOf(table('xlsx')), [2, 3, 4], /^types$/],
    ['bundle', FHIR, () => JSON.stringify(bundle('bundle')), [1, 2, 3], /^\/resourceType$/],
    ['ndjson', NDJSON, () => linesOf(...records('ndjson')), [1, 2, 3], /^\/types\/0$/],
    [
      'fhir-ndjson',
      'application/fhir+ndjson',
      () => linesOf(...bundle('fhirlines').entry.map((entry) => entry.resource)),
      [1, 2, 3],
      /^\/resourceType$/
    ],
    ['json', JSON_TYPE, () => JSON.stringify(records('json')), [1, 2, 3], /^\/types\/0$/],
    ['json of measures', JSON_TYPE, () => JSON.stringify({ measures: records('named') }), [1, 2, 3], /^\/types\/0$/]
  ]

  for (const [name, type, make, rows, place] of kinds) {
    t.test(`${name}: a dry run changes nothing, the commit reports the same, and again is unchanged`, async (t) => {
      const file = await make()
      const before = await stateOf(client)
      const dry = await bring(file, type, { query: { dryRun: 'true', file: `${name}.file` } })
      t.equal(dry.status, 200, dry.text.slice(0, 300))
      t.match(dry.json, { state: 'dry-run', dryRun: true, publish: false, atomic: false, mediaType: type, file: `${name}.file` })
      isWellFormed(t, reportOf(dry), 'dry run')
      t.same(await stateOf(client), before, 'nothing changed')

      const done = await bring(file, type, { query: { file: `${name}.file` } })
      t.equal(done.status, 201)
      t.match(done.json, { state: 'committed', dryRun: false, created: 2, updated: 0, unchanged: 0, rejected: 1, total: 3 })
      isWellFormed(t, reportOf(done), 'commit')
      t.same(comparable(reportOf(done)), comparable(reportOf(dry)), 'the same report')
      t.same(outcomesOf(reportOf(done)), ['created', 'rejected', 'created'])
      t.same(
        reportOf(done).rows.map(({ row }) => row),
        rows,
        'rows as people count'
      )
      t.match(reportOf(done).rows[1]?.errors[0], { code: String, detail: /\S/ })
      const { column, pointer } = reportOf(done).rows[1]?.errors[0] ?? {}
      t.match(column ?? pointer, place, 'and the place of the mistake')
      t.equal(new URL(done.headers.get('location') ?? '').pathname, `/v1/imports/${done.json.id}`)
      const id = reportOf(done).rows[0]?.id
      t.match(await draftOf(id), { id, status: 'draft', title: new RegExp(word) }, 'a draft')
      t.equal((await client.get(`/v1/measures/${id}`)).status, 404, 'that nobody published')

      const settled = await stateOf(client)
      const again = await bring(file, type)
      t.match(again.json, { created: 0, updated: 0, unchanged: 2, rejected: 1 }, 'the same file again')
      t.same(
        reportOf(again).rows.map(({ id }) => id),
        reportOf(done).rows.map(({ id }) => id),
        'finds the same measures'
      )
      t.same(await stateOf(client), settled, 'and changes nothing')
    })
  }

  t.test('a single record: a FHIR Measure, and a measure of ours', async (t) => {
    const fhir = await bring(JSON.stringify(resource(`single-${word}`)), FHIR)
    t.match(fhir.json, { format: 'fhir', created: 1, total: 1, rows: [{ row: 1, outcome: 'created', errors: [] }] })
    const own = await bring(JSON.stringify({ title: `Single ${word}`, levels: ['clinical'] }), JSON_TYPE)
    t.match(own.json, { format: 'json', created: 1, total: 1, rows: [{ row: 1, outcome: 'created' }] })
    t.match(await draftOf(reportOf(own).rows[0]?.id), { title: `Single ${word}`, levels: ['clinical'] })
  })

  t.test('a type with parameters and in capitals is the same type', async (t) => {
    const types: [string, string | Buffer][] = [
      ['Text/CSV; header=present', csvOf(table('caps-csv'))],
      ['TEXT/CSV;Charset="UTF-8"', csvOf(table('caps-quoted'))],
      [`${XLSX.toUpperCase()}; version=1`, await xlsxOf(table('caps-xlsx'))],
      ['Application/FHIR+JSON; charset=utf-8; fhirVersion=4.0', JSON.stringify(bundle('caps-bundle'))],
      ['APPLICATION/X-NDJSON ; charset=utf-8', linesOf(...records('caps-ndjson'))],
      ['Application/JSON;charset=UTF-8', JSON.stringify(records('caps-json'))]
    ]
    for (const [type, file] of types) {
      const answer = await bring(file, type, { query: { dryRun: 'true' } })
      t.match(answer.json, { state: 'dry-run', created: 2, rejected: 1 }, type)
    }
  })

  t.test('what changed is updated, and what people wrote since stays', async (t) => {
    const [heading, ...rows] = table('news')
    const [first] = (await bring(csvOf([heading!, ...rows]), CSV)).json['rows'] as Row[]
    const edited = { body: { rationale: 'Written by hand.' }, as: 'contributor', headers: { 'if-match': '*' } } as const
    t.equal((await client.call('PATCH', `/v1/measures/${first?.id}/draft`, edited)).status, 200)
    const changed = rows.map((row, i) => (i === 0 ? [`News changed ${word}`, ...row.slice(1)] : row))
    const dry = await bring(csvOf([heading!, ...changed]), CSV, { query: { dryRun: 'true' } })
    t.match((await draftOf(first?.id)).title, /one/, 'not by a dry run')
    const done = await bring(csvOf([heading!, ...changed]), CSV)
    t.match(done.json, { created: 0, updated: 1, unchanged: 1, rejected: 1 })
    t.same(comparable(reportOf(dry)), comparable(reportOf(done)))
    t.match(reportOf(done).rows[0], { outcome: 'updated', id: first?.id })
    t.match(await draftOf(first?.id), { title: `News changed ${word}`, rationale: 'Written by hand.' })
  })

  t.test('all rows or none', async (t) => {
    const file = linesOf({ title: `Atomic ${word}` }, { levels: ['clinical'] })
    const before = await stateOf(client)
    const refused = await bring(file, NDJSON, { query: { atomic: 'true' } })
    refuses(t, refused, { status: refused.status, code: 'import-refused', at: 'line 2' }, 'one is wrong')
    t.ok(refused.status >= 400 && refused.status < 500)
    t.same(await stateOf(client), before, 'nothing went in')
    const report = await client.get(new URL(refused.headers.get('location') ?? '').pathname, { as: 'contributor' })
    t.match(report.json, { state: 'refused', atomic: true, rejected: 1 }, 'the report is kept')
    t.match((await bring(linesOf({ title: `Atomic ${word}` }), NDJSON, { query: { atomic: 'true' } })).json, { created: 1 })
  })

  t.test('columns go where a mapping says', async (t) => {
    const file = csvOf([
      ['Indicator', 'Wat', 'Richting', 'Zkh', 'Weg'],
      [`Mapped ${word}`, 'process', 'lager is beter', 'x', 'gone'],
      [`Mapped too ${word}`, 'process', 'hoger is beter', '', 'gone']
    ])
    const mapping = {
      Indicator: 'title',
      Wat: 'types',
      Richting: { field: 'direction', values: { 'lager is beter': 'decrease', 'hoger is beter': 'increase' } },
      Zkh: { field: 'settings', value: 'hospital' },
      Weg: null
    }
    refuses(t, await bring(csvOf([['Wat'], ['process']]), CSV), { status: 422, code: 'mapping-needed' }, 'no title without one')
    const done = await bring(file, CSV, { query: { mapping: JSON.stringify(mapping) } })
    t.match(done.json, { created: 2, mapping })
    const [one, two] = await Promise.all(reportOf(done).rows.map(({ id }) => draftOf(id)))
    t.match(one, { title: `Mapped ${word}`, types: ['process'], direction: 'decrease', settings: ['hospital'] })
    t.match(two, { title: `Mapped too ${word}`, direction: 'increase' })
    t.notOk(two?.['settings'], 'a cell that says nothing fills nothing')
    t.notMatch(JSON.stringify([one, two]), /gone/, 'null leaves a column out')
    const objects = linesOf({ naam: { kort: `Inner ${word}` }, soort: 'process' })
    const inner = await bring(objects, NDJSON, { query: { mapping: JSON.stringify({ 'naam.kort': 'title', soort: 'types' }) } })
    t.match(await draftOf(reportOf(inner).rows[0]?.id), { title: `Inner ${word}`, types: ['process'] }, 'objects are mapped, too')
  })

  t.test('publish: by a reviewer, what is complete; nobody else is even listened to', async (t) => {
    const whole = complete({ title: `Whole ${word}`, identifiers: [{ system: 'ICB', value: `whole-${word}` }] })
    const file = linesOf(whole, { title: `Lacking ${word}` }, { levels: ['clinical'] })
    const before = await stateOf(client)
    const query = { publish: 'true' }
    refuses(t, await bring(file, NDJSON, { query }), { status: 403, code: 'forbidden' }, 'a contributor')
    refuses(t, await bring('{', NDJSON, { query }), { status: 403, code: 'forbidden' }, 'a contributor, whatever the file is')
    refuses(t, await bring(file, NDJSON, { query: { ...query, dryRun: 'true' } }), { status: 403, code: 'forbidden' }, 'nor a dry run')
    refuses(t, await bring('x', 'text/plain', { query }), { status: 403, code: 'forbidden' }, 'the type is not looked at either')
    t.same(await stateOf(client), before)

    const dry = await bring(file, NDJSON, { as: 'reviewer', query: { ...query, dryRun: 'true' } })
    t.same(await stateOf(client), before, 'a dry run publishes nothing')
    const done = await bring(file, NDJSON, { as: 'reviewer', query })
    t.match(done.json, { created: 1, draftOnly: 1, rejected: 1, publish: true })
    t.same(comparable(reportOf(done)), comparable(reportOf(dry)), 'the dry run said so')
    isWellFormed(t, reportOf(done), 'publication')
    const [first, second] = reportOf(done).rows
    t.match(first, { outcome: 'created', version: '1.0.0' })
    t.match(second, { outcome: 'draft-only', errors: [], lacks: ['description'] })
    t.ok(
      second?.lacks?.every((field) => second.warnings.some((note) => note.code === 'draft-only' && JSON.stringify(note).includes(field))),
      'each thing that it lacks is explained'
    )
    t.match((await client.get(`/v1/measures/${first?.id}`)).json, { version: '1.0.0', status: 'active', title: `Whole ${word}` })
    const listed = await client.get(`/v1/measures?identifier=${encodeURIComponent(`ICB=whole-${word}`)}`)
    t.same(
      (await client.get(`/v1/measures?q=${encodeURIComponent(`Whole ${word}`)}`)).json.items.map(({ id }) => id),
      [first?.id],
      'found by everybody at once'
    )
    t.ok(listed.status < 500)
    t.equal((await client.get(`/v1/measures/${second?.id}`)).status, 404, 'a draft is no version')

    const again = await bring(file, NDJSON, { as: 'reviewer', query })
    t.match(again.json, { created: 0, updated: 0, unchanged: 2, rejected: 1 }, 'the same again publishes nothing')
    const mended = complete({ title: `Lacking ${word}`, id: second?.id })
    t.match((await bring(linesOf(mended), NDJSON, { as: 'reviewer', query })).json, { rows: [{ outcome: 'updated', version: '1.0.0' }] })
    const counted = { ...whole, specification: { denominator: 'Others.', numerator: 'Others.' } }
    t.match(
      (await bring(linesOf(counted), NDJSON, { as: 'reviewer', query })).json,
      { updated: 1, rows: [{ outcome: 'updated', id: first?.id, version: '2.0.0' }] },
      'what is counted has changed: a major version'
    )
    t.equal((await client.get(`/v1/measures/${first?.id}`)).json.version, '2.0.0')
  })

  t.test('the report is kept', async (t) => {
    const done = await bring(csvOf(table('kept')), CSV, { query: { file: 'kept ✓.csv' } })
    const path = `/v1/imports/${done.json.id}`
    const kept = await client.get(path, { as: 'other-contributor' })
    t.equal(kept.status, 200)
    t.same(kept.json, done.json, 'word for word')
    t.equal(kept.json['file'], 'kept ✓.csv')
    t.match(kept.etag, /^(W\/)?"[^"]+"$/)
    const same = await client.get(path, { as: 'contributor', headers: { 'if-none-match': kept.etag } })
    t.match(same, { status: 304, text: '' })
    t.equal((await client.get(path, { as: 'contributor', headers: { 'if-none-match': '"other"' } })).status, 200)
    const rejected = await client.get(`${path}?outcome=rejected`, { as: 'contributor' })
    t.match(reportOf(rejected).rows, [{ row: 3, outcome: 'rejected' }])
    t.equal(reportOf(rejected).rows.length, 1, 'only the rows that were asked for')
    t.not(rejected.etag, kept.etag, 'and that is another answer')
    const some = await client.get(`${path}?outcome=created,rejected`, { as: 'contributor' })
    t.equal(reportOf(some).rows.length, 3)
    const sheet = await client.get(`${path}?format=csv`, { as: 'contributor' })
    t.match(sheet.headers.get('content-type'), /^text\/csv/)
    t.match(sheet.text, /nonsense/)
    refuses(t, await client.get(path), { status: 401, code: 'unauthenticated' }, 'not for everybody')
    refuses(t, await client.get('/v1/imports'), { status: 401, code: 'unauthenticated' }, 'nor the list')
    const dry = await bring(csvOf(table('kept-dry')), CSV, { query: { dryRun: 'true' } })
    t.same((await client.get(`/v1/imports/${dry.json.id}`, { as: 'contributor' })).json, dry.json, 'that of a dry run, too')
    await client.post(`${path}/revert`, {}, { as: 'contributor' })
    const after = await client.get(path, { as: 'contributor', headers: { 'if-none-match': kept.etag } })
    t.match(after, { status: 200, json: { state: 'reverted' } }, 'a report that changed is sent again')
  })

  t.test('Idempotency-Key: the same request has the same answer, and is done once', async (t) => {
    const file = linesOf({ title: `Once ${word}` }, { levels: ['clinical'] })
    for (const query of [{ dryRun: 'true' }, {}, { atomic: 'true' }] as Record<string, string>[]) {
      const name = JSON.stringify(query)
      const headers = { 'idempotency-key': `key-${word}-${Object.keys(query).join('')}` }
      const imports = async () => (await client.get('/v1/imports?limit=1', { as: 'contributor' })).json.total
      const first = await bring(file, NDJSON, { query, headers })
      const [state, count] = [await stateOf(client), await imports()]
      const second = await bring(file, NDJSON, { query, headers })
      t.match(second, { status: first.status, text: first.text }, `${name}: word for word`)
      t.equal(second.headers.get('location'), first.headers.get('location'))
      t.equal(first.headers.get('idempotency-replayed'), null)
      t.equal(second.headers.get('idempotency-replayed'), 'true')
      t.same([await stateOf(client), await imports()], [state, count], `${name}: done once`)
      const other = await bring(linesOf({ title: `Another ${word}` }), NDJSON, { query, headers })
      refuses(t, other, { status: other.status, code: 'idempotency-key-reused' }, `${name}: another file`)
      t.ok(other.status === 409 || other.status === 422, `${name}: ${other.status}`)
      t.same([await stateOf(client), await imports()], [state, count], `${name}: which is not done`)
    }
    const both = await Promise.all(
      [1, 2].map(() => bring(linesOf({ title: `At once ${word}` }), NDJSON, { headers: { 'idempotency-key': `both-${word}` } }))
    )
    t.equal(both[0]?.text, both[1]?.text, 'two at the same moment')
    const found = await client.get(`/v1/measures?status=draft&q=${encodeURIComponent(`At once ${word}`)}`, { as: 'contributor' })
    t.equal(found.json.items.filter(({ title }) => title === `At once ${word}`).length, 1)
  })

  t.test('the list is read page by page', async (t) => {
    const whole = (await client.get('/v1/imports?limit=1000', { as: 'contributor' })).json
    t.ok(whole.total >= 10)
    t.equal(whole.items.length, whole.total)
    t.equal(whole.next, '')
    const pages = await allPages(client, '/v1/imports?limit=3', { as: 'contributor' })
    t.same(pages.flat(), whole.items, 'each once, in the same order')
    t.ok(pages.slice(0, -1).every(({ length }) => length === 3))
    const times = whole.items.map(({ at }) => String(at))
    t.same(times, times.toSorted().reverse(), 'the newest first')
    t.ok(
      whole.items.every(({ rows }) => rows === undefined),
      'without their rows'
    )
    const exported = await client.get('/v1/imports?format=ndjson', { as: 'contributor' })
    t.equal(exported.text.trim().split('\n').length, whole.total)
  })

  t.test('rejected rows are downloaded, mended and sent again', async (t) => {
    const ways: [string, string, string | Buffer, (reply: Reply) => Promise<string | Buffer>][] = [
      ['csv', CSV, csvOf(table('mend-csv')), async ({ text }) => text.replace('nonsense', 'structure')],
      [
        'xlsx',
        XLSX,
        await xlsxOf(table('mend-xlsx')),
        async ({ bytes }) => {
          const cells = (await readSheet(bytes)) as string[][]
          return xlsxOf(cells.map((row) => row.map((cell) => (cell === 'nonsense' ? 'structure' : (cell ?? '')))))
        }
      ],
      ['ndjson', NDJSON, linesOf(...records('mend-ndjson')), async ({ text }) => text.replace('"nonsense"', '"structure"')]
    ]
    for (const [name, type, file, mend] of ways) {
      const done = await bring(file, type)
      const rejected = await client.get(`/v1/imports/${done.json.id}/rejected`, { as: 'contributor' })
      t.equal(rejected.status, 200)
      t.match(rejected.headers.get('content-type') ?? '', new RegExp(`^${type.replace('+', '\\+')}`), `${name}: as it came`)
      t.match(rejected.headers.get('content-disposition'), new RegExp(`filename="rejected\\.${name}"`))
      const text = name === 'xlsx' ? JSON.stringify(await readSheet(rejected.bytes)) : rejected.text
      t.match(text, /importComment/, `${name}: with a comment`)
      t.match(text, /nonsense/)
      t.notMatch(text, new RegExp(`(one|three) ${word}`), `${name}: only what was rejected`)
      const again = await bring(rejected.bytes, type)
      t.match(again.json, { total: 1, created: 0, rejected: 1 }, `${name}: not mended`)
      const mended = await bring(await mend(rejected), type)
      t.match(mended.json, { total: 1, created: 1, rejected: 0, rows: [{ outcome: 'created', errors: [] }] }, `${name}: mended`)
      t.notMatch(mended.text, /importComment/, `${name}: the comment is no column`)
      const draft = await draftOf(reportOf(mended).rows[0]?.id)
      t.match(draft, { title: `mend-${name} two ${word}`, types: ['structure'] })
      t.notMatch(JSON.stringify(draft), /importComment/)
    }
    const clean = await bring(linesOf({ title: `Clean ${word}` }), NDJSON)
    t.match(await client.get(`/v1/imports/${clean.json.id}/rejected`, { as: 'contributor' }), { status: 200, text: '' }, 'nothing to mend')
  })

  t.test('an import is taken back', async (t) => {
    const kept = await bring(linesOf({ title: `Base ${word}`, identifiers: [{ system: 'ICB', value: `base-${word}` }] }), NDJSON)
    const baseId = reportOf(kept).rows[0]?.id
    const file = linesOf(
      { title: `Base changed ${word}`, identifiers: [{ system: 'ICB', value: `base-${word}` }] },
      { title: `New ${word}` }
    )
    const done = await bring(file, NDJSON)
    t.match(done.json, { updated: 1, created: 1 })
    const path = `/v1/imports/${done.json.id}/revert`
    const newId = reportOf(done).rows[1]?.id
    const revert = (at: string, as: Who, body: unknown = { reason: 'Wrong file.' }) => client.post(at, body, { as })
    refuses(t, await revert(path, 'other-contributor'), { status: 403, code: 'forbidden' }, 'by others')
    refuses(t, await client.post(path, {}), { status: 401, code: 'unauthenticated' }, 'by nobody')
    refuses(
      t,
      await revert(path, 'contributor', { why: 'x' }),
      { status: 422, code: 'unknown-property', at: '/why' },
      'with an unknown property'
    )
    t.match((await draftOf(baseId)).title, `Base changed ${word}`, 'refusals change nothing')
    const reverted = await revert(path, 'contributor')
    t.match(reverted, { status: 200, json: { state: 'reverted', reverted: { by: 'acceptance contributor', reason: 'Wrong file.' } } })
    t.equal((await draftOf(baseId)).title, `Base ${word}`, 'what was changed is as it was')
    t.equal((await client.get(`/v1/measures/${newId}/draft`, { as: 'contributor' })).status, 404, 'what was new is gone')
    refuses(t, await revert(path, 'contributor'), { status: 409, code: 'transition-not-allowed' }, 'only once')
    const dry = await bring(file, NDJSON, { query: { dryRun: 'true' } })
    refuses(
      t,
      await revert(`/v1/imports/${dry.json.id}/revert`, 'contributor'),
      { status: 409, code: 'transition-not-allowed' },
      'a dry run'
    )
    t.match((await bring(file, NDJSON)).json, { updated: 1, created: 1 }, 'it can go in again')

    const touched = await bring(linesOf({ title: `Touched ${word}` }, { title: `Untouched ${word}` }), NDJSON)
    const [touchedId, untouchedId] = reportOf(touched).rows.map(({ id }) => id)
    const edit = { body: { rationale: 'Worked on.' }, as: 'contributor', headers: { 'if-match': '*' } } as const
    await client.call('PATCH', `/v1/measures/${touchedId}/draft`, edit)
    const conflict = await revert(`/v1/imports/${touched.json.id}/revert`, 'contributor')
    refuses(t, conflict, { status: 409, code: 'conflict' }, 'people worked on it')
    t.match(JSON.stringify(conflict.json.errors), new RegExp(touchedId!), 'which is named')
    t.equal((await draftOf(untouchedId)).title, `Untouched ${word}`, 'and nothing is half-done')

    const published = await bring(linesOf(complete({ title: `Published ${word}` })), NDJSON, { as: 'reviewer', query: { publish: 'true' } })
    const { id } = reportOf(published).rows[0]!
    const publishedPath = `/v1/imports/${published.json.id}/revert`
    refuses(t, await revert(publishedPath, 'contributor'), { status: 403, code: 'forbidden' }, 'what is published, by a contributor')
    t.equal((await client.get(`/v1/measures/${id}`)).json.status, 'active')
    t.match(await client.call('POST', publishedPath, { as: 'reviewer' }), { status: 200, json: { state: 'reverted' } }, 'without a body')
    t.match((await client.get(`/v1/measures/${id}`)).json, { status: 'retired', title: `Published ${word}` }, 'stays readable')
  })

  t.test('FHIR comes back as it was', async (t) => {
    const sent = resource(`back-${word}`)
    const { json } = await bring(JSON.stringify(sent), FHIR)
    const { id } = (json as Report).rows[0]!
    const patch = {
      body: { levels: ['clinical'], dataSources: [{ kind: 'ehr' }] },
      as: 'contributor',
      headers: { 'if-match': '*' }
    } as const
    t.equal((await client.call('PATCH', `/v1/measures/${id}/draft`, patch)).status, 200)
    const publication = { impact: 'major', changeNote: 'First.' }
    const headers = { 'if-match': '*' }
    t.equal((await client.post(`/v1/measures/${id}/draft/publish`, publication, { as: 'reviewer', headers })).status, 200)
    const back = await client.get(`/fhir/Measure/${id}`)
    t.match(back.headers.get('content-type'), /^application\/fhir\+json/)
    t.same(back.json, sent, 'libraries, expressions, extensions, contained resources and all')
    t.same((await client.get(`/v1/measures/${id}/source`)).json['record'], sent, 'and the record word for word')
    t.match(await client.get('/fhir/Measure/there-is-none'), { status: 404 })
    const again = await bring(back.bytes, FHIR)
    t.match(again.json, { created: 0, updated: 0, unchanged: 1, rows: [{ id }] }, 'what comes back is the same record')
    await client.revise(id!, { title: `Edited ${word}` })
    const edited = (await client.get(`/fhir/Measure/${id}`)).json as unknown as Record<string, unknown>
    t.match(edited, { title: `Edited ${word}`, library: sent.library, contained: sent.contained, extension: sent.extension })
    t.match(edited['group'], sent.group, 'what was not edited is as it was')
  })

  t.test('the template, in every language', async (t) => {
    const headings: string[] = []
    const explanations = new Set<string>()
    for (const lang of LANGUAGES) {
      const csv = await client.get(`/v1/imports/template.csv?lang=${lang}`)
      t.match([csv.status, csv.headers.get('content-language')], [200, lang])
      t.match(csv.headers.get('content-type'), /^text\/csv/)
      t.ok(csv.bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])), `${lang}: with the mark that spreadsheets need`)
      const [heading = ''] = csv.text.replace('\uFEFF', '').split('\r\n')
      headings.push(heading)
      explanations.add(csv.text)
      t.match(
        (await bring(csv.bytes, CSV, { query: { dryRun: 'true' } })).json,
        { total: 0, rejected: 0 },
        `${lang}: comments are no measures`
      )
      const byHeader = await client.get('/v1/imports/template.csv', { headers: { 'accept-language': lang } })
      t.equal(byHeader.text, csv.text, `${lang}: by Accept-Language`)

      const xlsx = await client.get(`/v1/imports/template.xlsx?lang=${lang}`)
      t.match([xlsx.status, xlsx.headers.get('content-language'), xlsx.headers.get('content-type')], [200, lang, XLSX])
      t.match(xlsx.headers.get('content-disposition'), /filename="[^"]+\.xlsx"/)
      const cells = (await readSheet(xlsx.bytes)) as string[][]
      t.same(cells[0], heading.split(','), `${lang}: the same headings`)
      t.match(
        Buffer.from(unzipSync(xlsx.bytes)['xl/worksheets/sheet1.xml']!).toString(),
        /<dataValidation /,
        `${lang}: lists to choose from`
      )
      t.match((await bring(xlsx.bytes, XLSX, { query: { dryRun: 'true' } })).json, { total: 0, rejected: 0 })
      const filled = [
        ...cells,
        cells[0]!.map((name) => (name === 'title' ? `Filled ${lang} ${word}` : name === 'levels' ? 'clinical' : ''))
      ]
      const done = await bring(await xlsxOf(filled.map((row) => row.map((cell) => cell ?? ''))), XLSX)
      t.match(done.json, { created: 1, rejected: 0, total: 1 }, `${lang}: filled in`)
    }
    t.equal(new Set(headings).size, 1, 'the same headings in every language')
    t.equal(explanations.size, LANGUAGES.length, 'and other words')
    refuses(t, await client.get('/v1/imports/template.csv?lang=!!'), { status: 400, code: 'invalid-parameter', at: '?lang' }, 'no language')
    refuses(
      t,
      await client.get('/v1/imports/template.csv?language=nl'),
      { status: 400, code: 'unknown-parameter', at: '?language' },
      'unknown'
    )
  })

  t.test('a copy of our own export is unchanged', async (t) => {
    const stratifiers = [{ dimension: 'gender-sex', availability: 'available' }]
    const more = { stratifiers, description: '=1+1, "quoted"\nand on a second line', translations: { nl: { title: 'Vertaald' } } }
    await client.publish({ ...more, title: `- Exported; ${word}`, identifiers: [{ system: 'ICB', value: `export-${word}` }] })
    for (const [format, type] of [
      ['csv', CSV],
      ['ndjson', NDJSON]
    ] as const) {
      const file = await client.get(`/v1/measures?format=${format}`)
      const { json } = await bring(file.bytes, type, { query: { dryRun: 'true' } })
      t.match(json, { created: 0, updated: 0, rejected: 0 }, format)
      t.equal(json['unchanged'], (await client.get('/v1/measures?limit=1')).json.total, `${format}: all of them`)
    }
  })

  t.test('identifiers of any system survive the way through our own sheet', async (t) => {
    const pairs: [system: string, value: string][] = [
      ['https://example.org/list?set=a', 'v'],
      ['urn:x|y', 'v'],
      ['ICB', 'a|b'],
      ['ICB', 'a=b'],
      ['ICB', 'a|b=c'],
      ['a\\b', 'c\\'],
      ['=1+1', 'v'],
      ["'quoted", 'v']
    ]
    for (const [i, [system, value]] of pairs.entries())
      await client.publish({ title: `Identified ${i} ${word}`, identifiers: [{ system, value: `${value} ${i}${word}` }] })
    const file = await client.get(`/v1/measures?format=csv&q=${encodeURIComponent(`Identified ${word}`)}`)
    const { json } = await bring(file.bytes, CSV, { query: { dryRun: 'true' } })
    const found = Object.fromEntries((json as Report).rows.map((row) => [row.id ?? JSON.stringify(row.errors), row.outcome]))
    const ids = pairs.map((_, i) => `identified-${i}-${word}`)
    t.same(found, Object.fromEntries(ids.map((id) => [id, 'unchanged'])))
  })

  t.test('who may import', async (t) => {
    const file = linesOf({ title: `Roles ${word}` })
    const anonymous = await client.post('/v1/imports?dryRun=true', file, { headers: { 'content-type': NDJSON } })
    t.equal(faultOf(anonymous, { status: 401, code: 'unauthenticated' }), undefined)
    for (const as of ['contributor', 'reviewer', 'admin'] as const)
      t.equal((await bring(file, NDJSON, { as, query: { dryRun: 'true' } })).status, 200, as)
  })
}

t.setTimeout(LONG)
for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip, timeout: LONG }, async (t) => {
    const client = await openClient(engine, { CATALOGUE: 'empty' })
    t.teardown(client.close)
    await suite(t, client)
  })
}
