/** Values that do not fit a JSON Schema, made from the schema: each with the place that its refusal has to name. */

/** JSON Schema, as far as the served document uses it. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly (string | number)[]
  readonly anyOf?: readonly Schema[]
  readonly format?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly uniqueItems?: boolean
  readonly required?: readonly string[]
  readonly properties?: Record<string, Schema>
  readonly propertyNames?: Schema
  readonly minProperties?: number
  readonly maxProperties?: number
  readonly additionalProperties?: Schema | boolean
}

/** A value that does not fit, where the refusal has to point, and the code where it is not `invalid-body`. */
export interface Fault {
  readonly what: string
  readonly value: unknown
  readonly at: string
  readonly code?: string
}

/** Names that mean something to a program. */
export const TELLING_NAMES = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', 'prototype'] as const

const TEXTS = ['a-text', '1.0.0', 'en', 'NL', 'EUR', '10.1000/x', '2026-01-01', 'https://measures.example/x']
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  null: [null],
  string: ['a', ''],
  number: [1.5],
  integer: [1],
  boolean: [true],
  array: [['a']],
  object: [{}]
}
const short = (value: unknown) => JSON.stringify(value).slice(0, 60)
const times = <V>(count: number, one: (i: number) => V): V[] => Array.from({ length: count }, (_, i) => one(i))
const fault = (what: string, value: unknown, at = ''): Fault => ({ what, value, at })
const inside = (faults: readonly Fault[], place: string, put: (value: unknown) => unknown): Fault[] =>
  faults.map((each) => ({ ...each, value: put(each.value), at: `/${place}${each.at}` }))

export class WrongValues {
  readonly #schemas: Record<string, Schema>
  /** The name that members of open objects get. */
  readonly #key: string
  constructor(schemas: Record<string, Schema>, key: string) {
    this.#schemas = schemas
    this.#key = key
  }

  resolve(schema: Schema): Schema {
    const name = schema.$ref?.split('/').at(-1)
    return name === undefined ? schema : this.resolve(this.#schemas[name]!)
  }

  /** A value that fits, as small as can be. */
  sample(given: Schema, number = 0): unknown {
    const schema = this.resolve(given)
    if (schema.anyOf) return this.sample(schema.anyOf[0]!)
    if (schema.enum) return schema.enum[0]
    const [type] = typesOf(schema)
    if (type === 'array') return times(schema.minItems ?? 1, (i) => this.sample(schema.items!, i))
    if (type === 'boolean') return true
    if (type === 'number' || type === 'integer') return schema.minimum ?? (schema.exclusiveMinimum ?? 0) + 1
    if (type === 'object') return this.#sampleObject(schema)
    const pattern = new RegExp(schema.pattern ?? '')
    const fits = (text: string) =>
      pattern.test(text) && (schema.format === 'date') === text.startsWith('2026') && (schema.format !== 'uri' || text.includes('://'))
    return `${TEXTS.find(schema.format ? fits : (text) => pattern.test(text))}${number || ''}`
  }

  #sampleObject({ required = [], properties = {}, minProperties = 0 }: Schema): object {
    const names = required.length > 0 || minProperties === 0 ? required : Object.keys(properties).slice(0, minProperties)
    return Object.fromEntries(names.map((name) => [name, this.sample(properties[name]!)]))
  }

  /** Everything that can be wrong with a value and with what is in it. */
  faults(given: Schema): Fault[] {
    const schema = this.resolve(given)
    const alternatives = schema.anyOf?.map((each) => this.resolve(each)) ?? [schema]
    const types = alternatives.flatMap(typesOf)
    return [...ofOtherTypes(types), ...alternatives.flatMap((each) => this.#ownFaults(each))]
  }

  /** Of values that have the right type. */
  #ownFaults(schema: Schema): Fault[] {
    return [...faultsOfScalars(schema), ...(schema.items ? this.#listFaults(schema) : []), ...this.#objectFaults(schema)]
  }

  #listFaults({ items, minItems = 0, maxItems, uniqueItems }: Schema): Fault[] {
    const faults = this.faults(items!)
    const good = times(Math.max(minItems, 1), (i) => this.sample(items!, i))
    return [
      ...inside(faults, '0', (value) => [value, ...good.slice(1)]),
      ...inside(faults.slice(0, 1), `${good.length}`, (value) => [...good, value]),
      ...(minItems > 0 ? [fault('too few', good.slice(1))] : []),
      ...(maxItems
        ? [
            fault(
              'too many',
              times(maxItems + 1, () => good[0])
            )
          ]
        : []),
      ...(uniqueItems
        ? [
            fault(
              'the same twice',
              times(Math.max(minItems, 2), () => good[0])
            )
          ]
        : [])
    ]
  }

  #objectFaults(schema: Schema): Fault[] {
    if (!typesOf(schema).includes('object')) return []
    const { properties = {}, required = [], minProperties, maxProperties } = schema
    const whole = maxProperties === 1 ? {} : (this.sample(schema) as object)
    const isOpen = schema.additionalProperties !== undefined && schema.additionalProperties !== false
    const unknown = ['zzz', 'constructor', 'Title'].map((name) => ({
      ...fault(`unknown ${name}`, { ...whole, [name]: 1 }, `/${name}`),
      code: 'unknown-property'
    }))
    return [
      ...Object.entries(properties).flatMap(([name, property]) =>
        inside(this.faults(property), name, (value) => ({ ...whole, [name]: value }))
      ),
      ...(isOpen ? this.#openFaults(schema) : unknown),
      ...(minProperties ? [fault('empty', {})] : []),
      ...required.map((name) =>
        fault(`without ${name}`, Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name)), `/${name}`)
      )
    ]
  }

