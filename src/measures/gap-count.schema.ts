import { type Static, Type } from 'typebox'
import { component, oneOf } from '../component.ts'
import { CODES } from '../vocabularies/codes.ts'

const count = (description: string) => Type.Integer({ minimum: 0, description })

/** How many gaps a measure has: computed, so that nobody has to ask for them to see that there are some. */
export const GapCount = component(
  'GapCount',
  Type.Object(
    {
      total: count('Open gaps that are known.'),
      critical: count('Of these, critical ones.'),
      high: count('Of high severity.'),
      moderate: count('Of moderate severity.'),
      low: count('Of low severity.'),
      unknown: count('Of a severity that nobody knows yet.'),
      notRecorded: count('Findings that the record does not say something: questions, not gaps.'),
      kinds: Type.Array(oneOf(CODES['gap-kind'], 'A kind.'), { description: 'The kinds of the open gaps that are known.' })
    },
    { additionalProperties: false, description: 'Open gaps of a measure, by severity.' }
  )
)
export type GapCount = Static<typeof GapCount>
