/** Who is missing from a decision, as it is answered. */
import { type Static, Type } from 'typebox'
import { component, oneOf, orNull, ref } from '../../component.ts'
import { ExerciseId, ItemId } from '../exercise.parts.ts'

const closed = { additionalProperties: false }

export const MissingVoice = component(
  'MissingVoice',
  Type.Object(
    {
      level: oneOf(['group', 'round', 'item', 'care-level', 'country', 'exercise'], 'What the finding is on.'),
      who: Type.String({
        description: 'The group, groups that are shown together, the level of care or the country; `all` for everybody.'
      }),
      status: oneOf(
        ['absent', 'under', 'proportional', 'over', 'withheld', 'drop-out', 'could-not-score', 'few-groups', 'unknown'],
        'How they took part.'
      ),
      n: orNull('integer', 'How many voted; null where it is withheld.'),
      share: orNull('number', 'Their share of all voters, from 0 to 1.'),
      target: orNull('number', 'The share that the protocol wants.'),
      ratio: orNull('number', 'Share by target: 0.8 to 1.2 is proportional.'),
      seatsShort: orNull(
        'integer',
        'How many more voters of the group would bring it to its target; at least so many, where `n` is withheld.'
      ),
      required: Type.Optional(Type.Boolean({ description: 'Whether there is no consensus without the group.' })),
      item: Type.Optional(ItemId),
      suggestion: Type.String({ description: 'What to do: sentences.' })
    },
    { ...closed, description: 'A group, level or country, and whether its voice is missing.' }
  )
)

const FunnelRow = component(
  'ExerciseFunnelRow',
  Type.Object(
    {
      group: Type.String({ description: 'The group, or groups that are shown together.' }),
      invited: Type.Integer({ minimum: 0, description: 'How many were invited until the last round was closed.' }),
      voted: Type.Array(orNull('integer', 'Null where it is withheld.'), {
        description: 'How many voted in each round.'
      }),
      retention: Type.Array(orNull('number', 'Null where it is not known.'), {
        description: 'The part of those who were there before: of those invited to the first round, then of the voters of the round before.'
      })
    },
    { ...closed, description: 'How many of a group stayed from round to round.' }
  )
)

export const MissingVoices = component(
  'MissingVoices',
  Type.Object(
    {
      exercise: ExerciseId,
      protocolHash: Type.String({ description: 'SHA-256 of the protocol.' }),
      round: Type.Integer({ minimum: 1, description: 'The round.' }),
      status: oneOf(['complete', 'incomplete'], 'Whether every required group took part.'),
      findings: Type.Array(ref(MissingVoice), { description: 'By group, then by round, item, level of care and country.' }),
      effectiveGroups: orNull('number', 'How many groups of equal size would be as mixed (Laakso and Taagepera).'),
      funnel: Type.Array(ref(FunnelRow), { description: 'From invitation to the last round.' })
    },
    { ...closed, description: 'Who is missing from a decision, and what to do.' }
  )
)
export type MissingVoices = Static<typeof MissingVoices>

export const MISSING_SCHEMAS = [MissingVoice, FunnelRow, MissingVoices]
