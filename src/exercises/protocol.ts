/** The protocol of an exercise: every rule said, none left to a default that may change. Pure. */
import { canonicalJson, sha256 } from '../json/canonical.ts'
import type { ExerciseItem, RoundOptions, Wording } from './exercise.parts.ts'
import type { Method, NewExercise, Protocol, Round } from './exercise.schema.ts'

/** The criteria of CHNRI (Rudan et al., Croatian Medical Journal 2008;49:720-33). */
export const CHNRI_CRITERIA = ['answerability', 'effectiveness', 'deliverability', 'impact', 'equity'] as const

/** What each method takes, and what it is where nobody says. */
const OPTIONS: Readonly<Record<Method, { readonly [K in keyof RoundOptions]: RoundOptions[K] | undefined }>> = {
  'rating-1-9': {},
  'top-n': { top: 10 },
  approval: { max: undefined },
  dots: { dots: 10, maxPerItem: undefined },
  criteria: { criteria: CHNRI_CRITERIA.map((code) => ({ code, weight: 1 })) },
  'rank-all': { strength: 'winning', unranked: 'tied-last', base: 0, ties: 'average' }
}

/** The options that a method knows. */
export const optionsOf = (method: Method): readonly (keyof RoundOptions)[] => Object.keys(OPTIONS[method]) as (keyof RoundOptions)[]

/** Where nobody says, groups count alike; the James Lind Alliance has an order of its own for short lists (Guidebook, chapter 7). */
const orderFor = (rounds: NewExercise['rounds']): Protocol['order'] => (rounds.at(-1)?.method === 'top-n' ? 'jla' : 'equal-voice')

function fullOptions(method: Method, { criteria, ...given }: RoundOptions = {}): RoundOptions {
  const weighed = criteria?.map(({ weight = 1, ...criterion }) => ({ ...criterion, weight }))
  const options = { ...OPTIONS[method], ...given, ...(weighed ? { criteria: weighed } : {}) }
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

const roundOf = ({ method, options, carryOn = 'all' }: NewExercise['rounds'][number]): Round => ({
  method,
  options: fullOptions(method, options),
  carryOn
})

export const DEFAULT_LANGUAGE = 'en'

/** Words in the language of the exercise, or in several. */
export const labelled = (label: string | Wording, language: string): Wording => (typeof label === 'string' ? { [language]: label } : label)

/** What is known of groups by themselves: what they are called in each language, and which are kin. */
export interface KnownGroups {
  labelOf(code: string): Wording | undefined
  readonly kin: readonly (readonly string[])[]
}

/** The protocol that a plan makes, once its items are known. */
export function protocolOf(plan: NewExercise, items: readonly ExerciseItem[], known: KnownGroups): Protocol {
  const { question, groups, rounds, language = DEFAULT_LANGUAGE } = plan
  const codes = new Set(groups.map(({ code }) => code))
  return {
    question,
    items: [...items],
    groups: groups.map(({ code, label, target, required = false }) => ({
      code,
      label: label === undefined ? (known.labelOf(code) ?? { [language]: code }) : labelled(label, language),
      target,
      required
    })),
    rounds: rounds.map(roundOf),
    consensus: plan.consensus ?? 'comet-70-15',
    topN: plan.topN ?? 10,
    k: plan.k ?? 5,
    percentileType: plan.percentileType ?? 7,
    order: plan.order ?? orderFor(rounds),
    kin: plan.kin ?? known.kin.map((family) => family.filter((code) => codes.has(code))).filter((family) => family.length > 1),
    mayJoin: plan.mayJoin ?? false
  }
}

/** SHA-256 of the canonical JSON: whoever has the protocol can check it. */
export const hashOfProtocol = (protocol: Protocol): string => sha256(canonicalJson(protocol))
