/** Parameters that several lists share. */
import { Type } from 'typebox'
import { oneOf } from '../component.ts'

/** The parameter of every list that comes as a file too. */
export const FormatParameter = Type.Optional(
  oneOf(['json', 'csv', 'ndjson'], 'Form of the answer, before `Accept`. CSV and NDJSON hold the whole list, whatever the limit.')
)

/** The same where the answer comes as sentences too. */
export const TellingFormatParameter = Type.Optional(
  oneOf(['json', 'text'], 'Form of the answer, before `Accept`; `text` gives whole sentences.')
)
export const TellingListFormatParameter = Type.Optional(
  oneOf(
    ['json', 'csv', 'ndjson', 'text'],
    'Form of the answer, before `Accept`. `text` gives whole sentences; CSV and NDJSON hold the whole list, whatever the limit.'
  )
)
