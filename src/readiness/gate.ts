/** What a gate is: a question that a measure has to answer before it can be used, and what the answer may be. */
import type { Measure } from '../measures/measure.schema.ts'
import type { ContextField, Money, ReadinessContext } from './context.schema.ts'
import type { Basis, BasisAt } from './provenance.ts'
import type { Reason } from './reason.ts'

export const GATE_IDS = [
  'specified',
  'sound',
  'data',
  'language',
  'rights',
  'burden',
  'fit',
  'size',
  'stratifiable',
  'interpretable',
  'rules',
  'steward'
] as const
export type GateId = (typeof GATE_IDS)[number]

/** The worst first: what several parts of a gate say comes down to the worst of them. */
export const OUTCOMES = ['fail', 'unknown', 'conditional', 'not-asked', 'pass', 'not-applicable'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** A context as the gates read it: with the day and the horizon filled in. */
export type Asked = ReadinessContext & Required<Pick<ReadinessContext, 'horizonDays' | 'asOf'>>

/** What a gate says of a measure in a context. */
export interface Finding {
  readonly outcome: Outcome
  readonly because: readonly Reason[]
  readonly closesWith: readonly Reason[]
  /** Days until the condition is met, by the working figures of the rules. */
  readonly days?: number
  readonly cost?: Money
  /** What the record rests on here; nothing where the record was not read. */
  readonly basis?: Basis
  /** Does not stand in the way: a fail or an unknown becomes a condition. */
  readonly isAdvice?: boolean
  /** Fails because the measure is young, not because it is bad. */
  readonly isImmature?: boolean
  /** What the finding is about, where a gate is asked once for each of several things. */
  readonly about?:
    | { readonly language: string }
    | { readonly dimension: string }
    | { readonly jurisdiction: string }
    | { readonly aspect: 'setting' | 'population' | 'condition' }
}

/**
 * What a gate has to know of a measure, and nothing else. Measures that agree in what decides get the same outcome, which is why a
 * whole catalogue can be judged by its distinct facts.
 */
export interface Facts<Common = unknown, Entry = unknown, Told = unknown> {
  /** What decides, whatever is asked about. */
  readonly common: Common
  /** What decides where its key is asked about, such as a language. */
  readonly entries: Readonly<Record<string, Entry>>
  /** What is told and decides nothing: names, and lists for sentences. */
  readonly told: Told
}

export interface Gate<Common = unknown, Entry = unknown, Told = unknown> {
  readonly id: GateId
  /** Fields of the record that it reads. */
  readonly reads: readonly string[]
  /** Parts of the context that it needs. */
  readonly asks: readonly ContextField[]
  /** The document, and the section, that the rule comes from. */
  readonly source: string
  readonly facts: (measure: Measure, basis: BasisAt) => Facts<Common, Entry, Told>
  /** The keys of the entries that a context asks about; none of the others changes the outcome. */
  readonly keys: (context: Asked) => readonly string[]
  /** What is told where nobody listens: when a whole catalogue is counted. */
  readonly silent: Told
  readonly judge: (facts: Facts<Common, Entry, Told>, context: Asked) => readonly Finding[]
}

/** Keeps the types of the facts between the halves of a gate, and hides them from whoever uses the gate. */
export const gate = <Common, Entry, Told>(definition: Gate<Common, Entry, Told>): Gate => definition as unknown as Gate

/** For gates whose outcome hangs on nothing that comes by keys. */
export const NO_KEYS = { keys: () => [] } as const

interface Extras extends Omit<Partial<Finding>, 'outcome' | 'because' | 'closesWith'> {
  readonly closesWith?: Reason
}

/** A finding with one reason. */
export const finding = (outcome: Outcome, because: Reason, { closesWith, ...rest }: Extras = {}): Finding => ({
  outcome,
  because: [because],
  closesWith: closesWith ? [closesWith] : [],
  ...rest
})

const rank = (outcome: Outcome) => OUTCOMES.indexOf(outcome)

/** Several parts as one finding: the worst outcome, with every reason that stands in the way, or else every reason. */
export function together(parts: readonly Finding[]): Finding {
  const [worst] = [...parts].sort((a, b) => rank(a.outcome) - rank(b.outcome))
  const open = parts.filter(({ outcome }) => rank(outcome) < rank('pass'))
  const told = open.length > 0 ? open : parts
  const days = Math.max(0, ...told.map((part) => part.days ?? 0))
  const cost = told.find((part) => part.cost)?.cost
  const bases = parts.flatMap(({ basis }) => basis ?? [])
  return {
    outcome: worst!.outcome,
    because: told.flatMap(({ because }) => because),
    closesWith: told.flatMap(({ closesWith }) => closesWith),
    ...(days > 0 ? { days } : {}),
    ...(cost ? { cost } : {}),
    ...(bases.length > 0 ? { basis: bases.includes('unverified') ? 'unverified' : 'documented' } : {})
  }
}
