import t from 'tap'
import { type Ask, type Client, leaks, onEveryEngine } from './client.ts'
import { type Row, unharmed } from './unharmed.ts'

const get = (path: string, status: number, code: string, at?: string, ask: Ask = {}): Row => [
  `GET ${path.slice(0, 120)}`,
  'GET',
  path,
  ask,
  status,
  code,
  at
]
const wrong = (query: string, at: string, code = 'invalid-parameter', path = '/v1/measures') => get(`${path}?${query}`, 400, code, `?${at}`)

/** Numbers that are none, or too small or large. */
const NUMBERS = [
  '0',
  '-1',
  '1001',
  'abc',
  '1e3',
  '',
  '%20',
  '1.5',
  '0x10',
  '10abc',
  '1%2C2',
  'NaN',
  'Infinity',
  '9'.repeat(40),
  'null',
  'true',
  '%00',
  '१०'
]

const limits = ['/v1/measures', '/v1/changes'].flatMap((path) =>
  NUMBERS.map((limit) => wrong(`limit=${limit}`, 'limit', 'invalid-parameter', path))
)

const listParameters: Row[] = [
  wrong('q=', 'q'),
  wrong(`q=${'x'.repeat(401)}`, 'q'),
  wrong(`q=${'x%20'.repeat(25_000)}`, 'q'),
  wrong('q=a&q=b', 'q'),
  wrong('limit=1&limit=2', 'limit'),
  wrong('sort=title&sort=updated', 'sort'),
  wrong('lang=nl&lang=fr', 'lang'),
  wrong('fields=id&fields=title', 'fields'),
  wrong('format=csv&format=json', 'format'),
  wrong('cursor=a&cursor=b', 'cursor'),
  wrong('facets=type&facets=level', 'facets'),
  ...['xx-!!', '!', 'x', '', 'nl_BE', 'a'.repeat(60), '../en', 'nl%00', 'en%20'].map((lang) => wrong(`lang=${lang}`, 'lang')),
  ...['title;drop', 'TITLE', '--title', '+title', '', 'id', 'constructor'].map((sort) => wrong(`sort=${sort}`, 'sort')),
  ...['xls', 'JSON', '', 'pdf', '__proto__'].map((format) => wrong(`format=${format}`, 'format')),
  ...['', ',', 'id,', 'nothing', '__proto__', 'constructor', 'readiness.maturity'].map((fields) => wrong(`fields=${fields}`, 'fields')),
  ...['', ',', 'steward', 'nothing', 'constructor'].map((facets) => wrong(`facets=${facets}`, 'facets')),
  ...['yesterday', '2026', '2026-13-01T00:00:00Z', '', '1', '2026-02-30T00:00:00Z', '2026-02-30'].map((since) =>
    wrong(`updatedSince=${since}`, 'updatedSince')
  ),
  ...[
    'proces',
    '',
    ',',
    'process,',
    '!',
    '!!process',
    'process!',
    'Process',
    'constructor',
    '__proto__',
    '%00',
    'process%00',
    '*',
    '%25',
    "'"
  ].map((type) => wrong(`type=${type}`, 'type', 'unknown-code')),
  ...['', 'nothing', 'licence.', '.fee', 'licence.nothing', 'constructor', '__proto__.x'].map((missing) =>
    wrong(`missing=${missing}`, 'missing', 'unknown-code')
  ),
  ...['jurisdiction=XX', 'jurisdiction=nl', 'language=zz', 'language=english', 'maturity=M6', 'status=deleted', 'strategy=8'].map((query) =>
    wrong(query, query.split('=')[0]!, 'unknown-code')
  ),
  ...['steward=', 'identifier=', 'steward=!'].map((query) => wrong(query, query.split('=')[0]!, 'unknown-code')),
  wrong(Array.from({ length: 21 }, () => 'type=process').join('&'), 'type'),
  wrong(Array.from({ length: 5_000 }, () => 'type=process').join('&'), 'type'),
  wrong(`type=${Array.from({ length: 2_000 }, () => 'process').join(',')}`, 'type'),
  wrong(Array.from({ length: 5_000 }, (_, i) => `p${i}=1`).join('&'), 'p0', 'unknown-parameter'),
  ...['Q', 'limits', 'constructor', '__proto__', 'toString', 'type[]', 'type[0]', 'limit%00', '$where', ''].map((name) =>
    wrong(`${name}=1`, name === 'limit%00' ? 'limit\u0000' : name, 'unknown-parameter')
  )
]

