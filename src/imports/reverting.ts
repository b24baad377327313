/**
 * Takes an import back, whole, while nobody has touched its measures since. Drafts go, or become what they were. What was
 * published cannot be unpublished: a new measure is retired, a new version is followed by one with the former content.
 */
import type { Reader, Writer } from '../../db/store.ts'
import { problem } from '../http/problems.ts'
import { type Act, discardDraft, lockOfMeasure, publishContent, restoreDraft } from '../measures/lifecycle.ts'
import { findDocument, findVersion } from '../measures/measure.queries.ts'
import type { Measure } from '../measures/measure.schema.ts'
import { contentOf } from '../measures/measure.ts'
import { retireMeasure } from '../measures/retiring.ts'
import type { Undo } from './applying.ts'
import { findImport, type ImportRow, listRowsBackwards, markReverted, type StoredRow } from './imports.queries.ts'
import { letOthers } from './turns.ts'

const MAX_PLACES = 50
/** Rows read at a time: each may hold a former draft. */
const BATCH = 100

/** Beyond every position: the largest integer of PostgreSQL. */
const MAX_INT = 2_147_483_647

/** What an import did to a measure. */
interface Deed {
  readonly measureId: string
  readonly at: string
  readonly undo: Undo
}

/** Whether taking an import back publishes or retires something, which only a reviewer may do. */
export async function hasPublished(db: Reader, id: string): Promise<boolean> {
  for await (const { undo } of deedsOf(db, id)) if (undo.action === 'retire' || undo.action === 'publish') return true
  return false
}

/** Takes an import back inside a unit of work; throws a problem that names what stands in the way. */
export async function revertImport(tx: Writer, act: Act, id: string, reason: string | undefined): Promise<ImportRow> {
  const found = await findImport(tx, id)
  if (!found) throw problem('not-found', `There is no import "${id}".`)
  if (found.state !== 'committed')
    throw problem('transition-not-allowed', `Only a committed import can be taken back; this one is ${found.state}.`)
  await refuseEdited(tx, id)
  const why = { ...act, reason: `Import ${id} was reverted${reason ? `: ${reason}` : ''}` }
  const retired = new Set<string>()
  for await (const { measureId, undo } of deedsOf(tx, id)) {
    // A new measure that was published is retired; what the import did to it before lies beneath that.
    if (!retired.has(measureId)) await takeBack(tx, why, measureId, undo)
    if (undo.action === 'retire') retired.add(measureId)
  }
  await markReverted(tx, id, { at: act.now, name: act.actor.name, reason: reason ?? null })
  return (await findImport(tx, id))!
}

/** What an import did, the last first. */
async function* deedsOf(db: Reader, id: string): AsyncGenerator<Deed> {
  for (let before = MAX_INT; ; ) {
    const rows = await listRowsBackwards(db, id, before, BATCH)
    if (rows.length === 0) return
    for (const row of rows) {
      yield* deedOf(row)
      await letOthers()
    }
    before = rows.at(-1)!.position
  }
}

function* deedOf({ measureId, json, undo }: StoredRow): Generator<Deed> {
  if (measureId !== null && undo !== null) yield { measureId, at: (JSON.parse(json) as { at: string }).at, undo: JSON.parse(undo) as Undo }
}

/** Only the last thing that the import did to a measure has to be as it was left: the others lie beneath it. */
async function refuseEdited(tx: Writer, importId: string): Promise<void> {
  const errors: { pointer: string; detail: string }[] = []
  const seen = new Set<string>()
  for await (const { measureId, at, undo } of deedsOf(tx, importId)) {
    if (seen.has(measureId)) continue
    seen.add(measureId)
    await tx.lock(lockOfMeasure(measureId))
    if (!(await isAsLeft(tx, measureId, undo))) errors.push({ pointer: at, detail: `"${measureId}" has been changed since.` })
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

async function takeBack(tx: Writer, act: Act, id: string, undo: Undo): Promise<void> {
  if (undo.action === 'discard') return discardDraft(tx, act, id)
  if (undo.action === 'restore') return restoreDraft(tx, act, id, undo.draft)
  if (undo.action === 'retire') return void (await retireMeasure(tx, act, id, { reason: act.reason! }))
  await publishFormer(tx, act, id, undo.version)
  if (undo.draft) await restoreDraft(tx, act, id, undo.draft)
}

async function publishFormer(tx: Writer, act: Act, id: string, version: string): Promise<void> {
  const former = (await findVersion(tx, id, version))!
  const measure = JSON.parse(former.json) as Measure
  const content = { ...contentOf(measure), changeNote: `${act.reason} The content is that of version ${version}.` }
  const { createdAt } = measure
  await publishContent(tx, act, id, content, { impact: 'minor', createdAt, sourceNo: former.sourceNo })
}
