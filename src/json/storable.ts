/** What no value may hold, whatever its schema says: text that cannot be stored, and nesting that nothing here needs. */
const MAX_DEPTH = 32
/** More than the largest measure has, and few enough to be judged while others wait. */
const MAX_VALUES = 30_000
const NUL = '\u0000'

/** A place of a value, and what is wrong there. */
export interface Unstorable {
  readonly pointer: string
  readonly detail: string
}

/**
 * PostgreSQL cannot store U+0000 in text, so neither engine does; half a surrogate pair has no form in UTF-8 at all.
 * A list of what is left to look at, since a value may be nested deeper than the stack.
 */
export function unstorableIn(root: unknown): Unstorable | undefined {
  const open: { value: unknown; pointer: string; depth: number }[] = [{ value: root, pointer: '', depth: 0 }]
  let values = 0
  for (let next = open.pop(); next; next = open.pop()) {
    if (++values > MAX_VALUES) return { pointer: '', detail: `It holds more than ${MAX_VALUES} values.` }
    const { value, pointer, depth } = next
    if (typeof value === 'string' && value.includes(NUL))
      return { pointer, detail: 'It holds the character U+0000, which cannot be stored.' }
    if (typeof value === 'string' && !value.isWellFormed())
      return { pointer, detail: 'It holds half of a surrogate pair, which is no character.' }
    if (typeof value !== 'object' || value === null) continue
    if (depth === MAX_DEPTH) return { pointer, detail: `It is nested more than ${MAX_DEPTH} levels deep.` }
    for (const [key, member] of Object.entries(value)) {
      const at = `${pointer}/${key.replaceAll(NUL, '').slice(0, 80).replaceAll('~', '~0').replaceAll('/', '~1')}`
      if (!key.isWellFormed())
        return { pointer: at.toWellFormed(), detail: 'Its name holds half of a surrogate pair, which is no character.' }
      if (key.includes(NUL)) return { pointer: at, detail: 'Its name holds the character U+0000, which cannot be stored.' }
      open.push({ value: member, pointer: at, depth: depth + 1 })
    }
  }
  return undefined
}
