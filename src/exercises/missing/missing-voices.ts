/** Who is missing from a round, put together from what may be shown of it, and told in a language. */
import { CODES } from '../../vocabularies/codes.ts'
import type { Exercise } from '../exercise.schema.ts'
import type { CountedRounds } from '../results/counted-rounds.ts'
import { invitedIn } from '../results/counted-rounds.ts'
import type { FilledForms } from '../voting/form.queries.ts'
import { wordsIn } from '../wording.ts'
import { type Finding, type MissingVoicesInput, missingVoices } from './findings.ts'
import { formOf } from './form.ts'
import { type FunnelRow, funnelOf } from './funnel.ts'
import type { MissingVoices } from './missing.schema.ts'
import { representationOf } from './representation.ts'
import type { OwnNames, SuggestionWording } from './sentences.ts'

/** Who is missing, before it is told. */
export interface FoundVoices {
  readonly exercise: string
  readonly protocolHash: string
  readonly round: number
  readonly status: MissingVoices['status']
  readonly findings: readonly Finding[]
  readonly effectiveGroups: number | null
  readonly funnel: readonly FunnelRow[]
  /** What was said in the form, as far as it may be shown; nothing before the last round is closed. */
  readonly form?: NonNullable<MissingVoicesInput['form']>
}

/** Who is missing from a closed round. */
export async function findMissingVoices(
  counted: CountedRounds,
  exercise: Exercise,
  round: number,
  forms?: FilledForms
): Promise<FoundVoices> {
  const { id, protocol, protocolHash } = exercise
  const participation = await counted.participation(exercise, round)
  const { partition, invited, invitedFirst, rounds } = participation
  const representation = representationOf({ groups: invitedIn(exercise, participation, round), partition })
  const funnel = funnelOf({ invited, invitedFirst, rounds: rounds.map(({ voters }) => voters), partition })
  const { items } = await counted.of(exercise, round)
  const form = forms && formOf(forms.counts, forms.filledIn, CODES.level, protocol.k)
  const votersOf = new Map(representation.cells.map(({ code, n }) => [code, n]))
  // How many said that they are unable may be withheld; that the others answered is shown.
  const unanswered = (group: string, n: number | null) => (n === null ? null : (votersOf.get(group) ?? n) - n)
  const answers = items.flatMap(({ item, groups }) =>
    groups.map(({ group, n, unable }) => ({ item, cell: group, n, unable: unable ?? unanswered(group, n) }))
  )
  const { findings, effectiveGroups } = missingVoices({ k: protocol.k, representation, funnel, items: answers, ...(form ? { form } : {}) })
  const status = representation.complete && representation.total !== null ? 'complete' : 'incomplete'
  return { exercise: id, protocolHash, round, status, findings, effectiveGroups, funnel, ...(form ? { form } : {}) }
}

/** Who is missing, as it is answered: suggestions in a language. */
export function toldVoices(
  { findings, funnel, form: _form, ...rest }: FoundVoices,
  exercise: Exercise,
  wording: SuggestionWording,
  language: string
): MissingVoices {
  const names = namesIn(exercise, language)
  return {
    ...rest,
    findings: findings.map(({ suggestion, ...finding }) => ({ ...finding, suggestion: wording.say(suggestion, names) })),
    funnel: funnel.map(({ code, groups: _groups, voted, retention, invited }) => ({
      group: code,
      invited,
      voted: [...voted],
      retention: [...retention]
    }))
  }
}

const KNOWN: ReadonlySet<string> = new Set(CODES['gap-group'])

/** What the organiser calls groups and items; groups that the registry knows are called as it calls them. */
export const namesIn = ({ groups, items, language: own }: Exercise, language: string): OwnNames => ({
  group: (code) => {
    const group = KNOWN.has(code) ? undefined : groups.find((each) => each.code === code)
    return group && wordsIn(group.label, language, own)
  },
  item: (id) => {
    const item = items.find((each) => each.id === id)
    return item && wordsIn(item.label, language, own)
  }
})
