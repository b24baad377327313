/** Imports as they are asked for and reported. */
import { type Static, Type } from 'typebox'
import { component, oneOf, ref } from '../component.ts'
import { FormatParameter } from '../http/parameters.ts'
import { MeasureId, Version } from '../measures/measure.schema.ts'
import { FORMATS } from './candidate.ts'
import { NOTE_CODES } from './note.ts'
import { OUTCOMES, STATES } from './outcomes.ts'
import { ColumnMapping } from './sheets/mapping.ts'

const closed = { additionalProperties: false }
const count = (description: string) => Type.Integer({ minimum: 0, description })
const flag = (description: string) => Type.Optional(Type.Boolean({ default: false, description }))

export const ImportNote = component(
  'ImportNote',
  Type.Object(
    {
      code: oneOf(NOTE_CODES, 'What kind of note, for programs.'),
      column: Type.Optional(Type.String({ description: 'Heading of the column.' })),
      pointer: Type.Optional(Type.String({ description: 'Where in the record (JSON pointer, RFC 6901).' })),
      field: Type.Optional(Type.String({ description: 'The field of a measure that it is about.' })),
      detail: Type.String({ description: 'What is wrong, or what was done.' }),
      found: Type.Optional(Type.String({ description: 'What stood there, shortened.' })),
      expected: Type.Optional(Type.String({ description: 'What is expected there.' })),
      mend: Type.Optional(Type.String({ description: 'What its author can do.' }))
    },
    { ...closed, description: 'Something to say of a place in a file.' }
  )
)

export const ReportRow = component(
  'ImportRow',
  Type.Object(
    {
      row: Type.Integer({
        minimum: 0,
        description: 'Its place as people count: the line of a sheet or of NDJSON, else the position from 1.'
      }),
      at: Type.String({ description: 'Its place in words, or as a JSON pointer into the file.' }),
      id: Type.Optional(MeasureId),
      version: Type.Optional(Version),
      title: Type.Optional(Type.String({ description: 'The title as it was understood.' })),
      outcome: oneOf(
        OUTCOMES,
        'Created or updated: as a version where publication was asked for, else as a draft. Draft-only: publication was asked for, and something is missing. Unchanged: nothing new. Rejected: see `errors`.'
      ),
      errors: Type.Array(ref(ImportNote), { description: 'Why the row was rejected.' }),
      warnings: Type.Array(ref(ImportNote), { description: 'What was cleaned, left out or noticed; the row went in.' }),
      lacks: Type.Optional(
        Type.Array(Type.String({ description: 'A field.' }), { description: 'What the measure needs before it can be published.' })
      )
    },
    { ...closed, description: 'What became of one record of a file.' }
  )
)
export type ReportRow = Static<typeof ReportRow>

const summary = {
  id: Type.String({ description: 'Identifier of the import.' }),
  at: Type.String({ format: 'date-time', description: 'When.' }),
  by: Type.String({ description: 'Who brought the file.' }),
  state: oneOf(STATES, 'A dry run changed nothing; refused: nothing went in because it was to be all or nothing.'),
  file: Type.Optional(Type.String({ description: 'Name of the file.' })),
  format: oneOf(FORMATS, 'What the records are.'),
  mediaType: Type.String({ description: 'The type that it was sent as.' }),
  bytes: count('Size of the file.'),
  sha256: Type.String({ description: 'SHA-256 of the file.' }),
  dryRun: Type.Boolean({ description: 'Whether it was a dry run.' }),
  publish: Type.Boolean({ description: 'Whether publication was asked for.' }),
  atomic: Type.Boolean({ description: 'Whether it was to be all rows or none.' }),
  columns: Type.Optional(Type.Array(Type.String({ description: 'A heading.' }), { description: 'Headings of a sheet, in its order.' })),
  recognised: Type.Optional(Type.String({ description: 'The known list that the columns are of.' })),
  mapping: Type.Optional(ref(ColumnMapping)),
  unmapped: Type.Optional(
    Type.Array(Type.String({ description: 'A heading.' }), { description: 'Columns that go into no field. They are kept with the record.' })
  ),
  total: count('Records in the file.'),
  created: count('How many are new.'),
  updated: count('How many changed a measure.'),
  unchanged: count('How many brought nothing new.'),
  draftOnly: count('How many were to be published, and are drafts because something is missing.'),
  rejected: count('How many did not go in.'),
  warnings: Type.Record(Type.String(), count('How often.'), { description: 'How often each kind of warning was given.' }),
  reverted: Type.Optional(
    Type.Object(
      {
        at: Type.String({ format: 'date-time', description: 'When.' }),
        by: Type.String({ description: 'By whom.' }),
        reason: Type.Optional(Type.String({ description: 'Why.' }))
      },
      { ...closed, description: 'That it was taken back.' }
    )
  )
}
export const ImportSummary = component('ImportSummary', Type.Object(summary, { ...closed, description: 'An import, without its rows.' }))
export type ImportSummary = Static<typeof ImportSummary>

export const ImportReport = component(
  'ImportReport',
  Type.Object(
    { ...summary, rows: Type.Array(ref(ReportRow), { description: 'Every record of the file, in its order.' }) },
    { ...closed, description: 'What became of a file.' }
  )
)

export type ImportReport = Static<typeof ImportReport>

export const ImportPage = component(
  'ImportPage',
  Type.Object(
    {
      items: Type.Array(ref(ImportSummary), { description: 'Imports, the newest first.' }),
      total: count('How many there are.'),
      next: Type.String({ description: 'Cursor of the next page; empty at the end.' })
    },
    { ...closed, description: 'A page of imports.' }
  )
)

export const ImportQuery = Type.Object(
  {
    dryRun: flag('Report what would happen, and change nothing.'),
    publish: flag('Publish what is complete. For reviewers.'),
    atomic: flag('All rows or none: if one is rejected, nothing goes in.'),
    mapping: Type.Optional(
      Type.String({
        maxLength: 100_000,
        description:
          'JSON: heading of a column -> field of a measure, or {field, value, when, values, separator}; null leaves a column out. The registry proposes one where it is left out: a dry run shows it.'
      })
    ),
    file: Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: 'Name of the file, for the report and for provenance.' }))
  },
  closed
)
export const ReportQuery = Type.Object(
  {
    outcome: Type.Optional(
      Type.String({ maxLength: 100, description: `Only rows of these outcomes, separated by commas: ${OUTCOMES.join(', ')}.` })
    ),
    format: FormatParameter
  },
  closed
)
export const ImportsQuery = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 50, description: 'Imports on a page.' })),
    cursor: Type.Optional(Type.String({ maxLength: 500, description: '`next` of the page before.' })),
    format: FormatParameter
  },
  closed
)
export const ImportParams = Type.Object({ id: Type.String({ maxLength: 100, description: 'Identifier of the import.' }) }, closed)
export const RevertBody = component(
  'RevertBody',
  Type.Object(
    { reason: Type.Optional(Type.String({ minLength: 1, maxLength: 5_000, pattern: '\\S', description: 'Why it is taken back.' })) },
    { ...closed, description: 'Why an import is taken back.' }
  )
)

export const IMPORT_SCHEMAS = [ImportNote, ReportRow, ColumnMapping, ImportSummary, ImportReport, ImportPage, RevertBody]
