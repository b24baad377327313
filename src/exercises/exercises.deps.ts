import type { Context } from '../context.ts'
import type { PublishedOutcomes } from './outcome/published.ts'
import type { CountedRounds } from './results/counted-rounds.ts'

/** What the routes of exercises share. */
export interface ExerciseDeps extends Context {
  readonly counted: CountedRounds
  readonly published: PublishedOutcomes
}
