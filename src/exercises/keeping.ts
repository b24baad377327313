/** What every change of an exercise has in common: its lock, who sees it, the condition, the state, the log. */
import type { Change, FieldChange, Reader, Writer } from '../../db/store.ts'
import { problem } from '../http/problems.ts'
import type { Act } from '../measures/lifecycle.ts'
import type { Exercise } from './exercise.schema.ts'
import { type ExerciseRow, findExercise, updateExercise } from './exercises.queries.ts'
import { type ExerciseStep, whyNot } from './life.ts'

/** The lock that everything on an exercise holds, ballots too: none comes in while a round is closed. */
export const lockOfExercise = (id: string) => `exercise:${id}`

export const exerciseIn = ({ json }: Pick<ExerciseRow, 'json'>) => JSON.parse(json) as Exercise

/** An exercise as whoever asks may see it: drafts are for organisers. */
export async function visibleExercise(db: Reader, id: string, isOrganiser: boolean): Promise<ExerciseRow> {
  const row = await findExercise(db, id)
  if (!row || (row.state === 'draft' && !isOrganiser)) throw problem('not-found', `There is no exercise "${id}".`)
  return row
}

/** An exercise that an organiser changes: one who has seen its present state. */
export async function exerciseToChange(tx: Writer, act: Act, id: string): Promise<Exercise> {
  const row = await visibleExercise(tx, id, true)
  act.mustMatch?.(row.tag)
  return exerciseIn(row)
}

/** The same for a step of its life, which has to be possible. */
export async function exerciseToMove(tx: Writer, act: Act, id: string, step: ExerciseStep): Promise<Exercise> {
  const exercise = await exerciseToChange(tx, act, id)
  const obstacle = whyNot(exercise, step)
  if (obstacle) throw problem('transition-not-allowed', obstacle)
  return exercise
}

interface What {
  readonly action: string
  readonly reason?: string | undefined
  readonly fields?: readonly FieldChange[]
  /** The round, as the log calls versions. */
  readonly round?: number | undefined
}

/** An entry of the log on an exercise. Nothing that a voter does is in it. */
export const entry = ({ actor, now }: Pick<Act, 'actor' | 'now'>, id: string, { action, reason, fields, round }: What): Change => ({
  at: now,
  kind: 'exercise',
  id,
  action,
  actor: actor.name,
  ...(round === undefined ? {} : { version: String(round) }),
  ...(reason ? { reason } : {}),
  ...(fields && fields.length > 0 ? { fields } : {})
})

/** Stores a changed exercise and says so in the log. */
export async function keep(tx: Writer, act: Act, exercise: Exercise, what: What): Promise<ExerciseRow> {
  const row = await updateExercise(tx, exercise)
  tx.record(entry(act, exercise.id, what))
  return row
}
