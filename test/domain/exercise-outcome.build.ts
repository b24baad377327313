/** Outcomes for tests, made as the registry makes them, without a store: rounds are counted from seeded ballots. */

import { carryOn } from '../../src/exercises/carrying-on.ts'
import type { ExerciseItem } from '../../src/exercises/exercise.parts.ts'
import type { Exercise, Method, NewExercise } from '../../src/exercises/exercise.schema.ts'
import { composeDraft, planOf, withClosedRound, withItem, withOpenRound } from '../../src/exercises/exercise.ts'
import { missingVoices } from '../../src/exercises/missing/findings.ts'
import { formOf } from '../../src/exercises/missing/form.ts'
import { funnelOf } from '../../src/exercises/missing/funnel.ts'
import { representationOf } from '../../src/exercises/missing/representation.ts'
import { type Outcome, paperShown } from '../../src/exercises/outcome/outcome.ts'
import type { KnownGroups } from '../../src/exercises/protocol.ts'
import type { CountedRound } from '../../src/exercises/results/results.schema.ts'
import { resultsOf } from '../../src/exercises/results/results.ts'
import { RoundCount } from '../../src/exercises/results/round-count.ts'
import { partitionOf, smallestVoters } from '../../src/exercises/small-numbers/partition.ts'
import type { Ballot } from '../../src/exercises/voting/ballot.schema.ts'

/** The same numbers every time (mulberry32). */
export function numbersFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below)
  }
}

export interface Making {
  readonly known: KnownGroups
  /** Voters of each group in each round that is held; rounds of the plan beyond are left out. */
  readonly voters: readonly Readonly<Record<string, number>>[]
  readonly plan?: Partial<Omit<NewExercise, 'items'>>
  readonly labels?: readonly string[]
  /** An item that joins before the second round. */
  readonly joins?: { readonly label: string; readonly reason: string }
  readonly paper?: Outcome['paper']
  readonly form?: number
  readonly seed?: number
}

const DAYS = ['2026-03-02T09:00:00.000Z', '2026-03-16T17:00:00.000Z', '2026-04-01T09:00:00.000Z', '2026-04-12T17:00:00.000Z']
const PUBLISHED = '2026-05-04T10:00:00.000Z'
const INVITED = 40

export function outcomeOf({ known, voters, plan = {}, labels, joins, paper = [], form = 0, seed = 1 }: Making): Outcome {
  const random = numbersFrom(seed)
  const whole: Omit<NewExercise, 'items'> = {
    title: 'What should we measure first?',
    question: 'Which of these matter most in integrated care?',
    groups: Object.keys(voters[0]!).map((code, _i, all) => ({ code, target: 1 / all.length, required: true })),
    rounds: voters.map(() => ({ method: 'rating-1-9' as const })),
    ...plan
  }
  const items = (labels ?? ['Loneliness', 'Waiting time', 'Shared plans', 'Falls', 'Sleep', 'Trust in carers']).map(
    (label, i): ExerciseItem => ({ id: `i${i + 1}`, kind: 'statement', label: { en: label } })
  )
  let exercise: Exercise = composeDraft({ ...whole, items: [] }, items, known, { id: 'first', createdAt: DAYS[0]!, updatedAt: DAYS[0]! })
  const { protocol } = exercise
  const votersIn = voters.map((counts) => protocol.groups.map(({ code }) => ({ group: code, n: counts[code] ?? 0 })))
  const invited = protocol.groups.map(({ code }) => ({ group: code, n: INVITED }))
  // Every round that was held decides on the cells, as when the last of them is closed.
  const partition = partitionOf(smallestVoters(votersIn), protocol.k, protocol.kin)

  const rounds: CountedRound[] = []
  const representations = votersIn.map((counts) =>
    representationOf({
      groups: protocol.groups.map(({ code, target, required }) => ({
        code,
        target,
        required,
        invited: INVITED,
        n: counts.find(({ group }) => group === code)!.n
      })),
      partition
    })
  )
  for (const [at, counts] of votersIn.entries()) {
    const round = at + 1
    if (joins && round === 2)
      exercise = withItem(exercise, { id: 'joined', kind: 'statement', label: { en: joins.label } }, joins.reason, DAYS[1]!)
    const { items, steps } = carryOn(exercise, round, planOf(exercise, round).carryOn, rounds.at(-1))
    exercise = withClosedRound(withOpenRound(exercise, items, steps, DAYS[at * 2]!), DAYS[at * 2 + 1]!, { invited })
    const count = new RoundCount(planOf(exercise, round), items, partition)
    for (const { group, n } of counts)
      for (let i = 0; i < n; i++) count.add(group, anyBallot(planOf(exercise, round).method, items, random))
    const representation = representations[at]!
    rounds.push(
      resultsOf({ exercise: exercise.id, protocol, protocolHash: exercise.protocolHash, round, items, count, representation, partition })
    )
  }
  if (exercise.state === 'between-rounds') exercise = withClosedRound(exercise, DAYS[3]!, {})

  const final = rounds.at(-1)!
  const representation = representations.at(-1)!
  const funnel = funnelOf({ invited, invitedFirst: invited, rounds: votersIn, partition })
  const answers = final.items.flatMap(({ item, groups }) => groups.map(({ group, n, unable }) => ({ item, cell: group, n, unable })))
  const filled = formOf([{ question: 'country', code: 'NL', count: form }], form, ['clinical', 'professional'], protocol.k)
  const found = missingVoices({ k: protocol.k, representation, funnel, items: answers, form: filled })
  return {
    exercise: { ...exercise, state: 'published', publishedAt: PUBLISHED, updatedAt: PUBLISHED },
    publishedAt: PUBLISHED,
    rounds,
    missingVoices: {
      exercise: exercise.id,
      protocolHash: exercise.protocolHash,
      round: final.round,
      status: representation.complete && representation.total !== null ? 'complete' : 'incomplete',
      findings: found.findings,
      effectiveGroups: found.effectiveGroups,
      funnel,
      form: filled
    },
    paper: paper.map(({ ballots, ...each }) => {
      const { total } = rounds.find(({ round }) => round === each.round)!.representation
      return { ...each, ballots: ballots === null ? null : paperShown(ballots, total, protocol.k) }
    }),
    receipts: rounds.map(({ round }) => ({ round, receipts: ['0a1b2c-3d4e5f-60718a-9bacbd'] }))
  }
}

/** A ballot that a voter could cast: early items are liked more than late ones, and a few are not scored. */
function anyBallot(method: Method, items: readonly string[], random: (below: number) => number): Ballot {
  const liking = items.map((item, i) => ({ item, liked: 9 - Math.floor((i * 7) / items.length) + random(3) - 1 - random(2) }))
  const ranked = liking.toSorted((a, b) => b.liked - a.liked).map(({ item }) => item)
  switch (method) {
    case 'rating-1-9':
      return {
        scores: Object.fromEntries(liking.map(({ item, liked }) => [item, random(20) === 0 ? 'unable' : Math.max(1, Math.min(9, liked))]))
      } as Ballot
    case 'top-n':
      return { ranking: ranked.slice(0, 3) } as Ballot
    case 'approval':
      return { approved: ranked.slice(0, 2) } as Ballot
    case 'dots':
      return { dots: { [ranked[0]!]: 3, [ranked[1]!]: 2 } } as Ballot
    case 'criteria':
      return { criteria: Object.fromEntries(items.map((item) => [item, { equity: [0, 0.5, 1, null][random(4)]!, impact: 1 }])) } as Ballot
    case 'rank-all':
      return { ranking: ranked.map((item) => [item]) } as Ballot
  }
}
