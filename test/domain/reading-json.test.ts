import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { RawRecord } from '../../src/imports/candidate.ts'
import { readJson } from '../../src/imports/reading/json.ts'
import { UnreadableFile } from '../../src/imports/reading/unreadable.ts'

const folder = t.testdir()
let files = 0
const file = (content: string | Buffer) => {
  const path = join(folder, `${files++}.json`)
  writeFileSync(path, content)
  return path
}
const read = async (content: string | Buffer, lines = false): Promise<RawRecord[]> => {
  const records: RawRecord[] = []
  for await (const record of readJson(file(content), { lines })) records.push(record)
  return records
}
const json = (value: unknown) => read(JSON.stringify(value))
const places = (records: readonly RawRecord[]) => records.map(({ row, at, value }) => [row, at, value])
const codes = (records: readonly RawRecord[]) => records.map(({ errors }) => errors.map(({ code }) => code))
const refused = async (t: Test, content: string | Buffer, message: RegExp, code = 'malformed-file', lines = false) => {
  const error = await read(content, lines).then(
    () => undefined,
    (error: unknown) => error
  )
  t.ok(error instanceof UnreadableFile, `${String(message)}: ${String(error)}`)
  t.match(error, { code, message })
}
/** A text in pieces, so that no piece of it need be written out in the test. */
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`

t.test('every form of a document gives its records, with their places', async (t) => {
  const [a, b] = [{ title: 'A' }, { title: 'B', items: [1], entry: [], measures: {} }]
  t.same(places(await json([a, b])), [
    [1, '/0', a],
    [2, '/1', b]
  ])
  t.same(places(await json({ measures: [a, b] })), [
    [1, '/measures/0', a],
    [2, '/measures/1', b]
  ])
  t.same(places(await json({ total: 2, nested: { items: [1, { items: [2] }] }, items: [a], next: null })), [[1, '/items/0', a]])
  t.same(places(await json(a)), [[1, 'document', a]])
  t.same(places(await read(`\uFEFF ${JSON.stringify(a)}\n`)), [[1, 'document', a]], 'with a byte order mark')
})

t.test('a Bundle gives the resources of its entries, whatever the order of its members', async (t) => {
  const measure = { resourceType: 'Measure', title: 'A', items: [1] }
  const library = { resourceType: 'Library' }
  const entry = [
    { fullUrl: 'x', resource: measure },
    { resource: library },
    { fullUrl: 'y' },
    { resource: { resourceType: 'Bundle', entry: [] } }
  ]
  for (const bundle of [
    { resourceType: 'Bundle', type: 'collection', meta: { entry: [1] }, entry },
    { type: 'collection', entry, meta: { tag: ['entry'] }, resourceType: 'Bundle' }
  ]) {
    const records = await json(bundle)
    t.same(places(records), [
      [1, '/entry/0/resource', measure],
      [2, '/entry/1/resource', library],
      [3, '/entry/2', { fullUrl: 'y' }],
      [4, '/entry/3/resource', null]
    ])
    t.same(codes(records), [[], [], ['not-a-measure'], ['not-a-measure']])
  }
  t.same(places(await json(measure)), [[1, 'document', measure]], 'a resource with a member `items` is one record')
})

t.test('what is no object is no measure', async (t) => {
  const records = await json([1, 'x', null, [], true, { title: 'A' }])
  t.same(codes(records), [...Array(5).fill(['not-a-measure']), []])
  t.match(records[2]?.errors, [{ detail: /not null/, found: 'null' }])
  t.same(codes(await json('x')), [['not-a-measure']])
  t.same(codes(await read('12')), [['not-a-measure']])
  t.same(codes(await json({ resourceType: 'Bundle', entry: [1, { resource: 'x' }] })), [['not-a-measure'], ['not-a-measure']])
})

t.test('values are those of JSON.parse', async (t) => {
  for (const text of [
    '{"a": "\\u00e9 \\ud83d\\ude00 é😀", "b": [1, -0.5e3, 0, true, false, null, {}], "": ""}',
    '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
    '{"a": 1, "a": 2}',
    '{"a": "\\ud800"}'
  ])
    for (const lines of [false, true]) t.same((await read(text, lines))[0]?.value, JSON.parse(text), text)
  const [{ value } = { value: {} }] = await read('{"__proto__": {"polluted": true}}')
  t.ok(Object.hasOwn(value as object, '__proto__'))
  t.equal(({} as { polluted?: boolean }).polluted, undefined)
  for (const text of [
    '{"a": 01}',
    '{"a": .5}',
    '{"a": NaN}',
    "{'a': 1}",
    '{"a": "\n"}',
    '{"a": 1,}',
    '[1 2]',
    '{"a" 1}',
    '{"a": "\\x"}',
    '[1,]'
  ])
    await refused(t, text, /Line \d, column \d+: this is not JSON/)
})

t.test('an object on each line is seen, or said to be', async (t) => {
  const text = '{"title": "A"}\r\n\n{"title": "B"}\n'
  const expected = [
    [1, 'line 1', { title: 'A' }],
    [3, 'line 3', { title: 'B' }]
  ]
  t.same(places(await read(text)), expected)
  t.same(places(await read(text, true)), expected)
  t.same(places(await read('{"title": "A"}', true)), [[1, 'line 1', { title: 'A' }]])
})

t.test('a bad line is an error, the others go on', async (t) => {
  const records = await read('{"a": 1}\n{"é": x}\n{"a": [1, 2}\n{"a": 1} {"b"\n{"a": "trunc\n[1]\n{"a": 2}', true)
  t.same(codes(records), [[], ['unreadable'], ['unreadable'], ['unreadable'], ['unreadable'], ['not-a-measure'], []])
  t.match(records[1], { at: 'line 2', errors: [{ detail: 'Column 7: this is not JSON.' }] })
  t.match(records[2], { errors: [{ detail: 'Column 12: this is not JSON.' }] })
  t.match(records[3], { errors: [{ detail: 'Column 10: this is not JSON.' }] })
  t.match(records[4], { errors: [{ detail: 'Column 13: this is not JSON; the line ends in the middle.' }] })
})

t.test('a document that is not JSON is refused, with the place', async (t) => {
  await refused(t, '', /The file is empty/)
  await refused(t, ' \n', /ends in the middle/)
  await refused(t, '[]', /no records/)
  await refused(t, '\n\n', /no records/, 'malformed-file', true)
  await refused(t, '{"resourceType": "Bundle"}', /no records/)
  await refused(t, '[{"a": 1},\n {"b": x}]', /^Line 2, column 8: .*after record 1/)
  await refused(t, '[{"a": 1},\n {"b": 2]', /^Line 2, column 9: .*after record 1/)
  await refused(t, '[{"a": 1}] x', /^Line 1, column 12/)
  await refused(t, '[{"a": 1}] []', /^Line 1, column 12/)
  await refused(t, '{"a": 1', /ends in the middle, at line 1, column 8 \(before the first/)
  await refused(t, '[{"a": 1},\n{"a": "x', /ends in the middle, at line 2, column 9 \(after record 1\)/)
  await refused(t, '[{"a": 1}', /ends in the middle/)
  await refused(t, '<html>', /^Line 1, column 1/)
  await refused(t, Buffer.from('\uFEFF{}', 'utf16le'), /UTF-16/)
  await refused(t, Buffer.from('\uFEFF{}', 'utf16le'), /UTF-16/, 'malformed-file', true)
  await refused(t, Buffer.from('[\n{"a": "\xe9"}]', 'latin1'), /^Line 2 .*not UTF-8/)
  await refused(t, Buffer.from('{}\n{"a": "\xe9"}', 'latin1'), /^Line 2 .*not UTF-8/, 'malformed-file', true)
  await refused(t, 'PK\u0003\u0004', /archive/)
})

t.test('records are bounded in depth', async (t) => {
  const records = await read(`[{"a": ${nested(150)}}, {"a": ${nested(100_000)}}, {"a": 1}]`)
  t.same(codes(records), [[], ['unreadable'], []])
  t.match(records[1], { value: null, errors: [{ detail: /200 levels/ }] })
  t.same(codes(await read(`{"a": ${nested(100_000)}}\n{"a": 1}`, true)), [['unreadable'], []])
  await refused(t, `{"meta": ${nested(100_000)}, "items": [{}]}`, /200 levels/)
})

t.test('records are bounded in size; one of 16 MiB passes', async (t) => {
  const large = (bytes: number) => `{"a": [${'"xxxxxxxxxxxxx",'.repeat(bytes / 16)}1]}`
  t.same(codes(await read(`[${large(16 << 20)}, {"a": 1}]`)), [[], []])
  t.same(codes(await read(`[${large(26 << 20)}, {"a": 1}]`)), [['unreadable'], []])
  t.same(codes(await read(`${large(26 << 20)}\n{"a": 1}`, true)), [['unreadable'], []])
  t.same(codes(await read(`[[${'[],'.repeat(2_000_000)}1], {"a": 1}]`)), [['unreadable'], []])
  await refused(t, `[{"a": "${'x'.repeat(26 << 20)}"}]`, /single text .* 24 MiB/, 'file-too-large')
})

t.test('a Bundle of 10,000 entries comes out one by one', async (t) => {
  const entry = Array.from({ length: 10_000 }, (_, i) => ({
    resource: { resourceType: 'Measure', id: String(i), title: `Measure é ${i}` }
  }))
  let count = 0
  for await (const { value, at } of readJson(file(JSON.stringify({ entry, resourceType: 'Bundle' })), { lines: false }))
    if ((value as { id: string }).id === String(count) && at === `/entry/${count}/resource`) count++
  t.equal(count, 10_000)
})
