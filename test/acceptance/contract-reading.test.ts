import t from 'tap'
import { onEveryEngine, refuses } from './client.ts'

onEveryEngine(t, async (t, client) => {
  const { json: measure } = await client.publish({ title: `Read me ${client.word}`, acronym: `R${client.word}` })
  const at = `/v1/measures/${measure.id}`
  await client.revise(measure.id, { rationale: 'Because it matters.' })

  t.test('the root says what this is and where to go on', async (t) => {
    const { status, json } = await client.get('/v1')
    t.equal(status, 200)
    t.match(json, { name: String, version: /^\d+\.\d+\.\d+$/, links: { measures: /\/v1\/measures$/ }, counts: { measures: Number } })
    const listed = await client.get('/v1/measures?limit=1')
    t.equal(json.counts.measures, listed.json.total, 'the count is that of the list')
    for (const link of Object.values(json['links'] as Record<string, string>))
      t.equal((await client.get(new URL(link).pathname)).status, 200, link)
  })

  t.test('every read has a strong ETag, 304, Vary, Cache-Control, CORS and HEAD', async (t) => {
    const paths = [
      '/v1',
      '/v1/measures?limit=2',
      '/v1/measures?limit=2&facets=type&fields=id,title&lang=nl',
      '/v1/measures?limit=1&format=csv',
      '/v1/measures?limit=1&format=ndjson',
      at,
      `${at}?fields=id,title`,
      `${at}/versions`,
      `${at}/versions/1.0.0`,
      `${at}/diff?from=1.0.0&to=1.1.0`,
      `${at}/history`,
      `${at}/related`,
      '/v1/vocabularies',
      '/v1/vocabularies/domain',
      '/v1/changes?limit=3',
      '/openapi.json',
      '/openapi.yaml'
    ]
    for (const path of paths) {
      const first = await client.get(path, { headers: { origin: 'https://dashboard.example' } })
      t.equal(first.status, 200, `GET ${path}`)
      t.match(first.etag, /^"[\x21\x23-\x7e]+"$/, `${path} has a strong ETag`)
      t.equal(first.headers.get('access-control-allow-origin'), '*', `${path} may be read from any page`)
      t.match(first.headers.get('access-control-expose-headers') ?? '', /etag/i, `${path}: pages may read the ETag`)
      t.match(first.headers.get('cache-control') ?? '', /no-cache|max-age/, `${path} says how it may be kept`)
      t.match(first.headers.get('vary') ?? '', /accept-language/i, `${path} varies by language`)
      const head = await client.call('HEAD', path)
      t.equal(head.status, 200, `HEAD ${path}`)
      t.equal(head.text, '', `HEAD ${path} has no body`)
      t.equal(head.etag, first.etag, `HEAD ${path} has the same ETag`)
      t.equal(head.headers.get('content-type'), first.headers.get('content-type'), `HEAD ${path} has the same type`)
      for (const known of [first.etag, `W/${first.etag}`, `"other", ${first.etag}`, '*']) {
        const again = await client.get(path, { headers: { 'if-none-match': known } })
        t.equal(again.status, 304, `${path} with If-None-Match ${known}`)
        t.equal(again.text, '')
        t.equal(again.etag, first.etag, 'a 304 repeats the ETag')
      }
      t.equal((await client.get(path, { headers: { 'if-none-match': '"another"' } })).status, 200, `${path} with another ETag`)
    }
  })

  t.test('what came with a key is not for shared caches', async (t) => {
    for (const path of ['/v1/measures?limit=1', at, '/v1/me'])
      t.match((await client.get(path, { as: 'contributor' })).headers.get('cache-control') ?? '', /private|no-store/, path)
    t.notMatch((await client.get(at)).headers.get('cache-control') ?? '', /private/)
  })

  t.test('writes are not open to pages of others', async (t) => {
    const headers = { origin: 'https://elsewhere.example', 'access-control-request-method': 'POST' }
    const { headers: answered } = await client.call('OPTIONS', '/v1/measures', { headers })
    t.notMatch(answered.get('access-control-allow-methods') ?? '', /POST|PATCH|DELETE|PUT/)
  })

  t.test('an ETag changes with the measure, and lists notice', async (t) => {
    const before = {
      one: await client.get(at),
      list: await client.get(`/v1/measures?q=${client.word}`),
      changes: await client.get('/v1/changes')
    }
    await client.revise(measure.id, { guidance: 'Start small.' })
    const after = { one: await client.get(at), list: await client.get(`/v1/measures?q=${client.word}`) }
    t.not(after.one.etag, before.one.etag)
    t.not(after.list.etag, before.list.etag)
    t.equal((await client.get(at, { headers: { 'if-none-match': before.one.etag } })).status, 200)
  })

  t.test('a measure has the fields of the domain', async (t) => {
    const { json } = await client.get(at)
    t.match(json, {
      id: measure.id,
      canonicalUrl: new RegExp(`/measures/${measure.id}$`),
      version: /^1\.\d+\.0$/,
      status: 'active',
      title: `Read me ${client.word}`,
      readiness: { maturity: /^M[0-5]$/, because: Array },
      completeness: { filled: Number, of: Number, missing: Array },
      createdAt: /^\d{4}-\d\d-\d\dT[\d:.]+Z$/,
      updatedAt: /Z$/,
      publishedAt: /Z$/
    })
    t.same(Object.keys((await client.get(`${at}?fields=title,id`)).json).sort(), ['id', 'title'])
    refuses(t, await client.get(`${at}?fields=titel`), { status: 400, code: 'invalid-parameter', at: '?fields' }, 'an unknown field')
  })

  t.test('health and metrics', async (t) => {
    for (const path of ['/livez', '/readyz']) t.equal((await client.get(path)).status, 200, path)
    const { text, headers } = await client.get('/metrics')
    t.match(headers.get('content-type') ?? '', /^text\/plain/)
    t.match(text, /^http_request_duration_seconds_count\{.*route="\/v1\/measures\/:id".*\} \d+$/m)
    t.match(text, /^process_cpu_seconds_total/m)
  })

  t.test('the OpenAPI document is served twice, with a reference to read', async (t) => {
    const { json, headers } = await client.get('/openapi.json')
    t.match(headers.get('content-type') ?? '', /^application\/json/)
    t.match(String(json['openapi']), /^3\.1/)
    const paths = json['paths'] as Record<
      string,
      Record<string, { operationId?: string; summary?: string; tags?: string[]; responses?: object }>
    >
    for (const [path, operations] of Object.entries(paths))
      for (const [method, operation] of Object.entries(operations))
        t.match(operation, { operationId: String, summary: String, tags: [String], responses: Object }, `${method} ${path} is described`)
    for (const path of ['/v1/measures', '/v1/measures/{id}/draft/publish', '/v1/changes', '/v1/vocabularies/{name}'])
      t.ok(paths[path], path)
    const yaml = await client.get('/openapi.yaml')
    t.match(yaml.headers.get('content-type') ?? '', /yaml/)
    t.match(yaml.text, /^openapi: "?3\.1/)
    for (const path of Object.keys(paths)) t.ok(yaml.text.includes(path), `yaml has ${path}`)
    t.match((await client.get('/docs/')).headers.get('content-type') ?? '', /^text\/html/)
  })

  t.test('each kind of problem has a page', async (t) => {
    const { json } = await client.get('/problems', { headers: { accept: 'application/json' } })
    t.ok(json.items.length > 15)
    for (const { code } of json.items) {
      t.match((await client.get(`/problems/${code}`)).json, { code, status: Number, title: String }, code)
      const page = await client.get(`/problems/${code}`, { headers: { accept: 'text/html' } })
      t.match(page.headers.get('content-type') ?? '', /^text\/html/)
      t.ok(page.text.includes(code))
    }
    const refused = await client.get('/v1/measures/none-of-this-name')
    t.equal((await client.get(new URL(refused.json.type).pathname)).status, 200, 'the type of a refusal leads to its page')
    refuses(t, await client.get('/problems/none'), { status: 404, code: 'not-found' }, 'an unknown kind')
  })

  t.test('canonical urls lead to the measure, and the root to the reference', async (t) => {
    const canonical = new URL(String((await client.get(at)).json.canonicalUrl)).pathname
    for (const [path, status, location] of [
      [canonical, 303, at],
      ['/', 302, '/docs']
    ] as const) {
      const reply = await client.get(path)
      t.equal(reply.status, status, path)
      t.ok(reply.headers.get('location')?.endsWith(location), path)
    }
  })

  t.test('what is not there, and methods that are not known', async (t) => {
    for (const path of ['/v2', '/v1/measure', '/v1/measures/', '/v1/measures/none-of-this-name', `${at}/versions/9.9.9`, `${at}/nothing`])
      refuses(t, await client.get(path), { status: 404, code: 'not-found' }, path)
    for (const [method, path] of [
      ['PUT', at],
      ['DELETE', '/v1/measures'],
      ['POST', at],
      ['PATCH', '/v1/vocabularies'],
      ['POST', '/v1/changes']
    ] as const) {
      const reply = await client.call(method, path)
      refuses(t, reply, { status: 405, code: 'method-not-allowed' }, `${method} ${path}`)
      t.match(reply.headers.get('allow') ?? '', /GET/, `${method} ${path} says what is allowed`)
    }
  })
})
