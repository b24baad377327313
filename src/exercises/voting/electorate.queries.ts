/** Who may vote, as far as the registry knows: hashes of codes, each with its group. */
import { and, asc, eq, sql } from '../../../db/drizzle.ts'
import type { Reader, Writer } from '../../../db/store.ts'
import type { GroupCount } from './ballots.queries.ts'

/** Rows of one statement: engines bound how many parameters it may have. */
const ROWS = 200

export async function insertCodes(tx: Writer, exerciseId: string, group: string, hashes: readonly string[]): Promise<void> {
  // In the order of the hashes, which tells nothing.
  const sorted = [...hashes].sort()
  for (let i = 0; i < sorted.length; i += ROWS)
    await tx.insert(tx.t.electorate).values(sorted.slice(i, i + ROWS).map((codeHash) => ({ exerciseId, codeHash, group })))
}

/** The group of a code; undefined where the exercise has no such code. */
export async function groupOfCode(db: Reader, exerciseId: string, codeHash: string): Promise<string | undefined> {
  const { electorate } = db.t
  const [found] = await db
    .select({ group: electorate.group })
    .from(electorate)
    .where(and(eq(electorate.exerciseId, exerciseId), eq(electorate.codeHash, codeHash)))
  return found?.group
}

/** How many codes each group has. */
export async function countCodes(db: Reader, exerciseId: string): Promise<GroupCount[]> {
  const { electorate } = db.t
  return db
    .select({ group: electorate.group, n: sql<number>`cast(count(*) as integer)` })
    .from(electorate)
    .where(eq(electorate.exerciseId, exerciseId))
    .groupBy(electorate.group)
    .orderBy(asc(electorate.group))
}

export async function deleteCodes(tx: Writer, exerciseId: string): Promise<void> {
  await tx.delete(tx.t.electorate).where(eq(tx.t.electorate.exerciseId, exerciseId))
}
