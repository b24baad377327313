import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { GUIDE_FOR_WRITING, TRANSLATION } from '../../src/fhir/extensions.ts'
import { dimensionsNamedIn } from '../../src/fhir/reading.stratifiers.ts'
import { measureFromFhir } from '../../src/fhir/reading.ts'
import { fhirFromMeasure } from '../../src/fhir/writing.ts'
import { validatorOf } from '../../src/json/validator.ts'
import { faultsIn } from '../../src/measures/content.check.ts'
import { MEASURE_SCHEMAS, type Measure, MeasureContent } from '../../src/measures/measure.schema.ts'
import { CODES } from '../../src/vocabularies/codes.ts'
import { loadVocabularies } from '../../src/vocabularies/load.ts'

/** Measures that others published, where somebody has put them beside the project. */
const SAMPLES = join(import.meta.dirname, '../../../shared/data/fhir')

const lists = loadVocabularies()
const judge = validatorOf(
  MeasureContent,
  MEASURE_SCHEMAS.filter((schema) => schema !== MeasureContent)
)

const THO = 'http://terminology.hl7.org/CodeSystem'
const UV = 'http://hl7.org/fhir/uv/cqfmeasures/StructureDefinition/cqfm-'
const CQM = 'http://hl7.org/fhir/uv/cqm/StructureDefinition/cqm-'
const GUIDES = [GUIDE_FOR_WRITING, UV, CQM, 'http://hl7.org/fhir/5.0/StructureDefinition/extension-Measure.group.']

type Members = Record<string, unknown>
const read = (members: Members) => measureFromFhir({ resourceType: 'Measure', title: 'Visits that were planned', ...members }, lists)
const contentOf = (members: Members) => read(members).content
const codes = (notes: readonly { code: string }[]) => notes.map(({ code }) => code)
const coded = (name: string, code: string) => ({ coding: [{ system: `${THO}/${name}`, code }] })
const population = (code: string, rest: Members = {}) => ({ code: coded('measure-population', code), ...rest })
const named = (expression: string) => ({ criteria: { language: 'text/cql-identifier', expression } })
const group = (...populations: Members[]) => [{ population: populations }]

/** Whatever is taken over has to be storable. */
function isSound(t: Pick<Test, 'same'>, { content, errors }: ReturnType<typeof measureFromFhir>, what: string): void {
  if (errors.length > 0) return
  t.same(judge(content), [], `${what}: schema`)
  t.same(faultsIn(content as MeasureContent, lists), [], `${what}: codes`)
}

t.test('what is no Measure of R4 or later is refused by name', async (t) => {
  const criteria = group({ code: coded('measure-population', 'numerator'), criteria: 'Numerator' })
  for (const [resource, code, detail] of [
    [undefined, 'not-a-measure', /not a FHIR resource/],
    [null, 'not-a-measure', /not a FHIR resource/],
    [[], 'not-a-measure', /not a FHIR resource/],
    ['Measure', 'not-a-measure', /not a FHIR resource/],
    [{}, 'not-a-measure', /no resourceType/],
    [{ resourceType: 5 }, 'not-a-measure', /no resourceType/],
    [{ resourceType: 'Library' }, 'not-a-measure', /This is a Library; only Measure resources are measures/],
    [{ resourceType: 'Measure', title: 'A', group: criteria }, 'unsupported-version', /STU3.*criteria/],
    [{ resourceType: 'Measure', title: 'A', supplementalData: [{ criteria: 'SDE Sex' }] }, 'unsupported-version', /criteria/],
    [{ resourceType: 'Measure', title: 'A', group: [{ stratifier: [{ criteria: 'Age' }] }] }, 'unsupported-version', /criteria/],
    [
      { resourceType: 'Measure', title: 'A', library: [{ reference: 'Library/a' }], improvementNotation: 'Higher is better' },
      'unsupported-version',
      /libraries/
    ],
    [
      { resourceType: 'Measure', title: 'A', meta: { profile: ['http://hl7.org/fhir/3.0/StructureDefinition/Measure'] } },
      'unsupported-version',
      /profile/
    ],
    [
      { resourceType: 'Measure', title: 'A', meta: { profile: ['http://hl7.org/fhir/StructureDefinition/Measure|3.0.2'] } },
      'unsupported-version',
      /profile/
    ]
  ] as const) {
    const { content, errors } = measureFromFhir(resource, lists)
    t.match(errors, [{ code, detail }], JSON.stringify(resource))
    t.same(content, {})
  }
  t.same(codes(read({ improvementNotation: 'Higher is better' }).errors), [], 'one slip is not yet an old version')
  const profile = ['http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/proportion-measure-cqfm|3.0.0']
  t.same(codes(read({ meta: { profile } }).errors), [], 'guides count their own versions')
})

