import t from 'tap'
import { type Client, faultOf, onEveryEngine } from './client.ts'
import { type Row, unharmed } from './unharmed.ts'

/** JSON Schema, as far as the served document uses it. */
interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly enum?: readonly string[]
  readonly anyOf?: readonly Schema[]
  readonly format?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly items?: Schema
  readonly maxItems?: number
  readonly uniqueItems?: boolean
  readonly required?: readonly string[]
  readonly properties?: Record<string, Schema>
  readonly additionalProperties?: Schema | boolean
}

/** A value that does not fit, where the refusal has to point, and the code where it is not `invalid-body`. */
interface Fault {
  readonly what: string
  readonly value: unknown
  readonly at: string
  readonly code?: string
}

const TEXTS = ['a-text', '1.0.0', 'en', 'NL', 'EUR', '10.1000/x', '2026-01-01', 'https://measures.example/x']
const MOST = 200

class Walk {
  readonly #schemas: Record<string, Schema>
  constructor(schemas: Record<string, Schema>) {
    this.#schemas = schemas
  }

  resolve(schema: Schema): Schema {
    const name = schema.$ref?.split('/').at(-1)
    return name === undefined ? schema : this.resolve(this.#schemas[name]!)
  }

  /** A value that fits, as small as can be. */
  sample(given: Schema): unknown {
    const schema = this.resolve(given)
    if (schema.anyOf) return this.sample(schema.anyOf[0]!)
    if (schema.enum) return schema.enum[0]
    if (schema.type === 'array') return [this.sample(schema.items!)]
    if (schema.type === 'boolean') return true
    if (schema.type === 'number' || schema.type === 'integer') return schema.minimum ?? 1
    if (schema.type === 'object')
      return Object.fromEntries((schema.required ?? []).map((name) => [name, this.sample(schema.properties![name]!)]))
    const pattern = new RegExp(schema.pattern ?? '')
    const fits = (text: string) =>
      pattern.test(text) && (schema.format === 'date') === text.startsWith('2026') && (schema.format !== 'uri' || text.includes('://'))
    return TEXTS.find((text) => (schema.format ? fits(text) : pattern.test(text)))
  }

  /** Everything that can be wrong with a value and with what is in it. */
  faults(given: Schema): Fault[] {
    const schema = this.resolve(given)
    if (schema.anyOf) return [true, {}, [], null, 1.5, '§'].map((value) => ({ what: JSON.stringify(value), value, at: '' }))
    const types = { string: ['a', ''], number: [1], integer: [1], boolean: [true], array: [['a']], object: [{}] }
    const others = Object.entries(types).filter(([type]) => type !== schema.type && !(schema.type === 'number' && type === 'integer'))
    const wrongType = [
      null,
      ...others.flatMap(([, values]) => values),
      ...(schema.type === 'number' || schema.type === 'integer' ? ['1', '1.0'] : [])
    ]
    return [
      ...wrongType
        .filter((value) => !(schema.type === 'integer' && value === 1))
        .map((value) => ({ what: `${JSON.stringify(value)} for ${schema.type}`, value, at: '' })),
      ...this.#bounds(schema),
      ...(schema.items ? this.#listFaults(schema) : []),
      ...(schema.type === 'object' ? this.#objectFaults(schema) : [])
    ]
  }

  #bounds({ enum: codes, format, pattern, minLength, maxLength, minimum, maximum, exclusiveMinimum, type }: Schema): Fault[] {
    const fault = (what: string, value: unknown): Fault => ({ what, value, at: '' })
    return [
      ...(codes
        ? ['no-such-code', '', codes[0]!.toUpperCase().replace(/^(\w)$/, '$1$1'), ` ${codes[0]}`].map((code) =>
            fault(`code "${code}"`, code)
          )
        : []),
      ...(format === 'uri' ? ['no address', '/relative', '//host/path', 'http://a b'].map((text) => fault(`uri "${text}"`, text)) : []),
      ...(format === 'date'
        ? ['2026-13-01', '2026-02-30', '2026', 'today', '01.01.2026'].map((text) => fault(`date "${text}"`, text))
        : []),
      ...(pattern?.startsWith('^')
        ? ['§', '-', '', 'a b c', 'x\n']
            .filter((text) => !new RegExp(pattern).test(text))
            .map((text) => fault(`"${text}" for ${pattern}`, text))
        : []),
      ...(pattern === '\\S' ? [' ', '\t\n', '\u00A0'].map((text) => fault(`only space ${JSON.stringify(text)}`, text)) : []),
      ...(minLength ? [fault('too short', 'x'.repeat(minLength - 1))] : []),
      ...(maxLength ? [fault('too long', 'x'.repeat(maxLength + 1))] : []),
      ...(minimum === undefined ? [] : [fault('too small', minimum - 1)]),
      ...(maximum === undefined ? [] : [fault('too large', maximum + 1), fault('far too large', 1e300)]),
      ...(exclusiveMinimum === undefined ? [] : [fault('as small as it must not be', exclusiveMinimum)]),
      ...(type === 'integer' ? [fault('a fraction', (minimum ?? 1) + 0.5)] : [])
    ]
  }

  #listFaults({ items, maxItems, uniqueItems }: Schema): Fault[] {
    const item = this.sample(items!)
    return [
      ...this.faults(items!).map(({ at, ...fault }) => ({ ...fault, value: [fault.value], at: `/0${at}` })),
      ...this.faults(items!)
        .slice(0, 1)
        .map(({ at, ...fault }) => ({ ...fault, value: [item, fault.value], at: `/1${at}` })),
      ...(maxItems ? [{ what: 'too many', value: Array.from({ length: maxItems + 1 }, () => item), at: '' }] : []),
      ...(uniqueItems ? [{ what: 'the same twice', value: [item, item], at: '' }] : [])
    ]
  }

  #objectFaults(schema: Schema): Fault[] {
    const whole = this.sample(schema) as object
    const unknown = ['zzz', 'constructor', 'Title'].map((name) => ({
      what: `unknown ${name}`,
      value: { ...whole, [name]: 1 },
      at: `/${name}`,
      code: 'unknown-property'
    }))
    const open = typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : []
    return [
      ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
        this.faults(property).map(({ at, ...fault }) => ({ ...fault, value: { ...whole, [name]: fault.value }, at: `/${name}${at}` }))
      ),
      ...open.flatMap((property) =>
        this.faults(property).map(({ at, ...fault }) => ({ ...fault, value: { nl: fault.value }, at: `/nl${at}` }))
      ),
      ...(open.length > 0
        ? ['not a tag', '', 'n', 'nl_NL'].map((name) => ({
            what: `key "${name}"`,
            value: { [name]: {} },
            at: `/${name}`,
            code: 'unknown-property'
          }))
        : unknown),
      ...(schema.required ?? []).map((name) => ({
        what: `without ${name}`,
        value: Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name)),
        at: `/${name}`
      }))
    ]
  }
}

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
  return { walk: new Walk(schemas), content: schemas['NewMeasure']!, schemas }
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
