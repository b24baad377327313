/** Published outcomes, and what they say of measures and gaps. */
import { and, asc, desc, eq } from '../../../db/drizzle.ts'
import type { Reader, Writer } from '../../../db/store.ts'
import type { PrioritySubject } from '../../measures/priority.queries.ts'
import type { Outcome } from './outcome.ts'
import type { Priority } from './priority.schema.ts'

/** An outcome as it is stored: its text, as it was hashed. */
export interface StoredOutcome {
  readonly publishedAt: string
  readonly hash: string
  readonly json: string
}

export async function insertOutcome(tx: Writer, exerciseId: string, outcome: StoredOutcome): Promise<void> {
  await tx.insert(tx.t.outcomes).values({ exerciseId, ...outcome })
}

export async function findOutcome(db: Reader, exerciseId: string): Promise<(StoredOutcome & { outcome: Outcome }) | undefined> {
  const { outcomes } = db.t
  const [found] = await db
    .select({ publishedAt: outcomes.publishedAt, hash: outcomes.hash, json: outcomes.json })
    .from(outcomes)
    .where(eq(outcomes.exerciseId, exerciseId))
  return found && { ...found, outcome: JSON.parse(found.json) as Outcome }
}

/** Rows of one statement: engines bound how many parameters it may have. */
const ROWS = 100

export async function insertPriorities(
  tx: Writer,
  rows: readonly { readonly kind: PrioritySubject; readonly id: string; readonly weight: string; readonly priority: Priority }[]
): Promise<void> {
  for (let i = 0; i < rows.length; i += ROWS)
    await tx.insert(tx.t.priorities).values(
      rows.slice(i, i + ROWS).map(({ kind, id, weight, priority }) => ({
        kind,
        id,
        weight,
        exerciseId: priority.exercise,
        publishedAt: priority.publishedAt,
        json: JSON.stringify(priority)
      }))
    )
}

/** What outcomes say of a measure or gap, the newest first. */
export async function listPriorities(db: Reader, kind: PrioritySubject, id: string): Promise<Priority[]> {
  const { priorities } = db.t
  const rows = await db
    .select({ json: priorities.json })
    .from(priorities)
    .where(and(eq(priorities.kind, kind), eq(priorities.id, id)))
    .orderBy(desc(priorities.publishedAt), asc(priorities.exerciseId))
  return rows.map(({ json }) => JSON.parse(json) as Priority)
}
