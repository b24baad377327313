/** A sheet of any kind of file: a heading and rows. How large it may be is the same for all. */
import type { Note } from '../note.ts'
import { malformed, tooLarge } from './unreadable.ts'

export const MAX_COLUMNS = 1_000
export const MAX_ROWS = 100_000

export interface Sheet {
  /** Headings, each on one line; a column without one has ''. */
  readonly header: readonly string[]
  readonly rows: AsyncIterable<SheetRow>
}

export interface SheetRow {
  /** Line as a spreadsheet numbers it, counting empty ones. */
  readonly row: number
  /** As many as there are columns. */
  readonly cells: readonly string[]
  readonly errors: readonly Note[]
  readonly warnings: readonly Note[]
}

/** The name that a spreadsheet gives to a column: the first (0) is A, the 28th (27) is AB. */
export function columnLetters(index: number): string {
  let letters = ''
  for (let rest = index; rest >= 0; rest = Math.floor(rest / 26) - 1) letters = String.fromCharCode(65 + (rest % 26)) + letters
  return letters
}

export const isEmptyRow = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === '')

/** The headings of a row: line breaks and runs of blanks become one blank. */
export function headerOf(cells: readonly string[]): string[] {
  const header = cells.map((cell) => cell.replace(/\s+/g, ' ').trim())
  if (header.length > MAX_COLUMNS)
    throw malformed(`The sheet has ${header.length} columns; ${MAX_COLUMNS} are read. Delete the columns that are not needed.`)
  return header
}

/** Throws where a sheet has more rows than are read. */
export function checkRowCount(count: number): void {
  if (count > MAX_ROWS) throw tooLarge(`The sheet has more than ${MAX_ROWS} rows: split the file.`)
}

export const noHeader = () =>
  malformed('The file is empty: the first row must hold the headings of the columns, and each row below it a measure.')
export const noRows = () => malformed('The sheet has headings but no rows below them: there is nothing to import.')
