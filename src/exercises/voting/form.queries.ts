/** The form in which voters say, if they like, on which level and in which country they work or live: counted, not kept. */
import { and, asc, eq, sql } from '../../../db/drizzle.ts'
import type { Reader, Writer } from '../../../db/store.ts'

export type FormQuestion = 'level' | 'country'
export interface FormCount {
  readonly question: FormQuestion
  readonly code: string
  readonly count: number
}

/** Notes that a form was filled in; false where it was already. */
export async function putFormMark(tx: Writer, exerciseId: string, mark: string): Promise<boolean> {
  const { formMarks } = tx.t
  const there = await tx.$count(formMarks, and(eq(formMarks.exerciseId, exerciseId), eq(formMarks.mark, mark)))
  if (there > 0) return false
  await tx.insert(formMarks).values({ exerciseId, mark })
  return true
}

export async function countAnswer(tx: Writer, exerciseId: string, question: FormQuestion, code: string): Promise<void> {
  const { formCounts } = tx.t
  await tx
    .insert(formCounts)
    .values({ exerciseId, question, code, count: 1 })
    .onConflictDoUpdate({
      target: [formCounts.exerciseId, formCounts.question, formCounts.code],
      set: { count: sql`${formCounts.count} + 1` }
    })
}

const listFormCounts = (db: Reader, exerciseId: string): Promise<FormCount[]> =>
  db
    .select({ question: db.t.formCounts.question, code: db.t.formCounts.code, count: db.t.formCounts.count })
    .from(db.t.formCounts)
    .where(eq(db.t.formCounts.exerciseId, exerciseId))
    .orderBy(asc(db.t.formCounts.question), asc(db.t.formCounts.code))

/** What was said in the forms of an exercise. */
export interface FilledForms {
  readonly filledIn: number
  readonly counts: readonly FormCount[]
}

export const formsOf = async (db: Reader, exerciseId: string): Promise<FilledForms> => ({
  filledIn: await db.$count(db.t.formMarks, eq(db.t.formMarks.exerciseId, exerciseId)),
  counts: await listFormCounts(db, exerciseId)
})

/** Deletes what was said in forms, and that it was. */
export async function deleteForms(tx: Writer, exerciseId: string): Promise<void> {
  await tx.delete(tx.t.formMarks).where(eq(tx.t.formMarks.exerciseId, exerciseId))
  await tx.delete(tx.t.formCounts).where(eq(tx.t.formCounts.exerciseId, exerciseId))
}
