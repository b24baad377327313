/** One voice for each code: how a ballot comes in, and how its voter sees it again. */
import type { Reader, Writer } from '../../../db/store.ts'
import { refuseFaults } from '../../gaps/keeping.ts'
import { problem } from '../../http/problems.ts'
import type { Exercise } from '../exercise.schema.ts'
import { planOf } from '../exercise.ts'
import { secretOf } from '../exercises.queries.ts'
import { exerciseIn, visibleExercise } from '../keeping.ts'
import { openRound } from '../life.ts'
import { faultsInBallot } from './ballot.check.ts'
import type { Ballot } from './ballot.schema.ts'
import { findBallot, putBallot, putReceipt } from './ballots.queries.ts'
import { hashOf, readCode } from './codes.ts'
import { groupOfCode } from './electorate.queries.ts'
import { ballotKeyOf, receiptOf } from './secrets.ts'

/** A code that opened an exercise, in the round that is open. */
export interface Voter {
  readonly exercise: Exercise
  readonly round: number
  readonly code: string
  readonly group: string
  readonly secret: string
}

const FAULTS = {
  length: 'It is not as long as a code: compare it with the card.',
  character: 'It has a character that codes do not have: compare it with the card.',
  check: 'A character is wrong, or two have changed places: compare it with the card.'
} as const

const refusedCode = (detail: string) => problem('ballot-code', detail, { errors: [{ header: 'x-ballot-code', detail }] })

/** The code that came in the header, in its canonical form. */
export function codeIn(headers: Readonly<Record<string, unknown>>): string {
  const header = headers['x-ballot-code']
  if (header === undefined || header === '') throw refusedCode('Send the code of the invitation in `X-Ballot-Code`.')
  const read = readCode(String(header))
  if ('fault' in read) throw refusedCode(FAULTS[read.fault])
  return read.code
}

/** Whose code it is, as far as the registry knows: a member of a group. Refuses codes of other exercises, and rounds that are not open. */
export async function voterOf(db: Reader, id: string, code: string): Promise<Voter> {
  const group = await groupOfCode(db, id, hashOf(code))
  // Whoever holds a code knows that the exercise is being prepared.
  const exercise = exerciseIn(await visibleExercise(db, id, group !== undefined))
  const round = openRound(exercise)
  // Where it is over, whether the code is good does not matter any more.
  if (exercise.state === 'published' || exercise.state === 'void') throw notOpen(exercise)
  if (group === undefined) throw refusedCode('The code does not belong to this exercise: compare the address and the code with the card.')
  const secret = await secretOf(db, id)
  if (round === undefined || secret === null) throw notOpen(exercise)
  return { exercise, round, code, group, secret }
}

function notOpen({ state }: Exercise) {
  const why = {
    draft: 'The first round is not open yet.',
    open: 'The round is not open.',
    'between-rounds': 'The round is closed, and the next one is not open yet.',
    closed: 'The last round is closed: ballots are not taken any more.',
    published: 'The outcome is published: ballots are not taken any more.',
    void: 'The exercise was made void: ballots are not taken any more.'
  }[state]
  return problem('round-not-open', why)
}

/** The identifiers of the items of a round that is open. */
export const itemsOf = ({ rounds }: Exercise, round: number): readonly string[] => rounds[round - 1]?.items ?? []

/** Refuses a ballot that is not one of the open round. Before it waits for its turn: whoever mistypes a code holds up nobody. */
export async function judgeBallot(db: Reader, id: string, code: string, ballot: Ballot): Promise<Voter> {
  const voter = await voterOf(db, id, code)
  const { exercise, round } = voter
  refuseFaults(faultsInBallot(ballot, planOf(exercise, round), itemsOf(exercise, round)))
  return voter
}

/** Puts a ballot in, in place of the voter's earlier one in this round. */
export async function castBallot(
  tx: Writer,
  id: string,
  code: string,
  ballot: Ballot
): Promise<{ receipt: string; exercise: string; round: number }> {
  const { round, group, secret } = await judgeBallot(tx, id, code, ballot)
  const receipt = receiptOf(secret, round, code)
  await putBallot(tx, id, round, { key: ballotKeyOf(secret, round, code), group, ballot: JSON.stringify(ballot) })
  await putReceipt(tx, id, round, receipt)
  return { receipt, exercise: id, round }
}

/** The voter's own ballot of a round; undefined where there is none. */
export async function ownBallot(db: Reader, { exercise, code, secret }: Voter, round: number): Promise<Ballot | undefined> {
  const found = await findBallot(db, exercise.id, round, ballotKeyOf(secret, round, code))
  return found === undefined ? undefined : (JSON.parse(found) as Ballot)
}
