/**
 * What a record that comes again means for a measure that people may have worked on since: a merge of three. `base` is what the
 * last import brought, `theirs` what this one brings, `ours` the measure as it is. What the file changed goes in; what people
 * changed and the file did not stays; where both did, the file goes in and the place is named.
 */
import { canonicalJson } from '../json/canonical.ts'
import type { MeasureContent } from '../measures/measure.schema.ts'

type Members = Readonly<Record<string, unknown>>

export interface Merged {
  readonly content: MeasureContent
  /** Fields (dotted paths) that the file had the last time and has no more, and that nobody had touched. */
  readonly removed: readonly string[]
  /** Fields (dotted paths) in which what people wrote gave way to what the file says. */
  readonly overwritten: readonly string[]
}

const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value)
const same = (a: unknown, b: unknown) => canonicalJson(a ?? null) === canonicalJson(b ?? null)

/**
 * `isCovered` says of a field whether the file would have said something of it: a sheet without the column takes nothing away.
 */
export function mergeImported(
  base: Partial<MeasureContent> | undefined,
  theirs: Partial<MeasureContent>,
  ours: MeasureContent,
  isCovered: (path: string) => boolean
): Merged {
  const overwritten: string[] = []
  const known = coveredPart((base ?? {}) as Members, theirs as Members, isCovered)
  const content = mergeMembers(known, theirs as Members, ours as Members, '', overwritten) as MeasureContent
  const removed = [...leavesOf(ours as Members)].filter((path) => !leavesOf(content as Members).has(path))
  return { content, overwritten, removed }
}

/** The part of the base that this file speaks of, member by member of what has members. */
function coveredPart(base: Members, theirs: Members, isCovered: (path: string) => boolean, at = ''): Members {
  const members = Object.entries(base).flatMap(([name, value]) => {
    const path = at === '' ? name : `${at}.${name}`
    if (isObject(value) && at === '') return [[name, coveredPart(value, (theirs[name] ?? {}) as Members, isCovered, path)]]
    return theirs[name] !== undefined || isCovered(path) ? [[name, value]] : []
  })
  return Object.fromEntries(members)
}

/** The fields of a content: members of what has members, lists and values as a whole. */
const leavesOf = (content: Members): Set<string> =>
  new Set(
    Object.entries(content).flatMap(([name, value]) => (isObject(value) ? Object.keys(value).map((member) => `${name}.${member}`) : [name]))
  )

function mergeMembers(base: Members, theirs: Members, ours: Members, at: string, overwritten: string[]): Members {
  const names = new Set([...Object.keys(ours), ...Object.keys(theirs)])
  const members = [...names].map((name) => {
    const path = at === '' ? name : `${at}.${name}`
    return [name, mergeValue(base[name], theirs[name], ours[name], path, overwritten)] as const
  })
  return Object.fromEntries(members.filter(([, value]) => value !== undefined))
}

function mergeValue(base: unknown, theirs: unknown, ours: unknown, path: string, overwritten: string[]): unknown {
  if (theirs === undefined) return ours === undefined || isGone(base, ours) ? undefined : withoutGone(base, ours)
  if (ours === undefined) return same(base, theirs) ? undefined : theirs
  if (isObject(theirs) && isObject(ours)) return mergeMembers(isObject(base) ? base : {}, theirs, ours, path, overwritten)
  if (Array.isArray(theirs) && Array.isArray(ours)) return mergeLists(Array.isArray(base) ? base : [], theirs, ours, path, overwritten)
  if (same(base, theirs) || same(ours, theirs)) return ours
  if (base === undefined || !same(base, ours)) overwritten.push(path)
  return theirs
}

/** The file took away what nobody touched. */
const isGone = (base: unknown, ours: unknown) => base !== undefined && same(base, ours)

/** Of an object or a list that the file does not have any more, what people added stays. */
function withoutGone(base: unknown, ours: unknown): unknown {
  if (Array.isArray(base) && Array.isArray(ours)) return ours.filter((item) => !base.some((gone) => same(gone, item)))
  if (!isObject(base) || !isObject(ours)) return ours
  const left = Object.entries(ours).filter(([name, value]) => !isGone(base[name], value))
  return left.length > 0 ? Object.fromEntries(left) : undefined
}

/** Items of the file in its order, then those that people added. */
function mergeLists(base: readonly unknown[], theirs: readonly unknown[], ours: readonly unknown[], path: string, overwritten: string[]) {
  const oursByKey = new Map(ours.map((item) => [keyOf(item), item]))
  const baseByKey = new Map(base.map((item) => [keyOf(item), item]))
  const kept = theirs.flatMap((item) => {
    const [was, is] = [baseByKey.get(keyOf(item)), oursByKey.get(keyOf(item))]
    // People changed the item, or took it away, and the file says of it what it said before.
    if (same(was, item)) return is === undefined ? [] : [is]
    if (is !== undefined && !same(is, was) && !same(is, item)) overwritten.push(path)
    return [item]
  })
  const keys = new Set(theirs.map(keyOf))
  const added = ours.filter((item) => !keys.has(keyOf(item)) && !isGone(baseByKey.get(keyOf(item)), item))
  return [...kept, ...added]
}

/** What tells an item from the others of its list. */
const KEYS = ['system', 'code', 'kind', 'dimension', 'doi', 'organisation', 'measure', 'url', 'title'] as const

function keyOf(item: unknown): string {
  if (!isObject(item) || 'fields' in item) return canonicalJson(item)
  const named = KEYS.filter((key) => item[key] !== undefined)
  return canonicalJson('value' in item && 'system' in item ? [item['system'], item['value']] : named.map((key) => item[key]))
}
