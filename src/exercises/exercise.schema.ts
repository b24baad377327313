/**
 * The exercise: a question that stakeholder groups answer together, by a protocol that is frozen before the first of them votes. The one
 * source of its validation, its static type and its part of the OpenAPI document. Names are those of RAND/UCLA, COMET, the James Lind
 * Alliance and CHNRI.
 */
import { type Static, Type } from 'typebox'
import { component, oneOf, ref } from '../component.ts'
import { label, text } from '../measures/measure.parts.ts'
import { CODES } from '../vocabularies/codes.ts'
import {
  Criterion,
  closed,
  ExerciseId,
  ExerciseItem,
  GroupCode,
  ItemId,
  instant,
  LEAST_K,
  language,
  MAX_GROUPS,
  MAX_ITEMS,
  MAX_ROUNDS,
  NewItem,
  RoundOptions,
  RoundPlan,
  StakeholderGroup,
  Wording,
  whole
} from './exercise.parts.ts'

const asked = {
  title: label('What the exercise is called.'),
  question: text('The question that voters answer.', 2_000),
  description: Type.Optional(text('What voters should know before.', 10_000)),
  language: Type.Optional(language('The language of these texts; `en` where nobody says.')),
  votingUrl: Type.Optional(
    Type.String({
      format: 'uri',
      pattern: '^https?://[^/?#@]+([/?][^#]*)?$',
      maxLength: 500,
      description: 'Where voters vote: what invitations point at, followed by `#` and the code. So without `#`, and without a password.'
    })
  )
}
const planned = {
  groups: Type.Array(ref(StakeholderGroup), { minItems: 1, maxItems: MAX_GROUPS, description: 'Who takes part.' }),
  rounds: Type.Array(ref(RoundPlan), { minItems: 1, maxItems: MAX_ROUNDS, description: 'The rounds, the first first.' })
}
const rules = {
  consensus: oneOf(CODES['consensus-rule'], 'When ratings are a consensus. It has to hold in every required group.'),
  topN: whole(1, 100, 'How many items a shortlist begins with.'),
  k: whole(LEAST_K, 50, 'The smallest number of voters whose answers are shown.'),
  percentileType: Type.Unsafe<2 | 5 | 6 | 7>({
    type: 'integer',
    enum: [2, 5, 6, 7],
    description: 'How percentiles are defined (Hyndman and Fan 1996).'
  }),
  order: oneOf(CODES['exercise-order'], 'What items are put in order by.'),
  kin: Type.Array(Type.Array(GroupCode, { minItems: 2, maxItems: MAX_GROUPS, uniqueItems: true, description: 'Groups that are kin.' }), {
    maxItems: MAX_GROUPS,
    description: 'Groups that are shown together where one of them is too small, in place of the usual ones.'
  }),
  mayJoin: Type.Boolean({ description: 'Whether items may join between rounds.' })
}

export const NewExercise = component(
  'NewExercise',
  Type.Object(
    {
      id: Type.Optional(ExerciseId),
      ...asked,
      items: Type.Array(ref(NewItem), { minItems: 1, maxItems: MAX_ITEMS, description: 'What is voted on.' }),
      ...planned,
      ...Type.Partial(Type.Object(rules)).properties
    },
    { ...closed, description: 'An exercise that is prepared.' }
  )
)
export type NewExercise = Static<typeof NewExercise>

/** Everything that decides what a result means: frozen when the first round opens, and named by its SHA-256 from then on. */
export const Protocol = component(
  'ExerciseProtocol',
  Type.Object(
    {
      question: asked.question,
      items: Type.Array(ref(ExerciseItem), { description: 'What is voted on from the beginning.' }),
      groups: Type.Array(Type.Required(StakeholderGroup, { ...closed, description: 'A group, with everything said.' }), {
        description: 'Who takes part.'
      }),
      rounds: Type.Array(
        Type.Object(
          { method: RoundPlan.properties.method, options: ref(RoundOptions), carryOn: oneOf(CODES['carry-on'], 'Which items go on.') },
          { ...closed, description: 'A round, with every option said.' }
        ),
        { description: 'The rounds, the first first.' }
      ),
      ...rules
    },
    {
      ...closed,
      description: 'What decides what a result means. Canonical JSON (RFC 8785) of it is what `protocolHash` is the SHA-256 of.'
    }
  )
)

export const ItemStep = component(
  'ExerciseItemStep',
  Type.Object(
    {
      item: ItemId,
      round: whole(1, MAX_ROUNDS, 'The round that it is, or would have been, voted on in.'),
      step: oneOf(['carried', 'dropped', 'joined'], 'What happened to it.'),
      reason: Type.String({ description: 'Why: the rule that applied, or what the organiser said.' })
    },
    { ...closed, description: 'How an item came into a round, or did not. Nothing disappears without its reason.' }
  )
)
export type ItemStep = Static<typeof ItemStep>

export const ExerciseRound = component(
  'ExerciseRound',
  Type.Object(
    {
      round: whole(1, MAX_ROUNDS, 'Its number.'),
      method: RoundPlan.properties.method,
      options: ref(RoundOptions),
      state: oneOf(['waiting', 'open', 'closed', 'left-out'], 'Where it stands.'),
      openedAt: Type.Optional(instant('When it was opened.')),
      closedAt: Type.Optional(instant('When it was closed.')),
      invited: Type.Optional(
        Type.Array(
          Type.Object(
            { group: GroupCode, n: Type.Integer({ minimum: 0, description: 'How many.' }) },
            { ...closed, description: 'How many of a group.' }
          ),
          {
            description: 'How many were invited when it was closed: codes that were given out, and ballots on paper that came without one.'
          }
        )
      ),
      reason: Type.Optional(text('Why it was left out.', 5_000)),
      items: Type.Optional(Type.Array(ItemId, { description: 'What is voted on in it, once it is open.' }))
    },
    { ...closed, description: 'A round of an exercise.' }
  )
)
export type ExerciseRound = Static<typeof ExerciseRound>

export const Exercise = component(
  'Exercise',
  Type.Object(
    {
      id: ExerciseId,
      state: oneOf(CODES['exercise-state'], 'Where it stands.'),
      ...asked,
      language: language('The language of its texts.'),
      items: Type.Array(ref(ExerciseItem), { description: 'Everything that is, was or will be voted on.' }),
      groups: Protocol.properties.groups,
      rounds: Type.Array(ref(ExerciseRound), { description: 'The rounds, the first first.' }),
      itemSteps: Type.Array(ref(ItemStep), { description: 'How items went from round to round.' }),
      protocol: ref(Protocol),
      protocolHash: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the canonical JSON of the protocol.' }),
      frozenAt: Type.Optional(instant('When the protocol was frozen.')),
      voidReason: Type.Optional(text('Why it was made void.', 5_000)),
      createdAt: instant('When it was prepared.'),
      updatedAt: instant('When it last changed.'),
      publishedAt: Type.Optional(instant('When its outcome was published.'))
    },
    { ...closed, description: 'A question that stakeholder groups answer together.' }
  )
)
export type Exercise = Static<typeof Exercise>
export type Protocol = Exercise['protocol']
export type Round = Protocol['rounds'][number]
export type Method = Round['method']

export const EXERCISE_PARTS = [
  Wording,
  NewItem,
  ExerciseItem,
  StakeholderGroup,
  Criterion,
  RoundOptions,
  RoundPlan,
  NewExercise,
  Protocol,
  ItemStep,
  ExerciseRound,
  Exercise
]
