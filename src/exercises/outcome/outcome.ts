/** The outcome of an exercise: everything that may be published of it, as one document that never changes. Pure. */
import { canonicalJson, sha256 } from '../../json/canonical.ts'
import type { Exercise } from '../exercise.schema.ts'
import type { FoundVoices } from '../missing/missing-voices.ts'
import type { CountedRound } from '../results/results.schema.ts'

/** How many ballots came on paper. */
export interface PaperCount {
  readonly round: number
  readonly batches: number
  /** Null where it would tell of fewer than k voters. */
  readonly ballots: number | null
}

/** Ballots on paper of a round as they may be told: neither they nor the others are fewer than k, unless there are none. */
export function paperShown(ballots: number, total: number | null, k: number): number | null {
  const others = total === null ? 0 : total - ballots
  return total !== null && ballots >= k && (others === 0 || others >= k) ? ballots : null
}

export interface Outcome {
  /** The exercise as it was published: with its protocol, its rounds, and what became of each item. */
  readonly exercise: Exercise
  readonly publishedAt: string
  /** Every round that was counted, the first first. */
  readonly rounds: readonly CountedRound[]
  /** Who is missing, by the last round. */
  readonly missingVoices: FoundVoices
  readonly paper: readonly PaperCount[]
  /** Receipts by round, in alphabetical order. */
  readonly receipts: readonly { readonly round: number; readonly receipts: readonly string[] }[]
}

/** The text of an outcome and its SHA-256: whoever has the text can check it. */
export function sealedOutcome(outcome: Outcome): { json: string; hash: string } {
  const json = canonicalJson(outcome)
  return { json, hash: sha256(json) }
}

/** The last round of an outcome: what it came to. */
export const finalRound = ({ rounds }: Outcome): CountedRound => rounds.at(-1)!
