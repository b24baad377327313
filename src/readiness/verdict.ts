/** From what the gates say to one verdict: in a fixed order, without weights. */
import type { Finding } from './gate.ts'
import { type Basis, weakest } from './provenance.ts'

/** The best first. */
export const VERDICTS = ['ready-now', 'ready-with-conditions', 'ready-for-trial', 'cannot-tell', 'not-ready'] as const
export type Verdict = (typeof VERDICTS)[number]

/** What a finding does to the verdict, the worst first. */
export const EFFECTS = ['blocks', 'immature', 'unknown', 'condition', 'none'] as const
export type Effect = (typeof EFFECTS)[number]

export function effectOf({ outcome, isAdvice, isImmature }: Finding): Effect {
  if (outcome === 'conditional') return 'condition'
  if (outcome !== 'fail' && outcome !== 'unknown') return 'none'
  if (isAdvice) return 'condition'
  return outcome === 'unknown' ? 'unknown' : isImmature ? 'immature' : 'blocks'
}

export const worstOf = (effects: readonly Effect[]): Effect => EFFECTS.find((effect) => effects.includes(effect)) ?? 'none'

const VERDICT_OF = {
  blocks: 'not-ready',
  immature: 'ready-for-trial',
  unknown: 'cannot-tell',
  condition: 'ready-with-conditions',
  none: 'ready-now'
} as const satisfies Record<Effect, Verdict>

export const verdictOf = (findings: readonly Finding[]): Verdict => VERDICT_OF[worstOf(findings.map(effectOf))]

/** The weakest basis of everything that was read for the answer. */
export const basisOfFindings = (findings: readonly Finding[]): Basis => weakest(findings.flatMap(({ basis }) => basis ?? []))
