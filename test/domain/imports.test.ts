/** The rules of imports that need no database: which release is later, what a merge keeps, what is planned, where facts come from. */
import { readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { AlikeInFile } from '../../src/imports/alike-in-file.ts'
import type { Candidate } from '../../src/imports/candidate.ts'
import { sweepLeftovers } from '../../src/imports/leftovers.ts'
import { canBeSame } from '../../src/imports/matching.ts'
import { typeOfName } from '../../src/imports/media-types.ts'
import { mergeImported } from '../../src/imports/merge.ts'
import { shown } from '../../src/imports/note.ts'
import { type PlanOptions, type Present, planRow } from '../../src/imports/plan.ts'
import { withProvenance } from '../../src/imports/provenance.ts'
import { compareReleases } from '../../src/imports/releases.ts'
import type { MeasureContent } from '../../src/measures/measure.schema.ts'

t.test('of two releases the later one is known by numbers, dates, or a number in the same words', async (t) => {
  for (const [a, b, expected] of [
    [{ release: '0.0.012' }, { release: '0.0.002' }, 1],
    [{ release: '1.2' }, { release: '1.10' }, -1],
    [{ release: '2' }, { release: '2.0.0' }, 0],
    [{ release: 'v3' }, { release: '2.9' }, 1],
    [{ release: 'MY2022' }, { release: 'MY2023' }, -1],
    [{ release: 'MY2022' }, { release: 'FY2023' }, 0],
    [{ date: '2024-05' }, { date: '2024-04-30' }, 1],
    [{ date: '2024' }, { date: '2024-04-30' }, 0],
    [{ release: '1.0.0', date: '2020' }, { release: '1.0.0', date: '2021' }, -1],
    [{ release: 'a' }, {}, 0],
    [{}, {}, 0]
  ] as const) {
    t.equal(Math.sign(compareReleases(a, b)), expected, `${JSON.stringify(a)} and ${JSON.stringify(b)}`)
    t.equal(Math.sign(compareReleases(b, a)), expected === 0 ? 0 : -expected, 'and the other way round')
  }
})

t.test('a merge keeps what people did, and takes what the file changed', async (t) => {
  const merge = (base: object | undefined, theirs: object, ours: object, isCovered: (path: string) => boolean = () => true) => {
    const { content, overwritten } = mergeImported(
      base as MeasureContent,
      theirs as MeasureContent,
      { title: 'T', ...ours } as MeasureContent,
      isCovered
    )
    const { title: _, ...rest } = content
    return [rest, overwritten]
  }
  t.same(
    merge({ rationale: 'a' }, { rationale: 'a' }, { rationale: 'b' }),
    [{ rationale: 'b' }, []],
    'people edited, the file is as before'
  )
  t.same(merge({ rationale: 'a' }, { rationale: 'c' }, { rationale: 'a' }), [{ rationale: 'c' }, []], 'the file changed')
  t.same(merge({ rationale: 'a' }, { rationale: 'c' }, { rationale: 'b' }), [{ rationale: 'c' }, ['rationale']], 'both changed')
  t.same(merge({ rationale: 'a' }, { rationale: 'a' }, {}), [{}, []], 'people took it away, the file is as before')
  t.same(merge({ rationale: 'a' }, {}, { rationale: 'a' }), [{}, []], 'the file took it away')
  t.same(merge({ rationale: 'a' }, {}, { rationale: 'b' }), [{ rationale: 'b' }, []], 'the file took away what people edited')
  t.same(merge(undefined, { rationale: 'c' }, { rationale: 'b' }), [{ rationale: 'c' }, ['rationale']], 'never imported before')
  t.same(merge(undefined, {}, { levels: ['clinical'] }), [{ levels: ['clinical'] }, []], 'what the file does not speak of stays')
  t.same(merge({ types: ['a'] }, { types: ['a', 'c'] }, { types: ['a', 'b'] }), [{ types: ['a', 'c', 'b'] }, []], 'lists: both add')
  t.same(merge({ types: ['a', 'b'] }, { types: ['a'] }, { types: ['a', 'b'] }), [{ types: ['a'] }, []], 'lists: the file takes away')
  const nl = (validation: string) => ({ languages: [{ code: 'nl', validation }] })
  t.same(merge(nl('unknown'), nl('unknown'), nl('validated')), [nl('validated'), []], 'items: people know more')
  t.same(merge(nl('unknown'), nl('translated'), nl('unknown')), [nl('translated'), []], 'items: the file knows more')
  t.same(merge(nl('unknown'), nl('translated'), nl('validated')), [nl('translated'), ['languages']], 'items: both changed')
  t.same(
    merge({ licence: { fee: 'free' } }, { licence: { fee: 'paid' } }, { licence: { fee: 'free', contact: 'x' } }),
    [{ licence: { fee: 'paid', contact: 'x' } }, []],
    'members are merged one by one'
  )
  const only = (path: string) => path === 'rationale'
  t.same(
    merge({ rationale: 'a', guidance: 'g' }, {}, { rationale: 'a', guidance: 'g' }, only),
    [{ guidance: 'g' }, []],
    'a sheet without the column takes nothing away'
  )
  t.same(merge({ licence: { fee: 'free' } }, {}, { licence: { fee: 'free' } }, only), [{ licence: { fee: 'free' } }, []], 'nor of a member')
  t.same(mergeImported({ rationale: 'a' }, {}, { title: 'T', rationale: 'a' }, () => true).removed, ['rationale'], 'what goes is named')
})

t.test('of several identifiers the one that the record names first decides', async (t) => {
  const ids = (...pairs: string[]) => pairs.map((pair) => ({ system: pair.split('=')[0]!, value: pair.split('=')[1]! }))
  for (const [record, measure, expected] of [
    [ids('QPP=322', 'NQF=0005'), ids('QPP=321', 'NQF=0005'), false],
    [ids('QPP=001', 'eCQM=v13'), ids('QPP=001', 'eCQM=v10'), true],
    [ids('QPP=001', 'NQF=0005'), ids('NQF=0005'), true],
    [ids('A=1'), ids('B=1'), false],
    [ids('A=1', 'A=2'), ids('A=2'), true],
    [[], ids('A=1'), false]
  ] as const)
    t.equal(canBeSame([...record], measure), expected, JSON.stringify([record, measure]))
})

t.test('merging is a fixed point: the same file twice changes nothing the second time', async () => {
  const content = fc.record(
    {
      title: fc.constantFrom('A', 'B'),
      rationale: fc.constantFrom('x', 'y'),
      types: fc.uniqueArray(fc.constantFrom('outcome', 'process', 'cost')),
      licence: fc.record({ fee: fc.constantFrom('free', 'paid'), contact: fc.constantFrom('x', 'y') }, { requiredKeys: [] }),
      languages: fc.uniqueArray(fc.record({ code: fc.constantFrom('nl', 'fr'), validation: fc.constantFrom('unknown', 'validated') }), {
        selector: ({ code }) => code
      })
    },
    { requiredKeys: ['title'] }
  )
  fc.assert(
    fc.property(fc.option(content, { nil: undefined }), content, content, (base, theirs, ours) => {
      const merged = mergeImported(base as never, theirs as never, ours as never, () => true).content
      const again = mergeImported(theirs as never, theirs as never, merged, () => true)
      t.same(again.content, merged)
      t.same(again.overwritten, [])
    }),
    { numRuns: 300 }
  )
})

const COMPLETE: MeasureContent = {
  title: 'Time at home',
  description: 'Days at home.',
  types: ['outcome'],
  scoring: 'cohort',
  specification: { initialPopulation: 'Everybody.' },
  dataSources: [{ kind: 'claims' }],
  licence: { permission: 'unknown' },
  levels: ['clinical'],
  development: { steward: 'A steward' }
}
const candidate = (given: Partial<Candidate> = {}): Candidate => ({
  ordinal: 0,
  row: 2,
  at: 'row 2',
  format: 'csv',
  identity: {},
  keys: [],
  content: COMPLETE,
  classified: [],
  hash: 'h1',
  record: {},
  isKept: false,
  errors: [],
  warnings: [],
  ...given
})
const options = (given: Partial<PlanOptions> = {}): PlanOptions => ({
  publish: false,
  actorId: 'anna',
  bringing: { file: 'f.csv', name: 'Anna', day: '2026-11-24' },
  isRegistered: () => true,
  check: () => [],
  ...given
})
const present = (given: Partial<Present> = {}): Present => ({ id: 'm', wasImported: true, published: { content: COMPLETE }, ...given })
const source = (hash: string, given: object = {}) => ({
  format: 'csv' as const,
  hash,
  release: null,
  releaseDate: null,
  content: COMPLETE,
  ...given
})
const codes = (notes: readonly { code: string }[]) => notes.map(({ code }) => code)

t.test('what is planned follows from the record and from what is there', async (t) => {
  const changed = candidate({ hash: 'h2', content: { ...COMPLETE, rationale: 'New.' } })
  const incomplete = candidate({ content: { title: 'Time at home' } })
  for (const [name, record, matches, given, outcome, step, notes] of [
    ['new', candidate(), [], {}, 'created', 'draft', []],
    ['new, to publish', candidate(), [], { publish: true }, 'created', 'publish', []],
    ['new and incomplete, to publish', incomplete, [], { publish: true }, 'draft-only', 'draft', ['draft-only']],
    [
      'a relation that leads nowhere',
      candidate({ content: { ...COMPLETE, relations: [{ kind: 'related', measure: 'no' }] } }),
      [],
      { publish: true, isRegistered: () => false },
      'draft-only',
      'draft',
      ['draft-only']
    ],
    ['the same again', candidate(), [present({ source: source('h1') })], {}, 'unchanged', 'none', []],
    ['the same facts in another file', candidate({ hash: 'h9' }), [present({ source: source('h1') })], {}, 'unchanged', 'rebase', []],
    [
      'the same facts, more beside them',
      candidate({ hash: 'h9', isKept: true }),
      [present({ source: source('h1') })],
      {},
      'updated',
      'draft',
      []
    ],
    ['changed', changed, [present({ source: source('h1') })], {}, 'updated', 'draft', []],
    ['changed, to publish', changed, [present({ source: source('h1') })], { publish: true }, 'updated', 'publish', []],
    [
      'an older release',
      candidate({ hash: 'h2', identity: { release: '1.0.0' } }),
      [present({ source: source('h1', { release: '2.0.0' }) })],
      {},
      'unchanged',
      'none',
      ['older-release']
    ],
    [
      'one’s own draft, to publish',
      candidate(),
      [present({ published: undefined, draft: { content: COMPLETE, broughtBy: 'anna' }, source: source('h1') })],
      { publish: true },
      'updated',
      'publish',
      []
    ],
    [
      'a draft of others, to publish',
      changed,
      [present({ draft: { content: COMPLETE, broughtBy: null }, source: source('h1') })],
      { publish: true },
      'draft-only',
      'draft',
      ['draft-of-others']
    ],
    [
      'edited since',
      changed,
      [present({ published: { content: { ...COMPLETE, rationale: 'Ours.' } }, source: source('h1') })],
      {},
      'updated',
      'draft',
      ['edited-since']
    ],
    [
      'the same facts from a sheet with fewer columns',
      candidate({ hash: 'h2', content: { title: 'Time at home' }, covers: ['title'] }),
      [present({ source: source('h1') })],
      {},
      'unchanged',
      'rebase',
      []
    ],
    [
      'a FHIR resource that lost a field',
      candidate({ hash: 'h2', format: 'fhir', content: { ...COMPLETE, description: undefined } as never }),
      [present({ source: source('h1', { format: 'fhir' }) })],
      {},
      'updated',
      'draft',
      ['removed']
    ],
    ['thrown away since', candidate(), [present({ published: undefined })], {}, 'created', 'draft', []]
  ] as [string, Candidate, Present[], Partial<PlanOptions>, string, string, string[]][]) {
    const plan = planRow(record, matches, options(given))
    t.equal(plan.outcome, outcome, name)
    t.equal(plan.step, step, name)
    t.same([...new Set(codes(plan.warnings))], notes, name)
  }
})

t.test('what cannot go in says why and what to do', async (t) => {
  for (const [record, matches, code, mend] of [
    [candidate({ errors: [{ code: 'missing', detail: 'No title.' }] }), [], 'missing', undefined],
    [candidate(), [present(), present({ id: 'n' })], 'ambiguous', /`id`/],
    [candidate(), [present({ retirement: { successor: 'next' } })], 'retired', /next/],
    [candidate(), [present({ retirement: {} })], 'retired', /another measure/],
    [candidate({ identity: { id: 'm' } }), [{ id: 'm', wasImported: false }], 'id-taken', /another/]
  ] as [Candidate, Present[], string, RegExp | undefined][]) {
    const plan = planRow(record, matches, options())
    t.equal(plan.outcome, 'rejected')
    t.same(codes(plan.errors), [code])
    if (mend) t.match(plan.errors[0]!.mend, mend)
  }
})

t.test('what is counted decides the impact of a version', async (t) => {
  const impact = (content: object) =>
    planRow(
      candidate({ hash: 'h2', content: { ...COMPLETE, ...content } }),
      [present({ source: source('h1') })],
      options({ publish: true })
    ).impact
  t.equal(impact({ rationale: 'New.' }), 'minor')
  t.equal(impact({ specification: { initialPopulation: 'Adults.' } }), 'major')
})

t.test('provenance names file, row, day and person, and makes nothing firmer than it is', async (t) => {
  const bringing = { file: 'f.csv', name: 'Anna', day: '2026-11-24' }
  const content: Partial<MeasureContent> = { title: 'T', licence: { fee: 'free', permission: 'none' }, dataSources: [{ kind: 'ehr' }] }
  t.same(withProvenance(content, ['dataSources'], 'row 7', bringing, 'https://example.org/m').provenance, [
    {
      fields: ['title', 'licence.fee', 'licence.permission'],
      source: 'Imported from f.csv, row 7, by Anna.',
      url: 'https://example.org/m',
      retrieved: '2026-11-24',
      status: 'seen'
    },
    {
      fields: ['dataSources'],
      source: 'Imported from f.csv, row 7, by Anna.',
      url: 'https://example.org/m',
      retrieved: '2026-11-24',
      status: 'classified',
      note: 'Follows from codes of the record by a table of the registry.'
    }
  ])
  const own = [{ fields: ['licence.fee'], status: 'unverified' as const, source: 'Known' }]
  const kept = withProvenance({ ...content, provenance: own }, [], 'row 7', bringing).provenance!
  t.same(kept[0], own[0])
  t.same(kept[1]!.fields, ['title', 'dataSources'], 'what the record says of a field itself stays')
  t.same(withProvenance({}, [], 'row 7', bringing), {})
})

t.test('records of one file that look alike are named, never those of one measure', async (t) => {
  const lookalikes = new AlikeInFile()
  const at = (place: string, key: string, content: object) =>
    lookalikes.notesOn(candidate({ at: place, keys: [key], content: content as never })).map(({ detail }) => detail)
  const specification = { numerator: 'People at home.', denominator: 'People who died.' }
  t.same(at('row 2', 'a', { title: 'One', specification }), [])
  t.same(at('row 3', 'b', { title: 'one!', specification }), [
    'It has the same numerator and denominator as row 2 of this file.',
    'It has the same title as row 2 of this file.'
  ])
  t.same(at('row 4', 'a', { title: 'One', specification }), [])
})

t.test('what killed processes left is swept after a day', async (t) => {
  const folder = t.testdir({ 'registry-upload-old': { body: 'x' }, 'registry-import-new': {}, 'something-else': {} })
  const old = new Date('2026-11-01T00:00:00Z')
  for (const name of ['registry-upload-old', 'something-else']) utimesSync(join(folder, name), old, old)
  utimesSync(join(folder, 'registry-import-new'), new Date('2026-11-23T20:00:00Z'), new Date('2026-11-23T20:00:00Z'))
  t.equal(await sweepLeftovers(new Date('2026-11-24T10:00:00Z'), folder), 1)
  t.same(readdirSync(folder).sort(), ['registry-import-new', 'something-else'])
})

t.test('small things', async (t) => {
  t.equal(shown('x'.repeat(500)).length, 121)
  t.equal(shown({ a: 1 }), '{"a":1}')
  t.equal(shown(undefined), 'undefined')
  t.equal(shown('a\u0000b'), 'a\u2400b')
  t.equal(typeOfName('A.CSV'), 'text/csv')
  t.equal(typeOfName('LICENCE'), undefined)
  t.equal(typeOfName('a.constructor'), undefined)
})
