/**
 * What the catalogue can be filtered and counted by: one table, from which the query schema, the stored codes, the
 * facets and the documentation are made. A measure that does not say counts as `unknown` where the list has that code.
 */

import { tagOf } from '../json/canonical.ts'
import { fold, wordsOf } from '../search/terms.ts'
import type { ClosedVocabulary } from '../vocabularies/codes.ts'
import { isEmpty } from './completeness.ts'
import { FIELDS, type Measure, type MeasureContent } from './measure.schema.ts'
import { servedDimensions } from './served.ts'

export type FilterVocabulary = ClosedVocabulary | 'jurisdiction' | 'language'

export interface Filter {
  /** The vocabulary of its codes; none where any text will do. */
  readonly vocabulary?: FilterVocabulary
  /** The only values, where they are too few for a vocabulary. */
  readonly values?: readonly string[]
  readonly description: string
  readonly codes: (measure: Measure) => readonly (string | undefined)[]
}

const list = <T>(values: readonly T[] | undefined): readonly T[] => values ?? []

/** A regional code is found by the whole as well: `GB-SCT` by `GB`, `pt-BR` by `pt`. */
const withWhole = (codes: readonly string[]) => codes.flatMap((code) => (code.includes('-') ? [code, code.split('-')[0]!] : [code]))

const identifierCodes = ({ identifiers }: Pick<MeasureContent, 'identifiers'>) =>
  list(identifiers).flatMap(({ system, value }) => [fold(value), fold(`${system}|${value}`)])

export const FILTERS = {
  status: {
    vocabulary: 'status',
    description: 'Status; active when left out. Drafts are listed for contributors.',
    codes: (m) => [m.status]
  },
  type: { vocabulary: 'measure-type', description: 'Kind of measure.', codes: (m) => list(m.types) },
  scoring: { vocabulary: 'scoring', description: 'How the result is made.', codes: (m) => [m.scoring] },
  direction: { vocabulary: 'direction', description: 'Which way is better.', codes: (m) => [m.direction] },
  level: { vocabulary: 'level', description: 'Level of integration.', codes: (m) => list(m.levels) },
  dimension: { vocabulary: 'dimension', description: 'Dimension of the Rainbow Model.', codes: (m) => list(m.dimensions) },
  domain: { vocabulary: 'domain', description: 'What it is about.', codes: (m) => list(m.domains) },
  strategy: { vocabulary: 'strategy', description: 'Strategy that it serves, 1 to 7.', codes: (m) => list(m.strategies) },
  aim: { vocabulary: 'aim', description: 'Aim of the Quintuple Aim.', codes: (m) => list(m.aims) },
  perspective: { vocabulary: 'perspective', description: 'Whose perspective it takes.', codes: (m) => list(m.perspectives) },
  setting: { vocabulary: 'setting', description: 'Where care is given.', codes: (m) => list(m.settings) },
  sector: { vocabulary: 'sector', description: 'Sector that takes part.', codes: (m) => list(m.sectors) },
  condition: { vocabulary: 'condition', description: 'Condition that it is about.', codes: (m) => list(m.conditions) },
  population: { vocabulary: 'population', description: 'Whom it is about.', codes: (m) => list(m.populations) },
  jurisdiction: {
    vocabulary: 'jurisdiction',
    description: 'Where it has been used or tested (ISO 3166); a country includes its parts.',
    codes: (m) => withWhole(list(m.jurisdictions))
  },
  stratifier: {
    vocabulary: 'equity-dimension',
    description: 'Equity dimension that results can be split by, in full or in part.',
    codes: (m) =>
      list(m.stratifiers).flatMap(({ dimension, availability }) =>
        availability === 'available' || availability === 'partial' ? [dimension] : []
      )
  },
  dataSource: { vocabulary: 'data-source', description: 'Kind of data source.', codes: (m) => list(m.dataSources).map(({ kind }) => kind) },
  language: {
    vocabulary: 'language',
    description: 'Language of the instrument (BCP 47); a language includes its regional forms.',
    codes: (m) => withWhole(list(m.languages).map(({ code }) => code))
  },
  licenceFee: { vocabulary: 'fee', description: 'What use costs.', codes: (m) => [m.licence?.fee ?? 'unknown'] },
  permission: {
    vocabulary: 'permission',
    description: 'What has to be asked before use.',
    codes: (m) => [m.licence?.permission ?? 'unknown']
  },
  maturity: { vocabulary: 'maturity', description: 'Maturity, computed from the evidence.', codes: (m) => [m.readiness.maturity] },
  livedExperience: {
    vocabulary: 'lived-experience',
    description: 'Part that people with lived experience had in making it.',
    codes: (m) => [m.development?.livedExperience ?? 'unknown']
  },
  steward: {
    description: 'Who maintains it: the whole name; case and accents do not matter. Write a comma inside a name as `\\,`.',
    codes: (m) => [m.development?.steward && fold(m.development.steward)]
  },
  equityDimension: {
    vocabulary: 'equity-dimension',
    description:
      'Equity dimension that it tells something by: it is made for people who differ by it, split by it, or validated across it.',
    codes: (m) => servedDimensions(m)
  },
  gapKind: {
    vocabulary: 'gap-kind',
    description: 'Kind of an open gap that it has.',
    codes: (m) => list(m.gapCount?.kinds)
  },
  hasGap: {
    values: ['true', 'false'],
    description: 'Whether it has an open gap that is known.',
    codes: (m) => (m.gapCount ? [String(m.gapCount.total > 0)] : [])
  },
  identifier: {
    description: 'An identifier that others gave it: `value`, or `system|value`.',
    codes: (m) => identifierCodes(m)
  }
} as const satisfies Record<string, Filter>

