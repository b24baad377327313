import t from 'tap'
import { complete, openClient, type Reply } from './client.ts'
import { engines } from './server.ts'

interface Row {
  readonly outcome: string
}

t.test('others are answered while 10,000 records come in', { timeout: 60_000 }, async (t) => {
  const client = await openClient(engines[0]!, { CATALOGUE: 'empty' })
  t.teardown(client.close)
  await client.publish({ title: 'Read meanwhile' })
  const entry = Array.from({ length: 10_000 }, (_, i) => ({
    resource:
      i === 4_321
        ? { resourceType: 'Measure', status: 'draft', title: 5 }
        : { resourceType: 'Measure', url: `https://example.org/Measure/m${i}`, status: 'draft', title: `Indicator number ${i}` }
  }))
  let done: Reply | undefined
  const importing = client
    .post('/v1/imports?dryRun=true', JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry }), {
      as: 'contributor',
      headers: { 'content-type': 'application/fhir+json' }
    })
    .then((reply) => (done = reply))
  const waits: number[] = []
  const wrong: number[] = []
  while (!done) {
    const start = performance.now()
    const { status, json } = await client.get('/v1/measures?limit=5')
    if (status !== 200 || json.total !== 1) wrong.push(status)
    if (!done) waits.push(performance.now() - start)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const { json } = await importing
  t.match(json, { state: 'dry-run', total: 10_000, created: 9_999, rejected: 1 })
  const [bad] = (json['rows'] as Row[]).filter(({ outcome }) => outcome === 'rejected')
  t.match(bad, { at: '/entry/4321/resource', errors: [{ pointer: '/title' }] }, 'the one that is wrong is named')
  t.same(wrong, [], 'every read was answered, and saw nothing of it')
  t.ok(waits.length >= 20, `${waits.length} reads were answered meanwhile`)
  const slowest = Math.max(...waits)
  t.ok(slowest < 2_000, `the slowest took ${Math.round(slowest)} ms`)
  t.equal((await client.get('/v1/measures?status=draft,active&limit=1', { as: 'contributor' })).json.total, 1, 'and nothing changed')
  t.equal((await client.draft(complete({ title: 'Written afterwards' }))).status, 201)
})
