/** The log of a gap as people read it. Nobody is named to readers, and words that a reviewer took out stay out. Pure. */
import type { FieldChange } from '../../db/store.ts'
import type { Gap } from './gap.schema.ts'
import { type GapStatus, STEPS, stepTo } from './life.ts'
import type { GapHistoryEntry } from './requests.schema.ts'

interface LogEntry {
  readonly at: string
  readonly action: string
  readonly actor: string
  readonly reason: string | null
  readonly fields: readonly FieldChange[] | null
}

const DECISIONS: ReadonlySet<string> = new Set(['accepted', 'returned'])
const BY_REGISTRY: ReadonlySet<string> = new Set(['opened', 'closed', 'derived'])
const REPORTS: ReadonlySet<string> = new Set(['reported', 'received'])

export interface Viewer {
  readonly isContributor: boolean
  readonly isReviewer: boolean
}

/** Names and fields for contributors; what a report said before it was accepted for reviewers. */
export function historyFor(gap: Gap, log: readonly LogEntry[], { isContributor, isReviewer }: Viewer, registry: string): GapHistoryEntry[] {
  const roles = rolesIn(log)
  const whoOf = (each: LogEntry) => {
    if (each.action === 'received') return 'a reader'
    return each.actor === registry || BY_REGISTRY.has(each.action) ? 'registry' : `a ${roles.get(each) ?? 'contributor'}`
  }
  const group = gap.reportedBy?.group
  return withFinding(gap, log).map((each) => ({
    at: each.at,
    who: isContributor ? each.actor : whoOf(each),
    ...(group && REPORTS.has(each.action) ? { group } : {}),
    action: each.action,
    ...(each.reason ? { why: each.reason } : {}),
    fields: isReviewer || (isContributor && each.action !== 'accepted') ? [...(each.fields ?? [])] : []
  }))
}

/** The least role that could do each thing: steps by where they led from and to. */
function rolesIn(log: readonly LogEntry[]): Map<LogEntry, 'contributor' | 'reviewer'> {
  const roles = new Map<LogEntry, 'contributor' | 'reviewer'>()
  let status: GapStatus = 'reported'
  for (const each of log) {
    const step = stepTo(status, each.action as GapStatus)
    const isDecision = DECISIONS.has(each.action) || (!step && !REPORTS.has(each.action) && each.action in STEPS)
    roles.set(each, isDecision ? 'reviewer' : (step?.role ?? 'contributor'))
    if (each.action in STEPS) status = each.action as GapStatus
    if (each.action === 'adopted') status = 'confirmed'
    if (BY_REGISTRY.has(each.action)) status = each.action === 'closed' ? 'closed' : 'open'
  }
  return roles
}

/** When a finding was made, and when its rule ceased to hold, is in the log of the measure: it is told here as well. */
function withFinding({ finding, createdAt }: Gap, log: readonly LogEntry[]): readonly LogEntry[] {
  if (!finding) return log
  const told = (at: string, action: string): LogEntry[] =>
    log.some((each) => each.at === at && BY_REGISTRY.has(each.action))
      ? []
      : [{ at, action, actor: 'registry', reason: null, fields: null }]
  const { closedAt } = finding
  const after = closedAt === undefined ? 0 : log.findLastIndex(({ at }) => at <= closedAt) + 1
  return [...told(createdAt, 'opened'), ...log.slice(0, after), ...(closedAt ? told(closedAt, 'closed') : []), ...log.slice(after)]
}
