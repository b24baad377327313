/** What is wrong with ballots, codes, plans and parameters of exercises, as tables: what is sent, and the place that is named. */
import { LIVED, type Method, ODD, PLAN, PROFESSIONALS, statement } from './exercises-bad.made.ts'

/** A body (text goes out as it is), the place, and status and code where they are not those of a body that does not fit. */
export type Wrong = readonly [body: unknown, at?: string | undefined, code?: string, status?: number]

export const times = <V>(count: number, one: (i: number) => V): V[] => Array.from({ length: count }, (_, i) => one(i))
const record = <V>(count: number, value: V): Record<string, V> => Object.fromEntries(times(count, (i) => [`x${i}`, value]))
const malformed = (text: string): Wrong => [text, undefined, 'malformed-json', 400]

/** Names that no item has, with the pointer that leads to them; an item is named exactly or not at all. */
const NO_ITEMS: readonly (readonly [name: string, pointer?: string])[] = [
  ...['nope', 'I1', 'i1 ', ' i1', 'i1\n', '', 'i', 'i11', 'і1', 'i１', 'valueOf', 'prototype', '$where', "i1' OR '1'='1", '0', 'null'].map(
    (name) => [name] as const
  ),
  ['a/b', 'a~1b'],
  ['a~b', 'a~0b'],
  ['../i1', '..~1i1'],
  ['i1\u202E'],
  ['i1\u0301'],
  ['x'.repeat(10_000)]
]
/** The same where names are values, and judged by their form. */
const itemsAt = (put: (name: string) => object, place: string): Wrong[] => NO_ITEMS.map(([name]) => [put(name), place])
const keysAt = (put: (name: string) => object, place: string): Wrong[] =>
  NO_ITEMS.map(([name, pointer = name]) => [put(name), `${place}/${pointer}`])

const wrongNumbers = (member: string, texts: readonly string[]): Wrong[] =>
  texts.map((text) => [`{"${member}":{"i1":${text}}}`, `/${member}/i1`])

