/** The rules of gaps: severity, life, what each rule finds and does not, and that findings follow the catalogue whatever happens to it. */
import fc from 'fast-check'
import t from 'tap'
import type { Reader } from '../../db/store.ts'
import { findingsIn } from '../../src/gaps/findings.ts'
import { faultsIn, lacks, stepFaults, unknownMeasures } from '../../src/gaps/gap.check.ts'
import { historyFor } from '../../src/gaps/gap.history.ts'
import { composeGap } from '../../src/gaps/gap.ts'
import { listIndexEntries } from '../../src/gaps/gaps.queries.ts'
import { type GapStatus, OPEN, STEPS } from '../../src/gaps/life.ts'
import { rebuildGaps } from '../../src/gaps/rebuilding.ts'
import { CELLS } from '../../src/gaps/rules/cells.ts'
import { MEASURE_RULES, RULES } from '../../src/gaps/rules/rules.ts'
import { SEVERITY_ORDER, SEVERITY_TABLE, severityOf } from '../../src/gaps/severity.ts'
import { lockOfMeasure, publishContent } from '../../src/measures/lifecycle.ts'
import { insertMeasureRow } from '../../src/measures/measure.queries.ts'
import type { MeasureContent } from '../../src/measures/measure.schema.ts'
import { retireMeasure } from '../../src/measures/retiring.ts'
import { CODES } from '../../src/vocabularies/codes.ts'
import { loadVocabularies } from '../../src/vocabularies/load.ts'
import { engines } from '../engines.ts'
import { content, measureOf } from './readiness.arbitrary.ts'

t.test('severity', async (t) => {
  const rows: [reach: string, consequence: string | undefined, alternative: string | undefined, expected: string][] = [
    ['few', 'information-lost', 'none', 'low'],
    ['some', 'information-lost', undefined, 'low'],
    ['many', 'information-lost', 'none', 'moderate'],
    ['few', 'wrong-decision', 'none', 'moderate'],
    ['many', 'wrong-decision', 'partial', 'high'],
    ['some', 'delayed-care', 'none', 'high'],
    ['many', 'delayed-care', 'none', 'critical'],
    ['few', 'harm', 'none', 'high'],
    ['some', 'harm', 'none', 'critical'],
    ['many', 'harm', 'good', 'high'],
    ['few', 'information-lost', 'good', 'low'],
    ['unknown', 'harm', 'none', 'unknown'],
    ['many', undefined, 'none', 'unknown'],
    ['unknown', undefined, undefined, 'unknown']
  ]
  for (const [reach, consequence, alternative, expected] of rows)
    t.equal(severityOf({ severity: { reach, consequence, alternative } as never }), expected, `${reach} ${consequence} ${alternative}`)
  t.equal(severityOf({}), 'unknown', 'never low by silence')
  const rank = (severity: string) => ['low', 'moderate', 'high', 'critical'].indexOf(severity)
  for (const consequence of CODES['gap-consequence']) {
    const { few, some, many } = SEVERITY_TABLE[consequence]
    t.ok(rank(few) <= rank(some) && rank(some) <= rank(many), `${consequence}: more people never make it less severe`)
  }
  t.same([...SEVERITY_ORDER].sort(), [...CODES['gap-severity']].sort())
})

t.test('life', async (t) => {
  t.same(Object.keys(STEPS).sort(), [...CODES['gap-status']].sort(), 'every status has its steps')
  const reached = (from: GapStatus, seen = new Set<GapStatus>()): Set<GapStatus> => {
    if (seen.has(from)) return seen
    seen.add(from)
    for (const { to } of STEPS[from]) reached(to, seen)
    return seen
  }
  t.same(
    [...reached('reported'), ...reached('open'), 'closed'].sort(),
    [...CODES['gap-status']].sort(),
    'every status is reached: by people, or by a rule'
  )
  t.same([STEPS.merged, STEPS.closed], [[], []], 'nobody leads out of these')
  for (const status of CODES['gap-status']) {
    t.equal(new Set(STEPS[status].map(({ to }) => to)).size, STEPS[status].length)
    t.notOk(STEPS[status].some(({ to }) => to === status))
  }
  t.same(
    [...OPEN].filter((status) => ['resolved', 'rejected', 'accepted-risk', 'merged', 'closed', 'dismissed'].includes(status)),
    []
  )
})

