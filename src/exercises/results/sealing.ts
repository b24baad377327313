/** Who may see what was voted, and when: nobody while a round is open, organisers after the close, everybody after the publication. Pure. */
import { problem } from '../../http/problems.ts'
import type { Exercise } from '../exercise.schema.ts'
import { closedRounds, lastClosed } from '../life.ts'

const SEALED: Partial<Record<Exercise['state'], string>> = {
  draft: 'Nobody has voted yet.',
  open: 'A round is open: until it is closed nobody sees what was voted, in any role.',
  void: 'The exercise was made void: what was voted is deleted.'
}

/** The closed round that is asked for, or the last one; refuses who may not see it yet. */
export function roundToSee(exercise: Exercise, asked: number | undefined, mayOrganise: boolean): number {
  const { state, rounds } = exercise
  const reason =
    SEALED[state] ?? (state === 'published' || mayOrganise ? undefined : 'The outcome is not published yet: until then organisers see it.')
  if (reason !== undefined) throw problem('sealed', reason)
  const round = asked ?? lastClosed(exercise)!
  if (rounds[round - 1]?.state === 'closed') return round
  throw problem('not-found', `Round ${round} has no results.`, {
    errors: [
      {
        parameter: 'round',
        detail: `One of ${closedRounds(exercise).join(', ')} is expected.`
      }
    ]
  })
}
