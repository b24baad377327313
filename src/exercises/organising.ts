/** The steps in the life of an exercise but its publication. Each runs in a unit of work that holds the lock of the exercise. */
import type { Writer } from '../../db/store.ts'
import { problem } from '../http/problems.ts'
import type { Act } from '../measures/lifecycle.ts'
import { carryOn } from './carrying-on.ts'
import type { Exercise } from './exercise.schema.ts'
import { nextRound, planOf, withClosedRound, withOpenRound } from './exercise.ts'
import { type ExerciseRow, putSecret, secretOf } from './exercises.queries.ts'
import { exerciseToMove, keep } from './keeping.ts'
import { lastClosed, openRound } from './life.ts'
import type { CountedRound } from './results/results.schema.ts'
import { countBallots, deleteBallots, type GroupCount } from './voting/ballots.queries.ts'
import { countInvited, deleteCodes } from './voting/electorate.queries.ts'
import { deleteForms } from './voting/form.queries.ts'
import { discardPapers, waitingPapers } from './voting/paper.queries.ts'

/**
 * Opens the next round. The first opening freezes the protocol and makes the secret. `previous` is what the round before came to: the
 * rule of the protocol takes the items from it.
 */
export async function openNextRound(
  tx: Writer,
  act: Act,
  id: string,
  {
    previous,
    newSecret,
    reason
  }: { readonly previous: CountedRound | undefined; readonly newSecret: () => string; readonly reason?: string | undefined }
): Promise<ExerciseRow> {
  const exercise = await exerciseToMove(tx, act, id, 'open')
  // It is counted before the lock is held: a round may have been closed meanwhile.
  if (previous?.round !== lastClosed(exercise)) throw problem('transition-not-allowed', 'A round was closed a moment ago: try again.')
  const round = nextRound(exercise)!
  const { items, steps } = carryOn(exercise, round, planOf(exercise, round).carryOn, previous)
  if (items.length === 0)
    throw problem('transition-not-allowed', 'No item is left to vote on: the rule of the protocol lets none go on. Close the exercise.')
  if ((await secretOf(tx, id)) === null) await putSecret(tx, id, newSecret())
  return keep(tx, act, withOpenRound(exercise, items, steps, act.now), { action: 'opened', round, reason })
}

/** Closes the open round; between rounds, leaves the later ones out. */
export async function closeRound(tx: Writer, act: Act, id: string, reason?: string): Promise<ExerciseRow> {
  const exercise = await exerciseToMove(tx, act, id, 'close')
  const round = openRound(exercise)
  if (round === undefined && reason === undefined)
    throw problem('invalid-body', 'No round is open: to leave the later rounds out, say why.', {
      errors: [{ pointer: '/reason', detail: 'Say why the later rounds are left out.' }]
    })
  const invited = round === undefined ? undefined : await sealRound(tx, exercise, round)
  return keep(tx, act, withClosedRound(exercise, act.now, { reason, ...(invited ? { invited } : {}) }), { action: 'closed', reason, round })
}

/** What has to be so before a round is closed, and the end of every trace of the order in which ballots came. Says how many were invited. */
async function sealRound(tx: Writer, { id }: Exercise, round: number): Promise<GroupCount[]> {
  const waiting = await waitingPapers(tx, id)
  if (waiting.length > 0)
    throw problem(
      'transition-not-allowed',
      `Ballots on paper wait for a second person: ${waiting.map((batch) => batch.id).join(', ')}. Confirm or discard them first.`
    )
  const counts = await countBallots(tx, id, round)
  if (counts.length === 0) throw problem('transition-not-allowed', 'Nobody has voted in this round. Wait, or make the exercise void.')
  for (const table of ['ballots', 'receipts'] as const) await tx.d.forgetOrder(tx, table, id)
  return countInvited(tx, id, round)
}

/** Ends an exercise without a result. Its ballots, codes and secret are deleted: nobody will ever see what was voted. */
export async function voidExercise(tx: Writer, act: Act, id: string, reason: string): Promise<ExerciseRow> {
  const exercise = await exerciseToMove(tx, act, id, 'void')
  await deleteBallots(tx, id)
  await deleteCodes(tx, id)
  await deleteForms(tx, id)
  await discardPapers(tx, id, { settledBy: act.actor.name, settledAt: act.now, reason })
  await putSecret(tx, id, null)
  const rounds = exercise.rounds.map((round) =>
    round.state === 'open' ? { ...round, state: 'closed' as const, closedAt: act.now } : round
  )
  return keep(tx, act, { ...exercise, state: 'void', rounds, voidReason: reason, updatedAt: act.now }, { action: 'void', reason })
}
