/** Whether two sets of identifiers can be of one measure. Pure. */
import type { MeasureContent } from '../measures/measure.schema.ts'

type Identifiers = NonNullable<MeasureContent['identifiers']>

/**
 * Of the systems that both have, the one that the record names first decides: publishers put their own number first, while an
 * endorsement number may stand on several measures, and the number of an electronic version changes every year.
 */
export function canBeSame(record: Identifiers, measure: Identifiers): boolean {
  const known = Map.groupBy(measure, ({ system }) => system)
  const deciding = record.find(({ system }) => known.has(system))?.system
  if (deciding === undefined) return false
  const values = new Set(known.get(deciding)!.map(({ value }) => value))
  return record.some(({ system, value }) => system === deciding && values.has(value))
}
