import fc from 'fast-check'
import t from 'tap'
import { differences } from '../../src/json/diff.ts'
import { mergePatch } from '../../src/json/merge-patch.ts'
import { completenessOf } from '../../src/measures/completeness.ts'
import { faultsIn } from '../../src/measures/content.check.ts'
import { historyFor } from '../../src/measures/history.ts'
import { maturityOf } from '../../src/measures/maturity.ts'
import { MEASURE_COLUMNS } from '../../src/measures/measure.columns.ts'
import { MeasureIndex } from '../../src/measures/measure.index.ts'
import type { Measure, MeasureContent } from '../../src/measures/measure.schema.ts'
import { slugOf } from '../../src/measures/measure.ts'
import { Ordering } from '../../src/measures/ordering.ts'
import { Numbers } from '../../src/measures/postings.ts'
import { obstaclesTo } from '../../src/measures/publishing.ts'
import { clausesOf, literalsOf, select } from '../../src/measures/selection.ts'
import { sentencesOf } from '../../src/measures/sentences.ts'
import { likeness, similarTo } from '../../src/measures/similarity.ts'
import { inLanguage, stampTranslations } from '../../src/measures/translations.ts'
import { nextVersion } from '../../src/measures/versioning.ts'

const publishable: MeasureContent = {
  title: 'Time at home',
  description: 'Days at home in the last year of life.',
  types: ['outcome'],
  scoring: 'proportion',
  specification: { denominator: 'People who died', numerator: 'People who spent more than 350 days at home' },
  dataSources: [{ kind: 'claims' }],
  licence: { permission: 'unknown' },
  levels: ['clinical'],
  development: { steward: 'A steward' }
}
const pointers = (content: MeasureContent) => obstaclesTo(content).map(({ pointer }) => pointer)

t.test('what publication needs', async (t) => {
  t.same(pointers(publishable), [])
  t.same(pointers({ title: 'x' }), ['/description', '/types', '/scoring', '/dataSources', '/licence', '/levels', '/development/steward'])
  t.same(
    pointers({ ...publishable, scoring: undefined, instrument: { name: 'Q' } } as unknown as MeasureContent),
    [],
    'an instrument stands for the scoring'
  )
  t.same(
    pointers({ ...publishable, scoring: undefined, instrument: { modes: [] } } as unknown as MeasureContent),
    ['/scoring'],
    'an empty one does not'
  )
  const populations = (scoring: MeasureContent['scoring'], specification: MeasureContent['specification']) =>
    pointers({ ...publishable, scoring, specification } as unknown as MeasureContent)
  const rows: [MeasureContent['scoring'], MeasureContent['specification'], string[]][] = [
    ['proportion', { numerator: 'n' }, ['/specification/denominator']],
    ['proportion', { initialPopulation: 'p', numerator: 'n' }, ['/specification/denominator']],
    ['ratio', { numerator: 'n', denominator: 'd' }, []],
    ['ratio', { numerator: 'n', denominator: 'd', denominatorException: 'e' }, ['/specification/denominatorException']],
    ['ratio', {}, ['/specification/numerator', '/specification/denominator']],
    ['continuous-variable', { measurePopulation: 'm' }, []],
    [
      'continuous-variable',
      { measurePopulation: 'm', numerator: 'n', denominator: 'd' },
      ['/specification/numerator', '/specification/denominator']
    ],
    ['continuous-variable', {}, ['/specification/measurePopulation']],
    ['cohort', { initialPopulation: 'i' }, []],
    ['cohort', { initialPopulation: 'i', numerator: 'n' }, ['/specification/numerator']],
    ['composite', {}, []],
    ['attestation', {}, []],
    ['proportion', { groups: [{ numerator: 'n', denominator: 'd' }, { numerator: 'n' }] }, ['/specification/groups/1/denominator']],
    ['proportion', { denominator: 'all', groups: [{ numerator: 'n' }] }, []]
  ]
  for (const [scoring, specification, expected] of rows) {
    t.same(populations(scoring, specification), expected, `${scoring} ${JSON.stringify(specification)}`)
  }
})

