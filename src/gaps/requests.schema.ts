/** What is asked of gaps, and what is answered beside the gap itself. */
import { type Static, Type } from 'typebox'
import { component, oneOf, ref, wholeList } from '../component.ts'
import { FormatParameter } from '../http/parameters.ts'
import { label, text } from '../measures/measure.parts.ts'
import { MeasureId } from '../measures/measure.schema.ts'
import { FacetCount, FieldChanged, Lang, mergePatchOf } from '../measures/requests.schema.ts'
import { CODES } from '../vocabularies/codes.ts'
import { GAP_FACETS, GAP_FILTER_NAMES, gapFilterOf } from './gap.filters.ts'
import { Gap, GapContent, GapId, GapPopulation, GapReporter } from './gap.schema.ts'

const closed = { additionalProperties: false }
const count = (description: string) => Type.Integer({ minimum: 0, description })
const instant = (description: string) => Type.String({ format: 'date-time', description })
const reason = (why: string) => text(why, 5_000)

export const GAP_SORTS = ['severity', '-severity', 'title', '-title', 'updated', '-updated', 'priority', '-priority'] as const
export type GapSort = (typeof GAP_SORTS)[number]

/** In place of codes of `status`: whatever the status. */
export const ANY_STATUS = 'any'

const filters = Object.fromEntries(
  GAP_FILTER_NAMES.map((name) => {
    const { vocabulary, description } = gapFilterOf(name)
    const codes = vocabulary ? ` Codes of \`${vocabulary}\`.` : ''
    const open = name === 'status' ? ` Everything that is open where nobody says; \`${ANY_STATUS}\` for all.` : ''
    return [
      name,
      Type.Optional(
        Type.Array(Type.String({ maxLength: 1_000 }), {
          maxItems: 20,
          description: `${description}${codes}${open} Comma is or, repetition is and, \`!\` is not.`
        })
      )
    ]
  })
)

const { measure: _itself, ...filtersOfMeasure } = filters
const asked = {
  q: Type.Optional(
    Type.String({ minLength: 1, maxLength: 400, description: 'Words to find: every one of them, by its stem or its beginning.' })
  ),
  updatedSince: Type.Optional(
    Type.Unsafe<string>({
      type: 'string',
      anyOf: [{ format: 'date-time' }, { format: 'date' }],
      description: 'Changed at this instant or later: 2026-11-24T10:00:00Z, or the day 2026-11-24 (UTC).'
    })
  ),
  sort: Type.Optional(
    oneOf(GAP_SORTS, 'Order: the most severe first, and of these the best supported, where nobody says; `-` for the other way round.')
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 50, description: 'Gaps on a page.' })),
  cursor: Type.Optional(Type.String({ maxLength: 2_000, description: '`next` of the page before, with everything else the same.' })),
  facets: Type.Optional(Type.String({ maxLength: 500, description: `Fields to count by, separated by commas: ${GAP_FACETS.join(', ')}.` })),
  lang: Lang,
  format: FormatParameter
}

export const GapsQuery = Type.Object({ ...filters, ...asked }, closed)
/** Of one measure: what it is about is said by the address. */
export const MeasureGapsQuery = Type.Object({ ...filtersOfMeasure, ...asked }, closed)
export type GapsQuery = Static<Type.TObject<typeof asked>> & Readonly<Record<string, unknown>>

export const QueueQuery = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 50, description: 'Reports on a page.' })),
    cursor: Type.Optional(Type.String({ maxLength: 500, description: '`next` of the page before.' }))
  },
  closed
)
export const GapParams = Type.Object({ id: GapId }, closed)
export const MeasureParams = Type.Object({ id: MeasureId }, closed)

export const GapPage = component(
  'GapPage',
  Type.Object(
    {
      items: Type.Array(ref(Gap), { description: 'The gaps of this page.' }),
      total: count('How many there are on all pages.'),
      next: Type.String({ description: 'The cursor of the next page; empty at the end.' }),
      facets: Type.Optional(
        Type.Record(Type.String(), Type.Array(ref(FacetCount)), { description: 'Counts under the same filters, each without its own.' })
      )
    },
    { ...closed, description: 'One page of gaps.' }
  )
)

export const GapQueue = component(
  'GapQueue',
  Type.Object(
    {
      items: Type.Array(ref(Gap), { description: 'Reports that wait, the oldest first.' }),
      total: count('How many wait.'),
      next: Type.String({ description: 'The cursor of the next page; empty at the end.' })
    },
    { ...closed, description: 'Reports without a key that nobody has read yet.' }
  )
)

const { statement, kind } = Type.Required(GapContent).properties

export const NewGap = component(
  'NewGap',
  Type.Object(
    {
      id: Type.Optional(GapId),
      ...GapContent.properties,
      statement,
      kind,
      populations: Type.Array(ref(GapPopulation), { minItems: 1, maxItems: 50, description: 'People who are not seen.' }),
      reportedBy: Type.Optional(ref(GapReporter))
    },
    { ...closed, description: 'A gap to be recorded, with a key. Without an `id` one is made from the title.' }
  )
)
export type NewGap = Static<typeof NewGap>

