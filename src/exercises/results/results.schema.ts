/** What a round came to: by item, by group and for all together, with reasons, and what the order depends on. */
import { type Static, Type } from 'typebox'
import { component, oneOf, orNull, ref } from '../../component.ts'
import { CODES } from '../../vocabularies/codes.ts'
import { ExerciseId, ItemId } from '../exercise.parts.ts'

const closed = { additionalProperties: false }
const count = (description: string) => Type.Integer({ minimum: 0, description })
const share = (description: string) => orNull('number', description)
const group = Type.String({ description: 'A group.' })
const items = (description: string) => Type.Array(ItemId, { description })
const tiers = (description: string) => Type.Array(Type.Array(ItemId, { description: 'Items that share a place.' }), { description })
const numbersByItem = (description: string) =>
  Type.Unsafe<Record<string, number>>({ type: 'object', additionalProperties: { type: 'number' }, description })

/** What voters of one cell, or all of them, said of an item. Null is what the method does not have, or what is withheld. */
const figures = {
  n: orNull('integer', 'How many voters answered for this item; null where it is withheld.'),
  unable: orNull('integer', 'How many said that they are unable to.'),
  score: orNull('number', 'The score of the method: the higher, the more important.'),
  rank: orNull('integer', 'The place by that score; equal scores share a place.'),
  median: orNull('number', '`rating-1-9`: the median.'),
  share79: share('`rating-1-9`: the share of scores 7 to 9, from 0 to 1.'),
  share13: share('`rating-1-9`: the share of scores 1 to 3, from 0 to 1.'),
  disagreementIndex: orNull(
    'number',
    '`rating-1-9`: interpercentile range by the same adjusted for symmetry; over 1 is disagreement (RAND/UCLA).'
  ),
  disagreement: Type.Unsafe<boolean | null>({ type: ['boolean', 'null'], description: '`rating-1-9`: whether the index is over 1.' }),
  disagreementRobust: Type.Unsafe<boolean | null>({
    type: ['boolean', 'null'],
    description: '`rating-1-9`: whether percentiles of types 2, 5, 6 and 7 and the classic rule all say the same.'
  }),
  histogram: Type.Unsafe<number[] | null>({
    type: ['array', 'null'],
    items: { type: 'integer', description: 'How many.' },
    description: '`rating-1-9`: how many gave each score, from 1 to 9; withheld below 10 voters, and where nearly all gave the same.'
  }),
  criteria: Type.Optional(
    Type.Array(
      Type.Object(
        { criterion: Type.String({ description: 'Its code.' }), n: count('How many answered.'), score: orNull('number', 'From 0 to 1.') },
        { ...closed, description: 'A criterion.' }
      ),
      { description: '`criteria`: the score by each of them (CHNRI).' }
    )
  ),
  agreement: Type.Optional(orNull('number', '`criteria`: average expert agreement, from 0 to 1 (CHNRI).'))
}

export const GroupResult = component(
  'ExerciseGroupResult',
  Type.Object(
    {
      group: Type.String({ description: 'The group, or groups that are shown together, joined by `+`.' }),
      groups: Type.Array(group, { description: 'The groups that it is made of.' }),
      withheld: Type.Boolean({ description: 'Whether too few voters stand behind it, so that nothing is shown.' }),
      ...figures,
      verdict: oneOf(CODES['exercise-verdict'], 'What the rule of consensus says of this group.')
    },
    { ...closed, description: 'What one group said of an item.' }
  )
)
export type GroupResult = Static<typeof GroupResult>

export const PooledResult = component(
  'ExercisePooledResult',
  Type.Object(figures, { ...closed, description: 'What all voters said of an item, each counted once.' })
)
export type PooledResult = Static<typeof PooledResult>

