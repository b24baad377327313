/** What an outcome says of a measure or gap: a dated fact with its source, which nobody edits. */
import { type Static, Type } from 'typebox'
import { component, oneOf, wholeList } from '../../component.ts'
import { CODES } from '../../vocabularies/codes.ts'
import { ExerciseId, ItemId } from '../exercise.parts.ts'

const closed = { additionalProperties: false }
const uri = (description: string) => Type.String({ format: 'uri', description })

export const Priority = component(
  'Priority',
  Type.Object(
    {
      exercise: ExerciseId,
      title: Type.String({ description: 'What the exercise is called.' }),
      question: Type.String({ description: 'The question that voters answered.' }),
      publishedAt: Type.String({ format: 'date-time', description: 'When the outcome was published.' }),
      item: ItemId,
      version: Type.String({ description: 'The version that was voted on.' }),
      round: Type.Integer({ minimum: 1, description: 'The last round in which it was voted on.' }),
      method: oneOf(CODES['exercise-method'], 'How voters answered.'),
      rank: Type.Unsafe<number | null>({
        type: ['integer', 'null'],
        description: 'Its place in that round; null where too few voted to say.'
      }),
      of: Type.Integer({ minimum: 1, description: 'Of how many items.' }),
      verdict: oneOf(CODES['exercise-verdict'], 'What became of it.'),
      shortlisted: Type.Boolean({ description: 'Whether it is on the short list.' }),
      complete: Type.Boolean({ description: 'Whether every required group took part.' }),
      protocolHash: Type.String({ description: 'SHA-256 of the protocol.' }),
      outcomeHash: Type.String({ description: 'SHA-256 of the published outcome.' }),
      results: uri('The whole of it.')
    },
    { ...closed, description: 'What the outcome of an exercise says of a measure or gap.' }
  )
)
export type Priority = Static<typeof Priority>
export const Priorities = wholeList('Priorities', Priority, 'The outcomes that a measure or gap took part in, the newest first.')
