/** How an outcome is drawn up and published, for good. */
import type { Reader, Store, Writer } from '../../../db/store.ts'
import { deriveGapsOfVote } from '../../gaps/deriving.ts'
import type { Vote } from '../../gaps/findings.ts'
import { problem } from '../../http/problems.ts'
import type { Act } from '../../measures/lifecycle.ts'
import type { Exercise } from '../exercise.schema.ts'
import { type ExerciseRow, putSecret } from '../exercises.queries.ts'
import { exerciseToMove, keep } from '../keeping.ts'
import { closedRounds, lastClosed } from '../life.ts'
import { findMissingVoices } from '../missing/missing-voices.ts'
import type { CountedRounds } from '../results/counted-rounds.ts'
import type { CountedRound } from '../results/results.schema.ts'
import { listReceipts } from '../voting/ballots.queries.ts'
import { deleteForms, formsOf } from '../voting/form.queries.ts'
import { listPapers, type PaperRow } from '../voting/paper.queries.ts'
import { wordsIn } from '../wording.ts'
import { finalRound, type Outcome, type PaperCount, paperShown, sealedOutcome } from './outcome.ts'
import { insertOutcome, insertPriorities } from './outcomes.queries.ts'
import { prioritiesOf } from './priority.ts'

/** The outcome of an exercise whose rounds are all closed, as it would be published at `publishedAt`. */
export async function drawUpOutcome(
  exercise: Exercise,
  { store, counted }: { readonly store: Store; readonly counted: CountedRounds },
  publishedAt: string
): Promise<Outcome> {
  const closed = closedRounds(exercise)
  const { forms, batches, receipts } = await store.read(async (db) => ({
    forms: await formsOf(db, exercise.id),
    batches: await listPapers(db, exercise.id),
    receipts: await receiptsOf(db, exercise.id, closed)
  }))
  const rounds = []
  for (const round of closed) rounds.push(await counted.of(exercise, round))
  return {
    exercise: { ...exercise, state: 'published', publishedAt, updatedAt: publishedAt },
    publishedAt,
    rounds,
    missingVoices: await findMissingVoices(counted, exercise, lastClosed(exercise)!, forms),
    paper: paperCounts(batches, rounds, exercise.protocol.k),
    receipts
  }
}

async function receiptsOf(db: Reader, id: string, rounds: readonly number[]): Promise<Outcome['receipts']> {
  const lists = []
  for (const round of rounds) lists.push({ round, receipts: await listReceipts(db, id, round) })
  return lists
}

function paperCounts(papers: readonly PaperRow[], rounds: readonly CountedRound[], k: number): PaperCount[] {
  return rounds.flatMap(({ round, representation }) => {
    const confirmed = papers.filter((batch) => batch.state === 'confirmed' && batch.round === round)
    const ballots = confirmed.reduce((sum, { count }) => sum + count, 0)
    return ballots === 0 ? [] : [{ round, batches: confirmed.length, ballots: paperShown(ballots, representation.total, k) }]
  })
}

/** Publishes an outcome that was drawn up of the present state, and destroys the secret: from now on no code leads to a ballot. */
export async function publishOutcome(tx: Writer, act: Act, id: string, drawn: Outcome | undefined, reason?: string): Promise<ExerciseRow> {
  const exercise = await exerciseToMove(tx, act, id, 'publish')
  if (!drawn || drawn.exercise.protocolHash !== exercise.protocolHash)
    throw problem('transition-not-allowed', 'The exercise was closed a moment ago: try again.')
  const { json, hash } = sealedOutcome(drawn)
  await insertOutcome(tx, id, { publishedAt: drawn.publishedAt, hash, json })
  await insertPriorities(tx, prioritiesOf(drawn, hash, act.publicUrl))
  await deriveGapsOfVote(tx, voteOf(drawn), act.now)
  await putSecret(tx, id, null)
  await deleteForms(tx, id)
  return keep(tx, act, drawn.exercise, { action: 'published', reason })
}

/** The vote as the rules of gaps look at it: by its last round. */
function voteOf(outcome: Outcome): Vote {
  const { id, title, groups } = outcome.exercise
  const missing = finalRound(outcome).representation.missingRequired.map((code) => ({
    code,
    name: wordsIn(groups.find((group) => group.code === code)!.label, 'en', outcome.exercise.language)
  }))
  return { exercise: id, title, missing }
}
