/**
 * What closed rounds came to, counted when somebody first asks. Ballots of a closed round never change, so that a count is kept; it is
 * made batch by batch, and others are answered in between.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Store } from '../../../db/store.ts'
import type { Exercise } from '../exercise.schema.ts'
import { planOf } from '../exercise.ts'
import { closedRounds } from '../life.ts'
import { type GroupVotes, representationOf } from '../missing/representation.ts'
import { type Partition, partitionOf, smallestVoters, type Voters } from '../small-numbers/partition.ts'
import type { Ballot } from '../voting/ballot.schema.ts'
import { countBallots, type GroupCount, listBallots } from '../voting/ballots.queries.ts'
import type { CountedRound } from './results.schema.ts'
import { resultsOf } from './results.ts'
import { RoundCount } from './round-count.ts'

const BATCH = 2_000
/** Counts kept in memory. */
const REMEMBERED = 32

/** Who took part in the closed rounds of an exercise. */
export interface Participation {
  readonly partition: Partition
  /** How many were invited when the last of them was closed, and when the first was: who is invited later changes nothing. */
  readonly invited: readonly GroupCount[]
  readonly invitedFirst: readonly GroupCount[]
  /** Voters by round and group, in the order of the protocol. */
  readonly rounds: readonly { readonly round: number; readonly voters: readonly Voters[] }[]
}

export class CountedRounds {
  readonly #store: Store
  readonly #counts = new LRUCache<string, Promise<CountedRound>>({ max: REMEMBERED })

  constructor(store: Store) {
    this.#store = store
  }

  /**
   * Who took part in the rounds up to one. Later rounds can only make the cells coarser, and what was told of a round before does not
   * change by them: two tellings of one round could be subtracted.
   */
  async participation(exercise: Exercise, upTo: number): Promise<Participation> {
    const { id, groups, rounds, protocol } = exercise
    const closed = closedRounds(exercise).filter((round) => round <= upTo)
    const counts = await this.#store.read(async (db) => {
      const counts: GroupCount[][] = []
      for (const round of closed) counts.push(await countBallots(db, id, round))
      return counts
    })
    const invitedTo = (round: number | undefined) => rounds.find((each) => each.round === round)?.invited ?? []
    const votersOf = (counted: readonly GroupCount[]): Voters[] =>
      groups.map(({ code }) => ({ group: code, n: counted.find(({ group }) => group === code)?.n ?? 0 }))
    const byRound = counts.map((counted, i) => ({ round: closed[i]!, voters: votersOf(counted) }))
    return {
      partition: partitionOf(smallestVoters(byRound.map(({ voters }) => voters)), protocol.k, protocol.kin),
      invited: invitedTo(closed.at(-1)),
      invitedFirst: invitedTo(closed[0]),
      rounds: byRound
    }
  }

  /** What a closed round came to. Whoever asks while it is counted waits for the same count. */
  of(exercise: Exercise, round: number): Promise<CountedRound> {
    const key = JSON.stringify([exercise.id, round, exercise.protocolHash])
    const known = this.#counts.get(key)
    if (known) return known
    const counting = this.#count(exercise, round)
    this.#counts.set(key, counting)
    counting.catch(() => this.#counts.delete(key))
    return counting
  }

  async #count(exercise: Exercise, round: number): Promise<CountedRound> {
    const { id, protocol, protocolHash } = exercise
    const participation = await this.participation(exercise, round)
    const { partition } = participation
    const items = exercise.rounds[round - 1]?.items ?? []
    const count = new RoundCount(planOf(exercise, round), items, partition)
    for (let after = ''; ; ) {
      const batch = await this.#store.read((db) => listBallots(db, id, round, after, BATCH))
      for (const { group, ballot } of batch) count.add(group, JSON.parse(ballot) as Ballot)
      if (batch.length < BATCH) break
      after = batch.at(-1)!.key
      await nextTurn()
    }
    const representation = representationOf({ groups: invitedIn(exercise, participation, round), partition })
    return resultsOf({ exercise: id, protocol, protocolHash, round, items, count, representation, partition })
  }
}

/** The groups of an exercise with how many were invited to a round and voted in it. */
export const invitedIn = ({ groups }: Exercise, { invited, rounds }: Participation, round: number): GroupVotes[] =>
  groups.map(({ code, target, required }) => ({
    code,
    target,
    required,
    invited: invited.find(({ group }) => group === code)?.n ?? 0,
    n: rounds.find((each) => each.round === round)?.voters.find(({ group }) => group === code)?.n ?? 0
  }))
