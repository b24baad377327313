/**
 * The measure: the one source of its validation, its static type and its part of the OpenAPI document.
 * Names are those of the field: HL7 FHIR Measure, Donabedian, the Rainbow Model of Integrated Care (Valentijn 2013),
 * the Quintuple Aim, PROGRESS-Plus, COSMIN.
 */
import { type Static, Type } from 'typebox'
import { component, oneOf, ref } from '../component.ts'
import { type ClosedVocabulary, CODES } from '../vocabularies/codes.ts'
import { GapCount } from './gap-count.schema.ts'
import * as part from './measure.parts.ts'
import { Jurisdiction, LanguageTag, label, setOf, text } from './measure.parts.ts'

export const SLUG = '^[a-z0-9][a-z0-9-]{1,79}$'
export const SEMVER = '^(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)$'

export const MeasureId = Type.String({ pattern: SLUG, description: 'Identifier in this registry: a slug, unique, never used again.' })
export const Version = Type.String({ pattern: SEMVER, description: 'Semantic version of a published measure.' })
const instant = (description: string) => Type.String({ format: 'date-time', description })
const codes = <V extends ClosedVocabulary>(name: V, description: string) =>
  setOf(oneOf(CODES[name], `A code of the vocabulary \`${name}\`.`), description)

/** The texts that a reader sees, and that can be translated. */
const texts = {
  title: text('The full title.', 500),
  shortTitle: label('A title short enough for a list or an axis.'),
  description: text('What is measured and how, for people of the field.'),
  plainSummary: text('What it tells, for people outside the field.'),
  rationale: text('Why it matters.'),
  guidance: text('What to know when implementing it.')
}
export const TRANSLATABLE = Object.keys(texts) as (keyof typeof texts)[]

export const Translation = component(
  'Translation',
  Type.Object(
    {
      ...Type.Partial(Type.Object(texts)).properties,
      validation: Type.Optional(oneOf(CODES['translation-validation'], 'How good the translation is known to be.')),
      madeFrom: Type.Optional(
        Type.String({ pattern: SEMVER, description: 'The version that the translation was made from. Set by the registry at publication.' })
      ),
      outdated: Type.Optional(
        setOf(oneOf(TRANSLATABLE, 'A text.'), 'Texts whose original has changed since. Set by the registry at publication.')
      )
    },
    { additionalProperties: false, description: 'The texts of a measure in one language.' }
  )
)

/** What people write. Everything else on a measure is kept or computed by the registry. */
export const MeasureContent = component(
  'MeasureContent',
  Type.Object(
    {
      title: texts.title,
      ...Type.Partial(
        Type.Object({
          shortTitle: texts.shortTitle,
          acronym: Type.String({ minLength: 1, maxLength: 60, pattern: '\\S', description: 'The acronym, as the field writes it.' }),
          language: LanguageTag('Language of the texts of this record (BCP 47); English when left out.'),
          description: texts.description,
          plainSummary: texts.plainSummary,
          rationale: texts.rationale,
          guidance: texts.guidance,
          identifiers: Type.Array(ref(part.Identifier), { maxItems: 100, description: 'Identifiers that others gave it.' }),
          types: codes('measure-type', 'What kind of measure it is (Donabedian and later kinds).'),
          scoring: oneOf(CODES.scoring, 'How the result is made from the populations (FHIR measure-scoring).'),
          direction: oneOf(CODES.direction, 'Which way is better.'),
          specification: ref(part.Specification),
          instrument: ref(part.Instrument),
          levels: codes('level', 'Levels of integration that it looks at (after Valentijn).'),
          dimensions: codes('dimension', 'Dimensions of the Rainbow Model of Integrated Care.'),
          domains: codes('domain', 'What it is about.'),
          strategies: codes('strategy', 'Strategies of community-oriented integrated practice that it serves (Calamos and Thomas 2021).'),
          aims: codes('aim', 'Aims of the Quintuple Aim that it serves.'),
          perspectives: codes('perspective', 'Whose perspective it takes (AHRQ Care Coordination Measures Atlas).'),
          settings: codes('setting', 'Where care is given.'),
          sectors: codes('sector', 'Sectors that take part.'),
          conditions: codes('condition', 'Conditions that it is about.'),
          populations: codes('population', 'Whom it is about.'),
          jurisdictions: setOf(Jurisdiction('A jurisdiction.'), 'Where it has been used or tested (ISO 3166, or a UN M49 area code).', 300),
          stratifiers: Type.Array(ref(part.Stratifier), { maxItems: 100, description: 'Splits by equity dimension.' }),
          excludes: Type.Array(ref(part.Exclusion), { maxItems: 100, description: 'Whom the denominator leaves out.' }),
          dataSources: Type.Array(ref(part.DataSource), { maxItems: 50, description: 'Where the data come from.' }),
          languages: Type.Array(ref(part.LanguageVersion), { maxItems: 300, description: 'Languages of the instrument.' }),
          licence: ref(part.Licence),
          testing: ref(part.Testing),
          evidence: Type.Array(ref(part.Evidence), { maxItems: 200, description: 'Publications.' }),
          use: Type.Array(ref(part.Use), { maxItems: 300, description: 'Who really uses it.' }),
          development: ref(part.Development),
          relations: Type.Array(ref(part.Relation), { maxItems: 100, description: 'Relations to other measures.' }),
          targets: Type.Array(ref(part.Target), { maxItems: 100, description: 'Targets that somebody set.' }),
          translations: Type.Record(Type.String({ pattern: '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$' }), ref(Translation), {
            additionalProperties: false,
            maxProperties: 100,
            description: 'The texts in other languages, by BCP 47 tag.'
          }),
          provenance: Type.Array(ref(part.Provenance), { maxItems: 300, description: 'Where each fact comes from.' }),
          nextReviewDue: Type.String({ format: 'date', description: 'When the record should be looked at again.' }),
          changeNote: text('What is new in this version.', 5_000)
        })
      ).properties
    },
    { additionalProperties: false, description: 'The content of a measure: what people write.' }
  )
)
export type MeasureContent = Static<typeof MeasureContent>
export type MeasureField = keyof MeasureContent
export const FIELDS = Object.keys(MeasureContent.properties) as MeasureField[]

