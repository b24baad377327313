/** What came of it, and how far it can be relied on: ACCORD R1 to D1. Pure. */
import { CODES } from '../../vocabularies/codes.ts'
import { finalRound, type Outcome } from '../outcome/outcome.ts'
import type { CountedRound } from '../results/results.schema.ts'
import { percentInWords } from '../small-numbers/hiding.ts'
import type { Row } from './method-report.schema.ts'
import { onOneLine } from './shortened.ts'
import {
  counted,
  dayOf,
  groupName,
  itemLabel,
  lastResults,
  listed,
  notRecorded,
  partly,
  reported,
  type Tellers,
  type Told
} from './telling.ts'

export const RESULTS: Tellers<'R1' | 'R2' | 'R3' | 'R4' | 'R5' | 'D1' | 'D2' | 'O1' | 'O2' | 'O3'> = {
  R1: dates,
  R2: deviations,
  R3: participants,
  R4: finalOutcome,
  R5: itemSteps,
  D1: strengths,
  D2: () => notRecorded('whether the outcome agrees with the literature'),
  O1: () => notRecorded('whether organisations endorse the exercise'),
  O2: () => notRecorded('conflicts of interest, nor how they were managed'),
  O3: () => notRecorded('who funded the exercise, nor the role of a funder')
}

const DAY = 86_400_000
const daysBetween = (from: string, to: string) => Math.max(1, Math.ceil((Date.parse(to) - Date.parse(from)) / DAY))

function dates({ exercise, publishedAt }: Outcome): Told {
  const held = exercise.rounds.flatMap(({ round, openedAt, closedAt }) =>
    openedAt === undefined || closedAt === undefined
      ? []
      : [{ round, opened: dayOf(openedAt)!, closed: dayOf(closedAt)!, days: daysBetween(openedAt, closedAt) }]
  )
  return reported(
    [
      `The exercise was prepared on ${dayOf(exercise.createdAt)!}.`,
      exercise.frozenAt !== undefined && `Its protocol was frozen on ${dayOf(exercise.frozenAt)!}.`,
      ...held.map(({ round, opened, closed, days }) => `Round ${round} was open from ${opened} to ${closed} (${counted(days, 'day')}).`),
      `The outcome was published on ${dayOf(publishedAt)!}.`
    ],
    held
  )
}

const missingIn = ({ exercise }: Outcome, { representation }: CountedRound) =>
  representation.missingRequired.map((code) => groupName(exercise, code))

function deviations(outcome: Outcome): Told {
  const leftOut = outcome.exercise.rounds.filter(({ state }) => state === 'left-out')
  const lacking = outcome.rounds.flatMap((round) => {
    const missing = missingIn(outcome, round)
    return missing.length === 0 ? [] : [{ round: round.round, missing }]
  })
  const sentences = [
    ...leftOut.map(
      ({ round, reason }) => `Round ${round}, planned in the protocol, was left out${reason ? `: “${onOneLine(reason)}”` : ''}.`
    ),
    ...lacking.map(
      ({ round, missing }) => `In round ${round} required groups are absent, or so small that they are withheld: ${listed(missing)}.`
    ),
    'Items, groups, methods and rules could not be changed once the protocol was frozen.'
  ]
  return reported([leftOut.length === 0 && lacking.length === 0 && 'No deviation is recorded.', ...sentences])
}

function participants(outcome: Outcome): Told {
  const { exercise, rounds, missingVoices } = outcome
  const withheld = missingVoices.funnel.filter(({ voted }) => voted.includes(null)).map(({ code }) => groupName(exercise, code))
  return partly(
    [
      'Invited counts codes that were given out, voted counts ballots in each round; the response is that of the first round, among those invited.',
      'Groups joined by “+” are shown together.',
      withheld.length > 0 && `So few voted that the numbers are withheld, by themselves or to hide others: ${listed(withheld)}.`,
      ...ofForm(outcome),
      'Other characteristics of participants are not recorded.'
    ],
    missingVoices.funnel.map(({ code, invited, voted, retention }) => ({
      group: code,
      name: groupName(exercise, code),
      invited,
      ...Object.fromEntries(rounds.map(({ round }, at) => [`voted in round ${round}`, voted[at] ?? null])),
      ...(voted[0] == null ? { response: null } : retention[0] == null ? {} : { response: percentInWords(retention[0]) })
    }))
  )
}

/** What voters said of themselves, by code: those that may be shown and that anybody named. */
function ofForm({ missingVoices: { form } }: Outcome): string[] {
  if (!form || form.filledIn === 0) return ['Nobody filled in the optional form on themselves.']
  if (form.filledIn === null) return ['So few filled in the optional form on themselves that nothing of it is shown.']
  const told = (what: string, counts: typeof form.levels) => {
    const parts = counts.filter(({ n }) => n !== 0).map(({ code, n }) => `${code} ${n ?? 'withheld'}`)
    return parts.length === 0 ? [] : [`${what}: ${parts.join(', ')}.`]
  }
  return [
    `The optional form on themselves was filled in ${counted(form.filledIn, 'time')}.`,
    ...told('Levels of care', form.levels),
    ...told('Countries', form.countries)
  ]
}

const VERDICTS = {
  in: 'consensus in',
  out: 'consensus out',
  reconsider: 'to be reconsidered',
  'no-consensus': 'no consensus',
  incomplete: 'incomplete',
  ranked: 'ranked without a verdict'
} as const

