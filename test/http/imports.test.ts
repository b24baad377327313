/** Imports over HTTP: from a file to a report, on both engines. */
import t from 'tap'
import { engines } from '../engines.ts'
import { PUBLISHABLE } from '../openapi/examples.ts'
import { openRegistry, type Registry, type SendOptions } from '../registry.ts'

const CSV = 'text/csv'
const FHIR = 'application/fhir+json'
const NDJSON = 'application/x-ndjson'

const COMPLETE = { ...PUBLISHABLE, identifiers: [{ system: 'TEST', value: '1' }] }

const resource = (given: object = {}) => ({
  resourceType: 'Measure',
  url: 'https://example.org/Measure/falls',
  version: '0.0.002',
  status: 'draft',
  title: 'Falls screeningFHIR',
  description: 'Falls &amp; balance',
  publisher: 'A publisher',
  copyright: '© A publisher',
  library: ['https://example.org/Library/falls'],
  scoring: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/measure-scoring', code: 'proportion' }] },
  type: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/measure-type', code: 'process' }] }],
  ...given
})

interface Report {
  id: string
  state: string
  created: number
  updated: number
  unchanged: number
  draftOnly: number
  rejected: number
  total: number
  warnings: Record<string, number>
  mapping?: Record<string, unknown>
  unmapped?: string[]
  rows: { row: number; at: string; id?: string; version?: string; outcome: string; errors: Note[]; warnings: Note[]; lacks?: string[] }[]
}
interface Note {
  code: string
  column?: string
  field?: string
  detail: string
  mend?: string
}

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip }, async (t) => {
    const registry = await openRegistry(engine, { catalogue: 'empty' })
    t.teardown(registry.close)
    const bring = bringer(registry)

    t.test('a dry run changes nothing and reports the same as the commit', async (t) => {
      const file = lines(COMPLETE, { title: 'Only a title' }, { levels: ['clinical'] }, { title: 'Wrong', levels: ['clincal'] })
      const before = await countsOf(registry)
      const dry = await bring(file, NDJSON, { query: 'dryRun=true' })
      t.equal(dry.status, 200)
      t.equal(dry.report.state, 'dry-run')
      t.same(await countsOf(registry), before)
      const done = await bring(file, NDJSON, { query: 'file=list.ndjson' })
      t.equal(done.status, 201)
      t.match(done.headers['location'], new RegExp(`/v1/imports/${done.report.id}$`))
      t.match(done.report, { state: 'committed', created: 2, updated: 0, unchanged: 0, rejected: 2, total: 4 })
      t.same(outcomes(done.report), outcomes(dry.report))
      t.same(
        done.report.rows.map(({ errors }) => errors),
        dry.report.rows.map(({ errors }) => errors)
      )
      t.match(done.report.rows[2]!.errors, [{ code: 'missing', field: 'title' }])
      t.match(done.report.rows[3]!.errors, [{ code: 'unknown-code', field: 'levels.0', found: 'clincal', mend: /clinical/ }])
      const kept = await registry.send('GET', `/v1/imports/${done.report.id}`, { as: 'contributor' })
      t.same(kept.json(), done.report)
      const draft = await registry.send('GET', `/v1/measures/${done.report.rows[0]!.id}/draft`, { as: 'contributor' })
      t.match(draft.json(), { title: COMPLETE.title, status: 'draft' })
      t.match(draft.json().provenance, [
        { source: /^Imported from list.ndjson, line 1, by the contributor\.$/, status: 'seen', retrieved: '2026-11-24' }
      ])
      const again = await bring(file, NDJSON)
      t.match(again.report, { created: 0, unchanged: 2, rejected: 2 }, 'with an identifier or without')
    })

    t.test('only the report’s rows that are asked for, and as a sheet', async (t) => {
      const { report } = await bring(lines({ title: 'Fine' }, { title: 7 }), NDJSON)
      const only = await registry.send('GET', `/v1/imports/${report.id}?outcome=rejected`, { as: 'contributor' })
      t.same(outcomes(only.json()), ['rejected'])
      const csv = await registry.send('GET', `/v1/imports/${report.id}?format=csv`, { as: 'contributor' })
      t.match(csv.headers['content-type'], /text\/csv/)
      t.match(csv.body, /^\uFEFFrow,at,outcome,/)
      t.match(csv.body, /,error,invalid,/)
      const wrong = await registry.send('GET', `/v1/imports/${report.id}?outcome=lost`, { as: 'contributor' })
      t.match(wrong.json(), { status: 400, errors: [{ parameter: 'outcome' }] })
      const list = await registry.send('GET', '/v1/imports?limit=1', { as: 'contributor' })
      t.equal(list.json().items.length, 1)
      t.equal(list.json().items[0].id, report.id)
      const next = await registry.send('GET', `/v1/imports?limit=1&cursor=${list.json().next}`, { as: 'contributor' })
      t.not(next.json().items[0].id, report.id)
      t.ok(list.json().total >= 4)
      t.equal(
        (await registry.send('GET', '/v1/imports?format=csv', { as: 'contributor' })).body.trim().split('\r\n').length,
        list.json().total + 1
      )
    })

    t.test('rejected rows come back with a comment, are mended and sent again', async (t) => {
      const sheet = 'title,levels,remark\r\nA good row,clinical,x\r\nA bad row,klinisch-x,y\r\n'
      const { report } = await bring(sheet, CSV)
      t.match(report, { created: 1, rejected: 1, unmapped: ['remark'] })
      const file = await registry.send('GET', `/v1/imports/${report.id}/rejected`, { as: 'contributor' })
      t.match(file.body, /^\uFEFFtitle,levels,remark,importComment\r\n"?A bad row/)
      t.match(file.body, /row 3/)
      const mended = await bring(file.body.replace('klinisch-x,', 'clinical,'), CSV)
      t.match(mended.report, { created: 1, rejected: 0, unmapped: ['remark'] })
      const source = await registry.send('GET', `/v1/measures/${mended.report.rows[0]!.id}/source?version=draft`, { as: 'contributor' })
      t.match(source.json(), { format: 'csv', at: 'row 2', record: { remark: 'y', levels: 'clinical' } })
      t.notMatch(source.body, /importComment/)
      t.equal((await registry.send('GET', `/v1/measures/${mended.report.rows[0]!.id}/source?version=draft`)).statusCode, 401)
    })

    t.test('all rows or none', async (t) => {
      const before = await countsOf(registry)
      const refused = await bring(lines({ title: 'Good of atomic' }, { title: '' }), NDJSON, { query: 'atomic=true' })
      t.match(refused.body, { status: 422, code: 'import-refused', errors: [{ pointer: 'line 2' }] })
      t.same(await countsOf(registry), before)
      const report = await registry.send('GET', refused.headers['location']!.replace('https://registry.example', ''), { as: 'contributor' })
      t.match(report.json(), { state: 'refused', created: 1, rejected: 1 })
      const done = await bring(lines({ title: 'Good of atomic' }), NDJSON, { query: 'atomic=true' })
      t.match(done.report, { state: 'committed', created: 1 })
    })

    t.test('the next release of a measure becomes a draft of its next version, published by a reviewer', async (t) => {
      const complete = {
        types: ['outcome'],
        dataSources: [{ kind: 'ehr' }],
        levels: ['clinical'],
        scoring: 'cohort',
        description: 'D',
        licence: { permission: 'none' }
      }
      const rest = {
        ...complete,
        specification: { initialPopulation: 'Everybody.' },
        development: { steward: 'S' },
        identifiers: [{ system: 'T', value: '7' }]
      }
      const forbidden = await bring(lines({ title: 'Releases', ...rest }), NDJSON, { query: 'publish=true' })
      t.match(forbidden.body, { status: 403 })
      const first = await bring(lines({ title: 'Releases', ...rest }), NDJSON, { query: 'publish=true', as: 'reviewer' })
      t.match(first.report.rows, [{ outcome: 'created', version: '1.0.0' }])
      const same = await bring(lines({ title: 'Releases', ...rest }), NDJSON, { query: 'publish=true', as: 'reviewer' })
      t.match(same.report.rows, [{ outcome: 'unchanged' }])
      const drafted = await bring(lines({ title: 'Releases', ...rest, rationale: 'New.' }), NDJSON)
      t.match(drafted.report.rows, [{ outcome: 'updated', id: 'releases' }])
      const active = await registry.send('GET', '/v1/measures/releases')
      t.notOk(active.json().rationale)
      const others = await bring(lines({ title: 'Releases', ...rest, rationale: 'Newer.' }), NDJSON, {
        query: 'publish=true',
        as: 'reviewer'
      })
      t.match(others.report.rows, [{ outcome: 'draft-only', warnings: [{ code: 'draft-of-others' }] }])
      await registry.send('DELETE', '/v1/measures/releases/draft', { as: 'contributor' })
      const published = await bring(lines({ title: 'Releases', ...rest, rationale: 'Newer.' }), NDJSON, {
        query: 'publish=true',
        as: 'reviewer'
      })
      t.match(published.report.rows, [{ outcome: 'updated', version: '1.1.0' }])
      const counted = { ...rest, specification: { initialPopulation: 'Adults.' }, rationale: 'Newer.' }
      const major = await bring(lines({ title: 'Releases', ...counted }), NDJSON, { query: 'publish=true', as: 'reviewer' })
      t.match(major.report.rows, [{ outcome: 'updated', version: '2.0.0' }])
      const incomplete = await bring(lines({ title: 'Incomplete' }), NDJSON, { query: 'publish=true', as: 'reviewer' })
      t.match(incomplete.report, { draftOnly: 1, rows: [{ outcome: 'draft-only', lacks: ['description', 'types', 'scoring'] }] })
    })

    t.test('FHIR goes in, and comes back with everything that it had', async (t) => {
      const older = resource({ version: '0.0.001', rationale: 'Old.' })
      const bundle = {
        resourceType: 'Bundle',
        type: 'collection',
        entry: [{ resource: resource() }, { resource: older }, { resource: { resourceType: 'Library' } }]
      }
      const { report } = await bring(JSON.stringify(bundle), FHIR)
      t.same(outcomes(report), ['updated', 'created', 'rejected'], 'the older release goes in first')
      t.match(report.rows[2]!.errors, [{ code: 'not-a-measure', detail: /Library/ }])
      const codes = report.rows[0]!.warnings.map(({ code }) => code)
      for (const code of ['title-suffix', 'entities', 'version-as-identifier', 'several-releases', 'kept-apart'])
        t.ok(codes.includes(code), code)
      const { id } = report.rows[0]!
      const draft = (await registry.send('GET', `/v1/measures/${id}/draft`, { as: 'contributor' })).json()
      t.match(draft, {
        title: 'Falls screening',
        description: 'Falls & balance',
        licence: { copyright: '© A publisher' },
        development: { steward: 'A publisher' }
      })
      t.notOk(draft.rationale, 'the newest release is the one that stays')
      t.ok(draft.identifiers.some(({ value }: { value: string }) => value === 'https://example.org/Measure/falls|0.0.002'))
      const stale = await bring(JSON.stringify(older), FHIR)
      t.match(stale.report.rows, [{ outcome: 'unchanged', id }])
      t.ok(stale.report.rows[0]!.warnings.some(({ code }) => code === 'older-release'))
      await registry.send('PATCH', `/v1/measures/${id}/draft`, {
        as: 'contributor',
        headers: { 'if-match': '*' },
        body: { levels: ['clinical'], dataSources: [{ kind: 'ehr' }], specification: { denominator: 'All.', numerator: 'Some.' } }
      })
      const published = await registry.send('POST', `/v1/measures/${id}/draft/publish`, {
        as: 'reviewer',
        headers: { 'if-match': '*' },
        body: {}
      })
      t.equal(published.statusCode, 200, published.body)
      const fhir = await registry.send('GET', `/fhir/Measure/${id}`)
      t.match(fhir.headers['content-type'], /application\/fhir\+json/)
      t.match(fhir.json(), {
        resourceType: 'Measure',
        url: `https://registry.example/measures/${id}`,
        version: '1.0.0',
        relatedArtifact: [{ type: 'derived-from', resource: 'https://example.org/Measure/falls|0.0.002' }],
        library: ['https://example.org/Library/falls'],
        copyright: '© A publisher'
      })
      t.same((await registry.send('GET', `/fhir/Measure/${id}/_history/1.0.0`)).json(), fhir.json())
      t.equal((await registry.send('GET', '/fhir/Measure/nothing')).statusCode, 404)
      const source = await registry.send('GET', `/v1/measures/${id}/source`)
      t.same(source.json().record, resource())
      const again = await bring(JSON.stringify(resource()), FHIR)
      t.match(again.report.rows, [{ outcome: 'unchanged', id }], 'what people added since is theirs')
    })

    t.test('likely duplicates are reported, never merged', async (t) => {
      const { report } = await bring(lines({ title: 'Falls screening', identifiers: [{ system: 'OTHER', value: '9' }] }), NDJSON)
      t.match(report.rows, [{ outcome: 'created', warnings: [{ code: 'looks-like' }] }])
    })

    t.test('an import is taken back while nobody has touched its measures', async (t) => {
      const before = { title: 'To be reverted', identifiers: [{ system: 'R', value: '1' }] }
      const made = await bring(lines(before), NDJSON)
      const id = made.report.rows[0]!.id!
      const changed = await bring(lines({ ...before, rationale: 'Changed.' }, { title: 'Also new' }), NDJSON)
      t.same(outcomes(changed.report), ['updated', 'created'])
      const others = await revert(registry, made.report.id, 'second-reviewer')
      t.match(others.json(), { status: 409, code: 'conflict', errors: [{ detail: /to-be-reverted/ }] })
      const reverted = await revert(registry, changed.report.id)
      t.match(reverted.json(), { state: 'reverted', reverted: { by: 'the contributor', reason: 'Wrong file.' } })
      const draft = (await registry.send('GET', `/v1/measures/${id}/draft`, { as: 'contributor' })).json()
      t.notOk(draft.rationale)
      t.equal((await registry.send('GET', '/v1/measures/also-new/draft', { as: 'contributor' })).statusCode, 404)
      t.match((await revert(registry, changed.report.id)).json(), { status: 409, code: 'transition-not-allowed' })
      const again = await bring(lines({ ...before, rationale: 'Changed.' }), NDJSON)
      t.match(again.report.rows, [{ outcome: 'updated', id }])
      await registry.send('PATCH', `/v1/measures/${id}/draft`, {
        as: 'contributor',
        headers: { 'if-match': '*' },
        body: { guidance: 'By hand.' }
      })
      t.match((await revert(registry, again.report.id)).json(), { status: 409, code: 'conflict' })
      t.equal((await registry.send('GET', `/v1/measures/${id}/draft`, { as: 'contributor' })).json().guidance, 'By hand.')
    })

    t.test('what was published is taken back in the open', async (t) => {
      const record = { ...COMPLETE, title: 'Published by an import', identifiers: [{ system: 'P', value: '1' }] }
      const first = await bring(lines(record), NDJSON, { query: 'publish=true', as: 'reviewer' })
      const second = await bring(lines({ ...record, rationale: 'Second.' }), NDJSON, { query: 'publish=true', as: 'reviewer' })
      const id = first.report.rows[0]!.id!
      t.match((await revert(registry, second.report.id, 'contributor')).json(), { status: 403 })
      t.equal((await revert(registry, second.report.id, 'reviewer')).statusCode, 200)
      const measure = (await registry.send('GET', `/v1/measures/${id}`)).json()
      t.match(measure, { version: '1.2.0', changeNote: /content is that of version 1\.0\.0/ })
      t.notOk(measure.rationale)
      const other = await bring(lines({ ...record, title: 'Another', identifiers: [{ system: 'P', value: '2' }] }), NDJSON, {
        query: 'publish=true',
        as: 'reviewer'
      })
      const otherId = other.report.rows[0]!.id!
      await revert(registry, other.report.id, 'reviewer')
      t.match((await registry.send('GET', `/v1/measures/${otherId}`)).json(), { status: 'retired', retirement: { reason: /reverted/ } })
      const again = await bring(lines({ ...record, title: 'Another', identifiers: [{ system: 'P', value: '2' }] }), NDJSON, {
        query: 'publish=true',
        as: 'reviewer'
      })
      t.match(again.report.rows, [{ outcome: 'created', id: 'another-2' }])
    })

    t.test('two uploads of the same file at the same moment make one measure', async (t) => {
      const file = lines({ title: 'Twins', identifiers: [{ system: 'TWIN', value: '1' }] })
      const both = await Promise.all([bring(file, NDJSON), bring(file, NDJSON)])
      t.same(both.flatMap(({ report }) => outcomes(report)).sort(), ['created', 'unchanged'])
      const key = { 'idempotency-key': 'twins-1' }
      const once = await bring(lines({ title: 'Sent twice' }), NDJSON, { headers: key })
      const twice = await bring(lines({ title: 'Sent twice' }), NDJSON, { headers: key })
      t.equal(twice.headers['idempotency-replayed'], 'true')
      t.same(twice.report, once.report)
      t.match((await bring(lines({ title: 'Something else' }), NDJSON, { headers: key })).body, { code: 'idempotency-key-reused' })
    })

    t.test('what is refused says why, and leaves nothing behind', async (t) => {
      const before = await countsOf(registry)
      for (const [name, body, type, options, expected] of [
        ['no key', '{"title":"x"}', 'application/json', { as: 'nobody' }, { status: 401 }],
        ['an organiser', '{"title":"x"}', 'application/json', { as: 'organiser' }, { status: 403 }],
        ['another type', 'x', 'application/pdf', {}, { status: 415, code: 'unsupported-media-type', detail: /text\/csv/ }],
        ['a form', 'a=b', 'multipart/form-data; boundary=x', {}, { status: 415 }],
        ['nothing', '', CSV, {}, { status: 400, code: 'malformed-file' }],
        ['truncated JSON', '[{"title":"x"},{"title":', 'application/json', {}, { status: 400, code: 'malformed-file' }],
        [
          'Latin-1',
          Buffer.from('title\r\nQualit\u00e9\r\n', 'latin1'),
          CSV,
          {},
          { status: 400, code: 'malformed-file', detail: /charset/ }
        ],
        ['an unknown charset', 'title\r\nx\r\n', 'text/csv; charset=klingon', {}, { status: 400, code: 'malformed-file' }],
        [
          'no spreadsheet',
          'PK',
          'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
          {},
          { status: 400, code: 'malformed-file' }
        ],
        ['no titles', 'a,b\r\n1,2\r\n', CSV, {}, { status: 422, code: 'mapping-needed' }],
        ['a mapping that is no JSON', 'a\r\n1\r\n', CSV, { query: 'mapping={' }, { status: 400, errors: [{ parameter: 'mapping' }] }],
        [
          'a mapping to nothing',
          'a\r\n1\r\n',
          CSV,
          { query: `mapping=${encodeURIComponent('{"a":"titel"}')}` },
          { status: 400, errors: [{ parameter: 'mapping', detail: /title/ }] }
        ],
        [
          'a mapping of no column',
          'a\r\n1\r\n',
          CSV,
          { query: `mapping=${encodeURIComponent('{"b":"title"}')}` },
          { status: 400, errors: [{ parameter: 'mapping' }] }
        ],
        [
          'an unknown parameter',
          'a\r\n1\r\n',
          CSV,
          { query: 'dryrun=true' },
          { status: 400, code: 'unknown-parameter', errors: [{ nearest: 'dryRun' }] }
        ]
      ] as [string, string | Buffer, string, BringOptions, object][]) {
        const answer = await bring(body as string, type, options)
        t.match(answer.body, expected, name)
      }
      t.same(await countsOf(registry), before)
    })

    t.test('a sheet in another encoding, or as Excel writes it', async (t) => {
      const text = 'title;levels\r\nQualité des soins;clinical\r\n'
      for (const [n, body, type] of [
        [1, Buffer.from(text.replace('des', '1'), 'latin1'), 'text/csv; charset=windows-1252'],
        [2, Buffer.from(`\uFEFF${text.replace('des', '2')}`, 'utf16le'), CSV],
        [3, `\uFEFFsep=;\r\n${text.replace('des', '3')}`, CSV]
      ] as [number, Buffer | string, string][]) {
        const { report } = await bring(body as string, type)
        t.match(report.rows, [{ title: `Qualité ${n} soins`, outcome: 'created' }], type)
      }
    })
  })
}

