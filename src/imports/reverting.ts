/**
 * Takes an import back, whole, while nobody has touched its measures since. Drafts go, or become what they were. What was
 * published cannot be unpublished: a new measure is retired, a new version is followed by one with the former content.
 */
import type { Reader, Writer } from '../../db/store.ts'
import { problem } from '../http/problems.ts'
import { differences } from '../json/diff.ts'
import { type Act, discardDraft, lockOfMeasure, publishContent, retireMeasure } from '../measures/lifecycle.ts'
import { findDocument, findVersion, putDocument } from '../measures/measure.queries.ts'
import type { Measure } from '../measures/measure.schema.ts'
import { contentOf } from '../measures/measure.ts'
import type { Undo } from './applying.ts'
import { findImport, type ImportRow, listImportRows, markReverted, type StoredRow } from './imports.queries.ts'

const MAX_PLACES = 50
const EVERYTHING = Number.MAX_SAFE_INTEGER

/** What an import did to a measure, the last row first. */
interface Deed {
  readonly measureId: string
  readonly at: string
  readonly undo: Undo
}

/** Whether taking an import back publishes or retires something, which only a reviewer may do. */
export const hasPublished = async (db: Reader, id: string): Promise<boolean> =>
  (await deedsOf(db, id)).some(({ undo }) => undo.action === 'retire' || undo.action === 'publish')

/** Takes an import back inside a unit of work; throws a problem that names what stands in the way. */
export async function revertImport(tx: Writer, act: Act, id: string, reason: string | undefined): Promise<ImportRow> {
  const found = await findImport(tx, id)
  if (!found) throw problem('not-found', `There is no import "${id}".`)
  if (found.state !== 'committed')
    throw problem('transition-not-allowed', `Only a committed import can be taken back; this one is ${found.state}.`)
  const deeds = await deedsOf(tx, id)
  for (const { measureId } of deeds) await tx.lock(lockOfMeasure(measureId))
  await refuseEdited(tx, deeds)
  const why = { ...act, reason: `Import ${id} was reverted${reason ? `: ${reason}` : ''}` }
  for (const deed of deeds) await undo(tx, why, deed)
  await markReverted(tx, id, { at: act.now, name: act.actor.name, reason: reason ?? null })
  return (await findImport(tx, id))!
}

async function deedsOf(db: Reader, id: string): Promise<Deed[]> {
  const rows = await listImportRows(db, id, -1, EVERYTHING)
  return rows.flatMap(deedOf).reverse()
}

const deedOf = ({ measureId, json, undo }: StoredRow): Deed[] =>
  measureId === null || undo === null ? [] : [{ measureId, at: (JSON.parse(json) as { at: string }).at, undo: JSON.parse(undo) as Undo }]

/** Only the last thing that the import did to a measure has to be as it was left: the others lie beneath it. */
async function refuseEdited(db: Reader, deeds: readonly Deed[]): Promise<void> {
  const errors: { pointer: string; detail: string }[] = []
  const seen = new Set<string>()
  for (const { measureId, at, undo } of deeds) {
    if (seen.has(measureId)) continue
    seen.add(measureId)
    if (!(await isAsLeft(db, measureId, undo))) errors.push({ pointer: '', detail: `${at}: "${measureId}" has been changed since.` })
  }
  if (errors.length > 0) {
    throw problem('conflict', 'Measures of this import have been changed since: taking it back would lose what people did.', {
      errors: errors.slice(0, MAX_PLACES)
    })
  }
}

async function isAsLeft(db: Reader, id: string, undo: Undo): Promise<boolean> {
  const [draft, published] = [await findDocument(db, id, 'draft'), await findDocument(db, id, 'published')]
  const isDraft = undo.action === 'discard' || undo.action === 'restore'
  return isDraft ? draft?.tag === undo.tag : draft === undefined && published?.tag === undo.tag
}

async function undo(tx: Writer, act: Act, { measureId: id, undo }: Deed): Promise<void> {
  if (undo.action === 'discard') return discardDraft(tx, act, id)
  if (undo.action === 'retire') return void (await retireMeasure(tx, act, id, { reason: act.reason! }))
  return undo.action === 'restore' ? restoreDraft(tx, act, id, undo) : publishFormer(tx, act, id, undo.version)
}

async function restoreDraft(tx: Writer, act: Act, id: string, { json, authorId, sourceNo }: Undo & { action: 'restore' }): Promise<void> {
  const present = (await findDocument(tx, id, 'draft'))!
  const former = { ...(JSON.parse(json) as Measure), updatedAt: act.now }
  await putDocument(tx, 'draft', former, { authorId, sourceNo })
  const fields = differences(contentOf(JSON.parse(present.json) as Measure), contentOf(former))
  tx.record({ at: act.now, kind: 'measure', id, action: 'updated', actor: act.actor.name, reason: act.reason!, fields })
}

async function publishFormer(tx: Writer, act: Act, id: string, version: string): Promise<void> {
  const former = (await findVersion(tx, id, version))!
  const measure = JSON.parse(former.json) as Measure
  const content = { ...contentOf(measure), changeNote: `${act.reason} The content is that of version ${version}.` }
  const { createdAt } = measure
  await publishContent(tx, act, id, content, { impact: 'minor', createdAt, sourceNo: former.sourceNo })
}
