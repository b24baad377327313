import t from 'tap'
import { type Client, faultOf, onEveryEngine } from './client.ts'
import { type Row, unharmed } from './unharmed.ts'
import { type Schema, WrongValues } from './wrong-values.ts'

const MOST = 200

const openCodes: [object, string][] = [
  [{ language: 'zz' }, '/language'],
  [{ languages: [{ code: 'english', validation: 'original' }] }, '/languages/0/code'],
  [{ jurisdictions: ['XX'] }, '/jurisdictions/0'],
  [{ use: [{ organisation: 'x', jurisdiction: 'QQ' }] }, '/use/0/jurisdiction'],
  [{ targets: [{ value: 1, jurisdiction: '999' }] }, '/targets/0/jurisdiction'],
  [{ translations: { zz: { title: 'x' } } }, '/translations/zz'],
  [{ relations: [{ kind: 'related' }] }, '/relations/0']
]

const slugs = ['A', 'a', '-a', 'a_b', 'a b', 'é', 'a'.repeat(81), '', '../x', 'a.b', 'a\u0000b', 'a\nb']

async function walkOf(client: Client) {
  const { json } = await client.get('/openapi.json')
  const { schemas } = json['components'] as { schemas: Record<string, Schema> }
  return { walk: new WrongValues(schemas, 'nl'), content: schemas['NewMeasure']!, schemas }
}

onEveryEngine(t, async (t, client) => {
  const { walk, content } = await walkOf(client)
  const { draft, test, refuses } = await unharmed(t, client)

  test('a measure of the smallest value of every property would be taken', async (t) => {
    t.ok(Object.keys(content.properties ?? {}).length > 35, 'the schema has the properties of the domain')
    for (const [name, property] of Object.entries(content.properties ?? {})) {
      const body = { title: null, [name]: walk.sample(property) }
      // Only the title is wrong, so the sample is right, and nothing is made.
      const reply = await client.post('/v1/measures', name === 'title' ? {} : body, { as: 'contributor' })
      t.equal(faultOf(reply, { status: 422, code: 'invalid-body', at: '/title' }), undefined, name)
      t.equal(reply.json.errors?.length, 1, `${name} = ${JSON.stringify(walk.sample(property))}`)
    }
  })

  for (const [name, property] of Object.entries(content.properties ?? {})) {
    const rows = walk.faults(property).map(({ what, value, at, code = 'invalid-body' }): Row => {
      const body = { title: 'A title', [name]: value }
      return [`/${name}${at}: ${what}`, 'POST', '/v1/measures', { as: 'contributor', body }, 422, code, `/${name}${at}`]
    })
    refuses(`new measure: ${name}`, rows)
    if (name === 'id') continue
    const patches = walk.faults(property).flatMap(({ what, value, at, code = 'invalid-body' }, i): Row[] => {
      // In a patch null removes, and what is missing stays.
      if (i % Math.ceil(rows.length / MOST) !== 0 || JSON.stringify(value).includes('null') || what.startsWith('without')) return []
      const ask = { as: 'contributor' as const, body: { [name]: value }, headers: { 'if-match': draft.etag } }
      return [[`/${name}${at}: ${what}`, 'PATCH', draft.path, ask, 422, code, `/${name}${at}`]]
    })
    refuses(`patch: ${name}`, patches)
  }

  refuses(
    'codes of open lists',
    openCodes.map(
      ([body, at]): Row => [
        JSON.stringify(body),
        'POST',
        '/v1/measures',
        { as: 'contributor', body: { title: 'x', ...body } },
        422,
        'invalid-body',
        at
      ]
    )
  )
  t.test('a licence is one of SPDX, or a LicenseRef', async (t) => {
    const make = (id: string) => client.post('/v1/measures', { title: 'x', licence: { id } }, { as: 'contributor' })
    const refused = await make('cc-by-4.0')
    t.match(refused.json, { status: 422, code: 'invalid-body', errors: [{ pointer: '/licence/id', nearest: 'CC-BY-4.0' }] })
    t.equal((await make('NO-SUCH-LICENCE')).status, 422)
  })
  refuses(
    'slugs',
    slugs.map(
      (id): Row => [JSON.stringify(id), 'POST', '/v1/measures', { as: 'contributor', body: { title: 'x', id } }, 422, 'invalid-body', '/id']
    )
  )
  refuses('an identifier that exists', [
    ['the same', 'POST', '/v1/measures', { as: 'contributor', body: { title: 'x', id: draft.id } }, 409, 'id-taken', '/id']
  ])
  const steps: [string, object, string, string?][] = [
    ['submit', { reason: '' }, '/reason'],
    ['submit', { reason: 1 }, '/reason'],
    ['submit', { reason: 'x', more: 1 }, '/more', 'unknown-property'],
    ['return', {}, '/reason'],
    ['return', { reason: ' ' }, '/reason'],
    ['publish', { impact: 'huge' }, '/impact'],
    ['publish', { impact: null }, '/impact'],
    ['publish', { impact: 'minor', changeNote: '' }, '/changeNote'],
    ['publish', { version: '2.0.0' }, '/version', 'unknown-property'],
    ['publish', { impact: 'minor', changeNote: 'x'.repeat(5_001) }, '/changeNote']
  ]
  refuses(
    'steps',
    steps.map(([step, body, at, code = 'invalid-body']): Row => {
      const ask = { as: 'admin' as const, body, headers: { 'if-match': draft.etag } }
      return [`${step} ${JSON.stringify(body).slice(0, 60)}`, 'POST', `${draft.path}/${step}`, ask, 422, code, at]
    })
  )
})