const elsewhere: Row[] = [
  ...['abc', '-1', '1.5', '', '1e3', '%00', '9'.repeat(30)].map((since) =>
    wrong(`since=${since}`, 'since', 'invalid-parameter', '/v1/changes')
  ),
  wrong('since=1&since=2', 'since', 'invalid-parameter', '/v1/changes'),
  wrong('until=1', 'until', 'unknown-parameter', '/v1/changes'),
  wrong('language=nl', 'language', 'unknown-parameter', '/v1/vocabularies'),
  wrong('lang=xx-!!', 'lang', 'invalid-parameter', '/v1/vocabularies'),
  wrong('lang=xx-!!', 'lang', 'invalid-parameter', '/v1/vocabularies/domain')
]

/** Parts of an address that name nothing. */
const ids = [
  'a',
  'A-measure',
  '-a',
  'a_b',
  'a.b',
  'a%20b',
  '%00',
  'a%00b',
  '..%2f..%2fetc',
  '%2e%2e',
  'é',
  '%C3%A9',
  "'%20or%201=1",
  'x'.repeat(81),
  '__proto__',
  '%25'
]
const paths: Row[] = [
  ...ids.flatMap((id) =>
    ['', '/versions', '/versions/1.0.0', '/diff', '/history', '/related'].map((rest) => get(`/v1/measures/${id}${rest}`, 404, 'not-found'))
  ),
  ...ids.map((id) => get(`/v1/measures/${id}/draft`, 404, 'not-found', undefined, { as: 'contributor' })),
  ...ids.map((name) => get(`/v1/vocabularies/${name}`, 404, 'not-found')),
  ...ids.map((id) => get(`/v1/keys/${id}`, 404, 'not-found', undefined, { as: 'admin' })),
  ...['%ff', '%zz', '%', '%c3', 'a%', '%u0041'].flatMap((part) =>
    [`/v1/measures/${part}`, `/v1/measures/${part}/versions`, `/v1/vocabularies/${part}`, `/v1/${part}`].map((path) =>
      get(path, 400, 'invalid-parameter', '?path')
    )
  ),
  get(`/v1/measures/${'x'.repeat(500)}`, 414, 'uri-too-long'),
  get(`/v1/measures/${'x'.repeat(100_000)}`, 414, 'uri-too-long'),
  get(`/${'x'.repeat(300_000)}`, 431, 'headers-too-large')
]

/** What full-text search and LIKE would take for an operator. Here it is text: an answer comes, and it is not everything. */
const SEARCHES = [
  ...[
    '"',
    '*',
    '(',
    ')',
    '()',
    '""',
    ':',
    '^',
    '-',
    '+',
    '~',
    '{',
    '}',
    "'",
    '\\',
    '%',
    '_',
    '?',
    '[',
    ']',
    '|',
    '&',
    '!',
    '<->',
    '@@',
    ';',
    '--',
    '/*',
    '$$',
    '\u0000',
    '\uFFFD'
  ],
  ...[
    'NEAR',
    'OR',
    'AND',
    'NOT',
    'NEAR(care plan)',
    'care NEAR/2 plan',
    'care OR',
    'OR care',
    'NOT care',
    'care AND',
    '"care',
    'care"',
    'care*',
    '*care',
    '(care',
    'title:care'
  ],
  ...[
    'title : care',
    '{title rest}: care',
    '^care',
    '-care',
    '+care',
    '~care',
    "care'",
    "care\\'",
    'care%',
    '%care',
    'ca_e',
    'care & !plan',
    'care:*',
    'care:A',
    '1; select 1',
    "' OR '1'='1"
  ],
  ...[
    '\u0000care',
    'care\u0000',
    '\ud800',
    '\u202E',
    '\u{1F600}',
    'ﬀ',
    'İ',
    'ß',
    '한국어',
    '日本語',
    'x'.repeat(400),
    'a '.repeat(200),
    '%'.repeat(100),
    '"'.repeat(399)
  ]
]

