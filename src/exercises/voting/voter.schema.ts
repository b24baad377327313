/** What voters ask for and see: their ballot, what was said before, the form, the turnout, receipts. */
import { type Static, Type } from 'typebox'
import { component, oneOf, ref } from '../../component.ts'
import { Jurisdiction } from '../../measures/measure.parts.ts'
import { Lang } from '../../measures/requests.schema.ts'
import { CODES } from '../../vocabularies/codes.ts'
import { ExerciseId, ExerciseItem, GroupCode, ItemId, RoundNumber, RoundOptions } from '../exercise.parts.ts'
import { Exercise } from '../exercise.schema.ts'
import { Ballot } from './ballot.schema.ts'

const closed = { additionalProperties: false }
const count = (description: string) => Type.Integer({ minimum: 0, description })
const { state, protocolHash } = Exercise.properties

/** A code, as it may come in the header; whether it is one is judged by itself. */
export const CodeHeader = {
  'X-Ballot-Code': { type: 'string', description: 'The code of the invitation, in capitals or small letters, with or without hyphens.' }
}

const Feedback = component(
  'BallotFeedback',
  Type.Object(
    {
      round: RoundNumber,
      ballot: Type.Optional(ref(Ballot)),
      items: Type.Array(
        Type.Object(
          {
            item: ItemId,
            groups: Type.Array(
              Type.Object(
                {
                  group: Type.String({ description: 'A group, or groups that are shown together.' }),
                  n: Type.Unsafe<number | null>({ type: ['integer', 'null'], description: 'How many answered; null where too few did.' }),
                  score: Type.Unsafe<number | null>({ type: ['number', 'null'], description: 'The score of the method.' }),
                  median: Type.Unsafe<number | null>({ type: ['number', 'null'], description: 'The median, of ratings.' }),
                  histogram: Type.Unsafe<number[] | null>({
                    type: ['array', 'null'],
                    items: { type: 'integer', description: 'How many.' },
                    description: 'How many gave each score.'
                  })
                },
                { ...closed, description: 'What a group said.' }
              ),
              { description: 'By group.' }
            )
          },
          { ...closed, description: 'What was said of an item.' }
        ),
        { description: 'What the groups said.' }
      )
    },
    { ...closed, description: 'A round before: the voter’s own ballot, and what each group said.' }
  )
)

export const OwnBallot = component(
  'OwnBallot',
  Type.Object(
    {
      exercise: ExerciseId,
      title: Exercise.properties.title,
      question: Exercise.properties.question,
      description: Exercise.properties.description,
      protocolHash,
      round: RoundNumber,
      method: oneOf(CODES['exercise-method'], 'How to answer.'),
      options: ref(RoundOptions),
      group: GroupCode,
      items: Type.Array(ref(ExerciseItem), { description: 'What is voted on, in the order of the protocol.' }),
      ballot: Type.Optional(ref(Ballot)),
      receipt: Type.Optional(Type.String({ description: 'The receipt of the ballot, if there is one.' })),
      before: Type.Array(ref(Feedback), { description: 'Earlier rounds.' })
    },
    { ...closed, description: 'The ballot of a code in the open round.' }
  )
)

export const VoterForm = component(
  'VoterForm',
  Type.Object(
    {
      level: Type.Optional(oneOf(CODES.level, 'The level of care that the voter works on, or speaks of.')),
      country: Type.Optional(Jurisdiction('The country where the voter lives (ISO 3166).'))
    },
    {
      ...closed,
      minProperties: 1,
      description: 'What a voter says of themselves, if they like: counted question by question, and kept with nothing.'
    }
  )
)

export const Turnout = component(
  'Turnout',
  Type.Object(
    {
      exercise: ExerciseId,
      state,
      round: Type.Optional(RoundNumber),
      groups: Type.Array(
        Type.Object(
          {
            group: GroupCode,
            invited: count('How many codes were given out.'),
            voted: Type.Integer({ minimum: 0, multipleOf: 5, description: 'How many ballots are in, rounded to 5.' })
          },
          { ...closed, description: 'How many of a group have voted.' }
        ),
        { description: 'By group, in the order of the protocol.' }
      ),
      voted: Type.Integer({ minimum: 0, multipleOf: 5, description: 'The rounded numbers of the groups together.' })
    },
    { ...closed, description: 'How many have voted: all that anybody sees of a round while it is open.' }
  )
)
export type Turnout = Static<typeof Turnout>

export const TurnoutQuery = Type.Object(
  {
    format: Type.Optional(oneOf(['json', 'html'], 'Form of the answer, before `Accept`; `html` is a page for a screen in the room.')),
    lang: Lang
  },
  closed
)

export const Receipts = component(
  'Receipts',
  Type.Object(
    {
      exercise: ExerciseId,
      round: RoundNumber,
      items: Type.Array(Type.String({ description: 'A receipt.' }), { description: 'Every receipt, in alphabetical order.' }),
      total: count('How many.'),
      next: Type.Literal('', { description: 'Always empty: this list has one page.' })
    },
    { ...closed, description: 'The receipts of a round: whoever finds theirs knows that their ballot was counted.' }
  )
)

export const VOTER_SCHEMAS = [Feedback, OwnBallot, VoterForm, Turnout, Receipts]
