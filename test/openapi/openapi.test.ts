/** The document: the committed files are what is served, and every operation keeps the same rules. */
import t from 'tap'
import { TRANSPORT_CODES } from '../../src/http/operations.ts'
import { PROBLEM_CODES, PROBLEMS } from '../../src/http/problems.ts'
import { CODES } from '../../src/vocabularies/codes.ts'
import { engines } from '../engines.ts'
import { openRegistry } from '../registry.ts'
import { codesOf, committed, document, isStream, isUntraced, type JsonSchema, operations } from './document.ts'

const registry = await openRegistry(engines[0]!, { catalogue: 'empty' })
t.teardown(registry.close)

const VERBS = [
  'list',
  'get',
  'create',
  'save',
  'edit',
  'update',
  'discard',
  'delete',
  'submit',
  'return',
  'publish',
  'retire',
  'revoke',
  'revert',
  'report',
  'confirm',
  'withdraw',
  'diff',
  'compare',
  'accept',
  'move',
  'adopt',
  'prepare',
  'open',
  'close',
  'void',
  'add',
  'invite',
  'put',
  'fill',
  'watch',
  'enter'
]
const PROBLEM = { $ref: '#/components/schemas/Problem' }

t.test('the committed files are what is served', async (t) => {
  for (const [path, type] of [
    ['openapi.json', 'application/json'],
    ['openapi.yaml', 'application/yaml']
  ] as const) {
    const answer = await registry.send('GET', `/${path}`)
    t.match(answer.headers['content-type'], type)
    t.ok(answer.body === committed(path), `openapi/${path}: run npm run generate where it differs`)
  }
  t.equal(document.openapi, '3.1.0')
})

t.test('every operation', async (t) => {
  t.ok(operations.length > 20)
  const tags = document.tags.map(({ name }) => name)
  for (const { name, path, method, operation } of operations) {
    await t.test(`${name}: ${method} ${path}`, async (t) => {
      t.match(name, new RegExp(`^(${VERBS.join('|')})[A-Z][A-Za-z]+$`), 'the id is a verb and what it is done to')
      t.match(operation.summary, /^[A-Z][^.]+$/, 'the summary has no full stop')
      t.match(operation.description, /[.]$/, 'the description is sentences')
      t.equal(operation.tags.length, 1)
      t.ok(tags.includes(operation.tags[0]!), 'its tag is declared')
      t.ok(CODES.role.includes(operation['x-required-role']), 'it says who may')
      t.same(
        operation.security,
        isUntraced(operation) ? [{}] : operation['x-required-role'] === 'reader' ? [{}, { key: [] }] : [{ key: [] }]
      )
      for (const parameter of operation.parameters ?? []) {
        t.ok(parameter.description, `${parameter.name} has a description`)
        t.notOk(parameter.required && 'default' in parameter.schema, `${parameter.name}: what has a default is not required`)
        t.notOk(parameter.required && parameter.example === undefined, `${parameter.name}: what is required has an example`)
      }
      for (const [type, { example }] of Object.entries(operation.requestBody?.content ?? {}))
        t.ok(example, `the body has an example as ${type}`)
    })
  }
  t.equal(new Set(operations.map(({ name }) => name)).size, operations.length, 'no id is used twice')
  t.same(
    tags.filter((tag) => !operations.some(({ operation }) => operation.tags.includes(tag))),
    [],
    'no tag is empty'
  )
})

