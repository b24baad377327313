/** Every operation refuses what it says it refuses: by a problem that its document names. */
import t, { type Test } from 'tap'
import { engines } from '../engines.ts'
import { openRegistry, type Registry, type SendOptions } from '../registry.ts'
import { codesOf, type Described, exampleOf, misfitsOf, operations } from './document.ts'
import { prepareFor } from './examples.ts'

const PROBLEM = { $ref: '#/components/schemas/Problem' }

/** The example of an operation with something wrong, and how that is refused. */
type Case = readonly [
  what: string,
  wrong: { url?: string; headers?: Record<string, string | undefined>; body?: unknown },
  codes: readonly string[]
]

function casesOf({ path, operation }: Described, url: string): Case[] {
  const needs = (name: string) => operation.parameters?.some((parameter) => parameter.name === name)
  const isNeeded = (name: string) => operation.parameters?.some((parameter) => parameter.name === name && parameter.required)
  const pathCases: Case[] = path.includes('{')
    ? [
        ['nothing there', { url: url.replace(/(\/(?:v1|fhir)\/\w+\/)[^/?]+/, '$1no-such-thing') }, ['not-found']],
        ['an odd name', { url: url.replace(/(\/(?:v1|fhir)\/\w+\/)[^/?]+/, '$1%F0%9F%98%80') }, ['not-found']]
      ]
    : []
  const conditionCases: Case[] = needs('If-Match')
    ? [
        ...(isNeeded('If-Match') ? ([['no condition', { headers: { 'If-Match': undefined } }, ['precondition-required']]] as const) : []),
        ['another state', { headers: { 'If-Match': '"0"' } }, ['precondition-failed']]
      ]
    : []
  const keyCases: Case[] = needs('Idempotency-Key')
    ? [['an odd key', { headers: { 'idempotency-key': 'a b' } }, ['invalid-parameter']]]
    : []
  const fileCases: Case[] = [
    ['no JSON', { body: '{', headers: { 'content-type': 'application/json' } }, ['malformed-file']],
    ['another type', { body: 'text', headers: { 'content-type': 'text/plain' } }, ['unsupported-media-type']],
    ['nothing', { body: '', headers: { 'content-type': 'text/csv' } }, ['malformed-file']],
    ['no titles', { body: 'a,b\r\n1,2\r\n', headers: { 'content-type': 'text/csv' } }, ['mapping-needed']]
  ]
  const isFile = operation.requestBody?.content['text/csv'] !== undefined
  const bodyCases: Case[] =
    operation.requestBody && !isFile
      ? [
          ['no JSON', { body: '{', headers: { 'content-type': 'application/json' } }, ['malformed-json']],
          ['another type', { body: 'text', headers: { 'content-type': 'text/plain' } }, ['unsupported-media-type']],
          ['a list', { body: [] }, ['invalid-body']],
          ['an unknown property', { body: { nonsense: 1 } }, ['unknown-property', 'invalid-body']],
          ['too much', { body: { title: 'x'.repeat(2 ** 21) } }, ['payload-too-large']]
        ]
      : []
  const limitCases: Case[] = needs('limit') ? [['a limit', { url: url.replace(/limit=\d+/, 'limit=many') }, ['invalid-parameter']]] : []
  return [
    ['an unknown parameter', { url: `${url}${url.includes('?') ? '&' : '?'}nonsense=1` }, ['unknown-parameter']],
    ...pathCases,
    ...conditionCases,
    ...keyCases,
    ...bodyCases,
    ...(isFile ? fileCases : []),
    ...limitCases
  ]
}

const registry = await openRegistry(engines[0]!, { catalogue: 'empty' })
t.teardown(registry.close)
const made = new Set<string>()

for (const described of operations) {
  t.test(described.name, async (t) => {
    const { url, headers, body } = exampleOf(described)
    const state = `${described.operation.parameters?.find(({ name }) => name === 'id')?.example}`
    if (!made.has(state)) await prepareFor(described, registry)
    made.add(state)
    for (const [what, wrong, codes] of casesOf(described, url)) {
      const sent = Object.entries({ ...headers, ...wrong.headers }).filter(([, value]) => value !== undefined)
      const options = {
        as: 'admin',
        body: 'body' in wrong ? wrong.body : body,
        headers: Object.fromEntries(sent) as Record<string, string>
      } as const
      await refuses(t, registry, described, what, wrong.url ?? url, options, codes)
    }
  })
}

async function refuses(
  t: Test,
  { send }: Registry,
  { method, operation }: Described,
  what: string,
  url: string,
  options: SendOptions,
  codes: readonly string[]
): Promise<void> {
  const answer = await send(method, url, options)
  const problem = answer.json()
  t.ok(codes.includes(problem.code), `${what}: ${codes.join(' or ')}`, { problem })
  t.ok(codesOf(operation).includes(problem.code), `${what}: ${problem.code} is documented`)
  t.ok(operation.responses[answer.statusCode], `${what}: ${answer.statusCode} is documented`)
  t.same(misfitsOf(PROBLEM, problem), [], `${what}: it is a problem`)
}
