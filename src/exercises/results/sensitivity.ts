/** How far the short list depends on the rule by which voices become one order, and on each group. */
import type { Sensitivity } from './results.schema.ts'

export interface View {
  readonly view: Sensitivity['views'][number]['view']
  readonly without?: string
  /** The first items, by index. */
  readonly first: readonly number[]
}

/** In how many of the views each item is among the first. */
export function stabilityIn(views: readonly View[], items: number): number[] {
  const stable = new Array<number>(items).fill(0)
  for (const { first } of views) for (const item of first) stable[item]!++
  return stable
}

export const sensitivityOf = (views: readonly View[], ids: readonly string[]): Sensitivity => ({
  views: views.map(({ first, ...view }) => ({ ...view, top: first.map((item) => ids[item]!) })),
  of: views.length
})
