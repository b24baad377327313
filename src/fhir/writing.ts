/**
 * A measure as a FHIR R4 Measure. One that was imported from FHIR comes back as it came, with what was changed since; of one that was
 * made here a resource is built. Source: http://hl7.org/fhir/R4/measure.html.
 */
import type { Measure } from '../measures/measure.schema.ts'
import { Findings } from './findings.ts'
import type { Lists } from './lists.ts'
import { rootOf } from './place.ts'
import { isReadable } from './versions.ts'
import { freshMeasure } from './writing.fresh.ts'
import { rewritten } from './writing.kept.ts'

/** `kept` is the resource as it was imported. The answer shares with it what has not changed. */
export function fhirFromMeasure(measure: Measure, kept: Record<string, unknown> | undefined, lists: Lists): Record<string, unknown> {
  return kept !== undefined && isReadable(new Findings(), rootOf(kept)) ? rewritten(measure, kept, lists) : freshMeasure(measure)
}
