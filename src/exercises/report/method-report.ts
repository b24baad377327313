/** The report of the method of a published exercise: every item of ACCORD, told from the outcome and from nothing else. Pure. */
import type { Outcome } from '../outcome/outcome.ts'
import { ACCORD_ITEMS, GUIDELINE, topicOf } from './accord.ts'
import { METHODS } from './method-report.methods.ts'
import { PLAN } from './method-report.plan.ts'
import { RESULTS } from './method-report.results.ts'
import type { MethodReport } from './method-report.schema.ts'
import type { Tellers } from './telling.ts'

const TELLERS: Tellers = { ...PLAN, ...METHODS, ...RESULTS }

export function methodReportOf(outcome: Outcome, outcomeHash: string): MethodReport {
  const { exercise, publishedAt } = outcome
  return {
    guideline: { ...GUIDELINE },
    exercise: exercise.id,
    title: exercise.title,
    publishedAt,
    outcomeHash,
    protocolHash: exercise.protocolHash,
    items: ACCORD_ITEMS.map((item) => ({ item, topic: topicOf(item), ...TELLERS[item](outcome) })),
    sources: sourcesOf(outcome)
  }
}

function sourcesOf({ exercise, rounds }: Outcome): MethodReport['sources'] {
  const root = `/v1/exercises/${exercise.id}`
  return [
    { what: 'Exercise and protocol', path: root },
    ...rounds.flatMap(({ round }) => [
      { what: `Results of round ${round}`, path: `${root}/results?round=${round}` },
      { what: `Results of round ${round} as CSV`, path: `${root}/results?round=${round}&format=csv` },
      { what: `Receipts of round ${round}`, path: `${root}/receipts?round=${round}` }
    ]),
    { what: 'Who is missing', path: `${root}/missing-voices` },
    { what: 'Summary for voters', path: `${root}/summary` },
    { what: 'The whole outcome, as it was hashed', path: `${root}/outcome` }
  ]
}
