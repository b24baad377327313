/** Rejected rows as a file to mend: as they came, each with a comment that says what is wrong. */
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
  readonly content: string | Buffer
}

type Cells = Readonly<Record<string, string>>

export async function rejectedFile({ summary }: ImportRow, batches: AsyncIterable<readonly StoredRow[]>): Promise<RejectedFile> {
  const { format, columns = [] } = summary as Summary
  const records: { record: unknown; comment: string }[] = []
  for await (const rows of batches) {
    for (const { record, json } of rows)
      records.push({ record: JSON.parse(record ?? 'null'), comment: commentOf(JSON.parse(json) as ReportRow) })
  }
  if (format !== 'csv' && format !== 'xlsx') {
    const content = records.map(({ record, comment }) => `${JSON.stringify(commented(record, comment))}\n`).join('')
    return { type: 'application/x-ndjson; charset=utf-8', extension: 'ndjson', content }
  }
  const header = [...columns, COMMENT]
  const cells = records.map(({ record, comment }) => ({ ...(record as Cells), [COMMENT]: comment }) as Cells)
  if (format === 'csv') {
    const named = header.map((name) => ({ name, cell: (row: Cells) => row[name] }))
    return { type: 'text/csv; charset=utf-8', extension: 'csv', content: csvHeading(named) + csvLines(named, cells) }
  }
  const text = (value: string | undefined) => ({ value: value ?? '', type: String, format: '@', wrap: true }) as const
  const sheet = [
    header.map((value) => ({ value, type: String, fontWeight: 'bold' }) as const),
    ...cells.map((row) => header.map((name) => text(row[name])))
  ]
  return { type: XLSX_TYPE, extension: 'xlsx', content: await writeXlsx(sheet).toBuffer() }
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
