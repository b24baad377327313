/** What every slice stands on, on an application of a few toy routes and the real routes of keys. */
import Fastify, { type InjectOptions } from 'fastify'
import t from 'tap'
import { ensureAdminKey } from '../../src/access/bootstrap.ts'
import { findKey } from '../../src/access/keys.queries.ts'
import { ConfigError, readConfig } from '../../src/config.ts'
import { plumbing, serverOptions } from '../../src/http/plumbing.ts'
import { engines } from '../engines.ts'
import { openToys, SECRET } from './toys.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'
type Row = readonly [what: string, request: InjectOptions, status: number, code: string, error?: object]

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip }, async (t) => {
    const { app, store, context, log, wait, keyFor, countChanges, close } = await openToys(engine)
    t.teardown(close)
    const admin = await keyFor({ name: 'The administrator', role: 'admin' })
    const { authorization } = await keyFor({})
    const post = (payload: string | Buffer, headers: object = JSON_TYPE): InjectOptions => ({
      method: 'POST',
      url: '/v1/toys',
      headers: { authorization, ...headers },
      payload
    })
    const at = (url: string, more: InjectOptions = {}): InjectOptions => ({ url, ...more })

    const rows: Row[] = [
      ['malformed JSON', post('{'), 400, 'malformed-json'],
      ['an empty body', post(''), 400, 'malformed-json'],
      ['a wrong type', post('{"name":1}'), 422, 'invalid-body', { pointer: '/name' }],
      ['a number as text', post('{"name":"a","count":"1"}'), 422, 'invalid-body', { pointer: '/count' }],
      ['what is missing', post('{}'), 422, 'invalid-body', { pointer: '/name' }],
      ['an unknown property', post('{"name":"a","colur":"red"}'), 422, 'unknown-property', { pointer: '/colur', nearest: 'colour' }],
      ['an unknown word', post('{"name":"a","colour":"gren"}'), 422, 'invalid-body', { pointer: '/colour', nearest: 'green' }],
      ['NUL in a text', post('{"name":"a\\u0000"}'), 422, 'invalid-body', { pointer: '/name' }],
      ['over the limit', post(`{"name":"${'x'.repeat(2 ** 20)}"}`), 413, 'payload-too-large'],
      ['another type', post('a', { 'content-type': 'text/plain' }), 415, 'unsupported-media-type'],
      ['an odd idempotency key', post('{"name":"a"}', { ...JSON_TYPE, 'idempotency-key': 'a b' }), 400, 'invalid-parameter'],
      ['a limit', at('/v1/toys?limit=many'), 400, 'invalid-parameter', { parameter: 'limit' }],
      ['a limit that is too small', at('/v1/toys?limit=0'), 400, 'invalid-parameter', { parameter: 'limit' }],
      ['an unknown parameter', at('/v1/toys?limt=1'), 400, 'unknown-parameter', { parameter: 'limt', nearest: 'limit' }],
      ['a parameter where there are none', at('/v1/me?a=1'), 400, 'unknown-parameter', { parameter: 'a' }],
      ['an unknown word in the address', at('/v1/toys?colour=gren'), 400, 'invalid-parameter', { nearest: 'green' }],
      ['a broken percent sign', at('/v1/toys/%zz'), 400, 'invalid-parameter', { parameter: 'path' }],
      ['half a letter', at('/v1/toys/%ff'), 400, 'invalid-parameter', { parameter: 'path' }],
      ['a part that is too long', at(`/v1/toys/${'x'.repeat(201)}`), 414, 'uri-too-long'],
      ['nothing there', at('/v1/nothing'), 404, 'not-found'],
      ['nothing there but something like it', at('/openapiXjson'), 404, 'not-found'],
      ['another method', at('/v1/toys/1', { method: 'PUT' }), 405, 'method-not-allowed'],
      ['no key', at('/v1/toys', { method: 'POST', headers: JSON_TYPE, payload: '{}' }), 401, 'unauthenticated'],
      ['a lesser key', at('/v1/keys', { headers: { authorization } }), 403, 'forbidden'],
      [
        'no condition',
        at('/v1/toys/1', { method: 'PATCH', headers: { authorization }, payload: { name: 'a' } }),
        428,
        'precondition-required'
      ],
      ['a fault of ours', at('/v1/broken'), 500, 'internal'],
      ['a fault of ours in the use of the store', at('/v1/nested'), 500, 'internal'],
      ['a database that is late', at('/v1/late'), 503, 'service-unavailable']
    ]
    for (const [what, request, status, code, error] of rows) {
      const answer = await app.inject(request)
      const problem = answer.json()
      t.match(
        { ...problem, sent: answer.statusCode },
        { status, code, sent: status, type: `https://registry.example/problems/${code}` },
        what
      )
      t.equal(answer.headers['content-type'], PROBLEM_TYPE, `${what}: is a problem`)
      t.notMatch(answer.body, SECRET, `${what}: shows nothing from inside`)
      if (error) t.match(problem.errors[0], error, `${what}: where`)
      if (status === 401) t.match(answer.headers['www-authenticate'], 'Bearer', `${what}: says how`)
      if (status === 405) t.equal(answer.headers['allow'], 'GET, HEAD, PATCH', `${what}: says which`)
    }
    t.equal(await countChanges(), 0, 'and nothing happened')
    t.equal(log.filter((line) => line.includes(SECRET)).length, 3, 'each fault is logged once')
    t.notMatch(log.join(''), authorization, 'keys are not logged')

    await t.test('a NUL in the address is text like any other', async (t) => {
      t.equal((await app.inject('/v1/toys?colour=%00')).statusCode, 400)
      t.ok((await app.inject('/v1/toys/%00')).statusCode < 500)
    })

    await t.test('instants are those that can be stored in order', async (t) => {
      const make = (expiresAt: string) =>
        app.inject({ method: 'POST', url: '/v1/keys', headers: admin, payload: { name: 'a', role: 'contributor', expiresAt } })
      for (const bad of [
        '2030-12-31T23:59:60Z',
        '2030-01-01T00:00:00+01',
        '2030-02-30T00:00:00Z',
        '2030-01-01 00:00:00Z',
        '9999-12-31T23:59:59-12:00',
        'soon'
      ])
        t.match((await make(bad)).json(), { status: 422, errors: [{ pointer: '/expiresAt' }] }, bad)
      t.match((await make('2030-01-01T01:00:00+01:00')).json(), { expiresAt: '2030-01-01T00:00:00.000Z' })
    })

    await t.test('reads: HEAD, validators, caches, other origins', async (t) => {
      const read = await app.inject('/v1/toys/1')
      t.equal(read.headers['etag'], '"state.nl"')
      t.equal(read.headers['cache-control'], 'public, no-cache')
      t.equal(read.headers['vary'], 'Accept, Accept-Language, Authorization')
      t.equal(read.headers['access-control-allow-origin'], '*')
      t.equal((await app.inject({ url: '/v1/toys/1', headers: { authorization } })).headers['cache-control'], 'private, no-cache')
      const head = await app.inject({ method: 'HEAD', url: '/v1/toys/1' })
      t.same([head.statusCode, head.body, head.headers['etag']], [200, '', read.headers['etag']])
      for (const known of ['"state.nl"', 'W/"state.nl"', '"a", "state.nl"', '*']) {
        const answer = await app.inject({ url: '/v1/toys/1', headers: { 'if-none-match': known } })
        t.same([answer.statusCode, answer.body, answer.headers['etag']], [304, '', '"state.nl"'], known)
      }
      for (const other of ['"state"', '"state.en"', 'state.nl', ''])
        t.equal((await app.inject({ url: '/v1/toys/1', headers: { 'if-none-match': other } })).statusCode, 200, `not ${other}`)
      const me = await app.inject('/v1/me')
      t.equal((await app.inject({ url: '/v1/me', headers: { 'if-none-match': String(me.headers['etag']) } })).statusCode, 304, 'by content')
      t.equal((await app.inject({ method: 'OPTIONS', url: '/v1/toys' })).statusCode, 204, 'OPTIONS without an origin')
      const preflight = { origin: 'https://a.example', 'access-control-request-method': 'POST' }
      const allowed = (await app.inject({ method: 'OPTIONS', url: '/v1/toys', headers: preflight })).headers['access-control-allow-methods']
      t.equal(allowed, 'GET, HEAD', 'browsers on other sites read, and do not write')
    })

    await t.test('writes: only on what was seen', async (t) => {
      const patch = (condition: string) =>
        app.inject({ method: 'PATCH', url: '/v1/toys/1', headers: { authorization, 'if-match': condition }, payload: { name: 'a' } })
      for (const seen of ['"state"', '"state.nl"', '"state.fields-id"', '"a", "state"', '*'])
        t.equal((await patch(seen)).statusCode, 200, seen)
      for (const stale of ['"stat"', '"other.state"', '""', ''])
        t.match((await patch(stale)).json(), { code: 'precondition-failed' }, stale)
    })

    await t.test('Idempotency-Key: the first answer again, for a day', async (t) => {
      const make = (key: string, name: string, headers: object = {}) =>
        app.inject(post(JSON.stringify({ name, colour: 'red' }), { ...JSON_TYPE, 'idempotency-key': key, ...headers }))
      const before = await countChanges()
      const all = await Promise.all(Array.from({ length: 5 }, () => make('k', 'a')))
      t.equal(new Set(all.map(({ body }) => body)).size, 1)
      t.equal(all.filter(({ headers }) => headers['idempotency-replayed'] === 'true').length, 4)
      t.same(new Set(all.map(({ statusCode, headers }) => `${statusCode} ${headers['location']}`)), new Set(['201 /v1/toys/1']))
      t.equal(await countChanges(), before + 1, 'it was done once')
      const reordered = await app.inject(post('{"colour":"red","name":"a"}', { ...JSON_TYPE, 'idempotency-key': 'k' }))
      t.equal(reordered.body, all[0]!.body, 'the order of properties does not matter')
      t.match((await make('k', 'b')).json(), { status: 422, code: 'idempotency-key-reused' })
      const other = await keyFor({ name: 'Bob' })
      t.not((await make('k', 'a', { authorization: other.authorization })).body, all[0]!.body, 'the keys of others are theirs')
      t.equal((await make('broken', 'breaks')).statusCode, 500)
      t.equal((await make('broken', 'mended')).statusCode, 201, 'what failed used nothing up')
      t.equal((await make('~'.repeat(255), 'a')).statusCode, 201)
      t.equal((await make('~'.repeat(256), 'a')).statusCode, 400)
      wait(86_400_001)
      const later = await make('k', 'b')
      t.same([later.statusCode, later.headers['idempotency-replayed']], [201, undefined], 'after a day it can be used again')
      t.equal(await store.read((db) => db.$count(db.t.replies)), 1, 'and what is older is gone')
    })

    await t.test('keys: shown once, ended, revoked, noted', async (t) => {
      const withKey = (key: string, url = '/v1/toys') => app.inject({ url, headers: { authorization: `Bearer ${key}` } })
      const make = (headers: object) =>
        app.inject({ method: 'POST', url: '/v1/keys', headers: { ...admin, ...headers }, payload: { name: 'Eve', role: 'reviewer' } })
      t.equal((await make({ 'idempotency-key': 'k' })).statusCode, 400, 'a secret is not kept to be answered again')
      const made = await make({})
      const { id, key } = made.json()
      t.equal(made.headers['location'], `https://registry.example/v1/keys/${id}`)
      t.match((await withKey(key, '/v1/me')).json(), { id, name: 'Eve', role: 'reviewer', rights: ['reader', 'contributor', 'reviewer'] })
      for (const url of ['/v1/keys', `/v1/keys/${id}`]) t.notMatch((await app.inject({ url, headers: admin })).body, key.slice(16), url)

      const lastUse = async () => (await store.read((db) => findKey(db, id)))?.lastUsedAt
      const noted = async () => {
        await new Promise((resolve) => setTimeout(resolve, 50))
        return lastUse()
      }
      const first = await noted()
      t.equal(first, context.clock.now().toISOString())
      const changes = await countChanges()
      wait(59_999)
      await withKey(key)
      t.equal(await noted(), first, 'within a minute it is not noted again')
      wait(1)
      await withKey(key)
      t.not(await noted(), first)
      t.equal(await countChanges(), changes, 'reading is not a change')

      t.equal((await app.inject({ method: 'DELETE', url: `/v1/keys/${id}`, headers: admin })).statusCode, 204)
      t.match((await withKey(key)).json(), { status: 401, detail: 'The key is revoked.' }, 'even where no key is needed')
      const short = await keyFor({ expiresAt: new Date(context.clock.now().getTime() + 1_000).toISOString() })
      t.equal((await withKey(short.key)).statusCode, 200)
      wait(1_000)
      t.match((await withKey(short.key)).json(), { status: 401, detail: 'The key is expired.' })
      for (const header of ['', 'Bearer', 'Basic YTpi', 'Bearer cm_000000000000_x', `Bearer ${admin.key}x`, `Bearer ${admin.key} x`])
        t.equal((await app.inject({ url: '/v1/toys', headers: { authorization: header } })).statusCode, 401, header.slice(0, 20))
      t.match(
        (await app.inject({ method: 'DELETE', url: `/v1/keys/${admin.id}`, headers: admin })).json(),
        { code: 'conflict' },
        'the last one'
      )
    })

    await t.test('ADMIN_KEY', async (t) => {
      const ensure = (adminKey?: string) => ensureAdminKey(store, { ...context, adminKey })
      const [one, two] = ['1'.repeat(32), '2'.repeat(32)]
      const works = async (key: string) =>
        (await app.inject({ url: '/v1/keys', headers: { authorization: `Bearer ${key}` } })).statusCode === 200
      t.equal(await ensure(), undefined, 'where an administrator has a key none is made')
      await ensure(one)
      t.same([await works(one), await works(two)], [true, false])
      await ensure(one)
      await ensure(two)
      t.same([await works(one), await works(two)], [false, true], 'a changed one revokes the one before')
      await ensure(one)
      t.same([await works(one), await works(two)], [true, false], 'and going back brings it back')
      const me = (await app.inject({ url: '/v1/me', headers: { authorization: `Bearer ${one}` } })).json()
      t.equal((await app.inject({ method: 'DELETE', url: `/v1/keys/${me.id}`, headers: admin })).statusCode, 204)
      await ensure(one)
      t.notOk(await works(one), 'what an administrator revoked stays revoked')
      await store.write([], async (tx) => {
        await tx.update(tx.t.keys).set({ revokedAt: context.clock.now().toISOString() })
      })
      const refused = await ensure(one).catch((error: unknown) => error)
      t.ok(refused instanceof ConfigError, 'unless nobody could get in: then the start says so')
      const made = await ensure()
      t.ok(made && (await works(made)), 'without ADMIN_KEY one is made')
      t.equal(await ensure(), undefined, 'once')
    })

    await t.test('limits of a request that is too slow', async (t) => {
      // Bodies have a time of their own, by route: Node would take one for all.
      t.same([app.server.headersTimeout, app.server.requestTimeout], [10_000, 0])
    })

    await t.test('health', async (t) => {
      t.equal((await app.inject('/livez')).statusCode, 200)
      t.equal((await app.inject('/readyz')).statusCode, 200)
      t.match(
        (await app.inject('/metrics')).body,
        /http_request_duration_seconds_count\{method="GET",route="\/v1\/toys\/:id",status="200"\} \d+/
      )
      t.notMatch((await app.inject('/metrics')).body, 'nothing', 'addresses that are not known make no series of their own')
    })
  })
}

