import type { Measure } from '../../measures/measure.schema.ts'
import { countsPeople } from '../../readiness/gates/counting.ts'

/** Whether patients or carers answer: not professionals about themselves, and not observers. */
export function patientsAnswer(measure: Measure): boolean {
  const { instrument, types = [] } = measure
  if (!instrument || !countsPeople(measure)) return false
  const respondents = instrument.respondents ?? []
  if (respondents.length === 0) return types.some((type) => type === 'patient-reported-outcome' || type === 'patient-reported-experience')
  return respondents.some((respondent) => respondent !== 'professional')
}
