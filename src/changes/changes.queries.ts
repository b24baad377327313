import { asc, gt } from 'drizzle-orm'
import type { Reader } from '../../db/store.ts'

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
