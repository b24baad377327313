/** What is asked at every address of exercises, from the document that the registry serves: names, roles, parameters, headers, bodies. */
import type { Ask, Client, Who } from './client.ts'
import { LIVED, METHODS, PLAN, statement } from './exercises-bad.made.ts'
import { PARAMETERS, times, UNKNOWN_PARAMETERS } from './exercises-bad.tables.ts'
import type { Row } from './unharmed.ts'
import type { Schema, WrongValues } from './wrong-values.ts'

const JSON_TYPE = { 'content-type': 'application/json' }

/** A batch of ballots that are right. */
export const paper = (count: number, more: object = {}) => ({
  group: LIVED,
  ballots: times(count, () => ({ ballot: METHODS['rating-1-9'].good })),
  ...more
})

export interface Operation {
  readonly operationId: string
  readonly path: string
  readonly method: string
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[]
  readonly requestBody?: { readonly required?: boolean; readonly content: Record<string, { readonly schema: Schema }> }
  readonly responses: Record<string, { readonly description: string }>
}

/** The operations on exercises, as the document has them. */
export async function documented(client: Client): Promise<{ operations: Operation[]; schemas: Record<string, Schema> }> {
  const { paths, components } = (await client.get('/openapi.json')).json as unknown as {
    paths: Record<string, Record<string, Operation>>
    components: { schemas: Record<string, Schema> }
  }
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    /\/exercises|\/priorities/.test(path)
      ? Object.entries(methods).flatMap(([method, operation]) =>
          operation.operationId ? { ...operation, path, method: method.toUpperCase() } : []
        )
      : []
  )
  return { operations, schemas: components.schemas }
}

/** A body that each operation would take. */
export const GOOD: Readonly<Record<string, object>> = {
  prepareExercise: PLAN,
  updateExercise: { topN: 2 },
  addExerciseItem: { item: statement('more'), reason: 'Voters asked for it.' },
  openExercise: {},
  closeExercise: { reason: 'It is over.' },
  publishExercise: {},
  voidExercise: { reason: 'The cards went astray.' },
  inviteVoters: { group: LIVED, count: 1 },
  putBallot: METHODS['rating-1-9'].good,
  fillInForm: { country: 'BE' },
  enterPaperBallots: paper(1),
  confirmPaperBatch: {},
  discardPaperBatch: { reason: 'It was typed in twice.' }
}
/** Whom readers need not be. */
const FOR_ORGANISERS = new Set(Object.keys(GOOD).filter((id) => !['putBallot', 'fillInForm'].includes(id))).union(
  new Set(['listPaperBatches', 'getPaperBatch'])
)

/** Identifiers that nothing has, as they stand in an address. */
const NO_IDS = [
  'a',
  'A-b',
  '-a',
  'a_b',
  'a.b',
  'a%20b',
  '%00',
  'ab%00',
  '..%2f..%2fetc',
  '%2e%2e',
  '%C3%A9',
  "'%20or%201=1",
  'x'.repeat(81)
]
const UNDECODABLE = ['%ff', '%zz', '%', '%c3']
const NO_KEYS = ['k'.repeat(256), 'a b', '', 'clé', 'a\tb']

/** What is asked at every address, whatever it is for. */
export class Everywhere {
  readonly #operations: readonly Operation[]
  readonly #address: (operation: Operation, id?: string) => string
  readonly #headers: Record<string, string>
  constructor(operations: readonly Operation[], address: (operation: Operation, id?: string) => string, headers: Record<string, string>) {
    this.#operations = operations
    this.#address = address
    this.#headers = headers
  }

  #ask = ({ operationId }: Operation, more: Ask = {}): Ask => {
    const body = GOOD[operationId]
    return { as: 'organiser', ...(body ? { body } : {}), ...more, headers: { ...this.#headers, ...more.headers } }
  }
  #rows(
    operations: readonly Operation[],
    each: (
      operation: Operation
    ) => readonly (readonly [what: string, address: string, ask: Ask, status: number, code: string, at?: string])[]
  ): Row[] {
    return operations.flatMap((operation) =>
      each(operation).map(([what, address, ask, status, code, at]): Row => {
        const name = `${operation.operationId}: ${what.slice(0, 80)}`
        return [name, operation.method, address, ask, status, code, at]
      })
    )
  }
  #with = (name: string, where: string) =>
    this.#operations.filter(({ parameters = [] }) => parameters.some((each) => each.name === name && each.in === where))

