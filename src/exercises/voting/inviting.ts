/** One-time codes for a group: given out once, and kept as hashes only. */
import type { Reader, Writer } from '../../../db/store.ts'
import { problem } from '../../http/problems.ts'
import type { Act } from '../../measures/lifecycle.ts'
import type { Exercise } from '../exercise.schema.ts'
import { entry, exerciseIn, visibleExercise } from '../keeping.ts'
import { hashOf, newCode } from './codes.ts'
import { insertCodes } from './electorate.queries.ts'

const CODE_BYTES = 16

/** New codes, which nobody has yet. */
export const makeCodes = (count: number, secret: (bytes: number) => Buffer): string[] =>
  Array.from({ length: count }, () => newCode(secret(CODE_BYTES)))

/** An exercise to which a group can be invited: one that is still to be voted on. */
export async function exerciseToInviteTo(db: Reader, id: string, group: string): Promise<Exercise> {
  const exercise = exerciseIn(await visibleExercise(db, id, true))
  if (!['draft', 'open', 'between-rounds'].includes(exercise.state))
    throw problem('transition-not-allowed', `Nobody is invited any more: the exercise is ${exercise.state}.`)
  refuseUnknownGroup(exercise, group)
  return exercise
}

/** Lets codes vote for a group. */
export async function issueCodes(tx: Writer, act: Act, id: string, group: string, codes: readonly string[]): Promise<void> {
  await exerciseToInviteTo(tx, id, group)
  await insertCodes(tx, id, group, codes.map(hashOf))
  tx.record(entry(act, id, { action: 'invited', reason: `${codes.length} codes for ${group}` }))
}

/** Refuses a group that the exercise does not have. */
export function refuseUnknownGroup({ groups }: Exercise, group: string): void {
  const known = groups.map(({ code }) => code)
  if (known.includes(group)) return
  throw problem('invalid-body', `The exercise has no group "${group}", but ${known.join(', ')}.`, {
    errors: [{ pointer: '/group', detail: `One of ${known.join(', ')} is expected.` }]
  })
}
