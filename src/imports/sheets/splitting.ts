/** Where a list in a cell comes apart. */
import { URI_SYSTEM } from '../../measures/identifiers.ts'
import { type FieldColumn, IDENTIFIERS } from './columns.ts'

export interface Split {
  readonly items: readonly string[]
  /** What stood between them. */
  readonly separator: string
}

/** In codes there is none of these. */
const BETWEEN_CODES = /[|;\n]/
/** In free text one may belong to an item: the first of them that the cell has is what separates. */
const BETWEEN_TEXTS = ['|', '\n', ';']
/** In addresses nothing else is certain to be no part of them. */
const BETWEEN_ADDRESSES = ['\n']

/** The items of a list without blanks around them; at a stated separator, or else at those that the column allows. */
export function splitList(cell: string, column: FieldColumn, stated?: string): Split {
  const text = cell.replace(/\r\n?/g, '\n')
  if (stated === undefined && column.vocabulary !== undefined) return { items: itemsOf(text.split(BETWEEN_CODES)), separator: '|' }
  const usual = column.name === `${IDENTIFIERS}${URI_SYSTEM}` ? BETWEEN_ADDRESSES : BETWEEN_TEXTS
  const separator = stated ?? usual.find((each) => text.includes(each)) ?? usual[0]!
  return { items: itemsOf(text.split(separator)), separator }
}

const itemsOf = (pieces: readonly string[]) => pieces.map((piece) => piece.trim()).filter((piece) => piece !== '')
