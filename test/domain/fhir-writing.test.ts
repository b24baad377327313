import fc from 'fast-check'
import t from 'tap'
import { TRANSLATION } from '../../src/fhir/extensions.ts'
import { measureFromFhir } from '../../src/fhir/reading.ts'
import { computableName } from '../../src/fhir/writing.fresh.ts'
import { fhirFromMeasure } from '../../src/fhir/writing.ts'
import type { Measure, MeasureContent } from '../../src/measures/measure.schema.ts'
import { CODES } from '../../src/vocabularies/codes.ts'
import { loadVocabularies } from '../../src/vocabularies/load.ts'

const lists = loadVocabularies()
type Resource = Record<string, unknown>

const THO = 'http://terminology.hl7.org/CodeSystem'
const CQFM = 'http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/cqfm-'
const coded = (name: string, code: string) => ({ coding: [{ system: `${THO}/${name}`, code }] })

/** A measure of the registry with this content. */
const measureOf = (content: Partial<MeasureContent>): Measure =>
  ({
    id: 'planned-visits',
    canonicalUrl: 'https://registry.example.org/measures/planned-visits',
    version: '1.2.0',
    status: 'active',
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-02T00:00:00.000Z',
    publishedAt: '2026-01-03T00:00:00.000Z',
    title: 'Planned visits',
    ...content
  }) as Measure

const fresh = (content: Partial<MeasureContent>) => fhirFromMeasure(measureOf(content), undefined, lists)
const imported = (resource: Resource) => measureFromFhir(resource, lists).content
/** The resource after somebody has changed what was imported from it. */
const edited = (kept: Resource, change: Partial<Record<keyof MeasureContent | 'status', unknown>>) =>
  fhirFromMeasure(measureOf({ ...imported(kept), ...change } as Partial<MeasureContent>), kept, lists)

