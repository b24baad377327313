/** Documents with their verdicts, as they are answered. */

import { listHighGaps } from '../gaps/gaps.queries.ts'
import { countsFor, NONE } from '../implementations/implementations.queries.ts'
import type { Measure } from '../measures/measure.schema.ts'
import { itemOf, type Reports } from './answer.ts'
import type { Asked } from './gate.ts'
import type { ReadinessDeps } from './readiness.deps.ts'
import type { ReadinessItem } from './readiness.schema.ts'
import { type Readiness, readinessOf } from './readiness.ts'
import type { Wording } from './sentences.ts'

export interface Assessed {
  readonly measure: Measure
  readonly readiness: Readiness
  readonly reports: Reports
}

type Deps = Pick<ReadinessDeps, 'catalogue' | 'store'>

/** Some documents of the catalogue, judged in a context, in the order given. */
export async function assess({ catalogue, store }: Deps, numbers: readonly number[], context: Asked): Promise<Assessed[]> {
  if (numbers.length === 0) return []
  const measures = JSON.parse(`[${await catalogue.joined(numbers)}]`) as Measure[]
  const ids = [...new Set(measures.map(({ id }) => id))]
  const { reports, gaps } = await store.read(async (db) => ({ reports: await countsFor(db, ids), gaps: await listHighGaps(db, ids) }))
  return measures.map((measure) => ({
    measure,
    readiness: readinessOf(measure, context, gaps.get(measure.id)),
    reports: reports.get(measure.id) ?? NONE
  }))
}

export const answered = ({ measure, readiness, reports }: Assessed, wording: Wording): ReadinessItem =>
  itemOf(measure, readiness, reports, wording)
