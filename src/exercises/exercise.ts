/** How an exercise is put together from what the organiser wrote, and how it goes from round to round. Pure. */
import type { ExerciseItem } from './exercise.parts.ts'
import type { Exercise, ExerciseRound, ItemStep, NewExercise, Protocol } from './exercise.schema.ts'
import { DEFAULT_LANGUAGE, hashOfProtocol, type KnownGroups, protocolOf } from './protocol.ts'

interface Circumstances {
  readonly id: string
  readonly createdAt: string
  readonly updatedAt: string
}

/** A draft: what the organiser wrote, with the items as they were found and every rule said. */
export function composeDraft(plan: NewExercise, items: readonly ExerciseItem[], known: KnownGroups, made: Circumstances): Exercise {
  const { title, question, description, language = DEFAULT_LANGUAGE, votingUrl } = plan
  const protocol = protocolOf(plan, items, known)
  return {
    id: made.id,
    state: 'draft',
    title,
    question,
    ...(description === undefined ? {} : { description }),
    language,
    ...(votingUrl === undefined ? {} : { votingUrl }),
    items: protocol.items,
    groups: protocol.groups,
    rounds: protocol.rounds.map(({ method, options }, i) => ({ round: i + 1, method, options, state: 'waiting' })),
    itemSteps: [],
    protocol,
    protocolHash: hashOfProtocol(protocol),
    createdAt: made.createdAt,
    updatedAt: made.updatedAt
  }
}

const withRound = (exercise: Exercise, round: number, change: Partial<ExerciseRound>): ExerciseRound[] =>
  exercise.rounds.map((each) => (each.round === round ? { ...each, ...change } : each))

/** The number of the round that would be opened next; undefined where there is none. */
export const nextRound = ({ rounds }: Exercise): number | undefined => rounds.find(({ state }) => state === 'waiting')?.round

/** The exercise with its next round open. The first opening freezes the protocol. `items` are voted on, `steps` say how they came in. */
export function withOpenRound(exercise: Exercise, items: readonly string[], steps: readonly ItemStep[], now: string): Exercise {
  const round = nextRound(exercise)!
  return {
    ...exercise,
    state: 'open',
    rounds: withRound(exercise, round, { state: 'open', openedAt: now, items: [...items] }),
    itemSteps: [...exercise.itemSteps, ...steps],
    frozenAt: exercise.frozenAt ?? now,
    updatedAt: now
  }
}

/** The exercise with its open round closed, and how many were `invited` to it; or, between rounds, with the later ones left out. */
export function withClosedRound(
  exercise: Exercise,
  now: string,
  { invited = [], reason }: { readonly invited?: ExerciseRound['invited']; readonly reason?: string | undefined }
): Exercise {
  const open = exercise.rounds.find(({ state }) => state === 'open')
  const rounds = open
    ? withRound(exercise, open.round, { state: 'closed', closedAt: now, invited })
    : exercise.rounds.map((round) =>
        round.state === 'waiting' ? { ...round, state: 'left-out' as const, ...(reason === undefined ? {} : { reason }) } : round
      )
  const goesOn = open !== undefined && rounds.some(({ state }) => state === 'waiting')
  return { ...exercise, state: goesOn ? 'between-rounds' : 'closed', rounds, updatedAt: now }
}

/** The exercise with an item more, for the next round. */
export function withItem(exercise: Exercise, item: ExerciseItem, reason: string, now: string): Exercise {
  const round = nextRound(exercise)!
  return {
    ...exercise,
    items: [...exercise.items, { ...item, joined: round }],
    itemSteps: [...exercise.itemSteps, { item: item.id, round, step: 'joined', reason }],
    updatedAt: now
  }
}

/** What an exercise is voted on by: the plan of one of its rounds. */
export const planOf = ({ protocol }: { readonly protocol: Protocol }, round: number) => protocol.rounds[round - 1]!
