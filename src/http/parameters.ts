/** Parameters that several lists share. */
import { Type } from 'typebox'
import { oneOf } from '../component.ts'

/** The parameter of every list that comes as a file too. */
export const FormatParameter = Type.Optional(
  oneOf(['json', 'csv', 'ndjson'], 'Form of the answer, before `Accept`. CSV and NDJSON hold the whole list, whatever the limit.')
)
