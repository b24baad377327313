/** What is asked of the balance of a set, and what is answered. */
import { type Static, Type } from 'typebox'
import { component, ref } from '../component.ts'
import { TellingFormatParameter } from '../http/parameters.ts'
import { MAX_IDS } from './balance.check.ts'
import { LIST_NAMES } from './balance.ts'
import { Lang, ListQuery } from './requests.schema.ts'

const closed = { additionalProperties: false }
const count = (description: string) => Type.Integer({ minimum: 0, description })

const { sort: _sort, limit: _limit, cursor: _cursor, fields: _fields, facets: _facets, ...filters } = ListQuery.properties

export const BalanceQuery = Type.Object(
  {
    ids: Type.Optional(
      Type.Array(Type.String({ maxLength: 50_000 }), {
        minItems: 1,
        maxItems: MAX_IDS,
        description: `Identifiers of published measures, ${MAX_IDS} at most, separated by commas or repeated. Retired ones count too where \`status\` is left out. Beside filters both have to hold.`
      })
    ),
    ...filters,
    lang: Lang,
    format: TellingFormatParameter
  },
  closed
)
export type BalanceQuery = Static<typeof BalanceQuery>

export const BalanceCount = component(
  'BalanceCount',
  Type.Object(
    {
      code: Type.String({ description: 'A code.' }),
      label: Type.String({ description: 'Its label in the language of the answer.' }),
      count: count('How many measures of the set carry it; zero where none does.')
    },
    { ...closed, description: 'How often a code occurs in a set.' }
  )
)

const ABOUT = {
  level: 'levels of integration',
  dimension: 'dimensions of the Rainbow Model',
  strategy: 'strategies of community-oriented integrated practice',
  aim: 'aims of the Quintuple Aim',
  perspective: 'perspectives',
  domain: 'domains',
  stratifier: 'equity dimensions that results can be split by, in full or in part'
} as const satisfies Record<(typeof LIST_NAMES)[number], string>

const eachList = <S>(of: (about: string) => S) =>
  Object.fromEntries(LIST_NAMES.map((list) => [list, of(ABOUT[list])])) as Record<(typeof LIST_NAMES)[number], S>

const counted = (about: string) => Type.Array(ref(BalanceCount), { description: `All ${about}, in the order of the vocabulary.` })
const uncounted = (about: string) => count(`Measures whose record names none of the ${about}.`)

export const MeasureBalance = component(
  'MeasureBalance',
  Type.Object(
    {
      total: count('How many measures are in the set.'),
      retired: count('How many of them are retired.'),
      drafts: count('How many of them are drafts.'),
      counts: Type.Object(eachList(counted), {
        ...closed,
        description:
          'How many measures carry each code. A measure can carry several of a list, so that they may add up to more than the total.'
      }),
      none: Type.Object(eachList(uncounted), {
        ...closed,
        description: 'How many measures carry no code of a list. A record that does not say is not the same as one that says no.'
      }),
      sentences: Type.Array(Type.String({ description: 'A sentence.' }), {
        description: 'What the counts come to, in the language of the answer.'
      })
    },
    {
      ...closed,
      description: 'How a set of measures is spread over levels, dimensions, strategies, aims, perspectives, domains and people.'
    }
  )
)
export type MeasureBalance = Static<typeof MeasureBalance>

export const BALANCE_SCHEMAS = [BalanceCount, MeasureBalance]
