/** How severe a gap is: by a table that is published with the rules, and never by a guess. */
import type { Code } from '../vocabularies/codes.ts'
import type { GapContent } from './gap.schema.ts'

export type Severity = Code<'gap-severity'>
type Reach = Exclude<Code<'gap-reach'>, 'unknown'>

const LEVELS = ['low', 'moderate', 'high', 'critical'] as const

/** By consequence and reach, where there is no good alternative. */
export const SEVERITY_TABLE: Readonly<Record<Code<'gap-consequence'>, Readonly<Record<Reach, (typeof LEVELS)[number]>>>> = {
  'information-lost': { few: 'low', some: 'low', many: 'moderate' },
  'wrong-decision': { few: 'moderate', some: 'moderate', many: 'high' },
  'delayed-care': { few: 'moderate', some: 'high', many: 'critical' },
  harm: { few: 'high', some: 'critical', many: 'critical' }
}

/** A good alternative lowers it by one step. What is not known of its parts makes the whole unknown: never low by silence. */
export function severityOf({ severity }: Pick<GapContent, 'severity'>): Severity {
  if (!severity?.consequence || severity.reach === 'unknown') return 'unknown'
  const level = LEVELS.indexOf(SEVERITY_TABLE[severity.consequence][severity.reach])
  return LEVELS[severity.alternative === 'good' ? Math.max(0, level - 1) : level]!
}

/** The most severe first; unknown comes after what is known to be high. */
export const SEVERITY_ORDER: readonly Severity[] = ['critical', 'high', 'unknown', 'moderate', 'low']
