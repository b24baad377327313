/** The rules of reports: what one has to say, what is shown to whom, what counts as a use. Pure: no clock, no storage. */
import type { ProblemPlace } from '../http/problems.ts'
import { tagOf } from '../json/canonical.ts'
import { firstDayOf, isInCalendar, lastDayOf } from '../measures/partial-date.ts'
import { Money, ReadinessContext } from '../readiness/context.schema.ts'
import { Effort, Implementation, type NewImplementation, type OUTCOMES, type WithdrawnImplementation } from './implementation.schema.ts'

/** A report as it is stored, with the group of the key that wrote it. */
export interface ReportRow {
  readonly id: string
  readonly measureId: string
  readonly version: string
  readonly at: string
  readonly actorId: string
  readonly group: string | null
  readonly outcome: (typeof OUTCOMES)[number]
  readonly content: NewImplementation
  readonly confirmedAt: string | null
  readonly withdrawnAt: string | null
  readonly withdrawReason: string | null
}

/** What a schema cannot say of a report. `today` is a day in ISO 8601. */
export function faultsIn({ outcome, since, until, modifications, reason }: NewImplementation, today: string): ProblemPlace[] {
  const faults: [pointer: string, isWrong: boolean, detail: string][] = [
    ['/since', since !== undefined && !isInCalendar(since), 'There is no such day.'],
    ['/until', until !== undefined && !isInCalendar(until), 'There is no such day.'],
    ['/since', since !== undefined && firstDayOf(since) > today, 'It is in the future: report a use that has begun.'],
    ['/until', since !== undefined && until !== undefined && lastDayOf(until) < firstDayOf(since), 'It is before `since`.'],
    ['/modifications', outcome === 'modified' && modifications === undefined, 'Say what was changed: the outcome is `modified`.'],
    ['/reason', outcome === 'abandoned' && reason === undefined, 'Say why: the outcome is `abandoned`.']
  ]
  return faults.filter(([, isWrong]) => isWrong).map(([pointer, , detail]) => ({ pointer, detail }))
}

/** Whether the maturity of the measure rests on a report, as long as nobody withdraws it. */
export const countsAsUse = ({ outcome, confirmedAt }: Pick<ReportRow, 'outcome' | 'confirmedAt'>): boolean =>
  confirmedAt !== null && outcome !== 'abandoned'

/** A report as it is answered. Whose key wrote it is not in it. */
export function shown({ id, measureId, version, at, group, content, confirmedAt, ...row }: ReportRow): Implementation {
  const withdrawal = withdrawalOf(row)
  const { context, effort, cost } = content
  return inOrder(
    {
      id,
      measure: measureId,
      version,
      ...content,
      context: shownContext(context),
      ...(effort ? { effort: inOrder(effort, Effort) } : {}),
      ...(cost ? { cost: inOrder(cost, Money) } : {}),
      reportedAt: at,
      reportedBy: group === null ? {} : { group },
      confirmed: confirmedAt !== null,
      ...(confirmedAt === null ? {} : { confirmedAt }),
      ...(withdrawal ? { withdrawal } : {})
    },
    Implementation
  )
}

function shownContext({ budget, ...context }: ReadinessContext): ReadinessContext {
  return inOrder({ ...context, ...(budget ? { budget: inOrder(budget, Money) } : {}) }, ReadinessContext)
}

/** The members in the order of the schema: the engines keep another each, and the validator has to be the same after every reading. */
function inOrder<T extends object>(value: T, { properties }: { properties: object }): T {
  const known = Object.keys(properties).filter((name) => name in value) as (keyof T)[]
  return Object.fromEntries(known.map((name) => [name, value[name]])) as T
}

const withdrawalOf = ({ withdrawnAt, withdrawReason }: Pick<ReportRow, 'withdrawnAt' | 'withdrawReason'>) =>
  withdrawnAt === null ? undefined : { at: withdrawnAt, reason: withdrawReason ?? '' }

/** What is left of a report for readers after it was withdrawn; undefined where it was not. */
export function tombstone(row: ReportRow): WithdrawnImplementation | undefined {
  const withdrawal = withdrawalOf(row)
  return withdrawal && { id: row.id, measure: row.measureId, withdrawal }
}

/** The text of the answer, and the validator of the state that it shows. */
export function rendered(row: ReportRow): { json: string; tag: string } {
  const json = JSON.stringify(shown(row))
  return { json, tag: tagOf(json) }
}
