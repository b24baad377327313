/** What unlocks and comparisons answer. */
import { Type } from 'typebox'
import { component, oneOf, ref } from '../component.ts'
import { MeasureId } from '../measures/measure.schema.ts'
import { CODES } from '../vocabularies/codes.ts'
import { CHANGE_KINDS, RECORDABLE } from './changes.ts'
import { ReadinessContext } from './context.schema.ts'
import { GATE_IDS } from './gate.ts'
import { MeasureHead, RulesVersion, VerdictCode, VerdictCounts } from './readiness.schema.ts'

const closed = { additionalProperties: false }
const count = (description: string) => Type.Integer({ minimum: 0, description })
const codesOf = (name: 'level' | 'domain' | 'population', description: string) => Type.Array(oneOf(CODES[name], 'A code.'), { description })

const unlock = {
  kind: oneOf(CHANGE_KINDS, 'What changes.'),
  data: Type.Optional(oneOf(CODES['data-source'], 'The data source to get.')),
  language: Type.Optional(Type.String({ description: 'The language to have tested versions in.' })),
  owner: Type.Optional(Type.String({ description: 'Whose licence to get.' })),
  days: Type.Optional(count('The days to allow.')),
  dimension: Type.Optional(oneOf(CODES['equity-dimension'], 'The equity dimension to collect.')),
  gate: Type.Optional(oneOf(RECORDABLE, 'The gate of which the records do not say enough; how many pass depends on what is found out.')),
  sentence: Type.String({ description: 'The change in words.' }),
  becomeReady: count('Measures that become ready by it, now or with conditions.'),
  comeNearer: count('Measures that have one obstacle or none after it, and had more.'),
  measures: Type.Array(
    Type.Object({ id: MeasureId, title: Type.String({ description: 'Its title.' }) }, { ...closed, description: 'A measure.' }),
    { description: 'Those that become ready, as many as `limit` says.' }
  ),
  first: Type.Object(
    {
      level: codesOf('level', 'Levels that get their first ready measure.'),
      domain: codesOf('domain', 'Domains that get their first ready measure.'),
      population: codesOf('population', 'Populations that get their first ready measure.')
    },
    { ...closed, description: 'For what there was no ready measure before.' }
  )
}
export const Unlock = component('Unlock', Type.Object(unlock, { ...closed, description: 'A change, and what it would unlock.' }))
export const UnlockStep = component(
  'UnlockStep',
  Type.Object({ ...unlock, ready: count('Measures that are ready after it.') }, { ...closed, description: 'A change of the sequence.' })
)

export const UnlocksAnswer = component(
  'Unlocks',
  Type.Object(
    {
      context: ref(ReadinessContext),
      rulesVersion: RulesVersion,
      total: count('Measures that were looked at.'),
      ready: count('Measures that are ready without any change, now or with conditions.'),
      changes: Type.Array(ref(Unlock), { description: 'Every single change that takes an obstacle away, the best first.' }),
      sequence: Type.Array(ref(UnlockStep), {
        description:
          'Five changes at most, each the best after those before it. Where none makes a measure ready by itself, the one that brings most nearer.'
      })
    },
    { ...closed, description: 'What to change first.' }
  )
)

const side = Type.Object(
  {
    verdict: VerdictCode,
    blockedBy: Type.Array(oneOf(GATE_IDS, 'A gate.'), { description: 'The gates that stand in the way.' }),
    because: Type.String({ description: 'Why it is not ready, or with which conditions; empty where nothing is in the way.' })
  },
  { ...closed, description: 'How the measure stands in this context.' }
)
export const ComparisonItem = component(
  'ComparisonItem',
  Type.Object(
    { measure: ref(MeasureHead), a: side, b: side },
    { ...closed, description: 'A measure that stands differently in the two contexts.' }
  )
)

const compared = Type.Object(
  {
    id: Type.String({ description: 'The saved context.' }),
    name: Type.String({ description: 'Its name.' }),
    context: ref(ReadinessContext),
    counts: ref(VerdictCounts)
  },
  { ...closed, description: 'One of the two contexts.' }
)
export const Comparison = component(
  'Comparison',
  Type.Object(
    {
      rulesVersion: RulesVersion,
      a: compared,
      b: compared,
      pairs: Type.Array(
        Type.Object(
          { a: VerdictCode, b: VerdictCode, count: Type.Integer({ minimum: 1, description: 'How many measures.' }) },
          { ...closed, description: 'Measures of one verdict here and another there.' }
        ),
        { description: 'How many measures have each pair of verdicts, also of the same.' }
      ),
      items: Type.Array(ref(ComparisonItem), { description: 'The measures of this page that stand differently.' }),
      total: count('How many stand differently on all pages.'),
      next: Type.String({ description: 'The cursor of the next page; empty at the end.' })
    },
    { ...closed, description: 'Two contexts side by side.' }
  )
)

export const UNLOCK_SCHEMAS = [Unlock, UnlockStep, UnlocksAnswer, ComparisonItem, Comparison]
