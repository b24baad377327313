import t from 'tap'
import { type Ask, complete, faultOf, onEveryEngine } from './client.ts'
import { type Row, unharmed } from './unharmed.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const nested = (levels: number, open: string, close: string) => `${open.repeat(levels)}1${close.repeat(levels)}`
const escapes = (text: string) => [...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')

/** Bodies that no write may take, for each path that takes one. */
function bodies(path: string, method: string, headers: Record<string, string>): Row[] {
  const ask = (body: unknown, more: Record<string, string> = JSON_TYPE): Ask => ({ as: 'admin', body, headers: { ...headers, ...more } })
  const row = (name: string, body: unknown, status: number, code: string, at?: string, more?: Record<string, string>): Row =>
    [`${method} ${path}: ${name}`, method, path, ask(body, more), status, code, at] as Row
  const big = JSON.stringify({ title: 'x'.repeat(2 ** 20) })
  const malformed = [
    '{',
    '{"title":}',
    '{title: 1}',
    "{'title': 1}",
    '{"a":1}x',
    'null x',
    '',
    ' ',
    '[1,',
    '{"title":"a\nb"}',
    '\u0000',
    'NaN'
  ]
  return [
    ...malformed.map((text) => row(`malformed ${JSON.stringify(text)}`, text, 400, 'malformed-json')),
    ...['null', '1', '"text"', '[]', 'true', '[{"title":"x"}]'].map((text) => row(`not an object: ${text}`, text, 422, 'invalid-body', '')),
    row('an unknown property', '{"titel":"x"}', 422, /measures$|keys$/.test(path) ? 'invalid-body' : 'unknown-property', '/titel'),
    row('over the limit', big, 413, 'payload-too-large'),
    row('text', '{}', 415, 'unsupported-media-type', undefined, { 'content-type': 'text/plain' }),
    row('a form', 'title=x', 415, 'unsupported-media-type', undefined, { 'content-type': 'application/x-www-form-urlencoded' }),
    row('a type that is none', '{}', 415, 'unsupported-media-type', undefined, { 'content-type': 'nonsense' }),
    row('no type', Buffer.from('{}'), 415, 'unsupported-media-type', undefined, {}),
    row('UTF-16', Buffer.from('{"title":"x"}', 'utf16le'), 400, 'malformed-json'),
    row('not UTF-8', Buffer.from([...Buffer.from('{"title":"'), 0xff, 0xfe, ...Buffer.from('"}')]), 400, 'malformed-json'),
    row('half a letter', Buffer.from([...Buffer.from('{"title":"'), 0xc3, ...Buffer.from('"}')]), 400, 'malformed-json'),
    row('__proto__', '{"title":"x","__proto__":{"admin":true}}', 400, 'malformed-json'),
    row('constructor.prototype', '{"title":"x","constructor":{"prototype":{"admin":true}}}', 400, 'malformed-json'),
    row('10,000 levels of lists', `{"title":${nested(10_000, '[', ']')}}`, 422, 'invalid-body'),
    row('10,000 levels of objects', `{"title":${nested(10_000, '{"a":', '}')}}`, 422, 'invalid-body'),
    row('400,000 levels', `{"title":${nested(400_000, '[', ']')}}`, 422, 'invalid-body')
  ]
}

/** Text that cannot be stored, at each depth of a measure. */
const texts = (path: string, method: string, headers: Record<string, string>): Row[] =>
  [
    ['U+0000', '\\u0000'],
    ['a lone high surrogate', '\\ud800'],
    ['a lone low surrogate', '\\udc00'],
    ['surrogates the wrong way round', '\\udc00\\ud800']
  ].flatMap(([name, written]) =>
    (
      [
        [`{"title":"a${written}b"}`, '/title'],
        [`{"title":"x","licence":{"note":"${written}"}}`, '/licence/note'],
        [`{"title":"x","specification":{"riskAdjustment":["a","${written}"]}}`, '/specification/riskAdjustment/1'],
        [`{"title":"x","translations":{"nl":{"title":"${written}"}}}`, '/translations/nl/title']
      ] as const
    ).map(([body, at]): Row => {
      const ask = { as: 'admin' as const, body, headers: { ...JSON_TYPE, ...headers } }
      return [`${method} ${path}: ${name} at ${at}`, method, path, ask, 422, 'invalid-body', at]
    })
  )

const headerRows = (path: string): Row[] => [
  [
    'Idempotency-Key of 10 kB',
    'POST',
    '/v1/measures',
    { as: 'contributor', body: complete(), headers: { 'idempotency-key': 'k'.repeat(10_000) } },
    400,
    'invalid-parameter',
    'idempotency-key:'
  ],
  [
    'Idempotency-Key with a space',
    'POST',
    '/v1/measures',
    { as: 'contributor', body: complete(), headers: { 'idempotency-key': 'a b' } },
    400,
    'invalid-parameter',
    'idempotency-key:'
  ],
  [
    'Idempotency-Key with a letter outside ASCII',
    'POST',
    '/v1/measures',
    { as: 'contributor', body: complete(), headers: { 'idempotency-key': 'clé' } },
    400,
    'invalid-parameter',
    'idempotency-key:'
  ],
  [
    'Idempotency-Key for a key',
    'POST',
    '/v1/keys',
    { as: 'admin', body: { name: 'x', role: 'admin' }, headers: { 'idempotency-key': 'k' } },
    400,
    'invalid-parameter',
    'idempotency-key:'
  ],
  ...[
    '',
    'Bearer',
    'Bearer ',
    'Basic YTpi',
    'Bearer a b',
    'Bearer cm_000000000000_x',
    `Bearer ${'x'.repeat(9_000)}`,
    'Bearer é',
    "Bearer ' OR 1=1--",
    'nonsense'
  ].flatMap((authorization): Row[] =>
    ['/v1/measures?limit=1', '/v1/me'].map(
      (at): Row => [
        `Authorization: ${authorization.slice(0, 40)} at ${at}`,
        'GET',
        at,
        { headers: { authorization } },
        401,
        'unauthenticated',
        'authorization:'
      ]
    )
  ),
  [
    'If-Match junk',
    'PATCH',
    path,
    { as: 'contributor', body: { rationale: 'x' }, headers: { 'if-match': '"; DROP TABLE' } },
    412,
    'precondition-failed',
    'if-match:'
  ],
  [
    'If-Match of 20 kB',
    'PATCH',
    path,
    { as: 'contributor', body: { rationale: 'x' }, headers: { 'if-match': '"x",'.repeat(5_000) } },
    412,
    'precondition-failed',
    'if-match:'
  ],
  ['Accept that names nothing known', 'GET', '/v1/measures', { headers: { accept: 'application/pdf' } }, 406, 'not-acceptable', 'accept:'],
  ['headers over the limit', 'GET', '/v1/measures', { headers: { 'x-long': 'x'.repeat(200_000) } }, 431, 'headers-too-large']
]

/** Headers that mean nothing and harm nothing. */
const HARMLESS: Record<string, string>[] = [
  { 'if-none-match': 'junk, "x, W/' },
  { 'if-none-match': '"'.repeat(5_000) },
  { accept: '*/*, ;;;q=x, ,,,' },
  { 'accept-language': 'xx-!!, ;;q=9' },
  { 'accept-language': 'a'.repeat(5_000) },
  { 'accept-language': 'zz' },
  { cookie: 'a=b' },
  { range: 'bytes=0-1' },
  { 'x-http-method-override': 'DELETE' }
]

/** Text that means something elsewhere; here it is text. */
const INJECTIONS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'; DROP TABLE measures; --",
  "' OR '1'='1",
  '$1 :name ?1 %s {{7*7}} %{7*7}',
  '\\u0041 \\n \\\\ \\x00',
  '../../etc/passwd',
  'NULL',
  '   leading and trailing   ',
  'e\u0301 \u00e9 \u202Eright to left\u202C \uFEFF mark \u{1F469}\u200D\u{1F467} \uFFFD',
  'line one\r\nline two\u2028line three\ttab'
]

