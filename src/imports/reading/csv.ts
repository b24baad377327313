/** CSV files (RFC 4180), and what spreadsheets make of them: other encodings, delimiters and line ends. */
import { pipeline, Readable } from 'node:stream'
import { CsvError, type Parser, parse } from 'csv-parse'
import { readCells } from './cells.ts'
import { type Delimiter, dialectOf } from './delimiter.ts'
import { checkRowCount, columnLetters, headerOf, isEmptyRow, noHeader, noRows, type Sheet, type SheetRow } from './sheet.ts'
import { textOf } from './text.ts'
import { malformed, type UnreadableFile } from './unreadable.ts'

const MAX_HEADING = 512 * 1024
const MAX_RECORD = 2 * 1024 * 1024
/** As many cells as a spreadsheet has columns: a line of delimiters only would fill the memory. */
const MAX_CELLS = 16_384
const NUL = '\u0000'

/** Reads a file until its heading is known, and closes it; its rows are read when they are asked for. */
export async function readCsv(path: string, { charset }: { charset?: string | undefined }): Promise<Sheet> {
  let line = 0
  for await (const cells of recordsOf(path, charset)) {
    line++
    if (isEmptyRow(cells)) continue
    const header = headerOf(cells)
    return { header, rows: { [Symbol.asyncIterator]: () => rowsOf(recordsOf(path, charset), header, line) } }
  }
  throw noHeader()
}

interface Start {
  readonly delimiter: Delimiter
  /** What was read to find the delimiter, and belongs to the rows. */
  readonly text: string
}

async function readStart(text: AsyncGenerator<string>): Promise<Start> {
  let start = ''
  for (let isWhole = false; ; ) {
    const next = await text.next()
    if (next.done) isWhole = true
    else start += next.value
    refuseBinary(start)
    const dialect = dialectOf(start, isWhole)
    if (dialect) return { delimiter: dialect.delimiter, text: start.slice(dialect.skipped) }
    if (start.length > MAX_HEADING) throw malformed(`The headings are longer than 512 KiB. ${UNCLOSED}`)
  }
}

/** What stands at the start of files of other kinds. */
function refuseBinary(start: string): void {
  if (start.slice(0, 4_096).includes(NUL)) throw malformed('This is no CSV file: it begins with characters U+0000. Save it as "CSV UTF-8".')
}

async function* recordsOf(path: string, charset: string | undefined): AsyncGenerator<string[]> {
  const text = textOf(path, charset)
  const { delimiter, text: start } = await readStart(text)
  async function* whole() {
    yield start
    yield* text
  }
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    max_record_size: MAX_RECORD,
    cast: (cell, { index, records }) => {
      if (index >= MAX_CELLS) throw malformed(`Row ${records + 1} has more than ${MAX_CELLS} cells.`)
      return cell
    }
  })
  // Errors of the source come out of the parser, too.
  pipeline(Readable.from(whole()), parser, () => {})
  try {
    yield* parser as Parser & AsyncIterable<string[]>
  } catch (error) {
    throw error instanceof CsvError ? readable(error) : error
  }
}

/** What the parser says in words for people who see the file in a spreadsheet: rows, not lines of text. */
function readable(error: CsvError): UnreadableFile {
  const { records, index } = error as CsvError & { records: number; index: number }
  const row = records + 1
  const place = `Row ${row}, column ${columnLetters(index)}`
  if (error.code === 'CSV_QUOTE_NOT_CLOSED')
    return malformed(`${place}: a cell begins with a double quote that is never closed. Close it, or write a quote inside a cell twice.`)
  if (error.code === 'CSV_MAX_RECORD_SIZE') return tooLong(row)
  return malformed(
    `${place}: a double quote stands where none can. Put the whole cell in double quotes and write each quote inside it twice: "say ""no""".`
  )
}

const UNCLOSED = 'A double quote that was opened there is probably not closed: everything behind it became one cell.'
const tooLong = (row: number) => malformed(`Row ${row} is longer than 2 MiB. ${UNCLOSED}`)

async function* rowsOf(records: AsyncGenerator<string[]>, header: readonly string[], headerLine: number): AsyncGenerator<SheetRow> {
  let row = 0
  let count = 0
  for await (const raw of records) {
    if (++row <= headerLine || isEmptyRow(raw)) continue
    checkRowCount(++count)
    yield { row, ...readCells(raw, header, 'text-may-be-formula') }
  }
  if (count === 0) throw noRows()
}
