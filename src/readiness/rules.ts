/**
 * The rules in force: twelve gates, in the order in which they are told. A change in what any of them says of any measure makes
 * a new version; answers name the version that they follow.
 */
import type { Measure } from '../measures/measure.schema.ts'
import type { Asked, Facts, Finding, Gate, GateId } from './gate.ts'
import { burden } from './gates/burden.ts'
import { data } from './gates/data.ts'
import { fit } from './gates/fit.ts'
import { interpretable } from './gates/interpretable.ts'
import { language } from './gates/language.ts'
import { rights } from './gates/rights.ts'
import { rules } from './gates/rules.ts'
import { size } from './gates/size.ts'
import { sound } from './gates/sound.ts'
import { specified } from './gates/specified.ts'
import { steward } from './gates/steward.ts'
import { stratifiable } from './gates/stratifiable.ts'
import { basisIn } from './provenance.ts'
import { reason } from './reason.ts'

export const RULES_VERSION = '1.0.0'

export const GATES: readonly Gate[] = [
  specified,
  sound,
  data,
  language,
  rights,
  burden,
  fit,
  size,
  stratifiable,
  interpretable,
  rules,
  steward
]

/** What a gate says of facts in a context, the time that there is taken into account. */
export const judge = (gate: Gate, facts: Facts, context: Asked): Finding[] =>
  gate.judge(facts, context).map((finding) => withinHorizon(finding, context))

/** A condition that takes longer than the asker can wait is not met in time. */
function withinHorizon(finding: Finding, { horizonDays }: Asked): Finding {
  const { outcome, days = 0 } = finding
  if (outcome !== 'conditional' || days <= horizonDays) return finding
  return {
    ...finding,
    outcome: 'fail',
    because: [...finding.because, reason('horizon.over', { days, horizon: horizonDays })],
    closesWith: [...finding.closesWith, reason('horizon.close', { days })]
  }
}

/** A finding, and the gate that made it. */
export type GateFinding = Finding & { readonly gate: GateId }

/** What the gates have to know of a measure, in their order. */
export function factsOf(measure: Measure): Facts[] {
  const basis = basisIn(measure)
  return GATES.map((gate) => gate.facts(measure, basis))
}

/** What all gates say of a measure. */
export function judgeMeasure(measure: Measure, context: Asked): GateFinding[] {
  const facts = factsOf(measure)
  return GATES.flatMap((gate, i) => judge(gate, facts[i]!, context).map((finding) => ({ ...finding, gate: gate.id })))
}
