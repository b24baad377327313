/** What a voter sees: the ballot of the open round, and of earlier rounds their own answers beside what each group said. */
import type { Static } from 'typebox'
import type { Store } from '../../../db/store.ts'
import { planOf } from '../exercise.ts'
import type { CountedRounds } from '../results/counted-rounds.ts'
import type { CountedRound } from '../results/results.schema.ts'
import type { Ballot } from './ballot.schema.ts'
import { itemsOf, ownBallot, type Voter, voterOf } from './casting.ts'
import { receiptOf } from './secrets.ts'
import type { OwnBallot } from './voter.schema.ts'

type Answer = Static<typeof OwnBallot>

export async function ballotFor(store: Store, counted: CountedRounds, id: string, code: string): Promise<Answer> {
  const { voter, own } = await store.read(async (db) => {
    const voter = await voterOf(db, id, code)
    const own = new Map<number, Ballot | undefined>()
    for (let round = 1; round <= voter.round; round++) own.set(round, await ownBallot(db, voter, round))
    return { voter, own }
  })
  const { exercise, round, group, secret } = voter
  const { method, options } = planOf(exercise, round)
  const voted = new Set(itemsOf(exercise, round))
  const ballot = own.get(round)
  return {
    exercise: id,
    title: exercise.title,
    question: exercise.question,
    ...(exercise.description === undefined ? {} : { description: exercise.description }),
    protocolHash: exercise.protocolHash,
    round,
    method,
    options,
    group,
    items: exercise.items.filter((item) => voted.has(item.id)),
    ...(ballot === undefined ? {} : { ballot, receipt: receiptOf(secret, round, code) }),
    before: await feedback(counted, voter, own)
  }
}

async function feedback(
  counted: CountedRounds,
  { exercise, round }: Voter,
  own: ReadonlyMap<number, Ballot | undefined>
): Promise<Answer['before']> {
  const before = []
  for (let earlier = 1; earlier < round; earlier++) {
    const { items } = await counted.of(exercise, earlier)
    const ballot = own.get(earlier)
    before.push({ round: earlier, ...(ballot === undefined ? {} : { ballot }), items: items.map(saidOf) })
  }
  return before
}

const saidOf = ({ item, groups }: CountedRound['items'][number]) => ({
  item,
  groups: groups.map(({ group, n, score, median, histogram }) => ({ group, n, score, median, histogram }))
})
