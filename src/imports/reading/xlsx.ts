/** Workbooks (.xlsx): the first sheet that people see and that holds something. */
import { type Note, shown } from '../note.ts'
import { Archive } from './archive.ts'
import { columnName, readCells } from './cells.ts'
import { NumberFormats } from './number-formats.ts'
import { SharedStrings } from './shared-strings.ts'
import { checkRowCount, headerOf, isEmptyRow, noHeader, noRows, type Sheet, type SheetRow } from './sheet.ts'
import { type CellContext, type ReadRow, RowReader } from './sheet-rows.ts'
import { type FoundSheet, findSheet } from './workbook.ts'
import { scanWholeXml, scanXml } from './xml.ts'

/** Judges the whole workbook before it reads one sheet of it; its rows are read when they are asked for. */
export async function readXlsx(path: string): Promise<Sheet> {
  const archive = await Archive.open(path)
  try {
    const found = await findSheet(archive)
    const context = await contextOf(archive, found)
    for await (const { row, cells } of rowsOf(archive, found.part, context)) {
      const header = headerOf(textsOf(cells))
      if (isEmptyRow(header)) continue
      return { header, rows: { [Symbol.asyncIterator]: () => measuresOf({ path, found, context, header, headerRow: row }) } }
    }
    throw noHeader()
  } finally {
    archive.close()
  }
}

async function contextOf(archive: Archive, { sharedStrings, styles, isFrom1904 }: FoundSheet): Promise<CellContext> {
  const shared = new SharedStrings()
  const formats = new NumberFormats()
  if (sharedStrings) await scanWholeXml(sharedStrings, archive.read(sharedStrings), shared)
  if (styles) await scanWholeXml(styles, archive.read(styles), formats)
  return { strings: shared.strings, formats, isFrom1904 }
}

async function* rowsOf(archive: Archive, part: string, context: CellContext): AsyncGenerator<ReadRow> {
  const reader = new RowReader(context)
  for await (const _ of scanXml(part, archive.read(part), reader)) yield* reader.take()
}

interface Opened {
  readonly path: string
  readonly found: FoundSheet
  readonly context: CellContext
  readonly header: readonly string[]
  readonly headerRow: number
}

async function* measuresOf({ path, found, context, header, headerRow }: Opened): AsyncGenerator<SheetRow> {
  const archive = await Archive.open(path)
  let count = 0
  try {
    for await (const read of rowsOf(archive, found.part, context)) {
      if (read.row <= headerRow) continue
      const row = rowOf(read, header)
      if (isEmptyRow(row.cells) && row.errors.length === 0) continue
      checkRowCount(++count)
      yield count === 1 ? { ...row, warnings: [...sheetNotes(found), ...row.warnings] } : row
    }
  } finally {
    archive.close()
  }
  if (count === 0) throw noRows()
}

const textsOf = (cells: ReadRow['cells']): string[] => Array.from(cells, (cell) => cell?.text ?? '')

function rowOf({ row, cells: found }: ReadRow, header: readonly string[]): SheetRow {
  const { cells, errors, warnings } = readCells(textsOf(found), header, 'text-is-text')
  header.forEach((heading, i) => {
    const column = columnName(heading, i)
    if (found[i]?.error) errors.push({ column, ...found[i].error })
    for (const warning of found[i]?.warnings ?? []) warnings.push({ column, ...warning })
  })
  return { row, cells, errors, warnings }
}

const sheetNotes = ({ name, others }: FoundSheet): Note[] =>
  others.length === 0
    ? []
    : [
        {
          code: 'not-mapped',
          detail: `The sheet "${name}" was read; other sheets were not.`,
          found: shown(others.join(', ')),
          mend: 'Send each sheet with measures as a workbook of its own.'
        }
      ]
