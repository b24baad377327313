/** Readiness that is asked in a wrong way: every parameter, at every address, is refused by its name, and nothing is the worse for it. */
import t from 'tap'
import { type Client, onEveryEngine } from './client.ts'
import { type Row, unharmed } from './unharmed.ts'

const CATALOGUE = '/v1/readiness'
const UNLOCKS = '/v1/readiness/unlocks'
const COMPARE = '/v1/readiness/compare'
const RULES = '/v1/readiness-rules'

/** What is wrong with a query: where, and the code. */
type Wrong = readonly [query: string, at: string, code?: string]

const rowsOf = (paths: readonly string[], wrong: readonly Wrong[]): Row[] =>
  paths.flatMap((path) =>
    wrong.map(([query, at, code = 'invalid-parameter']) => {
      const address = `${path}${path.includes('?') ? '&' : '?'}${query}`
      return [`GET ${address.slice(0, 140)}`, 'GET', address, {}, 400, code, `?${at}`] as const
    })
  )

const times = (count: number, one: (i: number) => string, separator = '&') =>
  Array.from({ length: count }, (_, i) => one(i)).join(separator)

/** Texts that are no code, whatever the list. */
const TEXTS = [
  '',
  ',',
  '%20',
  'nothing',
  'EHR',
  'constructor',
  '__proto__',
  '%00',
  'nl%00',
  '%ff',
  '%C3%28',
  '%ED%A0%80',
  '*',
  '%25',
  "'",
  "'%20or%20'1'='1",
  '1;drop%20table%20documents',
  '%24%7B7*7%7D',
  '%7B%7D',
  '..%2f..%2fetc%2fpasswd',
  '%3Cscript%3Ealert(1)%3C/script%3E',
  '%F0%9F%98%80',
  'null',
  'undefined',
  '0',
  '-1'
]
const LISTS = {
  jurisdiction: 'NL',
  setting: 'hospital',
  forPopulation: 'adults',
  forCondition: 'diabetes',
  data: 'ehr',
  language: 'nl',
  stratifier: 'age'
}

const lists: Wrong[] = Object.entries(LISTS).flatMap(([name, good]): Wrong[] => [
  ...TEXTS.map((text): Wrong => [`${name}=${text}`, name, 'unknown-code']),
  ...[`${good},`, `,${good}`, `${good},${good}x!`, `${good}&${name}=nothing`, `${good}%00`, `${good},,${good}`].map(
    (text): Wrong => [`${name}=${text}`, name, 'unknown-code']
  ),
  ...[`!${good}`, '!', `${good},!${good}`, `${good}&${name}=!nothing`, '!!'].map((text): Wrong => [`${name}=${text}`, name]),
  [times(21, () => `${name}=${good}`), name],
  [`${name}=${'x'.repeat(1_001)}`, name],
  [times(10, (i) => `${name}=${times(30, (j) => `x${i}y${j}`, ',')}`), name],
  [`${name}[]=${good}`, `${name}[]`, 'unknown-parameter'],
  [`${name}[0]=${good}`, `${name}[0]`, 'unknown-parameter'],
  [`${name}.0=${good}`, `${name}.0`, 'unknown-parameter']
])

const NUMBERS = [
  '',
  '%20',
  'abc',
  'NaN',
  'Infinity',
  '-Infinity',
  '1e400',
  '-1',
  '-0.5',
  '1,5',
  '1%2C5',
  '1.2.3',
  '10abc',
  'null',
  'true',
  'false',
  '[]',
  '%7B%7D',
  '%00',
  '1%00',
  '%ff',
  '१०',
  '1_000',
  "1'",
  '9'.repeat(400)
]
const WHOLE = [...NUMBERS, '1.5', '1e3', '0x10', '0b1', '+1', '%201', '1%20', '9'.repeat(16)]