t.test('texts are cleaned, and elements close by stand in for those that are missing', async (t) => {
  t.same(contentOf({ title: 'Planned visitsFHIR\n' }).title, 'Planned visits')
  t.same(codes(read({ title: 'Planned visitsFHIR' }).warnings), ['title-suffix'])
  t.match(read({ title: undefined, name: 'PlannedVisits' }), { content: { title: 'PlannedVisits' }, warnings: [{ pointer: '/name' }] })
  t.match(read({ title: ' ', name: null }).errors, [{ code: 'missing', pointer: '/title' }])
  t.match(read({ title: 5 }).errors, [{ code: 'missing' }])
  t.match(contentOf({ description: '<p>R&amp;D</p>', purpose: 'Why', usage: 'How' }), {
    description: 'R&D',
    rationale: 'Why',
    guidance: 'How'
  })
  t.match(contentOf({ rationale: 'Because', purpose: 'Why', guidance: 'Mind', usage: 'How' }), { rationale: 'Because', guidance: 'Mind' })
  t.match(read({ rationale: 'Because', purpose: 'Why' }).warnings.at(-1)?.detail, /purpose/)
  t.same(codes(read({ rationale: 'Same', purpose: 'Same', guidance: 'x', usage: 'x' }).warnings), [], 'nothing is lost')
  for (const nothing of ['N/A', 'none', 'Unknown', 'UNKNOWN.', ' - ', 'TBD']) {
    const { content, warnings } = read({ purpose: nothing, rationale: nothing, guidance: nothing })
    t.same([content.rationale, content.guidance], [undefined, undefined], nothing)
    t.same(
      codes(warnings).filter((code) => code === 'kept-apart'),
      [],
      nothing
    )
  }
  const { content, warnings } = read({ title: `${'x'.repeat(498)}\u{1F469}y`, description: 'd'.repeat(20_001) })
  t.same(codes(warnings), ['shortened', 'shortened'])
  t.ok(content.title?.isWellFormed(), 'a character is never cut in two')
  isSound(t, { ...read({}), content }, 'shortened')
})