t.test('a measure that was made here becomes a Measure of R4', async (t) => {
  const resource = fresh({
    shortTitle: 'Visits',
    acronym: 'PLV',
    language: 'en',
    description: 'Visits that were planned',
    rationale: 'Plans help',
    guidance: 'Mind the dates',
    identifiers: [
      { system: 'https://example.org/ids', value: '7' },
      { system: 'CMIT', value: '12' },
      { system: 'urn:ietf:rfc:3986', value: 'https://registry.example.org/measures/planned-visits|1.0.0' }
    ],
    types: ['process', 'cost', 'balancing'],
    scoring: 'proportion',
    direction: 'decrease',
    specification: { subject: 'Encounter', denominator: 'All visits', numerator: 'Planned visits', unit: '%', riskAdjustment: ['Age'] },
    stratifiers: [
      { dimension: 'age', coding: 'Bands of ten years', availability: 'available' },
      { dimension: 'language', availability: 'unavailable' }
    ],
    jurisdictions: ['NL', 'GB-ENG', '001'],
    development: { steward: 'An institute', contact: 'mail@example.org' },
    licence: { copyright: '© An institute', note: 'As is' },
    evidence: [
      { title: 'A study', doi: '10.1234/x', url: 'https://example.org/study' },
      { title: 'Another', doi: '10.1234/y' }
    ],
    relations: [
      { kind: 'predecessor', measure: 'visits' },
      { kind: 'derived-from', url: 'https://example.org/Measure/visits' },
      { kind: 'competing', measure: 'other-visits' }
    ],
    translations: { nl: { title: 'Geplande bezoeken', description: 'Bezoeken', plainSummary: 'Kort' } }
  })
  t.strictSame(resource, {
    resourceType: 'Measure',
    id: 'planned-visits',
    language: 'en',
    extension: [
      { url: `${CQFM}populationBasis`, valueCode: 'Encounter' },
      { url: `${CQFM}scoringUnit`, valueCodeableConcept: { text: '%' } }
    ],
    url: 'https://registry.example.org/measures/planned-visits',
    identifier: [
      {
        type: { coding: [{ system: `${THO}/artifact-identifier-type`, code: 'short-name', display: 'Short Name' }] },
        value: 'PLV'
      },
      { system: 'https://example.org/ids', value: '7' },
      { type: { text: 'CMIT' }, value: '12' }
    ],
    version: '1.2.0',
    name: 'PlannedVisits',
    title: 'Planned visits',
    _title: {
      extension: [
        { url: 'http://hl7.org/fhir/StructureDefinition/datatype-short-string', valueString: 'Visits' },
        {
          url: TRANSLATION,
          extension: [
            { url: 'lang', valueCode: 'nl' },
            { url: 'content', valueString: 'Geplande bezoeken' }
          ]
        }
      ]
    },
    status: 'active',
    date: '2026-01-03T00:00:00.000Z',
    publisher: 'An institute',
    contact: [{ telecom: [{ system: 'email', value: 'mail@example.org' }] }],
    description: 'Visits that were planned',
    _description: {
      extension: [
        {
          url: TRANSLATION,
          extension: [
            { url: 'lang', valueCode: 'nl' },
            { url: 'content', valueMarkdown: 'Bezoeken' }
          ]
        }
      ]
    },
    jurisdiction: [
      { coding: [{ system: 'urn:iso:std:iso:3166', code: 'NL' }] },
      { coding: [{ system: 'urn:iso:std:iso:3166:-2', code: 'GB-ENG' }] },
      { coding: [{ system: 'http://unstats.un.org/unsd/methods/m49/m49.htm', code: '001' }] }
    ],
    copyright: '© An institute',
    relatedArtifact: [
      { type: 'citation', citation: 'A study doi:10.1234/x', url: 'https://example.org/study' },
      { type: 'citation', citation: 'Another', url: 'https://doi.org/10.1234/y' },
      { type: 'predecessor', resource: 'https://registry.example.org/measures/visits' },
      { type: 'derived-from', resource: 'https://example.org/Measure/visits' }
    ],
    disclaimer: 'As is',
    scoring: { coding: [{ system: `${THO}/measure-scoring`, code: 'proportion', display: 'Proportion' }] },
    type: [{ coding: [{ system: `${THO}/measure-type`, code: 'process', display: 'Process' }] }, { text: 'Cost' }, { text: 'Balancing' }],
    rationale: 'Plans help',
    improvementNotation: {
      coding: [{ system: `${THO}/measure-improvement-notation`, code: 'decrease', display: 'Decreased score indicates improvement' }]
    },
    guidance: 'Mind the dates',
    group: [
      {
        population: [
          {
            code: { coding: [{ system: `${THO}/measure-population`, code: 'denominator', display: 'Denominator' }] },
            description: 'All visits',
            criteria: { language: 'text/plain', expression: 'All visits' }
          },
          {
            code: { coding: [{ system: `${THO}/measure-population`, code: 'numerator', display: 'Numerator' }] },
            description: 'Planned visits',
            criteria: { language: 'text/plain', expression: 'Planned visits' }
          }
        ],
        stratifier: [{ code: { text: 'age' }, description: 'Bands of ten years' }]
      }
    ],
    supplementalData: [
      {
        usage: [{ coding: [{ system: `${THO}/measure-data-usage`, code: 'risk-adjustment-factor' }] }],
        description: 'Age',
        criteria: { language: 'text/plain', expression: 'Age' }
      }
    ]
  })
  t.strictSame(fresh({}), {
    resourceType: 'Measure',
    id: 'planned-visits',
    url: 'https://registry.example.org/measures/planned-visits',
    version: '1.2.0',
    name: 'PlannedVisits',
    title: 'Planned visits',
    status: 'active',
    date: '2026-01-03T00:00:00.000Z'
  })
})

