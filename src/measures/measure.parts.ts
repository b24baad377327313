/**
 * The composite fields of a measure: what it counts, what it asks of people, what using it costs, how well it is
 * tested and where each fact comes from. Sources of the rules: HL7 FHIR Measure (R5) and the FHIR Quality Measure
 * guide for populations, COSMIN for testing, SPDX for licences, BCP 47 for languages, ISO 3166 for jurisdictions.
 */
import { type TSchema, Type } from 'typebox'
import { component, oneOf } from '../component.ts'
import { CODES } from '../vocabularies/codes.ts'

/** A list without repetition; `max` keeps one record from drowning the others. */
export const setOf = <S extends TSchema>(item: S, description: string, max = 100) =>
  Type.Array(item, { uniqueItems: true, maxItems: max, description })

export const text = (description: string, maxLength = 20_000) => Type.String({ minLength: 1, maxLength, pattern: '\\S', description })
export const label = (description: string) => text(description, 500)
const url = (description: string) => Type.String({ format: 'uri', maxLength: 2_000, description })
const year = (description: string) => Type.Integer({ minimum: 1800, maximum: 2200, description })
const strict = { additionalProperties: false }

export const Jurisdiction = (description: string) => Type.String({ pattern: '^([A-Z]{2}(-[A-Z0-9]{1,3})?|[0-9]{3})$', description })
export const LanguageTag = (description: string) =>
  Type.String({ pattern: '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$', maxLength: 35, description })

/** An ISO 8601 date of any precision: often no more than the year is known. */
export const PartialDate = (description: string) =>
  Type.String({ pattern: '^(18|19|20|21)[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$', description })

/** A year, or an ISO 8601 date of any precision: sources often know no more than the year. */
const when = (description: string) =>
  Type.Union([year('A year.'), PartialDate('An ISO 8601 date, month or year.')], {
    description
  })

export const Identifier = component(
  'Identifier',
  Type.Object(
    {
      system: label('Who issued the identifier: CMIT, CBE, LOINC, WHO, a publisher or a URI.'),
      value: label('The identifier as its issuer writes it.')
    },
    { ...strict, description: 'An identifier that others gave to the measure.' }
  )
)

const populations = {
  subject: text('What is counted: a person, an encounter, an episode, an organisation.', 500),
  initialPopulation: text('Everyone that the measure is about.'),
  denominator: text('The part of the initial population that is counted on.'),
  denominatorExclusion: text('Who is taken out of the denominator beforehand.'),
  denominatorException: text('Who is taken out of the denominator unless the numerator holds.'),
  numerator: text('What has to hold to be counted.'),
  numeratorExclusion: text('Who is taken out of the numerator.'),
  measurePopulation: text('The population of a continuous-variable measure.'),
  measurePopulationExclusion: text('Who is taken out of the measure population.'),
  measureObservation: text('What is observed for each member of the measure population, and how it is summed up.')
}
const optional = <P extends Record<string, TSchema>>(properties: P) => Type.Partial(Type.Object(properties)).properties

export const PopulationGroup = component(
  'PopulationGroup',
  Type.Object(
    { title: Type.Optional(label('What tells this group from the others.')), ...optional(populations) },
    { ...strict, description: 'One of several groups of populations (FHIR Measure.group).' }
  )
)

export const Specification = component(
  'Specification',
  Type.Object(
    {
      ...optional(populations),
      unit: Type.Optional(label('The unit of the result, as reported.')),
      riskAdjustment: Type.Optional(setOf(label('A factor.'), 'Factors that the result is adjusted for.')),
      frequency: Type.Optional(label('How often it is measured.')),
      groups: Type.Optional(
        Type.Array(Type.Unsafe<Record<string, string>>({ $ref: 'PopulationGroup#' }), {
          maxItems: 50,
          description: 'Where a measure has several groups of populations.'
        })
      )
    },
    { ...strict, description: 'Who and what is counted, in plain text per population (FHIR Measure.group.population).' }
  )
)

export const Instrument = component(
  'Instrument',
  Type.Object(
    {
      name: Type.Optional(label('The name of the questionnaire or scale.')),
      items: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: 'How many items it has.' })),
      minutes: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1_440, description: 'Minutes that one person needs.' })),
      modes: Type.Optional(setOf(oneOf(CODES['instrument-mode'], 'A mode.'), 'How it can be administered.')),
      respondents: Type.Optional(setOf(oneOf(CODES.respondent, 'A respondent.'), 'Who answers.')),
      recall: Type.Optional(label('The period that the questions ask about.')),
      readingGrade: Type.Optional(Type.Number({ minimum: 0, maximum: 20, description: 'Reading level, as a US school grade.' }))
    },
    { ...strict, description: 'The questionnaire or scale, where there is one.' }
  )
)

export const Stratifier = component(
  'Stratifier',
  Type.Object(
    {
      dimension: oneOf(CODES['equity-dimension'], 'The equity dimension (PROGRESS-Plus).'),
      coding: Type.Optional(label('The code system or grouping in use.')),
      availability: oneOf(CODES['stratifier-availability'], 'Whether results split by it can be had.'),
      note: Type.Optional(text('What to know about it.', 5_000))
    },
    { ...strict, description: 'A split of the result by an equity dimension.' }
  )
)

export const Exclusion = component(
  'Exclusion',
  Type.Object(
    {
      dimension: oneOf(CODES['equity-dimension'], 'The equity dimension that the exclusion touches.'),
      note: text('Who is left out, and why.', 5_000)
    },
    { ...strict, description: 'Whom the denominator leaves out, coded.' }
  )
)

