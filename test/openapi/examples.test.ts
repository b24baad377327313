/** Every example of the document is sent, and the answer is what the document says. */
import t, { type Test } from 'tap'
import { engines } from '../engines.ts'
import { openRegistry, type Registry } from '../registry.ts'
import { type Described, exampleOf, isStream, misfitsOf, operations } from './document.ts'
import { prepareFor, sendExample } from './examples.ts'

/** Headers that not every answer has: a measure is sent as it is stored where no language was asked for. */
const SOMETIMES = ['Link', 'Idempotency-Replayed', 'Content-Language']

const reading = await openRegistry(engines[0]!)
t.teardown(reading.close)

for (const described of operations) {
  const { name, method, operation } = described
  // A stream of events has no end: it is read over a socket elsewhere.
  if (isStream(operation)) continue
  t.test(name, async (t) => {
    const registry = method === 'GET' ? reading : await openRegistry(engines[0]!, { catalogue: 'empty' })
    if (registry !== reading) t.teardown(registry.close)
    await prepareFor(described, registry)
    const [status, documented] = Object.entries(operation.responses).find(([status]) => /^2/.test(status))!
    const answer = await sendExample(described, registry, 'admin')
    t.equal(answer.statusCode, Number(status), `it answers ${status}`, { body: answer.body.slice(0, 500) })
    const content = documented.content?.['application/json']
    if (content) {
      t.match(answer.headers['content-type'], 'application/json')
      t.same(misfitsOf(content.schema, answer.json()), [], 'the answer fits its schema')
    } else t.equal(answer.body.length > 0, documented.content !== undefined, 'a file, or nothing')
    for (const header of Object.keys(documented.headers ?? {}))
      if (!SOMETIMES.includes(header)) t.ok(answer.headers[header.toLowerCase()], `it has ${header}`)
    if (method === 'GET') await isConditional(t, described, registry, String(answer.headers.etag))
    if (status === '201') await isThere(t, registry, String(answer.headers.location))
  })
}

async function isConditional(t: Test, described: Described, registry: Registry, etag: string): Promise<void> {
  const { url, headers } = exampleOf(described)
  const again = await registry.send('GET', url, { as: 'admin', headers: { ...headers, 'if-none-match': etag } })
  t.match({ statusCode: again.statusCode, body: again.body }, { statusCode: 304, body: '' }, 'asked again it has not changed')
  const head = await registry.send('HEAD', url, { as: 'admin', headers })
  t.match({ statusCode: head.statusCode, etag: head.headers.etag }, { statusCode: 200, etag }, 'HEAD says the same')
}

async function isThere(t: Test, registry: Registry, location: string): Promise<void> {
  const { pathname } = new URL(location)
  t.equal((await registry.send('GET', pathname, { as: 'admin' })).statusCode, 200, 'what was made can be read where it is said to be')
}

t.test('the check of answers finds what does not fit', async (t) => {
  const page = (await reading.send('GET', '/v1/measures?limit=1')).json()
  const schema = { $ref: '#/components/schemas/MeasurePage' }
  t.same(misfitsOf(schema, page), [])
  t.not(misfitsOf(schema, { ...page, total: '1' }).length, 0, 'a type')
  t.not(misfitsOf(schema, { ...page, more: true }).length, 0, 'a property too many')
  t.not(
    misfitsOf(schema, { ...page, items: [{ ...page.items[0], types: ['sideways'] }] }).length,
    0,
    'a code, in a schema that another refers to'
  )
  t.not(misfitsOf(schema, { ...page, items: [{ ...page.items[0], createdAt: 'yesterday' }] }).length, 0, 'a format')
})
