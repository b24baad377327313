/** The rules of implementation reports: what one has to say, what is left of it, and how it counts. */
import fc from 'fast-check'
import t from 'tap'
import type { NewImplementation } from '../../src/implementations/implementation.schema.ts'
import { countsAsUse, faultsIn, type ReportRow, rendered, shown, tombstone } from '../../src/implementations/implementations.ts'
import { maturityOf } from '../../src/measures/maturity.ts'
import { firstDayOf, isInCalendar, lastDayOf } from '../../src/measures/partial-date.ts'
import { type ReportedUse, reportedUse } from '../../src/measures/reported-use.ts'

const TODAY = '2026-11-24'
const REPORT: NewImplementation = { outcome: 'implemented', context: {}, organisation: 'A' }
const ROW: ReportRow = {
  id: 'r-1',
  measureId: 'm',
  version: '1.0.0',
  at: '2026-11-24T10:00:00.000Z',
  actorId: 'key-1',
  group: null,
  outcome: 'implemented',
  content: REPORT,
  confirmedAt: null,
  withdrawnAt: null,
  withdrawReason: null
}

t.test('what a report has to say', async (t) => {
  const rows: [Partial<NewImplementation>, ...string[]][] = [
    [{}],
    [{ since: '2026' }],
    [{ since: '2026-11' }],
    [{ since: '2026-11-24' }],
    [{ since: '2026-11-25' }, '/since'],
    [{ since: '2026-12' }, '/since'],
    [{ since: '2027' }, '/since'],
    [{ since: '2025-02-29' }, '/since'],
    [{ since: '2024-02-29' }],
    [{ until: '2030' }],
    [{ since: '2026-05-10', until: '2026' }],
    [{ since: '2026-05-10', until: '2026-05' }],
    [{ since: '2026-05-10', until: '2026-05-10' }],
    [{ since: '2026-05', until: '2026-04-30' }, '/until'],
    [{ since: '2026', until: '2025-12' }, '/until'],
    [{ outcome: 'modified' }, '/modifications'],
    [{ outcome: 'modified', modifications: 'M' }],
    [{ outcome: 'abandoned', since: '2027' }, '/since', '/reason'],
    [{ outcome: 'abandoned', reason: 'R' }]
  ]
  for (const [patch, ...pointers] of rows)
    t.same(
      faultsIn({ ...REPORT, ...patch }, TODAY).map(({ pointer }) => pointer),
      pointers,
      JSON.stringify(patch)
    )
})

t.test('dates of any precision', async (t) => {
  t.same(['2024', '2024-02', '2024-02-03'].map(firstDayOf), ['2024-01-01', '2024-02-01', '2024-02-03'])
  t.same(
    ['2024', '2024-02', '2024-02-03'].map((date) => lastDayOf(date, 3)),
    ['2027-12-31', '2027-02-31', '2027-02-03']
  )
  fc.assert(
    fc.property(fc.date({ min: new Date('1800-01-01'), max: new Date('2199-12-31'), noInvalidDate: true }), (date) => {
      const day = date.toISOString().slice(0, 10)
      for (const length of [4, 7, 10]) {
        const partial = day.slice(0, length)
        if (!isInCalendar(partial) || firstDayOf(partial) > day || lastDayOf(partial) < day) return false
      }
      return !isInCalendar(`${day.slice(0, 5)}02-30`) && !isInCalendar(`${day.slice(0, 5)}04-31`)
    })
  )
})

t.test('what is shown', async (t) => {
  t.same(shown(ROW), {
    id: 'r-1',
    measure: 'm',
    version: '1.0.0',
    ...REPORT,
    reportedAt: ROW.at,
    reportedBy: {},
    confirmed: false
  })
  const shuffled = { ...ROW, content: { organisation: 'A', context: {}, outcome: 'implemented' } as const }
  t.equal(rendered(shuffled).json, rendered(ROW).json, 'in the order of the schema, whatever the engine made of it')
  t.notMatch(rendered({ ...ROW, group: 'patients' }).json, /key-1/)
  t.equal(tombstone(ROW), undefined)
  const withdrawn = { ...ROW, withdrawnAt: ROW.at, withdrawReason: 'Wrong.' }
  t.same(tombstone(withdrawn), { id: 'r-1', measure: 'm', withdrawal: { at: ROW.at, reason: 'Wrong.' } })
  t.not(rendered(withdrawn).tag, rendered(ROW).tag)
})

t.test('how it counts', async (t) => {
  t.notOk(countsAsUse(ROW))
  t.ok(countsAsUse({ ...ROW, confirmedAt: ROW.at }))
  t.ok(countsAsUse({ outcome: 'modified', confirmedAt: ROW.at }))
  t.notOk(countsAsUse({ outcome: 'abandoned', confirmedAt: ROW.at }))
  t.same(reportedUse({ context: {} }, ROW.at), { organisation: 'as a confirmed report says', lastConfirmed: TODAY })
  t.same(
    reportedUse({ context: { jurisdiction: ['NL', 'BE'], purpose: 'payment' }, since: '2020', until: '2027' }, ROW.at),
    {
      organisation: 'as a confirmed report says',
      jurisdiction: 'NL',
      since: '2020',
      lastConfirmed: TODAY,
      purpose: 'payment',
      until: '2027'
    },
    'a report is of one place'
  )
})

const SPECIFIED = { title: 'x', specification: { numerator: 'N' } }

t.test('a use that has ended is a pilot, and the day after its end is known', async (t) => {
  const use: ReportedUse = { organisation: 'A', jurisdiction: 'NL', purpose: 'payment', lastConfirmed: TODAY }
  const rows: [expected: string, until: string | undefined, reported: ReportedUse][] = [
    ['M4', '2029-11-24', use],
    ['M4', '2027-03-31', { ...use, until: '2027-03' }],
    ['M4', '2029-11-24', { ...use, until: '2040' }],
    ['M4', TODAY, { ...use, until: TODAY }],
    ['M3', undefined, { ...use, until: '2026-11-23' }],
    ['M3', undefined, { organisation: 'A', lastConfirmed: TODAY }]
  ]
  for (const [maturity, until, reported] of rows) {
    const found = maturityOf(SPECIFIED, TODAY, [reported])
    t.same([found.maturity, found.until], [maturity, until], JSON.stringify(reported))
  }
  t.match(maturityOf({ ...SPECIFIED, use: [{ ...use, jurisdiction: 'FR' }] }, TODAY, [use]), { maturity: 'M5', because: [/FR, NL/] })
  t.equal(maturityOf({ title: 'x' }, TODAY, [use]).maturity, 'M0', 'what nobody described is an idea, whoever uses it')
})

t.test('a confirmed use never lowers a maturity', async () => {
  const day = fc.constantFrom('2019', '2022-06', '2023-11-24', '2025', TODAY)
  const option = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
  const use = fc.record({
    organisation: fc.constant('A'),
    jurisdiction: option(fc.constantFrom('NL', 'BE-VLG', 'EU', '001')),
    purpose: option(fc.constantFrom('improvement', 'public-reporting', 'payment', 'research')),
    lastConfirmed: day,
    until: option(fc.constantFrom('2020', '2026-11-23', '2026-12', '2030'))
  }) as fc.Arbitrary<ReportedUse>
  fc.assert(
    fc.property(fc.array(use, { maxLength: 4 }), use, (uses, another) => {
      const before = maturityOf(SPECIFIED, TODAY, uses).maturity
      return maturityOf(SPECIFIED, TODAY, [...uses, another]).maturity >= before
    })
  )
})
