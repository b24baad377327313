/**
 * Ballots on paper: typed in by one organiser, compared with the paper by another. Until then they count for nothing; afterwards the batch
 * knows only how many there were. A ballot on a card with a code takes the place of nothing: whoever voted with the code already has voted.
 */
import type { Writer } from '../../../db/store.ts'
import { refuseFaults } from '../../gaps/keeping.ts'
import { problem } from '../../http/problems.ts'
import type { Fault } from '../../measures/content.check.ts'
import type { Act } from '../../measures/lifecycle.ts'
import { planOf } from '../exercise.ts'
import { secretOf } from '../exercises.queries.ts'
import { entry, exerciseIn, visibleExercise } from '../keeping.ts'
import { openRound } from '../life.ts'
import { faultsInBallot } from './ballot.check.ts'
import type { Ballot } from './ballot.schema.ts'
import { findBallot, putBallot, putReceipt } from './ballots.queries.ts'
import { itemsOf } from './casting.ts'
import { hashOf, newCode, readCode } from './codes.ts'
import { groupOfCode } from './electorate.queries.ts'
import { refuseUnknownGroup } from './inviting.ts'
import { findPaper, insertPaper, type PaperRow, settlePaper } from './paper.queries.ts'
import { ballotKeyOf, receiptOf } from './secrets.ts'

export interface PaperEntry {
  readonly code?: string
  readonly ballot: Ballot
}
export interface NewPaper {
  readonly group: string
  readonly ballots: readonly PaperEntry[]
}

/** A ballot while it waits, under the key that it will have. */
interface Waiting {
  readonly key: string
  readonly ballot: Ballot
}

/** A batch while it waits: receipts are in an order of their own, so that none leads to a ballot. */
interface Kept {
  readonly waiting: readonly Waiting[]
  readonly receipts: readonly string[]
}
const keptIn = (ballots: string): Kept => JSON.parse(ballots)

interface Made {
  readonly batch: string
  readonly secret: (bytes: number) => Buffer
}

/** Takes a batch in, to wait for a second person. Every ballot has to be right: a batch comes in whole or not at all. */
export async function enterPaper(
  tx: Writer,
  act: Act,
  id: string,
  { group, ballots }: NewPaper,
  { batch, secret: random }: Made
): Promise<PaperRow> {
  const { exercise, round, secret } = await openExercise(tx, id)
  refuseUnknownGroup(exercise, group)
  const waiting: Waiting[] = []
  const receipts: string[] = []
  const faults: Fault[] = []
  for (const [i, { code: typed, ballot }] of ballots.entries()) {
    const at = `/ballots/${i}`
    const wrong = faultsInBallot(ballot, planOf(exercise, round), itemsOf(exercise, round))
    faults.push(...wrong.map((fault) => ({ ...fault, pointer: `${at}/ballot${fault.pointer}` })))
    const read = typed === undefined ? { code: newCode(random(16)) } : readCode(typed)
    if ('fault' in read) {
      faults.push({ pointer: `${at}/code`, detail: `It is no code (${read.fault}): compare it with the card.` })
      continue
    }
    const key = ballotKeyOf(secret, round, read.code)
    const detail = typed === undefined ? undefined : await obstacleTo(tx, id, round, { group, codeHash: hashOf(read.code), key }, waiting)
    if (detail !== undefined) faults.push({ pointer: `${at}/code`, detail })
    waiting.push({ key, ballot })
    receipts.push(receiptOf(secret, round, read.code))
  }
  refuseFaults(faults)
  const row: PaperRow = {
    id: batch,
    exerciseId: id,
    round,
    group,
    state: 'waiting',
    count: ballots.length,
    withoutCode: ballots.filter(({ code }) => code === undefined).length,
    ballots: JSON.stringify({ waiting, receipts: receipts.sort() } satisfies Kept),
    enteredById: act.actor.id,
    enteredBy: act.actor.name,
    enteredAt: act.now,
    settledBy: null,
    settledAt: null,
    reason: null
  }
  await insertPaper(tx, row)
  tx.record(entry(act, id, { action: 'paper-entered', round, reason: `${ballots.length} for ${group}` }))
  return row
}

