/** How votes were cast, collected and counted: ACCORD M9 to M21. Pure. */
import { planOf } from '../exercise.ts'
import type { Outcome } from '../outcome/outcome.ts'
import { answersOf, CARRY_ON, CONSENSUS, METHOD_NAMES, ORDERS, SCORES, sourceOf } from './rules.english.ts'
import { counted, dayOf, listed, notRecorded, partly, reported, type Tellers, type Told } from './telling.ts'

export const METHODS: Tellers<'M9' | 'M10' | 'M11' | 'M12' | 'M13' | 'M14' | 'M15' | 'M16' | 'M17' | 'M18' | 'M19' | 'M20' | 'M21'> = {
  M9: steps,
  M10: presentation,
  M11: objectives,
  M12: consensus,
  M13: votedAgain,
  M14: collection,
  M15: processing,
  M16: () => notRecorded('whether materials or methods were piloted'),
  M17: feedback,
  M18: anonymity,
  M19: organisers,
  M20: () => notRecorded('whether there were incentives to take part'),
  M21: accessibility
}

const STATES = { closed: 'held', 'left-out': 'planned and left out', open: 'open', waiting: 'planned' } as const

/** The rounds of the protocol, with what became of them. */
const roundsOf = ({ exercise }: Outcome) => exercise.rounds.map((round) => ({ ...round, plan: planOf(exercise, round.round) }))

function steps(outcome: Outcome): Told {
  const { exercise } = outcome
  const rounds = roundsOf(outcome)
  return reported(
    rounds.map(
      ({ round, plan, state, items }) =>
        `Round ${round} (${STATES[state]}): ${METHOD_NAMES[plan.method]}${items === undefined ? '' : `, ${counted(items.length, 'item')}`} (${sourceOf(plan.method)}).`
    ),
    rounds.map(({ round, plan, state, openedAt, closedAt, items }) => ({
      round,
      method: plan.method,
      options: answersOf(plan, exercise.language),
      state,
      ...(openedAt === undefined ? {} : { opened: dayOf(openedAt)! }),
      ...(closedAt === undefined ? {} : { closed: dayOf(closedAt)! }),
      ...(items === undefined ? {} : { items: items.length })
    }))
  )
}

function presentation(outcome: Outcome): Told {
  const { exercise } = outcome
  const answers = Map.groupBy(
    roundsOf(outcome).filter(({ state }) => state === 'closed'),
    ({ plan }) => answersOf(plan, exercise.language)
  )
  return reported([
    'Every item was shown by its label, under the one question.',
    ...[...answers].map(([answer, rounds]) => `${roundsNamed(rounds.map(({ round }) => round))}: ${answer}`),
    'Voters were not asked to explain their answers.',
    exercise.protocol.mayJoin
      ? 'Voters could not add items themselves; the organiser could, between rounds, with a reason.'
      : 'Nobody could add items once the protocol was frozen.'
  ])
}

const roundsNamed = (rounds: readonly number[]) => `${rounds.length === 1 ? 'Round' : 'Rounds'} ${listed(rounds.map(String))}`

function objectives(outcome: Outcome): Told {
  const { protocol } = outcome.exercise
  const later = roundsOf(outcome).slice(1)
  return partly([
    `The aim of every round was an answer to the question, and a short list that begins with the first ${protocol.topN}.`,
    ...later.map(({ round, plan }) => `Round ${round}: ${CARRY_ON[plan.carryOn]}.`),
    'Objectives of single rounds are not recorded otherwise.'
  ])
}

function consensus({ exercise, rounds }: Outcome): Told {
  const { consensus, percentileType, groups } = exercise.protocol
  const { rule, source } = CONSENSUS[consensus]
  const rated = rounds.filter(({ method }) => method === 'rating-1-9').map(({ round }) => round)
  const others = rounds.filter(({ method }) => method !== 'rating-1-9').map(({ round }) => round)
  const hasRated = rated.length > 0
  return partly(
    [
      hasRated && `${roundsNamed(rated)}: ${rule} (rule “${consensus}”; ${source}).`,
      hasRated &&
        (groups.some(({ required }) => required)
          ? 'It has to hold in every required group; groups that are shown together are judged together.'
          : 'No group is required: it has to hold in every group of whom somebody voted, those that are withheld taken as one.'),
      'Where a required group is absent, or so few of it answered that they are withheld, the verdict is “incomplete”, whatever the others said.',
      hasRated && `Percentiles are of type ${percentileType} of Hyndman and Fan (Am Stat 1996;50:361-5).`,
      others.length > 0 && `${roundsNamed(others)}: the method puts items in order and has no rule of consensus.`,
      'The rule was fixed in the protocol before the first vote. Why it was chosen is not recorded.'
    ],
    [{ rule: consensus, 'percentile type': percentileType, order: exercise.protocol.order, 'short list': exercise.protocol.topN }]
  )
}

