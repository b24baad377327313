/** Writing changes back into a resource: each to the places where reading it found the field. */
import { canonicalJson } from '../json/canonical.ts'
import type { Measure, MeasureContent } from '../measures/measure.schema.ts'
import type { Lists } from './lists.ts'
import { isObject, type JsonObject } from './place.ts'
import type { Reading } from './reading.ts'
import type { Edits } from './writing.edits.ts'

/** What the changes are made with: the resource as it was read, the measure as it is now, and the resource as it becomes. */
export interface Rewriting {
  readonly kept: JsonObject
  readonly reading: Reading
  readonly was: Partial<MeasureContent>
  readonly now: Measure
  readonly edits: Edits
  readonly lists: Lists
}

export const originsOf = ({ reading }: Rewriting, what: string): readonly string[] => reading.origins.get(what) ?? []

/** What has to go with the value of an extension is the extension. */
export const holderOf = (pointer: string) => /^(.*\/extension\/\d+)\/value\w+$/.exec(pointer)?.[1] ?? pointer

/** A concept wherever it stands: at the root, or at each group. */
export function rewriteConcept(rewriting: Rewriting, field: string, pointer: string, concept: JsonObject | undefined): void {
  const { edits } = rewriting
  const origins = originsOf(rewriting, field)
  for (const origin of origins) {
    if (concept === undefined) edits.remove(holderOf(origin))
    else edits.set(origin, concept)
  }
  if (origins.length === 0 && concept !== undefined) edits.set(pointer, concept)
}

export interface List<T> {
  readonly was: readonly T[] | undefined
  readonly now: readonly T[] | undefined
  /** Where new items go. */
  readonly list: string
  /** The name under which the places of an item are remembered. */
  readonly key: (item: T) => string
  readonly element: (item: T) => unknown
  /** The element of an item that became another one. */
  readonly change: (old: unknown, item: T, before: T) => unknown
}

/** Items that are gone are taken away, new ones added at the end; as many new as gone ones are taken for the same, reworded. */
export function rewriteList<T>(rewriting: Rewriting, { was = [], now = [], list, key, element, change }: List<T>): void {
  const { edits } = rewriting
  const gone = without(was, now)
  const fresh = without(now, was)
  const isReworded = gone.length === fresh.length
  gone.forEach((before, i) => {
    for (const origin of originsOf(rewriting, key(before)))
      if (isReworded) edits.change(origin, (old) => change(old, fresh[i]!, before))
      else edits.remove(holderOf(origin))
  })
  fresh.forEach((item, i) => {
    const hasPlace = isReworded && originsOf(rewriting, key(gone[i]!)).length > 0
    const added = hasPlace ? undefined : element(item)
    if (added !== undefined) edits.append(list, added)
  })
}

function without<T>(items: readonly T[], others: readonly T[]): T[] {
  const known = new Set(others.map(canonicalJson))
  return items.filter((item) => !known.has(canonicalJson(item)))
}

/** A description; criteria in plain text say the same as it does. */
export function described(old: unknown, text: string): JsonObject {
  const element = isObject(old) ? old : {}
  const criteria = element['criteria']
  if (!isObject(criteria) || criteria['language'] !== 'text/plain') return { ...element, description: text }
  return { ...element, description: text, criteria: { ...criteria, expression: text } }
}
