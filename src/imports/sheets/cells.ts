/** From the text of a cell to a value, by the kind of its column. Nothing is guessed: what can be read in two ways is refused. */
import type { Vocabularies } from '../../vocabularies/vocabularies.ts'
import { DETAILS, type FieldColumn, type Side, translationOf } from './columns.ts'
import type { Findings, Place } from './findings.ts'
import { parseJson } from './json-cell.ts'
import { shapeAt } from './shapes.ts'
import { codeFor, nearestTo } from './spellings.ts'
import { splitList } from './splitting.ts'
import { canonicalCode, isObject, tidy } from './tidying.ts'
import { answerOf } from './words.ts'

/** A cell of a sheet; of a list in JSON, also several texts that belong to one name. */
export type Cell = string | readonly string[]

/** A value of JSON as a cell: nothing is an empty one; lists of anything but texts, and objects, are JSON. */
export function cellOf(value: unknown): Cell {
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
  return value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** What it takes to read a cell. `separator` is what its list is split at, where that is stated. */
export interface Reading {
  readonly column: FieldColumn
  readonly place: Place
  readonly findings: Findings
  readonly lists: Vocabularies
  readonly separator?: string | undefined
}

/** The value; nothing where the cell is empty or cannot be read, which then is an error. Lists are arrays without repetition. */
export function readCell(cell: Cell, reading: Reading): unknown {
  return isBlank(cell) ? undefined : READERS[reading.column.kind](cell, reading)
}

const isBlank = (cell: Cell) => (typeof cell === 'string' ? cell.trim() === '' : cell.every((item) => item.trim() === ''))

const READERS: Record<FieldColumn['kind'], (cell: Cell, reading: Reading) => unknown> = {
  text: (cell, reading) => readProse(typeof cell === 'string' ? cell : cell.join('\n'), 'text', reading),
  line: (cell, reading) => readProse(oneText(cell), isTitle(reading.column) ? 'title' : 'line', reading),
  number: (cell, reading) => readNumber(oneText(cell), reading),
  integer: (cell, reading) => readInteger(oneText(cell), reading),
  boolean: (cell, reading) => readBoolean(oneText(cell), reading),
  date: (cell, reading) => readDate(oneText(cell), reading),
  code: (cell, reading) => readCode(oneText(cell).trim(), reading.column.vocabulary, reading),
  codes: (cell, reading) => readCodes(cell, reading),
  texts: (cell, reading) => unique(itemsOf(cell, reading).flatMap((item) => readProse(item, 'line', reading) ?? [])),
  pairs: (cell, reading) => readPairs(cell, reading),
  json: (cell, reading) => readJson(cell, reading)
}

const oneText = (cell: Cell) => (typeof cell === 'string' ? cell : cell.join(' '))
const isTitle = ({ name }: FieldColumn) => name === 'title' || translationOf(name)?.member === 'title'

/** The items of a list: of several texts each is one, a single text is split. */
const itemsOf = (cell: Cell, { column, separator }: Reading): readonly string[] =>
  typeof cell === 'string' ? splitList(cell, column, separator).items : cell

/** Lists are short; objects among them compare by what they hold. */
const unique = <T>(items: readonly T[]): T[] => [...new Map(items.map((item) => [JSON.stringify(item), item])).values()]

function readProse(text: string, prose: 'line' | 'text' | 'title', { findings, place }: Reading): string | undefined {
  return findings.clean(place, text, prose) || undefined
}

const NUMBER = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?$/i
/** With three digits behind it, a comma may as well stand between thousands. */
const DECIMAL_COMMA = /^[+-]?\d+,(?:\d{1,2}|\d{4,})$/

function readNumber(text: string, { findings, place }: Reading): number | undefined {
  const digits = text.trim()
  if (NUMBER.test(digits) && Number.isFinite(Number(digits))) return Number(digits)
  if (!DECIMAL_COMMA.test(digits))
    return findings.refuse(place, text, { code: 'invalid', detail: 'It is not a number.', expected: 'Digits, with a decimal point: 12.5' })
  const value = Number(digits.replace(',', '.'))
  findings.warn(place, text, { code: 'locale', detail: `The comma was taken for a decimal point: ${value}.` })
  return value
}

function readInteger(text: string, reading: Reading): number | undefined {
  const value = readNumber(text, reading)
  if (value === undefined || Number.isSafeInteger(value)) return value
  return reading.findings.refuse(reading.place, text, { code: 'invalid', detail: 'It is not a whole number.', expected: 'Digits: 12' })
}

function readBoolean(text: string, { findings, place }: Reading): boolean | undefined {
  const answer = answerOf(text)
  return answer ?? findings.refuse(place, text, { code: 'invalid', detail: 'It is neither yes nor no.', expected: 'true or false' })
}

/** Sheets store days as midnights. */
const DAY = /^(\d{4}-\d\d-\d\d)(?:T00:00(?::00(?:\.0+)?)?(?:Z|\+00:00)?)?$/

/** Whether the calendar has the day is for the schema to say. */
function readDate(text: string, { findings, place }: Reading): string | undefined {
  const [, day] = DAY.exec(text.trim()) ?? []
  if (day !== undefined) return day
  return findings.refuse(place, text, {
    code: 'invalid',
    detail: 'It is not a date of ISO 8601. Other forms are not read: 03-04 may be April or March.',
    expected: 'YYYY-MM-DD'
  })
}

function readCode(word: string, vocabulary: string | undefined, { lists, findings, place }: Reading): string | undefined {
  if (vocabulary === undefined) return word
  const code = canonicalCode(lists, findings, place, vocabulary, word) ?? codeFor(lists, vocabulary, word)
  return code ?? refuseCode(word, vocabulary, { lists, findings, place })
}

function refuseCode(
  word: string,
  vocabulary: string,
  { lists, findings, place }: Pick<Reading, 'lists' | 'findings' | 'place'>
): undefined {
  const nearest = findings.isFull ? undefined : nearestTo(lists, vocabulary, word)
  return findings.refuse(place, word, {
    code: 'unknown-code',
    detail: `It is neither a code of the vocabulary \`${vocabulary}\` nor a label of one.`,
    expected: `A code of \`${vocabulary}\`, or its label.`,
    ...(nearest === undefined ? {} : { mend: `Did you mean "${nearest}"?` })
  })
}

/** Labels may hold a comma, and people put one between codes: what is a code as a whole is not split. */
function codeWords(cell: Cell, reading: Reading): readonly string[] {
  const { column, lists } = reading
  const isCode = (word: string) => codeFor(lists, column.vocabulary ?? '', word) !== undefined
  const words = itemsOf(cell, reading).flatMap((item) =>
    reading.separator !== undefined || isCode(item.trim()) ? [item] : splitList(item, column, ',').items
  )
  return words.map((word) => word.trim()).filter((word) => word !== '')
}

function readCodes(cell: Cell, reading: Reading): unknown[] {
  const { vocabulary, sides } = reading.column
  const codes = unique(codeWords(cell, reading).flatMap((word) => readCode(word, vocabulary, reading) ?? []))
  const member = sides?.[0]?.member
  return member === undefined ? codes : codes.map((code) => ({ [member]: code }))
}

/** `left=right`. What is not said of a code is unknown, where its vocabulary has a word for that. */
function readPairs(cell: Cell, reading: Reading): unknown[] {
  const [left, right] = reading.column.sides ?? []
  if (!left || !right) return []
  // As the export writes them where a value holds what separates them.
  if (typeof cell === 'string' && cell.trimStart().startsWith('[')) return readPairsAsJson(cell, reading)
  const items = left.vocabulary === undefined ? wholePairs(cell, reading) : codeWords(cell, reading)
  return unique(items.map((item) => readPair(item, left, right, reading)).filter((pair) => pair !== undefined))
}

function readPairsAsJson(cell: string, reading: Reading): unknown[] {
  const items = (readJson(cell, reading) as unknown[] | undefined) ?? []
  const { findings, place, column } = reading
  if (items.every(isObject)) return items
  findings.refuse(place, cell, {
    code: 'invalid',
    detail: 'It is a list of other things than objects.',
    expected: JSON.stringify(column.sides)
  })
  return []
}

/** Values of free text may hold what separates pairs: a piece without `=` belongs to the one before. */
function wholePairs(cell: Cell, { column, separator }: Reading): readonly string[] {
  if (typeof cell !== 'string') return cell
  const { items, separator: used } = splitList(cell, column, separator)
  const whole: string[] = []
  for (const item of items) {
    if (item.includes('=') || whole.length === 0) whole.push(item)
    else whole.push(`${whole.pop()}${used}${item}`)
  }
  return whole
}

function readPair(item: string, left: Side, right: Side, reading: Reading): Record<string, string> | undefined {
  const { findings, place, lists } = reading
  const at = item.indexOf('=')
  const [first, second] = at < 0 ? [item.trim(), ''] : [item.slice(0, at).trim(), item.slice(at + 1).trim()]
  const unsaid = right.vocabulary !== undefined && lists.has(right.vocabulary, 'unknown') ? 'unknown' : undefined
  const one = first === '' ? undefined : readSide(first, left, reading)
  const other = second === '' ? unsaid : readSide(second, right, reading)
  if (first === '' || (second === '' && unsaid === undefined))
    return findings.refuse(place, item, { code: 'invalid', detail: 'One side is missing.', expected: `${left.member}=${right.member}` })
  return one === undefined || other === undefined ? undefined : { [left.member]: one, [right.member]: other }
}

const readSide = (text: string, { vocabulary }: Side, reading: Reading) =>
  vocabulary === undefined ? readProse(text, 'line', reading) : readCode(text, vocabulary, reading)

function readJson(cell: Cell, { column, place, findings, lists }: Reading): unknown {
  const text = typeof cell === 'string' ? cell : JSON.stringify(cell)
  const parsed = parseJson(text)
  if ('character' in parsed)
    return findings.refuse(place, text, {
      code: 'unreadable',
      detail: `It is not JSON: character ${parsed.character} cannot stand there.`,
      expected: 'JSON, as the export writes it.'
    })
  const path = column.name.endsWith(DETAILS) ? column.name.slice(0, -DETAILS.length) : column.name
  const placeOf = (at: readonly string[]) => ({ ...place, field: at.join('.') })
  return tidy({ lists, findings, placeOf }, parsed.value, shapeAt(path) ?? {}, path.split('.'))
}
