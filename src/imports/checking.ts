/** Judges what was understood of a record: by the schema of measures, and by what no schema says. */
import { explain, pointerOf, type SchemaError, tellingErrors } from '../json/explaining.ts'
import { unstorableIn } from '../json/storable.ts'
import { validatorOf } from '../json/validator.ts'
import { faultsIn, type OpenLists } from '../measures/content.check.ts'
import { MEASURE_SCHEMAS, MeasureContent, SLUG } from '../measures/measure.schema.ts'
import { RESERVED_IDS } from '../measures/measure.ts'
import type { Interpreted } from './candidate.ts'
import { type Note, type NoteCode, shown } from './note.ts'

/** More errors than this in one record say nothing that the first ones do not. */
const MAX_ERRORS = 20

let validate: ReturnType<typeof validatorOf> | undefined

/** A judge of contents by the schema of measures, which is compiled once: that takes a while. */
export function contentChecker(lists: OpenLists): (content: unknown) => Note[] {
  return (content) => {
    validate ??= validatorOf(MeasureContent, MEASURE_SCHEMAS)
    const wrong = tellingErrors(validate(content))
    const errors = wrong.length > 0 ? wrong.map(schemaNote) : faultsIn(content as MeasureContent, lists).map(faultNote)
    return bounded(errors)
  }
}

/** A judge of records as they were understood. */
export function recordChecker(lists: OpenLists): (interpreted: Interpreted) => Note[] {
  const check = contentChecker(lists)
  return ({ content, identity }) => {
    const unstorable = unstorableIn({ ...content, ...identity })
    if (unstorable) return [note('unstorable', unstorable.pointer, unstorable.detail)]
    return check(content)
  }
}

function bounded(errors: readonly Note[]): Note[] {
  if (errors.length <= MAX_ERRORS) return [...errors]
  const rest = errors.length - MAX_ERRORS
  return [...errors.slice(0, MAX_ERRORS), { code: 'invalid', detail: `And ${rest} more.` }]
}

/** Notes on a content, with the place in the record where that is the same, or the column that the field came from. */
export function placed(notes: readonly Note[], where: { readonly isOwn: boolean; readonly columns?: ReadonlyMap<string, string> }): Note[] {
  return notes.map((each) => {
    if (each.field === undefined || each.pointer !== undefined || each.column !== undefined) return each
    if (where.isOwn) return { ...each, pointer: `/${each.field.replaceAll('.', '/')}` }
    const parts = each.field.split('.')
    const column = parts.map((_, i) => where.columns?.get(parts.slice(0, parts.length - i).join('.'))).find((found) => found !== undefined)
    return column === undefined ? each : { ...each, column }
  })
}

const note = (code: NoteCode, pointer: string, detail: string, rest: Partial<Note> = {}): Note => ({
  code,
  field: pointer.slice(1).replaceAll('/', '.'),
  detail,
  ...rest
})

const CODES: Record<string, NoteCode> = { additionalProperties: 'unknown-field', required: 'missing', enum: 'unknown-code' }

function schemaNote(error: SchemaError): Note {
  const { detail, nearest } = explain(error)
  return note(CODES[error.keyword] ?? 'invalid', pointerOf(error), detail, {
    ...(error.data === undefined || error.keyword === 'required' || error.keyword === 'additionalProperties'
      ? {}
      : { found: shown(error.data) }),
    ...(nearest ? { mend: `Write "${nearest}" if that is meant.` } : {})
  })
}

const faultNote = ({ pointer, detail, nearest }: ReturnType<typeof faultsIn>[number]): Note =>
  note('unknown-code', pointer, detail, nearest ? { mend: `Did you mean "${nearest}"?` } : {})

/** What is wrong with the identifier that a record gives itself. */
export function identityErrors({ id }: Interpreted['identity']): Note[] {
  if (id === undefined || (new RegExp(SLUG).test(id) && !RESERVED_IDS.has(id))) return []
  return [
    {
      code: 'invalid',
      field: 'id',
      found: shown(id),
      detail: 'It is not an identifier of this registry.',
      expected: 'lower-case letters, digits and hyphens, 2 to 80 of them',
      mend: 'Leave it out, and one is made from the title.'
    }
  ]
}