t.test('identity and identifiers', async (t) => {
  const { content, identity, warnings } = read({
    url: 'https://example.org/Measure/visits|1.2',
    version: '1.2.003',
    date: '2025-03-01',
    identifier: [
      { system: 'https://example.org/ids', value: ' 7 ' },
      { system: 'https://example.org/ids', value: '7' },
      { type: { coding: [{ code: 'publisher' }] }, value: 'P1' },
      { type: { text: 'CMIT' }, value: '12' },
      { assigner: { display: 'An institute' }, value: 'I' },
      { value: 'loose' },
      { system: 'https://example.org/ids' },
      { value: 'v'.repeat(501) },
      {
        system: 'https://example.org/short',
        value: 'PLV',
        type: { coding: [{ system: `${THO}/artifact-identifier-type`, code: 'short-name' }] }
      }
    ]
  })
  t.same(identity, { url: 'https://example.org/Measure/visits', release: '1.2.003', date: '2025-03-01' })
  t.same(content.identifiers, [
    { system: 'urn:ietf:rfc:3986', value: 'https://example.org/Measure/visits' },
    { system: 'https://example.org/ids', value: '7' },
    { system: 'publisher', value: 'P1' },
    { system: 'CMIT', value: '12' },
    { system: 'An institute', value: 'I' },
    { system: 'unknown', value: 'loose' },
    { system: 'https://example.org/short', value: 'PLV' },
    { system: 'urn:ietf:rfc:3986', value: 'https://example.org/Measure/visits|1.2.003' }
  ])
  t.equal(content.acronym, 'PLV')
  t.same(codes(warnings), ['not-mapped', 'not-mapped', 'version-as-identifier'])
  t.same(read({ url: 'https://example.org/m|2.0.0' }).identity.release, '2.0.0')
  t.same(contentOf({ version: '2.0.0', name: 'Visits', id: 'x' }).identifiers, [{ system: 'Visits version', value: '2.0.0' }])
  t.same(contentOf({ version: '2.0.0', id: 'x' }).identifiers, [{ system: 'x version', value: '2.0.0' }])
  t.same(contentOf({ version: '2.0.0' }).identifiers, undefined, 'a version alone would match every measure')
  t.same(codes(read({ version: '2.0.0', id: 'x' }).warnings), [])
  t.same(codes(read({ url: 5, version: {}, date: [] }).warnings), ['not-mapped', 'not-mapped', 'not-mapped'])
  t.same(
    contentOf({ _title: { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/datatype-short-string', valueString: 'Visits' }] } })
      .shortTitle,
    'Visits'
  )
  t.same(
    contentOf({ identifier: [{ value: 'x'.repeat(61), type: { text: 'Short Name' } }] }).acronym,
    undefined,
    'an acronym that was cut would be none'
  )
})

t.test('type, scoring and direction: at the root, in groups, in extensions of any edition, with systems or without', async (t) => {
  const kind = { types: ['process'], scoring: 'proportion', direction: 'increase' }
  const root = {
    type: [coded('measure-type', 'process')],
    scoring: coded('measure-scoring', 'proportion'),
    improvementNotation: coded('measure-improvement-notation', 'increase')
  }
  const plain = { type: [{ coding: [{ code: 'process' }] }], scoring: { text: 'Proportion' }, improvementNotation: 'increase' }
  const extension = (base: string) =>
    Object.entries(root).map(([name, value]) => ({ url: `${base}${name}`, valueCodeableConcept: [value].flat()[0] }))
  for (const members of [
    root,
    plain,
    { group: [root, root] },
    { ...root, group: [{}, root] },
    ...GUIDES.map((base) => ({ extension: extension(base) })),
    ...GUIDES.map((base) => ({ group: [{ extension: extension(base) }, { extension: extension(base) }] }))
  ])
    t.match(contentOf(members), kind, JSON.stringify(members))

  for (const [type, to] of [
    [{ coding: [{ system: `${THO}/v3-ObservationValue`, code: 'INTERM-OM' }] }, ['intermediate-outcome']],
    [{ coding: [{ system: `${THO}/v3-ObservationValue`, code: 'EXPERIENCE' }] }, ['patient-reported-experience']],
    [{ text: 'Cost/Resource Use' }, ['cost']],
    [{ coding: [{ display: 'Patient Reported Outcome' }] }, ['patient-reported-outcome']],
    [{ coding: [{ system: 'https://example.org/types', code: 'process' }] }, undefined],
    [{ text: 'A process of some kind' }, undefined],
    [7, undefined]
  ] as const)
    t.same(contentOf({ type: [type] }).types, to, JSON.stringify(type))
  t.same(read({ type: [{ text: 'Cost/Resource Use' }] }).classified, ['types'], 'the nearest is not the same')
  t.match(read({ type: [coded('measure-type', 'composite')] }), {
    content: { scoring: 'composite', types: undefined },
    classified: ['scoring']
  })
  t.match(read({ type: [coded('measure-type', 'composite')], scoring: coded('measure-scoring', 'ratio') }), {
    content: { scoring: 'ratio' },
    warnings: [{ code: 'not-mapped' }]
  })
  t.match(contentOf({ scoring: coded('measure-scoring', 'attestation') }), { scoring: 'attestation' })

  const mixed = (...scorings: string[]) => read({ group: scorings.map((scoring) => ({ scoring: coded('measure-scoring', scoring) })) })
  t.match(mixed('ratio', 'cohort'), { content: { scoring: undefined }, warnings: [{ code: 'kept-apart', detail: /ratio, cohort/ }] })
  t.match(mixed('ratio', 'composite'), { content: { scoring: 'composite' } })
})

t.test('populations: the description first, an expression is said to be one', async (t) => {
  const all = Object.entries({
    'initial-population': 'initialPopulation',
    denominator: 'denominator',
    'denominator-exclusion': 'denominatorExclusion',
    'denominator-exception': 'denominatorException',
    numerator: 'numerator',
    'numerator-exclusion': 'numeratorExclusion',
    'measure-population': 'measurePopulation',
    'measure-population-exclusion': 'measurePopulationExclusion',
    'measure-observation': 'measureObservation'
  })
  t.same(
    contentOf({ group: group(...all.map(([code]) => population(code, { description: `All of ${code}` }))) }).specification,
    Object.fromEntries(all.map(([code, name]) => [name, `All of ${code}`]))
  )
  const library = { library: ['https://example.org/Library/visits'] }
  for (const [rest, text] of [
    [{ description: 'People', ...named('Numerator') }, 'People'],
    [{ code: { ...coded('measure-population', 'numerator'), text: 'Planned visits' }, ...named('Numerator') }, 'Planned visits'],
    [{ criteria: { description: 'Visits in a plan', language: 'text/cql', expression: 'x' } }, 'Visits in a plan'],
    [{ criteria: { language: 'text/plain', expression: 'Everyone' } }, 'Everyone'],
    [named('Num'), 'Defined by the expression "Num" (text/cql-identifier) of https://example.org/Library/visits'],
    [{ code: { ...coded('measure-population', 'numerator'), text: 'numerator' }, ...named('Num') }, /^Defined by/],
    [{ description: 'N/A', ...named('Num') }, /^Defined by/],
    [{ criteria: { expression: 'Num' } }, 'Defined by the expression "Num" of https://example.org/Library/visits'],
    [{ description: 5 }, undefined]
  ] as const)
    t.match(contentOf({ ...library, group: group(population('numerator', rest)) }).specification?.numerator, text, JSON.stringify(rest))

  const { warnings } = read({ group: group(population('numerator', named('N')), population('denominator', named('D'))) })
  t.match(warnings, [{ code: 'kept-apart', pointer: '/group/0/population/0', field: 'specification' }])
  t.equal(codes(warnings).filter((code) => code === 'kept-apart').length, 1, 'once per group')

  const other = { code: { coding: [{ system: 'https://example.org', code: 'x' }], text: 'Those left over' }, description: 'x' }
  t.match(read({ group: group(other, {}) }).warnings, [
    { code: 'kept-apart', detail: /"Those left over"/ },
    { code: 'kept-apart', detail: /without a code/ }
  ])
  const observations = ['Days of stay', 'Number of stays', 'Days of stay'].map((description) =>
    population('measure-observation', { description })
  )
  t.equal(contentOf({ group: group(...observations) }).specification?.measureObservation, 'Days of stay\n\nNumber of stays')
})

t.test('several groups keep their titles, and what they count where they differ', async (t) => {
  const counted = (code: string) => ({ extension: [{ url: `${CQM}populationBasis`, valueCode: code }] })
  const one = [population('numerator', { description: 'Planned' })]
  const groups = (...members: Members[]) => contentOf({ group: members.map((each) => ({ population: one, ...each })) }).specification
  t.match(
    groups({ code: { text: 'Adults' } }, { description: 'Children\n' }, { id: 'g3' }, {})?.groups?.map(({ title }) => title),
    ['Adults', 'Children', 'g3', 'Group 4']
  )
  t.match(groups({ ...counted('Encounter') }, { ...counted('Encounter') }), {
    subject: 'encounter',
    groups: [{ subject: undefined }, { subject: undefined }]
  })
  t.match(groups({ ...counted('Encounter') }, { ...counted('Device') }), { groups: [{ subject: 'encounter' }, { subject: 'device' }] })
  const { content, warnings } = read({ group: Array.from({ length: 60 }, () => ({ population: one })) })
  t.equal(content.specification?.groups?.length, 50)
  t.ok(codes(warnings).includes('shortened'))
  const apart = /group\.description/
  t.match(read({ group: [{ code: { text: 'A' }, description: 'More of A' }, {}] }).warnings.at(-1)?.detail, apart)
  t.match(read({ group: [{ description: 'More of it' }] }).warnings.at(-1)?.detail, apart)
  t.same(read({ description: 'All of it', group: [{ description: 'All of it' }] }).warnings, [])
  const basis = { extension: [{ url: `${UV}populationBasis`, valueCode: 'boolean' }] }
  t.match(contentOf({ subjectCodeableConcept: { text: 'Practitioner' }, group: [basis, basis] }).specification, { subject: 'practitioner' })
})

t.test('what is counted, in words', async (t) => {
  const basis = (code: unknown) => ({ extension: [{ url: `${GUIDE_FOR_WRITING}populationBasis`, valueCode: code }] })
  for (const [members, subject] of [
    [basis('boolean'), 'person'],
    [basis('Encounter'), 'encounter'],
    [{ basis: 'EpisodeOfCare' }, 'episode of care'],
    [{ ...basis('boolean'), subjectCodeableConcept: { coding: [{ code: 'Location' }] } }, 'location'],
    [{ subjectCodeableConcept: { coding: [{ system: 'http://hl7.org/fhir/resource-types', code: 'Organization' }] } }, 'organisation'],
    [{ subjectCodeableConcept: { text: 'Households' } }, 'Households'],
    [{ subjectReference: { reference: 'Group/1', display: 'Members of the plan' } }, 'Members of the plan'],
    [basis('Basic'), undefined],
    [{}, undefined],
    [{ subjectCodeableConcept: 'Patient' }, 'person'],
    [{ subjectCodeableConcept: [] }, undefined]
  ] as const)
    t.equal(contentOf(members).specification?.subject, subject, JSON.stringify(members))
})

t.test('unit and risk adjustment; words for nothing are nothing', async (t) => {
  const unit = (code: string) => ({ coding: [{ system: 'http://unitsofmeasure.org', code }] })
  t.equal(contentOf({ scoringUnit: { text: 'per 1000' } }).specification?.unit, 'per 1000')
  t.equal(contentOf({ extension: [{ url: `${CQM}scoringUnit`, valueCodeableConcept: unit('/1000.d') }] }).specification?.unit, '/1000.d')
  t.equal(contentOf({ group: [{ scoringUnit: unit('d') }, { scoringUnit: unit('d') }] }).specification?.unit, 'd')
  t.match(read({ group: [{ scoringUnit: unit('d') }, { scoringUnit: unit('a') }] }), {
    content: { specification: { unit: undefined } },
    warnings: [{ detail: /d, a/ }]
  })
  const factor = (rest: Members) => ({ usage: [coded('measure-data-usage', 'risk-adjustment-factor')], ...rest })
  t.same(
    contentOf({
      riskAdjustment: 'Age and sex',
      group: [
        { extension: [{ url: `${UV}riskAdjustment`, valueString: 'N/A' }] },
        { extension: [{ url: `${UV}riskAdjustment`, valueString: 'Frailty' }] }
      ],
      supplementalData: [factor({ description: 'Frailty' }), factor(named('Prior stays'))]
    }).specification?.riskAdjustment,
    ['Age and sex', 'Frailty', 'Prior stays']
  )
  const { content, warnings } = read({
    riskAdjustment: 'None',
    rateAggregation: 'N/A',
    group: [{ extension: [{ url: `${UV}rateAggregation`, valueString: 'None' }] }]
  })
  t.same([content.specification, codes(warnings)], [undefined, []])
  t.match(read({ rateAggregation: 'Weighted by size' }).warnings, [{ code: 'kept-apart', detail: /rateAggregation/ }])
})

t.test('stratifiers: only where their own words name an equity dimension', async (t) => {
  for (const [text, dimensions] of [
    ['Age Stratifier', ['age']],
    ['Education Level Stratifier', ['education']],
    ['Patients age 13-17', ['age']],
    ['by sex', ['gender-sex']],
    ['Age and sex', ['age', 'gender-sex']],
    ['Race', ['ethnicity-culture']],
    ['Preferred language of the patient', ['language']],
    ['Income quintile', ['socioeconomic']],
    ['Urban/rural', ['place']],
    ['Gestational age', []],
    ['Diabetes education given', []],
    ['Speech and language therapy', []],
    ['Stage of disease', []],
    ['Stratification 1', []],
    ['Payer', []],
    ['', []]
  ] as const)
    t.same(dimensionsNamedIn(text), dimensions, text)
  for (const dimension of CODES['equity-dimension']) t.same(dimensionsNamedIn(dimension.replaceAll('-', ' ')), [dimension], dimension)

  const { content, classified, warnings } = read({
    group: [
      {
        stratifier: [
          { code: { text: 'Age 0 to 17' } },
          { ...named('Age 18 and over') },
          { code: { text: 'Stratum 3' }, ...named('Stratum 3') },
          { component: [{ description: 'Ethnicity' }, { criteria: { language: 'text/cql-identifier', expression: 'Sex' } }] },
          5
        ]
      }
    ],
    supplementalData: [
      { usage: [coded('measure-data-usage', 'supplemental-data')], ...named('SDE Race') },
      { code: { text: 'Sex' } },
      named('SDE Preferred Language'),
      named('SDE Payer'),
      {}
    ]
  })
  t.same(content.stratifiers, [
    { dimension: 'age', coding: 'Age 0 to 17; Age 18 and over', availability: 'available' },
    { dimension: 'ethnicity-culture', coding: 'Ethnicity', availability: 'available' },
    { dimension: 'gender-sex', coding: 'Sex', availability: 'available' },
    {
      dimension: 'language',
      availability: 'partial',
      note: 'Supplemental data: collected with the measure, results split by it are not specified.'
    }
  ])
  t.same(classified, ['stratifiers'])
  t.match(
    warnings.filter(({ code }) => code === 'kept-apart').map(({ detail }) => detail),
    [/Stratum 3/, /SDE Payer/]
  )
})

t.test('stewardship and licence: nothing is invented', async (t) => {
  const { content, classified } = read({
    publisher: ' An\n institute ',
    contact: [
      { name: 'Somebody', telecom: [{ system: 'phone', value: '1' }] },
      {
        telecom: [
          { system: 'email', value: 'measures@example.org' },
          { system: 'url', value: 'https://example.org' }
        ]
      }
    ],
    approvalDate: '2019-03-08',
    copyright: 'Free for non-commercial use',
    copyrightLabel: '© An institute',
    disclaimer: 'As is'
  })
  t.same(content.development, { steward: 'An institute', contact: 'measures@example.org', year: 2019 })
  t.same(content.licence, { copyright: 'Free for non-commercial use', note: 'As is' })
  t.same(classified, ['development.year'])
  t.same(contentOf({ copyrightLabel: '© An institute' }).licence, { copyright: '© An institute' })
  t.match(read({ approvalDate: 'soon', disclaimer: 'x'.repeat(5_001) }).warnings, [{ code: 'not-mapped' }, { code: 'shortened' }])
})

t.test('publications and other measures', async (t) => {
  const artifact = (type: string, rest: Members) => ({ type, ...rest })
  const long = 'y'.repeat(1_100)
  const { content, warnings } = read({
    url: 'https://example.org/Measure/own',
    relatedArtifact: [
      artifact('citation', { citation: 'Doe J. **Planned** visits. [Journal](https://example.org/j). doi:10.1234/ab.c-1.' }),
      artifact('citation', { citation: 'See <a href="https://example.org/p">this</a> &amp; that', url: 'https://doi.org/10.5555/xyz' }),
      artifact('citation', { citation: 'See <a href="https://example.org/p">this</a> &amp; that', url: 'https://doi.org/10.5555/xyz' }),
      artifact('documentation', { display: 'Manual', document: { url: 'https://example.org/manual.pdf' } }),
      artifact('justification', { url: 'not an address', label: long }),
      artifact('citation', {}),
      artifact('predecessor', { resource: 'https://example.org/Measure/old|1.0' }),
      artifact('derived-from', { url: 'https://example.org/indicators/7' }),
      artifact('depends-on', { resource: 'https://example.org/Library/x|2' }),
      artifact('depends-on', { resource: 'https://example.org/Measure/x' }),
      artifact('successor', { resource: 'Measure/relative' }),
      artifact('composed-of', { resource: 'https://example.org/Measure/own|1' }),
      artifact('amends', { resource: 'https://example.org/Measure/z' }),
      5
    ],
    extension: [{ url: `${UV}component`, valueRelatedArtifact: artifact('composed-of', { resource: 'https://example.org/Measure/part' }) }]
  })
  t.same(content.evidence, [
    {
      title: 'Doe J. Planned visits. Journal (https://example.org/j). doi:10.1234/ab.c-1.',
      url: 'https://example.org/j',
      doi: '10.1234/ab.c-1'
    },
    { title: 'See this (https://example.org/p) & that', url: 'https://doi.org/10.5555/xyz', doi: '10.5555/xyz' },
    { title: 'Manual', url: 'https://example.org/manual.pdf' },
    { title: `${long.slice(0, 999)}…` }
  ])
  t.same(content.relations, [
    { kind: 'predecessor', url: 'https://example.org/Measure/old' },
    { kind: 'derived-from', url: 'https://example.org/indicators/7' },
    { kind: 'depends-on', url: 'https://example.org/Measure/x' },
    { kind: 'composed-of', url: 'https://example.org/Measure/part' }
  ])
  t.match(warnings.find(({ field }) => field === 'relations')?.detail, /depends-on, successor, composed-of, amends, without a type/)
  isSound(t, read({ relatedArtifact: Array.from({ length: 250 }, (_, i) => artifact('citation', { citation: `No ${i}` })) }), 'many')
})

t.test('jurisdictions, languages, venues, topics', async (t) => {
  const place = (system: string, code: unknown) => ({ coding: [{ system, code }] })
  const { content, warnings } = read({
    jurisdiction: [
      place('urn:iso:std:iso:3166', 'US'),
      place('', 'us'),
      place('', '001'),
      place('', 'nld'),
      place('urn:iso:std:iso:3166', '056'),
      place('', 'Narnia'),
      { text: 'NL' },
      'gb-eng',
      place('', {}),
      7
    ]
  })
  t.same(content.jurisdictions, ['US', '001', 'NL', 'BE', 'GB-ENG'])
  t.same(codes(warnings), ['not-mapped', 'not-mapped', 'not-mapped'])
  for (const [language, tag, code] of [
    ['en', 'en', undefined],
    ['pt_br', 'pt-BR', 'locale'],
    ['!!', undefined, 'not-mapped'],
    [5, undefined, 'not-mapped'],
    [`en-${Array.from({ length: 9 }, (_, i) => `abcde${i}`).join('-')}`, undefined, 'not-mapped']
  ] as const) {
    const { content, warnings } = read({ language })
    t.equal(content.language, tag, String(language))
    t.equal(warnings[0]?.code, code, String(language))
  }
  const context = (kind: string, value: unknown) => ({ code: { code: kind }, valueCodeableConcept: value })
  const eh = { coding: [{ system: 'http://hl7.org/fhir/uv/cqfmeasures/CodeSystem/intended-venue-codes', code: 'eh' }] }
  const hf = { coding: [{ system: 'http://snomed.info/sct', code: '84114007' }] }
  t.match(read({ useContext: [context('venue', eh)] }), { content: { settings: ['hospital'] }, classified: ['settings'] })
  t.match(read({ useContext: [context('venue', { coding: [{ code: 'ec' }] })] }), {
    content: { settings: undefined },
    warnings: [{ detail: /useContext/ }]
  })
  t.match(read({ topic: [hf], useContext: [context('focus', hf)] }), {
    content: { conditions: ['heart-failure'] },
    classified: ['conditions']
  })
  t.match(read({ topic: [{ coding: [{ system: 'http://loinc.org', code: '57024-2' }] }] }), {
    content: { conditions: undefined },
    warnings: [{ detail: /topic/ }]
  })
})

t.test('data come from records of care where the form of the measure says so, and from nowhere else', async (t) => {
  for (const [members, isEhr] of [
    [{ identifier: [{ system: 'https://madie.cms.gov/measure/cmsId', value: '1' }] }, true],
    [{ meta: { profile: ['http://hl7.org/fhir/uv/cqm/StructureDefinition/cqm-computablemeasure|1.0.0'] } }, true],
    [{ meta: { profile: ['http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/executable-measure-cqfm'] } }, true],
    [{ library: ['https://example.org/Library/x'], group: group(population('numerator', named('N'))) }, true],
    [{ group: group(population('numerator', named('N'))) }, false],
    [{ meta: { profile: ['http://hl7.org/fhir/uv/crmi/StructureDefinition/crmi-shareablemeasure'] } }, false],
    [{}, false]
  ] as const) {
    const { content, classified } = read(members)
    t.equal(content.dataSources?.[0]?.kind, isEhr ? 'ehr' : undefined, JSON.stringify(members))
    t.equal(classified.includes('dataSources'), isEhr)
  }
})

t.test('translations stand beside the text', async (t) => {
  const translation = (lang: unknown, content: unknown) => ({
    url: TRANSLATION,
    extension: [
      { url: 'lang', valueCode: lang },
      { url: 'content', valueString: content }
    ]
  })
  const { content, warnings } = read({
    _title: {
      extension: [
        translation('nl', 'Geplande bezoeken'),
        translation('pt_BR', 'Visitas'),
        translation('__proto__', 'x'),
        translation('nl', 'Nog een')
      ]
    },
    _description: { extension: [translation('nl', 'Beschrijving'), translation('de', 5), translation('fr', ''), 7, null] },
    _guidance: 'no'
  })
  t.same(content.translations, { nl: { title: 'Geplande bezoeken', description: 'Beschrijving' }, 'pt-BR': { title: 'Visitas' } })
  t.same(codes(warnings), ['locale', 'not-mapped', 'not-mapped'])
})

t.test('what no field holds is named, once', async (t) => {
  const { warnings } = read({
    effectivePeriod: { start: '2025' },
    library: ['https://example.org/l'],
    extension: [{ url: 'https://example.org/x' }],
    author: null
  })
  t.same(warnings, [
    {
      code: 'kept-apart',
      pointer: '',
      detail: 'No field holds these elements; they stay in the record as it came: effectivePeriod, library, extension.'
    }
  ])
  t.match(read({ status: 'retired' }).warnings, [{ code: 'kept-apart', pointer: '/status' }])
  t.same(read({ status: 'active', date: '2025', id: 'x', experimental: true, text: { div: '<div/>' } }).warnings, [])
  const many = read({ identifier: Array.from({ length: 500 }, () => ({})) }).warnings
  t.equal(many.length, 101)
  t.match(many.at(-1)?.detail, /400 more/)
})

t.test('members of any type do no harm', async (t) => {
  const values = [
    null,
    5,
    true,
    'text',
    '',
    [],
    [null],
    [[]],
    {},
    { coding: 5 },
    { coding: [null, 5, 'x', {}] },
    [{ coding: {} }],
    { extension: 'x' },
    [{ extension: [5] }]
  ]
  const elements = [
    ...[
      'url',
      'identifier',
      'version',
      'name',
      'description',
      'purpose',
      'usage',
      'copyright',
      'copyrightLabel',
      'disclaimer',
      'rationale',
      'guidance'
    ],
    ...[
      'publisher',
      'contact',
      'approvalDate',
      'date',
      'jurisdiction',
      'language',
      'useContext',
      'topic',
      'relatedArtifact',
      'scoring',
      'type'
    ],
    ...[
      'improvementNotation',
      'riskAdjustment',
      'rateAggregation',
      'scoringUnit',
      'subjectCodeableConcept',
      'subjectReference',
      'basis',
      'meta',
      'library'
    ],
    ...['group', 'supplementalData', 'extension', '_title', '_description', 'status', 'contained']
  ]
  for (const element of elements) for (const value of values) isSound(t, read({ [element]: value }), `${element}: ${JSON.stringify(value)}`)
  for (const element of ['population', 'stratifier', 'code', 'description', 'id', 'extension', 'scoring', 'type'])
    for (const value of values)
      isSound(t, read({ group: [{ [element]: value }, { [element]: [value] }] }), `group.${element}: ${JSON.stringify(value)}`)

  let deep: unknown = 'bottom'
  for (let i = 0; i < 50_000; i++) deep = [deep]
  for (const element of ['title', 'description', 'group', 'identifier', 'scoring', 'relatedArtifact', 'extension', 'contained'])
    t.doesNotThrow(() => read({ [element]: deep }), element)

  const hostile = JSON.parse(
    '{"resourceType":"Measure","title":"A","__proto__":{"description":"inherited"},"constructor":{"a":1},"group":[{"__proto__":{"population":[]},"population":[{"code":{"coding":[{"code":"__proto__"}]},"description":"x"}]}],"type":[{"coding":[{"system":"__proto__","code":"constructor"}]}],"language":"constructor"}'
  )
  const { content, warnings } = measureFromFhir(hostile, lists)
  t.same(content, { title: 'A' })
  t.match(warnings.at(-1)?.detail, /__proto__/)
  t.equal(({} as Record<string, unknown>)['description'], undefined)
})

t.test('whatever JSON it is, reading it never throws', async () => {
  const elements = [
    'title',
    'name',
    'url',
    'version',
    'identifier',
    'group',
    'type',
    'scoring',
    'relatedArtifact',
    'supplementalData',
    'extension',
    '_title',
    'library'
  ]
  fc.assert(fc.property(fc.jsonValue(), (value) => Array.isArray(measureFromFhir(value, lists).warnings)))
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...elements), fc.jsonValue({ maxDepth: 5 })), (members) => {
      const { content, errors } = read(members as Members)
      return errors.length > 0 || judge(content).length === 0
    })
  )
  // The same with the names of elements at every depth, which gets further than names of chance.
  const names = fc.constantFrom(
    'coding',
    'code',
    'system',
    'display',
    'text',
    'extension',
    'url',
    'valueString',
    'valueCodeableConcept',
    'population',
    'stratifier',
    'component',
    'criteria',
    'expression',
    'language',
    'description',
    'type',
    'value',
    'usage',
    'resource',
    'citation'
  )
  const words = fc.constantFrom(
    'numerator',
    'process',
    'short-name',
    'Age',
    'SDE Sex',
    'citation',
    'composed-of',
    'https://example.org/Measure/a',
    `${UV}scoring`,
    'text/plain',
    'x'
  )
  const { node } = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      words,
      fc.integer(),
      fc.constant(null),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(names, tie('node'), { maxKeys: 5 })
    )
  }))
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...elements), node), (members) => {
      const { content, errors } = read(members as Members)
      return errors.length > 0 || (judge(content).length === 0 && faultsIn(content as MeasureContent, lists).length === 0)
    }),
    { numRuns: 500 }
  )
})

