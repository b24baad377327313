/** What a gap may not do: keep a name that was taken out, or be held against a measure that would close it. On both engines. */
import t from 'tap'
import { engines } from '../engines.ts'
import { openRegistry } from '../registry.ts'
import { putMeasures, ready } from './made.ts'

const NAME = 'Jane Doe of the Example Practice'
const SEVERE = { reach: 'many', consequence: 'harm', alternative: 'none' } as const

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip }, async (t) => {
    const registry = await openRegistry(engine, { catalogue: 'empty' })
    t.teardown(registry.close)
    const { send } = registry
    await putMeasures(registry, { one: ready(), two: ready() })
    const seen = { headers: { 'if-match': '*' } }

    await t.test('a report that waits is accepted with other words, not edited: no history keeps those that were taken out', async (t) => {
      const report = { title: 'Nobody asks her', statement: `${NAME} left her out.`, notSeen: 'People who read Arabic' }
      t.equal((await send('POST', '/v1/gaps', { body: report })).statusCode, 202)
      const [{ id }] = (await send('GET', '/v1/gaps/queue', { as: 'reviewer' })).json().items
      const patch = await send('PATCH', `/v1/gaps/${id}`, { as: 'reviewer', ...seen, body: { statement: 'She was left out.' } })
      t.equal(patch.statusCode, 409)
      const body = {
        kind: 'no-translation',
        populations: [{ dimension: 'language', value: 'ar', focus: 'excluded' }],
        content: { statement: 'She was left out.' }
      }
      t.equal((await send('POST', `/v1/gaps/${id}/accept`, { as: 'reviewer', ...seen, body })).statusCode, 200)
      for (const as of [undefined, 'contributor'] as const)
        for (const url of [`/v1/gaps/${id}`, `/v1/gaps/${id}/history`, '/v1/gaps', '/v1/changes?limit=1000', '/v1/gaps?format=csv'])
          t.notMatch((await send('GET', url, as ? { as } : {})).body, 'Jane', `${url} for ${as ?? 'readers'}`)
      const none = await send('PATCH', `/v1/gaps/${id}`, { as: 'reviewer', ...seen, body: { populations: null } })
      t.equal(none.statusCode, 422)
      t.match(none.json(), { errors: [{ pointer: '/populations' }] })
    })

    await t.test('a measure that would close a gap does not have it; one that causes it does, once that is confirmed', async (t) => {
      const gap = {
        id: 'homeless-people',
        title: 'People without a home are not counted',
        statement: 'They are in no register.',
        kind: 'excluded-by-denominator',
        populations: [{ dimension: 'homelessness', focus: 'excluded' }],
        measures: [
          { measure: 'one', role: 'caused-by' },
          { measure: 'two', role: 'would-close' }
        ],
        severity: SEVERE
      }
      const before = (await send('GET', '/v1/measures/two')).json().gapCount
      t.equal((await send('POST', '/v1/gaps', { as: 'contributor', body: gap })).statusCode, 201)
      t.equal((await send('GET', '/v1/measures/one')).json().gapCount.critical, 1)
      t.same((await send('GET', '/v1/measures/two')).json().gapCount, before)
      const notReadyFor = async (id: string): Promise<string[]> =>
        (await send('GET', `/v1/measures/${id}/readiness`)).json().notReadyFor.map(({ dimension }: { dimension?: string }) => dimension)
      t.notOk((await notReadyFor('one')).includes('homelessness'), 'nobody has confirmed it')
      const confirm = { as: 'reviewer', ...seen, body: { to: 'confirmed', reason: 'Seen.' } } as const
      t.equal((await send('POST', '/v1/gaps/homeless-people/transitions', confirm)).statusCode, 200)
      t.ok((await notReadyFor('one')).includes('homelessness'))
      t.notOk((await notReadyFor('two')).includes('homelessness'))
    })

    await t.test('a report of an implementation that is withdrawn leaves no name in a published version', async (t) => {
      const report = { outcome: 'implemented', context: { jurisdiction: ['NL'], purpose: 'improvement' }, organisation: NAME }
      const { id } = (await send('POST', '/v1/measures/two/implementations', { as: 'contributor', body: report })).json()
      t.equal((await send('POST', `/v1/implementations/${id}/confirm`, { as: 'reviewer', ...seen, body: {} })).statusCode, 200)
      await send('PATCH', '/v1/measures/two/draft', { as: 'contributor', ...seen, body: { guidance: 'New.', use: null } })
      const publish = { as: 'reviewer', ...seen, body: { impact: 'minor' } } as const
      t.equal((await send('POST', '/v1/measures/two/draft/publish', publish)).statusCode, 200)
      const withdraw = { as: 'reviewer', ...seen, body: { reason: 'They asked not to be named.' } } as const
      t.equal((await send('POST', `/v1/implementations/${id}/withdraw`, withdraw)).statusCode, 200)
      for (const { url } of (await send('GET', '/v1/measures/two/versions')).json().items)
        t.notMatch((await send('GET', new URL(url).pathname)).body, 'Jane', url)
    })
  })
}