t.test('what is written is read again as it was', async (t) => {
  for (const content of [
    ...CODES['measure-type'].map((type) => ({ types: [type] })),
    ...CODES.scoring.map((scoring) => ({ scoring })),
    { direction: 'increase' },
    { specification: { subject: 'person', numerator: 'Those seen' } },
    { specification: { subject: 'encounter', measurePopulation: 'All', measureObservation: 'Days', measurePopulationExclusion: 'Some' } },
    {
      specification: { subject: 'Households in the area', unit: 'per 1000', initialPopulation: 'All', riskAdjustment: ['Age', 'Frailty'] }
    },
    {
      specification: {
        groups: [
          { title: 'Adults', subject: 'device', numerator: 'A' },
          { title: 'Children', subject: 'encounter', numerator: 'B' }
        ]
      }
    },
    { jurisdictions: ['NL', 'GB-ENG', '001'] },
    {
      evidence: [
        { title: 'A study', url: 'https://example.org/s' },
        { title: 'B doi:10.1234/x', doi: '10.1234/x', url: 'https://example.org/t' }
      ]
    },
    { relations: [{ kind: 'composed-of', url: 'https://example.org/Measure/a' }] },
    { translations: { nl: { title: 'T', description: 'D', rationale: 'R', guidance: 'G' } } },
    { development: { steward: 'S', contact: 'https://example.org' }, licence: { copyright: 'C', note: 'N' } },
    { shortTitle: 'Short', language: 'pt-BR' }
  ] as Partial<MeasureContent>[]) {
    const back = imported(fresh(content))
    t.same(Object.fromEntries(Object.keys(content).map((field) => [field, back[field]])), content, JSON.stringify(content))
  }
  for (const dimension of CODES['equity-dimension']) {
    const { stratifiers } = imported(fresh({ specification: { numerator: 'A' }, stratifiers: [{ dimension, availability: 'available' }] }))
    t.match(stratifiers, [{ dimension, availability: 'available' }], dimension)
  }
})

t.test('what R4 has no place for is left out, and forms are those of FHIR', async (t) => {
  t.same(fresh({ direction: 'within-range' })['improvementNotation'], undefined)
  t.same(fresh({ development: { contact: 'The secretary' } })['contact'], [{ name: 'The secretary' }])
  t.same(fhirFromMeasure({ ...measureOf({}), id: 'x'.repeat(70) }, undefined, lists)['id'], undefined)
  const draft = measureOf({})
  const { version: _, publishedAt: _at, ...unpublished } = draft
  t.match(fhirFromMeasure({ ...unpublished, status: 'draft' }, undefined, lists), {
    status: 'draft',
    version: undefined,
    date: '2026-01-02T00:00:00.000Z'
  })
  t.same(fresh({ acronym: 'A1', identifiers: [{ system: 'https://example.org', value: 'A1' }] })['identifier'], [
    {
      type: { coding: [{ system: `${THO}/artifact-identifier-type`, code: 'short-name', display: 'Short Name' }] },
      system: 'https://example.org',
      value: 'A1'
    }
  ])
  for (const [title, name] of [
    ['Planned visits (2nd edition)', 'PlannedVisits2ndEdition'],
    ['Größe und Zahl', 'GroesseUndZahl'],
    ['30-day readmission', 'Measure30DayReadmission'],
    ['訪問', 'PlannedVisits'],
    ['x'.repeat(400), `X${'x'.repeat(254)}`]
  ] as const) {
    t.equal(computableName({ title, id: 'planned-visits' }), name)
    t.match(name, /^[A-Z]([A-Za-z0-9_]){0,254}$/)
  }
})

