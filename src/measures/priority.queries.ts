/** What published votes say of the order of measures and gaps. Exercises write it, lists read it. */
import { and, eq, gt, inArray, sql } from '../../db/drizzle.ts'
import type { Reader } from '../../db/store.ts'

export type PrioritySubject = 'measure' | 'gap'

const OWNER = { measure: sql.raw('documents.measure_id'), gap: sql.raw('gaps.id') }

/** The weight that the newest outcome gives to a row of a list: the greater, the higher; empty where nobody voted on it. */
export const priorityWeight = (kind: PrioritySubject) =>
  sql<string>`coalesce((select p.weight from priorities p where p.kind = ${kind} and p.id = ${OWNER[kind]} order by p.published_at desc, p.exercise_id desc limit 1), '')`

/** Those that an outcome was published on, of some exercises. */
export async function prioritisedBy(db: Reader, kind: PrioritySubject, exerciseIds: readonly string[]): Promise<string[]> {
  if (exerciseIds.length === 0) return []
  const { priorities } = db.t
  const rows = await db
    .selectDistinct({ id: priorities.id })
    .from(priorities)
    .where(and(eq(priorities.kind, kind), inArray(priorities.exerciseId, [...exerciseIds])))
  return rows.map(({ id }) => id)
}

/** What changed after a number of the log. Kinds are told apart by the caller: asked for one, SQLite would walk the whole log instead of its end. */
export async function changesSince(db: Reader, seq: number): Promise<{ kind: string; id: string }[]> {
  const { kind, id, seq: number } = db.t.changes
  return db.select({ kind, id }).from(db.t.changes).where(gt(number, seq))
}

/** The identifiers of what changed, of one kind. */
export const idsOf = (changes: readonly { readonly kind: string; readonly id: string }[], kind: string): string[] => [
  ...new Set(changes.filter((change) => change.kind === kind).map(({ id }) => id))
]
