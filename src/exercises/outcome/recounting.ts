/** A published outcome held against its ballots, and its text against its hash. */
import type { Store } from '../../../db/store.ts'
import { canonicalJson, sha256 } from '../../json/canonical.ts'
import { hashOfProtocol } from '../protocol.ts'
import { CountedRounds } from '../results/counted-rounds.ts'
import { findOutcome } from './outcomes.queries.ts'

/** What is not as it was published: sentences; none where everything is. */
export async function recountExercise(store: Store, id: string): Promise<string[]> {
  const found = await store.read((db) => findOutcome(db, id))
  if (!found) return ['There is no published outcome.']
  const { outcome, json, hash } = found
  const { exercise, rounds } = outcome
  const counted = new CountedRounds(store)
  const differences = [
    ...(sha256(json) === hash ? [] : ['The text of the outcome is not the one that was hashed.']),
    ...(hashOfProtocol(exercise.protocol) === exercise.protocolHash ? [] : ['The protocol is not the one that was hashed.'])
  ]
  for (const published of rounds) {
    const again = await counted.of(exercise, published.round)
    if (canonicalJson(again) !== canonicalJson(published))
      differences.push(`Round ${published.round} counts otherwise than it was published.`)
  }
  return differences
}
