/** Everything that reports ask of the database. What counts as a use for the maturity of a measure is asked by the measures. */
import { and, desc, eq, inArray, isNotNull, isNull, lt, or, sql } from '../../db/drizzle.ts'
import type { Reader, Writer } from '../../db/store.ts'
import type { Implementation, OUTCOMES } from './implementation.schema.ts'
import { type ReportRow, shown } from './implementations.ts'

type Outcome = (typeof OUTCOMES)[number]

/** Which reports of a measure are asked for. */
export interface ReportFilter {
  readonly outcome?: Outcome | undefined
  readonly isWithdrawn: boolean
}

/** A place in a list: where the page before ended. */
export interface Place {
  readonly at: string
  readonly id: string
}

const selected = (db: Reader) => {
  const { implementations: reports, keys } = db.t
  const { id, measureId, version, at, actorId, outcome, content, confirmedAt, withdrawnAt, withdrawReason } = reports
  return db
    .select({ id, measureId, version, at, actorId, group: keys.group, outcome, content, confirmedAt, withdrawnAt, withdrawReason })
    .from(reports)
    .leftJoin(keys, eq(keys.id, actorId))
}

export async function findReport(db: Reader, id: string): Promise<ReportRow | undefined> {
  const [found] = await selected(db).where(eq(db.t.implementations.id, id))
  return found as ReportRow | undefined
}

const matching = (db: Reader, ofMeasure: string, { outcome, isWithdrawn }: ReportFilter) => {
  const { implementations: reports } = db.t
  return and(
    eq(reports.measureId, ofMeasure),
    outcome && eq(reports.outcome, outcome),
    isWithdrawn ? isNotNull(reports.withdrawnAt) : isNull(reports.withdrawnAt)
  )
}

/** Reports of a measure, the newest first, at most `limit` of those before a place. */
export async function listReports(
  db: Reader,
  measureId: string,
  filter: ReportFilter,
  limit: number,
  before?: Place
): Promise<ReportRow[]> {
  const { at, id } = db.t.implementations
  const earlier = before && or(lt(at, before.at), and(eq(at, before.at), lt(id, before.id)))
  const rows = await selected(db)
    .where(and(matching(db, measureId, filter), earlier))
    .orderBy(desc(at), desc(id))
    .limit(limit)
  return rows as ReportRow[]
}

export const countReports = (db: Reader, measureId: string, filter: ReportFilter): Promise<number> =>
  db.$count(db.t.implementations, matching(db, measureId, filter))

/** The last reports of a measure that were not withdrawn, the newest first. */
export const latestReports = async (db: Reader, measureId: string, limit: number): Promise<Implementation[]> =>
  (await listReports(db, measureId, { isWithdrawn: false }, limit)).map(shown)

const counted = (what: ReturnType<typeof sql>) => sql<number>`count(${what})`.mapWith(Number)

export type OutcomeCounts = Record<Outcome | 'confirmed', number>

/** How many reports of each outcome some measures have, and how many are confirmed; without those withdrawn. A measure without any is left out. */
export async function countsFor(db: Reader, measureIds: readonly string[]): Promise<Map<string, OutcomeCounts>> {
  if (measureIds.length === 0) return new Map()
  const { measureId, outcome, confirmedAt, withdrawnAt } = db.t.implementations
  const rows = await db
    .select({ measureId, outcome, all: counted(sql`*`), confirmed: counted(sql`${confirmedAt}`) })
    .from(db.t.implementations)
    .where(and(inArray(measureId, [...measureIds]), isNull(withdrawnAt)))
    .groupBy(measureId, outcome)
  const counts = new Map<string, OutcomeCounts>()
  for (const row of rows) {
    const found = counts.get(row.measureId) ?? { ...NONE }
    counts.set(row.measureId, { ...found, [row.outcome]: row.all, confirmed: found.confirmed + row.confirmed })
  }
  return counts
}
export const NONE: OutcomeCounts = { implemented: 0, modified: 0, abandoned: 0, confirmed: 0 }

export async function insertReport(
  tx: Writer,
  row: Pick<ReportRow, 'id' | 'measureId' | 'version' | 'at' | 'actorId' | 'outcome' | 'content'> & { readonly actor: string }
): Promise<void> {
  await tx.insert(tx.t.implementations).values(row)
}

export async function markConfirmed(tx: Writer, id: string, confirmedAt: string, confirmedBy: string): Promise<void> {
  const { implementations: reports } = tx.t
  await tx.update(reports).set({ confirmedAt, confirmedBy }).where(eq(reports.id, id))
}

export async function markWithdrawn(
  tx: Writer,
  id: string,
  to: { readonly withdrawnAt: string; readonly withdrawnBy: string; readonly withdrawReason: string }
): Promise<void> {
  const { implementations: reports } = tx.t
  await tx.update(reports).set(to).where(eq(reports.id, id))
}