export const ItemResult = component(
  'ExerciseItemResult',
  Type.Object(
    {
      item: ItemId,
      n: figures.n,
      unable: figures.unable,
      groups: Type.Array(ref(GroupResult), { description: 'By group, in the order of the protocol.' }),
      pooled: ref(PooledResult),
      equalVoice: orNull(
        'number',
        'The score where every group has one voice: the mean of the groups’ scores, each weighed by min(1, n / 5).'
      ),
      divergence: orNull('number', 'How far two groups are apart at most, from 0 (not at all) to 1.'),
      divergent: Type.Optional(Type.Array(group, { minItems: 2, maxItems: 2, description: 'The two groups that are: the higher first.' })),
      rank: orNull('integer', 'The place in the order of the protocol; equals share a place.'),
      verdict: oneOf(CODES['exercise-verdict'], 'A consensus only where the rule holds in every required group.'),
      shortlisted: Type.Boolean({ description: 'Whether it is among the first of all, or among the first of any group.' }),
      shortlistedBy: Type.Array(Type.String({ description: '`overall`, or a group.' }), {
        description: 'By what: `overall`, and the groups.'
      }),
      stableIn: orNull('integer', 'In how many of the views of `sensitivity` it is among the first.'),
      because: Type.Array(Type.String({ description: 'A sentence.' }), { description: 'Why: sentences.' })
    },
    { ...closed, description: 'What became of an item in a round.' }
  )
)
export type ItemResult = Static<typeof ItemResult>

export const Sensitivity = component(
  'ExerciseSensitivity',
  Type.Object(
    {
      views: Type.Array(
        Type.Object(
          {
            view: oneOf(['pooled', 'equal-voice', 'jla', 'borda', 'without'], 'How the order is made.'),
            without: Type.Optional(Type.String({ description: 'The group that is left out.' })),
            top: items('The first ones, in order; equals at the border are all in.')
          },
          { ...closed, description: 'A short list by another rule.' }
        ),
        { description: 'The short list by other rules, and without each group in turn.' }
      ),
      of: count('How many views there are.')
    },
    { ...closed, description: 'How far the short list depends on the rule and on each group.' }
  )
)
export type Sensitivity = Static<typeof Sensitivity>

export const MethodDetail = component(
  'ExerciseMethodDetail',
  Type.Object(
    {
      borda: Type.Optional(
        Type.Object(
          {
            scores: numbersByItem('Points of all voters together.'),
            ranking: tiers('Items by points; equals share a place.'),
            options: Type.Object(
              {
                base: Type.Integer({ description: 'Points of the last place.' }),
                unranked: Type.String({ description: 'What items got that a voter did not rank.' }),
                ties: Type.String({ description: 'What items in one place got.' })
              },
              { ...closed, description: 'By which rules.' }
            )
          },
          { ...closed, description: '`rank-all`: Borda.' }
        )
      ),
      schulze: Type.Optional(
        Type.Object(
          {
            winners: items('Who wins; several where they tie.'),
            ranking: tiers('Items by the relation of strongest paths; equals share a place.'),
            strength: Type.String({ description: 'What a link counts.' }),
            pathStrengths: Type.Unsafe<Record<string, Record<string, number>>>({
              type: 'object',
              additionalProperties: { type: 'object', additionalProperties: { type: 'number' } },
              description: 'The strength of the strongest path from one item to another.'
            })
          },
          { ...closed, description: '`rank-all`: Schulze (beatpath).' }
        )
      ),
      jla: Type.Optional(
        Type.Object(
          {
            groupTotals: Type.Unsafe<Record<string, Record<string, number>>>({
              type: 'object',
              additionalProperties: { type: 'object', additionalProperties: { type: 'number' } },
              description: 'Points by group; of groups that are shown.'
            }),
            groupPositions: Type.Unsafe<Record<string, string[][]>>({
              type: 'object',
              additionalProperties: { type: 'array', items: { type: 'array', items: { type: 'string' } } },
              description: 'The order inside each group.'
            }),
            combinedPositionScores: numbersByItem('Points for the place in each group, added up.'),
            rawPooledTotals: numbersByItem('Points of all voters, for comparison.'),
            union: items('The first of every group, united.')
          },
          { ...closed, description: '`top-n`: the interim scoring of the James Lind Alliance.' }
        )
      ),
      approval: Type.Optional(
        Type.Object(
          {
            proportionalSet: Type.Array(
              Type.Object(
                { item: ItemId, tiedWith: items('Items that had the same claim.') },
                { ...closed, description: 'A seat of the set, in the order of election.' }
              ),
              {
                description:
                  'As many items as a short list has, so that large minorities have their share (sequential proportional approval voting).'
              }
            )
          },
          { ...closed, description: '`approval`: a proportional set.' }
        )
      )
    },
    { ...closed, description: 'What the method itself says, beside scores.' }
  )
)
export type MethodDetail = Static<typeof MethodDetail>