function votedAgain(outcome: Outcome): Told {
  const later = roundsOf(outcome).filter(({ round, state }) => round > 1 && state === 'closed')
  if (later.length === 0) return reported(['There was one round: no item was voted on again.'])
  return reported([
    ...later.map(({ round, plan }) => `Round ${round} (carryOn: ${plan.carryOn}): ${CARRY_ON[plan.carryOn]}.`),
    'Items of which a required group was missing always went on. R5 lists every item with its reason.'
  ])
}

function collection({ paper, rounds }: Outcome): Told {
  return reported([
    'Answers were collected one by one: with a one-time code, in this registry or on paper. Whether people sat together meanwhile is not recorded.',
    'A later answer with the same code took the place of the earlier one until the round was closed.',
    ...rounds.map(({ round }) => paperIn(paper, round)),
    paper.length > 0 &&
      'What was on paper was typed in by one organiser and counted only after a second person had compared it with the paper.'
  ])
}

/** How many answered on paper, as far as the outcome tells. */
function paperIn(paper: Outcome['paper'], round: number): string | undefined {
  const found = paper.find((each) => each.round === round)
  if (!found) return undefined
  return `Round ${round}: ${found.ballots === null ? 'some ballots (how many is withheld)' : counted(found.ballots, 'ballot')} came on paper.`
}

function processing({ exercise, rounds }: Outcome): Told {
  const { k, order, kin, topN } = exercise.protocol
  const methods = [...new Set(rounds.map(({ method }) => method))]
  return reported([
    `Nothing is shown that fewer than ${k} voters stand behind: a smaller group is shown together with its kin, and where that does not help it is withheld, with others, so that subtraction gives nothing away.`,
    kin.length > 0 && `Kin: ${kin.map((groups) => groups.join(' + ')).join('; ')}.`,
    'Groups that are withheld are counted together as one; everything published is computed from what may be shown.',
    `Distributions are shown from 10 voters on, and only where at least ${k} gave another answer than the most frequent one.`,
    ...methods.map((method) => `Score (${METHOD_NAMES[method]}): ${SCORES[method]}.`),
    `Order: ${ORDERS[order]}.`,
    `The short list is the first ${topN} of all, united with the first ${topN} of each group that is shown; equals at the border are all in.`,
    'Sensitivity: the first ones by other orders, and without each group in turn.'
  ])
}

function feedback({ rounds }: Outcome): Told {
  if (rounds.length < 2) return reported(['There was one round: nobody saw results before the exercise was over.'])
  return reported([
    'In every later round voters saw, beside each item, their own earlier answer and, for each group that may be shown, how many answered, the score, the median and the distribution.',
    'They saw no names and no comments.'
  ])
}

function anonymity({ exercise }: Outcome): Told {
  return reported([
    'Anonymity was planned: of a code only a hash is stored, a ballot is kept under a keyed hash that is another one in each round, and with it neither voter, nor time, nor address.',
    'The key was destroyed at the publication: nobody can lead a ballot back to a code any more.',
    'While a round was open nobody saw what was voted, in any role: only turnout by group, rounded to 5. Organisers saw results after the close, everybody after the publication.',
    `In what is published, nothing is shown that fewer than ${exercise.protocol.k} voters stand behind.`,
    'A receipt tells voters that their ballot is in, never what is in it.',
    'Codes were given out by the organiser, who may know who was invited.'
  ])
}

function organisers({ exercise }: Outcome): Told {
  return partly([
    'Organisers prepared question, items, groups and rules, and froze them before the first vote.',
    `Between rounds they could leave later rounds out${exercise.protocol.mayJoin ? ', and add items with a reason' : ''}; which items went on followed from the rule of the protocol.`,
    'Whether organisers voted themselves, as members of a group, is not recorded.'
  ])
}

function accessibility({ exercise, paper }: Outcome): Told {
  const languages = [...new Set([exercise.language, ...exercise.items.flatMap(({ label }) => Object.keys(label))])].sort()
  return partly([
    `Items were worded in ${languages.length === 1 ? 'one language' : 'several languages, not all of them in each'}: ${languages.join(', ')}.`,
    paper.length > 0 ? 'It was possible to vote on paper.' : 'No ballots on paper were counted.',
    'Other adaptations are not recorded.'
  ])
}