t.test('the template is filled in and goes in', async (t) => {
  const registry = await openRegistry(engines[0]!, { catalogue: 'empty' })
  t.teardown(registry.close)
  const bring = bringer(registry)
  const csv = await registry.send('GET', '/v1/imports/template.csv?lang=nl')
  t.match(csv.headers, { 'content-language': 'nl', 'content-disposition': /measures-template\.csv/ })
  t.match((await bring(csv.body, CSV)).report, { total: 0, rejected: 0 }, 'help and example are no measures')
  const [header] = csv.body.replace('\uFEFF', '').split('\r\n')
  const row = header!.split(',').map((name) => ({ title: 'Uit de sjabloon', levels: 'klinisch niveau', types: 'uitkomst' })[name] ?? '')
  const { report } = await bring(`${csv.body.trimEnd()}\r\n${row.join(',')}\r\n`, CSV)
  t.match(report.rows, [{ outcome: 'created', title: 'Uit de sjabloon', row: 4 }])
  const xlsx = await registry.app.inject({ url: '/v1/imports/template.xlsx', headers: { 'accept-language': 'fr' } })
  t.match(xlsx.headers, { 'content-language': 'fr', 'content-type': /spreadsheetml/ })
  const sheet = await bring(xlsx.rawPayload as never, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
  t.match(sheet.report, { total: 0, rejected: 0 })
})

t.test('the catalogue is exported, edited in a spreadsheet and imported', async (t) => {
  const registry = await openRegistry(engines[0]!)
  t.teardown(registry.close)
  const bring = bringer(registry)
  const csv = (await registry.send('GET', '/v1/measures?format=csv')).body
  const same = await bring(csv, CSV, { query: 'dryRun=true' })
  t.same(counts(same.report), { total: 134, updated: 0, unchanged: 134, rejected: 0 })
  const edited = await bring(
    csv.replaceAll('Patient Assessment of Chronic Illness Care', 'Patient Assessment of Care for Chronic Conditions'),
    CSV
  )
  t.same(counts(edited.report), { total: 134, updated: 2, unchanged: 132, rejected: 0 })
  const ndjson = (await registry.send('GET', '/v1/measures?format=ndjson')).body
  t.same(counts((await bring(ndjson, NDJSON, { query: 'dryRun=true' })).report), { total: 134, updated: 2, unchanged: 132, rejected: 0 })
})

interface BringOptions {
  as?: SendOptions['as'] | 'nobody'
  query?: string
  headers?: Record<string, string>
}

function bringer(registry: Registry) {
  return async (body: string, type: string, { as = 'contributor', query = '', headers = {} }: BringOptions = {}) => {
    const answer = await registry.send('POST', `/v1/imports${query && `?${query}`}`, {
      ...(as === 'nobody' ? {} : { as }),
      body: body as never,
      headers: { 'content-type': type, ...headers }
    })
    return {
      status: answer.statusCode,
      headers: answer.headers as Record<string, string>,
      body: answer.json(),
      report: answer.json() as Report
    }
  }
}

const lines = (...records: object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('')
const outcomes = ({ rows }: Report) => rows.map(({ outcome }) => outcome)
const counts = ({ total, updated, unchanged, rejected }: Report) => ({ total, updated, unchanged, rejected })
const revert = (registry: Registry, id: string, as: SendOptions['as'] = 'contributor') =>
  registry.send('POST', `/v1/imports/${id}/revert`, { ...(as ? { as } : {}), body: { reason: 'Wrong file.' } })

/** How much there is of everything that an import may leave behind. */
const countsOf = ({ store }: Registry) =>
  store.read(async (db) => ({
    measures: await db.$count(db.t.measures),
    documents: await db.$count(db.t.documents),
    sources: await db.$count(db.t.sources),
    changes: await db.$count(db.t.changes),
    identifiers: await db.$count(db.t.identifiers)
  }))
