/** Who may do what is exactly what the document says: every operation, with every role. */
import t from 'tap'
import { allows } from '../../src/access/roles.ts'
import { engines } from '../engines.ts'
import { openRegistry, type Role } from '../registry.ts'
import { exampleOf, isUntraced, operations } from './document.ts'
import { sendExample } from './examples.ts'

const KEYS: readonly (Role | undefined)[] = [undefined, 'contributor', 'reviewer', 'organiser', 'admin']
const REFUSALS = [401, 403]

const registry = await openRegistry(engines[0]!, { catalogue: 'empty' })
t.teardown(registry.close)
const effects = async () => (await registry.send('GET', '/v1')).json().counts

for (const described of operations) {
  const { name, method, operation } = described
  const needed = operation['x-required-role']
  t.test(`${name} is for ${needed}`, async (t) => {
    for (const as of KEYS) {
      const before = await effects()
      const answer = await sendExample(described, registry, as)
      const isAllowed = allows(as ?? 'reader', needed)
      if (isAllowed) {
        t.notOk(REFUSALS.includes(answer.statusCode), `${as ?? 'a reader'} may`)
        t.ok(answer.statusCode < 500, 'and is answered')
        continue
      }
      const expected = as ? { status: 403, code: 'forbidden' } : { status: 401, code: 'unauthenticated' }
      t.match(answer.json(), expected, `${as ?? 'a reader'} may not`)
      t.match(answer.headers['content-type'], 'application/problem+json')
      if (!as) t.match(answer.headers['www-authenticate'], 'Bearer')
      t.same(await effects(), before, 'and nothing happened')
    }
    // Where no trace is left, no key is looked at.
    if (isUntraced(operation)) return
    const { url, headers, body } = exampleOf(described)
    for (const authorization of ['Bearer nobody-has-this-key', 'Basic YTpi', 'Bearer', '']) {
      const answer = await registry.send(method, url, { headers: { ...headers, authorization }, body })
      t.match(answer.json(), { status: 401, code: 'unauthenticated' }, `"${authorization}" is refused, not taken for a reader`)
    }
  })
}

t.test('drafts in the list are for contributors', async (t) => {
  for (const as of KEYS) {
    const answer = await registry.send('GET', '/v1/measures?status=draft,active', as ? { as } : {})
    t.equal(answer.statusCode, allows(as ?? 'reader', 'contributor') ? 200 : as ? 403 : 401, as ?? 'a reader')
    if (answer.statusCode === 401) t.match(answer.headers['www-authenticate'], 'Bearer')
  }
})
