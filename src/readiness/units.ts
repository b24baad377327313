/** The questions that a context asks: one for each gate, and for gates that are asked about several things, one for each of these. */
import type { Asked, Gate } from './gate.ts'
import { GATES } from './rules.ts'

export interface Unit {
  readonly gate: Gate
  /** The part of the context that this question is about. */
  readonly context: Asked
  /** The same for questions that have the same answer. */
  readonly key: string
}

/** Gates whose findings stand side by side: one for each code of a list, or for each part of the context that is stated. */
const SIDE_BY_SIDE = {
  language: ['language'],
  stratifiable: ['stratifier'],
  rules: ['jurisdiction'],
  fit: ['setting', 'forPopulation', 'forCondition']
} as const
/** Lists of which every code is a question of its own. */
const EACH: ReadonlySet<string> = new Set(['language', 'stratifier', 'jurisdiction'])

export const unitsOf = (context: Asked): Unit[] => GATES.flatMap((gate) => partsOf(gate, context).map((part) => unit(gate, part)))

/** The context in the parts that a gate answers one by one; where none of them is stated, it is asked once, and says so. */
function partsOf(gate: Gate, context: Asked): Asked[] {
  const fields = gate.id in SIDE_BY_SIDE ? SIDE_BY_SIDE[gate.id as keyof typeof SIDE_BY_SIDE] : []
  const stated = fields.filter((field) => context[field] !== undefined)
  if (stated.length === 0) return [context]
  const rest = Object.fromEntries(Object.entries(context).filter(([field]) => !(fields as readonly string[]).includes(field))) as Asked
  return stated.flatMap((field) => {
    const codes = context[field] as readonly string[]
    return EACH.has(field) ? codes.map((code) => ({ ...rest, [field]: [code] })) : [{ ...rest, [field]: codes } as Asked]
  })
}

function unit(gate: Gate, { asOf, horizonDays, ...context }: Asked): Unit {
  const asked: Asked = { asOf, horizonDays, ...context }
  const needed = Object.fromEntries(gate.asks.map((field) => [field, asked[field]]))
  return { gate, context: { asOf, horizonDays, ...needed }, key: `${gate.id} ${JSON.stringify(needed)}` }
}
