/**
 * Documents that are no longer as they would be composed now: maturity ages, since a use that was confirmed long ago does not
 * count any more, and grows when a use is confirmed; the registry moves, since its public address is part of every document.
 */
import type { Store, Writer } from '../../db/store.ts'
import { lockOfMeasure } from './lifecycle.ts'
import { type DocumentKind, findDocument, listDocumentKeys, listLapsed, putDocument, type StoredDocument } from './measure.queries.ts'
import type { Measure } from './measure.schema.ts'
import { canonicalUrl, composeMeasure, contentOf } from './measure.ts'

const MATURITY_CHANGED = 'maturity-changed'

/** Composes again what lapsed before `now`; returns how many documents changed. Safe to run in several processes at once. */
export async function refreshMaturity(store: Store, { now, publicUrl, actor }: Refresh): Promise<number> {
  const yesterday = new Date(Date.parse(now) - 86_400_000).toISOString().slice(0, 10)
  const lapsed = await store.read((db) => listLapsed(db, yesterday))
  return recompose(store, lapsed, MATURITY_CHANGED, { now, publicUrl, actor })
}

/**
 * Gives every document the present public address. The oldest is done last: as long as it has the former address, a move was not
 * finished. Published versions stay as they were.
 */
export async function refreshAddresses(store: Store, { now, publicUrl, actor }: Refresh): Promise<number> {
  const all = await store.read(listDocumentKeys)
  const [oldest] = all
  const document = oldest && (await store.read((db) => findDocument(db, oldest.measureId, oldest.kind)))
  if (!document || (JSON.parse(document.json) as Measure).canonicalUrl === canonicalUrl(publicUrl, oldest.measureId)) return 0
  return recompose(store, all.reverse(), 'address-changed', { now, publicUrl, actor })
}

/**
 * Judges the documents of a measure again after a report of its use was confirmed or withdrawn: in the unit of work of whoever did
 * that, who holds the lock of the measure. The log says so where readers see another maturity than before.
 */
export async function refreshMeasure(tx: Writer, id: string, { now, publicUrl, actor }: Refresh): Promise<void> {
  for (const kind of ['published', 'draft'] as const) {
    const document = await findDocument(tx, id, kind)
    if (!document) continue
    const before = JSON.parse(document.json) as Measure
    const { measure } = await storeAgain(tx, kind, document, before, { now, publicUrl })
    if (kind === 'draft' || isSameJudgement(before.readiness, measure.readiness)) continue
    tx.record({ at: now, kind: 'measure', id, action: MATURITY_CHANGED, actor, version: measure.version! })
  }
}

const isSameJudgement = ({ asOf: _before, ...before }: Measure['readiness'], { asOf: _after, ...after }: Measure['readiness']) =>
  JSON.stringify(before) === JSON.stringify(after)

const storeAgain = (
  tx: Writer,
  kind: DocumentKind,
  document: StoredDocument,
  measure: Measure,
  { now, publicUrl }: Omit<Refresh, 'actor'>
) => putDocument(tx, kind, composeMeasure(contentOf(measure), { ...measure, publicUrl, updatedAt: now }), document)

interface Refresh {
  readonly now: string
  readonly publicUrl: string
  /** Who the log names. */
  readonly actor: string
}

async function recompose(
  store: Store,
  documents: readonly { measureId: string; kind: DocumentKind }[],
  action: string,
  { now, publicUrl, actor }: Refresh
): Promise<number> {
  let changed = 0
  for (const { measureId, kind } of documents) {
    changed += await store.write([lockOfMeasure(measureId)], async (tx) => {
      const document = await findDocument(tx, measureId, kind)
      const measure = document && (JSON.parse(document.json) as Measure)
      // Another process was here meanwhile.
      if (!measure || measure.updatedAt >= now) return 0
      await storeAgain(tx, kind, document, measure, { now, publicUrl })
      // Readers follow the log of what they can see; nobody waits for a draft to age.
      if (kind === 'draft') return 1
      tx.record({ at: now, kind: 'measure', id: measureId, action, actor, ...(measure.version ? { version: measure.version } : {}) })
      return 1
    })
  }
  return changed
}
