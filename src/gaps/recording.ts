/** How gaps come in and change: recorded with a key, reported without one, edited. Each runs in a unit of work that holds its locks. */
import type { Reader, Writer } from '../../db/store.ts'
import { problem } from '../http/problems.ts'
import { differences } from '../json/diff.ts'
import { type Act, firstFree } from '../measures/lifecycle.ts'
import { listPublishedIds } from '../measures/measure.queries.ts'
import { slugOf } from '../measures/measure.ts'
import { refreshGapCounts } from './counting.ts'
import { lacks, unknownMeasures } from './gap.check.ts'
import type { Gap, GapContent } from './gap.schema.ts'
import { type Circumstances, circumstancesOf, composeGap, contentOf } from './gap.ts'
import { findGap, findMeasuresWith, type GapRow, insertGaps, isTaken, type Moderation } from './gaps.queries.ts'
import { entry, gapIn, gapToChange, keep, measuresOf, refuseFaults } from './keeping.ts'
import type { NewGap, PublicReport } from './requests.schema.ts'

/** Identifiers that people cannot choose: an address of the registry, those of findings, and those of reports without a key. */
const RESERVED = /^(queue|d-[0-9a-f]{20}|r-[0-9a-f]{16})$/

/** The name in the log of whoever reports without a key. */
export const NOBODY = { id: '', name: 'a reader' }

/** Records a gap that somebody with a key wrote: public at once, and to be reviewed. */
export async function recordGap(tx: Writer, act: Act, { id: wanted, reportedBy, ...content }: NewGap): Promise<GapRow> {
  await refuseUnknownMeasures(tx, content, ['published', 'draft'])
  const isFree = async (id: string) => !RESERVED.test(id) && !(await isTaken(tx, id))
  const id = wanted ?? (await firstFree(slugOf(content), isFree))
  if (wanted !== undefined && !(await isFree(wanted))) {
    throw problem('id-taken', `The identifier "${wanted}" is in use, or is the registry's own.`, {
      errors: [{ pointer: '/id', detail: 'Choose another identifier.', nearest: await firstFree(slugOf(content), isFree) }]
    })
  }
  const gap = composeGap(content, { ...fresh(id, act.now), ...(reportedBy ? { reportedBy } : {}) })
  const row = await insert(tx, gap, 'accepted', act.actor.id)
  tx.record(entry(act, id, { action: 'reported', fields: differences({}, contentOf(content)) }))
  await refreshGapCounts(tx, measuresOf(gap, null), act)
  return row
}

/** Takes a report without a key into the queue. Its words are in nobody's log: a reviewer may have to take some of them out. */
export async function receiveReport(tx: Writer, now: string, id: string, report: PublicReport): Promise<void> {
  const { title, statement, notSeen, measures = [], group, livedExperience } = report
  const content: GapContent = {
    title,
    statement,
    kind: 'other',
    ...(measures.length > 0 ? { measures: measures.map((measure) => ({ measure, role: 'affects' })) } : {}),
    evidence: [{ kind: livedExperience ? 'testimony' : 'assertion', text: notSeen }]
  }
  await refuseUnknownMeasures(tx, content, ['published'], (i) => `/measures/${i}`)
  const reportedBy = { ...(group ? { group } : {}), ...(livedExperience === undefined ? {} : { livedExperience }) }
  const gap = composeGap(content, { ...fresh(id, now), ...(Object.keys(reportedBy).length > 0 ? { reportedBy } : {}) })
  await insert(tx, gap, 'queue', null)
  tx.record(entry({ actor: NOBODY, now }, id, { action: 'received' }))
}

const fresh = (id: string, now: string): Circumstances => ({ id, origin: 'recorded', status: 'reported', createdAt: now, updatedAt: now })

async function insert(tx: Writer, gap: Gap, moderation: Moderation, authorId: string | null): Promise<GapRow> {
  await insertGaps(tx, [{ gap, origin: { moderation, subject: null, dismissedUntil: null, authorId } }])
  return (await findGap(tx, gap.id))!
}

/** Measures that are named have to be there, apart from those that were named before. */
export async function refuseUnknownMeasures(
  db: Reader,
  { measures = [] }: GapContent,
  kinds: readonly ('published' | 'draft')[],
  pointerOf = (i: number) => `/measures/${i}/measure`,
  before: ReadonlySet<string> = new Set()
): Promise<void> {
  const named = measures.map(({ measure }, i) => ({ id: measure, pointer: pointerOf(i) })).filter(({ id }) => !before.has(id))
  const there = await findMeasuresWith(
    db,
    named.map(({ id }) => id),
    kinds
  )
  if (named.every(({ id }) => there.has(id))) return
  refuseFaults(unknownMeasures(named, there, await listPublishedIds(db)))
}

/** Who edits, and whether as a reviewer. */
export interface Editor extends Act {
  readonly isReviewer: boolean
}

/** Gives a gap new content: by the key that recorded it while it is reported, by reviewers always. `patched` makes the content of what there is. */
export async function editGap(tx: Writer, act: Editor, id: string, patched: (content: GapContent) => GapContent): Promise<GapRow> {
  const row = await gapToChange(tx, act, id, act.isReviewer)
  const gap = gapIn(row)
  if (row.moderation !== 'accepted')
    throw problem('transition-not-allowed', 'It is not public: accept it, with what has to be changed in `content`.')
  if (gap.origin === 'derived')
    throw problem('transition-not-allowed', 'A finding says what its rule says: adopt it first, or mend the record that it is about.')
  if (!act.isReviewer && row.authorId !== act.actor.id)
    throw problem('forbidden', 'Only the key that recorded this gap, or a reviewer, edits it.')
  if (!act.isReviewer && gap.status !== 'reported')
    throw problem('transition-not-allowed', `It is ${gap.status}: from now on reviewers edit it.`)
  return putContent(tx, act, row, patched(contentOf(gap)), 'updated')
}

/** Whom a gap is about can be said better, not taken back. */
const NOBODY_LEFT = { pointer: '/populations', detail: 'Say at least who is not seen, by one equity dimension.' }

/** Stores new content of a gap. Without a difference nothing happens. */
async function putContent(tx: Writer, act: Act, row: GapRow, content: GapContent, action: string): Promise<GapRow> {
  const gap = gapIn(row)
  refuseFaults([...lacks(content), ...(gap.populations && !content.populations?.length ? [NOBODY_LEFT] : [])])
  await refuseUnknownMeasures(tx, content, ['published', 'draft'], undefined, new Set((gap.measures ?? []).map(({ measure }) => measure)))
  const fields = differences(contentOf(gap), contentOf(content))
  if (fields.length === 0) return row
  return keep(tx, act, row, composeGap(content, { ...circumstancesOf(gap), updatedAt: act.now }), { action, fields })
}
