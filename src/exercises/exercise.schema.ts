/**
 * The exercise: a question that stakeholder groups answer together, by a protocol that is frozen before the first of them votes. The one
 * source of its validation, its static type and its part of the OpenAPI document. Names are those of RAND/UCLA, COMET, the James Lind
 * Alliance and CHNRI.
 */
import { type Static, Type } from 'typebox'
import { component, oneOf, ref } from '../component.ts'
import { label, text } from '../measures/measure.parts.ts'
import { SLUG } from '../measures/measure.schema.ts'
import { CODES } from '../vocabularies/codes.ts'

const closed = { additionalProperties: false }
const instant = (description: string) => Type.String({ format: 'date-time', description })
const whole = (minimum: number, maximum: number, description: string) => Type.Integer({ minimum, maximum, description })

export const MAX_ITEMS = 300
export const MAX_GROUPS = 20
export const MAX_ROUNDS = 6
/** Nobody may set `k` below this (DOMAIN: small numbers). */
export const LEAST_K = 3

export const ExerciseId = Type.String({ pattern: SLUG, description: 'Identifier of the exercise: a slug, unique, never used again.' })
/** What an item is called on ballots: `i1`, `i2` and so on, or what the organiser chose. */
export const ItemId = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$',
  description: 'Identifier of the item inside the exercise; for measures and gaps it is their own.'
})
export const GroupCode = Type.String({
  pattern: '^[a-z0-9][a-z0-9-]{0,39}$',
  description: 'Code of a stakeholder group: one of `gap-group`, or the organiser’s own.'
})
const code = (description: string) => Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$', description })

/** Languages that words can be kept by (BCP 47): none of them is a name that objects have by themselves. */
export const TAG = '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'
const language = (description: string) => Type.String({ pattern: TAG, maxLength: 35, description })

/** The same words in several languages. */
export const Wording = component(
  'Wording',
  Type.Unsafe<Record<string, string>>({
    type: 'object',
    minProperties: 1,
    maxProperties: 30,
    propertyNames: { pattern: TAG },
    additionalProperties: label('The words in this language.'),
    description: 'Words by language (BCP 47).'
  })
)
/** Words in the language of the exercise, or by language. */
const wording = (description: string) =>
  Type.Unsafe<string | Wording>({ anyOf: [label('In the language of the exercise.'), ref(Wording)], description })
export type Wording = Record<string, string>

const kind = oneOf(CODES['exercise-item'], 'What the item is.')
const version = Type.String({
  minLength: 1,
  maxLength: 80,
  description: 'The version it is pinned to: of a measure its version, of a gap its validator.'
})

export const NewItem = component(
  'NewExerciseItem',
  Type.Object(
    {
      kind,
      id: Type.Optional(ItemId),
      version: Type.Optional(version),
      label: Type.Optional(wording('The item in plain language; needed for statements, else the title of what it is.'))
    },
    { ...closed, description: 'Something to be voted on, as the organiser names it.' }
  )
)

export const ExerciseItem = component(
  'ExerciseItem',
  Type.Object(
    {
      id: ItemId,
      kind,
      version: Type.Optional(version),
      label: ref(Wording),
      joined: Type.Optional(whole(2, MAX_ROUNDS, 'The round it joined in, if it was not there from the beginning.'))
    },
    { ...closed, description: 'Something that is voted on, pinned to a version.' }
  )
)
export type ExerciseItem = Static<typeof ExerciseItem>

export const StakeholderGroup = component(
  'StakeholderGroup',
  Type.Object(
    {
      code: GroupCode,
      label: Type.Optional(wording('What the group is called, where it is the organiser’s own.')),
      target: Type.Number({
        minimum: 0,
        maximum: 1,
        description: 'The share of the voters that the group should have, from 0 to 1; all together make 1.'
      }),
      required: Type.Optional(Type.Boolean({ description: 'Whether there is no consensus without it. Not, where nobody says.' }))
    },
    { ...closed, description: 'A group that takes part (COMET handbook: stakeholder groups), with its target share.' }
  )
)
export type StakeholderGroup = Static<typeof StakeholderGroup>

export const Criterion = component(
  'ExerciseCriterion',
  Type.Object(
    {
      code: code('Code of the criterion.'),
      label: Type.Optional(wording('The question that the criterion asks.')),
      weight: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 100, description: 'Its weight, 1 where nobody says.' }))
    },
    { ...closed, description: 'A criterion that items are judged by (CHNRI).' }
  )
)

export const RoundOptions = component(
  'ExerciseRoundOptions',
  Type.Object(
    {
      top: Type.Optional(whole(1, 50, '`top-n`: how many items a voter ranks; 10 where nobody says (James Lind Alliance).')),
      max: Type.Optional(whole(1, MAX_ITEMS, '`approval`: how many items a voter may approve of; all where nobody says.')),
      dots: Type.Optional(whole(1, 1_000, '`dots`: how many dots a voter has; 10 where nobody says.')),
      maxPerItem: Type.Optional(whole(1, 1_000, '`dots`: how many of them one item may get; all where nobody says.')),
      criteria: Type.Optional(
        Type.Array(ref(Criterion), { minItems: 1, maxItems: 12, description: '`criteria`: the five of CHNRI where nobody says.' })
      ),
      strength: Type.Optional(
        oneOf(['winning', 'margin', 'ratio'], '`rank-all`: how strong a link of Schulze is; `winning` where nobody says.')
      ),
      unranked: Type.Optional(
        oneOf(['tied-last', 'zero'], '`rank-all`: what items get that a voter did not rank; `tied-last` where nobody says.')
      ),
      base: Type.Optional(
        Type.Unsafe<0 | 1>({
          type: 'integer',
          enum: [0, 1],
          description: '`rank-all`: Borda points of the last place; 0 where nobody says.'
        })
      ),
      ties: Type.Optional(oneOf(['average'], '`rank-all`: items in one place share the average of their places.'))
    },
    { ...closed, description: 'Options of a method. Each belongs to one method, and is refused with another.' }
  )
)
export type RoundOptions = Static<typeof RoundOptions>

export const RoundPlan = component(
  'ExerciseRoundPlan',
  Type.Object(
    {
      method: oneOf(CODES['exercise-method'], 'How voters answer.'),
      options: Type.Optional(ref(RoundOptions)),
      carryOn: Type.Optional(oneOf(CODES['carry-on'], 'Which items of the round before are voted on again; all of them where nobody says.'))
    },
    { ...closed, description: 'A round as it is planned.' }
  )
)

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
