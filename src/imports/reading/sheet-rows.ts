/** The rows of a worksheet, one after the other; the sheet as a whole is never held. */
import { type Note, shown } from '../note.ts'
import { dateText, type NumberFormats } from './number-formats.ts'
import { MAX_COLUMNS } from './sheet.ts'
import { malformed } from './unreadable.ts'
import { attribute, plainText, type XmlHandler } from './xml.ts'

/** Limits of spreadsheet programs. */
const LAST_ROW = 1_048_576
const LAST_COLUMN = 16_384
/** A cell holds 32,767 characters; each may be written as an entity. */
const MAX_TEXT = 256 * 1024

const ADDRESS = /^([A-Z]{1,3})([1-9]\d{0,6})$/

/** What cells refer to. */
export interface CellContext {
  readonly strings: readonly string[]
  readonly formats: NumberFormats
  readonly isFrom1904: boolean
}

export type CellNote = Omit<Note, 'column'>

export interface SheetCell {
  readonly text: string
  readonly error?: CellNote
  readonly warnings?: readonly CellNote[]
}

export interface ReadRow {
  /** As the spreadsheet numbers it. */
  readonly row: number
  /** By column; there are gaps. */
  readonly cells: readonly (SheetCell | undefined)[]
}

interface OpenCell {
  readonly column: number
  readonly type: string
  readonly style: number
  /** Text of its value; nothing where it has none. */
  value: string | undefined
  isFormula: boolean
}

export class RowReader implements XmlHandler {
  readonly #context: CellContext
  #found: ReadRow[] = []
  #row = 0
  #column = 0
  #cells: (SheetCell | undefined)[] = []
  #cell: OpenCell | undefined
  #isValue = false
  #isPhonetic = false

  constructor(context: CellContext) {
    this.#context = context
  }

  /** The rows with something in them that became whole since it was asked last. */
  take(): ReadRow[] {
    const found = this.#found
    this.#found = []
    return found
  }

  open(name: string, attributes: string): void {
    if (name === 'row') this.#enterRow(attributes)
    else if (name === 'c') this.#enterCell(attributes)
    else if (!this.#cell) return
    else if (name === 'f') this.#cell.isFormula = true
    else if (name === 'rPh') this.#isPhonetic = true
    else if (name === 'v' || name === 't') this.#isValue = !this.#isPhonetic
    if (name === 'v' || name === 'is') this.#cell!.value ??= ''
  }

  text(text: string): void {
    if (!this.#isValue || !this.#cell) return
    this.#cell.value = (this.#cell.value ?? '') + text
    if (this.#cell.value.length > MAX_TEXT) throw damaged(`a cell of row ${this.#row} is longer than any spreadsheet allows`)
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.#isValue = false
    else if (name === 'rPh') this.#isPhonetic = false
    else if (name === 'c') this.#leaveCell()
    else if (name === 'row' && this.#cells.length > 0) this.#found.push({ row: this.#row, cells: this.#cells })
  }

  #enterRow(attributes: string): void {
    const last = this.#row
    this.#row = Number(attribute(attributes, 'r') ?? last + 1)
    if (!(Number.isInteger(this.#row) && this.#row > last && this.#row <= LAST_ROW))
      throw damaged(`row ${attribute(attributes, 'r')} follows row ${last}`)
    this.#column = 0
    this.#cells = []
  }

  #enterCell(attributes: string): void {
    const address = attribute(attributes, 'r')
    this.#column = address === undefined ? this.#column + 1 : columnOf(address)
    if (this.#column > LAST_COLUMN) throw damaged(`column ${this.#column} in row ${this.#row}`)
    const [type, style] = [attribute(attributes, 't') ?? 'n', Number(attribute(attributes, 's') ?? 0)]
    this.#cell = { column: this.#column, type, style, value: undefined, isFormula: false }
  }

  #leaveCell(): void {
    const cell = this.#cell
    this.#cell = undefined
    this.#isValue = false
    if (!cell || (cell.value === undefined && !cell.isFormula)) return
    if (cell.column > MAX_COLUMNS)
      throw malformed(`Row ${this.#row} has a cell in column ${cell.column}; ${MAX_COLUMNS} columns are read. Delete what is not needed.`)
    this.#cells[cell.column - 1] = this.#read(cell)
  }

  #read(cell: OpenCell): SheetCell {
    // The result of a formula may be an empty text, but no empty number.
    if (cell.value === undefined || (cell.isFormula && cell.value === '' && cell.type !== 'str')) return { text: '', error: NOT_CALCULATED }
    if (cell.type === 'e') return { text: '', error: errorValue(cell.value) }
    const { text, isDate } = this.#valueOf(cell, cell.value)
    const warnings = [...(isDate ? [dateNote(text)] : []), ...(cell.isFormula ? [calculated(text)] : [])]
    return warnings.length > 0 ? { text, warnings } : { text }
  }

  #valueOf({ type, style }: OpenCell, value: string): { text: string; isDate?: boolean } {
    const { strings, formats, isFrom1904 } = this.#context
    if (type === 's') {
      const text = value === '' ? '' : strings[Number(value)]
      if (text === undefined) throw damaged(`row ${this.#row} refers to text ${value}, which is not there`)
      return { text }
    }
    if (type === 'b') return { text: value === '1' ? 'true' : 'false' }
    if (type === 'd') return { text: value.replace(/T00:00:00(?:\.0+)?Z?$/, ''), isDate: true }
    const number = Number(value)
    if (type !== 'n' || value.trim() === '' || Number.isNaN(number)) return { text: plainText(value) }
    const date = formats.isDate(style) ? dateText(number, isFrom1904) : undefined
    // Spreadsheets calculate with 15 digits; what stands behind them is noise.
    return date === undefined ? { text: String(Number(number.toPrecision(15))) } : { text: date, isDate: true }
  }
}

function columnOf(address: string): number {
  const [, letters] = ADDRESS.exec(address) ?? []
  if (letters === undefined) throw damaged(`cell ${address.slice(0, 20)}`)
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0)
}

const damaged = (what: string) =>
  malformed(`The sheet is damaged: ${what}. Open the workbook in a spreadsheet program and save it again as .xlsx.`)

const dateNote = (text: string): CellNote => ({
  code: 'looks-like-date',
  detail: 'The spreadsheet holds a date here.',
  found: text,
  mend: 'If an age band such as 3-17 was meant, format the column as text and write it again.'
})

const calculated = (text: string): CellNote => ({
  code: 'formula',
  detail: 'Calculated by a formula; its last value was taken.',
  found: shown(text)
})

const VALUE_NOT_FORMULA = 'Give the value, not the formula.'
const NOT_CALCULATED: CellNote = { code: 'formula', detail: 'The formula has no value yet.', mend: VALUE_NOT_FORMULA }
const errorValue = (value: string): CellNote => ({
  code: 'formula',
  detail: `The cell holds the error ${shown(value)}.`,
  found: shown(value),
  mend: VALUE_NOT_FORMULA
})
