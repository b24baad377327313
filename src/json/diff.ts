/** One value that differs: where (RFC 6901), what it was, what it is. A member that was not there has no `old`. */
export interface Difference {
  readonly pointer: string
  readonly old?: unknown
  readonly new?: unknown
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const escapeKey = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1')
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** The members that differ, object by object; a list counts as one value, since its items have no identity. */
export function differences(before: unknown, after: unknown, at = ''): Difference[] {
  if (!isObject(before) || !isObject(after)) return same(before, after) ? [] : [difference(at, before, after)]
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys].flatMap((key) => differences(before[key], after[key], `${at}/${escapeKey(key)}`))
}

const difference = (pointer: string, before: unknown, after: unknown): Difference => ({
  pointer,
  ...(before === undefined ? {} : { old: before }),
  ...(after === undefined ? {} : { new: after })
})

/** One operation of a JSON Patch (RFC 6902). */
export type Operation = { op: 'add' | 'replace'; path: string; value: unknown } | { op: 'remove'; path: string }

/**
 * The JSON Patch that makes `after` of `before`, an operation for each difference: linear in the size of the values, where a patch
 * with the fewest operations inside lists would take the product of their lengths.
 */
export const jsonPatch = (before: unknown, after: unknown): Operation[] =>
  differences(before, after).map(({ pointer: path, old, new: value }) => {
    if (value === undefined) return { op: 'remove', path }
    return { op: old === undefined ? 'add' : 'replace', path, value }
  })