export const DataSource = component(
  'DataSource',
  Type.Object(
    {
      kind: oneOf(CODES['data-source'], 'The kind of source.'),
      elements: Type.Optional(setOf(label('An element.'), 'The data elements that are needed.', 500)),
      note: Type.Optional(text('What to know about it.', 5_000))
    },
    { ...strict, description: 'Where the data come from.' }
  )
)

export const LanguageVersion = component(
  'LanguageVersion',
  Type.Object(
    {
      code: LanguageTag('The language (BCP 47).'),
      validation: oneOf(CODES['translation-validation'], 'How good this version is known to be.')
    },
    { ...strict, description: 'A language in which the instrument exists.' }
  )
)

export const Licence = component(
  'Licence',
  Type.Object(
    {
      id: Type.Optional(
        Type.String({ pattern: '^[A-Za-z0-9.+-]+$', maxLength: 100, description: 'SPDX identifier, or LicenseRef-… where SPDX has none.' })
      ),
      permission: Type.Optional(oneOf(CODES.permission, 'What has to be asked before use.')),
      fee: Type.Optional(oneOf(CODES.fee, 'What use costs.')),
      amount: Type.Optional(Type.Number({ minimum: 0, description: 'The fee for a year, in `currency`.' })),
      currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217 code of the currency.' })),
      contact: Type.Optional(label('Whom to ask.')),
      copyright: Type.Optional(text('The copyright text, shown wherever the measure is shown.')),
      note: Type.Optional(text('What to know about it.', 5_000))
    },
    { ...strict, description: 'What is allowed, by whom and for how much.' }
  )
)

const tested = (of: string) => Type.Optional(oneOf(CODES['testing-result'], `What testing of ${of} showed.`))
export const Testing = component(
  'Testing',
  Type.Object(
    {
      reliability: tested('reliability'),
      validity: tested('validity'),
      responsiveness: tested('responsiveness'),
      crossCultural: tested('cross-cultural validity')
    },
    { ...strict, description: 'Measurement properties (COSMIN, short form). What is not said is unknown.' }
  )
)

export const Evidence = component(
  'Evidence',
  Type.Object(
    {
      title: text('The title of the publication.', 1_000),
      doi: Type.Optional(
        Type.String({ pattern: '^10\\.[0-9]{4,9}/\\S+$', maxLength: 300, description: 'Digital object identifier, without a resolver.' })
      ),
      url: Type.Optional(url('Where to read it.')),
      year: Type.Optional(year('Year of publication.')),
      supports: Type.Optional(setOf(oneOf(CODES['evidence-support'], 'A property.'), 'What it is evidence for.')),
      note: Type.Optional(text('What to know about it.', 5_000))
    },
    { ...strict, description: 'A publication that says something of the measure.' }
  )
)

export const Use = component(
  'Use',
  Type.Object(
    {
      organisation: label('Who uses it.'),
      jurisdiction: Type.Optional(Jurisdiction('Where (ISO 3166, or a UN M49 area code).')),
      since: Type.Optional(when('Since when.')),
      lastConfirmed: Type.Optional(when('When the use was last confirmed.')),
      purpose: Type.Optional(oneOf(CODES['use-purpose'], 'What for.')),
      mandated: Type.Optional(Type.Boolean({ description: 'Whether the use is required by law or contract.' }))
    },
    { ...strict, description: 'Who really uses the measure.' }
  )
)

export const Development = component(
  'Development',
  Type.Object(
    {
      year: Type.Optional(year('When the measure was first published.')),
      steward: Type.Optional(label('Who maintains it.')),
      contact: Type.Optional(label('Whom to ask.')),
      livedExperience: Type.Optional(oneOf(CODES['lived-experience'], 'The part that people with lived experience had in making it.'))
    },
    { ...strict, description: 'Who made the measure and keeps it.' }
  )
)

export const Relation = component(
  'Relation',
  Type.Object(
    {
      kind: oneOf(CODES.relation, 'How this measure relates to the other.'),
      measure: Type.Optional(
        Type.String({ pattern: '^[a-z0-9][a-z0-9-]{1,79}$', description: 'The other measure, if it is in this registry.' })
      ),
      url: Type.Optional(url('The other measure, if it is elsewhere.'))
    },
    { ...strict, description: 'A relation to another measure.' }
  )
)

export const Target = component(
  'Target',
  Type.Object(
    {
      value: Type.Number({ description: 'The value to reach, in `unit`.' }),
      unit: Type.Optional(label('The unit of the value.')),
      jurisdiction: Type.Optional(Jurisdiction('Where the target holds.')),
      year: Type.Optional(year('For which year.')),
      source: Type.Optional(label('Who set it.'))
    },
    { ...strict, description: 'A target that somebody set.' }
  )
)

export const Provenance = component(
  'Provenance',
  Type.Object(
    {
      fields: setOf(label('A field, as a dotted path.'), 'The fields that this entry speaks of.'),
      source: Type.Optional(text('Where it was found.', 2_000)),
      url: Type.Optional(url('Where to look.')),
      retrieved: Type.Optional(when('When it was looked up.')),
      status: oneOf(CODES['provenance-status'], 'Seen in the source, not verified, or classified by the registry itself.'),
      note: Type.Optional(text('What the source says beyond the fields.', 5_000))
    },
    { ...strict, description: 'Where facts of this record come from.' }
  )
)

/** The parts that get a name of their own in the OpenAPI document, in the order in which they refer to one another. */
export const PARTS = [
  Identifier,
  PopulationGroup,
  Specification,
  Instrument,
  Stratifier,
  Exclusion,
  DataSource,
  LanguageVersion,
  Licence,
  Testing,
  Evidence,
  Use,
  Development,
  Relation,
  Target,
  Provenance
]