async function openExercise(tx: Writer, id: string) {
  const exercise = exerciseIn(await visibleExercise(tx, id, true))
  const round = openRound(exercise)
  const secret = await secretOf(tx, id)
  if (round === undefined || secret === null)
    throw problem('round-not-open', 'No round is open: ballots on paper are entered before the close.')
  return { exercise, round, secret }
}

/** Why a code cannot be used on paper: a sentence. */
async function obstacleTo(
  tx: Writer,
  id: string,
  round: number,
  { group, codeHash, key }: { group: string; codeHash: string; key: string },
  waiting: readonly Waiting[]
): Promise<string | undefined> {
  const owner = await groupOfCode(tx, id, codeHash)
  if (owner === undefined) return 'The code does not belong to this exercise.'
  if (owner !== group) return `The code belongs to the group "${owner}".`
  if (waiting.some((other) => other.key === key)) return 'The code is in this batch already.'
  return (await findBallot(tx, id, round, key)) === undefined ? undefined : 'Somebody has voted with this code already.'
}

/** A batch that waits, for somebody who did not enter it. */
async function paperToSettle(tx: Writer, id: string, batch: string): Promise<PaperRow> {
  const row = await findPaper(tx, id, batch)
  if (!row) throw problem('not-found', `There is no batch "${batch}" in this exercise.`)
  if (row.state !== 'waiting') throw problem('transition-not-allowed', `The batch is ${row.state} already.`)
  return row
}

/** Counts a batch: its ballots become like all others. Somebody else has to do it than who entered it. */
export async function confirmPaper(tx: Writer, act: Act, id: string, batch: string, reason?: string): Promise<PaperRow> {
  const { round } = await openExercise(tx, id)
  const row = await paperToSettle(tx, id, batch)
  if (row.enteredById === act.actor.id) throw problem('own-entry', 'Another organiser compares the batch with the paper, and confirms it.')
  const { waiting, receipts } = keptIn(row.ballots!)
  for (const [i, { key }] of waiting.entries())
    if ((await findBallot(tx, id, round, key)) !== undefined)
      throw problem(
        'conflict',
        `Somebody has voted with the code of ballot ${i + 1} meanwhile. Discard the batch, and enter it without that ballot.`
      )
  for (const { key, ballot } of waiting.toSorted((a, b) => (a.key < b.key ? -1 : 1)))
    await putBallot(tx, id, round, { key, group: row.group, ballot: JSON.stringify(ballot) })
  for (const receipt of receipts) await putReceipt(tx, id, round, receipt)
  return settled(tx, act, row, { state: 'confirmed', reason: reason ?? null })
}

/** Throws a batch away, with the reason. */
export async function discardPaper(tx: Writer, act: Act, id: string, batch: string, reason: string): Promise<PaperRow> {
  await visibleExercise(tx, id, true)
  return settled(tx, act, await paperToSettle(tx, id, batch), { state: 'discarded', reason })
}

async function settled(tx: Writer, act: Act, row: PaperRow, end: Pick<PaperRow, 'state' | 'reason'>): Promise<PaperRow> {
  const { id, exerciseId, round, group, count } = row
  await settlePaper(tx, id, { ...end, settledBy: act.actor.name, settledAt: act.now })
  tx.record(entry(act, exerciseId, { action: `paper-${end.state}`, round, reason: end.reason ?? `${count} for ${group}` }))
  return (await findPaper(tx, exerciseId, id))!
}

/** What a batch holds while it waits, for the person who compares it with the paper. */
export const ballotsIn = ({ ballots }: PaperRow): Ballot[] => (ballots === null ? [] : keptIn(ballots).waiting.map(({ ballot }) => ballot))
