/** The report of an import: what became of the file as a whole, and of each of its rows. Pure. */

import type { Column } from '../http/spreadsheet.ts'
import type { Candidate } from './candidate.ts'
import type { ImportSummary, ReportRow } from './import.schema.ts'
import type { ImportRow } from './imports.queries.ts'
import { type Note, shown } from './note.ts'
import { OUTCOMES, type Outcome } from './outcomes.ts'
import type { Plan } from './plan.ts'
import type { Tally } from './row-log.ts'
import type { FileFacts } from './staging.ts'

/** What the sender asked for. */
export interface ImportOptions {
  readonly dryRun: boolean
  /** Publish what is complete. */
  readonly publish: boolean
  /** All rows or none. */
  readonly atomic: boolean
  readonly mapping?: unknown
}

/** Everything in a report that is not of one row. */
export interface Summary extends FileFacts {
  readonly file?: string
  readonly mediaType: string
  readonly bytes: number
  readonly sha256: string
  readonly dryRun: boolean
  readonly publish: boolean
  readonly atomic: boolean
  readonly total: number
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly draftOnly: number
  readonly rejected: number
  /** How often each kind of warning was given. */
  readonly warnings: Readonly<Record<string, number>>
}

interface File {
  readonly name?: string | undefined
  readonly mediaType: string
  readonly bytes: number
  readonly sha256: string
}

export function summaryOf(
  { name, mediaType, bytes, sha256 }: File,
  { dryRun, publish, atomic }: ImportOptions,
  facts: FileFacts,
  { outcomes, warnings }: Tally
): Summary {
  const count = (outcome: Outcome) => outcomes[outcome] ?? 0
  return {
    ...(name ? { file: name } : {}),
    mediaType,
    bytes,
    sha256,
    ...facts,
    dryRun,
    publish,
    atomic,
    total: OUTCOMES.reduce((sum, outcome) => sum + count(outcome), 0),
    created: count('created'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    draftOnly: count('draft-only'),
    rejected: count('rejected'),
    warnings
  }
}

export function rowOf({ row, at, content }: Candidate, plan: Plan, id: string | undefined, version: string | undefined): ReportRow {
  const { outcome, errors, warnings, lacks } = plan
  return {
    row,
    at,
    ...(id === undefined ? {} : { id }),
    ...(version === undefined ? {} : { version }),
    ...(typeof content.title === 'string' ? { title: shown(content.title) } : {}),
    outcome,
    errors: [...errors],
    warnings: [...warnings],
    ...(lacks.length > 0 ? { lacks: [...lacks] } : {})
  }
}

/** An import as it is answered, without its rows. */
export function headOfReport(row: ImportRow): ImportSummary {
  const { id, at, actor, state, summary, revertedAt, revertedBy, revertReason } = row
  const reverted =
    revertedAt && revertedBy ? { at: revertedAt, by: revertedBy, ...(revertReason ? { reason: revertReason } : {}) } : undefined
  return { id, at, by: actor, state, ...(summary as Summary), ...(reverted ? { reverted } : {}) } as ImportSummary
}

export const SUMMARY_COLUMNS: readonly Column<ImportSummary>[] = (
  [
    'id',
    'at',
    'by',
    'state',
    'file',
    'format',
    'mediaType',
    'bytes',
    'sha256',
    'publish',
    'atomic',
    'total',
    'created',
    'updated',
    'unchanged',
    'draftOnly',
    'rejected'
  ] as const
).map((name) => ({ name, cell: (summary) => summary[name] }))

/** A line of a report in a spreadsheet: an error or a warning of a row, or the row itself where there is nothing to say. */
export type NoteLine = Omit<ReportRow, 'errors' | 'warnings' | 'lacks'> &
  Partial<Note> & { readonly kind?: 'error' | 'warning'; readonly lacks: string }

export function notesOf({ errors, warnings, lacks = [], ...row }: ReportRow): NoteLine[] {
  const line = { ...row, lacks: lacks.join('|') }
  const lines = [
    ...errors.map((note) => ({ ...line, ...note, kind: 'error' as const })),
    ...warnings.map((note) => ({ ...line, ...note, kind: 'warning' as const }))
  ]
  return lines.length > 0 ? lines : [line]
}

export const NOTE_COLUMNS: readonly Column<NoteLine>[] = (
  [
    'row',
    'at',
    'outcome',
    'id',
    'version',
    'title',
    'lacks',
    'kind',
    'code',
    'column',
    'pointer',
    'field',
    'detail',
    'found',
    'expected',
    'mend'
  ] as const
).map((name) => ({ name, cell: (line) => line[name] }))