const scalars: Wrong[] = [
  ...NUMBERS.map((number): Wrong => [`budget=${number}`, 'budget']),
  ...['1000000000001', '1e13'].map((number): Wrong => [`budget=${number}`, 'budget']),
  ...[...NUMBERS, '0', '0.0', '1441', '1e4'].map((number): Wrong => [`minutes=${number}`, 'minutes']),
  ...[...WHOLE, '0', '-0', '10000000001', '0.5'].map((number): Wrong => [`populationSize=${number}`, 'populationSize']),
  ...[...WHOLE, '3651', '1000000000', '1e9', '30.5'].map((number): Wrong => [`horizonDays=${number}`, 'horizonDays']),
  ...[
    '',
    '%20',
    '2026-02-30',
    '2026-13-01',
    '2026-00-10',
    '2025-02-29',
    '26-01-01',
    '2026',
    '2026-1-1',
    '20260101',
    '2026-01-01T00:00:00Z',
    '%202026-01-01',
    '2026-01-01%0A',
    'today',
    '0',
    '1e400',
    '2026-01-01%00',
    '%ff'
  ].map((day): Wrong => [`asOf=${day}`, 'asOf']),
  ...['', 'improvment', 'PAYMENT', 'payment,research', '!payment', '__proto__', 'constructor', '%00', '%ff', "'"].map(
    (purpose): Wrong => [`purpose=${purpose}`, 'purpose']
  ),
  ...['', 'eur', 'EURO', 'EU', '€', '978', 'EUR,USD', 'EUR%00', '%ff', '__proto__'].map(
    (currency): Wrong => [`budget=1&currency=${currency}`, 'currency']
  ),
  ...['ZZZ', 'XQZ'].map((currency): Wrong => [`budget=1&currency=${currency}`, 'currency', 'unknown-code']),
  ...['EUR', 'USD'].map((currency): Wrong => [`currency=${currency}`, 'currency']),
  ...['', 'short', 'EXAMP1ECONTEXT00', '000000000000000u', '00000000000000000', '%00', '%ff', "'%20or%201=1", '..%2f..'].map(
    (id): Wrong => [`context=${id}`, 'context']
  ),
  ...[
    'budget=1&budget=1',
    'minutes=1&minutes=2',
    'populationSize=50&populationSize=50',
    'horizonDays=1&horizonDays=1',
    'asOf=2026-01-01&asOf=2026-01-01',
    'purpose=payment&purpose=payment',
    'budget=1&currency=EUR&currency=EUR',
    'context=0000000000000000&context=0000000000000000'
  ].map((query): Wrong => [query, query.slice(query.lastIndexOf('&') + 1).split('=')[0]!]),
  ['dataElement=', 'dataElement', 'unknown-code'],
  ['dataElement=%20', 'dataElement', 'unknown-code'],
  ['dataElement=a,', 'dataElement', 'unknown-code'],
  ['dataElement=!a', 'dataElement'],
  [`dataElement=${'x'.repeat(1_001)}`, 'dataElement'],
  [times(21, (i) => `dataElement=e${i}`), 'dataElement'],
  [times(10, (i) => `dataElement=${times(30, (j) => `e${i}f${j}`, ',')}`), 'dataElement'],
  [
    `${times(10, (i) => `dataElement=${times(19, (j) => `e${i}f${j}`, ',')}`)}&stratifier=age,place,language,occupation,religion,migration,education,disability,homelessness,social-capital,time-dependent`,
    'stratifier'
  ]
]

const presentation: Wrong[] = ['xx-!!', '!', 'x', '', 'nl_BE', 'a'.repeat(60), '../en', 'nl%00', 'en%20', '%ff'].map((lang) => [
  `lang=${lang}`,
  'lang'
])

const FILTERS: Wrong[] = [
  ['q=', 'q'],
  [`q=${'x'.repeat(401)}`, 'q'],
  ['q=a&q=b', 'q'],
  ...[
    'type',
    'level',
    'domain',
    'maturity',
    'status',
    'dataSource',
    'permission',
    'measure.language',
    'measure.setting',
    'measure.jurisdiction',
    'measure.stratifier'
  ].flatMap((name): Wrong[] => [
    ...['', ',', 'nothing', '!', '!!x', '%00', '__proto__', '%ff'].map((text): Wrong => [`${name}=${text}`, name, 'unknown-code']),
    [times(21, () => `${name}=nothing`), name]
  ]),
  ['missing=readiness', 'missing', 'unknown-code'],
  ['updatedSince=2026-02-30', 'updatedSince'],
  [times(10, () => `type=${times(30, (j) => `x${j}y`, ',')}`), 'type']
]
const LIMITS: Wrong[] = ['0', '-1', '1001', 'abc', '1e3', '', '%20', '1.5', 'NaN', '9'.repeat(40), '%00', '1&limit=2'].map((limit) => [
  `limit=${limit}`,
  'limit'
])
const CURSORS: Wrong[] = [
  ...['x', '====', '%00', '%ff', 'W10', 'bnVsbA', Buffer.from('["",0,"",1e400]').toString('base64url')].map(
    (cursor): Wrong => [`cursor=${cursor}`, 'cursor', 'invalid-cursor']
  ),
  [`cursor=${'A'.repeat(2_001)}`, 'cursor'],
  ['cursor=a&cursor=b', 'cursor']
]
const LIST: Wrong[] = [
  ...['', ',', 'ready', 'READY-NOW', 'ready-now,', '!', '%00', '__proto__', 'constructor', 'toString'].map(
    (verdict): Wrong => [`verdict=${verdict}`, 'verdict', 'unknown-code']
  ),
  [times(6, () => 'verdict=ready-now'), 'verdict'],
  [`verdict=${'x'.repeat(201)}`, 'verdict'],
  ...['', 'documentd', 'documented,unverified', '!documented', 'constructor'].map((basis): Wrong => [`basis=${basis}`, 'basis']),
  ['basis=documented&basis=documented', 'basis'],
  ...['', 'verdic', '+verdict', '--verdict', 'relevance', 'title;drop', 'constructor'].map((sort): Wrong => [`sort=${sort}`, 'sort']),
  ['sort=title&sort=title', 'sort'],
  ...['', ',', 'verdict', 'steward', 'constructor', 'type,,level'].map((facets): Wrong => [`facets=${facets}`, 'facets'])
]
const formats = (...more: string[]): Wrong[] =>
  ['', 'xls', 'JSON', 'txt', '__proto__', 'json&format=json', ...more].map((format) => [`format=${format}`, 'format'])