export const PublicReport = component(
  'GapReport',
  Type.Object(
    {
      title: text('The gap in a few words.', 500),
      statement: text('What goes wrong, where, and with what effect.', 10_000),
      notSeen: text('Who is not seen.', 5_000),
      measures: Type.Optional(Type.Array(MeasureId, { maxItems: 5, uniqueItems: true, description: 'Measures that it is about.' })),
      group: Type.Optional(oneOf(CODES['gap-group'], 'The group that you belong to.')),
      livedExperience: Type.Optional(Type.Boolean({ description: 'Whether you speak from your own experience.' })),
      website: Type.Optional(Type.String({ description: 'Leave it empty.' }))
    },
    { ...closed, description: 'A gap as anybody can report it, without a key. Nothing is kept of who sent it.' }
  )
)
export type PublicReport = Static<typeof PublicReport>

export const ReportBody = Type.Unsafe<unknown>({
  anyOf: [ref(NewGap), ref(PublicReport)],
  description: 'With a key a whole gap; without one the short form.'
})

export const Received = component(
  'GapReceived',
  Type.Object(
    { received: Type.Literal(true, { description: 'It arrived.' }), message: Type.String({ description: 'What happens next.' }) },
    { ...closed, description: 'The answer to a report without a key.' }
  )
)

export const GapPatch = component(
  'GapPatch',
  Type.Object(mergePatchOf(GapContent), {
    ...closed,
    description: 'JSON Merge Patch (RFC 7396) of the content of a gap. The result has to be one that could be recorded.'
  })
)

const { populations, levels, settings, jurisdictions, strategies, domains, severity } = GapContent.properties
export const AcceptBody = component(
  'AcceptGap',
  Type.Object(
    {
      kind,
      populations,
      levels,
      settings,
      jurisdictions,
      strategies,
      domains,
      severity,
      content: Type.Optional(
        Type.Unsafe<Static<typeof GapPatch>>({
          ...ref(GapPatch),
          description: 'What else has to change before it is public, such as a name that has to go (JSON Merge Patch).'
        })
      ),
      reason: Type.Optional(reason('What the acceptance rests on.'))
    },
    { ...closed, description: 'An acceptance: what kind of gap it is, and whom and what it concerns.' }
  )
)
export type AcceptBody = Static<typeof AcceptBody>

export const ReturnGapBody = component(
  'ReturnGap',
  Type.Object({ reason: reason('Why it does not become public. Reviewers read it.') }, { ...closed, description: 'A refusal.' })
)

export const MoveBody = component(
  'MoveGap',
  Type.Object(
    {
      to: oneOf(CODES['gap-status'], 'The status to go to.'),
      reason: Type.Optional(
        reason(
          'Why. Needed for `rejected`, `accepted-risk`, `merged` and `dismissed`, and to open again what had ended. Everybody reads it.'
        )
      ),
      into: Type.Optional(Type.Unsafe<string>({ ...GapId, description: 'Needed for `merged`: the gap that goes on.' })),
      until: Type.Optional(
        Type.String({
          format: 'date',
          description: 'Needed for `dismissed`: the last day on which it is put aside, two years ahead at most.'
        })
      )
    },
    { ...closed, description: 'A step in the life of a gap.' }
  )
)
export type MoveBody = Static<typeof MoveBody>

export const AdoptBody = component(
  'AdoptGap',
  Type.Object(
    {
      ownerRole: label('Who owns it from now on: a role, not a name.'),
      reason: Type.Optional(reason('Why it was adopted. Everybody reads it.'))
    },
    { ...closed, description: 'An adoption: a finding becomes somebody’s.' }
  )
)
export type AdoptBody = Static<typeof AdoptBody>

const GapHistoryEntry = component(
  'GapHistoryEntry',
  Type.Object(
    {
      at: instant('When.'),
      who: Type.String({
        description: '`a contributor`, `a reviewer`, `a reader` (a report without a key) or `registry`. Contributors see the names of keys.'
      }),
      group: Type.Optional(oneOf(CODES['gap-group'], 'Of a report: the group of the one who reported it.')),
      action: Type.String({ description: 'What was done; for a step, the status that it led to.' }),
      why: Type.Optional(Type.String({ description: 'The reason given.' })),
      fields: Type.Array(ref(FieldChanged), { description: 'What changed in the content; for contributors.' })
    },
    { ...closed, description: 'One thing that happened to a gap.' }
  )
)
export const GapHistory = wholeList('GapHistory', GapHistoryEntry, 'What happened to a gap, the oldest first.')
export type GapHistoryEntry = Static<typeof GapHistoryEntry>

export const GAP_REQUEST_SCHEMAS = [
  FacetCount,
  FieldChanged,
  GapPage,
  GapQueue,
  NewGap,
  PublicReport,
  Received,
  GapPatch,
  AcceptBody,
  ReturnGapBody,
  MoveBody,
  AdoptBody,
  GapHistoryEntry,
  GapHistory
]
