/** Rejected rows as a file to mend: as they came, each with a comment that says what is wrong. */
import { Readable } from 'node:stream'
import writeXlsx from 'write-excel-file/node'
import { csvHeading, csvLines } from '../http/spreadsheet.ts'
import { COMMENT } from './comment.ts'
import type { ReportRow } from './import.schema.ts'
import type { ImportRow, StoredRow } from './imports.queries.ts'
import { XLSX_TYPE } from './media-types.ts'
import type { Summary } from './report.ts'

export interface RejectedFile {
  readonly type: string
  readonly extension: string
  readonly content: Readable | Buffer
}

type Cells = Readonly<Record<string, string>>
type Batches = AsyncIterable<readonly StoredRow[]>

/** A spreadsheet is made in memory: with more rows than this the same comes as CSV. */
const MAX_XLSX_ROWS = 2_000

/** `batches` begins anew each time: headings are known only when every row was seen. */
export async function rejectedFile({ summary }: ImportRow, batches: () => Batches): Promise<RejectedFile> {
  const { format, columns = [], rejected } = summary as Summary
  if (format !== 'csv' && format !== 'xlsx')
    return { type: 'application/x-ndjson; charset=utf-8', extension: 'ndjson', content: Readable.from(ndjson(batches())) }
  const header = [...columns, ...(await extraHeadings(columns, batches())), COMMENT]
  if (format === 'csv' || rejected > MAX_XLSX_ROWS)
    return { type: 'text/csv; charset=utf-8', extension: 'csv', content: Readable.from(csv(header, batches())) }
  const text = (value: string | undefined) => ({ value: value ?? '', type: String, format: '@', wrap: true }) as const
  const sheet: unknown[] = [header.map((value) => ({ value, type: String, fontWeight: 'bold' }))]
  for await (const rows of batches()) sheet.push(...rows.map((row) => header.map((name) => text(cellsOf(row)[name]))))
  return { type: XLSX_TYPE, extension: 'xlsx', content: await writeXlsx(sheet as never).toBuffer() }
}

/** Cells that stood under no heading have one of their own. */
async function extraHeadings(columns: readonly string[], batches: Batches): Promise<string[]> {
  const known = new Set(columns)
  const extra = new Set<string>()
  for await (const rows of batches) {
    for (const row of rows)
      for (const heading of Object.keys(cellsOf(row))) if (!known.has(heading) && heading !== COMMENT) extra.add(heading)
  }
  return [...extra]
}

const reportOf = ({ json }: StoredRow) => JSON.parse(json) as ReportRow
const recordOf = ({ record }: StoredRow): unknown => JSON.parse(record ?? 'null')
const cellsOf = (row: StoredRow): Cells => ({ ...(recordOf(row) as Cells), [COMMENT]: commentOf(reportOf(row)) })

async function* csv(header: readonly string[], batches: Batches): AsyncGenerator<string> {
  const columns = header.map((name) => ({ name, cell: (row: Cells) => row[name] }))
  yield csvHeading(columns)
  for await (const rows of batches) yield csvLines(columns, rows.map(cellsOf))
}

async function* ndjson(batches: Batches): AsyncGenerator<string> {
  for await (const rows of batches) for (const row of rows) yield `${JSON.stringify(commented(recordOf(row), commentOf(reportOf(row))))}\n`
}

/** What was no object cannot carry a comment: it is given beside it. */
const commented = (record: unknown, comment: string) =>
  typeof record === 'object' && record !== null && !Array.isArray(record)
    ? { ...record, [COMMENT]: comment }
    : { record, [COMMENT]: comment }

const commentOf = ({ at, errors }: ReportRow) =>
  [
    at,
    ...errors.map(({ column, pointer, field, detail, mend }) => `${column ?? pointer ?? field ?? ''}: ${detail} ${mend ?? ''}`.trim())
  ].join('\n')
