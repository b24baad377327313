/** From a JSON value to a record: what cannot be a measure is said here, whatever form the file has. */
import type { RawRecord } from '../candidate.ts'
import { type Note, shown } from '../note.ts'

/** Where a record stands. */
export type Place = Pick<RawRecord, 'row' | 'at'>

const record = (place: Place, value: unknown, error?: Note): RawRecord => ({ ...place, value, errors: error ? [error] : [], warnings: [] })

/** A record of which nothing could be kept. */
export const faultyRecord = (place: Place, fault: Note): RawRecord => record(place, null, fault)

export function recordOf(place: Place, value: unknown): RawRecord {
  if (!isObject(value)) return record(place, value, notAMeasure(`An object is expected here, not ${kindOf(value)}.`, value))
  if (value['resourceType'] === 'Bundle')
    return record(place, null, {
      ...notAMeasure('A Bundle inside another list is not unpacked.', 'Bundle'),
      mend: 'Send this Bundle as a file of its own.'
    })
  return record(place, value)
}

/** The record of an entry of a Bundle, whose place is `entry`. */
export function recordOfEntry(entry: Place, value: unknown): RawRecord {
  if (isObject(value) && value['resource'] !== undefined) return recordOf({ ...entry, at: `${entry.at}/resource` }, value['resource'])
  return record(entry, value, notAMeasure('The entry holds no resource.', value))
}

const notAMeasure = (detail: string, found: unknown): Note => ({ code: 'not-a-measure', pointer: '', detail, found: shown(found) })

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`)