t.test('maturity', async (t) => {
  const today = '2026-11-24'
  const use = (more: object) => ({ ...publishable, use: [{ organisation: 'A', ...more }] }) as MeasureContent
  const rows: [string, MeasureContent, string][] = [
    ['M0', { title: 'An idea' }, 'nothing but a title'],
    ['M1', publishable, 'specified'],
    ['M2', { ...publishable, testing: { validity: 'positive' } }, 'tested'],
    ['M1', { ...publishable, testing: { validity: 'negative', reliability: 'untested' } }, 'a bad test is no test'],
    ['M2', { ...publishable, evidence: [{ title: 'p', supports: ['reliability'] }] }, 'published evidence'],
    ['M3', use({ purpose: 'research', lastConfirmed: 2026 }), 'research is a pilot'],
    ['M3', use({ purpose: 'payment' }), 'routine use without a date'],
    ['M3', use({ purpose: 'payment', lastConfirmed: 2022 }), 'confirmed more than three years ago'],
    ['M4', use({ purpose: 'payment', lastConfirmed: 2023 }), 'a year counts to its end'],
    ['M3', use({ purpose: 'payment', lastConfirmed: '2023-11-23' }), 'three years and a day'],
    ['M4', use({ purpose: 'payment', lastConfirmed: '2023-11-24' }), 'three years to the day'],
    ['M5', use({ mandated: true, lastConfirmed: 2025 }), 'mandated'],
    [
      'M5',
      {
        ...publishable,
        use: [
          { organisation: 'A', jurisdiction: 'GB-ENG', purpose: 'payment', lastConfirmed: 2025 },
          { organisation: 'B', jurisdiction: 'NL', purpose: 'improvement', lastConfirmed: 2025 }
        ]
      },
      'two countries'
    ],
    [
      'M4',
      {
        ...publishable,
        use: [
          { organisation: 'A', jurisdiction: 'GB-ENG', purpose: 'payment', lastConfirmed: 2025 },
          { organisation: 'B', jurisdiction: 'GB-SCT', purpose: 'improvement', lastConfirmed: 2025 }
        ]
      },
      'two parts of one country'
    ]
  ]
  for (const [expected, content, name] of rows) t.equal(maturityOf(content, today).maturity, expected, name)
  t.equal(maturityOf(use({ purpose: 'payment', lastConfirmed: 2025 }), today).until, '2028-12-31')
  t.equal(maturityOf(use({ purpose: 'payment', lastConfirmed: '2024-02-29' }), today).until, '2027-02-29', 'the last day on which it holds')
  t.match(maturityOf(use({ purpose: 'payment', lastConfirmed: 2020 }), today).because[0], /more than 3 years ago/)
})

t.test('completeness never asks a registry for a questionnaire', async (t) => {
  t.notOk(completenessOf(publishable).missing.includes('languages'))
  t.ok(completenessOf({ ...publishable, dataSources: [{ kind: 'survey' }] }).missing.includes('languages'))
  const { filled, of, missing } = completenessOf(publishable)
  t.equal(filled + missing.length, of)
})

t.test('slugs', async (t) => {
  t.equal(slugOf({ title: 'Überleitung & Koordination' }), 'ueberleitung-and-koordination')
  t.equal(slugOf({ title: 'long', shortTitle: 'Short one' }), 'short-one')
  t.equal(slugOf({ title: 'Patient measure', acronym: 'PACIC' }), 'pacic')
  t.equal(slugOf({ title: '???' }), 'measure')
  fc.assert(fc.property(fc.string({ minLength: 1 }), (title) => /^[a-z0-9][a-z0-9-]{1,79}$/.test(slugOf({ title }))))
})

t.test('versions', async (t) => {
  t.equal(nextVersion(undefined, 'patch'), '1.0.0')
  t.equal(nextVersion('1.2.3', 'major'), '2.0.0')
  t.equal(nextVersion('1.2.3', 'minor'), '1.3.0')
  t.equal(nextVersion('1.2.3', 'patch'), '1.2.4')
})

t.test('JSON Merge Patch, the examples of RFC 7396', async (t) => {
  const rows: [unknown, unknown, unknown][] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd']
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }]
  ]
  for (const [target, patch, result] of rows) t.same(mergePatch(target, patch), result, JSON.stringify(patch))
  mergePatch({}, JSON.parse('{"__proto__": {"polluted": true}}'))
  t.equal(({} as Record<string, unknown>)['polluted'], undefined, 'no prototype is polluted')
})

t.test('differences and their sentences', async (t) => {
  const before = { title: 'a', types: ['outcome', 'cost'], licence: { fee: 'free' }, acronym: 'X' }
  const after = { title: 'b', types: ['outcome', 'process'], licence: { fee: 'free', note: 'n/1' } }
  t.same(differences(before, after), [
    { pointer: '/title', old: 'a', new: 'b' },
    { pointer: '/types', old: ['outcome', 'cost'], new: ['outcome', 'process'] },
    { pointer: '/licence/note', new: 'n/1' },
    { pointer: '/acronym', old: 'X' }
  ])
  t.same(
    sentencesOf(before, after).map(({ sentence }) => sentence),
    [
      'title was changed from "a" to "b".',
      'types gained "process" and lost "cost".',
      'licence.note was added: "n/1".',
      'acronym was removed; it was "X".'
    ]
  )
})

