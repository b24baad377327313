/** The rules of a cell, the same for every kind of sheet. */
import { safeText } from '../../http/spreadsheet.ts'
import { looksLikeDate } from '../cleaning.ts'
import { type Note, shown } from '../note.ts'
import { isFormula } from './formula.ts'
import { columnLetters } from './sheet.ts'

const NUL = '\u0000'
const CONTROLS = /[^\P{Cc}\t\n\r]/gu

/** Whether a sheet holds formulas beside its texts. In a CSV file a text may be one: whoever opens it would have it calculated. */
export type FormulaRule = 'text-may-be-formula' | 'text-is-text'

/** The cells of a row, one for each column, and what is to say of them. */
export interface ReadCells {
  readonly cells: string[]
  readonly errors: Note[]
  readonly warnings: Note[]
}

export function readCells(raw: readonly string[], header: readonly string[], rule: FormulaRule): ReadCells {
  const errors: Note[] = []
  const warnings: Note[] = []
  const cells = header.map((heading, i) => {
    const { text, error, warning } = readCell(raw[i] ?? '', rule)
    const column = columnName(heading, i)
    if (error) errors.push({ column, ...error })
    if (warning) warnings.push({ column, ...warning })
    return text
  })
  const extra = raw.findIndex((cell, i) => i >= header.length && cell.trim() !== '')
  if (extra !== -1) errors.push(tooMany(extra, raw[extra]!))
  return { cells, errors, warnings }
}

/** How a report names a column: by its heading, or by its letters where it has none. */
export const columnName = (heading: string | undefined, index: number): string => heading || columnLetters(index)

interface ReadCell {
  readonly text: string
  readonly error?: Note
  readonly warning?: Note
}

function readCell(raw: string, rule: FormulaRule): ReadCell {
  // Most cells are plain or empty.
  if (raw === '') return { text: raw }
  const freed = withoutApostrophe(raw)
  if (freed.includes(NUL)) return { text: '', error: nul(freed) }
  const text = freed.replace(CONTROLS, '')
  if (rule === 'text-may-be-formula' && freed === raw && isFormula(text)) return { text, error: formula(text) }
  if (text !== freed) return { text, warning: controls(freed) }
  return looksLikeDate(text) ? { text, warning: mangled(text) } : { text }
}

/** Exports of ours, and people, put an apostrophe before what a spreadsheet would take for something else. */
const withoutApostrophe = (raw: string): string => {
  if (!raw.startsWith("'")) return raw
  const rest = raw.slice(1)
  return safeText(rest) === raw ? rest : raw
}

const nul = (text: string): Note => ({
  code: 'unstorable',
  detail: 'The cell holds the character U+0000, which cannot be stored.',
  found: shown(text),
  mend: 'Take the character out, or save the file again from the program that it came from.'
})

const formula = (text: string): Note => ({
  code: 'formula',
  detail: 'The cell looks like a formula; formulas are not calculated.',
  found: shown(text),
  expected: 'A value.',
  mend: 'Give the value, not the formula; put an apostrophe before text that starts like one.'
})

const controls = (text: string): Note => ({
  code: 'whitespace',
  detail: 'Control characters, which nobody sees, were taken out.',
  found: shown(text.replace(CONTROLS, '\uFFFD'))
})

const mangled = (text: string): Note => ({
  code: 'looks-like-date',
  detail: 'This looks like a date that a spreadsheet made of something else, such as the age band 3-17.',
  found: shown(text),
  mend: 'If it is no date, format the column as text and write it again.'
})

const tooMany = (index: number, text: string): Note => ({
  code: 'too-many-cells',
  column: columnLetters(index),
  detail: 'The row has a cell beyond the last heading.',
  found: shown(text),
  mend: 'Give the column a heading, or empty the cell. In a CSV file, put texts that hold the delimiter in double quotes.'
})
