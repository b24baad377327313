/**
 * How well founded the catalogue is: for each field, how many records have it from a source that was seen, how many from
 * unverified knowledge, how many by our own classification, and how many do not have it at all.
 *
 * A path in `provenance[].fields` is a field ("licence"), a part of one ("licence.fee"), or a member of a list, named by
 * what tells it from the others: its code ("languages.nl"), kind, dimension, value, DOI or title, or the member itself.
 */
import { isEmpty } from '../measures/completeness.ts'
import { FIELDS, type MeasureContent, type MeasureField } from '../measures/measure.schema.ts'

/** The fields that can have a provenance: all but the provenance itself. */
export const SOURCED_FIELDS = FIELDS.filter((field) => field !== 'provenance')

/** From the firmest ground to none. A field with several entries counts by the firmest. */
export const GROUNDS = ['seen', 'unverified', 'classified', 'unknown'] as const
export type Ground = (typeof GROUNDS)[number]

export type ReportRow = { readonly field: string } & Readonly<Record<Ground, number>>

const firstPart = (path: string) => path.split('.', 1)[0]!
const speaksOf = (path: string, field: MeasureField) => firstPart(path) === field

/**
 * What a field of a record rests on. A filled field without any provenance is `unverified`: somebody wrote it, and
 * nobody says where it comes from.
 */
export function groundOf(record: MeasureContent, field: MeasureField): Ground {
  if (isEmpty(record[field])) return 'unknown'
  const entries = (record.provenance ?? []).filter(({ fields }) => fields.some((path) => speaksOf(path, field)))
  return GROUNDS.find((ground) => entries.some(({ status }) => status === ground)) ?? 'unverified'
}

/** One row for each field. The numbers of a row add up to the number of records. */
export const reportCatalogue = (records: readonly MeasureContent[]): ReportRow[] =>
  SOURCED_FIELDS.map((field) => ({ field, ...tally(records.map((record) => groundOf(record, field))) }))

/** The sum of all rows. */
export function totalOf(rows: readonly ReportRow[]): ReportRow {
  const sum = (ground: Ground) => rows.reduce((total, row) => total + row[ground], 0)
  return { field: 'all fields', seen: sum('seen'), unverified: sum('unverified'), classified: sum('classified'), unknown: sum('unknown') }
}

function tally(grounds: readonly Ground[]): Record<Ground, number> {
  const count = (ground: Ground) => grounds.filter((each) => each === ground).length
  return { seen: count('seen'), unverified: count('unverified'), classified: count('classified'), unknown: count('unknown') }
}

/** Whether a provenance path names something that the record has. An entry on a fact that is not there would mislead. */
export function pointsAtSomething(record: MeasureContent, path: string): boolean {
  const field = firstPart(path)
  const value = record[field as MeasureField]
  if (isEmpty(value)) return false
  const rest = path.slice(field.length + 1)
  if (rest === '') return true
  if (Array.isArray(value)) return value.some((member) => namesOf(member).includes(rest))
  return !isEmpty((value as Record<string, unknown>)[rest])
}

const NAMES = ['code', 'kind', 'dimension', 'value', 'doi', 'title'] as const

const namesOf = (member: unknown): unknown[] =>
  typeof member === 'object' && member !== null ? NAMES.map((name) => (member as Record<string, unknown>)[name]) : [member]
