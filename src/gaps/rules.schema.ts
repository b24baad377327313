/** The rules of gaps, and the table of severity, as they are published. */
import { Type } from 'typebox'
import { component, oneOf, ref } from '../component.ts'
import { Lang } from '../measures/requests.schema.ts'
import { CODES } from '../vocabularies/codes.ts'

const closed = { additionalProperties: false }

export const GapRulesQuery = Type.Object({ lang: Lang }, closed)

const GapRule = component(
  'GapRule',
  Type.Object(
    {
      id: Type.String({ description: 'The rule, as findings name it.' }),
      kind: oneOf(CODES['gap-kind'], 'The kind of gap that it finds.'),
      label: Type.String({ description: 'The label of the kind in the language of the answer.' }),
      question: Type.String({ description: 'What it asks.' }),
      holds: Type.String({ description: 'When it holds, and to what it does not apply.' }),
      closes: Type.String({ description: 'What closes a finding.' }),
      source: Type.String({ description: 'What it rests on.' })
    },
    { ...closed, description: 'A rule by which gaps are found.' }
  )
)

const byReach = (described: string) =>
  Type.Object(
    Object.fromEntries(
      (['few', 'some', 'many'] as const).map((reach) => [reach, oneOf(CODES['gap-severity'], `Where it reaches ${reach}.`)])
    ) as Record<'few' | 'some' | 'many', ReturnType<typeof severityOf>>,
    { ...closed, description: described }
  )
const severityOf = () => oneOf(CODES['gap-severity'], 'A severity.')

export const GapRules = component(
  'GapRules',
  Type.Object(
    {
      version: Type.String({ description: 'The version of the rules, which findings carry.' }),
      language: Type.String({ description: 'The language of the labels.' }),
      rules: Type.Array(ref(GapRule), { description: 'The rules, in the order of their numbers.' }),
      severityTable: Type.Object(
        {
          'information-lost': byReach('Where information is lost.'),
          'wrong-decision': byReach('Where decisions are wrong.'),
          'delayed-care': byReach('Where care comes late.'),
          harm: byReach('Where people come to harm.')
        },
        {
          ...closed,
          description:
            'Severity by consequence and reach. A good alternative lowers it by one step; where consequence or reach is not known, severity is not known.'
        }
      ),
      severityOrder: Type.Array(oneOf(CODES['gap-severity'], 'A severity.'), { description: 'The order of lists.' })
    },
    { ...closed, description: 'The rules in force.' }
  )
)

export const GAP_RULE_SCHEMAS = [GapRule, GapRules]
