/** The log of a measure as people read it. */
import type { FieldChange } from '../../db/store.ts'

interface LogEntry {
  readonly at: string
  readonly action: string
  readonly version: string | null
  readonly actor: string
  readonly reason: string | null
  readonly fields: readonly FieldChange[] | null
}

/** Words between authors and reviewers, which are theirs. */
const REVIEW = new Set(['submitted', 'returned', 'draft-deleted'])

/** What led to what the reader can see: everything for contributors; for others, nothing after the last publication. */
export function historyFor(log: readonly LogEntry[], isContributor: boolean) {
  const last = log.findLastIndex(({ action }) => action === 'published' || action === 'retired')
  const visible = isContributor ? log : log.slice(0, last + 1).filter(({ action }) => !REVIEW.has(action))
  return visible.map(({ at, actor, action, version, reason, fields }) => ({
    at,
    who: actor,
    action,
    ...(version ? { version } : {}),
    ...(reason ? { why: reason } : {}),
    fields: [...(fields ?? [])]
  }))
}
