import type { Context } from '../context.ts'
import type { CountedRounds } from './counted-rounds.ts'
import type { PublishedOutcomes } from './outcome/published.ts'

/** What the routes of exercises share. */
export interface ExerciseDeps extends Context {
  readonly counted: CountedRounds
  readonly published: PublishedOutcomes
}
