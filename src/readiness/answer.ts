/** A verdict as it is answered: reasons in words, the measure in short. */
import type { Measure } from '../measures/measure.schema.ts'
import { inLanguage } from '../measures/translations.ts'
import type { NotReadyFor } from './not-ready-for.ts'
import type { GateAnswer, MeasureHead, ReadinessItem } from './readiness.schema.ts'
import type { Readiness } from './readiness.ts'
import type { GateFinding } from './rules.ts'
import type { Wording } from './sentences.ts'

export type Reports = ReadinessItem['reports']

/** One measure of a list, in words. */
export const itemOf = (measure: Measure, readiness: Readiness, reports: Reports, wording: Wording): ReadinessItem => ({
  measure: headOf(measure, wording.language),
  verdict: readiness.verdict,
  basis: readiness.basis,
  maturity: measure.readiness.maturity,
  gates: readiness.findings.map((finding) => gateAnswer(finding, wording)),
  notReadyFor: readiness.notReadyFor.map((people) => peopleAnswer(people, wording)),
  reports
})

export function headOf(measure: Measure, language: string): MeasureHead {
  const { id, title, shortTitle, acronym, version, status, canonicalUrl, licence } = inLanguage(measure, language).measure
  return {
    id,
    title,
    ...(shortTitle ? { shortTitle } : {}),
    ...(acronym ? { acronym } : {}),
    ...(version ? { version } : {}),
    status,
    canonicalUrl,
    ...(licence?.copyright ? { copyright: licence.copyright } : {})
  }
}

function gateAnswer({ gate, outcome, about, because, closesWith, days, cost, basis, isAdvice = false }: GateFinding, wording: Wording) {
  const stands = outcome === 'fail' || outcome === 'unknown'
  return {
    gate,
    ...about,
    outcome,
    blocks: stands && !isAdvice,
    because: wording.sayAll(because),
    ...(closesWith.length > 0 ? { closesWith: wording.sayAll(closesWith) } : {}),
    ...(days === undefined ? {} : { days }),
    ...(cost ? { cost } : {}),
    ...(basis ? { basis } : {})
  } as GateAnswer
}

const peopleAnswer = ({ because, ...people }: NotReadyFor, wording: Wording) =>
  ({ ...people, because: wording.sayAll(because) }) as ReadinessItem['notReadyFor'][number]
