import t from 'tap'
import { type Body, type Client, onEveryEngine } from './client.ts'

/** Follows the log as a consumer does: from the last cursor, until there is no more and `done`. */
async function follow(client: Client, since: string, limit: number, isDone: () => boolean): Promise<Body[]> {
  const seen: Body[] = []
  for (let cursor = since; ; ) {
    const last = isDone()
    const { status, json, text } = await client.get(`/v1/changes?since=${cursor}&limit=${limit}`)
    if (status !== 200) throw new Error(text)
    seen.push(...json.items)
    cursor = String(json.items.at(-1)?.['cursor'] ?? cursor)
    if (json.items.length === 0 && last) return seen
  }
}

const headOf = async (client: Client): Promise<string> => {
  const all = await follow(client, '0', 1000, () => true)
  return String(all.at(-1)?.['cursor'] ?? '0')
}

onEveryEngine(t, async (t, client) => {
  const { word } = client

  t.test('each change exactly once, in order, while twenty write in parallel', async (t) => {
    const before = await headOf(client)
    let isWriting = true
    const readers = [1, 3, 50].map((limit) => follow(client, before, limit, () => !isWriting))
    const expected = new Map<string, string[]>()
    const write = async (writer: number) => {
      for (let n = 0; n < 4; n++) {
        const { json, etag } = await client.draft({ id: `log-${word}-${writer}-${n}`, title: `Log ${writer} ${n}` })
        const { id } = json
        const at = `/v1/measures/${id}/draft`
        const edited = await client.call('PATCH', at, { as: 'contributor', body: { rationale: 'x' }, headers: { 'if-match': etag } })
        if (n === 0) {
          await client.call('DELETE', at, { as: 'contributor', headers: { 'if-match': edited.etag } })
          expected.set(id, ['created', 'updated', 'draft-deleted'])
        } else if (n === 1) {
          const publication = { impact: 'major', changeNote: 'x' }
          const { etag } = await client.post(`${at}/publish`, publication, { as: 'reviewer', headers: { 'if-match': edited.etag } })
          await client.post(`/v1/measures/${id}/retire`, { reason: 'x' }, { as: 'reviewer', headers: { 'if-match': etag } })
          expected.set(id, ['created', 'updated', 'published', 'retired'])
        } else if (n === 2) {
          await client.post(`${at}/submit`, {}, { as: 'contributor', headers: { 'if-match': edited.etag } })
          expected.set(id, ['created', 'updated', 'submitted'])
        } else expected.set(id, ['created', 'updated'])
      }
    }
    await Promise.all(Array.from({ length: 20 }, (_, writer) => write(writer)))
    isWriting = false
    const logs = await Promise.all(readers)
    const [whole] = logs
    const total = [...expected.values()].flat().length
    for (const [i, log] of logs.entries()) {
      const ours = log.filter(({ id }) => expected.has(id))
      t.equal(ours.length, total, `reader ${i} saw all`)
      const cursors = log.map((change) => Number(change['cursor']))
      t.ok(
        cursors.every((cursor, at) => at === 0 || cursor > cursors[at - 1]!),
        'each cursor once, in order'
      )
      t.same(
        log.map((change) => change['cursor']),
        whole?.map((change) => change['cursor']),
        'every reader saw the same'
      )
    }
    for (const [id, actions] of expected) {
      const log = (whole ?? []).filter((change) => change.id === id).map((change) => change['action'])
      if (log.join() !== actions.join()) t.same(log, actions, id)
    }
    t.match(
      whole?.find((change) => change['action'] === 'published'),
      { kind: 'measure', version: '1.0.0', at: /Z$/ }
    )
    t.same(await follow(client, before, 7, () => true), whole, 'and later readers see the same')
  })

  t.test('since and limit', async (t) => {
    const head = await headOf(client)
    const none = await client.get(`/v1/changes?since=${head}`)
    t.same([none.json.items, none.json.next], [[], ''], 'nothing yet: next is empty')
    const { json: one } = await client.get('/v1/changes?limit=1')
    t.equal(one.items.length, 1)
    t.equal(one.next, one.items[0]?.['cursor'], 'next goes on after the last item')
    t.not((await client.get(`/v1/changes?limit=1&since=${one.next}`)).json.items[0]?.['cursor'], one.next)
    await client.draft({ id: `last-${word}`, title: 'Last' })
    t.match((await client.get(`/v1/changes?since=${head}`)).json.items, [{ id: `last-${word}`, action: 'created', kind: 'measure' }])
    t.equal((await client.get('/v1')).json.counts.changes, (await follow(client, '0', 1000, () => true)).length, 'the root counts them')
  })

  t.test('a change that was not made is not in the log', async (t) => {
    const head = await headOf(client)
    await client.draft({ id: `last-${word}`, title: 'Taken' })
    await client.post('/v1/measures', { title: '' }, { as: 'contributor' })
    await client.call('PATCH', `/v1/measures/last-${word}/draft`, {
      as: 'contributor',
      body: { rationale: 'x' },
      headers: { 'if-match': '"stale"' }
    })
    t.equal(await headOf(client), head)
  })

  t.test('lists know a change as soon as it was answered', async (t) => {
    for (let n = 0; n < 10; n++) {
      await client.publish({ title: `Fresh${n} ${word}` })
      t.equal((await client.get(`/v1/measures?q=Fresh${n}%20${word}`)).json.total, 1, `${n}`)
    }
  })
})
