/** Reports of what became of a measure where it was put to use, as they are written and answered. */
import { type Static, Type } from 'typebox'
import { component, oneOf, ref } from '../component.ts'
import { label, PartialDate, text } from '../measures/measure.parts.ts'
import { MeasureId, Version } from '../measures/measure.schema.ts'
import { Money, ReadinessContext } from '../readiness/context.schema.ts'

const closed = { additionalProperties: false }
const instant = (description: string) => Type.String({ format: 'date-time', description })
const count = (description: string) => Type.Integer({ minimum: 0, description })

export const OUTCOMES = ['implemented', 'modified', 'abandoned'] as const
const EFFORTS = ['small', 'medium', 'large'] as const

const ImplementationId = Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$', description: 'Identifier of the report.' })

export const Effort = component(
  'Effort',
  Type.Object(
    {
      personDays: Type.Optional(Type.Number({ minimum: 0, maximum: 1_000_000, description: 'Days of work of one person.' })),
      level: Type.Optional(oneOf(EFFORTS, 'How much work it was, where nobody counted.')),
      note: Type.Optional(text('What the work was.'))
    },
    { ...closed, minProperties: 1, description: 'The work that it took to put a measure to use.' }
  )
)

/** What people write, in the order in which it is answered. */
const report = {
  outcome: oneOf(OUTCOMES, 'Used as it is published, used after changes, or given up.'),
  context: Type.Unsafe<ReadinessContext>({
    ...ref(ReadinessContext),
    description: 'Where, with which data, languages, money and time; `{}` where nobody says.'
  }),
  organisation: label('Who put it to use, or tried.'),
  since: Type.Optional(PartialDate('Since when: an ISO 8601 date, month or year that has begun.')),
  until: Type.Optional(PartialDate('Until when, where the use has ended or its end is known: an ISO 8601 date, month or year.')),
  effort: Type.Optional(ref(Effort)),
  cost: Type.Optional(Type.Unsafe<Money>({ ...ref(Money), description: 'What it cost in the first year.' })),
  modifications: Type.Optional(text('What was changed of the measure. Needed where the outcome is `modified`.')),
  reason: Type.Optional(text('Why. Needed where the outcome is `abandoned`.')),
  lessons: Type.Optional(text('What others should know.'))
}

export const NewImplementation = component(
  'NewImplementation',
  Type.Object(report, { ...closed, description: 'A report of what became of a measure where it was put to use.' })
)
export type NewImplementation = Static<typeof NewImplementation>

const Withdrawal = component(
  'Withdrawal',
  Type.Object(
    { at: instant('When it was withdrawn.'), reason: Type.String({ description: 'Why.' }) },
    { ...closed, description: 'Why a report counts no more.' }
  )
)

export const Implementation = component(
  'Implementation',
  Type.Object(
    {
      id: ImplementationId,
      measure: MeasureId,
      version: Type.Unsafe<string>({ ...Version, description: 'The version that was published when it was reported.' }),
      ...report,
      reportedAt: instant('When it was reported.'),
      reportedBy: Type.Object(
        { group: Type.Optional(Type.String({ description: 'The group that the key belongs to, if it belongs to one.' })) },
        { ...closed, description: 'Who reported it. Nobody is named.' }
      ),
      confirmed: Type.Boolean({ description: 'Whether a reviewer confirmed that the use is real. Only then it counts for the maturity.' }),
      confirmedAt: Type.Optional(instant('When it was confirmed.')),
      withdrawal: Type.Optional(ref(Withdrawal))
    },
    { ...closed, description: 'What became of a measure where it was put to use.' }
  )
)
export type Implementation = Static<typeof Implementation>

export const WithdrawnImplementation = component(
  'WithdrawnImplementation',
  Type.Object(
    { id: ImplementationId, measure: MeasureId, withdrawal: ref(Withdrawal) },
    { ...closed, description: 'What readers see of a report that was withdrawn.' }
  )
)
export type WithdrawnImplementation = Static<typeof WithdrawnImplementation>

export const ImplementationPage = component(
  'ImplementationPage',
  Type.Object(
    {
      items: Type.Array(ref(Implementation), { description: 'Reports, the newest first.' }),
      total: count('How many there are on all pages.'),
      next: Type.String({ description: 'Cursor of the next page; empty at the end.' }),
      counts: Type.Object(
        { implemented: count('Used as it is published.'), modified: count('Used after changes.'), abandoned: count('Given up.') },
        { ...closed, description: 'Reports of the measure by outcome, whatever was asked for; without those that were withdrawn.' }
      )
    },
    { ...closed, description: 'A page of reports of one measure.' }
  )
)

const reason = (why: string) => text(why, 5_000)
export const ConfirmBody = component(
  'ConfirmImplementation',
  Type.Object(
    { reason: Type.Optional(reason('What the confirmation rests on, for the history of the measure.')) },
    { ...closed, description: 'A confirmation.' }
  )
)
export const WithdrawBody = component(
  'WithdrawImplementation',
  Type.Object({ reason: reason('Why. Everybody reads it.') }, { ...closed, description: 'A withdrawal.' })
)

export const MeasureParams = Type.Object({ id: MeasureId }, closed)
export const ImplementationParams = Type.Object({ id: ImplementationId }, closed)
export const ImplementationsQuery = Type.Object(
  {
    outcome: Type.Optional(oneOf(OUTCOMES, 'Only reports of this outcome.')),
    withdrawn: Type.Optional(
      Type.Boolean({ default: false, description: 'The reports that were withdrawn, in place of the others; for contributors.' })
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 50, description: 'Reports on a page.' })),
    cursor: Type.Optional(Type.String({ maxLength: 500, description: '`next` of the page before, with everything else the same.' }))
  },
  closed
)

/** A report, with what it refers to: for whoever shows one. */
export const REPORT_SCHEMAS = [Money, ReadinessContext, Effort, Withdrawal, Implementation]

export const IMPLEMENTATION_SCHEMAS = [
  ...REPORT_SCHEMAS,
  NewImplementation,
  WithdrawnImplementation,
  ImplementationPage,
  ConfirmBody,
  WithdrawBody
]
