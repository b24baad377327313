/** What exercises are made of: words in several languages, items, groups, criteria, and rounds with the options of their methods. */
import { type Static, Type } from 'typebox'
import { component, oneOf, ref } from '../component.ts'
import { label } from '../measures/measure.parts.ts'
import { SLUG } from '../measures/measure.schema.ts'
import { CODES } from '../vocabularies/codes.ts'

export const closed = { additionalProperties: false }
export const instant = (description: string) => Type.String({ format: 'date-time', description })
export const whole = (minimum: number, maximum: number, description: string) => Type.Integer({ minimum, maximum, description })

export const MAX_ITEMS = 300
export const MAX_GROUPS = 20
export const MAX_ROUNDS = 6
/** The number of a round. */
export const RoundNumber = whole(1, MAX_ROUNDS, 'The round.')
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
export const code = (description: string) => Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$', description })

/** Languages that words can be kept by (BCP 47): none of them is a name that objects have by themselves. */
export const TAG = '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'
export const language = (description: string) => Type.String({ pattern: TAG, maxLength: 35, description })

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
