/** Ballots on paper, as they are entered, compared and settled. */
import { type Static, Type } from 'typebox'
import { component, oneOf, ref, wholeList } from '../../component.ts'
import { text } from '../../measures/measure.parts.ts'
import { ExerciseId, GroupCode, RoundNumber } from '../exercise.parts.ts'
import { Ballot } from './ballot.schema.ts'

const closed = { additionalProperties: false }
const count = (description: string) => Type.Integer({ minimum: 0, description })
const instant = (description: string) => Type.String({ format: 'date-time', description })

const paper = {
  id: Type.String({ description: 'Identifier of the batch.' }),
  exercise: ExerciseId,
  round: RoundNumber,
  group: GroupCode,
  state: oneOf(['waiting', 'confirmed', 'discarded'], 'Whether a second person has compared it with the paper.'),
  count: count('How many ballots it has.'),
  enteredBy: Type.String({ description: 'The name of the key that entered it.' }),
  enteredAt: instant('When.'),
  settledBy: Type.Optional(Type.String({ description: 'The name of the key that confirmed or discarded it.' })),
  settledAt: Type.Optional(instant('When.')),
  reason: Type.Optional(Type.String({ description: 'Why, if somebody said so.' }))
}
export const NewPaperBatch = component(
  'NewPaperBatch',
  Type.Object(
    {
      group: GroupCode,
      ballots: Type.Array(
        Type.Object(
          {
            code: Type.Optional(Type.String({ maxLength: 100, description: 'The code on the card, if the ballot came with one.' })),
            ballot: ref(Ballot)
          },
          { ...closed, description: 'A ballot on paper.' }
        ),
        {
          minItems: 1,
          maxItems: 500,
          description:
            'The ballots, as they are on paper. One request holds some 30,000 answers: where there are many items, enter fewer ballots at a time.'
        }
      )
    },
    { ...closed, description: 'Ballots on paper of one group.' }
  )
)
export const PaperBatch = component('PaperBatch', Type.Object(paper, { ...closed, description: 'A batch of ballots on paper.' }))
export type PaperBatch = Static<typeof PaperBatch>
export const PaperBatchWithBallots = component(
  'PaperBatchWithBallots',
  Type.Object(
    {
      ...paper,
      ballots: Type.Array(ref(Ballot), { description: 'The ballots while they wait, in the order of the paper; none afterwards.' })
    },
    { ...closed, description: 'A batch, to be compared with the paper.' }
  )
)
export const PaperBatches = wholeList('PaperBatches', PaperBatch, 'The batches of an exercise, the oldest first.')
export const PaperParams = Type.Object(
  { id: ExerciseId, batch: Type.String({ minLength: 1, maxLength: 80, description: 'Identifier of the batch.' }) },
  closed
)
export const DiscardBody = component(
  'DiscardPaperBatch',
  Type.Object({ reason: text('Why it does not count.', 5_000) }, { ...closed, description: 'The end of a batch that is wrong.' })
)

export const PAPER_SCHEMAS = [NewPaperBatch, PaperBatch, PaperBatchWithBallots, PaperBatches, DiscardBody]
