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

/** How many of each group could vote in a round: those with a code, and those whose ballot came on paper without one. */
export async function countInvited(db: Reader, exerciseId: string, round: number): Promise<GroupCount[]> {
  const { paperBatches: paper } = db.t
  const onPaper = await db
    .select({ group: paper.group, n: sql<number>`cast(sum(${paper.withoutCode}) as integer)` })
    .from(paper)
    .where(and(eq(paper.exerciseId, exerciseId), eq(paper.round, round), eq(paper.state, 'confirmed')))
    .groupBy(paper.group)
  const counts = new Map<string, number>()
  for (const { group, n } of [...(await countCodes(db, exerciseId)), ...onPaper]) counts.set(group, (counts.get(group) ?? 0) + n)
  return [...counts].map(([group, n]) => ({ group, n })).sort((a, b) => (a.group < b.group ? -1 : 1))
}

export async function deleteCodes(tx: Writer, exerciseId: string): Promise<void> {
  await tx.delete(tx.t.electorate).where(eq(tx.t.electorate.exerciseId, exerciseId))
}