/** A resource with something in every place that is read, in a shape of its own. */
const KEPT: Resource = {
  resourceType: 'Measure',
  id: 'visits',
  extension: [
    { url: `${CQFM}populationBasis`, valueCode: 'Encounter' },
    { url: 'https://example.org/own', valueString: 'own' }
  ],
  url: 'https://example.org/Measure/visits',
  identifier: [
    { use: 'official', system: 'https://example.org/ids', value: '7' },
    { type: coded('artifact-identifier-type', 'short-name'), system: 'https://example.org/short', value: 'PLV' }
  ],
  version: '0.1.002',
  title: 'Planned visitsFHIR',
  _title: {
    extension: [
      {
        url: TRANSLATION,
        extension: [
          { url: 'lang', valueCode: 'nl' },
          { url: 'content', valueString: 'Bezoeken' }
        ]
      }
    ]
  },
  status: 'active',
  publisher: 'An institute',
  contact: [
    {
      name: 'Desk',
      telecom: [
        { system: 'phone', value: '1' },
        { system: 'url', value: 'https://example.org' }
      ]
    }
  ],
  description: 'Visits &amp; calls ',
  purpose: 'To plan',
  jurisdiction: [{ coding: [{ system: 'urn:iso:std:iso:3166', code: 'US', display: 'USA' }] }],
  copyrightLabel: '© An institute',
  disclaimer: 'As is',
  library: ['https://example.org/Library/visits'],
  relatedArtifact: [
    { type: 'documentation', display: 'Manual', document: { url: 'https://example.org/manual' } },
    { type: 'predecessor', resource: 'https://example.org/Measure/old|1' }
  ],
  group: [
    {
      id: 'g1',
      extension: [
        { url: `${CQFM}scoring`, valueCodeableConcept: coded('measure-scoring', 'proportion') },
        { url: `${CQFM}type`, valueCodeableConcept: coded('measure-type', 'process') },
        { url: `${CQFM}improvementNotation`, valueCodeableConcept: coded('measure-improvement-notation', 'increase') }
      ],
      code: { text: 'Adults' },
      population: [
        {
          id: 'n1',
          code: coded('measure-population', 'numerator'),
          description: 'Planned',
          criteria: { language: 'text/cql-identifier', expression: 'Num' }
        },
        { id: 'd1', code: coded('measure-population', 'denominator'), criteria: { language: 'text/cql-identifier', expression: 'Den' } }
      ],
      stratifier: [{ id: 's1', criteria: { language: 'text/cql-identifier', expression: 'Age Stratifier' } }]
    },
    {
      id: 'g2',
      extension: [{ url: `${CQFM}scoring`, valueCodeableConcept: coded('measure-scoring', 'proportion') }],
      description: 'Children',
      population: [
        { id: 'n2', code: coded('measure-population', 'numerator'), criteria: { language: 'text/plain', expression: 'Planned for them' } }
      ]
    }
  ],
  supplementalData: [
    { id: 'sex', criteria: { language: 'text/cql-identifier', expression: 'SDE Sex' } },
    {
      id: 'risk',
      usage: [coded('measure-data-usage', 'risk-adjustment-factor')],
      criteria: { language: 'text/cql-identifier', expression: 'Frailty' }
    }
  ]
}

/** The resource with some places replaced. */
const kept = (change: Resource) => ({ ...KEPT, ...change })
const groups = KEPT['group'] as Resource[]
const parts = (of: Resource, name: string) => of[name] as Resource[]

t.test('what was imported and not edited comes back as it came', async (t) => {
  t.strictSame(edited(KEPT, {}), KEPT)
  t.strictSame(
    edited(KEPT, { plainSummary: 'x', domains: ['access'], aims: ['equity'], changeNote: 'y' }),
    KEPT,
    'FHIR has no place for these'
  )
})

