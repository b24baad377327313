/** Everything that exercises themselves ask of the database; ballots, codes and outcomes have queries of their own. */
import { and, desc, eq, inArray, lt } from '../../db/drizzle.ts'
import type { Reader, Writer } from '../../db/store.ts'
import { tagOf } from '../json/canonical.ts'
import type { Exercise, NewExercise } from './exercise.schema.ts'

/** An exercise as lists and readers need it: without its secret. */
export interface ExerciseRow {
  readonly no: number
  readonly id: string
  readonly state: Exercise['state']
  readonly tag: string
  readonly json: string
}

const columns = (db: Reader) => {
  const { no, id, state, tag, json } = db.t.exercises
  return { no, id, state, tag, json }
}

export async function findExercise(db: Reader, id: string): Promise<ExerciseRow | undefined> {
  const [found] = await db.select(columns(db)).from(db.t.exercises).where(eq(db.t.exercises.id, id)).limit(1)
  return found
}

/** What ballots are keyed by; null where no round was opened yet, and where it was destroyed. */
export async function secretOf(db: Reader, id: string): Promise<string | null> {
  const [found] = await db.select({ secret: db.t.exercises.secret }).from(db.t.exercises).where(eq(db.t.exercises.id, id))
  return found?.secret ?? null
}

/** Exercises in some states, the newest first, at most `limit` of those before a place. */
export const listExercises = (db: Reader, states: readonly Exercise['state'][], limit: number, before?: number): Promise<ExerciseRow[]> =>
  db
    .select(columns(db))
    .from(db.t.exercises)
    .where(and(inArray(db.t.exercises.state, [...states]), before === undefined ? undefined : lt(db.t.exercises.no, before)))
    .orderBy(desc(db.t.exercises.no))
    .limit(limit)

export const countExercises = (db: Reader, states: readonly Exercise['state'][]): Promise<number> =>
  db.$count(db.t.exercises, inArray(db.t.exercises.state, [...states]))

/** What the organiser wrote of a draft. */
export async function findPlan(db: Reader, id: string): Promise<NewExercise | undefined> {
  const [found] = await db.select({ plan: db.t.exercises.plan }).from(db.t.exercises).where(eq(db.t.exercises.id, id))
  return found && (JSON.parse(found.plan) as NewExercise)
}

const rowOf = (exercise: Exercise) => {
  const json = JSON.stringify(exercise)
  return { state: exercise.state, tag: tagOf(json), json, updatedAt: exercise.updatedAt }
}

export async function insertExercise(tx: Writer, exercise: Exercise, plan: NewExercise): Promise<ExerciseRow> {
  await tx.insert(tx.t.exercises).values({ id: exercise.id, plan: JSON.stringify(plan), secret: null, ...rowOf(exercise) })
  return (await findExercise(tx, exercise.id))!
}

/** Stores what became of an exercise; of a draft also what the organiser wrote. */
export async function updateExercise(tx: Writer, exercise: Exercise, plan?: NewExercise): Promise<ExerciseRow> {
  const written = plan === undefined ? {} : { plan: JSON.stringify(plan) }
  await tx
    .update(tx.t.exercises)
    .set({ ...rowOf(exercise), ...written })
    .where(eq(tx.t.exercises.id, exercise.id))
  return (await findExercise(tx, exercise.id))!
}

export async function putSecret(tx: Writer, id: string, secret: string | null): Promise<void> {
  await tx.update(tx.t.exercises).set({ secret }).where(eq(tx.t.exercises.id, id))
}