/** What no ballot may be, whatever the method. */
export const NO_BALLOTS: readonly Wrong[] = [
  [{}, ''],
  ...['null', '[]', '"scores"', '1', 'true'].map((text): Wrong => [text, '']),
  ['{"scores":{"i1":5},"ranking":["i1"]}', ''],
  ['{"scores":{"i1":5},"approved":["i1"],"dots":{"i1":1},"criteria":{}}', ''],
  ['{"score":{"i1":5}}', '/score', 'unknown-property'],
  ['{"Scores":{"i1":5}}', '/Scores', 'unknown-property'],
  ['{"constructor":{"i1":5}}', '/constructor', 'unknown-property'],
  ['{"toString":1}', '/toString', 'unknown-property'],
  ['{"":1}', '/', 'unknown-property'],
  ['{"scores":{"i1":5},"group":"carers"}', '/group'],
  ...['scores', 'dots', 'criteria'].flatMap((member): Wrong[] => [
    [{ [member]: record(301, 1) }, `/${member}`],
    [{ [member]: record(10_000, 1) }, `/${member}`],
    [{ [member]: [] }, `/${member}`],
    [{ [member]: null }, `/${member}`],
    [{ [member]: 'i1' }, `/${member}`],
    malformed(`{"${member}":{"__proto__":5}}`),
    malformed(`{"${member}":{"\\u005f_proto__":5}}`),
    malformed(`{"${member}":{"constructor":{"prototype":5}}}`),
    [`{"${member}":{"i1\\u0000":5}}`, `/${member}/i1`],
    [`{"${member}":{"\\ud800":5}}`, `/${member}/\uFFFD`]
  ]),
  ...['ranking', 'approved'].flatMap((member): Wrong[] => [
    [{ [member]: times(301, (i) => `x${i}`) }, `/${member}`],
    [{ [member]: times(10_000, (i) => `x${i}`) }, `/${member}`],
    [{ [member]: {} }, `/${member}`],
    [{ [member]: null }, `/${member}`],
    [{ [member]: 'i1' }, `/${member}`],
    ...[null, 1, true, {}, '', '__proto__', '-i1', 'x'.repeat(81), 'i1\u0000', '\ud800'].map(
      (value): Wrong => [JSON.stringify({ [member]: ['i1', value] }), `/${member}/1`]
    )
  ]),
  [{ approved: [['i1']] }, '/approved/0'],
  [{ ranking: [[]] }, '/ranking/0'],
  [{ ranking: [times(301, (i) => `x${i}`)] }, '/ranking/0'],
  [{ ranking: [[['i1']]] }, '/ranking/0/0'],
  [`{"ranking":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ...[
    '{',
    '',
    '{"scores":{"i1":5},}',
    '{"scores":{"i1":5,}}',
    '{"scores":{"i1":NaN}}',
    '{"scores":{"i1":Infinity}}',
    '{"scores":{"i1":07}}',
    '{"scores":{"i1":+7}}',
    "{'scores':{}}"
  ].map(malformed)
]

/** What is wrong in the ballots of a method, beside ballots of another one. */
export const BALLOTS: Readonly<Record<Method, readonly Wrong[]>> = {
  'rating-1-9': [
    [{ scores: {} }, '/scores'],
    ...wrongNumbers('scores', ['10', '0', '-1', '-7', '1e9', '1e400', '-0', '5.5', '7.000001', 'null', 'true', '[7]', '{}']),
    ...wrongNumbers('scores', [
      '"7"',
      '""',
      '"Unable"',
      '"UNABLE"',
      '" unable"',
      '"unable "',
      '"none"',
      '"NaN"',
      '"７"',
      `"${'9'.repeat(9_000)}"`
    ]),
    ...keysAt((name) => ({ scores: { i1: 7, [name]: 7 } }), '/scores'),
    [{ scores: { i1: 7, i2: 10, [ODD]: 'x' } }, `/scores/${ODD}`],
    ['{"scores":{"i1":5,"i1":99}}', '/scores/i1'],
    ['{"scores":{"i1":5},"scores":{}}', '/scores']
  ],
  'top-n': [
    [{ ranking: [] }, '/ranking'],
    [{ ranking: ['i1', 'i2', ODD, 'toString'] }, '/ranking/3'],
    [{ ranking: ['i1', 'i1'] }, '/ranking/1'],
    [{ ranking: [ODD, 'i1', ODD] }, '/ranking/2'],
    [{ ranking: ['i1', ['i2']] }, '/ranking/1'],
    [{ ranking: [['i1', 'i1']] }, '/ranking/0/1'],
    ...itemsAt((name) => ({ ranking: ['i1', name] }), '/ranking/1')
  ],
  approval: [
    [{ approved: ['i1', 'i2', ODD] }, '/approved/2'],
    [{ approved: ['i1', 'i1'] }, '/approved/1'],
    ...itemsAt((name) => ({ approved: ['i1', name] }), '/approved/1')
  ],
  dots: [
    [{ dots: {} }, '/dots'],
    [{ dots: { i1: 0 } }, '/dots'],
    [{ dots: { i1: 0, i2: 0, [ODD]: 0, toString: 0 } }, '/dots'],
    [{ dots: { i1: 6, i2: 5 } }, '/dots'],
    [{ dots: { i1: 3, i2: 3, [ODD]: 3, toString: 2 } }, '/dots'],
    [{ dots: { i1: 11, i2: -1 } }, '/dots/i2'],
    ...wrongNumbers('dots', ['7', '-1', '11', '1e9', '1e400', '1.5', '"1"', 'null', 'true', '[1]', '"unable"']),
    ...keysAt((name) => ({ dots: { i1: 1, [name]: 1 } }), '/dots')
  ],
  criteria: [
    [{ criteria: {} }, '/criteria'],
    [{ criteria: { i1: {} } }, '/criteria/i1'],
    [{ criteria: { i1: { equity: 1 }, i2: {} } }, '/criteria/i2'],
    [{ criteria: { i1: record(13, 1) } }, '/criteria/i1'],
    ...wrongNumbers('criteria', ['1', 'null', '"1"', '[]', 'true']),
    ...['0.25', '2', '-1', '0.49999', '1e9', '1e400', '"1"', 'true', '[1]', '{}', '"unable"'].map(
      (text): Wrong => [`{"criteria":{"i1":{"equity":${text}}}}`, '/criteria/i1/equity']
    ),
    ...keysAt((name) => ({ criteria: { [name]: { equity: 1 } } }), '/criteria'),
    ...keysAt((name) => ({ criteria: { i1: { [name]: 1 } } }), '/criteria/i1'),
    [{ criteria: { i1: { Equity: 1 } } }, '/criteria/i1/Equity'],
    [{ criteria: { i1: { answerability: 1 } } }, '/criteria/i1/answerability']
  ],
  'rank-all': [
    [{ ranking: [] }, '/ranking'],
    [{ ranking: [['i1', 'i1']] }, '/ranking/0/1'],
    [{ ranking: [['i1'], ['i2', 'i1']] }, '/ranking/1/1'],
    [{ ranking: ['i1', 'i2', 'i1'] }, '/ranking/2'],
    [{ ranking: [['i1'], 'i1'] }, '/ranking/1'],
    [{ ranking: [['i1'], []] }, '/ranking/1'],
    [{ ranking: times(301, () => ['i1']) }, '/ranking'],
    [{ ranking: [times(300, () => 'i1')] }, '/ranking/0/1'],
    ...itemsAt(
      (name) => ({
        ranking: [
          ['i1', 'i2'],
          [ODD, name]
        ]
      }),
      '/ranking/1/1'
    )
  ]
}

/** What no header with a code is; from a code that is right, for one group of the exercise. */
export function codesLike(code: string): string[] {
  const letters = [...code.replaceAll('-', '')]
  const next = (letter: string) => (letter === 'Z' ? 'Y' : letter === '9' ? 'A' : letter === 'A' ? 'B' : '7' === letter ? '5' : '7')
  return [
    '',
    ' ',
    '-',
    'A'.repeat(10_000),
    code.repeat(300),
    `${code}${code}`,
    `${code}, ${code}`,
    `${code}0`,
    code.slice(1),
    code.slice(0, -1),
    `"${code}"`,
    `Bearer ${code}`,
    `${code}*`,
    `${code.slice(0, -1)}U`,
    `${code.slice(0, -1)}é`,
    'é'.repeat(28),
    '\u00FF'.repeat(100),
    '0'.repeat(27),
    'Z'.repeat(28),
    'null',
    'undefined',
    '__proto__',
    "' OR '1'='1",
    '1; DROP TABLE ballots; --',
    '../../etc/passwd',
    '%2e%2e%2f',
    '%00',
    '{"$ne":null}',
    '*',
    // One wrong character, anywhere.
    ...letters.map((letter, i) => letters.with(i, next(letter)).join('')),
    // Two that have changed places.
    ...letters.flatMap((letter, i) =>
      i > 0 && letter !== letters[i - 1]
        ? letters
            .with(i, letters[i - 1]!)
            .with(i - 1, letter)
            .join('')
        : []
    )
  ]
}

/** Each option with a value that its own method takes. */
const OPTIONS = {
  top: 3,
  max: 3,
  dots: 3,
  maxPerItem: 3,
  criteria: [{ code: 'a' }],
  strength: 'winning',
  unranked: 'zero',
  base: 1,
  ties: 'average'
} as const

const group = (code: unknown, target: unknown, more: object = {}) => ({ code, target, ...more })
const groupsOf = (...targets: readonly unknown[]) => targets.map((target, i) => group(`g${i}`, target))
const item = (more: object) => ({ items: [statement('i1'), more] })
const round = (method: string, options: object, more: object = {}) => ({ rounds: [{ method, options, ...more }] })
const kin = (...families: readonly (readonly string[])[]) => ({ kin: families })
const address = (votingUrl: string): Wrong => [{ votingUrl }, '/votingUrl']
const labelled = (label: unknown): Wrong => [item({ kind: 'statement', label }), '/items/1/label']

/** What goes in the place of the same members of a plan that is right, and where it is refused. */
export const PLANS: readonly Wrong[] = [
  // Targets are shares, and make 1 together.
  ...[[0.5, 0.6], [0.4, 0.4], [0, 0], [1, 1], [1, 0.05], [0.3333], times(20, () => 1), [1e-9]].map(
    (targets): Wrong => [{ groups: groupsOf(...targets) }, '/groups']
  ),
  ...[50, -0.5, 1.0001, '0.5', 'NaN', '', null, true, [0.5], {}].map(
    (target): Wrong => [{ groups: groupsOf(0.5, target) }, '/groups/1/target']
  ),
  ...['1e400', '-1e400'].map((text): Wrong => [`{"groups":[{"code":"a","target":${text}}]}`, '/groups/0/target']),
  [{ groups: groupsOf(50, 50) }, '/groups/0/target'],
  [{ groups: [] }, '/groups'],
  [{ groups: times(21, (i) => group(`g${i}`, 1 / 21)) }, '/groups'],
  [{ groups: [group(LIVED, 0.5), group(LIVED, 0.5)] }, '/groups/1/code'],
  [{ groups: [group('a', 0.25), group('b', 0.25), group('a', 0.25), group('b', 0.25)] }, '/groups/3/code'],
  ...['__proto__', 'toString', 'A', '-a', 'a b', 'a+b', 'é', '', 'a'.repeat(41), 'a\n', '../a', "a'", null, 1].map(
    (code): Wrong => [{ groups: [group(LIVED, 0.5), group(code, 0.5)] }, '/groups/1/code']
  ),
  [{ groups: [group('a', 1, { name: 'A' })] }, '/groups/0/name', 'unknown-property'],
  [{ groups: [group('a', 1, { required: 'yes' })] }, '/groups/0/required'],
  [{ groups: [group('a', 1, { required: null })] }, '/groups/0/required'],

  // Items.
  [{ items: [] }, '/items'],
  [{ items: times(301, (i) => statement(`s${i}`)) }, '/items'],
  [{ items: times(5_000, (i) => statement(`s${i}`)) }, '/items'],
  [{ items: times(10_000, (i) => statement(`s${i}`)) }, ''],
  [{ items: [statement('i1'), statement('i1')] }, '/items/1/id'],
  [{ items: [statement('i2'), { kind: 'statement', label: 'x' }, statement('i2')] }, '/items/2/id'],
  ...['__proto__', '-a', '.a', 'a b', 'a/b', 'é', '', 'a'.repeat(81), 'a\n', '<b>', "a'", null, 1, ['a']].map(
    (id): Wrong => [item({ ...statement('x'), id }), '/items/1/id']
  ),
  ...['thing', 'Measure', '', 'constructor', null, 1].map((kind): Wrong => [item({ ...statement('x'), kind }), '/items/1/kind']),
  [item({ kind: 'statement' }), '/items/1/label'],
  [item({ kind: 'statement', id: 'x' }), '/items/1/label'],
  [item({ ...statement('x'), version: '1.0.0' }), '/items/1/version'],
  [item({ ...statement('x'), version: '' }), '/items/1/version'],
  [item({ ...statement('x'), version: 'v'.repeat(81) }), '/items/1/version'],
  [item({ ...statement('x'), version: 1 }), '/items/1/version'],
  [item({ ...statement('x'), joined: 2 }), '/items/1/joined', 'unknown-property'],
  [item({ kind: 'measure' }), '/items/1/id'],
  [item({ kind: 'gap' }), '/items/1/id'],
  [item({ kind: 'gap', id: 'no-such-gap' }), '/items/1/id'],
  [item({ kind: 'gap', id: "x'--" }), '/items/1/id'],
  [item({ kind: 'measure', id: ODD }), '/items/1/id'],
  [item({ kind: 'measure', id: 'toString' }), '/items/1/id'],
  [item({ kind: 'measure', id: 'PACIC' }), '/items/1/id'],

  // Words, and their languages.
  ...['', ' ', '\t\n', '\u00A0\u2003', 'x'.repeat(501), null, 1, [], {}].map(labelled),
  ...[
    'english',
    'EN',
    'e',
    'nl_BE',
    'nl-',
    '-nl',
    'nl BE',
    '',
    '*',
    'toString',
    'constructor',
    'valueOf',
    'nl-B',
    `nl-${'a'.repeat(9)}`
  ].map((tag): Wrong => labelled({ en: 'x', [tag]: 'x' })),
  ...['', ' ', 'x'.repeat(501), null, 1, {}].map(
    (words): Wrong => [item({ kind: 'statement', label: { nl: words } }), '/items/1/label/nl']
  ),
  labelled(Object.fromEntries(times(31, (i) => [`a${String.fromCharCode(97 + (i % 26))}-x${i}0`, 'x']))),
  [{ groups: [group('a', 1, { label: ' ' })] }, '/groups/0/label'],
  [{ groups: [group('a', 1, { label: { xx1: 'x' } })] }, '/groups/0/label'],
  ...['title', 'question', 'description'].flatMap((name): Wrong[] => [
    ...['', ' ', '\n', 'x'.repeat(100_000), null, 1, [], {}, { en: 'x' }].map((value): Wrong => [{ [name]: value }, `/${name}`]),
    [`{"${name}":"a\\u0000b"}`, `/${name}`],
    [`{"${name}":"a\\ud800b"}`, `/${name}`],
    [`{"${name}":"\\udc00\\ud800"}`, `/${name}`]
  ]),
  [`{"items":[{"kind":"statement","label":"\\u0000"}]}`, '/items/0/label'],
  [`{"items":[{"kind":"statement","label":{"nl":"\\udc00"}}]}`, '/items/0/label/nl'],
  [`{"items":[{"kind":"statement","label":{"\\ud800":"x"}}]}`, '/items/0/label/\uFFFD'],
  ...['', 'e', 'toString', 'valueOf', 'english', 'EN', 'nl_BE', '../en', 'en\n', 'x'.repeat(36), null, 1].map(
    (language): Wrong => [{ language }, '/language']
  ),

  // The address that goes on every card.
  ...[
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'data:text/html,<script>1</script>',
    'file:///etc/passwd',
    'ftp://host/x',
    'vbscript:x',
    'blob:x'
  ].map(address),
  ...[
    '//host/x',
    '/x',
    'x',
    '',
    ' ',
    'https:',
    'https:x',
    'https://',
    'https:///x',
    ' https://host/',
    'https://host/a b',
    'https://host/\n'
  ].map(address),
  ...[
    'https://me:secret@host/',
    'https://me@host/',
    'http://:secret@host/',
    'https://host/#code',
    'https://host/\\x',
    `https://host/${'x'.repeat(500)}`
  ].map(address),
  ['{"votingUrl":"https://host/\\u0000"}', '/votingUrl'],
  ['{"votingUrl":["https://host/"]}', '/votingUrl'],

  // Numbers and codes of the protocol.
  ...[2, 0, -1, 51, 5.5, '5', null, true, 1e300].map((k): Wrong => [{ k }, '/k']),
  ...[0, -1, 101, 1.5, '1', null].map((topN): Wrong => [{ topN }, '/topN']),
  ...[8, 1, 0, 3, -7, 6.5, '7', null].map((percentileType): Wrong => [{ percentileType }, '/percentileType']),
  ...['majority', 'RAM', '', 'constructor', null, 1].map((consensus): Wrong => [{ consensus }, '/consensus']),
  ...['random', 'JLA', '', null].map((order): Wrong => [{ order }, '/order']),
  ...['true', 1, 0, null, []].map((mayJoin): Wrong => [{ mayJoin }, '/mayJoin']),
  ...['k', 'topN'].map((name): Wrong => [`{"${name}":1e400}`, `/${name}`]),

  // Rounds and their options.
  [{ rounds: [] }, '/rounds'],
  [{ rounds: times(7, () => ({ method: 'approval' })) }, '/rounds'],
  ...['voting', 'RATING-1-9', '', 'constructor', null, 1].map((method): Wrong => [{ rounds: [{ method }] }, '/rounds/0/method']),
  [{ rounds: [{}] }, '/rounds/0/method'],
  [{ rounds: ['approval'] }, '/rounds/0'],
  ...['not-out', 'undecided', 'shortlisted'].map((carryOn): Wrong => [round('approval', {}, { carryOn }), '/rounds/0/carryOn']),
  ...['none', 'All', '', null].map((carryOn): Wrong => [round('approval', {}, { carryOn }), '/rounds/0/carryOn']),
  ...(
    [
      ['rating-1-9', ['top', 'max', 'dots', 'maxPerItem', 'criteria', 'strength', 'unranked', 'base', 'ties']],
      ['top-n', ['max', 'dots', 'criteria', 'strength']],
      ['approval', ['top', 'dots', 'maxPerItem', 'base']],
      ['dots', ['top', 'max', 'criteria', 'unranked']],
      ['criteria', ['top', 'max', 'dots', 'ties']],
      ['rank-all', ['top', 'max', 'dots', 'maxPerItem', 'criteria']]
    ] as const
  ).flatMap(([method, names]) => names.map((name): Wrong => [round(method, { [name]: OPTIONS[name] }), `/rounds/0/options/${name}`])),
  [{ rounds: [{ method: 'approval' }, { method: 'dots', options: { max: 2 } }] }, '/rounds/1/options/max'],
  ...[0, -1, 51, 2.5, '3', null].map((top): Wrong => [round('top-n', { top }), '/rounds/0/options/top']),
  ...[0, 301, 1.5, '3', null].map((max): Wrong => [round('approval', { max }), '/rounds/0/options/max']),
  ...[0, -10, 1_001, 1.5, '10', null].map((dots): Wrong => [round('dots', { dots }), '/rounds/0/options/dots']),
  [round('dots', { dots: 5, maxPerItem: 6 }), '/rounds/0/options/maxPerItem'],
  [round('dots', { maxPerItem: 11 }), '/rounds/0/options/maxPerItem'],
  [round('criteria', { criteria: [] }), '/rounds/0/options/criteria'],
  [round('criteria', { criteria: times(13, (i) => ({ code: `c${i}` })) }), '/rounds/0/options/criteria'],
  [round('criteria', { criteria: [{ code: 'a' }, { code: 'b' }, { code: 'a' }] }), '/rounds/0/options/criteria/2/code'],
  ...['__proto__', '', ' ', 'a b', '-a', 'a'.repeat(41), null, 1].map(
    (code): Wrong => [round('criteria', { criteria: [{ code }] }), '/rounds/0/options/criteria/0/code']
  ),
  ...[0, -1, 101, '1', null].map(
    (weight): Wrong => [round('criteria', { criteria: [{ code: 'a', weight }] }), '/rounds/0/options/criteria/0/weight']
  ),
  ...[2, -1, 0.5, '0', null].map((base): Wrong => [round('rank-all', { base }), '/rounds/0/options/base']),
  [round('rank-all', { strength: 'beatpath' }), '/rounds/0/options/strength'],
  [round('rank-all', { unranked: 'last' }), '/rounds/0/options/unranked'],
  [round('rank-all', { ties: 'max' }), '/rounds/0/options/ties'],

  // Kin.
  [kin([LIVED, 'nobody']), '/kin/0/1'],
  [kin([LIVED, PROFESSIONALS], [ODD, 'nobody'], ['nowhere', LIVED]), '/kin/2/0'],
  [kin([LIVED]), '/kin/0'],
  [kin([]), '/kin/0'],
  [kin([LIVED, LIVED]), '/kin/0'],
  [kin([LIVED, '__proto__']), '/kin/0/1'],
  [kin(times(21, (i) => `g${i}`)), '/kin/0'],
  [{ kin: [LIVED, PROFESSIONALS] }, '/kin/0'],
  [{ kin: { [LIVED]: [PROFESSIONALS] } }, '/kin'],
  [{ kin: null }, '/kin'],

  // Names that are not known, at every depth.
  ...['titel', 'state', 'protocolHash', 'owner', 'constructor', 'toString', 'K', 'secret'].map(
    (name): Wrong => [{ [name]: 1 }, `/${name}`, 'unknown-property']
  ),
  [round('dots', { dot: 5 }), '/rounds/0/options/dot', 'unknown-property'],
  [round('dots', {}, { carryon: 'all' }), '/rounds/0/carryon', 'unknown-property'],
  [round('criteria', { criteria: [{ code: 'a', weigth: 2 }] }), '/rounds/0/options/criteria/0/weigth', 'unknown-property']
]