  #openFaults({ additionalProperties, propertyNames, maxProperties }: Schema): Fault[] {
    const member = typeof additionalProperties === 'object' ? additionalProperties : {}
    const key = propertyNames ? 'nl' : this.#key
    const good = this.sample(member)
    return [
      ...inside(this.faults(member), key, (value) => ({ [key]: value })),
      ...(propertyNames ? ['not a tag', '', 'n', 'nl_NL', ...TELLING_NAMES].map((name) => fault(`key "${name}"`, { [name]: good })) : []),
      ...(maxProperties ? [fault('too many', Object.fromEntries(times(maxProperties + 1, (i) => [`k${i}`, good])))] : [])
    ]
  }
}

const typesOf = ({ type = 'object' }: Schema): readonly string[] => [type].flat()

function ofOtherTypes(types: readonly string[]): Fault[] {
  const fits = (type: string) => types.includes(type) || (type === 'integer' && types.includes('number'))
  const isNumber = types.includes('number') || types.includes('integer')
  const values = Object.entries(VALUES).flatMap(([type, values]) => (fits(type) ? [] : values))
  return [...values, ...(isNumber && !types.includes('string') ? ['1', '1.0', 'NaN', '1e3'] : [])].map((value) =>
    fault(`${short(value)} for ${types.join(' or ')}`, value)
  )
}

function faultsOfScalars({ enum: codes, format, pattern, minLength, maxLength, minimum, maximum, exclusiveMinimum }: Schema): Fault[] {
  return [
    ...(codes ? codesLike(codes).map((code) => fault(`code ${short(code)}`, code)) : []),
    ...(format === 'date' ? ['2026-13-01', '2026-02-30', '2026', 'today', '01.01.2026'].map((text) => fault(`date "${text}"`, text)) : []),
    ...(format === 'uri' ? ['no address', '/relative', '//host/path', 'http://a b'].map((text) => fault(`uri "${text}"`, text)) : []),
    ...(pattern?.startsWith('^')
      ? ['§', '-', '', 'a b c', 'x\n', '__proto__', '../x', 'é']
          .filter((text) => !new RegExp(pattern).test(text))
          .map((text) => fault(`${short(text)} for ${pattern}`, text))
      : []),
    ...(pattern === '\\S' ? [' ', '\t\n', '\u00A0', '\u3000\u2003'].map((text) => fault(`only space ${short(text)}`, text)) : []),
    ...(minLength ? [fault('too short', 'x'.repeat(minLength - 1))] : []),
    ...(maxLength ? [fault('too long', 'x'.repeat(maxLength + 1))] : []),
    ...(minimum === undefined ? [] : [fault('too small', minimum - 1), fault('far too small', -1e300)]),
    ...(maximum === undefined ? [] : [fault('too large', maximum + 1), fault('far too large', 1e300)]),
    ...(exclusiveMinimum === undefined ? [] : [fault('as small as it must not be', exclusiveMinimum)])
  ]
}

const codesLike = (codes: readonly (string | number)[]): unknown[] =>
  typeof codes[0] === 'number'
    ? [Math.min(...(codes as number[])) - 1, Math.max(...(codes as number[])) + 1]
    : ['no-such-code', '', '__proto__', 'constructor', `${codes[0]}`.toUpperCase(), ` ${codes[0]}`, `${codes[0]}\u0301`].filter(
        (code) => !codes.includes(code)
      )
