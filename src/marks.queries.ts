/** Notes of the registry to itself: by which version of what the database was last brought up to date, and what is still to be done. */
import { eq } from '../db/drizzle.ts'
import type { Reader, Writer } from '../db/store.ts'

export async function findMark(db: Reader, name: string): Promise<string | undefined> {
  const { marks } = db.t
  const [found] = await db.select({ value: marks.value }).from(marks).where(eq(marks.name, name)).limit(1)
  return found?.value
}

export async function putMark(tx: Writer, name: string, value: string): Promise<void> {
  const { marks } = tx.t
  await tx.insert(marks).values({ name, value }).onConflictDoUpdate({ target: marks.name, set: { value } })
}
