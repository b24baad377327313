/**
 * What an import has to say of a place in a file. An error keeps its row out of the catalogue; a warning lets it in, and says what
 * was cleaned, left out or taken on trust.
 */

/** Stable codes of notes, for programs; what each means is in the guide for evaluation experts. */
export const NOTE_CODES = [
  // Errors: the row is rejected.
  'unreadable',
  'not-a-measure',
  'unsupported-version',
  'unknown-field',
  'missing',
  'invalid',
  'unknown-code',
  'too-many-cells',
  'formula',
  'unstorable',
  'ambiguous',
  'retired',
  'id-taken',
  // Warnings: the row goes in.
  'whitespace',
  'entities',
  'markup',
  'title-suffix',
  'locale',
  'looks-like-date',
  'version-as-identifier',
  'kept-apart',
  'not-mapped',
  'classified',
  'shortened',
  'draft-only',
  'draft-of-others',
  'edited-since',
  'removed',
  'older-release',
  'several-releases',
  'looks-like'
] as const
export type NoteCode = (typeof NOTE_CODES)[number]

/** One thing to say of a row. Where it is in the file stands in `column` (sheets) or `pointer` (JSON); `field` is ours. */
export interface Note {
  readonly code: NoteCode
  /** Heading of the column. */
  readonly column?: string
  /** JSON pointer (RFC 6901) into the record as it came. */
  readonly pointer?: string
  /** The field of a measure that it is about, as a dotted path. */
  readonly field?: string
  /** A sentence: what is wrong, or what was done. */
  readonly detail: string
  /** What stood there, shortened. */
  readonly found?: string
  readonly expected?: string
  /** What its author can do. */
  readonly mend?: string
}

const MAX_FOUND = 120

/** A value in which every text can be stored and shown: headings and names come from files, and hold whatever files hold. */
export function printable<T>(value: T): T {
  const clean = (text: string) => text.replaceAll('\u0000', '\u2400').toWellFormed()
  const cleaned = (each: unknown): unknown => {
    if (typeof each === 'string') return clean(each)
    if (Array.isArray(each)) return each.map(cleaned)
    if (typeof each !== 'object' || each === null) return each
    return Object.fromEntries(Object.entries(each).map(([name, member]) => [clean(name), cleaned(member)]))
  }
  return cleaned(value) as T
}

/** What was found, in a form and length that fits a report. */
export function shown(value: unknown): string {
  const text = printable(typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value)))
  return text.length > MAX_FOUND ? `${text.slice(0, MAX_FOUND).toWellFormed()}…` : text
}
