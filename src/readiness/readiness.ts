/** Whether a measure can be put to use at once, in a context: a function of the record, the context and the rules, and of nothing else. */
import type { Measure } from '../measures/measure.schema.ts'
import { DEFAULT_HORIZON_DAYS, type ReadinessContext } from './context.schema.ts'
import type { Asked } from './gate.ts'
import { type NotReadyFor, notReadyFor, type OpenGap } from './not-ready-for.ts'
import type { Basis } from './provenance.ts'
import { type GateFinding, judgeMeasure } from './rules.ts'
import { basisOfFindings, type Verdict, verdictOf } from './verdict.ts'

export interface Readiness {
  readonly verdict: Verdict
  readonly basis: Basis
  readonly findings: readonly GateFinding[]
  readonly notReadyFor: readonly NotReadyFor[]
}

/** A context with what every answer needs: the day, and how long the asker can wait. */
export const asked = (context: ReadinessContext, today: string): Asked => ({
  ...context,
  horizonDays: context.horizonDays ?? DEFAULT_HORIZON_DAYS,
  asOf: context.asOf ?? today
})

/** `gaps` are those of the measure that are open and severe: they change for whom it is ready, and no verdict. */
export function readinessOf(measure: Measure, context: Asked, gaps: readonly OpenGap[] = []): Readiness {
  const findings = judgeMeasure(measure, context)
  return {
    verdict: verdictOf(findings),
    basis: basisOfFindings(findings),
    findings,
    notReadyFor: notReadyFor(measure, context, findings, gaps)
  }
}
