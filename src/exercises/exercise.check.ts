/** What a schema cannot say of an exercise: targets that add up, options of the right method, groups that exist. Pure. */
import type { Fault } from '../measures/content.check.ts'
import type { RoundOptions } from './exercise.parts.ts'
import type { NewExercise } from './exercise.schema.ts'
import { optionsOf } from './protocol.ts'

/** Thirds and sixths with two decimals add up to 0.99 or 1.02. */
const ROUNDING = 0.0201

/** Everything in a plan that its schema lets pass and that is still wrong. */
export const faultsInPlan = (plan: NewExercise): Fault[] => [
  ...targetFaults(plan),
  ...repeated(
    plan.groups.map(({ code }) => code),
    (i) => `/groups/${i}/code`
  ),
  ...reservedFaults(plan),
  ...plan.rounds.flatMap((round, i) => optionFaults(round, i)),
  ...kinFaults(plan)
]

function targetFaults({ groups }: NewExercise): Fault[] {
  const sum = groups.reduce((total, { target }) => total + target, 0)
  if (Math.abs(sum - 1) <= ROUNDING) return []
  return [
    {
      pointer: '/groups',
      detail: `The targets of all groups make 1 together, not ${Number(sum.toFixed(4))}: they are shares of the voters.`
    }
  ]
}

/** Words that results use for themselves. */
const RESERVED: ReadonlySet<string> = new Set(['all', 'overall'])

const reservedFaults = ({ groups }: NewExercise): Fault[] =>
  groups.flatMap(({ code }, i) =>
    RESERVED.has(code) ? [{ pointer: `/groups/${i}/code`, detail: `"${code}" means something else in results.` }] : []
  )

/** Each value that was there before, at its place. */
export const repeated = (values: readonly string[], pointerOf: (i: number) => string): Fault[] =>
  values.flatMap((value, i) => (values.indexOf(value) < i ? [{ pointer: pointerOf(i), detail: `"${value}" is there already.` }] : []))

function optionFaults({ method, options = {}, carryOn }: NewExercise['rounds'][number], i: number): Fault[] {
  const known = optionsOf(method)
  const at = `/rounds/${i}/options`
  const foreign = (Object.keys(options) as (keyof RoundOptions)[])
    .filter((name) => !known.includes(name))
    .map((name) => ({
      pointer: `${at}/${name}`,
      detail: `${method} has no such option${known.length > 0 ? `, but ${known.join(', ')}` : ''}.`
    }))
  const criteria = repeated(
    (options.criteria ?? []).map(({ code }) => code),
    (n) => `${at}/criteria/${n}/code`
  )
  const dots =
    options.maxPerItem !== undefined && options.maxPerItem > (options.dots ?? 10)
      ? [{ pointer: `${at}/maxPerItem`, detail: 'One item cannot get more dots than a voter has.' }]
      : []
  const first = i === 0 && carryOn !== undefined && carryOn !== 'all'
  return [
    ...foreign,
    ...criteria,
    ...dots,
    ...(first ? [{ pointer: `/rounds/${i}/carryOn`, detail: 'There is no round before the first one.' }] : [])
  ]
}

function kinFaults({ groups, kin = [] }: NewExercise): Fault[] {
  const codes = new Set(groups.map(({ code }) => code))
  const named = kin.flatMap((family, i) => family.map((code, j) => ({ code, pointer: `/kin/${i}/${j}` })))
  const unknown = named
    .filter(({ code }) => !codes.has(code))
    .map(({ code, pointer }) => ({ pointer, detail: `There is no group "${code}".` }))
  return unknown
}