export const Completeness = component(
  'Completeness',
  Type.Object(
    {
      filled: Type.Integer({ minimum: 0, description: 'How many of the fields that apply are filled.' }),
      of: Type.Integer({ minimum: 0, description: 'How many fields apply.' }),
      missing: Type.Array(Type.String({ description: 'A field.' }), { description: 'The fields that are empty.' })
    },
    { additionalProperties: false, description: 'How much of the record is filled. Unknown is not a fault of the measure.' }
  )
)

export const Maturity = component(
  'Maturity',
  Type.Object(
    {
      maturity: oneOf(CODES.maturity, 'How far the measure has come, from the evidence on the record.'),
      because: Type.Array(Type.String({ description: 'A reason.' }), { description: 'Why, in sentences.' }),
      closesWith: Type.Optional(Type.String({ description: 'What would lift it one step.' })),
      asOf: Type.String({ format: 'date', description: 'The day for which it was computed.' })
    },
    { additionalProperties: false, description: 'Maturity, computed from the record.' }
  )
)

export const Similar = component(
  'Similar',
  Type.Object(
    {
      measure: MeasureId,
      title: Type.String({ description: 'Its title.' }),
      kind: oneOf(['competing', 'related', 'same-identifier', 'similar-text'], 'How the two are alike.'),
      score: Type.Number({ minimum: 0, maximum: 1, description: 'How alike the texts are, from 0 to 1.' }),
      because: Type.Array(Type.String({ description: 'A reason.' }), { description: 'Why, in sentences.' })
    },
    { additionalProperties: false, description: 'A measure of the catalogue that looks like this one. It blocks nothing.' }
  )
)

export const Retirement = component(
  'Retirement',
  Type.Object(
    {
      reason: text('Why the measure was retired.', 5_000),
      successor: Type.Optional(MeasureId),
      at: instant('When it was retired.')
    },
    { additionalProperties: false, description: 'Why a measure was retired, and what takes its place.' }
  )
)

/** A measure as the registry answers it. */
export const Measure = component(
  'Measure',
  Type.Object(
    {
      id: MeasureId,
      canonicalUrl: Type.String({ format: 'uri', description: 'The address that names the measure for good.' }),
      version: Type.Optional(Version),
      status: oneOf(CODES.status, 'Draft, active or retired. There is no way back from retired.'),
      reviewState: Type.Optional(oneOf(CODES['review-state'], 'Where a draft stands in review.')),
      ...MeasureContent.properties,
      createdAt: instant('When the measure entered the registry.'),
      updatedAt: instant('When this representation last changed.'),
      publishedAt: Type.Optional(instant('When this version was published.')),
      completeness: ref(Completeness),
      readiness: ref(Maturity),
      gapCount: Type.Optional(ref(GapCount)),
      similar: Type.Optional(Type.Array(ref(Similar), { description: 'On drafts: measures of the catalogue that look like this one.' })),
      review: Type.Optional(Type.String({ description: 'On drafts: what the reviewer asked for.' })),
      retirement: Type.Optional(ref(Retirement))
    },
    { additionalProperties: false, description: 'A performance or outcome measure.' }
  )
)
export type Measure = Static<typeof Measure>

export const NewMeasure = component(
  'NewMeasure',
  Type.Object(
    { id: Type.Optional(MeasureId), ...MeasureContent.properties },
    { additionalProperties: false, description: 'A measure to be registered as a draft.' }
  )
)
export type NewMeasure = Static<typeof NewMeasure>

export type Completeness = Static<typeof Completeness>
export type Maturity = Static<typeof Maturity>
export type Similar = Static<typeof Similar>
export type Retirement = Static<typeof Retirement>
export type Translation = Static<typeof Translation>

/** Registered once with Fastify, in the order in which they refer to one another. */
export const MEASURE_SCHEMAS = [
  ...part.PARTS,
  Translation,
  MeasureContent,
  Completeness,
  Maturity,
  Similar,
  Retirement,
  GapCount,
  Measure,
  NewMeasure
]
