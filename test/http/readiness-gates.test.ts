/** Whether one measure can be put to use: every outcome of every gate, and the order of the verdict, on every engine. */
import t from 'tap'
import { GATE_IDS, type GateId, OUTCOMES, type Outcome } from '../../src/readiness/gate.ts'
import { engines } from '../engines.ts'
import { openRegistry } from '../registry.ts'
import { byRow, type GateAnswer, type Patch, putMeasures, type ReadinessAnswer, readerOf, ready, retire, SENTENCE } from './made.ts'

/** A measure, what is asked, the gate and its outcome; what else the answer has, of which the basis is documented where nothing is said. */
type Row = readonly [patch: Patch, query: string, gate: GateId, outcome: Outcome, rest?: Record<string, unknown>]

const UNVERIFIED = { basis: 'unverified' }
const ADVICE = { blocks: false }
/** Somebody tries it out: nobody uses it in routine. */
const TRIED = [{ organisation: 'A university', jurisdiction: 'NL', lastConfirmed: '2026-01', purpose: 'research' as const }]
/** What comes out of records asks nobody. */
const RECORDS: Patch = { instrument: undefined, languages: undefined, dataSources: [{ kind: 'ehr' }] }
const paid = (amount?: number) =>
  ({ licence: { permission: 'none', fee: 'paid', ...(amount === undefined ? {} : { amount, currency: 'EUR' }) } }) as const
const versions = (...languages: NonNullable<Patch['languages']>): Patch => ({ languages })
const nl = (validation: NonNullable<Patch['languages']>[number]['validation'], code = 'nl') => versions({ code, validation })
const splits = (...availabilities: NonNullable<Patch['stratifiers']>[number]['availability'][]): Patch => ({
  stratifiers: availabilities.map((availability) => ({ dimension: 'religion' as const, availability }))
})
const elements = (...needed: string[]): Patch => ({ dataSources: [{ kind: 'ehr', elements: needed }] })
const places = (...jurisdictions: string[]): Patch => ({ jurisdictions, use: [{ organisation: 'A region', lastConfirmed: 2026 }] })
const EUR_900 = { cost: { amount: 900, currency: 'EUR' } }
const old = [{ organisation: 'A region', since: 2010 }]
const dutch = { language: 'nl' }
const place = (jurisdiction: string) => ({ jurisdiction })
const setting = { aspect: 'setting' }
const population = { aspect: 'population' }
const condition = { aspect: 'condition' }
const religion = { dimension: 'religion' }

