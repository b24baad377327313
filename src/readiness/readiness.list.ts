/** The catalogue by verdict: which measures, how many of each verdict, what to ask next. The assessor has to be level. */
import type { Position } from '../http/cursor.ts'
import type { Catalogue } from '../measures/catalogue.ts'
import type { FilterName } from '../measures/measure.filters.ts'
import type { Order } from '../measures/measure.index.ts'
import { type Facets, pageOf, type Run } from '../measures/measure.list.ts'
import type { Numbers } from '../measures/postings.ts'
import type { Question } from '../measures/selected.ts'
import type { Assessor } from './assessor.ts'
import type { Asked } from './gate.ts'
import type { Basis } from './provenance.ts'
import type { SORTS } from './requests.schema.ts'
import type { Standing } from './standing.ts'
import { VERDICTS, type Verdict } from './verdict.ts'

export interface ReadinessRequest {
  readonly question: Question
  readonly context: Asked
  readonly verdicts: readonly Verdict[]
  readonly basis?: Basis | undefined
  readonly sort: (typeof SORTS)[number]
  readonly limit: number
  readonly after?: Position | undefined
  readonly facets: readonly FilterName[]
}

export interface ReadinessResult {
  readonly numbers: readonly number[]
  readonly total: number
  /** Without regard to the verdicts that were asked for. */
  readonly counts: Readonly<Record<Verdict, number>>
  readonly next?: Position | undefined
  readonly facets: readonly Facets[]
}

export async function listReadiness(assessor: Assessor, catalogue: Catalogue, request: ReadinessRequest): Promise<ReadinessResult> {
  const { question, context, verdicts, basis, sort, limit, after, facets } = request
  const selected = await catalogue.select(question)
  const standing = assessor.standing(context)
  const among = onBasis(selected.numbers, standing, basis)
  const sets = new Map(verdicts.map((verdict) => [verdict, standing.byVerdict[verdict].new_intersection(among)]))
  const { numbers, next } = pageOf(catalogue, runsOf(sort, sets), { limit, after })
  return {
    numbers,
    // No measure has two verdicts.
    total: [...sets.values()].reduce((sum, set) => sum + set.size(), 0),
    counts: countsOf(standing, among),
    next,
    facets: facets.map((field) => ({ field, counts: selected.countsWithin(field, keptAmong(standing, verdicts, basis)) }))
  }
}

export const countsOf = (standing: Standing, among: Numbers) =>
  Object.fromEntries(VERDICTS.map((verdict) => [verdict, standing.byVerdict[verdict].intersection_size(among)])) as Record<Verdict, number>

function onBasis(among: Numbers, { unverified }: Standing, basis: Basis | undefined): Numbers {
  if (basis === undefined) return among
  return basis === 'documented' ? among.new_difference(unverified) : among.new_intersection(unverified)
}

/** Everything with these verdicts on this basis, whatever the filters: a facet leaves out its own. */
function keptAmong(standing: Standing, verdicts: readonly Verdict[], basis: Basis | undefined): Numbers {
  const [first, ...others] = verdicts.map((verdict) => standing.byVerdict[verdict])
  return onBasis(
    others.reduce((all, set) => all.union(set), first!.clone()),
    standing,
    basis
  )
}

/** By verdict there is one run for each, the furthest measures first; by anything else there is one in all. */
function runsOf(sort: ReadinessRequest['sort'], sets: ReadonlyMap<Verdict, Numbers>): Run[] {
  const backwards = sort.startsWith('-')
  const order = backwards ? sort.slice(1) : sort
  if (order === 'verdict') {
    const runs = VERDICTS.flatMap((verdict) => sets.get(verdict) ?? []).map((among) => ({
      among,
      order: 'maturity' as const,
      descending: false
    }))
    return backwards ? runs.reverse() : runs
  }
  const [first, ...others] = sets.values()
  const among = others.reduce((all, set) => all.union(set), first!.clone())
  // The order of maturity is kept with the highest first.
  return [{ among, order: order as Order, descending: order === 'maturity' ? !backwards : backwards }]
}
