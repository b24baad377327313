import { and, asc, eq, gt, sql } from '../../db/drizzle.ts'
import type { Change, Prepared, Reader, Store } from '../../db/store.ts'

/** Entries of the log after `seq`, in the order of their commits. */
export async function listChanges(db: Reader, seq: number, limit: number) {
  const { changes } = db.t
  const { at, kind, id, action, version } = changes
  return db
    .select({ seq: changes.seq, at, kind, id, action, version })
    .from(changes)
    .where(gt(changes.seq, seq))
    .orderBy(asc(changes.seq))
    .limit(limit)
}

/** Everything that happened to one resource, the oldest entry first. */
export async function listLog(db: Reader, kind: Change['kind'], id: string) {
  const { changes } = db.t
  return db
    .select()
    .from(changes)
    .where(and(eq(changes.kind, kind), eq(changes.id, id)))
    .orderBy(asc(changes.seq))
}

/** The number of the last change; 0 before the first. */
export const prepareHead = (store: Store): Prepared<{ head: number | string }> =>
  store.prepare('changes-head', (db) => db.select({ head: sql`coalesce(max(${db.t.changes.seq}), 0)`.as('head') }).from(db.t.changes))
