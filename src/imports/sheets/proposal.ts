/** What the headings of a sheet say by themselves: nothing is guessed from what stands below them. */
import { COMMENT } from '../comment.ts'
import { columnOf, FIELD_COLUMNS, type FieldColumn, isList, OWN_READ_ONLY } from './columns.ts'
import { KNOWN_LISTS, type KnownList } from './known-lists.ts'
import { type ColumnMapping, headingOf } from './mapping.ts'
import synonyms from './synonyms.json' with { type: 'json' }
import { plainWord } from './words.ts'

/** A mapping to look at before the file goes in. */
export interface Proposal {
  readonly mapping: ColumnMapping
  /** The name of the list that others publish, if it is one that is known. */
  readonly recognised?: string
  /** Headings that go nowhere. */
  readonly unmapped: readonly string[]
}

/** A mapping for these headings: that of a known list, or else by their own names and by what the fields are called in five languages. */
export function proposeMapping(header: readonly string[]): Proposal {
  const headings = [...new Set(header.map(headingOf))].filter((heading) => heading !== '' && heading !== COMMENT)
  const list = KNOWN_LISTS.find(({ recognisedBy }) => recognisedBy.every((heading) => headings.includes(heading)))
  const mapping = list ? listMapping(list, headings) : ownMapping(headings)
  return {
    mapping,
    ...(list ? { recognised: list.name } : {}),
    unmapped: headings.filter((heading) => !Object.hasOwn(mapping, heading))
  }
}

/** Members that the first object lacks may be in those that follow. */
function listMapping({ records, mapping, constants }: KnownList, headings: readonly string[]): ColumnMapping {
  const there = Object.entries(mapping).filter(([heading]) => records === 'objects' || headings.includes(heading))
  const always = constants.map(({ field, value }) => [`* ${field}`, { field, value, always: true }] as const)
  return Object.fromEntries([...there, ...always])
}

function ownMapping(headings: readonly string[]): ColumnMapping {
  const targets = headings.flatMap((heading) => {
    const field = fieldFor(heading)
    return field === undefined ? [] : [{ heading, field }]
  })
  const isCertain = ({ heading, field }: { heading: string; field: string | null }) => {
    const column = field === null ? undefined : columnOf(field)
    const rivals = targets.filter((other) => other.field === field && other.heading !== heading)
    // The heading of the field itself is meant for it. Of two others for one value nobody knows which is.
    return !column || isList(column) || rivals.length === 0 || heading === field
  }
  return Object.fromEntries(targets.filter(isCertain).map(({ heading, field }) => [heading, field]))
}

/** The field of a heading; null for what the registry keeps itself. */
function fieldFor(heading: string): string | null | undefined {
  if (columnOf(heading)) return heading
  if (OWN_READ_ONLY.includes(heading)) return null
  return BY_WORD.get(plainWord(heading))
}

/**
 * A heading of any case is not meant for these: an "ID" is that of its publisher, and what other sheets call evidence or use is no
 * JSON.
 */
const isOwnFormOnly = ({ name, kind }: FieldColumn) => name === 'id' || name === 'identifiers' || kind === 'json'

const words: readonly (readonly [string, string])[] = [
  ...FIELD_COLUMNS.filter((column) => !isOwnFormOnly(column)).map(({ name }) => [plainWord(name), name] as const),
  ...Object.entries(synonyms).flatMap(([field, spellings]) => spellings.map((spelling) => [plainWord(spelling), field] as const))
]
/** A word that could be two fields is none. */
const BY_WORD: ReadonlyMap<string, string> = new Map(
  words.filter(([word, field]) => word !== '' && words.every(([other, another]) => other !== word || another === field))
)
