/** Imports beside people: what they write meanwhile and since, who may publish it, and how an import is taken back. On both engines. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import t from 'tap'
import { draftBasis, editDraft, lockOfMeasure } from '../../src/measures/lifecycle.ts'
import { contentOf } from '../../src/measures/measure.ts'
import { engines } from '../engines.ts'
import { openRegistry, type Registry, type SendOptions } from '../registry.ts'

/** Uploads of this process go to a folder of its own. */
const TEMPORARY = mkdtempSync(join(tmpdir(), 'imports-over-time-'))
process.env['TMPDIR'] = TEMPORARY
t.teardown(() => rmSync(TEMPORARY, { recursive: true, force: true }))

const NDJSON = 'application/x-ndjson'
const COMPLETE = {
  description: 'D',
  types: ['outcome'],
  scoring: 'cohort',
  specification: { initialPopulation: 'Everybody.' },
  dataSources: [{ kind: 'ehr' }],
  licence: { permission: 'none' },
  levels: ['clinical'],
  development: { steward: 'S' }
}

interface Row {
  id: string
  outcome: string
  version?: string
  errors: { code: string }[]
  warnings: { code: string; field?: string }[]
}

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip }, async (t) => {
    const registry = await openRegistry(engine, { catalogue: 'empty' })
    t.teardown(registry.close)
    const { bring, draftOf, patch, revert, publish } = helpers(registry)
    const named = (id: string, given: object = {}) => ({ title: id, identifiers: [{ system: 'T', value: id }], ...given })

    t.test('an edit that is under way is not lost, and a draft that appears meanwhile is not published', async (t) => {
      const { id } = (await bring([named('meanwhile')]))[0]!
      await edited(registry, id, { guidance: 'By a person.' }, () => bring([named('meanwhile', { rationale: 'By the file.' })]))
      t.match(await draftOf(id), { guidance: 'By a person.', rationale: 'By the file.' })
      const first = (await bring([named('appears', COMPLETE)], { as: 'reviewer', query: 'publish=true' }))[0]!
      const rows = await edited(registry, first.id, { guidance: 'By a person.' }, () =>
        bring([named('appears', { ...COMPLETE, rationale: 'By the file.' })], { as: 'reviewer', query: 'publish=true' })
      )
      t.match(rows, [{ outcome: 'draft-only', warnings: [{ code: 'draft-of-others' }] }])
      t.match(await draftOf(first.id), { guidance: 'By a person.', rationale: 'By the file.' })
    })

    t.test('the same record again is unchanged, whatever people wrote since', async (t) => {
      const { id } = (await bring([named('again', { rationale: 'One' })]))[0]!
      await patch(id, { rationale: 'Two' })
      t.match(await bring([named('again', { rationale: 'Two' })]), [{ outcome: 'unchanged' }])
      await patch(id, { rationale: 'Three' })
      t.match(await bring([named('again', { rationale: 'Two' })]), [{ outcome: 'unchanged' }])
      t.equal((await draftOf(id)).rationale, 'Three')
    })

    t.test('an older file that is sent again takes nothing back', async (t) => {
      const [older, newer] = [[named('yearly', { rationale: '2022' })], [named('yearly', { rationale: '2025' })]]
      const { id } = (await bring(older))[0]!
      await bring(newer)
      t.match(await bring(older), [{ outcome: 'unchanged', warnings: [{ code: 'older-release' }] }])
      t.match(await bring(newer), [{ outcome: 'unchanged' }])
      t.equal((await draftOf(id)).rationale, '2025')
      await registry.send('DELETE', `/v1/measures/${id}/draft`, { as: 'contributor' })
      t.match(await bring(newer), [{ outcome: 'created' }], 'but for what was thrown away')
    })

    t.test('a sheet takes away only what its columns had', async (t) => {
      const { id } = (await bring('title,identifiers.T,rationale,guidance\r\nNarrow,narrow,R,G\r\n', { type: 'text/csv' }))[0]!
      await bring('title,identifiers.T,rationale\r\nNarrow,narrow,R2\r\n', { type: 'text/csv' })
      t.match(await draftOf(id), { rationale: 'R2', guidance: 'G' })
      const rows = await bring('title,identifiers.T,rationale,guidance\r\nNarrow,narrow,R2,\r\n', { type: 'text/csv' })
      t.notOk((await draftOf(id)).guidance === undefined && !rows[0]!.warnings.some(({ code }) => code === 'removed'), 'what goes is named')
      await bring([named('narrow', { title: 'Narrow', description: 'D', levels: ['clinical'] })])
      await bring('title,identifiers.T,rationale\r\nNarrow,narrow,R3\r\n', { type: 'text/csv' })
      t.match(await draftOf(id), { rationale: 'R3', description: 'D', levels: ['clinical'] })
    })

    t.test('nobody publishes on the way what people have written', async (t) => {
      const id = 'four-eyes'
      await registry.send('POST', '/v1/measures', { as: 'reviewer', body: { id, title: 'Eyes', ...COMPLETE } })
      const own = await bring([{ id, title: 'Eyes' }], { as: 'reviewer', query: 'publish=true' })
      t.match(own, [{ outcome: 'unchanged' }])
      t.equal((await registry.send('GET', `/v1/measures/${id}`)).statusCode, 404)
      const record = named('annas', { ...COMPLETE, description: undefined })
      const brought = (await bring([record], { as: 'reviewer', query: 'publish=true' }))[0]!
      t.equal(brought.outcome, 'draft-only')
      await patch(brought.id, { description: 'By Anna.' })
      t.match(await bring([record], { as: 'reviewer', query: 'publish=true' }), [{ outcome: 'unchanged' }])
      t.equal((await registry.send('GET', `/v1/measures/${brought.id}`)).statusCode, 404)
      const whole = named('brought', COMPLETE)
      await bring([whole], { as: 'reviewer' })
      t.match(await bring([whole], { as: 'reviewer', query: 'publish=true' }), [{ outcome: 'updated', version: '1.0.0' }])
    })

    t.test('imports are taken back one after the other, the last first', async (t) => {
      const a = await bring([named('stacked', { rationale: 'A' })])
      const b = await bring([named('stacked', { rationale: 'B' })])
      const { id } = a[0]!
      t.equal((await revert(b)).statusCode, 200)
      t.equal((await draftOf(id)).rationale, 'A')
      t.equal((await revert(a)).statusCode, 200)
      t.equal((await registry.send('GET', `/v1/measures/${id}/draft`, { as: 'contributor' })).statusCode, 404)
    })

    t.test('an import that did several things to one measure is taken back whole', async (t) => {
      const incomplete = named('twice', { ...COMPLETE, description: undefined })
      const twice = await bring([incomplete, named('twice', COMPLETE)], { as: 'reviewer', query: 'publish=true' })
      t.match(twice, [{ outcome: 'draft-only' }, { outcome: 'updated', version: '1.0.0' }])
      t.equal((await revert(twice, 'reviewer')).statusCode, 200)
      t.match((await registry.send('GET', `/v1/measures/${twice[0]!.id}`)).json(), { status: 'retired' })
      const csv = 'title,identifiers.T,release,rationale\r\nOrdered,ordered,2.0,New\r\nOrdered,ordered,1.0,Old\r\n'
      const ordered = await bring(csv, { type: 'text/csv' })
      t.match(ordered, [{ outcome: 'updated' }, { outcome: 'created' }], 'the older release goes in first')
      t.equal((await draftOf(ordered[0]!.id)).rationale, 'New')
      t.equal((await revert(ordered)).statusCode, 200)
    })

    t.test('what was published over a draft of an import gives the draft back', async (t) => {
      const first = await bring([named('over', COMPLETE)], { as: 'reviewer', query: 'publish=true' })
      const { id } = first[0]!
      await bring([named('over', { ...COMPLETE, rationale: 'Draft' })], { as: 'reviewer' })
      const over = await bring([named('over', { ...COMPLETE, rationale: 'Published' })], { as: 'reviewer', query: 'publish=true' })
      t.match(over, [{ outcome: 'updated', version: '1.1.0' }])
      t.equal((await revert(over, 'reviewer')).statusCode, 200)
      t.equal((await draftOf(id)).rationale, 'Draft')
      t.match((await registry.send('GET', `/v1/measures/${id}`)).json(), { version: '1.2.0', changeNote: /version 1\.0\.0/ })
    })

    t.test('one row that cannot go in does not keep the others out', async (t) => {
      const published = await bring([{ id: 'was-reverted', title: 'R', ...COMPLETE }], { as: 'reviewer', query: 'publish=true' })
      await revert(published, 'reviewer')
      const rows = await bring([{ id: 'was-reverted', title: 'R' }, named('goes-in')])
      t.match(rows, [{ outcome: 'rejected', errors: [{ code: 'retired' }] }, { outcome: 'created' }])
      const [other] = await bring([named('of-another')])
      const mixed = await bring([{ id: 'goes-in', title: 'X', identifiers: [{ system: 'T', value: 'of-another' }] }])
      t.match(mixed, [{ outcome: 'rejected', errors: [{ code: 'ambiguous' }] }], `it names ${other!.id} as well`)
    })

    t.test('a change note is of its version, and provenance of the last import', async (t) => {
      const { id } = (await bring([named('notes', COMPLETE)], { as: 'reviewer', query: 'publish=true' }))[0]!
      for (let i = 0; i < 4; i++)
        await bring([named('x'), named('notes', { ...COMPLETE, rationale: `R${i}` })], { as: 'reviewer', query: 'publish=true' })
      const measure = (await registry.send('GET', `/v1/measures/${id}`)).json()
      t.equal(measure.version, '1.4.0')
      t.match(measure.changeNote, /line 2/)
      t.equal(measure.provenance.length, 1)
      await publish(id)
    })

    t.test('requests that are wrong in themselves', async (t) => {
      for (const [url, headers, body, expected] of [
        ['/v1/imports?file=a%00b', { 'content-type': NDJSON }, '{"title":"x"}', { status: 400, errors: [{ parameter: 'file' }] }],
        ['/v1/imports', {}, undefined, { status: 400, code: 'malformed-file' }],
        ['/v1/imports', { 'content-type': NDJSON, 'content-encoding': 'gzip' }, 'x', { status: 415, detail: /gzip/ }],
        [
          `/v1/imports?mapping=${encodeURIComponent('{"a":"\\u0000"}')}`,
          { 'content-type': 'text/csv' },
          'a\r\n1\r\n',
          { status: 400, errors: [{ parameter: 'mapping' }] }
        ]
      ] as [string, Record<string, string>, string | undefined, object][]) {
        const answer = await registry.send('POST', url, { as: 'contributor', headers, ...(body === undefined ? {} : { body }) })
        t.match(answer.json(), expected, url)
      }
      t.same(folders(), [], 'no file stays behind')
    })
  })
}

