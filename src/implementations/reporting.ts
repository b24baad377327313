/**
 * What can happen to a report, one function each: it is written, confirmed, withdrawn. Each runs inside a unit of work that holds
 * the lock of the measure. A report never changes the content of a measure; a confirmed one is evidence of its maturity.
 */
import type { Reader, Writer } from '../../db/store.ts'
import { hasOtherReviewer } from '../access/keys.queries.ts'
import { REGISTRY } from '../catalogue/starter.ts'
import { problem } from '../http/problems.ts'
import { type Act, entry } from '../measures/lifecycle.ts'
import { findMeasureRow } from '../measures/measure.queries.ts'
import { refreshMeasure } from '../measures/refreshing.ts'
import type { NewImplementation } from './implementation.schema.ts'
import { findReport, insertReport, markConfirmed, markWithdrawn } from './implementations.queries.ts'
import { countsAsUse, type ReportRow, rendered } from './implementations.ts'

/** The version of a measure that readers see, of a retired one as well. */
export async function publishedVersion(db: Reader, measureId: string): Promise<string> {
  const row = await findMeasureRow(db, measureId)
  if (!row?.version) throw problem('not-found', `There is no published measure "${measureId}".`)
  return row.version
}

export async function reportOf(db: Reader, id: string): Promise<ReportRow> {
  const report = await findReport(db, id)
  if (!report) throw problem('not-found', `There is no implementation report "${id}".`)
  return report
}

/** Writes down what became of a measure, of the version that is published now. */
export async function reportImplementation(
  tx: Writer,
  act: Act,
  measureId: string,
  content: NewImplementation,
  id: string
): Promise<ReportRow> {
  const version = await publishedVersion(tx, measureId)
  const { id: actorId, name: actor } = act.actor
  await insertReport(tx, { id, measureId, version, at: act.now, actorId, actor, outcome: content.outcome, content })
  tx.record(entry(act, measureId, { action: 'implementation-reported', version }))
  return reportOf(tx, id)
}

/** Confirms that a use is real. Nobody confirms their own report where somebody else could. */
export async function confirmReport(tx: Writer, act: Act, id: string, reason?: string): Promise<ReportRow> {
  const report = await openReport(tx, act, id)
  if (report.confirmedAt !== null) throw problem('transition-not-allowed', 'The report has been confirmed already.')
  if (report.actorId === act.actor.id && (await hasOtherReviewer(tx, act.actor.id, act.now)))
    throw problem('own-report', 'You wrote this report: another reviewer has to confirm it.')
  await markConfirmed(tx, id, act.now, act.actor.name)
  return changed(tx, act, id, { action: 'implementation-confirmed', reason })
}

/** Takes a report out of all counts. It stays readable for contributors; for readers a tombstone is left. */
export async function withdrawReport(tx: Writer, act: Act, id: string, reason: string, isReviewer: boolean): Promise<ReportRow> {
  if ((await reportOf(tx, id)).actorId !== act.actor.id && !isReviewer)
    throw problem('forbidden', 'Only the key that reported this, or a reviewer, withdraws it.')
  await openReport(tx, act, id)
  await markWithdrawn(tx, id, { withdrawnAt: act.now, withdrawnBy: act.actor.name, withdrawReason: reason })
  return changed(tx, act, id, { action: 'implementation-withdrawn', reason })
}

/** A report that was not withdrawn, for one who saw it as it is. */
async function openReport(tx: Writer, act: Act, id: string): Promise<ReportRow> {
  const report = await reportOf(tx, id)
  act.mustMatch?.(rendered(report).tag)
  if (report.withdrawnAt !== null) throw problem('transition-not-allowed', 'The report has been withdrawn.')
  return report
}

/** Records what happened, and judges the measure again where its maturity rests on the report. */
async function changed(tx: Writer, act: Act, id: string, { action, reason }: { action: string; reason?: string | undefined }) {
  const report = await reportOf(tx, id)
  tx.record(entry(act, report.measureId, { action, version: report.version, reason }))
  // Who reported a use is for contributors only: the judgement of the measure, which everybody sees, is the registry's.
  if (countsAsUse(report)) await refreshMeasure(tx, report.measureId, { now: act.now, publicUrl: act.publicUrl, actor: REGISTRY.name })
  return report
}