t.test('what is wrong with content and with steps', async (t) => {
  const lists = loadVocabularies()
  t.same(
    faultsIn({ title: 'x', jurisdictions: ['NL'], populations: [{ dimension: 'language', value: 'pt-BR', focus: 'missing' }] }, lists),
    []
  )
  t.same(faultsIn({ title: 'x', populations: [{ dimension: 'age', value: 'over 80', focus: 'missing' }] }, lists), [])
  t.match(faultsIn({ title: 'x', populations: [{ dimension: 'language', value: 'arabisch', focus: 'missing' }] }, lists), [
    { pointer: '/populations/0/value', nearest: 'ar' }
  ])
  t.equal(faultsIn({ title: 'x', jurisdictions: Array.from({ length: 100 }, () => 'ZZ') }, lists).length, 20, 'bounded')
  t.same(lacks({ title: 'x', statement: 's', kind: 'other' }), [])
  t.same(
    lacks({ title: 'x' }).map(({ pointer }) => pointer),
    ['/statement', '/kind']
  )
  const named = [{ id: 'a1', pointer: '/measures/0' }]
  t.same(unknownMeasures(named, new Set(['a1']), []), [])
  t.match(unknownMeasures(named, new Set(), ['a2', 'zzz']), [{ nearest: 'a2' }])
  t.same(unknownMeasures(named, new Set(), []), [{ pointer: '/measures/0', detail: 'There is no measure "a1".' }])
  const open = { id: 'x1', status: 'open' } as const
  t.same(stepFaults(open, { to: 'dismissed', reason: 'r', until: '2030-02-28' }, '2028-02-29'), [])
  t.same(stepFaults(open, { to: 'dismissed', reason: 'r', until: '2030-03-01' }, '2028-02-29').length, 1)
})

t.test('the history of a finding', async (t) => {
  const finding = { rule: 'R1', rulesVersion: '1.0.0', certainty: 'absent', closesWith: 'x', openedAt: '2026-01-02T00:00:00.000Z' } as const
  const circumstances = { id: 'x1', origin: 'derived', status: 'closed', createdAt: '2026-01-01T00:00:00.000Z', updatedAt: 'x' } as const
  const gap = composeGap({ title: 'x' }, { ...circumstances, finding: { ...finding, closedAt: '2026-01-05T00:00:00.000Z' } })
  const log = [
    { at: '2026-01-03T00:00:00.000Z', action: 'dismissed', actor: 'A Name', reason: 'r', fields: [{ pointer: '/a' }] },
    { at: '2026-01-06T00:00:00.000Z', action: 'open', actor: 'registry', reason: null, fields: null }
  ]
  const seen = (isContributor: boolean) =>
    historyFor(gap, log, { isContributor, isReviewer: false }, 'registry').map(({ action, who }) => `${action} ${who}`)
  t.same(seen(false), ['opened registry', 'dismissed a reviewer', 'closed registry', 'open registry'])
  t.same(seen(true), ['opened registry', 'dismissed A Name', 'closed registry', 'open registry'])
  const derived = { at: gap.createdAt, action: 'derived', actor: 'registry', reason: null, fields: null }
  t.equal(historyFor(gap, [derived], { isContributor: false, isReviewer: false }, 'registry').length, 2, 'told once')
})

const PRO: MeasureContent = {
  title: 'A questionnaire',
  types: ['patient-reported-outcome'],
  scoring: 'continuous-variable',
  instrument: { name: 'Q', respondents: ['self', 'proxy'], modes: ['paper'], readingGrade: 6 },
  populations: ['adults'],
  languages: [{ code: 'en', validation: 'original' }],
  stratifiers: (['age', 'gender-sex', 'socioeconomic', 'ethnicity-culture', 'language', 'disability', 'place'] as const).map(
    (dimension) => ({
      dimension,
      availability: 'available' as const
    })
  ),
  licence: { permission: 'none', fee: 'free' },
  development: { livedExperience: 'co-developed' }
}
const found = (rule: string, patch: MeasureContent | object) =>
  findingsIn(measureOf({ ...PRO, ...patch } as MeasureContent))
    .filter(({ finding }) => finding.rule === rule)
    .map(({ finding, content: { populations } }) =>
      [finding.certainty, populations?.[0]?.dimension, populations?.[0]?.value].filter((each) => each !== undefined).join(' ')
    )

