/** How many gaps a measure has that are open, by severity. What a record does not say is counted apart: it is no gap of the measure. */
import type { Reader } from '../../db/store.ts'
import type { GapCount } from '../measures/gap-count.schema.ts'
import { subjectOfMeasure } from './findings.ts'
import type { GapCodes } from './gap.filters.ts'
import { listGapCodes } from './gaps.queries.ts'
import { type GapStatus, OPEN } from './life.ts'

export const gapCountFor = async (db: Reader, measureId: string): Promise<GapCount> =>
  gapCountOf(await listGapCodes(db, measureId, subjectOfMeasure(measureId)))

/** Pure: from the codes of gaps to their number. */
export function gapCountOf(gaps: readonly GapCodes[]): GapCount {
  const open = gaps.filter(({ status }) => OPEN.has(status?.[0] as GapStatus))
  const known = open.filter(({ certainty }) => certainty?.[0] !== 'unknown')
  const of = (level: string) => known.filter(({ severity }) => severity?.[0] === level).length
  return {
    total: known.length,
    critical: of('critical'),
    high: of('high'),
    moderate: of('moderate'),
    low: of('low'),
    unknown: of('unknown'),
    notRecorded: open.length - known.length,
    kinds: [...new Set(known.flatMap(({ kind }) => kind ?? []))].sort() as GapCount['kinds']
  }
}
