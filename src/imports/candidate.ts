/** What becomes of a record on its way in: as it came, as it was understood, and as it was checked. */
import type { MeasureContent } from '../measures/measure.schema.ts'
import type { Note } from './note.ts'

/** Forms in which measures come. */
export const FORMATS = ['fhir', 'json', 'csv', 'xlsx'] as const
export type Format = (typeof FORMATS)[number]

/** A record of a file as it came. */
export interface RawRecord {
  /** Its place, counted as people count: the line of a sheet (the heading is line 1) or of NDJSON, else its position from 1. */
  readonly row: number
  /** The place in words or as a JSON pointer: `row 3`, `line 5`, `/entry/2/resource`. */
  readonly at: string
  /** The JSON value; of a sheet its cells by heading (`Record<string, string>`), without the empty ones. */
  readonly value: unknown
  /** What reading it brought up: with an error among them it goes no further. */
  readonly errors: readonly Note[]
  readonly warnings: readonly Note[]
}

/** How a record says which measure it is. */
export interface Identity {
  /** Identifier in this registry. */
  readonly id?: string
  /** Canonical url (FHIR), without a version. */
  readonly url?: string
  /** Version or release, as its publisher writes it. */
  readonly release?: string
  /** Date of the release (ISO 8601), to order releases whose versions do not tell. */
  readonly date?: string
}

/** A record as it was understood. The content is not yet checked against the schema. */
export interface Interpreted {
  readonly content: Partial<MeasureContent> & Record<string, unknown>
  readonly identity: Identity
  /** Fields (dotted paths) that do not stand in the record but follow from it by a table of ours. The others are seen in it. */
  readonly classified: readonly string[]
  readonly errors: readonly Note[]
  readonly warnings: readonly Note[]
}

/** A record on its way into the catalogue: understood, checked, and with what tells it from others. Nothing of the registry is known of it yet. */
export interface Candidate {
  /** Its place in the file, counted from 0. */
  readonly ordinal: number
  readonly row: number
  readonly at: string
  readonly format: Format
  readonly identity: Identity
  /** What it is looked up by, as `system|value`: its canonical url, or else its identifiers. */
  readonly keys: readonly string[]
  /** Of a sheet the fields that its columns go into; undefined where the record stands for the whole measure, as FHIR does. */
  readonly covers?: readonly string[]
  /** Fits the schema where there are no errors. */
  readonly content: Partial<MeasureContent>
  readonly classified: readonly string[]
  /** SHA-256 of the record and of what was made of it: the same again is unchanged. */
  readonly hash: string
  /** The record as it came. */
  readonly record: unknown
  /** Whether the record holds more than our fields do, and is kept with the version. */
  readonly isKept: boolean
  readonly errors: readonly Note[]
  readonly warnings: readonly Note[]
}
