/**
 * The gap: who or what is not seen by the measures that there are, where, and with what effect. The one source of its validation, its
 * static type and its part of the OpenAPI document. Names are those of PROGRESS-Plus and of the CMS Framework for Health Equity.
 */
import { type Static, Type } from 'typebox'
import { component, oneOf, ref } from '../component.ts'
import { Jurisdiction, label, setOf, text } from '../measures/measure.parts.ts'
import { MeasureId, SLUG } from '../measures/measure.schema.ts'
import { type ClosedVocabulary, CODES } from '../vocabularies/codes.ts'

const closed = { additionalProperties: false }
const instant = (description: string) => Type.String({ format: 'date-time', description })
const codes = <V extends ClosedVocabulary>(name: V, description: string) =>
  setOf(oneOf(CODES[name], `A code of the vocabulary \`${name}\`.`), description)

export const GapId = Type.String({ pattern: SLUG, description: 'Identifier of the gap: a slug, unique, never used again.' })

export const GapMeasure = component(
  'GapMeasure',
  Type.Object(
    { measure: MeasureId, role: oneOf(CODES['gap-role'], 'What the measure has to do with it.') },
    { ...closed, description: 'A measure that a gap is about.' }
  )
)

export const GapPopulation = component(
  'GapPopulation',
  Type.Object(
    {
      dimension: oneOf(CODES['equity-dimension'], 'The equity dimension (PROGRESS-Plus).'),
      value: Type.Optional(label('Which people, where one of several is meant: a language tag, a country, a group in words.')),
      focus: oneOf(CODES['gap-focus'], 'What happens to them.')
    },
    { ...closed, description: 'People who are not seen.' }
  )
)

export const GapSeverity = component(
  'GapSeverity',
  Type.Object(
    {
      reach: oneOf(CODES['gap-reach'], 'How many people it reaches.'),
      consequence: Type.Optional(oneOf(CODES['gap-consequence'], 'What follows from it.')),
      alternative: Type.Optional(oneOf(CODES['gap-alternative'], 'Whether they can be seen in another way.'))
    },
    { ...closed, description: 'What severity is judged by. What is not known is said to be unknown.' }
  )
)

export const GapEvidence = component(
  'GapEvidence',
  Type.Object(
    {
      kind: oneOf(CODES['gap-evidence'], 'What kind of evidence it is. Testimony needs no citation, and ranks above what a rule derives.'),
      text: text('What it says.', 5_000),
      citation: Type.Optional(text('Where it can be read.', 2_000)),
      value: Type.Optional(label('A figure, with its unit.'))
    },
    { ...closed, description: 'How one knows.' }
  )
)

export const GapRemedy = component(
  'GapRemedy',
  Type.Object(
    {
      family: oneOf(CODES['remedy-family'], 'Priority of the CMS Framework for Health Equity.'),
      action: text('What would be done.', 2_000),
      ownerRole: Type.Optional(label('Who would do it: a role, not a name.')),
      effort: Type.Optional(oneOf(CODES.effort, 'How much work it is.')),
      status: Type.Optional(oneOf(CODES['remedy-status'], 'How far it has come.'))
    },
    { ...closed, description: 'What would close the gap.' }
  )
)

const title = text('The gap in a few words.', 500)
const rest = {
  statement: text('Who is not seen, where, and with what effect.', 10_000),
  kind: oneOf(CODES['gap-kind'], 'What kind of gap it is.'),
  measures: Type.Array(ref(GapMeasure), { maxItems: 500, description: 'Measures that it is about.' }),
  populations: Type.Array(ref(GapPopulation), { maxItems: 50, description: 'People who are not seen.' }),
  levels: codes('level', 'Levels of integration that it concerns.'),
  settings: codes('setting', 'Where care is given.'),
  jurisdictions: setOf(Jurisdiction('A jurisdiction.'), 'Where it was found (ISO 3166, or a UN M49 area code).', 300),
  strategies: codes('strategy', 'Strategies of community-oriented integrated practice that it concerns.'),
  domains: codes('domain', 'What it is about.'),
  severity: ref(GapSeverity),
  evidence: Type.Array(ref(GapEvidence), { maxItems: 100, description: 'How one knows.' }),
  remedies: Type.Array(ref(GapRemedy), { maxItems: 50, description: 'What would close it.' })
}

/** What people write of a gap. */
export const GapContent = component(
  'GapContent',
  Type.Object(
    { title, ...Type.Partial(Type.Object(rest)).properties },
    { ...closed, description: 'The content of a gap: what people write.' }
  )
)
export type GapContent = Static<typeof GapContent>
export type GapField = keyof GapContent
export const GAP_FIELDS = Object.keys(GapContent.properties) as GapField[]

export const GapReporter = component(
  'GapReporter',
  Type.Object(
    {
      group: Type.Optional(oneOf(CODES['gap-group'], 'The group that they belong to, as they say.')),
      livedExperience: Type.Optional(Type.Boolean({ description: 'Whether they speak from their own experience.' }))
    },
    { ...closed, description: 'Who reported it: never a name.' }
  )
)

export const GapFinding = component(
  'GapFinding',
  Type.Object(
    {
      rule: Type.String({ description: 'The rule that found it.' }),
      rulesVersion: Type.String({ description: 'The version of the rules.' }),
      certainty: oneOf(
        CODES['gap-certainty'],
        '`absent` where the record says so, `unknown` where it does not say: poor records are not unfairness.'
      ),
      closesWith: Type.String({ description: 'The field of the record that would close it.' }),
      openedAt: instant('Since when the rule holds.'),
      closedAt: Type.Optional(instant('When the rule ceased to hold.'))
    },
    { ...closed, description: 'How a rule came to it.' }
  )
)

export const GapDismissal = component(
  'GapDismissal',
  Type.Object(
    {
      reason: text('Why it is put aside.', 5_000),
      until: Type.String({ format: 'date', description: 'The last day on which it is put aside: on the next one it is open again.' }),
      at: instant('When it was put aside.')
    },
    { ...closed, description: 'A finding that was put aside for a while.' }
  )
)

export const SeverityCode = oneOf(
  CODES['gap-severity'],
  'From reach, consequence and alternative by a published table; `unknown` where reach is.'
)

/** A gap as the registry answers it. */
export const Gap = component(
  'Gap',
  Type.Object(
    {
      id: GapId,
      origin: oneOf(CODES['gap-origin'], 'Recorded by a person, derived by a rule, or derived and adopted by somebody.'),
      status: oneOf(CODES['gap-status'], 'Where it stands.'),
      ...GapContent.properties,
      severityLevel: SeverityCode,
      reportedBy: Type.Optional(ref(GapReporter)),
      finding: Type.Optional(ref(GapFinding)),
      dismissal: Type.Optional(ref(GapDismissal)),
      ownerRole: Type.Optional(label('Who owns it: a role, not a name.')),
      mergedInto: Type.Optional(GapId),
      closingReason: Type.Optional(text('Why it was rejected, accepted as a risk, or merged.', 5_000)),
      createdAt: instant('When it entered the registry.'),
      updatedAt: instant('When it last changed.')
    },
    { ...closed, description: 'Who or what is not seen by the measures that there are.' }
  )
)
export type Gap = Static<typeof Gap>

export const GAP_PARTS = [
  GapMeasure,
  GapPopulation,
  GapSeverity,
  GapEvidence,
  GapRemedy,
  GapContent,
  GapReporter,
  GapFinding,
  GapDismissal,
  Gap
]