t.test('every operation names its answers', async (t) => {
  for (const { name, method, operation } of operations) {
    const { responses } = operation
    const statuses = Object.keys(responses)
    // A dry run makes nothing that is created; a report without a key is taken in, and waits.
    const successes = ['createImport', 'reportGap'].includes(name) ? 2 : 1
    t.equal(statuses.filter((status) => /^2/.test(status)).length, successes, `${name}: one success`)
    t.ok(statuses.includes('400') && statuses.includes('default'), `${name}: parameters, the rest`)
    t.equal(statuses.includes('401'), !isUntraced(operation), `${name}: key`)
    t.equal(statuses.includes('304'), method === 'GET' && !isStream(operation), `${name}: reads are conditional`)
    if (operation['x-required-role'] !== 'reader') t.ok(codesOf(operation).includes('forbidden'), `${name}: lesser roles`)
    if (operation.parameters?.some((parameter) => parameter.in === 'path')) t.ok(statuses.includes('404'), `${name}: what is not there`)
    if (operation.requestBody)
      t.ok(
        ['413', '415', '422'].every((status) => statuses.includes(status)),
        `${name}: bodies that do not fit`
      )
    for (const [status, { description, content }] of Object.entries(responses)) {
      t.ok(description, `${name} ${status} is described`)
      if (status !== 'default' && Number(status) < 400) continue
      t.same(content, { 'application/problem+json': { schema: PROBLEM } }, `${name} ${status} is a problem`)
      for (const code of codesOf({ ...operation, responses: { [status]: responses[status]! } }))
        if (status !== 'default') t.equal(PROBLEMS[code as 'internal']?.status, Number(status), `${name}: ${code} is a ${status}`)
    }
  }
})

t.test('every schema describes its properties', async (t) => {
  const walk = (schema: JsonSchema, at: string) => {
    if (schema.$ref) return
    t.ok(schema.description, `${at} is described`)
    for (const [name, property] of Object.entries(schema.properties ?? {})) walk(property, `${at}.${name}`)
    if (schema.items) walk(schema.items, `${at}[]`)
  }
  for (const [name, schema] of Object.entries(document.components.schemas)) walk(schema, name)
})

t.test('problems', async (t) => {
  const named = new Set(operations.flatMap(({ operation }) => codesOf(operation)))
  const said = new Set(operations.flatMap(({ operation: { responses } }) => codesOf({ responses: { ...responses, default: {} } } as never)))
  t.same(
    [...named].filter((code) => !PROBLEM_CODES.includes(code as 'internal')),
    [],
    'what is named exists'
  )
  t.same(
    PROBLEM_CODES.filter((code) => !said.has(code)).sort(),
    [...TRANSPORT_CODES].sort(),
    'what exists is named, or is of the transport'
  )
  for (const code of named) {
    const page = await registry.send('GET', `/problems/${code}`)
    t.equal(page.statusCode, 200, `/problems/${code}`)
    t.match(page.json(), { code, ...PROBLEMS[code as 'internal'] })
  }
  const all = await registry.send('GET', '/problems')
  t.same(
    all.json().items.map(({ code }: { code: string }) => code),
    PROBLEM_CODES
  )
})

t.test('every route is in the document, or in this list', async (t) => {
  const HIDDEN = [
    /^\/$/,
    /^\/measures\/:id$/,
    /^\/livez$/,
    /^\/readyz$/,
    /^\/metrics$/,
    /^\/docs(\/.*)?$/,
    /^\/openapi\.(json|yaml)$/,
    /^\/problems(\/:code)?$/,
    /^\*$/
  ]
  // Preflights of ballots have routes of their own, so that they leave no trace either.
  const routes = routesOf().filter(({ method, url }) => method !== 'OPTIONS' && !HIDDEN.some((hidden) => hidden.test(url)))
  const described = operations.flatMap(({ method, path }) => [`${method} ${path}`, ...(method === 'GET' ? [`HEAD ${path}`] : [])])
  t.same(routes.map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`).sort(), described.sort())
})

/** Every route that the application has, read from its own picture of them. */
function routesOf(): { method: string; url: string }[] {
  const open: string[] = []
  return registry.app
    .printRoutes({ commonPrefix: false, includeHooks: false })
    .split('\n')
    .flatMap((line) => {
      const [, indent = '', part = '', methods] = /^([│├└─\s]*)(\S+)(?: \((.+)\))?$/.exec(line) ?? []
      open.splice(indent.length / 4 - 1, Infinity, part)
      if (!methods) return []
      const url = open.join('')
      return methods.split(', ').map((method) => ({ method, url }))
    })
}
