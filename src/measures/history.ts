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

/** What became public. A publication names every field that it changed, so that nothing of it is lost. */
const PUBLIC = new Set([
  'published',
  'retired',
  'maturity-changed',
  'address-changed',
  'implementation-reported',
  'implementation-confirmed',
  'implementation-withdrawn'
])

/** Reports name an organisation; whose key wrote them is for contributors only. */
const UNNAMED = new Set(['implementation-reported', 'implementation-withdrawn'])

/** Everything for contributors; for others what they could see come about, and nothing that was written and taken back. */
export function historyFor(log: readonly LogEntry[], isContributor: boolean) {
  const visible = isContributor ? log : log.filter(({ action }) => PUBLIC.has(action))
  return visible.map(({ at, actor, action, version, reason, fields }) => ({
    at,
    who: !isContributor && UNNAMED.has(action) ? 'a contributor' : actor,
    action,
    ...(version ? { version } : {}),
    ...(reason ? { why: reason } : {}),
    fields: [...(fields ?? [])]
  }))
}
