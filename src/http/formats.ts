/** The form of a list: `format`, else `Accept` (RFC 9110, section 12.5.1), else JSON. */
import type { FastifyRequest } from 'fastify'
import Negotiator from 'negotiator'
import { problem } from './problems.ts'

const TYPES = { 'application/json': 'json', 'text/csv': 'csv', 'application/x-ndjson': 'ndjson', 'application/ndjson': 'ndjson' } as const
export type Format = (typeof TYPES)[keyof typeof TYPES]

export const formatOf = (request: FastifyRequest, format: Format | undefined): Format => format ?? accepted(request, TYPES)

const TELLING_TYPES = { 'application/json': 'json', 'text/plain': 'text' } as const
const TELLING_LIST_TYPES = { ...TYPES, 'text/plain': 'text' } as const
export type TellingFormat = (typeof TELLING_TYPES)[keyof typeof TELLING_TYPES]
export type TellingListFormat = (typeof TELLING_LIST_TYPES)[keyof typeof TELLING_LIST_TYPES]

/** The form of an answer that comes as sentences as well. */
export const tellingFormatOf = (request: FastifyRequest, format: TellingFormat | undefined): TellingFormat =>
  format ?? accepted(request, TELLING_TYPES)
export const tellingListFormatOf = (request: FastifyRequest, format: TellingListFormat | undefined): TellingListFormat =>
  format ?? accepted(request, TELLING_LIST_TYPES)

const MAP_TYPES = { 'application/json': 'json', 'text/csv': 'csv', 'image/svg+xml': 'svg' } as const
export type MapFormat = (typeof MAP_TYPES)[keyof typeof MAP_TYPES]

/** The form of an answer that comes as a picture as well. */
export const mapFormatOf = (request: FastifyRequest, format: MapFormat | undefined): MapFormat => format ?? accepted(request, MAP_TYPES)

const CARD_TYPES = { 'application/json': 'json', 'text/csv': 'csv', 'image/svg+xml': 'svg', 'application/pdf': 'pdf' } as const
export type CardFormat = (typeof CARD_TYPES)[keyof typeof CARD_TYPES]

/** The form of codes that can be printed as well. */
export const cardFormatOf = (request: FastifyRequest, format: CardFormat | undefined): CardFormat => format ?? accepted(request, CARD_TYPES)

const REPORT_TYPES = { 'application/json': 'json', 'text/markdown': 'md' } as const
export type ReportFormat = (typeof REPORT_TYPES)[keyof typeof REPORT_TYPES]
const SUMMARY_TYPES = { 'text/markdown': 'md', 'text/html': 'html' } as const
export type SummaryFormat = (typeof SUMMARY_TYPES)[keyof typeof SUMMARY_TYPES]

/** The form of a report that programs read as well, and of one that is for people only. */
export const reportFormatOf = (request: FastifyRequest, format: ReportFormat | undefined): ReportFormat =>
  format ?? accepted(request, REPORT_TYPES)
export const summaryFormatOf = (request: FastifyRequest, format: SummaryFormat | undefined): SummaryFormat =>
  format ?? accepted(request, SUMMARY_TYPES)

const SCREEN_TYPES = { 'application/json': 'json', 'text/html': 'html' } as const
export type ScreenFormat = (typeof SCREEN_TYPES)[keyof typeof SCREEN_TYPES]

/** The form of an answer that comes as a page for a screen as well. */
export const screenFormatOf = (request: FastifyRequest, format: ScreenFormat | undefined): ScreenFormat =>
  format ?? accepted(request, SCREEN_TYPES)

const TABLE_TYPES = { 'application/json': 'json', 'text/csv': 'csv' } as const
export type TableFormat = (typeof TABLE_TYPES)[keyof typeof TABLE_TYPES]

/** The form of an answer that comes as a table as well. */
export const tableFormatOf = (request: FastifyRequest, format: TableFormat | undefined): TableFormat =>
  format ?? accepted(request, TABLE_TYPES)

function accepted<F extends string>(request: FastifyRequest, types: Readonly<Record<string, F>>): F {
  const type = new Negotiator(request.raw).mediaType(Object.keys(types))
  const format = type === undefined ? undefined : types[type]
  if (format !== undefined) return format
  throw problem('not-acceptable', `This comes as ${Object.keys(types).join(', ')}.`, {
    errors: [{ header: 'accept', detail: 'It names none of the forms of this answer.' }]
  })
}