function finalOutcome(outcome: Outcome): Told {
  const { exercise } = outcome
  const final = finalRound(outcome)
  const last = lastResults(outcome)
  const verdicts = CODES['exercise-verdict'].flatMap((verdict) => {
    const n = [...last.values()].filter(({ result }) => result.verdict === verdict).length
    return n === 0 ? [] : [`${VERDICTS[verdict]} ${n}`]
  })
  const never = exercise.items.filter(({ id }) => !last.has(id)).length
  const missing = missingIn(outcome, final)
  return reported(
    [
      missing.length > 0 && `The result is incomplete: without ${listed(missing)} there is no consensus in the last round.`,
      final.representation.total === null && 'So few voted that no numbers are shown.',
      `Items by the last round in which each was voted on: ${verdicts.join(', ')}.`,
      never > 0 && `Never voted on: ${never}.`,
      `On the short list of the last round: ${final.items.filter(({ shortlisted }) => shortlisted).length} of ${final.items.length}.`,
      ...stability(final),
      `Numbers by group, with reasons, are at /v1/exercises/${exercise.id}/results.`
    ],
    exercise.items.flatMap(({ id }) => {
      const found = last.get(id)
      return found ? [rowOf(itemLabel(exercise, id), found)] : []
    })
  )
}

/** How far the first ones depend on how the order is made: an item is stable where it is among them in every view, or in none. */
function stability({ items, sensitivity }: CountedRound): string[] {
  const known = items.flatMap(({ stableIn }) => stableIn ?? [])
  if (known.length === 0 || sensitivity.of === 0) return ['Too few voted to say how far the order depends on how it is made.']
  const [always, never] = [known.filter((n) => n === sensitivity.of).length, known.filter((n) => n === 0).length]
  return [
    `Sensitivity: by ${counted(sensitivity.of, 'view')}, ${counted(always, 'item')} ${always === 1 ? 'is' : 'are'} among the first in all of them, ${never} in none, ${known.length - always - never} in some.`
  ]
}

const SHARES: ReadonlySet<CountedRound['method']> = new Set(['rating-1-9', 'approval', 'criteria'])

function rowOf(label: string, { round, result }: { round: CountedRound; result: CountedRound['items'][number] }): Row {
  const { item, rank, verdict, n, pooled, shortlisted, stableIn } = result
  const isShare = SHARES.has(round.method)
  return {
    item,
    label,
    round: round.round,
    place: rank,
    verdict,
    answered: n,
    score: pooled.score === null ? null : isShare ? percentInWords(pooled.score) : Math.round(pooled.score * 100) / 100,
    ...(round.method === 'rating-1-9' ? { median: pooled.median } : {}),
    'short list': shortlisted,
    'stable in': stableIn === null ? null : `${stableIn} of ${round.sensitivity.of}`
  }
}

function itemSteps({ exercise }: Outcome): Told {
  const { itemSteps } = exercise
  if (itemSteps.length === 0) return reported(['No item was changed, dropped or added: all were voted on as the protocol lists them.'])
  const numberOf = (step: (typeof itemSteps)[number]['step']) => itemSteps.filter((each) => each.step === step).length
  return reported(
    [
      `From round to round, items were carried on ${counted(numberOf('carried'), 'time')}, dropped ${counted(numberOf('dropped'), 'time')} and added ${counted(numberOf('joined'), 'time')}, each with its reason.`,
      'Items cannot be reworded: they are pinned to a version.'
    ],
    itemSteps.map(({ item, round, step, reason }) => ({ item, label: itemLabel(exercise, item), round, step, reason }))
  )
}

function strengths(outcome: Outcome): Told {
  const { exercise, missingVoices } = outcome
  const final = finalRound(outcome)
  const { groups, effectiveGroups, missingRequired } = final.representation
  const named = (status: (typeof groups)[number]['status']) =>
    groups.filter((group) => group.status === status).map(({ group }) => groupName(exercise, group))
  const told = (what: string, names: readonly string[]) => names.length > 0 && `${what}: ${listed(names)}.`
  const droppedOut = missingVoices.findings.filter(({ status }) => status === 'drop-out').map(({ who }) => groupName(exercise, who))
  return partly([
    'The protocol was frozen before the first vote, ballots were secret, nobody saw results while a round was open, and the outcome names the hash of the rules by which it was counted.',
    missingRequired.length === 0
      ? 'Every required group took part in the last round.'
      : `Required groups are missing in the last round: ${listed(missingRequired.map((code) => groupName(exercise, code)))}.`,
    told('Absent', named('absent')),
    told('With less voice than planned', named('under')),
    told('With more voice than planned', named('over')),
    told('Not shown, because few voted or to hide others', named('withheld')),
    told('Groups of which a third or more did not come back in a later round', [...new Set(droppedOut)]),
    effectiveGroups !== null &&
      `The votes are as mixed as those of ${Math.round(effectiveGroups * 10) / 10} groups of equal size (Laakso and Taagepera), of ${exercise.groups.length}.`,
    `How much the outcome depends on the way of counting is in R4, what was missing and what to do at /v1/exercises/${exercise.id}/missing-voices.`,
    'What else may have had an influence is for the authors to discuss.'
  ])
}