const GATES: readonly Row[] = [
  [{ instrument: undefined }, '', 'specified', 'pass'],
  [{ specification: undefined }, '', 'specified', 'pass'],
  [{ instrument: undefined, scoring: 'proportion', specification: { denominator: 'All.' } }, '', 'specified', 'unknown'],
  [{ instrument: undefined, specification: undefined }, '', 'specified', 'fail', UNVERIFIED],

  [{}, '', 'sound', 'pass'],
  [{ testing: { validity: 'positive' } }, 'purpose=research', 'sound', 'pass'],
  [{ testing: { validity: 'positive' } }, 'purpose=payment', 'sound', 'unknown'],
  [{ testing: { validity: 'positive', reliability: 'negative' } }, '', 'sound', 'fail'],
  [{ testing: undefined, use: TRIED, evidence: [{ title: 'A study', supports: ['validity'] }] }, '', 'sound', 'conditional'],
  [
    { testing: undefined, use: TRIED, evidence: [{ title: 'A study', supports: ['validity'] }] },
    'purpose=public-reporting',
    'sound',
    'unknown',
    { days: 180 }
  ],
  [{ testing: undefined }, 'purpose=payment', 'sound', 'conditional'],
  [{ testing: undefined, use: TRIED }, '', 'sound', 'unknown', { days: 180, ...UNVERIFIED }],
  [{ testing: { validity: 'untested' }, use: TRIED }, '', 'sound', 'unknown', { days: 180 }],
  [{ testing: { validity: 'untested', reliability: 'untested' }, use: TRIED }, '', 'sound', 'fail', { days: 180 }],

  [{}, '', 'data', 'not-asked'],
  [{}, 'data=ehr,survey', 'data', 'pass'],
  [{ dataSources: [{ kind: 'survey' }, { kind: 'claims' }] }, 'data=survey', 'data', 'conditional'],
  [{}, 'data=ehr&data=claims', 'data', 'fail'],
  [{ dataSources: undefined }, 'data=ehr', 'data', 'unknown', UNVERIFIED],
  [elements('HbA1c', 'Âge'), 'dataElement=hba1c,%C3%A2ge', 'data', 'pass'],
  [elements('HbA1c', 'Blood pressure, sitting'), 'dataElement=hba1c,blood%20pressure%5C,%20sitting', 'data', 'pass'],
  [elements('HbA1c', 'Age'), 'data=ehr&dataElement=HbA1c', 'data', 'fail'],
  // A source that does not say what it needs is no proof.
  [{ dataSources: [{ kind: 'ehr' }] }, 'dataElement=creatinine', 'data', 'unknown'],
  [{ dataSources: [{ kind: 'ehr' }] }, 'data=ehr&dataElement=creatinine', 'data', 'unknown'],
  [{ dataSources: [{ kind: 'ehr', elements: ['HbA1c'] }, { kind: 'claims' }] }, 'dataElement=creatinine', 'data', 'unknown'],
  [{ dataSources: [{ kind: 'ehr', elements: ['HbA1c'] }, { kind: 'claims' }] }, 'dataElement=hba1c', 'data', 'pass'],
  [
    {
      dataSources: [
        { kind: 'ehr', elements: ['A', 'B'] },
        { kind: 'claims', elements: ['C'] }
      ]
    },
    'dataElement=c',
    'data',
    'pass'
  ],

  [RECORDS, 'language=nl', 'language', 'not-applicable'],
  [{}, '', 'language', 'not-asked'],
  [{}, 'language=en', 'language', 'pass', { language: 'en' }],
  [nl('validated'), 'language=nl', 'language', 'pass', dutch],
  [nl('validated', 'nl-BE'), 'language=nl', 'language', 'pass', dutch],
  [nl('validated'), 'language=nl-BE', 'language', 'conditional', { language: 'nl-BE', days: 30 }],
  [nl('translated'), 'language=nl', 'language', 'conditional', { ...dutch, days: 30 }],
  [nl('translated'), 'language=nl&purpose=payment', 'language', 'fail', { ...dutch, days: 180 }],
  [nl('translated'), 'language=nl&purpose=payment&horizonDays=180', 'language', 'conditional', { ...dutch, days: 180 }],
  [nl('translated'), 'language=nl&horizonDays=29', 'language', 'fail', { ...dutch, days: 30 }],
  [nl('machine'), 'language=nl', 'language', 'fail', dutch],
  [{}, 'language=nl', 'language', 'fail', dutch],
  [nl('unknown'), 'language=nl', 'language', 'unknown', dutch],
  [{ languages: undefined }, 'language=nl', 'language', 'unknown', { ...dutch, ...UNVERIFIED }],
  [{ languages: undefined, instrument: undefined }, 'language=nl', 'language', 'unknown', { ...dutch, ...UNVERIFIED }],

  [{ licence: { permission: 'notify', fee: 'free' } }, '', 'rights', 'pass'],
  [{ licence: { permission: 'ask', fee: 'free' } }, '', 'rights', 'conditional', { days: 30 }],
  [{ licence: { permission: 'ask', fee: 'free' } }, 'horizonDays=29', 'rights', 'fail', { days: 30 }],
  [{ licence: { fee: 'free' } }, '', 'rights', 'unknown', UNVERIFIED],
  [{ licence: { permission: 'none', fee: 'unknown' } }, '', 'rights', 'unknown'],
  [{ licence: undefined }, '', 'rights', 'unknown', UNVERIFIED],
  [{ licence: { permission: 'none', fee: 'free-non-commercial' } }, '', 'rights', 'conditional'],
  [{ licence: { permission: 'none', fee: 'free-non-commercial' } }, 'purpose=payment', 'rights', 'conditional'],
  [{ licence: { permission: 'none', fee: 'free-non-commercial' } }, 'purpose=improvement', 'rights', 'pass'],
  [paid(900), '', 'rights', 'not-asked', { basis: 'documented' }],
  [paid(900), 'budget=0', 'rights', 'fail', EUR_900],
  [paid(900), 'budget=899.99', 'rights', 'fail', EUR_900],
  [paid(900), 'budget=900&currency=USD', 'rights', 'unknown', EUR_900],
  [paid(900), 'budget=900', 'rights', 'conditional', { ...EUR_900, days: 30 }],
  [paid(900), 'budget=9e2&horizonDays=0', 'rights', 'fail', { ...EUR_900, days: 30 }],
  [paid(), 'budget=0', 'rights', 'fail'],
  [paid(), 'budget=1', 'rights', 'unknown'],
  [
    { licence: { permission: 'unknown', fee: 'paid', amount: 900, currency: 'EUR' } },
    'budget=1000',
    'rights',
    'unknown',
    {
      ...EUR_900,
      days: 30
    }
  ],

  [RECORDS, 'minutes=1', 'burden', 'not-applicable'],
  [{}, '', 'burden', 'not-asked'],
  [{}, 'minutes=10', 'burden', 'pass'],
  [{}, 'minutes=9.5', 'burden', 'fail'],
  [{ instrument: { name: 'A questionnaire' } }, 'minutes=10', 'burden', 'unknown', UNVERIFIED],

  [{}, '', 'fit', 'not-asked'],
  [{}, 'setting=hospital,primary-care', 'fit', 'pass', setting],
  [{ settings: ['whole-population'] }, 'setting=hospital', 'fit', 'conditional', setting],
  [{}, 'setting=hospital', 'fit', 'fail', setting],
  [{ settings: undefined }, 'setting=hospital', 'fit', 'unknown', { ...setting, ...UNVERIFIED }],
  [{}, 'forPopulation=adults,older-adults', 'fit', 'pass', population],
  [{}, 'forPopulation=children', 'fit', 'fail', population],
  [{ populations: undefined }, 'forPopulation=children', 'fit', 'unknown', { ...population, ...UNVERIFIED }],
  [{ conditions: ['chronic-condition'] }, 'forCondition=copd,stroke', 'fit', 'pass', condition],
  [{}, 'forCondition=copd', 'fit', 'fail', condition],
  [{ conditions: undefined }, 'forCondition=copd', 'fit', 'unknown', { ...condition, ...UNVERIFIED }],

  [{ populations: ['professionals', 'teams'] }, 'populationSize=1', 'size', 'not-applicable'],
  [{}, '', 'size', 'not-asked'],
  [{}, 'populationSize=100', 'size', 'pass'],
  [{}, 'populationSize=99', 'size', 'conditional'],
  [{}, 'populationSize=29', 'size', 'fail'],

  [{ populations: ['organisations'] }, 'stratifier=religion', 'stratifiable', 'not-applicable'],
  [{}, '', 'stratifiable', 'not-asked'],
  [splits('unavailable', 'available'), 'stratifier=religion', 'stratifiable', 'pass', religion],
  [splits('partial', 'unknown'), 'stratifier=religion', 'stratifiable', 'conditional', religion],
  [splits('unavailable'), 'stratifier=religion', 'stratifiable', 'fail', religion],
  [splits('unknown'), 'stratifier=religion', 'stratifiable', 'unknown', religion],
  [{}, 'stratifier=religion', 'stratifiable', 'unknown', religion],

  [{ direction: 'within-range' }, 'purpose=payment', 'interpretable', 'pass'],
  [{ direction: 'no-judgement' }, 'purpose=improvement', 'interpretable', 'conditional'],
  [{ direction: 'no-judgement' }, 'purpose=payment', 'interpretable', 'fail'],
  [{ direction: undefined }, 'purpose=research', 'interpretable', 'unknown', { ...ADVICE, ...UNVERIFIED }],
  [{ direction: undefined }, 'purpose=public-reporting', 'interpretable', 'unknown', UNVERIFIED],

  [{}, '', 'rules', 'not-asked'],
  [places('BE'), 'jurisdiction=BE', 'rules', 'pass', place('BE')],
  [places('BE'), 'jurisdiction=BE-VLG', 'rules', 'pass', place('BE-VLG')],
  [places('BE-VLG'), 'jurisdiction=BE', 'rules', 'pass', place('BE')],
  [places('EU'), 'jurisdiction=BE', 'rules', 'pass', place('BE')],
  [places('BE'), 'jurisdiction=EU', 'rules', 'pass', place('EU')],
  [places('BE'), 'jurisdiction=001', 'rules', 'pass', place('001')],
  [{ jurisdictions: undefined }, 'jurisdiction=NL', 'rules', 'pass', place('NL')],
  [places('US'), 'jurisdiction=BE', 'rules', 'conditional', { ...place('BE'), days: 60 }],
  [places('US'), 'jurisdiction=BE&horizonDays=59', 'rules', 'fail', { ...place('BE'), days: 60 }],
  [{ ...places(), jurisdictions: undefined }, 'jurisdiction=NL', 'rules', 'unknown', place('NL')],

  [{}, '', 'steward', 'pass'],
  [{}, 'asOf=2029-12-31', 'steward', 'pass'],
  [{}, 'asOf=2030-01-01', 'steward', 'unknown', ADVICE],
  [{ use: old, nextReviewDue: '2026-01-31' }, '', 'steward', 'pass'],
  [{ use: old, nextReviewDue: '2025-12-31' }, '', 'steward', 'unknown', ADVICE],
  [{ use: undefined }, '', 'steward', 'unknown', ADVICE],
  [{ development: { year: 2001 }, use: undefined }, '', 'steward', 'unknown', { ...ADVICE, ...UNVERIFIED }]
]

