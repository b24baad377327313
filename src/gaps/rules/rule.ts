/** What a rule of gaps is: it looks at one measure, or at one cell of the catalogue, and says what is missing there. */
import type { Measure } from '../../measures/measure.schema.ts'
import type { EquityDimension } from '../../measures/served.ts'
import type { Code } from '../../vocabularies/codes.ts'

export interface RuleText {
  /** `R1` to `R15`. */
  readonly id: string
  readonly kind: Code<'gap-kind'>
  readonly question: string
  /** When it holds, and to what it does not apply. */
  readonly holds: string
  /** What closes it. */
  readonly closes: string
  readonly source: string
}

/** What a rule finds in a measure. Two findings of a rule differ in dimension or value. */
export interface Found {
  readonly dimension?: EquityDimension
  readonly value?: string
  /** `absent` where the record says so; `unknown` where it does not say. */
  readonly certainty: Code<'gap-certainty'>
  readonly focus: Code<'gap-focus'>
  /** The finding in words, after the name of the measure. */
  readonly title: string
  readonly statement: string
  /** The field that would close it. */
  readonly closesWith: string
  readonly jurisdictions?: readonly string[]
  readonly remedy: { readonly family: Code<'remedy-family'>; readonly action: string }
}

export interface MeasureRule extends RuleText {
  readonly find: (measure: Measure) => readonly Found[]
}