export type FilterName = keyof typeof FILTERS
export const FILTER_NAMES = Object.keys(FILTERS) as FilterName[]
export const filterOf = (name: FilterName): Filter => FILTERS[name]

/** Everything with a list of codes can be counted. */
export const FACETS = FILTER_NAMES.filter((name) => filterOf(name).vocabulary)

/** Fields of one level below that are worth asking for when they are missing. */
const PARTS = {
  specification: [
    'initialPopulation',
    'denominator',
    'denominatorExclusion',
    'numerator',
    'measurePopulation',
    'unit',
    'riskAdjustment',
    'frequency'
  ],
  instrument: ['name', 'items', 'minutes', 'modes', 'respondents', 'recall', 'readingGrade'],
  licence: ['id', 'permission', 'fee', 'copyright', 'contact'],
  testing: ['reliability', 'validity', 'responsiveness', 'crossCultural'],
  development: ['year', 'steward', 'contact', 'livedExperience']
} as const satisfies Partial<Record<keyof MeasureContent, readonly string[]>>

/** What `missing=` may name: every field, and the parts of the composite ones, as dotted paths. */
export const MISSABLE: readonly string[] = [
  ...FIELDS,
  ...Object.entries(PARTS).flatMap(([field, parts]) => parts.map((part) => `${field}.${part}`))
]

function valueAt(measure: Measure, path: string): unknown {
  const [field, part] = path.split('.') as [keyof Measure, string | undefined]
  return part === undefined ? measure[field] : (measure[field] as Record<string, unknown> | undefined)?.[part]
}

/** Keys beside the filters under which a document is found. */
export type IndexedField = FilterName | 'has' | 'translation' | 'relation' | 'acronym' | 'numerator' | 'denominator'
export type Codes = Partial<Record<IndexedField, readonly string[]>>

/** Texts that say the same in other words of punctuation and case are the same population (CMS harmonisation rule). */
const sameness = (text: string | undefined) => (text ? [tagOf(wordsOf(text).join(' '))] : [])

/** By what a draft is compared with the catalogue, before it is a measure. */
export const lookalikeCodes = (content: MeasureContent) => ({
  identifier: identifierCodes(content),
  numerator: sameness(content.specification?.numerator),
  denominator: sameness(content.specification?.denominator)
})

/** Everything that a document can be found by, apart from its words. */
export function codesOf(measure: Measure): Codes {
  const filters = FILTER_NAMES.map((name) => [name, unique(filterOf(name).codes(measure))] as const)
  const codes: Codes = {
    ...Object.fromEntries(filters),
    has: MISSABLE.filter((path) => !isEmpty(valueAt(measure, path))),
    translation: Object.keys(measure.translations ?? {}),
    relation: unique(list(measure.relations).map((relation) => relation.measure)),
    acronym: measure.acronym ? [wordsOf(measure.acronym).join(' ')] : [],
    ...lookalikeCodes(measure)
  }
  return Object.fromEntries(Object.entries(codes).filter(([, values]) => values.length > 0))
}

const unique = (codes: readonly (string | undefined)[]) => [...new Set(codes.filter((code) => code !== undefined))]
