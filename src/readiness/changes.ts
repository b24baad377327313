/** Single changes of circumstances: what they do to a context, or to the measures that they settle something for. */
import type { ReadinessContext } from './context.schema.ts'
import type { Asked, GateId } from './gate.ts'
import { lacksMoneyOnly } from './gates/rights.ts'
import { canBeTested } from './gates/sound.ts'
import { named, type Reason, reason } from './reason.ts'

export const CHANGE_KINDS = ['data', 'translation', 'licence', 'budget', 'validation', 'time', 'stratifier', 'record'] as const

type Data = NonNullable<ReadinessContext['data']>[number]
type Dimension = NonNullable<ReadinessContext['stratifier']>[number]
export type Change =
  | { readonly kind: 'data'; readonly data: Data }
  | { readonly kind: 'translation'; readonly language: string }
  | { readonly kind: 'licence'; readonly owner: string }
  | { readonly kind: 'budget' }
  | { readonly kind: 'validation' }
  | { readonly kind: 'time'; readonly days: number }
  | { readonly kind: 'stratifier'; readonly dimension: Dimension }
  | { readonly kind: 'record'; readonly gate: Recordable }

/** Gates of which the records may not say enough. What is allowed is asked of the owners, and what is untested is tested: these are changes of their own. */
export const RECORDABLE = ['specified', 'data', 'language', 'burden', 'fit', 'stratifiable', 'rules'] as const satisfies GateId[]
type Recordable = (typeof RECORDABLE)[number]

/** A gate that stands in the way no longer for measures of some facts: what was an obstacle is a condition. */
export interface Settlement {
  readonly gate: GateId
  /** For which measures: by what decides in the gate, or by owner. */
  readonly where: ((common: unknown) => boolean) | { readonly owner: string }
  /** Settles only what is unknown, not what is known to fail. */
  readonly isKnowledge?: boolean
}

export interface Circumstances {
  readonly context: Asked
  readonly settled: readonly Settlement[]
}

/** Circumstances after a change. A language that there is a version for, or a dimension that is collected, need not be asked for any more. */
export function after({ context, settled }: Circumstances, change: Change): Circumstances {
  switch (change.kind) {
    case 'data':
      return { settled, context: { ...context, data: [...(context.data ?? []), change.data] } }
    case 'time':
      return { settled, context: { ...context, horizonDays: change.days } }
    case 'translation':
      return { settled, context: without(context, 'language', change.language) }
    case 'stratifier':
      return { settled, context: without(context, 'stratifier', change.dimension) }
    case 'licence':
      return { context, settled: [...settled, { gate: 'rights', where: { owner: change.owner } }] }
    case 'budget':
      return { context, settled: [...settled, { gate: 'rights', where: lacksMoneyOnly }] }
    case 'validation':
      return { context, settled: [...settled, { gate: 'sound', where: canBeTested }] }
    case 'record':
      return { context, settled: [...settled, { gate: change.gate, where: () => true, isKnowledge: true }] }
  }
}

function without(context: Asked, field: 'language' | 'stratifier', code: string): Asked {
  const { [field]: codes = [], ...rest } = context
  const left = (codes as string[]).filter((each) => each !== code)
  return left.length === 0 ? rest : { ...rest, [field]: left }
}

/** A change in words. */
export function changeReason(change: Change): Reason {
  switch (change.kind) {
    case 'data':
      return reason('unlock.data', { data: named('data-source', change.data) })
    case 'translation':
      return reason('unlock.translation', { language: named('language', change.language) })
    case 'licence':
      return reason('unlock.licence', { owner: change.owner })
    case 'stratifier':
      return reason('unlock.stratifier', { dimension: named('equity-dimension', change.dimension) })
    case 'record':
      return reason('unlock.record', { question: named('gate', change.gate) })
    case 'time':
      return reason('unlock.time', { days: change.days })
    case 'budget':
    case 'validation':
      return reason(`unlock.${change.kind}`)
  }
}
