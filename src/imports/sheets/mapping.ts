/** Which column of a sheet, or which member of objects that are not ours, goes into which field. */
import { closest } from 'fastest-levenshtein'
import { type Static, Type } from 'typebox'
import { component } from '../../component.ts'
import { explain, pointerOf, tellingErrors } from '../../json/explaining.ts'
import { validatorOf } from '../../json/validator.ts'
import { CODES } from '../../vocabularies/codes.ts'
import { type Note, shown } from '../note.ts'
import { cellOf } from './cells.ts'
import { columnOf, FIELD_COLUMNS, type FieldColumn, isList, OWN_READ_ONLY, RELEASE_COLUMNS } from './columns.ts'
import { isObject } from './tidying.ts'

const MAX_ENTRIES = 1_000
const MAX_NAME = 200

const cellText = (description: string) => Type.String({ minLength: 1, maxLength: 1_000, description })
const cellTexts = (description: string) =>
  Type.Optional(Type.Array(cellText('A text, compared without case.'), { minItems: 1, maxItems: 1_000, description }))

const target = () =>
  Type.Object(
    {
      field: Type.String({
        minLength: 1,
        maxLength: 600,
        description:
          'A column of our export, such as `specification.numerator`; or `identifiers.<system>`, `translations.<language>.<text>`, `release`, `releaseDate`.'
      }),
      value: Type.Optional(cellText('What goes into the field, instead of the cell, where the cell says yes (or `when`).')),
      when: cellTexts('Cells that count; any other is left out.'),
      unless: cellTexts('Cells that say nothing, such as `N/A`.'),
      values: Type.Optional(
        Type.Record(Type.String(), Type.Union([Type.String({ maxLength: 1_000 }), Type.Null()]), {
          maxProperties: 1_000,
          description: 'Text of a cell -> what goes into the field; null leaves it out.'
        })
      ),
      separator: Type.Optional(Type.String({ minLength: 1, maxLength: 10, description: 'What stands between the items of a list.' })),
      always: Type.Optional(
        Type.Boolean({
          description: 'Whether `value` goes into every record, whatever its heading; fields that a record fills itself keep what it says.'
        })
      )
    },
    { additionalProperties: false, description: 'A field, and how to read the cells that go into it.' }
  )
export type ColumnTarget = Static<ReturnType<typeof target>>

export const ColumnMapping = component(
  'ColumnMapping',
  Type.Record(
    Type.String(),
    Type.Union([Type.String({ maxLength: 600, description: 'A field.' }), target(), Type.Null()], {
      description: 'Where the column goes; null leaves it out.'
    }),
    {
      maxProperties: MAX_ENTRIES,
      description: 'Heading of a column, or name of a member (`outer.inner` for a member of an object) -> field of a measure.'
    }
  )
)
export type ColumnMapping = Readonly<Record<string, string | ColumnTarget | null>>

/** Compiling a schema takes some milliseconds: it is done for the first mapping that comes. */
let validate: ReturnType<typeof validatorOf> | undefined
const faultsOf = (entry: unknown) => {
  validate ??= validatorOf(component('ColumnTarget', target()), [])
  return validate(entry)
}

/** What a heading is mapped to, in its long form. */
export const targetOf = (entry: string | ColumnTarget): ColumnTarget => (typeof entry === 'string' ? { field: entry } : entry)

/** Headings have blanks as sheets are read: one between words. */
export const headingOf = (text: string): string => text.replace(/\s+/g, ' ').trim()

/**
 * A mapping as somebody sent it, checked against the headings of the sheet where there is one. Every entry that does not fit is
 * named, with the nearest that would.
 */
export function readMapping(
  input: unknown,
  header?: readonly string[]
): { readonly mapping: ColumnMapping } | { readonly errors: readonly [Note, ...Note[]] } {
  if (!isObject(input)) return { errors: [invalid({ found: shown(input), detail: 'A mapping is an object: heading -> field.' })] }
  const entries = Object.entries(input).map(([heading, entry]) => [headingOf(heading), entry] as const)
  if (entries.length > MAX_ENTRIES) return { errors: [invalid({ detail: `A mapping has ${MAX_ENTRIES} entries at most.` })] }
  const checked = entries.map(([heading, entry]) => {
    const shapeNotes = shapeErrors(heading, entry)
    if (shapeNotes.length > 0) return shapeNotes
    const known = entry as string | ColumnTarget | null
    return [...headingErrors(heading, known, header), ...(known === null ? [] : targetErrors(heading, targetOf(known)))]
  })
  const errors = [...checked.flat(), ...twice(entries)]
  const [first, ...rest] = errors.length > 0 ? errors : conflicts(entries as [string, string | ColumnTarget | null][])
  // An object made from entries has its own members only, `__proto__` among them.
  return first ? { errors: [first, ...rest] } : { mapping: Object.fromEntries(entries) as ColumnMapping }
}

const invalid = (rest: Omit<Note, 'code'>): Note => ({ code: 'invalid', ...rest })

