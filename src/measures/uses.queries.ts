/** The uses that reports tell of, for the maturity of a measure. */
import { and, asc, eq, inArray, isNotNull, isNull } from '../../db/drizzle.ts'
import type { Reader } from '../../db/store.ts'
import { type ReportedContent, type ReportedUse, reportedUse } from './reported-use.ts'

/** Uses that somebody reported, somebody else confirmed and nobody withdrew; the one confirmed first comes first. */
export async function listConfirmedUses(db: Reader, measureId: string): Promise<ReportedUse[]> {
  const { id, outcome, content, confirmedAt, withdrawnAt, measureId: of } = db.t.implementations
  const found = await db
    .select({ content, confirmedAt })
    .from(db.t.implementations)
    .where(and(eq(of, measureId), inArray(outcome, ['implemented', 'modified']), isNotNull(confirmedAt), isNull(withdrawnAt)))
    .orderBy(asc(confirmedAt), asc(id))
  return found.map((row) => reportedUse(row.content as ReportedContent, row.confirmedAt!))
}