const folders = () => readdirSync(TEMPORARY).filter((name) => name.startsWith('registry-upload-') || name.startsWith('registry-import-'))

/** Runs `work` while a person holds the measure and edits its draft: the edit is committed first. */
async function edited<T>({ store, context }: Registry, id: string, change: object, work: () => Promise<T>): Promise<T> {
  const holds = Promise.withResolvers<void>()
  const act = { actor: { id: 'a-person', name: 'A person' }, now: '2026-11-24T12:00:00.000Z', publicUrl: context.config.PUBLIC_URL }
  const edit = store.write([lockOfMeasure(id)], async (tx) => {
    holds.resolve()
    await after(300)
    const basis = await draftBasis(tx, act, id)
    await editDraft(tx, act, basis, { ...contentOf(basis.measure), ...change }, [])
  })
  await holds.promise
  const [result] = await Promise.all([work(), edit])
  return result
}

function helpers(registry: Registry) {
  const imports = new WeakMap<readonly Row[], string>()
  return {
    async bring(
      records: readonly object[] | string,
      { as = 'contributor' as SendOptions['as'], query = '', type = NDJSON } = {}
    ): Promise<Row[]> {
      const body = typeof records === 'string' ? records : records.map((record) => `${JSON.stringify(record)}\n`).join('')
      const answer = await registry.send('POST', `/v1/imports?${query}`, { ...(as ? { as } : {}), body, headers: { 'content-type': type } })
      if (answer.statusCode !== 201) throw new Error(answer.body)
      const { id, rows } = answer.json() as { id: string; rows: Row[] }
      imports.set(rows, id)
      return rows
    },
    draftOf: async (id: string) => (await registry.send('GET', `/v1/measures/${id}/draft`, { as: 'contributor' })).json(),
    patch: (id: string, body: object) =>
      registry.send('PATCH', `/v1/measures/${id}/draft`, { as: 'contributor', headers: { 'if-match': '*' }, body }),
    publish: (id: string) =>
      registry.send('POST', `/v1/measures/${id}/draft/publish`, { as: 'reviewer', headers: { 'if-match': '*' }, body: {} }),
    revert: (rows: readonly Row[], as: SendOptions['as'] = 'contributor') =>
      registry.send('POST', `/v1/imports/${imports.get(rows)}/revert`, { ...(as ? { as } : {}), body: {} })
  }
}
