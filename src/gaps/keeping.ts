/** What every change of a gap has in common: the locks, the condition, the log, and the measures whose numbers of gaps follow. */
import { type Change, type FieldChange, LOG_LOCK, type Reader, type Store, type Writer } from '../../db/store.ts'
import { problem } from '../http/problems.ts'
import type { Fault } from '../measures/content.check.ts'
import { type Act, lockOfMeasure } from '../measures/lifecycle.ts'
import { refreshGapCounts } from './counting.ts'
import type { Gap } from './gap.schema.ts'
import { findGap, type GapRow, type Origin, updateGap } from './gaps.queries.ts'

export const lockOfGap = (id: string) => `gap:${id}`

const MEASURE = 'measure:'
export const gapIn = ({ json }: Pick<GapRow, 'json'>) => JSON.parse(json) as Gap

/** The measures whose documents follow a gap: those that it names, and the one that it was found in. */
export function measuresOf({ measures = [] }: Pick<Gap, 'measures'>, subject: string | null): string[] {
  const found = subject?.startsWith(MEASURE) ? [subject.slice(MEASURE.length)] : []
  return [...new Set([...found, ...measures.map(({ measure }) => measure)])]
}

const measuresIn = async (db: Reader, id: string) => {
  const row = await findGap(db, id)
  return row ? measuresOf(gapIn(row), row.subject) : []
}

const AGAIN = Symbol('again')
const ATTEMPTS = 5

/** Runs a change of a gap alone on it and on the measures that follow it; `measures` are those that it will name as well. */
export async function writeGap<T>(
  store: Store,
  id: string,
  { measures = [], locks = [] }: { measures?: readonly string[]; locks?: readonly string[] },
  work: (tx: Writer) => Promise<T>
): Promise<T> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const held = new Set([...(await store.read((db) => measuresIn(db, id))), ...measures])
    const result = await store.write<T | typeof AGAIN>([lockOfGap(id), ...[...held].map(lockOfMeasure), ...locks], async (tx) => {
      const row = await findGap(tx, id)
      // Which measures it names was read before the locks were there.
      if (row && measuresOf(gapIn(row), row.subject).some((measure) => !held.has(measure))) return AGAIN
      if (row?.subject?.startsWith('cell:')) await tx.lock(LOG_LOCK)
      return work(tx)
    })
    if (result !== AGAIN) return result as T
  }
  throw problem('conflict', 'Others go on changing this gap: try again.')
}

/** A gap as whoever asks may see it: what waits, or was returned, is for reviewers. */
export async function visibleGap(db: Reader, id: string, isReviewer: boolean): Promise<GapRow> {
  const row = await findGap(db, id)
  if (!row || (row.moderation !== 'accepted' && !isReviewer)) throw problem('not-found', `There is no gap "${id}".`)
  return row
}

/** The same for a change: the caller has to have seen its present state. */
export async function gapToChange(tx: Writer, act: Act, id: string, isReviewer: boolean): Promise<GapRow> {
  const row = await visibleGap(tx, id, isReviewer)
  act.mustMatch?.(row.tag)
  return row
}

interface What {
  readonly action: string
  readonly reason?: string | undefined
  readonly fields?: readonly FieldChange[]
}

/** An entry of the log on a gap. */
export const entry = ({ actor, now }: Pick<Act, 'actor' | 'now'>, id: string, { action, reason, fields }: What): Change => ({
  at: now,
  kind: 'gap',
  id,
  action,
  actor: actor.name,
  ...(reason ? { reason } : {}),
  ...(fields && fields.length > 0 ? { fields } : {})
})

/** Stores a changed gap and says so in the log; measures that it named or names show another number. */
export async function keep(
  tx: Writer,
  act: Pick<Act, 'actor' | 'now'>,
  row: GapRow,
  gap: Gap,
  { origin = {}, ...what }: What & { origin?: Partial<Origin> }
): Promise<GapRow> {
  const { moderation, subject, dismissedUntil, authorId } = { ...row, ...origin }
  const stored = await updateGap(tx, gap, { moderation, subject, dismissedUntil, authorId })
  tx.record(entry(act, gap.id, what))
  if (moderation === 'accepted') await refreshGapCounts(tx, [...measuresOf(gapIn(row), subject), ...measuresOf(gap, subject)], act)
  return { ...row, moderation, subject, dismissedUntil, authorId, tag: stored.tag, json: stored.json }
}

/** Refuses content with faults, naming each of them. */
export function refuseFaults(faults: readonly Fault[]): void {
  if (faults.length > 0) throw problem('invalid-body', `${faults[0]!.pointer}: ${faults[0]!.detail}`, { errors: faults })
}