t.test('only the element whose field was edited is written over', async (t) => {
  const was = imported(KEPT)
  const specification = was.specification!
  const [adults, children] = specification.groups!
  const inGroup = (i: number, change: Resource) => ({ group: groups.map((group, j) => (i === j ? { ...group, ...change } : group)) })
  const concept = (name: string, code: string, display: string) => ({ coding: [{ system: `${THO}/${name}`, code, display }] })
  const [n1, d1] = parts(groups[0]!, 'population')
  const cases: [Partial<Record<keyof MeasureContent | 'status', unknown>>, Resource][] = [
    [{ title: 'Visits in a plan' }, { title: 'Visits in a plan' }],
    [{ description: 'Visits' }, { description: 'Visits' }],
    [{ description: undefined }, (({ description: _, ...rest }) => rest)(KEPT)],
    [{ rationale: 'Plans help' }, { rationale: 'Plans help' }],
    [{ guidance: 'Mind' }, { guidance: 'Mind' }],
    [{ language: 'nl' }, { language: 'nl' }],
    [{ status: 'retired' }, { status: 'retired' }],
    [{ development: { ...was.development, steward: 'Another' } }, { publisher: 'Another' }],
    [
      { development: { ...was.development, contact: 'a@example.org' } },
      {
        contact: [{ name: 'Desk', telecom: [{ system: 'phone', value: '1' }] }, { telecom: [{ system: 'email', value: 'a@example.org' }] }]
      }
    ],
    [{ licence: { copyright: '© Another', note: 'As is' } }, { copyrightLabel: '© Another' }],
    [{ licence: { copyright: '© An institute' } }, (({ disclaimer: _, ...rest }) => rest)(KEPT)],
    [
      { shortTitle: 'Visits' },
      {
        _title: {
          extension: [
            ...parts(KEPT['_title'] as Resource, 'extension'),
            { url: 'http://hl7.org/fhir/StructureDefinition/datatype-short-string', valueString: 'Visits' }
          ]
        }
      }
    ],
    [
      { acronym: 'PV', identifiers: was.identifiers?.map(({ system, value }) => ({ system, value: value === 'PLV' ? 'PV' : value })) },
      { identifier: [parts(KEPT, 'identifier')[0], { ...parts(KEPT, 'identifier')[1], value: 'PV' }] }
    ],
    [
      { identifiers: [...was.identifiers!, { system: 'CMIT', value: '9' }] },
      { identifier: [...parts(KEPT, 'identifier'), { type: { text: 'CMIT' }, value: '9' }] }
    ],
    [
      { identifiers: was.identifiers?.map((each) => (each.value === '7' ? { ...each, value: '8' } : each)) },
      { identifier: [{ use: 'official', system: 'https://example.org/ids', value: '8' }, parts(KEPT, 'identifier')[1]] }
    ],
    [{ identifiers: was.identifiers?.filter(({ value }) => value !== '7') }, { identifier: [parts(KEPT, 'identifier')[1]] }],
    [
      { jurisdictions: ['US', 'NL'] },
      { jurisdiction: [...parts(KEPT, 'jurisdiction'), { coding: [{ system: 'urn:iso:std:iso:3166', code: 'NL' }] }] }
    ],
    [{ jurisdictions: undefined }, (({ jurisdiction: _, ...rest }) => rest)(KEPT)],
    [
      { evidence: [{ title: 'The manual', url: 'https://example.org/manual' }] },
      {
        relatedArtifact: [
          { type: 'documentation', display: 'Manual', document: { url: 'https://example.org/manual' }, citation: 'The manual' },
          parts(KEPT, 'relatedArtifact')[1]
        ]
      }
    ],
    [{ relations: [] }, { relatedArtifact: [parts(KEPT, 'relatedArtifact')[0]] }],
    [
      { relations: [...was.relations!, { kind: 'composed-of', measure: 'part' }] },
      {
        relatedArtifact: [
          ...parts(KEPT, 'relatedArtifact'),
          { type: 'composed-of', resource: 'https://registry.example.org/measures/part' }
        ]
      }
    ],
    [
      { scoring: 'ratio' },
      {
        group: groups.map((group) => ({
          ...group,
          extension: parts(group, 'extension').map((each) =>
            each['url'] === `${CQFM}scoring` ? { ...each, valueCodeableConcept: concept('measure-scoring', 'ratio', 'Ratio') } : each
          )
        }))
      }
    ],
    [{ types: undefined }, inGroup(0, { extension: parts(groups[0]!, 'extension').filter(({ url }) => url !== `${CQFM}type`) })],
    [{ types: ['process', 'outcome'] }, { type: [concept('measure-type', 'outcome', 'Outcome')] }],
    [{ direction: 'no-judgement' }, inGroup(0, { extension: parts(groups[0]!, 'extension').slice(0, 2) })],
    [
      { specification: { ...specification, groups: [{ ...adults, denominator: 'All visits' }, children] } },
      inGroup(0, { population: [n1, { ...d1, description: 'All visits' }] })
    ],
    [
      { specification: { ...specification, groups: [adults, { ...children, numerator: 'Theirs' }] } },
      inGroup(1, {
        population: [
          {
            id: 'n2',
            code: coded('measure-population', 'numerator'),
            description: 'Theirs',
            criteria: { language: 'text/plain', expression: 'Theirs' }
          }
        ]
      })
    ],
    [
      {
        specification: {
          ...specification,
          groups: [
            { ...adults, title: 'Grown-ups' },
            { ...children, title: 'The young' }
          ]
        }
      },
      {
        group: [
          { ...groups[0], code: { text: 'Grown-ups' } },
          { ...groups[1], description: 'The young' }
        ]
      }
    ],
    [{ specification: { ...specification, groups: [children, adults] } }, {}],
    [{ specification: { ...specification, groups: [children] } }, { group: [groups[1]] }],
    [
      { specification: { ...specification, groups: [{ title: 'Adults', numerator: adults?.['numerator'] }, children] } },
      inGroup(0, { population: [n1] })
    ],
    [
      { specification: { ...specification, groups: [adults, children, { title: 'Both', numerator: 'All' }] } },
      {
        group: [
          ...groups,
          {
            code: { text: 'Both' },
            population: [
              {
                code: concept('measure-population', 'numerator', 'Numerator'),
                description: 'All',
                criteria: { language: 'text/plain', expression: 'All' }
              }
            ]
          }
        ]
      }
    ],
    [
      { specification: { ...specification, subject: 'episode of care' } },
      { extension: [{ url: `${CQFM}populationBasis`, valueCode: 'EpisodeOfCare' }, parts(KEPT, 'extension')[1]] }
    ],
    [{ specification: { ...specification, subject: 'whoever came' } }, {}],
    [
      { specification: { ...specification, unit: '%' } },
      { extension: [...parts(KEPT, 'extension'), { url: `${CQFM}scoringUnit`, valueCodeableConcept: { text: '%' } }] }
    ],
    [
      { specification: { ...specification, riskAdjustment: ['Frailty score'] } },
      { supplementalData: [parts(KEPT, 'supplementalData')[0], { ...parts(KEPT, 'supplementalData')[1], description: 'Frailty score' }] }
    ],
    [{ specification: { ...specification, riskAdjustment: [] } }, { supplementalData: [parts(KEPT, 'supplementalData')[0]] }],
    [{ stratifiers: [] }, { group: [(({ stratifier: _, ...rest }) => rest)(groups[0]!), groups[1]] }],
    [
      { stratifiers: [...was.stratifiers!, { dimension: 'place', coding: 'Postcodes', availability: 'available' }] },
      inGroup(0, { stratifier: [...parts(groups[0]!, 'stratifier'), { code: { text: 'place' }, description: 'Postcodes' }] })
    ],
    [{ translations: {} }, (({ _title, ...rest }) => rest)(KEPT)],
    [
      { translations: { nl: { title: 'Geplande bezoeken' }, de: { description: 'Besuche' } } },
      {
        _title: {
          extension: [
            {
              url: TRANSLATION,
              extension: [
                { url: 'lang', valueCode: 'nl' },
                { url: 'content', valueString: 'Geplande bezoeken' }
              ]
            }
          ]
        },
        _description: {
          extension: [
            {
              url: TRANSLATION,
              extension: [
                { url: 'lang', valueCode: 'de' },
                { url: 'content', valueMarkdown: 'Besuche' }
              ]
            }
          ]
        }
      }
    ]
  ]
  for (const [change, expected] of cases) {
    const label = JSON.stringify(change)
    t.strictSame(edited(KEPT, change), 'resourceType' in expected ? expected : kept(expected), label)
  }
  t.equal(KEPT['title'], 'Planned visitsFHIR', 'the resource that was kept is not touched')
})

