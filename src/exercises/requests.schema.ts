/** What is asked of exercises, and what is answered beside the exercise itself. */
import { type Static, Type } from 'typebox'
import { component, oneOf, ref } from '../component.ts'
import { FormatParameter } from '../http/parameters.ts'
import { text } from '../measures/measure.parts.ts'
import { Lang, mergePatchOf } from '../measures/requests.schema.ts'
import { CODES } from '../vocabularies/codes.ts'
import { ExerciseId, GroupCode, NewItem, RoundNumber } from './exercise.parts.ts'
import { Exercise, NewExercise } from './exercise.schema.ts'

const closed = { additionalProperties: false }
const count = (description: string) => Type.Integer({ minimum: 0, description })
const reason = (why: string) => text(why, 5_000)

/** Codes of one request. */
const MAX_CODES = 10_000

export const ExerciseParams = Type.Object({ id: ExerciseId }, closed)

const { id: _id, ...written } = NewExercise.properties
export const ExercisePatch = component(
  'ExercisePatch',
  Type.Object(mergePatchOf({ properties: written }), {
    ...closed,
    description: 'JSON Merge Patch (RFC 7396) of what the organiser wrote. The result has to be an exercise that could be prepared.'
  })
)

export const EXERCISE_STATES = [
  'draft',
  'open',
  'between-rounds',
  'closed',
  'published',
  'void'
] as const satisfies readonly Exercise['state'][]

export const ExercisesQuery = Type.Object(
  {
    state: Type.Optional(
      Type.String({
        maxLength: 200,
        description: `States, separated by commas: ${EXERCISE_STATES.join(', ')}. All that one may see, where nobody says.`
      })
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 50, description: 'Exercises on a page.' })),
    cursor: Type.Optional(Type.String({ maxLength: 2_000, description: '`next` of the page before, with everything else the same.' })),
    format: FormatParameter
  },
  closed
)

const { id, state, title, question, language, protocolHash, createdAt, updatedAt, publishedAt } = Exercise.properties
export const ExerciseSummary = component(
  'ExerciseSummary',
  Type.Object(
    {
      id,
      state,
      title,
      question,
      language,
      items: count('How many items there are.'),
      groups: Type.Array(GroupCode, { description: 'Who takes part.' }),
      rounds: Type.Array(oneOf(CODES['exercise-method'], 'How voters answer.'), { description: 'The methods of the rounds.' }),
      openRound: Type.Optional(RoundNumber),
      protocolHash,
      createdAt,
      updatedAt,
      publishedAt
    },
    { ...closed, description: 'An exercise in a list.' }
  )
)
export type ExerciseSummary = Static<typeof ExerciseSummary>

export const ExercisePage = component(
  'ExercisePage',
  Type.Object(
    {
      items: Type.Array(ref(ExerciseSummary), { description: 'The newest first.' }),
      total: count('How many there are.'),
      next: Type.String({ description: 'Cursor of the next page; empty on the last.' })
    },
    { ...closed, description: 'A page of exercises.' }
  )
)

export const StepBody = component(
  'ExerciseStep',
  Type.Object({ reason: Type.Optional(reason('Why: needed to leave rounds out.')) }, { ...closed, description: 'A step of an exercise.' })
)
export const VoidBody = component(
  'VoidExercise',
  Type.Object({ reason: reason('Why there will be no result.') }, { ...closed, description: 'The end of an exercise without a result.' })
)
export const JoiningItem = component(
  'JoiningItem',
  Type.Object({ item: ref(NewItem), reason: reason('Why it joins.') }, { ...closed, description: 'An item that joins between rounds.' })
)

export const NewInvitations = component(
  'NewInvitations',
  Type.Object(
    {
      group: GroupCode,
      count: Type.Integer({ minimum: 1, maximum: MAX_CODES, description: 'How many codes.' })
    },
    { ...closed, description: 'Codes for a group.' }
  )
)
export const InvitationsQuery = Type.Object(
  {
    format: Type.Optional(
      oneOf(['json', 'csv', 'svg', 'pdf'], 'Form of the codes, before `Accept`: JSON, a table, or cards to print, each with a QR code.')
    ),
    lang: Lang
  },
  closed
)
export const Invitations = component(
  'Invitations',
  Type.Object(
    {
      exercise: ExerciseId,
      group: GroupCode,
      codes: Type.Array(Type.String({ description: 'A code, in groups of four.' }), {
        description: 'The codes: shown this once. Only hashes of them are kept.'
      })
    },
    { ...closed, description: 'One-time codes, to be given to voters by chance.' }
  )
)

export const RoundQuery = Type.Object(
  { round: Type.Optional({ ...RoundNumber, description: 'The round; the last that was closed where nobody says.' }) },
  closed
)
export const ResultsQuery = Type.Object(
  {
    ...RoundQuery.properties,
    lang: Lang,
    format: Type.Optional(oneOf(['json', 'csv'], 'Form of the answer, before `Accept`.'))
  },
  closed
)
export const LangQuery = Type.Object({ lang: Lang }, closed)

export const EXERCISE_REQUEST_SCHEMAS = [
  ExercisePatch,
  ExerciseSummary,
  ExercisePage,
  StepBody,
  VoidBody,
  JoiningItem,
  NewInvitations,
  Invitations
]