/** A plan with other members, as text; text is put in the place of members as it is. */
export const planWith = (more: unknown): string => {
  if (typeof more !== 'string') return JSON.stringify({ ...PLAN, ...(more as object) })
  const plan = JSON.stringify(PLAN).slice(0, -1)
  // Members that are there twice have the value of the last.
  return `${plan},${more.slice(1)}`
}

/** Plans that look odd and are right. */
export const RIGHT: readonly (readonly [name: string, more: object])[] = [
  ['thirds with two decimals', { groups: groupsOf(0.33, 0.33, 0.33) }],
  ['sixths with two decimals', { groups: groupsOf(...times(6, () => 0.17)) }],
  ['a group that is wanted and has no share', { groups: groupsOf(1, 0) }],
  ['one group', { groups: groupsOf(1) }],
  [
    'names that mean something',
    { groups: [group(ODD, 0.5), group('valueof', 0.5)], items: [ODD, 'valueOf', 'hasOwnProperty'].map(statement) }
  ],
  ['500 characters', { title: 'x'.repeat(500), items: [{ kind: 'statement', label: 'é'.repeat(500) }] }],
  [
    'text from right to left',
    { title: 'a\u202Eb\u202C\u2067ج\u2069', items: [{ kind: 'statement', label: { ar: '\u202Eأ', en: 'a\u202Eb' } }] }
  ],
  ['markup and SQL', { title: "<script>alert(1)</script>'; DROP TABLE exercises; --", question: '{{7*7}} %{x} %s' }],
  ['300 items', { items: times(300, (i) => statement(`s${i}`)) }],
  ['an address with a query', { votingUrl: 'http://localhost:8080/vote?lang=nl&x=a@b' }],
  ['many languages', { language: 'zh-Hant', items: [{ kind: 'statement', label: { 'sr-Latn-RS': 'x', 'es-419': 'y' } }] }],
  ['a group that is kin of several', kin([LIVED, PROFESSIONALS], [ODD, LIVED])],
  ['all in the first round', { rounds: [{ method: 'rank-all', options: { base: 1 }, carryOn: 'all' }] }]
]

