/** The life of an exercise: draft, open, between rounds, closed, published; void on the way. Pure. */
import type { Exercise } from './exercise.schema.ts'

export type ExerciseState = Exercise['state']
export type ExerciseStep = 'open' | 'close' | 'publish' | 'void'

const FROM: Record<ExerciseStep, readonly ExerciseState[]> = {
  open: ['draft', 'between-rounds'],
  close: ['open', 'between-rounds'],
  publish: ['closed'],
  void: ['draft', 'open', 'between-rounds', 'closed']
}

/** What else to do where a step is not possible: a sentence. */
export function whyNot({ state }: Pick<Exercise, 'state'>, step: ExerciseStep): string | undefined {
  if (FROM[step].includes(state)) return undefined
  if (state === 'published') return 'The outcome is published: it stays as it is. Prepare a new exercise.'
  if (state === 'void') return 'It was made void. Prepare a new exercise.'
  if (step === 'open')
    return state === 'open' ? 'A round is open already: close it first.' : 'Its last round is closed: publish the outcome.'
  if (step === 'publish') return state === 'draft' ? 'Nobody has voted yet: open the first round.' : 'Close every round first.'
  return state === 'draft' ? 'No round is open yet.' : 'No round is open: publish the outcome, or make it void.'
}

/** The number of the round that is open; undefined where none is. */
export const openRound = ({ rounds }: Pick<Exercise, 'rounds'>): number | undefined => rounds.find(({ state }) => state === 'open')?.round

/** The numbers of the rounds that are closed, the first first. */
export const closedRounds = ({ rounds }: Pick<Exercise, 'rounds'>): number[] =>
  rounds.flatMap(({ round, state }) => (state === 'closed' ? round : []))

/** The number of the last round that was closed; undefined before the first. */
export const lastClosed = (exercise: Pick<Exercise, 'rounds'>): number | undefined => closedRounds(exercise).at(-1)