/** Everything else lets the measure through: its verdict follows from the one outcome. */
function verdictOf({ gate, outcome, blocks, days }: GateAnswer): string {
  if (outcome === 'fail') return gate === 'sound' && days ? 'ready-for-trial' : 'not-ready'
  if (outcome === 'unknown') return blocks ? 'cannot-tell' : 'ready-with-conditions'
  return outcome === 'conditional' ? 'ready-with-conditions' : 'ready-now'
}

const UNTESTED: Patch = { testing: { validity: 'untested', reliability: 'untested' }, use: TRIED }
const VERDICTS: readonly (readonly [patch: Patch, query: string, verdict: string])[] = [
  [{}, '', 'ready-now'],
  [{}, 'data=survey&language=en&minutes=10&setting=primary-care&populationSize=100&stratifier=age&jurisdiction=NL', 'ready-now'],
  [paid(), '', 'ready-now'],
  [{ direction: undefined, development: undefined }, 'populationSize=50', 'ready-with-conditions'],
  [{ ...UNTESTED, use: undefined }, '', 'ready-for-trial'],
  [UNTESTED, 'language=en&populationSize=50', 'ready-for-trial'],
  [{ ...UNTESTED, licence: undefined, settings: undefined }, 'setting=hospital', 'ready-for-trial'],
  [UNTESTED, 'language=fr', 'not-ready'],
  [{ ...UNTESTED, testing: { validity: 'untested', reliability: 'negative' } }, '', 'not-ready'],
  [{ licence: undefined }, 'populationSize=50', 'cannot-tell'],
  [{ licence: undefined }, 'language=fr', 'not-ready'],
  [{ direction: undefined }, 'purpose=payment', 'cannot-tell'],
  [{ direction: 'no-judgement' }, 'purpose=public-reporting', 'not-ready'],
  [nl('translated'), 'language=nl&horizonDays=30', 'ready-with-conditions'],
  [nl('translated'), 'language=nl&horizonDays=29', 'not-ready'],
  [{ ...UNTESTED, ...nl('translated') }, 'language=nl&horizonDays=29', 'not-ready']
]

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip }, async (t) => {
    const registry = await openRegistry(engine, { catalogue: 'empty' })
    t.teardown(registry.close)
    const read = readerOf(registry)
    const contents = {
      ...byRow('gate', GATES),
      ...byRow('verdict', VERDICTS),
      retired: ready()
    }
    await putMeasures(registry, contents)
    await retire(registry, 'retired')

    await t.test('every outcome of every gate', async (t) => {
      for (const [i, row] of GATES.entries()) {
        const [patch, query, gate, outcome, rest = {}] = row
        const answer = await read(`gate-${i}`, query)
        const name = `${gate} ${outcome}: ${JSON.stringify(patch)} ${query}`
        const [found, ...others] = answer.gates.filter((each) => each.gate === gate)
        const { because, closesWith, ...facts } = found!
        const stands = outcome === 'fail' || outcome === 'unknown'
        const basis = outcome === 'not-asked' || outcome === 'not-applicable' ? {} : { basis: 'documented' }
        t.strictSame(facts, { gate, outcome, blocks: stands, ...basis, ...rest }, name)
        t.match(because, SENTENCE, name)
        t.equal(closesWith !== undefined, stands || outcome === 'conditional', `${name} closes`)
        if (closesWith !== undefined) t.match(closesWith, SENTENCE, name)
        t.same(others, [], name)
        t.equal(answer.verdict, verdictOf(found!), name)
        t.equal(answer.basis, Object.values(rest).includes('unverified') ? 'unverified' : 'documented', name)
        t.same([...new Set(answer.gates.map((each) => each.gate))], GATE_IDS, 'all gates, in their order')
      }
    })

    await t.test('a measure that was retired stands in its own way', async (t) => {
      const answer = await read('retired', '')
      t.match(answer, { verdict: 'not-ready', gates: [{ gate: 'specified' }] })
      t.match(answer.gates.at(-1), { gate: 'steward', outcome: 'fail', blocks: true, closesWith: SENTENCE, basis: 'documented' })
    })

    await t.test('the table has every outcome', async (t) => {
      const made = new Set(GATES.map(([, , gate, outcome]) => `${gate} ${outcome}`)).add('steward fail')
      const impossible = Object.entries({
        specified: ['conditional', 'not-asked', 'not-applicable'],
        sound: ['not-asked', 'not-applicable'],
        data: ['not-applicable'],
        rights: ['not-applicable'],
        burden: ['conditional'],
        fit: ['not-applicable'],
        size: ['unknown'],
        interpretable: ['not-asked', 'not-applicable'],
        rules: ['not-applicable'],
        steward: ['conditional', 'not-asked', 'not-applicable']
      }).flatMap(([gate, outcomes]) => outcomes.map((outcome) => `${gate} ${outcome}`))
      const all = GATE_IDS.flatMap((gate) => OUTCOMES.map((outcome) => `${gate} ${outcome}`))
      t.same([...made, ...impossible].sort(), all.sort())
    })

    await t.test('the order of the verdict', async (t) => {
      for (const [i, [patch, query, verdict]] of VERDICTS.entries())
        t.equal((await read(`verdict-${i}`, query)).verdict, verdict, `${JSON.stringify(patch)} ${query}`)
    })

    await t.test('nothing is assumed', async (t) => {
      const { items, context } = (await registry.send('GET', '/v1/readiness?limit=1000&status=active,retired')).json()
      t.strictSame(context, { horizonDays: 90, asOf: '2026-11-24' })
      t.equal(items.length, Object.keys(contents).length)
      const asked = (items as ReadinessAnswer[]).flatMap(({ gates }) =>
        gates.filter(({ outcome }) => outcome !== 'not-asked' && outcome !== 'not-applicable').map(({ gate }) => gate)
      )
      t.same(new Set(asked), new Set(['specified', 'sound', 'rights', 'interpretable', 'steward']))
      t.ok((items as ReadinessAnswer[]).every(({ gates }) => gates.every(({ because }) => SENTENCE.test(because))))
    })

    await t.test('some of the people will do, and who is left out is said', async (t) => {
      const { gates, verdict } = await read('verdict-0', 'forPopulation=adults,children')
      t.equal(verdict, 'ready-now')
      t.match(gates.find(({ gate }) => gate === 'fit')!, { outcome: 'pass', blocks: false, because: /children/, closesWith: /children/ })
    })

    await t.test('what is asked side by side is answered side by side', async (t) => {
      const { gates, verdict } = await read(
        'verdict-0',
        'language=en,nl&stratifier=age,religion&jurisdiction=NL,US&setting=hospital&forCondition=diabetes'
      )
      const told = gates.filter((each) => each['language'] ?? each['dimension'] ?? each['jurisdiction'] ?? each['aspect'])
      t.same(
        told.map((each) => [each['language'] ?? each['dimension'] ?? each['jurisdiction'] ?? each['aspect'], each.outcome]),
        [
          ['en', 'pass'],
          ['nl', 'fail'],
          ['setting', 'fail'],
          ['condition', 'pass'],
          ['age', 'pass'],
          ['religion', 'unknown'],
          ['NL', 'pass'],
          ['US', 'conditional']
        ]
      )
      t.equal(verdict, 'not-ready')
    })
  })
}