export const CellShare = component(
  'ExerciseCellShare',
  Type.Object(
    {
      group: Type.String({ description: 'The group, or groups that are shown together.' }),
      groups: Type.Array(group, { description: 'The groups that it is made of.' }),
      withheld: Type.Boolean({ description: 'Whether too few voted to be shown.' }),
      n: orNull('integer', 'How many voted.'),
      share: share('Their share of all voters.'),
      target: share('The share that the protocol wants.'),
      ratio: orNull('number', 'Share by target: 0.8 to 1.2 is proportional.'),
      status: oneOf(CODES.participation, 'How they took part.')
    },
    { ...closed, description: 'How far a group took part.' }
  )
)

export const RoundRepresentation = component(
  'ExerciseRoundRepresentation',
  Type.Object(
    {
      total: orNull('integer', 'How many voted; null where even that is withheld.'),
      status: oneOf(['complete', 'incomplete'], 'Whether every required group took part.'),
      missingRequired: Type.Array(group, { description: 'Required groups that did not, or too few of whom did.' }),
      effectiveGroups: orNull('number', 'How many groups of equal size would be as mixed (Laakso and Taagepera).'),
      groups: Type.Array(ref(CellShare), { description: 'By group, in the order of the protocol.' })
    },
    { ...closed, description: 'Who took part in a round.' }
  )
)
export type RoundRepresentation = Static<typeof RoundRepresentation>

export const RoundResults = component(
  'ExerciseResults',
  Type.Object(
    {
      exercise: ExerciseId,
      protocolHash: Type.String({ description: 'SHA-256 of the protocol that it was counted by.' }),
      round: Type.Integer({ minimum: 1, description: 'The round.' }),
      method: oneOf(CODES['exercise-method'], 'How voters answered.'),
      rounds: Type.Array(Type.Integer({ description: 'A round.' }), { description: 'Every round that has results.' }),
      items: Type.Array(ref(ItemResult), { description: 'By item, the first in the order first.' }),
      representation: ref(RoundRepresentation),
      sensitivity: ref(Sensitivity),
      methodDetail: ref(MethodDetail),
      publishedAt: Type.Optional(Type.String({ format: 'date-time', description: 'When the outcome was published.' })),
      outcomeHash: Type.Optional(Type.String({ description: 'SHA-256 of the canonical JSON of the published outcome.' }))
    },
    { ...closed, description: 'What a round came to. Nothing is shown that fewer than k voters stand behind.' }
  )
)
export type RoundResults = Static<typeof RoundResults>

/** Why, before it is put into words: a key of the sentences and what they are filled with. */
export interface Reason {
  readonly key: string
  readonly values: Readonly<Record<string, string | number>>
}
/** A round as it is counted and stored: reasons are put into words when somebody reads them, in their language. */
export type CountedRound = Omit<RoundResults, 'items' | 'rounds' | 'publishedAt' | 'outcomeHash'> & {
  readonly items: readonly (Omit<ItemResult, 'because'> & { readonly because: readonly Reason[] })[]
}

export const RESULT_SCHEMAS = [
  GroupResult,
  PooledResult,
  ItemResult,
  Sensitivity,
  MethodDetail,
  CellShare,
  RoundRepresentation,
  RoundResults
]
