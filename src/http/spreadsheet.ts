import { stringify } from 'csv-stringify/sync'

/** A column of an export: its heading, which never changes, and its cell. */
export interface Column<T> {
  readonly name: string
  readonly cell: (item: T) => string | number | boolean | undefined
}

/**
 * Text that a spreadsheet would take for a formula (OWASP, CSV injection) or turn into a date or a number, such as the age
 * band "3-17". An apostrophe in front keeps it as it is; importers take it off again.
 */
const RISKY = /^[=+\-@\t\r\n＝＋－＠]|^'|^\d+[-/:]\d+([-/:]\d+)?$|^0\d+$|^\d{12,}$|^\d+[eE]\d+$/

export const safeText = (text: string): string => (RISKY.test(text) ? `'${text}` : text)

const safeCell = (cell: string | number | boolean | undefined): string =>
  typeof cell === 'string' ? safeText(cell) : cell === undefined ? '' : String(cell)

/** The heading line of a CSV file (RFC 4180), with the byte order mark by which spreadsheets know UTF-8. */
export const csvHeading = <T>(columns: readonly Column<T>[]): string =>
  `\uFEFF${stringify([columns.map(({ name }) => name)], { record_delimiter: 'windows' })}`

export const csvLines = <T>(columns: readonly Column<T>[], items: readonly T[]): string =>
  stringify(
    items.map((item) => columns.map(({ cell }) => safeCell(cell(item)))),
    { record_delimiter: 'windows' }
  )