t.test('names, subjects and units that were imported in another way', async (t) => {
  const visits = (rest: Resource) => ({ resourceType: 'Measure', title: 'A', ...rest })
  const short = { url: 'http://hl7.org/fhir/StructureDefinition/datatype-short-string', valueString: 'Short' }
  const typed = { type: coded('artifact-identifier-type', 'short-name'), system: 'https://example.org', value: 'PLV' }
  const unit = (text: string) => ({ extension: [{ url: `${CQFM}scoringUnit`, valueCodeableConcept: { text } }] })
  for (const [before, change, after] of [
    [{ _title: { extension: [short] } }, { shortTitle: 'Shorter' }, { _title: { extension: [{ ...short, valueString: 'Shorter' }] } }],
    [{ _title: { extension: [short] } }, { shortTitle: undefined }, {}],
    [
      {},
      { acronym: 'NEW' },
      {
        identifier: [
          { type: { coding: [{ system: `${THO}/artifact-identifier-type`, code: 'short-name', display: 'Short Name' }] }, value: 'NEW' }
        ]
      }
    ],
    [{ identifier: [typed] }, { acronym: undefined }, { identifier: [{ system: 'https://example.org', value: 'PLV' }] }],
    [
      { identifier: [typed] },
      { acronym: 'NEW' },
      {
        identifier: [
          { system: 'https://example.org', value: 'PLV' },
          { type: { coding: [{ system: `${THO}/artifact-identifier-type`, code: 'short-name', display: 'Short Name' }] }, value: 'NEW' }
        ]
      }
    ],
    [{}, { specification: { subject: 'encounter' } }, { extension: [{ url: `${CQFM}populationBasis`, valueCode: 'Encounter' }] }],
    [{}, { specification: { subject: 'Households' } }, { subjectCodeableConcept: { text: 'Households' } }],
    [
      { subjectCodeableConcept: { text: 'Homes' } },
      { specification: { subject: 'encounter' } },
      { subjectCodeableConcept: { text: 'encounter' } }
    ],
    [
      { subjectReference: { display: 'Homes' } },
      { specification: { subject: 'Households' } },
      { subjectReference: { display: 'Households' } }
    ],
    [unit('%'), { specification: { unit: 'per 1000' } }, unit('per 1000')],
    [unit('%'), { specification: {} }, {}],
    [{ riskAdjustment: 'By age' }, { specification: { riskAdjustment: ['By age and sex'] } }, { riskAdjustment: 'By age and sex' }],
    [{ riskAdjustment: 'By age' }, { specification: {} }, {}],
    [{ scoring: { text: 'Ratio' } }, { scoring: undefined }, {}],
    [
      {},
      { scoring: 'attestation' },
      { scoring: { coding: [{ system: `${THO}/measure-scoring`, code: 'attestation', display: 'Attestation' }] } }
    ],
    [{ type: [{ text: 'Process' }] }, { types: ['balancing'] }, { type: [{ text: 'Balancing' }] }],
    [{ relatedArtifact: { type: 'citation', citation: 'A' } }, { evidence: [] }, {}],
    [
      { relatedArtifact: { type: 'citation', citation: 'A' } },
      { relations: [{ kind: 'successor', url: 'https://example.org/m' }] },
      {
        relatedArtifact: [
          { type: 'citation', citation: 'A' },
          { type: 'successor', resource: 'https://example.org/m' }
        ]
      }
    ]
  ] as [Resource, Partial<MeasureContent>, Resource][])
    t.strictSame(edited(visits(before), change), visits(after), JSON.stringify([before, change]))

  const dutch = (content: string) => ({
    url: TRANSLATION,
    extension: [
      { url: 'lang', valueCode: 'nl' },
      { url: 'content', valueString: content }
    ]
  })
  t.strictSame(
    edited(visits({ _title: { extension: [dutch('Een'), short, dutch('Twee')] } }), { translations: { nl: { title: 'Drie' } } }),
    {
      ...visits({ _title: { extension: [dutch('Drie'), short] } })
    }
  )
})