t.test('a route that does not say who may use it ends the start', async (t) => {
  const { context, close } = await openToys(engines[0]!)
  t.teardown(close)
  const app = Fastify(serverOptions({ ...context, config: readConfig({ LOG_LEVEL: 'silent' }) }))
  await plumbing(app, context)
  t.throws(() => app.get('/v1/open', async () => ''), { message: 'GET /v1/open does not say who may use it' })
  t.doesNotThrow(() => app.get('/v1/said', { config: { access: 'reader' } }, async () => ''))
  await app.close()
})

t.test('a configuration that cannot be used is named', async (t) => {
  for (const [env, name] of [
    [{ PORT: 'http' }, 'PORT'],
    [{ PORT: '65536' }, 'PORT'],
    [{ PORT: '1.5' }, 'PORT'],
    [{ DATABASE_URL: 'mysql://a' }, 'DATABASE_URL'],
    [{ PUBLIC_URL: 'registry.example' }, 'PUBLIC_URL'],
    [{ ADMIN_KEY: 'short' }, 'ADMIN_KEY'],
    [{ CATALOGUE: 'full' }, 'CATALOGUE'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL']
  ] as const) {
    const error = refusalOf(env)
    t.ok(error instanceof ConfigError, JSON.stringify(env))
    t.match((error as Error).message, new RegExp(`^${name} is not usable\\. .+`))
  }
  t.notMatch(String(refusalOf({ ADMIN_KEY: 'secret' })), 'secret', 'a value is not shown')
  t.match(readConfig({}), { PORT: 3000, HOST: '127.0.0.1', PUBLIC_URL: 'http://127.0.0.1:3000' })
  t.equal(readConfig({ HOST: '::1', PORT: '80' }).PUBLIC_URL, 'http://[::1]:80')
  t.equal(readConfig({ PUBLIC_URL: 'https://registry.example/' }).PUBLIC_URL, 'https://registry.example')
})

function refusalOf(env: Record<string, string>): unknown {
  try {
    return readConfig(env)
  } catch (error) {
    return error
  }
}
