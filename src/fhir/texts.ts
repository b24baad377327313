/** Texts out of a resource: cleaned, within the limits of the field that they go to, and with a warning for all that was done. */
import type { TSchema } from 'typebox'
import { type Cleaned, cleaningNotes, cleanLine, cleanText } from '../imports/cleaning.ts'
import type { Findings } from './findings.ts'
import placeholders from './knowledge/placeholders.json' with { type: 'json' }
import { isAbsent, type Place } from './place.ts'

/** A field of ours that a text goes to: its dotted path, and its schema, which says how long it may be. */
export interface Target {
  readonly field: string
  readonly schema: TSchema
}

const PLACEHOLDERS: ReadonlySet<string> = new Set(placeholders.entries.map(({ word }) => word))

/** Words that editors demand where there is nothing to say, such as `N/A`. */
export const isPlaceholder = (text: string) => PLACEHOLDERS.has(text.trim().toLowerCase().replace(/\.$/, ''))

export const maxLengthOf = (schema: TSchema): number => (schema as { maxLength?: number }).maxLength ?? Number.POSITIVE_INFINITY

/** A text of several lines (FHIR markdown). */
export const readText = (findings: Findings, place: Place, target: Target) => read(findings, place, target, cleanText)

/** A text of one line (FHIR string). */
export const readLine = (findings: Findings, place: Place, target: Target) => read(findings, place, target, cleanLine)

export function read(findings: Findings, place: Place, { field, schema }: Target, clean: (raw: string) => Cleaned): string | undefined {
  const raw = readString(findings, place, field)
  if (raw === undefined) return undefined
  const cleaned = clean(raw)
  for (const note of cleaningNotes(cleaned, { field })) findings.warn(place, note)
  if (!/\S/.test(cleaned.text) || isPlaceholder(cleaned.text)) return undefined
  return fitted(findings, place, { field, schema }, cleaned.text)
}

/** The string at a place as it stands. */
export function readString(findings: Findings, place: Place, field: string): string | undefined {
  if (typeof place.value === 'string') return place.value
  if (!isAbsent(place)) findings.warn(place, { code: 'not-mapped', field, detail: 'This is not a text.', expected: 'A text.' })
  return undefined
}

/** A text within the limits of its field. The whole of it stays in the record as it came. */
export function fitted(findings: Findings, place: Place, { field, schema }: Target, text: string): string {
  const max = maxLengthOf(schema)
  if (text.length <= max) return text
  findings.warn(place, {
    code: 'shortened',
    field,
    detail: `The text has ${text.length} characters and the field holds ${max}; the whole stays in the record as it came.`
  })
  return `${text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

/** A list within the limits of its field. */
export function fittedList<T>(findings: Findings, place: Place, { field, schema }: Target, items: readonly T[]): T[] {
  const max = (schema as { maxItems?: number }).maxItems ?? Number.POSITIVE_INFINITY
  if (items.length > max)
    findings.warn(place, { code: 'shortened', field, detail: `There are ${items.length} of them and the field holds ${max}.` })
  return items.slice(0, max)
}