t.test('each rule fires, does not fire, and knows what it does not know', async (t) => {
  t.same(findingsIn(measureOf(PRO)), [], 'a measure without a fault')
  const [age, ...others] = PRO.stratifiers!
  const rows: [rule: string, patch: object, expected: string[]][] = [
    ['R1', { stratifiers: others }, ['absent age']],
    ['R1', { stratifiers: [] }, ['unknown']],
    ['R1', { stratifiers: [{ dimension: 'age', availability: 'unknown' }, ...others] }, ['unknown age']],
    ['R1', { stratifiers: [{ dimension: 'age', availability: 'unavailable' }, ...others] }, []],
    [
      'R1',
      {
        stratifiers: PRO.stratifiers!.map((each) => (each.dimension === 'ethnicity-culture' ? { ...each, dimension: 'migration' } : each))
      },
      []
    ],
    ['R1', { stratifiers: [age], types: ['structure'], instrument: undefined, scoring: 'attestation' }, []],
    ['R2', { stratifiers: [{ dimension: 'age', availability: 'unavailable' }, ...others] }, ['absent age']],
    ['R2', { stratifiers: [{ dimension: 'age', availability: 'unknown' }, ...others] }, []],
    ['R3', { jurisdictions: ['NL'] }, ['absent language nl']],
    ['R3', { jurisdictions: ['NL'], languages: [{ code: 'nl-NL', validation: 'translated' }] }, []],
    ['R3', { languages: [] }, ['unknown language']],
    ['R3', { jurisdictions: ['NL'], types: ['process'], instrument: undefined, languages: undefined, scoring: 'proportion' }, []],
    ['R4', { languages: [{ code: 'fr', validation: 'translated' }] }, ['absent language fr']],
    ['R4', { languages: [{ code: 'fr', validation: 'machine' }] }, ['absent language fr']],
    ['R4', { languages: [{ code: 'fr', validation: 'unknown' }] }, ['unknown language fr']],
    ['R4', { languages: [{ code: 'fr', validation: 'validated' }] }, []],
    ['R5', { excludes: [{ dimension: 'homelessness', note: 'People without an address.' }] }, ['absent homelessness']],
    ['R5', { excludes: [{ dimension: 'age', note: 'Under 18.' }] }, []],
    ['R5', { excludes: [{ dimension: 'age', note: 'Over 75.' }], populations: ['general'] }, ['absent age']],
    ['R6', { instrument: { ...PRO.instrument, modes: ['web', 'app'] } }, ['absent digital-access']],
    ['R6', { instrument: { ...PRO.instrument, modes: ['web', 'phone'] } }, []],
    ['R6', { instrument: { ...PRO.instrument, modes: [] } }, []],
    ['R7', { instrument: { ...PRO.instrument, respondents: ['self'] }, populations: ['children'] }, ['absent age']],
    ['R7', { instrument: { ...PRO.instrument, respondents: ['self'] }, populations: ['people-with-dementia'] }, ['absent disability']],
    ['R7', { instrument: { ...PRO.instrument, respondents: ['self'] } }, []],
    ['R7', { populations: ['children'] }, []],
    ['R8', { licence: { fee: 'paid' } }, ['absent socioeconomic']],
    ['R8', { licence: { permission: 'ask' } }, ['absent socioeconomic']],
    ['R8', { licence: { fee: 'unknown', permission: 'unknown' } }, []],
    ['R8', { licence: undefined }, []],
    ['R9', { development: { livedExperience: 'none' } }, ['absent']],
    ['R9', { development: { livedExperience: 'unknown' } }, ['unknown']],
    ['R9', { development: undefined }, ['unknown']],
    ['R9', { development: { livedExperience: 'consulted' } }, []],
    [
      'R10',
      {
        specification: { riskAdjustment: ['Age', 'household income'] },
        stratifiers: others.filter(({ dimension }) => dimension !== 'socioeconomic')
      },
      ['absent socioeconomic']
    ],
    ['R10', { specification: { riskAdjustment: ['household income'] } }, []],
    ['R10', { specification: { riskAdjustment: ['Comorbidity'] }, stratifiers: [age] }, []],
    ['R15', { instrument: { ...PRO.instrument, readingGrade: 9 } }, ['absent health-literacy']],
    ['R15', { instrument: { ...PRO.instrument, readingGrade: undefined } }, ['unknown health-literacy']],
    ['R15', { instrument: { ...PRO.instrument, readingGrade: 8 } }, []],
    ['R15', { instrument: { ...PRO.instrument, readingGrade: 12, respondents: ['professional'] } }, []]
  ]
  for (const [rule, patch, expected] of rows) t.same(found(rule, patch), expected, `${rule} ${JSON.stringify(patch).slice(0, 100)}`)
  const fired = new Set(rows.filter(([, , expected]) => expected.length > 0).map(([rule]) => rule))
  t.same(
    MEASURE_RULES.map(({ id }) => id).filter((id) => !fired.has(id)),
    [],
    'every rule of measures is seen to fire'
  )
  t.equal(new Set(RULES.map(({ id }) => id)).size, RULES.length)
  t.same(findingsIn(measureOf({ ...PRO, stratifiers: [] }, 'x1', 'retired')), [], 'nothing in a retired measure')
})

