/** A gap as it is answered, and by what it is found. Pure. */
import type { Gap, GapContent } from './gap.schema.ts'
import { GAP_FIELDS } from './gap.schema.ts'
import { severityOf } from './severity.ts'

export type Circumstances = Pick<Gap, 'id' | 'origin' | 'status' | 'createdAt' | 'updatedAt'> &
  Partial<Pick<Gap, 'reportedBy' | 'finding' | 'dismissal' | 'ownerRole' | 'mergedInto' | 'closingReason'>>

/** The gap in the order of its schema: what people or rules wrote, between what the registry keeps and computes. */
export function composeGap(content: GapContent, kept: Circumstances): Gap {
  const { id, origin, status, createdAt, updatedAt, ...rest } = kept
  const gap = {
    id,
    origin,
    status,
    ...contentOf(content),
    severityLevel: severityOf(content),
    reportedBy: rest.reportedBy,
    finding: rest.finding,
    dismissal: rest.dismissal,
    ownerRole: rest.ownerRole,
    mergedInto: rest.mergedInto,
    closingReason: rest.closingReason,
    createdAt,
    updatedAt
  }
  return Object.fromEntries(Object.entries(gap).filter(([, value]) => value !== undefined)) as Gap
}

/** What people or rules wrote of a gap. */
export function contentOf(gap: Record<string, unknown>): GapContent {
  const written = GAP_FIELDS.filter((field) => gap[field] !== undefined).map((field) => [field, gap[field]])
  return Object.fromEntries(written) as GapContent
}

/** What is known of a gap beside its content: what another version of it keeps. */
export function circumstancesOf(gap: Gap): Circumstances {
  const content: ReadonlySet<string> = new Set(GAP_FIELDS)
  return Object.fromEntries(Object.entries(gap).filter(([field]) => !content.has(field) && field !== 'severityLevel')) as Circumstances
}
