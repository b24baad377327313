/**
 * The columns of an export, in an order that is frozen: new columns come at the end, none is moved or taken away. Codes
 * of one cell are separated by `|`; lists of composite values stand as JSON.
 */
import type { Column } from '../http/spreadsheet.ts'
import type { Measure } from './measure.schema.ts'

type Cell = ReturnType<Column<Measure>['cell']>

const joined = (codes: readonly string[] | undefined): Cell => (codes && codes.length > 0 ? codes.join('|') : undefined)
const json = (value: object | undefined): Cell =>
  value === undefined || (Array.isArray(value) && value.length === 0) ? undefined : JSON.stringify(value)

/** `system=value`, as people write it; where one of them holds what separates them, the list as JSON. */
function identifiersCell(identifiers: Measure['identifiers'] = []): Cell {
  const isPlain = identifiers.every(({ system, value }) => !/[=|;\n]|^\[/.test(system) && !/[|;\n]/.test(value))
  return isPlain ? joined(identifiers.map(({ system, value }) => `${system}=${value}`)) : json(identifiers)
}

const PLAIN = [
  'id',
  'canonicalUrl',
  'version',
  'status',
  'title',
  'shortTitle',
  'acronym',
  'language',
  'description',
  'plainSummary',
  'rationale',
  'guidance'
] as const
const SPECIFICATION = [
  'subject',
  'initialPopulation',
  'denominator',
  'denominatorExclusion',
  'denominatorException',
  'numerator',
  'numeratorExclusion',
  'measurePopulation',
  'measurePopulationExclusion',
  'measureObservation',
  'unit',
  'frequency'
] as const
const CODES = [
  'levels',
  'dimensions',
  'domains',
  'strategies',
  'aims',
  'perspectives',
  'settings',
  'sectors',
  'conditions',
  'populations',
  'jurisdictions'
] as const
const LICENCE = ['id', 'permission', 'fee', 'amount', 'currency', 'contact', 'copyright', 'note'] as const
const TESTING = ['reliability', 'validity', 'responsiveness', 'crossCultural'] as const
const DEVELOPMENT = ['year', 'steward', 'contact', 'livedExperience'] as const
const LISTS = ['evidence', 'use', 'relations', 'targets', 'translations', 'provenance'] as const

const column = (name: string, cell: (m: Measure) => Cell): Column<Measure> => ({ name, cell })

export const MEASURE_COLUMNS: readonly Column<Measure>[] = [
  ...PLAIN.map((name) => column(name, (m) => m[name])),
  column('identifiers', (m) => identifiersCell(m.identifiers)),
  column('types', (m) => joined(m.types)),
  column('scoring', (m) => m.scoring),
  column('direction', (m) => m.direction),
  ...SPECIFICATION.map((name) => column(`specification.${name}`, (m) => m.specification?.[name])),
  column('specification.riskAdjustment', (m) => joined(m.specification?.riskAdjustment)),
  column('specification.groups', (m) => json(m.specification?.groups)),
  column('instrument.name', (m) => m.instrument?.name),
  column('instrument.items', (m) => m.instrument?.items),
  column('instrument.minutes', (m) => m.instrument?.minutes),
  column('instrument.modes', (m) => joined(m.instrument?.modes)),
  column('instrument.respondents', (m) => joined(m.instrument?.respondents)),
  column('instrument.recall', (m) => m.instrument?.recall),
  column('instrument.readingGrade', (m) => m.instrument?.readingGrade),
  ...CODES.map((name) => column(name, (m) => joined(m[name]))),
  column('stratifiers', (m) => joined(m.stratifiers?.map(({ dimension, availability }) => `${dimension}=${availability}`))),
  column('stratifiers.details', (m) => json(m.stratifiers)),
  column('excludes', (m) => json(m.excludes)),
  column('dataSources', (m) => joined(m.dataSources?.map(({ kind }) => kind))),
  column('dataSources.details', (m) => json(m.dataSources)),
  column('languages', (m) => joined(m.languages?.map(({ code, validation }) => `${code}=${validation}`))),
  ...LICENCE.map((name) => column(`licence.${name}`, (m) => m.licence?.[name])),
  ...TESTING.map((name) => column(`testing.${name}`, (m) => m.testing?.[name])),
  ...DEVELOPMENT.map((name) => column(`development.${name}`, (m) => m.development?.[name])),
  ...LISTS.map((name) => column(name, (m) => json(m[name]))),
  column('nextReviewDue', (m) => m.nextReviewDue),
  column('changeNote', (m) => m.changeNote),
  column('maturity', (m) => m.readiness.maturity),
  column('createdAt', (m) => m.createdAt),
  column('updatedAt', (m) => m.updatedAt),
  column('publishedAt', (m) => m.publishedAt),
  column('retirement.reason', (m) => m.retirement?.reason),
  column('retirement.successor', (m) => m.retirement?.successor)
]