  identifiers(): Row[] {
    return this.#rows(this.#with('id', 'path'), (operation) => [
      ...NO_IDS.map((id) => [id, this.#address(operation, id), this.#ask(operation), 404, 'not-found'] as const),
      ['nothing there', this.#address(operation, 'no-such-exercise'), this.#ask(operation), 404, 'not-found'],
      ...UNDECODABLE.map((id) => [id, this.#address(operation, id), this.#ask(operation), 400, 'invalid-parameter', '?path'] as const)
    ])
  }

  batches(): Row[] {
    return this.#rows(this.#with('batch', 'path'), (operation) =>
      ['nothing', '%00', "'%20or%201=1", '..%2f', 'x'.repeat(81), '__proto__'].map((batch) => {
        const address = this.#address(operation).replace(/(paper-batches\/)[^/]+/, `$1${batch}`)
        return [batch, address, this.#ask(operation), 404, 'not-found'] as const
      })
    )
  }

  roles(): Row[] {
    const operations = this.#operations.filter(({ operationId }) => FOR_ORGANISERS.has(operationId))
    const nobody = (operation: Operation): Ask => {
      const { as: _as, ...rest } = this.#ask(operation)
      return rest
    }
    return this.#rows(operations, (operation) => [
      ['without a key', this.#address(operation), nobody(operation), 401, 'unauthenticated', 'authorization:'],
      [
        'a key that nobody has',
        this.#address(operation),
        this.#ask(operation, { headers: { authorization: 'Bearer cm_000000000000_x' } }),
        401,
        'unauthenticated',
        'authorization:'
      ],
      ...(['contributor', 'reviewer'] as const).map(
        (as: Who) => [as, this.#address(operation), this.#ask(operation, { as }), 403, 'forbidden'] as const
      )
    ])
  }

  methods(): Row[] {
    const paths = [...new Set(this.#operations.map(({ path }) => path))]
    return paths.map((path) => {
      const operation = this.#operations.find((each) => each.path === path)!
      return [`DELETE ${path}`, 'DELETE', this.#address(operation), { as: 'admin' }, 405, 'method-not-allowed'] as Row
    })
  }

  parameters(): Row[] {
    return this.#rows(this.#operations, (operation) => {
      const known = (operation.parameters ?? []).filter((each) => each.in === 'query')
      const at = (query: string) => `${this.#address(operation)}?${query}`
      return [
        ...UNKNOWN_PARAMETERS.map((name) => [name, at(`${name}=1`), this.#ask(operation), 400, 'unknown-parameter', `?${name}`] as const),
        ...known.flatMap(({ name }) =>
          (PARAMETERS[name] ?? []).map(
            (text) => [`${name}=${text}`, at(`${name}=${text}`), this.#ask(operation), 400, 'invalid-parameter', `?${name}`] as const
          )
        ),
        ...known
          .filter(({ name }) => name === 'format')
          .map(
            () =>
              [
                'nothing that is accepted',
                at(''),
                this.#ask(operation, { headers: { accept: 'audio/ogg' } }),
                406,
                'not-acceptable',
                'accept:'
              ] as const
          )
      ]
    })
  }

  conditions(): Row[] {
    const { 'if-match': _ifMatch, ...others } = this.#headers
    return this.#rows(this.#with('If-Match', 'header'), (operation) => {
      const ask = (headers: Record<string, string>): Ask => ({ ...this.#ask(operation), headers: { ...others, ...headers } })
      return [
        ['no condition', this.#address(operation), ask({}), 428, 'precondition-required', 'if-match:'],
        ...[
          '',
          '"0"',
          'W/"0"',
          '"0", "1", "2"',
          '"*"',
          'null',
          '"; DROP TABLE',
          `"${'0'.repeat(10_000)}"`,
          '"x",'.repeat(5_000),
          '**',
          'é'
        ].map(
          (ifMatch) => [ifMatch, this.#address(operation), ask({ 'if-match': ifMatch }), 412, 'precondition-failed', 'if-match:'] as const
        )
      ]
    })
  }

  repetition(used: string): Row[] {
    return this.#rows(this.#with('Idempotency-Key', 'header'), (operation) => [
      ...NO_KEYS.map(
        (key) =>
          [
            key,
            this.#address(operation),
            this.#ask(operation, { headers: { 'idempotency-key': key } }),
            400,
            'invalid-parameter',
            'idempotency-key:'
          ] as const
      ),
      [
        'a key that belongs to another request',
        this.#address(operation),
        this.#ask(operation, { headers: { 'idempotency-key': used } }),
        422,
        'idempotency-key-reused',
        'idempotency-key:'
      ]
    ])
  }

  bodies(): Row[] {
    const operations = this.#operations.filter(({ requestBody }) => requestBody)
    return this.#rows(operations, (operation) => {
      const sent = (body: unknown, headers: Record<string, string> = JSON_TYPE) => this.#ask(operation, { body, headers })
      const address = this.#address(operation)
      const good = JSON.stringify(GOOD[operation.operationId])
      const wide = { ...GOOD[operation.operationId], filler: 'x' }
      return [
        ...[
          '{',
          good.slice(0, -1),
          good.replace(/}$/, ',}'),
          `${good}${good}`,
          '{a: 1}',
          "{'a': 1}",
          '\u0000',
          'NaN',
          '',
          ' ',
          '[1,',
          '// {}\n{}'
        ].map((text) => [`malformed ${text}`, address, sent(text), 400, 'malformed-json'] as const),
        ...['null', '1', '"text"', '[]', 'true', `[${good}]`].map(
          (text) => [`no object: ${text}`, address, sent(text), 422, 'invalid-body', ''] as const
        ),
        ['not UTF-8', address, sent(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), 400, 'malformed-json'],
        ['half a letter', address, sent(Buffer.from([0x7b, 0x22, 0xc3, 0x22, 0x3a, 0x31, 0x7d])), 400, 'malformed-json'],
        ['UTF-16', address, sent(Buffer.from(good, 'utf16le')), 400, 'malformed-json'],
        ['__proto__', address, sent(good.replace(/^{/, '{"__proto__":{"x":1},').replace(',}', '}')), 400, 'malformed-json'],
        ['constructor.prototype', address, sent('{"constructor":{"prototype":{}}}'), 400, 'malformed-json'],
        ['a name with U+0000', address, sent('{"a\\u0000":1}'), 422, 'invalid-body', '/a'],
        ['text of half a character', address, sent('{"a":"\\ud800"}'), 422, 'invalid-body', '/a'],
        ['10,000 levels', address, sent(`{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`), 422, 'invalid-body'],
        ['100,000 values', address, sent(JSON.stringify({ a: times(100_000, () => 0) })), 422, 'invalid-body', ''],
        ['1 MiB and more', address, sent(JSON.stringify({ ...wide, filler: 'x'.repeat(2 ** 20) })), 413, 'payload-too-large'],
        ...[
          'text/plain',
          'application/x-www-form-urlencoded',
          'application/xml',
          'text/json',
          'nonsense',
          'multipart/form-data; boundary=x'
        ].map((type) => [type, address, sent(good, { 'content-type': type }), 415, 'unsupported-media-type'] as const),
        ['no type', address, sent(Buffer.from(good), {}), 415, 'unsupported-media-type']
      ]
    })
  }

  values(walk: WrongValues): Row[] {
    const operations = this.#operations.filter(({ requestBody }) => requestBody)
    return this.#rows(operations, (operation) => {
      const { schema } = operation.requestBody!.content['application/json']!
      const good = GOOD[operation.operationId]!
      const isPlan = operation.operationId === 'prepareExercise'
      return walk.faults(schema).flatMap(({ what, value, at, code = 'invalid-body' }) => {
        // Of a plan only what is wrong takes the place of what is right. In a patch null takes away what need not be there.
        const name = at.split('/')[1]
        const isTaken =
          operation.operationId === 'updateExercise' && name !== undefined && (value as Record<string, unknown>)[name] === null
        if (isTaken || (isPlan && what.startsWith('without'))) return []
        const body = JSON.stringify(isPlan && name !== undefined ? { ...good, [name]: (value as Record<string, unknown>)[name] } : value)
        return [[`${at} ${what}`, this.#address(operation), this.#ask(operation, { body, headers: JSON_TYPE }), 422, code, at] as const]
      })
    })
  }
}

/** Refusals that the document does not promise: a status, or a code of it, that the operation does not name. */
export function undocumented(operations: readonly Operation[], rows: readonly Row[]): string[] {
  const known = operations.map((operation) => ({ operation, pattern: new RegExp(`^${operation.path.replace(/{\\w+}/g, '[^/]+')}$`) }))
  const found = rows.flatMap(([, method, path, , status, code]) => {
    const at = path.split('?')[0]!
    const operation = known.find((each) => each.operation.method === method && each.pattern.test(at))?.operation
    if (!operation || operation.responses[status]?.description.includes(`\`${code}\``)) return []
    return [`${operation.operationId}: ${status} ${code}`]
  })
  return [...new Set(found)]
}