t.test('translations keep the version they were made from', async (t) => {
  const first = stampTranslations({ title: 'a', translations: { nl: { title: 'nl a' }, fr: { title: 'fr a' } } }, undefined, '1.0.0')
  t.equal(first.translations?.['nl']?.madeFrom, '1.0.0')
  const second = stampTranslations({ ...first, title: 'b', translations: { ...first.translations, fr: { title: 'fr b' } } }, first, '1.1.0')
  t.same(second.translations?.['nl'], { title: 'nl a', madeFrom: '1.0.0', outdated: ['title'] })
  t.same(second.translations?.['fr'], { title: 'fr b', madeFrom: '1.1.0' })
  const third = stampTranslations({ ...second, description: 'new' }, second, '1.2.0')
  t.same(third.translations?.['nl']?.outdated, ['title'], 'what was outdated stays so; what it never had is not outdated')
  t.equal(inLanguage(second, 'nl-BE').measure.title, 'nl a')
  t.same(inLanguage(second, 'de').language, 'en')
})

t.test('looks like one we have', async (t) => {
  const measure = (id: string, content: Partial<MeasureContent>) => ({ id, title: id, ...content }) as Measure
  const draft: MeasureContent = {
    title: 'Follow-up after discharge',
    specification: { numerator: 'Seen within 7 days.', denominator: 'Discharged' }
  }
  const catalogue = [
    measure('a', { specification: { numerator: 'seen within 7 days', denominator: 'DISCHARGED.' } }),
    measure('b', { specification: { numerator: 'Seen within 7 days' } }),
    measure('c', { title: 'After discharge: follow-ups' }),
    measure('d', { title: 'Something else' }),
    measure('e', { identifiers: [{ system: 'CBE', value: '0576' }] })
  ]
  t.same(
    similarTo('x', { ...draft, identifiers: [{ system: 'cbe', value: '0576' }] }, catalogue).map(({ measure, kind }) => [measure, kind]),
    [
      ['e', 'same-identifier'],
      ['a', 'competing'],
      ['c', 'similar-text'],
      ['b', 'related']
    ]
  )
  t.same(similarTo('a', draft, [catalogue[0]!]), [], 'nothing is like itself')
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (a, b) => {
      const score = likeness({ title: a }, { title: b })
      return score >= 0 && score <= 1 && score === likeness({ title: b }, { title: a })
    })
  )
})

t.test('content that a schema cannot judge', async (t) => {
  const lists = { has: (_: string, code: string) => ['NL', 'nl', 'pt-BR'].includes(code), nearest: () => 'NL' }
  const faults = faultsIn(
    { title: 'x', jurisdictions: ['NL', 'ZZ'], languages: [{ code: 'pt-br', validation: 'original' }], relations: [{ kind: 'related' }] },
    lists
  )
  t.same(
    faults.map(({ pointer, nearest }) => [pointer, nearest]),
    [
      ['/languages/0/code', 'pt-BR'],
      ['/jurisdictions/1', 'NL'],
      ['/relations/0', undefined]
    ]
  )
})

t.test('history: readers see what became public, and nothing that was written and taken back', async (t) => {
  const entry = (action: string) => ({ at: '', action, version: null, actor: 'a', reason: null, fields: null })
  const log = ['created', 'submitted', 'returned', 'updated', 'published', 'draft-opened', 'draft-deleted', 'maturity-changed'].map(entry)
  t.same(
    historyFor(log, false).map(({ action }) => action),
    ['published', 'maturity-changed']
  )
  t.equal(historyFor(log, true).length, 8)
  t.same(historyFor(log.slice(0, 2), false), [])
})

t.test('columns of exports are frozen', async (t) => {
  t.matchSnapshot(MEASURE_COLUMNS.map(({ name }) => name).join('\n'))
  t.equal(new Set(MEASURE_COLUMNS.map(({ name }) => name)).size, MEASURE_COLUMNS.length)
})

t.test('literals: comma is or, a backslash takes its meaning away', async (t) => {
  const codes = (value: string) => literalsOf(value).map(({ code, negated }) => (negated ? `not ${code}` : code))
  t.same(codes('a,!b'), ['a', 'not b'])
  t.same(codes('Orchard\\, Western'), ['Orchard, Western'])
  t.same(codes('\\!a'), ['!a'])
  t.same(codes(''), [''])
  t.same(codes('a,'), ['a', ''])
  fc.assert(fc.property(fc.string(), (value) => literalsOf(value).length >= 1))
})