t.test('a reading of what was edited gives what was edited', async (t) => {
  const was = imported(KEPT)
  for (const change of [
    { title: 'Visits in a plan', description: 'Visits' },
    { types: ['outcome', 'process'], direction: 'decrease', scoring: 'cohort' },
    { evidence: [...was.evidence!, { title: 'A study', url: 'https://example.org/s' }] },
    { jurisdictions: ['NL'], language: 'nl' },
    {
      specification: {
        ...was.specification,
        groups: was.specification!.groups!.map((group) => ({ ...group, denominatorExclusion: 'Some' }))
      }
    },
    { translations: { nl: { title: 'Anders', guidance: 'Let op' } } }
  ] as Partial<MeasureContent>[]) {
    const back = imported(edited(KEPT, change))
    for (const field of Object.keys(change)) t.same(back[field], change[field as keyof MeasureContent], field)
  }
  const several = {
    resourceType: 'Measure',
    title: 'A',
    group: {
      population: ['Days', 'Stays'].map((description) => ({ code: coded('measure-population', 'measure-observation'), description }))
    }
  }
  const measureObservation = 'Days per stay'
  t.same(
    imported(edited(several, { specification: { measureObservation } })).specification,
    { measureObservation },
    'of several one text was made'
  )
  t.same(imported(edited(several, { specification: { numerator: 'N', groups: [{ title: 'A' }, { title: 'B' }] } })).specification?.groups, [
    { title: 'A', numerator: 'N' },
    { title: 'B', numerator: 'N' }
  ])
})

