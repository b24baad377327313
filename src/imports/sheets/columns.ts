/**
 * The columns that a sheet of measures can have, read off the schema of measures: what the export writes is what the importer
 * reads, and a field that the schema gains is a column of both.
 */
import { MEASURE_COLUMNS } from '../../measures/measure.columns.ts'
import { TRANSLATABLE } from '../../measures/measure.schema.ts'
import { obstaclesTo } from '../../measures/publishing.ts'
import { memberShape, proseOf, type Shape, shapeAt, shapeOf, TRANSLATION_SHAPE, vocabularyOf } from './shapes.ts'

/** What stands in the cells of a column. */
export type ColumnKind =
  | 'text'
  | 'line'
  | 'number'
  | 'integer'
  | 'boolean'
  | 'date'
  /** A code of the vocabulary, or its label. */
  | 'code'
  /** Codes, separated by `|`. */
  | 'codes'
  /** Texts of one line, separated by `|`. */
  | 'texts'
  /** `system=value`, `dimension=availability`, `code=validation`: separated by `|`. */
  | 'pairs'
  | 'json'

/** A member of an object that a simple cell stands for, such as `kind` of a data source. */
export interface Side {
  readonly member: string
  readonly vocabulary?: string
}

/** A column, by its heading: the dotted path of a field, as the export writes it. */
export interface FieldColumn {
  readonly name: string
  readonly kind: ColumnKind
  /** What its codes are of; of pairs, those on the left. */
  readonly vocabulary?: string
  /** Whether the template to fill in has it. What takes JSON is for programs. */
  readonly inTemplate: boolean
  /** Whether a measure needs it before it can be published. */
  readonly required?: boolean
  /** Where a list of objects is written without JSON: the members that the parts of a cell go into. */
  readonly sides?: readonly Side[]
}

/** Lists of objects that have a column without JSON: of the members that every object needs. */
const SIMPLE: readonly string[] = ['identifiers', 'stratifiers', 'dataSources', 'languages']
/** The column of JSON beside a simple one that does not say everything. */
export const DETAILS = '.details'

type Form = Pick<FieldColumn, 'kind' | 'vocabulary' | 'sides'>

const coded = (kind: 'code' | 'codes' | 'pairs', vocabulary: string | undefined): Form => ({
  kind,
  ...(vocabulary === undefined ? {} : { vocabulary })
})

function formOf(shape: Shape, isSimple: boolean): Form {
  if (shape.type === 'array') return listForm(shapeOf(shape.items), isSimple)
  if (shape.type === 'integer' || shape.type === 'number' || shape.type === 'boolean') return { kind: shape.type }
  if (shape.type !== 'string') return { kind: 'json' }
  const vocabulary = vocabularyOf(shape)
  if (vocabulary !== undefined) return coded('code', vocabulary)
  return { kind: shape.format === 'date' ? 'date' : (proseOf(shape) ?? 'line') }
}

function listForm(item: Shape, isSimple: boolean): Form {
  if (item.type === 'string') {
    const vocabulary = vocabularyOf(item)
    return vocabulary === undefined ? { kind: 'texts' } : coded('codes', vocabulary)
  }
  if (!isSimple) return { kind: 'json' }
  const sides = (item.required ?? []).map((member) => {
    const vocabulary = vocabularyOf(memberShape(item, member) ?? {})
    return { member, ...(vocabulary === undefined ? {} : { vocabulary }) }
  })
  return { ...coded(sides.length === 1 ? 'codes' : 'pairs', sides[0]?.vocabulary), sides }
}

/** A column by its heading, if that is the path of a field that people write. */
function described(name: string): FieldColumn | undefined {
  const path = name.endsWith(DETAILS) ? name.slice(0, -DETAILS.length) : name
  const shape = shapeAt(path)
  // The columns of a composite field are its members.
  if (!shape || shape.properties) return undefined
  const form = formOf(shape, path === name && SIMPLE.includes(name))
  return { name, ...form, inTemplate: form.kind !== 'json' }
}

const CONTENT: readonly FieldColumn[] = MEASURE_COLUMNS.flatMap(({ name }) => described(name) ?? [])

/**
 * The columns without which nothing can be published. Of a composite field any member would do: the one to ask for is the first
 * with codes, since "unknown" is one of them.
 */
const REQUIRED: ReadonlySet<string> = new Set(
  ['title', ...obstaclesTo({ title: '' }).map(({ pointer }) => pointer.slice(1).replaceAll('/', '.'))].map(
    (field) =>
      CONTENT.find(({ name }) => name === field)?.name ??
      CONTENT.find(({ name, kind }) => name.startsWith(`${field}.`) && kind === 'code')?.name ??
      field
  )
)

/** The columns of content, in the order of the export. */
export const FIELD_COLUMNS: readonly FieldColumn[] = CONTENT.map((column) =>
  REQUIRED.has(column.name) ? { ...column, required: true } : column
)

/** Columns of the export that the registry keeps itself: a file may have them, and nothing is read from them. */
export const OWN_READ_ONLY: readonly string[] = MEASURE_COLUMNS.map(({ name }) => name).filter(
  (name) => !FIELD_COLUMNS.some((column) => column.name === name)
)

/** What is no field of a measure and still tells which one it is: the version that its publisher gave to it, and the day of it. */
export const RELEASE_COLUMNS: readonly FieldColumn[] = [
  { name: 'release', kind: 'line', inTemplate: false },
  { name: 'releaseDate', kind: 'date', inTemplate: false }
]

const COLUMNS: ReadonlyMap<string, FieldColumn> = new Map([...FIELD_COLUMNS, ...RELEASE_COLUMNS].map((column) => [column.name, column]))

export const IDENTIFIERS = 'identifiers.'
/** Tags of files from elsewhere may have underscores. */
const TRANSLATION = /^translations\.([A-Za-z][\w-]{1,34})\.([A-Za-z]+)$/
/** What people write of a translation: its texts, and how good it is. */
const TRANSLATION_MEMBERS: readonly string[] = [...TRANSLATABLE, 'validation']

/** The language and the member of a heading such as `translations.nl.title`. */
export function translationOf(name: string): { readonly tag: string; readonly member: string } | undefined {
  const [, tag, member] = TRANSLATION.exec(name) ?? []
  return tag !== undefined && member !== undefined && TRANSLATION_MEMBERS.includes(member) ? { tag, member } : undefined
}

/**
 * The column of a name: one of those above, `identifiers.<system>` (what one issuer calls it) or `translations.<language>.<text>`.
 * Nothing for any other name, whatever objects inherit.
 */
export function columnOf(name: string): FieldColumn | undefined {
  const known = COLUMNS.get(name)
  if (known) return known
  if (name.startsWith(IDENTIFIERS) && name.slice(IDENTIFIERS.length).trim() !== '') return { name, kind: 'texts', inTemplate: false }
  const shape = memberShape(TRANSLATION_SHAPE, translationOf(name)?.member ?? '')
  return shape && { name, ...formOf(shape, false), inTemplate: false }
}

/** Whether several columns can feed the field, each with a part of it. */
export const isList = ({ kind }: FieldColumn): boolean => kind === 'codes' || kind === 'texts' || kind === 'pairs'
