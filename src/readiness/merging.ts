import type { Named, Reason, Value } from './reason.ts'

const isNamed = (value: Value): value is Named => typeof value === 'object' && 'codes' in value

/** Reasons that say the same of different codes as one: "no version in French and Turkish", not one sentence for each. */
export function merged(reasons: readonly Reason[]): Reason[] {
  const made: Reason[] = []
  for (const each of reasons) {
    const at = made.findIndex((other) => differsInOneName(other, each))
    if (at < 0) made.push(each)
    else made[at] = joined(made[at]!, each)
  }
  return made
}

const same = (a: Value | undefined, b: Value | undefined) => JSON.stringify(a) === JSON.stringify(b)

const differing = (a: Reason, b: Reason) => Object.keys(a.values).filter((name) => !same(a.values[name], b.values[name]))

function differsInOneName(a: Reason, b: Reason): boolean {
  // What is told of people is told of each group: their sentences speak of one.
  if (a.key !== b.key || a.key.startsWith('for.')) return JSON.stringify(a) === JSON.stringify(b)
  const names = differing(a, b)
  return names.length === 0 || (names.length === 1 && [a, b].every((each) => isNamed(each.values[names[0]!]!)))
}

function joined(a: Reason, b: Reason): Reason {
  const [name] = differing(a, b)
  if (!name) return a
  const [first, second] = [a.values[name] as Named, b.values[name] as Named]
  return { ...a, values: { ...a.values, [name]: { ...first, codes: [...new Set([...first.codes, ...second.codes])] } } }
}