t.test('what was kept is no Measure: one is built', async (t) => {
  t.match(fhirFromMeasure(measureOf({}), { resourceType: 'Library' }, lists), { resourceType: 'Measure', title: 'Planned visits' })
})

t.test('whatever was imported comes back as it came', async () => {
  const elements = fc.constantFrom(
    ...Object.keys(KEPT).filter((name) => !['resourceType', 'title'].includes(name)),
    '_description',
    'usage',
    'scoring',
    'type',
    'riskAdjustment'
  )
  fc.assert(
    fc.property(fc.dictionary(elements, fc.jsonValue()), fc.boolean(), (members, isFilled) => {
      const resource = JSON.parse(
        JSON.stringify({ ...(isFilled ? KEPT : {}), resourceType: 'Measure', title: 'A', ...members })
      ) as Resource
      const before = JSON.stringify(resource)
      return JSON.stringify(edited(resource, {})) === before && JSON.stringify(resource) === before
    })
  )

  // Edits of another kind of resource than the one that was imported: what is written may be odd, but it is written.
  const contents = fc.constantFrom<Partial<MeasureContent>>(imported(KEPT), {}, { specification: { numerator: 'N' }, types: ['cost'] })
  fc.assert(
    fc.property(fc.dictionary(elements, fc.jsonValue()), contents, (members, content) => {
      const resource = JSON.parse(JSON.stringify({ ...members, resourceType: 'Measure', title: 'A' })) as Resource
      return fhirFromMeasure(measureOf(content), resource, lists)['title'] === measureOf(content).title
    })
  )
})
