import { isEmpty } from '../../measures/completeness.ts'
import type { Measure } from '../../measures/measure.schema.ts'

/**
 * Whether whoever uses the measure asks people questions. What comes out of records asks nobody; a survey without an instrument may be
 * one of one's own, or the published result of somebody else's.
 */
export function asksPeople({ instrument, dataSources = [], languages }: Measure): boolean | 'unknown' {
  if (!isEmpty(instrument) || !isEmpty(languages)) return true
  return dataSources.length === 0 || dataSources.some(({ kind }) => kind === 'survey') ? 'unknown' : false
}
