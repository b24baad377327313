/** Batches of ballots on paper: kept whole while they wait for a second person, as a number afterwards. */
import { and, asc, eq } from '../../../db/drizzle.ts'
import type { Reader, Writer } from '../../../db/store.ts'

export type PaperRow = Writer['t']['paperBatches']['$inferSelect']

export async function insertPaper(tx: Writer, row: PaperRow): Promise<void> {
  await tx.insert(tx.t.paperBatches).values(row)
}

export async function findPaper(db: Reader, exerciseId: string, id: string): Promise<PaperRow | undefined> {
  const { paperBatches } = db.t
  const [found] = await db
    .select()
    .from(paperBatches)
    .where(and(eq(paperBatches.exerciseId, exerciseId), eq(paperBatches.id, id)))
  return found
}

export const listPapers = (db: Reader, exerciseId: string): Promise<PaperRow[]> =>
  db
    .select()
    .from(db.t.paperBatches)
    .where(eq(db.t.paperBatches.exerciseId, exerciseId))
    .orderBy(asc(db.t.paperBatches.enteredAt), asc(db.t.paperBatches.id))

export async function settlePaper(
  tx: Writer,
  id: string,
  settled: Pick<PaperRow, 'state' | 'settledBy' | 'settledAt' | 'reason'>
): Promise<void> {
  await tx
    .update(tx.t.paperBatches)
    .set({ ...settled, ballots: null })
    .where(eq(tx.t.paperBatches.id, id))
}

/** Batches that wait for a second person. */
export const waitingPapers = (db: Reader, exerciseId: string): Promise<{ id: string; count: number }[]> =>
  db
    .select({ id: db.t.paperBatches.id, count: db.t.paperBatches.count })
    .from(db.t.paperBatches)
    .where(and(eq(db.t.paperBatches.exerciseId, exerciseId), eq(db.t.paperBatches.state, 'waiting')))

/** Discards every batch that waits. */
export async function discardPapers(
  tx: Writer,
  exerciseId: string,
  settled: Pick<PaperRow, 'settledBy' | 'settledAt' | 'reason'>
): Promise<void> {
  const { paperBatches } = tx.t
  await tx
    .update(paperBatches)
    .set({ ...settled, state: 'discarded', ballots: null })
    .where(and(eq(paperBatches.exerciseId, exerciseId), eq(paperBatches.state, 'waiting')))
}
