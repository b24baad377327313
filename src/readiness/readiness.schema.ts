/** What readiness answers: verdicts, the gates behind them, for whom not, and the rules in force. */
import { type Static, Type } from 'typebox'
import { component, oneOf, ref } from '../component.ts'
import { Implementation, REPORT_SCHEMAS } from '../implementations/implementation.schema.ts'
import { MeasureId, Version } from '../measures/measure.schema.ts'
import { FacetCount } from '../measures/requests.schema.ts'
import { CODES } from '../vocabularies/codes.ts'
import { Money, ReadinessContext } from './context.schema.ts'
import { GATE_IDS, OUTCOMES } from './gate.ts'
import { BASES } from './provenance.ts'
import { VERDICTS } from './verdict.ts'

const closed = { additionalProperties: false }
const sentence = (description: string) => Type.String({ description })
const count = (description: string) => Type.Integer({ minimum: 0, description })

export const VerdictCode = oneOf(
  VERDICTS,
  'From the gates, in this order and without weights: a fail that blocks is `not-ready` (`ready-for-trial` where it fails for being untested only), an unknown that blocks is `cannot-tell`, a condition is `ready-with-conditions`, else `ready-now`.'
)
export const BasisCode = oneOf(
  BASES,
  'Whether every fact that was read was seen in its source (`documented`), or one was not (`unverified`).'
)
export const RulesVersion = Type.String({ description: 'The version of the rules that the answer follows.' })

export const GateAnswer = component(
  'GateAnswer',
  Type.Object(
    {
      gate: oneOf(GATE_IDS, 'The gate.'),
      language: Type.Optional(Type.String({ description: 'The language that it is about.' })),
      dimension: Type.Optional(oneOf(CODES['equity-dimension'], 'The equity dimension that it is about.')),
      jurisdiction: Type.Optional(Type.String({ description: 'The jurisdiction that it is about.' })),
      aspect: Type.Optional(oneOf(['setting', 'population', 'condition'], 'What it is about in the fit.')),
      outcome: oneOf(
        OUTCOMES,
        'What the gate says. `not-asked`: the context lacks what it needs; `not-applicable`: the question has no meaning here.'
      ),
      blocks: Type.Boolean({
        description: 'Whether it stands in the way. A fail or unknown that does not is advice, and makes a condition.'
      }),
      because: sentence('Why.'),
      closesWith: Type.Optional(sentence('What would let it pass.')),
      days: Type.Optional(Type.Integer({ minimum: 0, description: 'Days that this takes, by the working figures of the rules.' })),
      cost: Type.Optional(ref(Money)),
      basis: Type.Optional(BasisCode)
    },
    { ...closed, description: 'What one gate says.' }
  )
)
export type GateAnswer = Static<typeof GateAnswer>

export const NotReadyForAnswer = component(
  'NotReadyFor',
  Type.Object(
    {
      language: Type.Optional(Type.String({ description: 'People who speak this language (BCP 47).' })),
      dimension: Type.Optional(oneOf(CODES['equity-dimension'], 'People who differ by this equity dimension.')),
      population: Type.Optional(oneOf(CODES.population, 'A population.')),
      certainty: oneOf(['known', 'unknown'], '`unknown` where the record does not say: no sign of unfairness by itself.'),
      because: sentence('Why.')
    },
    { ...closed, description: 'People for whom the measure is not ready.' }
  )
)

export const MeasureHead = component(
  'MeasureHead',
  Type.Object(
    {
      id: MeasureId,
      title: Type.String({ description: 'Its title, in the language of the answer where it is translated.' }),
      shortTitle: Type.Optional(Type.String({ description: 'A shorter title.' })),
      acronym: Type.Optional(Type.String({ description: 'Its acronym.' })),
      version: Type.Optional(Version),
      status: oneOf(CODES.status, 'Draft, active or retired.'),
      canonicalUrl: Type.String({ format: 'uri', description: 'The address that names it for good.' }),
      copyright: Type.Optional(Type.String({ description: 'Its copyright text.' }))
    },
    { ...closed, description: 'A measure in short.' }
  )
)
export type MeasureHead = Static<typeof MeasureHead>

export const ReportCounts = component(
  'ReportCounts',
  Type.Object(
    {
      implemented: count('Reports that it was put to use as it is.'),
      modified: count('Reports that it was put to use with changes.'),
      abandoned: count('Reports that it was given up.'),
      confirmed: count('How many of these were confirmed by a second person.')
    },
    { ...closed, description: 'What evaluators reported from practice. It feeds maturity where it was confirmed, and overrules no gate.' }
  )
)

