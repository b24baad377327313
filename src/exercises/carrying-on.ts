/** Which items go from one round to the next, by the rule of the protocol, each with its reason. Pure. */
import type { Exercise, ItemStep, Round } from './exercise.schema.ts'
import type { CountedRound } from './results/results.schema.ts'

type Counted = CountedRound['items'][number]

/** Whether an item goes on, and why not. What was not decided, for want of a group, always goes on. */
const RULES: Record<Round['carryOn'], (item: Counted) => string | undefined> = {
  all: () => undefined,
  'not-out': ({ verdict }) => (verdict === 'out' ? 'The groups agreed to leave it out (carryOn: not-out).' : undefined),
  undecided: ({ verdict }) =>
    verdict === 'in' || verdict === 'out' ? `The groups agreed on it: ${verdict} (carryOn: undecided).` : undefined,
  shortlisted: ({ shortlisted, verdict }) =>
    shortlisted || verdict === 'incomplete' ? undefined : 'It is on no short list of the round before (carryOn: shortlisted).'
}

/** The items of a round, in the order of the exercise, and what happened to each that was there before. */
export function carryOn(
  exercise: Pick<Exercise, 'items' | 'itemSteps'>,
  round: number,
  rule: Round['carryOn'],
  previous: CountedRound | undefined
): { items: string[]; steps: ItemStep[] } {
  if (!previous) return { items: exercise.items.filter(({ joined }) => joined === undefined).map(({ id }) => id), steps: [] }
  const counted = new Map(previous.items.map((item) => [item.item, item]))
  const steps = exercise.items.flatMap(({ id }): ItemStep[] => {
    const before = counted.get(id)
    if (!before) return []
    const reason = RULES[rule](before)
    return [{ item: id, round, step: reason === undefined ? 'carried' : 'dropped', reason: reason ?? `It goes on (carryOn: ${rule}).` }]
  })
  const joined = exercise.itemSteps.filter((step) => step.step === 'joined' && step.round === round).map(({ item }) => item)
  const going = new Set([...steps.filter(({ step }) => step === 'carried').map(({ item }) => item), ...joined])
  return { items: exercise.items.filter(({ id }) => going.has(id)).map(({ id }) => id), steps }
}