const unknown = (...names: string[]): Wrong[] => names.map((name) => [`${name}=1`, name, 'unknown-parameter'])
const NAMES = [
  '',
  'Data',
  'languages',
  'constructor',
  '__proto__',
  'toString',
  '$where',
  'budget.amount',
  'measure.type',
  'measure.',
  'fields'
]

/** What the answer names as the nearest, wherever a context is taken, and elsewhere. */
const NEAREST: readonly (readonly [query: string, code: string, nearest: string])[] = [
  ['jurisdictions=NL', 'unknown-parameter', 'jurisdiction'],
  ['populationsize=5', 'unknown-parameter', 'populationSize'],
  ['horizon=5', 'unknown-parameter', 'horizonDays'],
  ['data=erh', 'unknown-code', 'ehr'],
  ['data=ehr&data=claim', 'unknown-code', 'claims'],
  ['setting=primarycare', 'unknown-code', 'primary-care'],
  ['forPopulation=adult', 'unknown-code', 'adults'],
  ['forCondition=diabets', 'unknown-code', 'diabetes'],
  ['stratifier=religions', 'unknown-code', 'religion'],
  ['language=NL', 'unknown-code', 'nl'],
  ['jurisdiction=nl', 'unknown-code', 'NL'],
  ['purpose=improvment', 'invalid-parameter', 'improvement']
]
const NEAREST_ELSEWHERE: readonly (readonly [path: string, query: string, code: string, nearest: string])[] = [
  [CATALOGUE, 'verdict=ready', 'unknown-code', 'ready-now'],
  [CATALOGUE, 'verdicts=ready-now', 'unknown-parameter', 'verdict'],
  [CATALOGUE, 'measure.languages=nl', 'unknown-parameter', 'measure.language'],
  [CATALOGUE, 'measure.language=NL', 'unknown-code', 'nl'],
  [CATALOGUE, 'basis=documentd', 'invalid-parameter', 'documented'],
  [CATALOGUE, 'sort=verdic', 'invalid-parameter', 'verdict'],
  [CATALOGUE, 'format=cvs', 'invalid-parameter', 'csv'],
  [CATALOGUE, 'facets=typ', 'invalid-parameter', 'type'],
  [UNLOCKS, 'limits=5', 'unknown-parameter', 'limit'],
  [RULES, 'lan=nl', 'unknown-parameter', 'lang']
]

async function answersOf(client: Client, paths: readonly string[]) {
  const answers = await Promise.all(paths.map((path) => client.get(path)))
  return answers.map(({ status, etag, text }) => ({ status, etag, text }))
}

