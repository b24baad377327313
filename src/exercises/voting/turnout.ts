/** How many have voted: all that anybody sees of a round while it is open. Pure. */
import type { Exercise } from '../exercise.schema.ts'
import { lastClosed, openRound } from '../life.ts'
import type { GroupCount } from './ballots.queries.ts'
import type { Turnout } from './voter.schema.ts'

/** Numbers are rounded to this: of most ballots nobody sees that they come in. Whoever sends some of the others can see one. */
const STEP = 5
export const rounded = (n: number): number => Math.round(n / STEP) * STEP

/** The turnout of the round that is open, or of the last that was. The sum is that of the rounded numbers: an exact one would tell more. */
export function turnoutOf(
  exercise: Exercise,
  round: number | undefined,
  invited: readonly GroupCount[],
  voted: readonly GroupCount[]
): Turnout {
  const numberIn = (counts: readonly GroupCount[], code: string) => counts.find(({ group }) => group === code)?.n ?? 0
  const groups = exercise.groups.map(({ code }) => ({
    group: code,
    invited: numberIn(invited, code),
    voted: rounded(numberIn(voted, code))
  }))
  return {
    exercise: exercise.id,
    state: exercise.state,
    ...(round === undefined ? {} : { round }),
    groups,
    voted: groups.reduce((sum, group) => sum + group.voted, 0)
  }
}

/** The round whose turnout is told. */
export const roundTold = (exercise: Exercise): number | undefined => openRound(exercise) ?? lastClosed(exercise)