onEveryEngine(t, async (t, client) => {
  const { draft, test, refuses } = await unharmed(t, client)
  const match = { 'if-match': draft.etag }

  refuses('bodies of a new measure', bodies('/v1/measures', 'POST', {}))
  refuses('bodies of a patch', bodies(draft.path, 'PATCH', match))
  refuses('bodies of a submission', bodies(`${draft.path}/submit`, 'POST', match))
  refuses('bodies of a publication', bodies(`${draft.path}/publish`, 'POST', match))
  refuses('bodies of a key', bodies('/v1/keys', 'POST', {}))
  refuses('text that cannot be stored', [...texts('/v1/measures', 'POST', {}), ...texts(draft.path, 'PATCH', match)])
  refuses('headers', headerRows(draft.path))

  test('an unknown property with a name that means something', async (t) => {
    for (const name of ['constructor', 'toString', 'hasOwnProperty', 'a/b', 'a~b', '', '$ref', escapes('x')]) {
      const reply = await client.post('/v1/measures', `{"title":"x","${name}":"y"}`, { as: 'contributor', headers: JSON_TYPE })
      const plain = name.startsWith('\\u') ? 'x' : name
      const pointer = `/${plain.replaceAll('~', '~0').replaceAll('/', '~1')}`
      t.equal(faultOf(reply, { status: 422, code: 'unknown-property', at: pointer }), undefined, name)
    }
  })

  test('headers that mean nothing', async (t) => {
    for (const headers of HARMLESS) {
      const reply = await client.get('/v1/measures?limit=1', { headers })
      t.ok(reply.status === 200 || reply.status === 406, `${JSON.stringify(headers).slice(0, 60)}: ${reply.status}`)
    }
  })

  t.test('markup and SQL in text come back as they went in', async (t) => {
    for (const text of INJECTIONS) {
      const content = complete({
        title: text,
        description: text,
        identifiers: [{ system: text, value: text }],
        translations: { nl: { title: text } }
      })
      const made = await client.post('/v1/measures', content, { as: 'contributor' })
      t.equal(made.status, 201)
      const read = await client.get(`/v1/measures/${made.json.id}/draft`, { as: 'contributor' })
      t.match(read.headers.get('content-type') ?? '', /^application\/json/)
      t.match(read.json, { title: text, description: text })
      t.same(read.json['identifiers'], content['identifiers' as never])
      t.equal((await client.get(`/v1/measures?status=draft&q=${encodeURIComponent(text)}`, { as: 'contributor' })).status, 200)
      t.equal(
        (await client.get(`/v1/measures?identifier=${encodeURIComponent(text.replaceAll('\\', '\\\\').replaceAll(',', '\\,'))}`)).status,
        200
      )
      const reason = await client.post(
        `/v1/measures/${made.json.id}/draft/submit`,
        { reason: text },
        { as: 'contributor', headers: { 'if-match': made.etag } }
      )
      t.equal(reason.status, 200)
      t.equal((await client.get(`/v1/measures/${made.json.id}/history`, { as: 'contributor' })).json.items.at(-1)?.['why'], text)
    }
  })
})
