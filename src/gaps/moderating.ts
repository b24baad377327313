/** What reviewers do with reports that came without a key: accept them, which makes them public, or not. */
import type { Writer } from '../../db/store.ts'
import { problem } from '../http/problems.ts'
import { differences } from '../json/diff.ts'
import type { Act } from '../measures/lifecycle.ts'
import { lacks } from './gap.check.ts'
import type { GapContent } from './gap.schema.ts'
import { circumstancesOf, composeGap, contentOf } from './gap.ts'
import type { GapRow } from './gaps.queries.ts'
import { gapIn, gapToChange, keep, refuseFaults } from './keeping.ts'
import { refuseUnknownMeasures } from './recording.ts'

/** Makes a report public, as the reviewer has it. `patched` makes the content of what was sent. */
export async function acceptGap(
  tx: Writer,
  act: Act,
  id: string,
  patched: (content: GapContent) => GapContent,
  reason?: string
): Promise<GapRow> {
  const row = await waiting(tx, act, id)
  const gap = gapIn(row)
  const content = patched(contentOf(gap))
  refuseFaults(lacks(content))
  await refuseUnknownMeasures(tx, content, ['published', 'draft'])
  const accepted = composeGap(content, { ...circumstancesOf(gap), status: 'reported', updatedAt: act.now })
  return keep(tx, act, row, accepted, {
    action: 'accepted',
    reason,
    fields: differences(contentOf(gap), contentOf(content)),
    origin: { moderation: 'accepted' }
  })
}

/** Keeps a report from becoming public, for good. */
export async function returnGap(tx: Writer, act: Act, id: string, reason: string): Promise<GapRow> {
  const row = await waiting(tx, act, id)
  return keep(tx, act, row, { ...gapIn(row), updatedAt: act.now }, { action: 'returned', reason, origin: { moderation: 'returned' } })
}

async function waiting(tx: Writer, act: Act, id: string): Promise<GapRow> {
  const row = await gapToChange(tx, act, id, true)
  if (row.moderation === 'queue') return row
  const detail = row.moderation === 'returned' ? 'The report was returned already.' : 'It does not wait: it is public.'
  throw problem('transition-not-allowed', detail)
}
