/** The number of gaps that measures show, after a gap that names them has changed. */
import type { Writer } from '../../db/store.ts'
import { findDocument, putDocument } from '../measures/measure.queries.ts'
import type { Measure } from '../measures/measure.schema.ts'
import { gapCountFor } from './gap-count.ts'

/** Stores published documents again whose number of gaps is another by now. The locks of the measures have to be held. */
export async function refreshGapCounts(tx: Writer, measureIds: readonly string[], { now }: { readonly now: string }): Promise<void> {
  for (const id of new Set(measureIds)) {
    const document = await findDocument(tx, id, 'published')
    if (!document) continue
    const measure = JSON.parse(document.json) as Measure
    if (JSON.stringify(measure.gapCount) === JSON.stringify(await gapCountFor(tx, id))) continue
    await putDocument(tx, 'published', { ...measure, updatedAt: now }, document)
    const version = measure.version ? { version: measure.version } : {}
    tx.record({ at: now, kind: 'measure', id, action: 'gaps-changed', actor: 'registry', ...version })
  }
}
