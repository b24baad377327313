/** What a confirmed report of an implementation says of the use of a measure. It counts as much as a use that stands on the record. */
import type { MeasureContent } from './measure.schema.ts'

type Use = NonNullable<MeasureContent['use']>[number]

/** A use with an end: from then on it counts as a pilot. */
export interface ReportedUse extends Use {
  /** The day, month or year with which it ended, or will end. */
  readonly until?: string
}

/** What matters here of a report. */
export interface ReportedContent {
  readonly context: { readonly jurisdiction?: readonly string[]; readonly purpose?: Use['purpose'] }
  readonly since?: string
  readonly until?: string
}

/** The use that a report tells of, confirmed at an instant. A report is of one place: the first that its context names. */
export function reportedUse({ context, since, until }: ReportedContent, confirmedAt: string): ReportedUse {
  const [jurisdiction] = context.jurisdiction ?? []
  return {
    // Published versions keep their reasons for ever: a report that is withdrawn must not leave a name in them.
    organisation: 'as a confirmed report says',
    ...(jurisdiction === undefined ? {} : { jurisdiction }),
    ...(since === undefined ? {} : { since }),
    lastConfirmed: confirmedAt.slice(0, 10),
    ...(context.purpose === undefined ? {} : { purpose: context.purpose }),
    ...(until === undefined ? {} : { until })
  }
}
