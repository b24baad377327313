/** Results as they are answered: reasons in a language, and what is known of the publication. */
import type { LabelLanguage } from '../../vocabularies/vocabulary.schema.ts'
import type { Exercise } from '../exercise.schema.ts'
import { namesIn } from '../missing/missing-voices.ts'
import type { CountedRound, RoundResults } from './results.schema.ts'
import type { ResultWording } from './sentences.ts'

export interface Serving {
  readonly exercise: Exercise
  readonly wording: ResultWording
  readonly language: LabelLanguage
  /** Every round that has results. */
  readonly rounds: readonly number[]
  readonly publishedAt?: string
  readonly outcomeHash?: string
}

export function servedResults(
  counted: CountedRound,
  { exercise, wording, language, rounds, publishedAt, outcomeHash }: Serving
): RoundResults {
  const names = namesIn(exercise, language)
  return {
    ...counted,
    rounds: [...rounds],
    items: counted.items.map((item) => ({ ...item, because: item.because.map((reason) => wording.tell(reason, names)) })),
    ...(publishedAt === undefined ? {} : { publishedAt }),
    ...(outcomeHash === undefined ? {} : { outcomeHash })
  }
}
