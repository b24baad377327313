/**
 * What single change would make most measures ready: each change is tried on the whole catalogue, as sets. Then the best one is
 * taken, and the rest tried again, five times: a greedy sequence, since changes help one another.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { MeasureIndex } from '../measures/measure.index.ts'
import { Numbers } from '../measures/postings.ts'
import { CODES } from '../vocabularies/codes.ts'
import type { Assessor } from './assessor.ts'
import { after, type Change, type Circumstances, RECORDABLE } from './changes.ts'
import type { Asked } from './gate.ts'
import type { Standing } from './standing.ts'
import { WORKING_FIGURES } from './working-figures.ts'

/** What is told to get its first ready measure. */
export const FIRSTS = ['level', 'domain', 'population'] as const
export type Firsts = Readonly<Record<(typeof FIRSTS)[number], readonly string[]>>

export interface Unlock {
  readonly change: Change
  /** Those that become ready, now or with conditions. */
  readonly gained: Numbers
  /** How many more have one obstacle left, or none. */
  readonly nearer: number
  readonly first: Firsts
}
/** A change of the sequence, and how many are ready after it. */
export interface Step extends Unlock {
  readonly ready: number
}
export interface Unlocks {
  readonly ready: number
  readonly total: number
  /** The best first. */
  readonly changes: readonly Unlock[]
  readonly sequence: readonly Step[]
}

/** How many changes the sequence has at most. */
const STEPS = 5

interface Trial {
  readonly change: Change
  readonly gained: Numbers
  readonly nearer: number
  /** Obstacles that it takes away, whether or not others are left. */
  readonly removed: number
}

/** The assessor has to be level with the index that `among` comes from. */
export async function findUnlocks(assessor: Assessor, index: MeasureIndex, among: Numbers, context: Asked): Promise<Unlocks> {
  let circumstances: Circumstances = { context, settled: [] }
  let standing = assessor.standingIn(circumstances)
  const ready = standing.ready().intersection(among)
  const trials = trialsOf(assessor, among, circumstances, standing)
  const described = (trial: Trial, before: Numbers): Unlock => ({
    change: trial.change,
    gained: trial.gained,
    nearer: trial.nearer,
    first: firstsOf(index, before, trial.gained)
  })
  const sequence: Step[] = []
  let before = ready.clone()
  let [best] = trials
  while (best && sequence.length < STEPS) {
    const step = described(best, before)
    before = before.new_union(best.gained)
    sequence.push({ ...step, ready: before.size() })
    circumstances = after(circumstances, best.change)
    // Others are answered between two rounds.
    await nextTurn()
    standing = assessor.standingIn(circumstances)
    best = trialsOf(assessor, among, circumstances, standing)[0]
  }
  return { ready: ready.size(), total: among.size(), changes: trials.map((trial) => described(trial, ready)), sequence }
}

/** Every change that does anything, the best first. */
function trialsOf(assessor: Assessor, among: Numbers, circumstances: Circumstances, standing: Standing): Trial[] {
  const ready = standing.ready().intersection(among)
  const near = standing.oneObstacle().intersection(among).union(ready)
  const obstacles = standing.obstaclesAmong(among)
  const tried = candidates(circumstances).map((change) => {
    const changed = assessor.standingIn(after(circumstances, change))
    const readyThen = changed.ready().intersection(among)
    return {
      change,
      gained: readyThen.new_difference(ready),
      nearer: changed.oneObstacle().intersection(among).union(readyThen).difference(near).size(),
      removed: obstacles - changed.obstaclesAmong(among)
    }
  })
  return [...tried, ...licences(assessor, among, circumstances, standing, ready)]
    .filter(({ gained, removed }) => removed > 0 || !gained.isEmpty())
    .sort((a, b) => b.gained.size() - a.gained.size() || b.nearer - a.nearer || b.removed - a.removed)
}

/** A licence of each owner whose rights stand in the way. There may be many owners: they are sorted out in one go. */
function licences(assessor: Assessor, among: Numbers, circumstances: Circumstances, standing: Standing, ready: Numbers): Trial[] {
  const { context, settled } = circumstances
  const free = assessor.standingIn({ context, settled: [...settled, { gate: 'rights', where: () => true }] })
  const gained = free.ready().difference(ready)
  const two = standing.twoObstacles()
  const byOwner = new Map<string, { gained: Numbers; nearer: number; removed: number }>()
  for (const no of assessor.obstacles(circumstances, 'rights').intersection(among).array()) {
    const owner = assessor.index.ownerOf(no)
    if (owner === undefined) continue
    let theirs = byOwner.get(owner)
    if (!theirs) byOwner.set(owner, (theirs = { gained: new Numbers(), nearer: 0, removed: 0 }))
    theirs.removed++
    if (gained.has(no)) theirs.gained.add(no)
    if (two.has(no)) theirs.nearer++
  }
  return [...byOwner].sort(([a], [b]) => (a < b ? -1 : 1)).map(([owner, theirs]) => ({ change: { kind: 'licence', owner }, ...theirs }))
}

/** The changes that a context leaves to be made; what the asker did not state is not a circumstance that could change. */
function candidates({ context }: Circumstances): Change[] {
  const { data, language = [], stratifier = [], budget, horizonDays } = context
  const days = new Set(Object.values(WORKING_FIGURES).map((figure) => figure.days))
  return [
    ...(data ? CODES['data-source'].filter((kind) => !data.includes(kind)).map((kind) => ({ kind: 'data', data: kind }) as const) : []),
    ...language.map((code) => ({ kind: 'translation', language: code }) as const),
    ...stratifier.map((dimension) => ({ kind: 'stratifier', dimension }) as const),
    ...(budget ? [{ kind: 'budget' } as const] : []),
    { kind: 'validation' },
    ...RECORDABLE.map((gate) => ({ kind: 'record', gate }) as const),
    ...[...days]
      .filter((each) => each > horizonDays)
      .sort((a, b) => a - b)
      .map((each) => ({ kind: 'time', days: each }) as const)
  ]
}

/** The codes that no ready measure had before. */
const firstsOf = (index: MeasureIndex, before: Numbers, gained: Numbers): Firsts =>
  Object.fromEntries(
    FIRSTS.map((field) => {
      const had = new Set(index.count(field, before).map(({ code }) => code))
      return [field, index.count(field, gained).flatMap(({ code }) => (had.has(code) ? [] : [code]))]
    })
  ) as unknown as Firsts
