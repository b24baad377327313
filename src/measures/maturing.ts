/** Maturity ages: a use that was confirmed long ago stops to count. Documents whose day has come are composed again. */
import type { Store } from '../../db/store.ts'
import { lockOfMeasure } from './lifecycle.ts'
import { findDocument, listLapsed, putDocument } from './measure.queries.ts'
import type { Measure } from './measure.schema.ts'
import { composeMeasure, contentOf } from './measure.ts'

/** Composes again what lapsed before `now`; returns how many documents changed. Safe to run in several processes at once. */
export async function refreshMaturity(
  store: Store,
  { now, publicUrl, actor }: { now: string; publicUrl: string; actor: string }
): Promise<number> {
  const yesterday = new Date(Date.parse(now) - 86_400_000).toISOString().slice(0, 10)
  const lapsed = await store.read((db) => listLapsed(db, yesterday))
  let changed = 0
  for (const { measureId, kind } of lapsed) {
    changed += await store.write([lockOfMeasure(measureId)], async (tx) => {
      const document = await findDocument(tx, measureId, kind)
      const measure = document && (JSON.parse(document.json) as Measure)
      if (!measure || measure.updatedAt >= now) return 0
      await putDocument(tx, kind, composeMeasure(contentOf(measure), { ...measure, publicUrl, updatedAt: now }), document.authorId)
      tx.record({
        at: now,
        kind: 'measure',
        id: measureId,
        action: 'maturity-changed',
        actor,
        ...(measure.version ? { version: measure.version } : {})
      })
      return 1
    })
  }
  return changed
}