const skip = existsSync(SAMPLES) ? false : 'There are no published measures beside the project.'
t.test('measures that others published are read, fit the schema and come back as they were', { skip }, async (t) => {
  const files = globSync('**/*.json', { cwd: SAMPLES }).sort()
  const refused: string[] = []
  for (const file of files) {
    const resource = JSON.parse(readFileSync(join(SAMPLES, file), 'utf8'))
    const reading = measureFromFhir(resource, lists)
    if (reading.errors.length > 0) refused.push(...codes(reading.errors))
    else {
      isSound(t, reading, file)
      const record = { id: 'a-measure', canonicalUrl: 'https://example.org/measures/a-measure', status: 'active' }
      t.strictSame(fhirFromMeasure({ ...record, ...reading.content } as Measure, resource, lists), resource, file)
    }
  }
  t.ok(refused.length < files.length / 4, `${files.length} files, of which were refused: ${refused.join(', ')}`)
})

t.test('a code that is called by the name of another is neither', async (t) => {
  const notation = (code: string, display: string) => ({
    resourceType: 'Measure',
    title: 'T',
    improvementNotation: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/measure-improvement-notation', code, display }] }
  })
  const { content, warnings } = measureFromFhir(notation('decrease', 'increase'), lists)
  t.notOk('direction' in content)
  t.match(warnings, [{ code: 'not-mapped', field: 'direction', detail: /neither/ }])
  t.equal(measureFromFhir(notation('decrease', 'Lower is better'), lists).content.direction, 'decrease')
})
