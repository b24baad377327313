/** What may be seen of an exercise by who asks: of a published one what was published, of a closed one what would be. */
import type { Exercise } from '../exercise.schema.ts'
import type { ExerciseDeps } from '../exercises.deps.ts'
import { exerciseIn, visibleExercise } from '../keeping.ts'
import { type FoundVoices, findMissingVoices } from '../missing/missing-voices.ts'
import type { Outcome } from '../outcome/outcome.ts'
import { formsOf } from '../voting/form.queries.ts'
import type { CountedRounds } from './counted-rounds.ts'
import type { CountedRound } from './results.schema.ts'
import { roundToSee } from './sealing.ts'

/** An exercise that somebody may look into, in a round, and its outcome if it is published. */
export interface Seen {
  readonly exercise: Exercise
  readonly round: number
  readonly published: { readonly outcome: Outcome; readonly hash: string } | undefined
}

export async function lookInto(
  { store, published }: Pick<ExerciseDeps, 'store' | 'published'>,
  mayOrganise: boolean,
  id: string,
  asked?: number
): Promise<Seen> {
  const exercise = exerciseIn(await store.read((db) => visibleExercise(db, id, mayOrganise)))
  const round = roundToSee(exercise, asked, mayOrganise)
  return { exercise, round, published: exercise.state === 'published' ? await published.of(id) : undefined }
}

/** What the round came to. */
export const roundOf = async ({ exercise, round, published }: Seen, counted: CountedRounds): Promise<CountedRound> =>
  published?.outcome.rounds.find((each) => each.round === round) ?? counted.of(exercise, round)

/** Who is missing from the round. The outcome tells it of the last one. */
export async function voicesOf(
  { exercise, round, published }: Seen,
  { store, counted }: Pick<ExerciseDeps, 'store' | 'counted'>
): Promise<FoundVoices> {
  const told = published?.outcome.missingVoices
  if (told?.round === round) return told
  // The form goes on until the last round is closed: what was said in between could be subtracted.
  const forms = exercise.state === 'closed' ? await store.read((db) => formsOf(db, exercise.id)) : undefined
  return findMissingVoices(counted, exercise, round, forms)
}
