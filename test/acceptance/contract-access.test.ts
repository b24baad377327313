import { randomUUID } from 'node:crypto'
import t from 'tap'
import { complete, onEveryEngine, refuses, type Who } from './client.ts'

const ROLES = ['nobody', 'contributor', 'reviewer', 'organiser', 'admin'] as const

onEveryEngine(t, async (t, client) => {
  const { word } = client
  const asRole = (role: (typeof ROLES)[number]) => (role === 'nobody' ? {} : { as: role as Who })

  t.test('who am I', async (t) => {
    const rows = {
      nobody: { role: 'reader', rights: ['reader'] },
      contributor: { role: 'contributor', name: 'acceptance contributor', rights: ['reader', 'contributor'] },
      reviewer: { role: 'reviewer', rights: ['reader', 'contributor', 'reviewer'] },
      organiser: { role: 'organiser', rights: ['reader', 'organiser'] },
      admin: { role: 'admin', rights: ['reader', 'contributor', 'reviewer', 'organiser', 'admin'] }
    }
    for (const role of ROLES) t.match((await client.get('/v1/me', asRole(role))).json, rows[role], role)
  })

  t.test('who may do what', async (t) => {
    const { json: draft } = await client.draft({ title: `Rights ${word}` })
    const { json: active } = await client.publish({ title: `Rights active ${word}` })
    const at = `/v1/measures/${draft.id}/draft`
    const any = { 'if-match': '"none"' }
    // With an ETag that cannot match, who may gets as far as 412 and changes nothing.
    const rows: [string, string, unknown, number, string][] = [
      ['GET', '/v1/measures?limit=1', undefined, 200, 'nobody contributor reviewer organiser admin'],
      ['GET', '/v1/changes?limit=1', undefined, 200, 'nobody contributor reviewer organiser admin'],
      ['GET', '/v1/measures?status=draft&limit=1', undefined, 200, 'contributor reviewer admin'],
      ['GET', at, undefined, 200, 'contributor reviewer admin'],
      ['POST', '/v1/measures', {}, 422, 'contributor reviewer admin'],
      ['PATCH', at, {}, 412, 'contributor reviewer admin'],
      ['DELETE', at, undefined, 412, 'contributor reviewer admin'],
      ['POST', `${at}/submit`, {}, 412, 'contributor reviewer admin'],
      ['POST', `${at}/return`, { reason: 'x' }, 412, 'reviewer admin'],
      ['POST', `${at}/publish`, {}, 412, 'reviewer admin'],
      ['POST', `/v1/measures/${active.id}/retire`, { reason: 'x' }, 412, 'reviewer admin'],
      ['GET', '/v1/keys', undefined, 200, 'admin'],
      ['POST', '/v1/keys', {}, 422, 'admin'],
      ['DELETE', '/v1/keys/none', undefined, 404, 'admin']
    ]
    for (const [method, path, body, status, may] of rows)
      for (const role of ROLES) {
        const reply = await client.call(method, path, { body, headers: any, ...asRole(role) })
        const name = `${role}: ${method} ${path}`
        if (may.split(' ').includes(role)) t.equal(reply.status, status, name)
        else if (role === 'nobody') {
          refuses(t, reply, { status: 401, code: 'unauthenticated' }, name)
          t.match(reply.headers.get('www-authenticate') ?? '', /^Bearer/, `${name} says how`)
        } else refuses(t, reply, { status: 403, code: 'forbidden' }, name)
      }
  })

  t.test('keys: shown once, listed without secrets, revoked at once', async (t) => {
    const made = await client.post('/v1/keys', { name: `Anna ${word}`, role: 'reviewer', group: 'evaluation-experts' }, { as: 'admin' })
    t.equal(made.status, 201)
    t.match(made.json, { id: String, name: `Anna ${word}`, role: 'reviewer', group: 'evaluation-experts', key: /^\S{32,}$/ })
    t.equal(new URL(made.headers.get('location') ?? '').pathname, `/v1/keys/${made.json.id}`)
    t.match(made.headers.get('cache-control') ?? '', /no-store/)
    const key = String(made.json['key'])
    const headers = { authorization: `Bearer ${key}` }
    t.match((await client.get('/v1/me', { headers })).json, { name: `Anna ${word}`, role: 'reviewer', group: 'evaluation-experts' })
    t.equal((await client.get('/v1/me', { headers: { authorization: `bearer ${key}` } })).status, 200, 'the scheme has no case')
    for (const path of ['/v1/keys', `/v1/keys/${made.json.id}`]) {
      const { text } = await client.get(path, { as: 'admin' })
      t.ok(text.includes(`Anna ${word}`), path)
      t.notOk(text.includes(key), `${path} has no secret`)
      t.notMatch(text, /hash/)
    }
    t.equal((await client.call('DELETE', `/v1/keys/${made.json.id}`, { as: 'admin' })).status, 204)
    refuses(t, await client.get('/v1/me', { headers }), { status: 401, code: 'unauthenticated', at: 'authorization:' }, 'revoked')
    refuses(
      t,
      await client.get('/v1/measures?limit=1', { headers }),
      { status: 401, code: 'unauthenticated' },
      'a bad key is refused where none is needed'
    )
    t.match((await client.get(`/v1/keys/${made.json.id}`, { as: 'admin' })).json, { revokedAt: /Z$/ }, 'and stays in the list')
    const soon = new Date(Date.now() + 1_500).toISOString()
    const short = await client.post('/v1/keys', { name: 'short', role: 'contributor', expiresAt: soon }, { as: 'admin' })
    const brief = { headers: { authorization: `Bearer ${short.json['key']}` } }
    t.equal((await client.get('/v1/me', brief)).status, 200)
    await new Promise((resolve) => setTimeout(resolve, 1_700))
    refuses(t, await client.get('/v1/me', brief), { status: 401, code: 'unauthenticated' }, 'expired')
    refuses(
      t,
      await client.post('/v1/keys', { name: 'late', role: 'contributor', expiresAt: '2020-01-01T00:00:00Z' }, { as: 'admin' }),
      { status: 422, code: 'invalid-body', at: '/expiresAt' },
      'expired before it began'
    )
    for (const [body, at] of [
      [{ name: 'x', role: 'reader' }, '/role'],
      [{ name: 'x', role: 'voter' }, '/role'],
      [{ name: ' ', role: 'admin' }, '/name'],
      [{ role: 'admin' }, '/name']
    ] as const)
      refuses(t, await client.post('/v1/keys', body, { as: 'admin' }), { status: 422, code: 'invalid-body', at }, JSON.stringify(body))
    refuses(t, await client.get('/v1/keys/none', { as: 'admin' }), { status: 404, code: 'not-found' }, 'no such key')
  })

  t.test('the last administrator stays', async (t) => {
    const admins = (await client.get('/v1/keys', { as: 'admin' })).json.items.filter((key) => key['role'] === 'admin' && !key['revokedAt'])
    if (admins.length > 1) return t.comment('This registry has other administrators.')
    const reply = await client.call('DELETE', `/v1/keys/${admins[0]?.id}`, { as: 'admin' })
    refuses(t, reply, { status: 409, code: 'conflict' }, 'the only key of an administrator')
    t.equal((await client.get('/v1/me', { as: 'admin' })).status, 200)
  })

  t.test('Idempotency-Key: the first answer again', async (t) => {
    const once = (key: string, content: object, who: Who = 'contributor') =>
      client.post('/v1/measures', complete(content), { as: who, headers: { 'idempotency-key': key } })
    const key = randomUUID()
    const first = await once(key, { title: `Once ${word}` })
    t.equal(first.status, 201)
    t.equal(first.headers.get('idempotency-replayed'), null)
    const second = await once(key, { title: `Once ${word}` })
    t.same([second.status, second.text, second.etag], [201, first.text, first.etag], 'the same answer')
    t.equal(second.headers.get('location'), first.headers.get('location'))
    t.equal(second.headers.get('idempotency-replayed'), 'true')
    refuses(
      t,
      await once(key, { title: `Other ${word}` }),
      { status: 422, code: 'idempotency-key-reused', at: 'idempotency-key:' },
      'another request'
    )
    const other = await once(key, { title: `Once ${word}` }, 'other-contributor')
    t.not(other.json.id, first.json.id, 'the keys of others are theirs')
    const reordered = Object.fromEntries(Object.entries(complete({ title: `Once ${word}` })).reverse())
    const again = await client.post('/v1/measures', reordered, { as: 'contributor', headers: { 'idempotency-key': key } })
    t.equal(again.text, first.text, 'the order of properties does not matter')

    const moment = randomUUID()
    const both = await Promise.all(Array.from({ length: 8 }, () => once(moment, { title: `Moment ${word}` })))
    t.ok(both.every(({ status }) => status === 201))
    t.equal(new Set(both.map(({ text }) => text)).size, 1, 'eight at the same moment make one measure')
    t.equal(both.filter(({ headers }) => headers.get('idempotency-replayed') === null).length, 1)
    const listed = await client.get(`/v1/measures?q=${encodeURIComponent(`Moment ${word}`)}&status=draft`, { as: 'contributor' })
    t.equal(listed.json.total, 1)

    const { json, etag } = first
    const submit = () =>
      client.post(
        `/v1/measures/${json.id}/draft/submit`,
        {},
        { as: 'contributor', headers: { 'if-match': etag, 'idempotency-key': `${key}-submit` } }
      )
    const submitted = await Promise.all([submit(), submit(), submit()])
    t.same(
      submitted.map(({ status }) => status),
      [200, 200, 200],
      'a transition as well'
    )
    t.equal(new Set(submitted.map(({ text }) => text)).size, 1)

    const refused = randomUUID()
    const wrong = { 'idempotency-key': refused }
    t.equal((await client.post('/v1/measures', { title: '' }, { as: 'contributor', headers: wrong })).status, 422)
    t.equal(
      (await client.post('/v1/measures', { title: `Corrected ${word}` }, { as: 'contributor', headers: wrong })).status,
      201,
      'a refusal uses no key up'
    )
  })
})
