/** Judges what was understood of a record: by the schema of measures, and by what no schema says. */
import { explain, pointerOf, type SchemaError, tellingErrors } from '../json/explaining.ts'
import { unstorableIn } from '../json/storable.ts'
import { validatorOf } from '../json/validator.ts'
import { faultsIn, type OpenLists } from '../measures/content.check.ts'
import { MEASURE_SCHEMAS, MeasureContent, SLUG } from '../measures/measure.schema.ts'
import type { Interpreted } from './candidate.ts'
import { type Note, type NoteCode, shown } from './note.ts'

/** More errors than this in one record say nothing that the first ones do not. */
const MAX_ERRORS = 30

/** A judge of records; made once, since compiling the schema takes a while. */
export function recordChecker(lists: OpenLists): (interpreted: Interpreted) => Note[] {
  const validate = validatorOf(MeasureContent, MEASURE_SCHEMAS)
  return ({ content, identity }) => {
    const unstorable = unstorableIn(content)
    if (unstorable) return [note('unstorable', unstorable.pointer, unstorable.detail)]
    const wrong = tellingErrors(validate(content))
    const errors = wrong.length > 0 ? wrong.map(schemaNote) : faultsIn(content as MeasureContent, lists).map(faultNote)
    return [...identityErrors(identity), ...errors].slice(0, MAX_ERRORS)
  }
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
    ...(nearest ? { mend: `Did you mean "${nearest}"?` } : {})
  })
}

const faultNote = ({ pointer, detail, nearest }: ReturnType<typeof faultsIn>[number]): Note =>
  note('unknown-code', pointer, detail, nearest ? { mend: `Did you mean "${nearest}"?` } : {})

function identityErrors({ id }: Interpreted['identity']): Note[] {
  if (id === undefined || new RegExp(SLUG).test(id)) return []
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