function shapeErrors(heading: string, entry: unknown): Note[] {
  if (heading === '__proto__') return [invalid({ column: heading, detail: 'This is no heading that can be mapped.' })]
  if (entry === null || typeof entry === 'string') return []
  if (!isObject(entry)) return [invalid({ column: heading, found: shown(entry), detail: 'A heading goes into a field, or null.' })]
  return tellingErrors(faultsOf(entry)).map((fault) =>
    invalid({ column: heading, pointer: pointerOf(fault), detail: explain(fault).detail })
  )
}

/** The name that may have been meant by one that is not there. */
function meant(name: string, names: readonly string[]): { mend?: string } {
  return names.length > 0 && name !== '' && name.length <= MAX_NAME ? { mend: `Did you mean "${closest(name, names as string[])}"?` } : {}
}

function headingErrors(heading: string, entry: string | ColumnTarget | null, header: readonly string[] | undefined): Note[] {
  if (!header || header.includes(heading) || (typeof entry === 'object' && entry?.always)) return []
  const headings = header.filter((each) => each !== '')
  return [invalid({ column: heading, detail: 'The sheet has no column with this heading.', ...meant(heading, headings) })]
}

const FIELD_NAMES: readonly string[] = [...FIELD_COLUMNS, ...RELEASE_COLUMNS].map(({ name }) => name)

function targetErrors(heading: string, { field, value, values = {}, always }: ColumnTarget): Note[] {
  const column = columnOf(field)
  const place = { column: heading, field }
  if (!column) return [unknownField(heading, field)]
  const texts = [...(value === undefined ? [] : [value]), ...Object.values(values).filter((text) => text !== null)]
  return [
    ...(always && value === undefined ? [invalid({ ...place, detail: '`always` needs a `value`.' })] : []),
    ...texts.flatMap((text) => codeErrors(place, text, column))
  ]
}

function unknownField(heading: string, field: string): Note {
  const place = { code: 'unknown-field', column: heading, field } as const
  return OWN_READ_ONLY.includes(field)
    ? { ...place, detail: 'The registry keeps this itself.', mend: 'Map the heading to null.' }
    : { ...place, detail: 'There is no such field.', ...meant(field, FIELD_NAMES) }
}

/** What a mapping puts into a field of a closed list is a code: a mistake there would be in every row. */
function codeErrors(place: Pick<Note, 'column' | 'field'>, text: string, { kind, vocabulary = '' }: FieldColumn): Note[] {
  if ((kind !== 'code' && kind !== 'codes') || !Object.hasOwn(CODES, vocabulary)) return []
  const codes: readonly string[] = CODES[vocabulary as keyof typeof CODES]
  return (kind === 'codes' ? text.split('|') : [text])
    .filter((code) => !codes.includes(code))
    .map((code) => ({
      code: 'unknown-code',
      ...place,
      found: shown(code),
      detail: `It is not a code of the vocabulary \`${vocabulary}\`.`,
      ...meant(code, codes)
    }))
}

/** Headings that are the same once blanks are tidied. */
const twice = (entries: readonly (readonly [string, unknown])[]): Note[] =>
  entries
    .filter(([heading], i) => entries.findIndex(([other]) => other === heading) < i)
    .map(([heading]) => invalid({ column: heading, detail: 'The heading stands there twice.' }))

/**
 * Several columns that feed a field which holds one value. Where each says yes or no to a value of its own, a row tells which is
 * meant.
 */
function conflicts(entries: readonly (readonly [string, string | ColumnTarget | null])[]): Note[] {
  const plain = new Map<string, string>()
  return entries.flatMap(([heading, entry]) => {
    if (entry === null) return []
    const { field, value } = targetOf(entry)
    const column = columnOf(field)
    if (!column || isList(column) || value !== undefined) return []
    const first = plain.get(field)
    plain.set(field, first ?? heading)
    const detail = `The field holds one value, and "${first}" already goes into it.`
    return first === undefined ? [] : [invalid({ column: heading, field, detail, mend: 'Map one of the two to null.' })]
  })
}

/**
 * The members of an object as the cells of a row, by name; those of objects inside by dotted path. Texts in a list stay several; other
 * lists become JSON. What is absent is an empty cell, so that the names are all there. Anything but an object has none.
 */
export function cellsOfObject(value: unknown): Readonly<Record<string, unknown>> {
  const cells: Record<string, unknown> = Object.create(null)
  if (isObject(value)) addCells(cells, value, '')
  return cells
}

/** Objects deeper than this are no columns to anyone. */
const MAX_DEPTH = 8

function addCells(cells: Record<string, unknown>, object: Readonly<Record<string, unknown>>, prefix: string, depth = 1): void {
  for (const [name, value] of Object.entries(object)) {
    const path = `${prefix}${name}`
    if (isObject(value) && depth < MAX_DEPTH) addCells(cells, value, `${path}.`, depth + 1)
    else cells[path] = cellOf(value)
  }
}