const assessed = {
  measure: ref(MeasureHead),
  verdict: VerdictCode,
  basis: BasisCode,
  maturity: oneOf(CODES.maturity, 'How far the measure has come.'),
  gates: Type.Array(ref(GateAnswer), { description: 'What each gate says.' }),
  notReadyFor: Type.Array(ref(NotReadyForAnswer), { description: 'For whom it is not ready.' }),
  reports: ref(ReportCounts)
}
export const ReadinessItem = component(
  'ReadinessItem',
  Type.Object(assessed, { ...closed, description: 'Whether a measure can be put to use at once, and why.' })
)
export type ReadinessItem = Static<typeof ReadinessItem>

export const MeasureReadiness = component(
  'MeasureReadiness',
  Type.Object(
    {
      context: ref(ReadinessContext),
      rulesVersion: RulesVersion,
      ...assessed,
      maturityBecause: Type.Array(sentence('A reason.'), { description: 'Why it has that maturity.' }),
      maturityClosesWith: Type.Optional(sentence('What would lift it one step.')),
      recentReports: Type.Array(ref(Implementation), { description: 'The latest reports from practice, of which there may be more.' })
    },
    { ...closed, description: 'Whether this measure can be put to use at once in a context, and why.' }
  )
)

export const VerdictCounts = component(
  'VerdictCounts',
  Type.Object(
    Object.fromEntries(VERDICTS.map((verdict) => [verdict, count(`Measures that are ${verdict}.`)])) as Record<
      (typeof VERDICTS)[number],
      ReturnType<typeof count>
    >,
    {
      ...closed,
      description: 'How many measures have each verdict.'
    }
  )
)

export const ReadinessPage = component(
  'ReadinessPage',
  Type.Object(
    {
      context: ref(ReadinessContext),
      rulesVersion: RulesVersion,
      items: Type.Array(ref(ReadinessItem), { description: 'The measures of this page, the readiest first.' }),
      total: count('How many there are on all pages.'),
      counts: ref(VerdictCounts),
      next: Type.String({ description: 'The cursor of the next page; empty at the end.' }),
      facets: Type.Optional(
        Type.Record(Type.String(), Type.Array(ref(FacetCount)), { description: 'Counts under the same filters, each without its own.' })
      )
    },
    { ...closed, description: 'A page of the catalogue by verdict, in a context.' }
  )
)

export const GateRule = component(
  'GateRule',
  Type.Object(
    {
      id: oneOf(GATE_IDS, 'The gate.'),
      title: sentence('Its name.'),
      question: sentence('What it asks.'),
      fails: sentence('What fails it, and what does not.'),
      closes: sentence('What lets it pass.'),
      reads: Type.Array(Type.String({ description: 'A field.' }), { description: 'What it reads of the record.' }),
      asks: Type.Array(Type.String({ description: 'A parameter.' }), {
        description: 'What it has to know of the context; without it, it is not asked.'
      }),
      source: sentence('Where the rule comes from.')
    },
    { ...closed, description: 'A gate.' }
  )
)
export const MaturityRule = component(
  'MaturityRule',
  Type.Object(
    {
      id: oneOf(CODES.maturity, 'The step.'),
      question: sentence('What it asks.'),
      holds: sentence('When it holds.'),
      closes: sentence('What lifts a measure one step further.')
    },
    { ...closed, description: 'A step of maturity.' }
  )
)
export const WorkingFigure = component(
  'WorkingFigure',
  Type.Object(
    {
      id: Type.String({ description: 'The work.' }),
      days: count('Days that it takes.'),
      source: sentence('What the figure rests on.')
    },
    { ...closed, description: 'How long it takes to meet a condition.' }
  )
)
export const ReadinessRules = component(
  'ReadinessRules',
  Type.Object(
    {
      version: RulesVersion,
      language: Type.String({ description: 'The language of the texts.' }),
      gates: Type.Array(ref(GateRule), { description: 'The gates, in the order in which they are told.' }),
      maturity: Type.Array(ref(MaturityRule), { description: 'The steps of maturity, the lowest first.' }),
      verdicts: Type.Array(
        Type.Object({ id: oneOf(VERDICTS, 'The verdict.'), sentence: sentence('In words.') }, { ...closed, description: 'A verdict.' }),
        { description: 'The verdicts, the best first.' }
      ),
      workingFigures: Type.Array(ref(WorkingFigure), { description: 'How long conditions take to meet.' })
    },
    { ...closed, description: 'The rules in force.' }
  )
)

export const READINESS_SCHEMAS = [
  ...REPORT_SCHEMAS,
  FacetCount,
  GateAnswer,
  NotReadyForAnswer,
  MeasureHead,
  ReportCounts,
  ReadinessItem,
  MeasureReadiness,
  VerdictCounts,
  ReadinessPage,
  GateRule,
  MaturityRule,
  WorkingFigure,
  ReadinessRules
]
