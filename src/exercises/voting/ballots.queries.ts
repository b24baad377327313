/** Ballots and receipts. Nothing here tells when a ballot came, or whose it is. */
import { and, asc, eq, gt, sql } from '../../../db/drizzle.ts'
import type { Reader, Writer } from '../../../db/store.ts'

export interface GroupCount {
  readonly group: string
  readonly n: number
}

/** A ballot as it is kept: its JSON as text. */
export interface StoredBallot {
  readonly key: string
  readonly group: string
  readonly ballot: string
}

const inRound = (db: Reader, exerciseId: string, round: number) =>
  and(eq(db.t.ballots.exerciseId, exerciseId), eq(db.t.ballots.round, round))

/** Puts a ballot in, in place of an earlier one with the same key. */
export async function putBallot(tx: Writer, exerciseId: string, round: number, { key, group, ballot }: StoredBallot): Promise<void> {
  const { ballots } = tx.t
  await tx
    .insert(ballots)
    .values({ exerciseId, round, key, group, ballot })
    .onConflictDoUpdate({ target: [ballots.exerciseId, ballots.round, ballots.key], set: { ballot } })
}

export async function findBallot(db: Reader, exerciseId: string, round: number, key: string): Promise<string | undefined> {
  const [found] = await db
    .select({ ballot: db.t.ballots.ballot })
    .from(db.t.ballots)
    .where(and(inRound(db, exerciseId, round), eq(db.t.ballots.key, key)))
  return found?.ballot
}

/** How many ballots each group has in a round. */
export const countBallots = (db: Reader, exerciseId: string, round: number): Promise<GroupCount[]> =>
  db
    .select({ group: db.t.ballots.group, n: sql<number>`cast(count(*) as integer)` })
    .from(db.t.ballots)
    .where(inRound(db, exerciseId, round))
    .groupBy(db.t.ballots.group)
    .orderBy(asc(db.t.ballots.group))

/** Ballots of a round in the order of their keys, which is no order of anything; at most `limit` after a key. */
export const listBallots = (db: Reader, exerciseId: string, round: number, after: string, limit: number): Promise<StoredBallot[]> =>
  db
    .select({ key: db.t.ballots.key, group: db.t.ballots.group, ballot: db.t.ballots.ballot })
    .from(db.t.ballots)
    .where(and(inRound(db, exerciseId, round), gt(db.t.ballots.key, after)))
    .orderBy(asc(db.t.ballots.key))
    .limit(limit)

export async function deleteBallots(tx: Writer, exerciseId: string): Promise<void> {
  await tx.delete(tx.t.ballots).where(eq(tx.t.ballots.exerciseId, exerciseId))
  await tx.delete(tx.t.receipts).where(eq(tx.t.receipts.exerciseId, exerciseId))
}

export async function putReceipt(tx: Writer, exerciseId: string, round: number, receipt: string): Promise<void> {
  await tx.insert(tx.t.receipts).values({ exerciseId, round, receipt }).onConflictDoNothing()
}

/** The receipts of a round in alphabetical order. */
export async function listReceipts(db: Reader, exerciseId: string, round: number): Promise<string[]> {
  const { receipts } = db.t
  const rows = await db
    .select({ receipt: receipts.receipt })
    .from(receipts)
    .where(and(eq(receipts.exerciseId, exerciseId), eq(receipts.round, round)))
    .orderBy(asc(receipts.receipt))
  return rows.map(({ receipt }) => receipt)
}