t.test('the index agrees with filtering one by one', async (t) => {
  const code = fc.constantFrom('a', 'b', 'c', 'd')
  const document = fc.record({
    type: fc.uniqueArray(code),
    level: fc.uniqueArray(code),
    titleKey: fc.string({ maxLength: 3 }),
    gone: fc.boolean()
  })
  const clause = fc.record({
    field: fc.constantFrom('type' as const, 'level' as const),
    anyOf: fc.array(fc.record({ code, negated: fc.boolean() }), { minLength: 1, maxLength: 3 })
  })
  fc.assert(
    fc.property(
      fc.array(document, { maxLength: 150 }),
      fc.array(clause, { maxLength: 3 }),
      fc.integer({ min: 1, max: 7 }),
      (documents, clauses, limit) => {
        const index = new MeasureIndex()
        const entry = ({ type, level, titleKey }: (typeof documents)[number], no: number) => ({
          no,
          measureId: `m${no}`,
          titleKey,
          updatedAt: String(no),
          priority: '',
          codes: { type, level }
        })
        index.load(documents.slice(0, 50).map((found, i) => entry(found, i + 1)))
        for (const [i, found] of documents.slice(50).entries()) index.replace([`m${i + 51}`], [entry(found, i + 51)])
        for (const [i, { gone }] of documents.entries()) if (gone) index.replace([`m${i + 1}`], [])
        const present = documents.map((found, i) => ({ ...found, no: i + 1 })).filter(({ gone }) => !gone)
        const expected = present.filter((found) =>
          clauses.every(({ field, anyOf }) => anyOf.some(({ code, negated }) => found[field].includes(code) !== negated))
        )
        const selected = select(index, { clauses: clauses.map((each) => ({ ...each, parameter: each.field })) })
        const walked: number[] = []
        for (let after: { key: string; no: number } | undefined; ; ) {
          const page = index.page(selected, { order: 'title', descending: false, limit, after })
          walked.push(...page.map(({ no }) => no))
          if (page.length < limit) break
          after = page.at(-1)
        }
        const inOrder = expected
          .toSorted((a, b) => (a.titleKey < b.titleKey ? -1 : a.titleKey > b.titleKey ? 1 : a.no - b.no))
          .map(({ no }) => no)
        const counts = Object.fromEntries(index.count('type', selected).map(({ code, count }) => [code, count]))
        const wanted = Object.fromEntries(
          ['a', 'b', 'c', 'd'].map((c) => [c, expected.filter(({ type }) => type.includes(c as 'a')).length]).filter(([, n]) => n)
        )
        return (
          selected.size() === expected.length &&
          JSON.stringify(walked) === JSON.stringify(inOrder) &&
          JSON.stringify(Object.entries(counts).sort()) === JSON.stringify(Object.entries(wanted).sort())
        )
      }
    )
  )
  t.pass('for 100 random catalogues')
})

t.test('an order stays right while documents come and go, whether it is walked or sorted', async (t) => {
  const keys = new Map(Array.from({ length: 2_000 }, (_, no) => [no, `k${String((no * 7) % 2_000).padStart(4, '0')}`]))
  const order = new Ordering()
  order.load([...keys].map(([no, key]) => ({ key, no })))
  const gone = { key: keys.get(5)!, no: 5 }
  order.remove(gone)
  order.add({ key: 'k0035', no: 2_001 })
  keys.set(2_001, 'k0035').delete(5)
  for (const many of [keys.size, 40]) {
    const among = new Numbers([...keys.keys()].slice(-many))
    for (const descending of [false, true]) {
      const expected = [...keys].filter(([no]) => among.has(no)).map(([no, key]) => ({ key, no }))
      expected.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.no - b.no))
      if (descending) expected.reverse()
      const page = (after?: { key: string; no: number }) => order.page(among, { descending, limit: 7, after, keyOf: (no) => keys.get(no)! })
      t.same(page(), expected.slice(0, 7))
      const after = expected[10]!
      t.same(page(after), expected.slice(11, 18), `${many}, ${descending ? 'descending' : 'ascending'}`)
      const isAhead = ({ key, no }: { key: string; no: number }) => (key < gone.key || (key === gone.key && no < gone.no)) === descending
      t.same(page(gone), expected.filter(isAhead).slice(0, 7), 'the last item of a page may be gone')
    }
  }
})

t.test('only active measures are listed unless asked otherwise', async (t) => {
  t.same(clausesOf({ type: ['cost,!process'] })[0]?.field, 'status')
  t.same(
    clausesOf({ status: 'retired' }).map(({ anyOf }) => anyOf),
    [[{ code: 'retired', negated: false }]]
  )
  t.same(clausesOf({ missing: 'licence', status: 'active' })[1], {
    field: 'has',
    parameter: 'missing',
    anyOf: [{ code: 'licence', negated: true }]
  })
})
