/** What an outcome says of the measures and gaps that were voted on. Pure. */

import type { PrioritySubject } from '../../measures/priority.queries.ts'
import type { CountedRound } from '../results/results.schema.ts'
import type { Outcome } from './outcome.ts'
import type { Priority } from './priority.schema.ts'

interface Prioritised {
  readonly kind: PrioritySubject
  readonly id: string
  readonly weight: string
  readonly priority: Priority
}

/** A fact for each measure and gap, by the last round in which it was voted on. */
export function prioritiesOf(outcome: Outcome, outcomeHash: string, publicUrl: string): Prioritised[] {
  const { exercise, publishedAt, rounds } = outcome
  const last = new Map(rounds.flatMap((round) => round.items.map((item) => [item.item, { round, item }] as const)))
  return exercise.items.flatMap(({ id, kind, version }): Prioritised[] => {
    const found = last.get(id)
    if (kind === 'statement' || !found || version === undefined) return []
    const { round, item } = found
    const priority: Priority = {
      exercise: exercise.id,
      title: exercise.title,
      question: exercise.question,
      publishedAt,
      item: id,
      version,
      round: round.round,
      method: round.method,
      rank: item.rank,
      of: round.items.length,
      verdict: item.verdict,
      shortlisted: item.shortlisted,
      complete: round.representation.status === 'complete',
      protocolHash: exercise.protocolHash,
      outcomeHash,
      results: `${publicUrl}/v1/exercises/${exercise.id}/results`
    }
    return [{ kind, id, weight: weightOf(item, round.items.length), priority }]
  })
}

/**
 * Sorts by priority: what is on a short list before what is not, then by the place, as a part of the items that there were. What was
 * voted on without a place comes before what nobody voted on.
 */
export function weightOf({ rank, shortlisted }: Pick<CountedRound['items'][number], 'rank' | 'shortlisted'>, of: number): string {
  const height = rank === null ? 0 : Math.round(((of - rank + 1) / of) * 9_999)
  return `${shortlisted ? 2 : 1}${String(height).padStart(4, '0')}`
}