/** Cursors like one that was given, each with one part changed. */
function forgeries(cursor: string): string[] {
  const parts = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
  const values = [-1, 2 ** 53, 1e308, 1.5, '', 'x'.repeat(1_000), null, [], {}, true, '\u0000']
  const changed = parts.flatMap((part, i) => values.filter((value) => value !== part).map((value) => parts.with(i, value)))
  return [...changed, parts.slice(1), [...parts, 1], parts.toReversed()].map((forged) =>
    Buffer.from(JSON.stringify(forged)).toString('base64url')
  )
}

async function searchAll(client: Client) {
  const { total } = (await client.get('/v1/measures?limit=1')).json
  const faults: string[] = []
  for (const q of SEARCHES)
    for (const more of ['', '&sort=title', '&facets=type,level', '&format=csv']) {
      const reply = await client.get(`/v1/measures?q=${encodeURIComponent(q.toWellFormed())}${more}`)
      const isFine = reply.status === 200 && (more === '&format=csv' || (reply.json.total < total && typeof reply.json.next === 'string'))
      const isRefusal = reply.status === 400 && reply.json.code === 'invalid-parameter'
      if (!(isFine || isRefusal)) faults.push(`q=${JSON.stringify(q)}${more}: ${reply.status} ${reply.text.slice(0, 200)}`)
      if (isRefusal && leaks(reply.text)) faults.push(`q=${JSON.stringify(q)}${more} shows ${leaks(reply.text)}`)
    }
  return faults
}

onEveryEngine(t, async (t, client) => {
  const { test, refuses } = await unharmed(t, client)
  refuses('limits', limits)
  refuses('parameters of a list', listParameters)
  refuses('parameters elsewhere', elsewhere)
  refuses('paths', paths)

  test('what searches take for operators is text', async (t) => {
    t.same(await searchAll(client), [])
  })

  test('filters with any text find that text, or nothing', async (t) => {
    for (const text of ['%', '_', '*', "' OR '1'='1", '"', '%00', '\\', ',,', '$1', '\u{1F600}'])
      for (const name of ['steward', 'identifier']) {
        const { status, json } = await client.get(`/v1/measures?${name}=${text === '%00' ? text : encodeURIComponent(text)}`)
        t.ok(status === 400 || (status === 200 && json.total === 0), `${name}=${JSON.stringify(text)}: ${status} ${json.total}`)
      }
    for (const query of ['q=%ff', 'q=%zz', 'q=%', 'steward=%ff', 'identifier=%zz', 'type=%ff', '%ff=1', '%zz', '&&&', '=', '?', 'q', '#']) {
      const { status, text } = await client.get(`/v1/measures?${query}`)
      t.ok(status === 200 || status === 400, `${query}: ${status}`)
      t.equal(leaks(text), undefined)
    }
  })

  test('cursors: only next, and only with the same list', async (t) => {
    const path = '/v1/measures?limit=1'
    const { next } = (await client.get(path)).json
    const rows: Row[] = [
      ...['&type=process', '&sort=updated', '&q=care', '&status=active', '&missing=testing', '&updatedSince=2000-01-01T00:00:00Z'].map(
        (other) => get(`${path}${other}&cursor=${next}`, 400, 'cursor-of-another-query', '?cursor')
      ),
      ...['x', '====', 'null', '%00', '%F0%9F%98%80', next.slice(1), next.slice(0, -3), Buffer.from('{}').toString('base64url'), 'W10'].map(
        (cursor) => get(`${path}&cursor=${cursor}`, 400, 'invalid-cursor', '?cursor')
      ),
      get(`${path}&cursor=${'A'.repeat(2_001)}`, 400, 'invalid-parameter', '?cursor')
    ]
    refuses('cursors', rows)
    for (const list of [path, `${path}&sort=-updated`, `${path}&sort=maturity`, `${path}&q=care`]) {
      const given = (await client.get(list)).json.next
      for (const forged of forgeries(given)) {
        const { status, json, text } = await client.get(`${list}&cursor=${forged}`)
        const isRefusal = status === 400 && ['invalid-cursor', 'cursor-of-another-query', 'invalid-parameter'].includes(json.code)
        // A forged place that could have been a place may be answered like any other.
        if (!isRefusal && !(status === 200 && typeof json.next === 'string'))
          t.fail(`${list} ${Buffer.from(forged, 'base64url').toString().slice(0, 200)}: ${status} ${text.slice(0, 200)}`)
      }
    }
  })
})
