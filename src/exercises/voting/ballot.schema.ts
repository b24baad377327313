/** Ballots, as voters send them: one form for each method. */
import { type Static, type TSchema, Type } from 'typebox'
import { component } from '../../component.ts'
import { ExerciseId, ItemId, MAX_ITEMS } from '../exercise.parts.ts'

const closed = { additionalProperties: false }

const byItem = <S extends TSchema>(value: S, description: string) =>
  Type.Unsafe<Record<string, Static<S>>>({
    type: 'object',
    maxProperties: MAX_ITEMS,
    additionalProperties: value,
    description
  })

export const UNABLE = 'unable'

/** A score, or that the voter is unable to give one. What numbers are scores is judged with the item's name, not here. */
const score = Type.Unsafe<number | typeof UNABLE>({ type: ['integer', 'string'], description: '1 to 9, or `unable`.' })

export const Ballot = component(
  'Ballot',
  Type.Object(
    {
      scores: Type.Optional(
        byItem(
          score,
          '`rating-1-9`: 1 to 3 of limited importance, 4 to 6 important, 7 to 9 critical, or `unable`. An item that is left out is not answered.'
        )
      ),
      ranking: Type.Optional(
        Type.Array(
          Type.Unsafe<string | string[]>({
            anyOf: [ItemId, Type.Array(ItemId, { minItems: 1, maxItems: MAX_ITEMS, description: 'Items that share the place.' })],
            description: 'A place.'
          }),
          {
            maxItems: MAX_ITEMS,
            description: '`top-n`: items, the most important first. `rank-all`: the same, as lists of items that share a place.'
          }
        )
      ),
      approved: Type.Optional(
        Type.Array(ItemId, { maxItems: MAX_ITEMS, description: '`approval`: the items that the voter approves of.' })
      ),
      dots: Type.Optional(byItem(Type.Integer({ description: 'Dots.' }), '`dots`: how many dots an item gets.')),
      criteria: Type.Optional(
        byItem(
          Type.Unsafe<Record<string, 0 | 0.5 | 1 | null>>({
            type: 'object',
            maxProperties: 12,
            additionalProperties: { type: ['number', 'null'] }
          }),
          '`criteria`: for each criterion 0 (no), 0.5 (perhaps), 1 (yes), or null where the voter does not know (CHNRI).'
        )
      )
    },
    { ...closed, minProperties: 1, maxProperties: 1, description: 'An answer, in the one form that the method of the round has.' }
  )
)
export type Ballot = Static<typeof Ballot>

export const Receipt = component(
  'BallotReceipt',
  Type.Object(
    {
      receipt: Type.String({ description: 'To be found in the list of receipts after the close. It says nothing of what was voted.' }),
      exercise: ExerciseId,
      round: Type.Integer({ minimum: 1, description: 'The round.' })
    },
    { ...closed, description: 'That a ballot is in. A later ballot with the same code replaces it, with the same receipt.' }
  )
)

export const BALLOT_SCHEMAS = [Ballot, Receipt]
