import type { Context } from '../context.ts'
import type { CountedRounds } from './counted-rounds.ts'

/** What the routes of exercises share. */
export interface ExerciseDeps extends Context {
  readonly counted: CountedRounds
}