t.test('findings name what closes them, and no two are the same', async (t) => {
  fc.assert(
    fc.property(content, (written) => {
      const all = findingsIn(measureOf(written))
      const ids = all.map(({ id }) => id)
      if (new Set(ids).size !== ids.length) return false
      const again = findingsIn(measureOf(written))
      return all.every(({ id, finding }, i) => /^d-[0-9a-f]{20}$/.test(id) && finding.closesWith !== '' && again[i]!.id === id)
    })
  )
  const ids = new Set<string>()
  for (const id of ['one', 'two'])
    for (const each of findingsIn(measureOf({ title: 'x', stratifiers: [], types: ['outcome'] }, id))) ids.add(each.id)
  t.ok(ids.size >= 2, 'the same finding in two measures has two identifiers')
})

t.test('whatever is published and retired, findings are those that are made from scratch', async (t) => {
  const { store, done } = await engines[0]!.open()
  t.teardown(done)
  let ticks = 0
  const now = () => new Date(Date.parse('2026-11-24T10:00:00.000Z') + 1_000 * ticks++).toISOString()
  const actor = { id: 'test', name: 'test' }
  const act = () => ({ actor, now: now(), publicUrl: 'https://registry.example' })
  const open = async (db: Reader) =>
    (await listIndexEntries(db, 0, 100_000))
      .filter(({ codes }) => codes.status?.[0] === 'open')
      .map(({ id, codes }) => `${id} ${codes.rule} ${codes.certainty}`)
      .sort()
  await rebuildGaps(store, now())
  /** A registry for each run: its measures have names that no other run has. */
  let run = 0
  let steps = 0
  const step = fc.record({
    measure: fc.constantFrom('a', 'b', 'c'),
    does: fc.oneof({ weight: 4, arbitrary: content }, { weight: 1, arbitrary: fc.constant(null) }),
    codes: fc.record({ domains: fc.subarray([...CODES.domain.slice(0, 3)]), levels: fc.subarray([...CODES.level]) })
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (sequence) => {
      const prefix = `run-${run++}`
      const state = new Map<string, 'active' | 'retired'>()
      const expected = new Map<string, MeasureContent>()
      for (const { measure, does, codes } of sequence) {
        const id = `${prefix}-${measure}`
        if (state.get(id) === 'retired' || (does === null && !state.has(id))) continue
        await store.write([lockOfMeasure(id)], async (tx) => {
          if (does === null) return retireMeasure(tx, act(), id, { reason: 'x' })
          if (!state.has(id)) await insertMeasureRow(tx, { id, createdAt: now(), createdBy: 'test' })
          return publishContent(tx, act(), id, { ...does, ...codes }, { impact: 'major', createdAt: now() })
        })
        state.set(id, does === null ? 'retired' : 'active')
        if (does) expected.set(id, { ...does, ...codes })
        else expected.delete(id)
        steps++
      }
      const incremental = await store.read(open)
      const changed = await rebuildGaps(store, now())
      t.equal(changed, 0)
      t.same(await store.read(open), incremental)
      const mine = [...expected].flatMap(([id, written]) => findingsIn(measureOf(written, id)).map((each) => each.id))
      const ids = new Set(incremental.map((each) => each.split(' ')[0]))
      t.ok(
        mine.every((id) => ids.has(id)),
        'what the rules find in each measure is open'
      )
      for (const id of state.keys())
        if (state.get(id) === 'active') await store.write([lockOfMeasure(id)], (tx) => retireMeasure(tx, act(), id, { reason: 'x' }))
    }),
    { numRuns: 25 }
  )
  t.ok(steps > 25)
  const left = await store.read(open)
  t.equal(left.length, CELLS.size, 'when everything is retired, every cell is empty and nothing else is open')
})