onEveryEngine(t, async (t, client) => {
  const published = (await client.publish({ title: `Refusals ${client.word}` })).json.id
  const { test, refuses } = await unharmed(t, client)
  const measure = `/v1/measures/${published}/readiness`
  const inContext = [measure, CATALOGUE, UNLOCKS]
  const save = async (name: string, context: object) =>
    (await client.post('/v1/contexts', { name, context }, { as: 'contributor' })).json.id
  const [a, b] = [await save('A', { language: ['nl'], asOf: '2026-11-24' }), await save('B', { data: ['ehr'], asOf: '2026-11-24' })]
  const compare = `${COMPARE}?a=${a}&b=${b}`
  const good = [...inContext.map((path) => `${path}?data=ehr,survey&language=nl&budget=0&asOf=2026-11-24`), compare, RULES]
  const before = await answersOf(client, good)
  t.same(
    before.map(({ status }) => status),
    good.map(() => 200)
  )

  refuses('lists of a context', rowsOf(inContext, lists))
  refuses('single values of a context', rowsOf(inContext, scalars))
  refuses('languages of answers', rowsOf([...inContext, compare, RULES], presentation))
  refuses('filters of the catalogue', rowsOf([CATALOGUE, UNLOCKS, compare], FILTERS))
  refuses('pages and forms', [
    ...rowsOf([CATALOGUE, UNLOCKS, compare], LIMITS),
    ...rowsOf([CATALOGUE, compare], CURSORS),
    ...rowsOf([CATALOGUE], [...LIST, ...formats('xlsx')]),
    ...rowsOf([measure, UNLOCKS], formats('csv', 'ndjson'))
  ])
  refuses('unknown parameters', [
    ...rowsOf([...inContext, compare, RULES], unknown(...NAMES)),
    ...rowsOf([measure], unknown('q', 'type', 'measure.language', 'verdict', 'basis', 'sort', 'limit', 'cursor', 'facets', 'a')),
    ...rowsOf([UNLOCKS], unknown('verdict', 'basis', 'sort', 'cursor', 'facets')),
    ...rowsOf([compare], unknown('data', 'language', 'budget', 'asOf', 'context', 'verdict', 'sort', 'format', 'c')),
    ...rowsOf([RULES], unknown('format', 'data', 'q', 'version')),
    ...rowsOf([CATALOGUE, RULES], [[times(5_000, (i) => `p${i}=1`), 'p0', 'unknown-parameter']])
  ])
  refuses('contexts to compare', [
    ...rowsOf(
      [COMPARE],
      [
        ['', 'a'],
        [`a=${a}`, 'b'],
        [`b=${b}`, 'a'],
        [`a=${a}&a=${b}&b=${b}`, 'a'],
        [`a=${a},${b}&b=${b}`, 'a']
      ]
    ),
    ...['', 'x', '%00', '%ff', "'", 'a'.repeat(200)].flatMap((id) =>
      rowsOf(
        [COMPARE],
        [
          [`a=${id}&b=${b}`, 'a'],
          [`a=${a}&b=${id}`, 'b']
        ]
      )
    ),
    ...[
      [`${COMPARE}?a=zzzzzzzzzzzzzzzz&b=${b}`, 'a'],
      [`${COMPARE}?a=${a}&b=zzzzzzzzzzzzzzzz`, 'b'],
      ...inContext.map((path) => [`${path}?context=zzzzzzzzzzzzzzzz`, 'context'])
    ].map(([path, at]): Row => [`GET ${path}`, 'GET', path!, {}, 404, 'not-found', `?${at}`])
  ])
  refuses('measures that there are not', [
    ...['nothing', 'PACIC', '%00', '..%2f..', "'%20or%201=1", 'x'.repeat(81), '__proto__'].map(
      (id): Row => [id, 'GET', `/v1/measures/${id}/readiness`, {}, 404, 'not-found']
    ),
    ...['%ff', '%zz'].map((id): Row => [id, 'GET', `/v1/measures/${id}/readiness`, {}, 400, 'invalid-parameter', '?path'])
  ])

  test('the nearest is named', async (t) => {
    const faults: string[] = []
    for (const [path, query, code, nearest] of [
      ...NEAREST_ELSEWHERE,
      ...inContext.flatMap((path) => NEAREST.map((row) => [path, ...row] as const))
    ]) {
      const { status, json } = await client.get(`${path}?${query}`)
      const found = [status, json.code, json.errors?.[0]?.nearest]
      if (String(found) !== String([400, code, nearest])) faults.push(`${path}?${query}: ${found} instead of ${code} ${nearest}`)
    }
    t.same(faults, [])
  })

  test('drafts are refused to whoever sent no key', async (t) => {
    for (const path of [`${CATALOGUE}?status=draft`, `${UNLOCKS}?status=active,draft`, `${compare}&status=draft`])
      t.match((await client.get(path)).json, { status: 401, code: 'unauthenticated' }, path)
  })

  test('a good request is answered as before', async (t) => {
    t.strictSame(await answersOf(client, good), before)
  })
})
