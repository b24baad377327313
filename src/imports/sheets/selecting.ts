/** Which cells count, and what they stand for: the part of a mapping that is about what a cell says. */
import type { Cell } from './cells.ts'
import { type FieldColumn, isList } from './columns.ts'
import type { Findings, Place } from './findings.ts'
import type { ColumnTarget } from './mapping.ts'
import { splitList } from './splitting.ts'
import { answerOf, sameText } from './words.ts'

/** What goes on to be read; nothing where the cell does not count. */
export function selectCell(cell: Cell, target: ColumnTarget, column: FieldColumn, findings: Findings, place: Place): Cell | undefined {
  const { value, when, unless, values } = target
  if (value === undefined && !when && !unless && !values) return cell
  const said = textsOf(cell, target, column).filter((text) => text.trim() !== '' && !isAmong(text, unless))
  if (value !== undefined) return said.some((text) => isMeant(text, when, findings, place)) ? value : undefined
  const counted = when ? said.filter((text) => isAmong(text, when)) : said
  const mapped = values ? counted.map((text) => mappedTo(text, values)).filter((text) => text !== undefined) : counted
  if (mapped.length === 0) return undefined
  if (!isList(column)) return typeof cell === 'string' ? mapped[0] : mapped
  // A text may stand for several codes.
  return column.vocabulary === undefined ? mapped : mapped.flatMap((text) => text.split('|'))
}

/** The texts of a cell that are compared, each by itself. */
function textsOf(cell: Cell, { values, separator, value }: ColumnTarget, column: FieldColumn): readonly string[] {
  if (typeof cell !== 'string') return cell
  if (!isList(column) || value !== undefined || (values && mappedTo(cell, values) !== cell)) return [cell]
  const { items } = splitList(cell, column, separator)
  // People put commas between codes; a text that the mapping knows with its comma was found above.
  return values && column.vocabulary !== undefined && separator === undefined
    ? items.flatMap((item) => (mappedTo(item, values) === item ? splitList(item, column, ',').items : [item]))
    : items
}

const isAmong = (text: string, texts: readonly string[] | undefined): boolean =>
  texts?.some((each) => sameText(each) === sameText(text)) ?? false

/** What a text stands for: itself where the mapping does not know it, nothing where it says so. */
function mappedTo(text: string, values: NonNullable<ColumnTarget['values']>): string | undefined {
  const found = Object.entries(values).find(([each]) => sameText(each) === sameText(text))
  return found ? (found[1] ?? undefined) : text
}

function isMeant(text: string, when: readonly string[] | undefined, findings: Findings, place: Place): boolean {
  if (when) return isAmong(text, when)
  const answer = answerOf(text)
  if (answer === undefined)
    findings.warn(place, text, {
      code: 'not-mapped',
      detail: 'It is neither yes nor no, and was left out.',
      mend: 'Say in `when` of the mapping which cells mean yes.'
    })
  return answer ?? false
}