const NUMBERS = [
  '0',
  '-1',
  '9',
  '7',
  '1e3',
  '1.0',
  '1.5',
  '',
  '%20',
  'one',
  '0x1',
  '%2B1',
  '1%2C2',
  'NaN',
  'null',
  '%00',
  '१',
  '9'.repeat(40),
  '1&round=1'
]
/** Wrong values of query parameters: text after `=`. */
export const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  round: NUMBERS,
  limit: [...NUMBERS.filter((text) => !/^[1-9]/.test(text)), '1001', '1e3', '1.5', '1&limit=2'],
  lang: ['xx-', '-', '', 'x', 'nl_BE', 'en%20', 'nl%00', '../en', '*', 'a'.repeat(60), 'nl,fr', 'en-%C3%A9', 'nl&lang=fr'],
  format: ['exe', '', 'JSON', 'xlsx', 'html5', '__proto__', 'constructor', 'json%00', '..%2fjson', 'json,csv', 'csv&format=json'],
  cursor: ['A'.repeat(2_001), 'a&cursor=b']
}
/** Names of parameters that no address has. */
export const UNKNOWN_PARAMETERS = [
  '',
  'Round',
  'round[]',
  'round[0]',
  'fields',
  'q',
  'constructor',
  '__proto__',
  'toString',
  'code',
  '$where',
  'a.b'
]
