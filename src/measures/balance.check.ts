/** The measures that a set is made of, where they are named: refuses what is no measure, and names the nearest that is. */
import { distance } from 'fastest-levenshtein'
import { type ProblemPlace, problem } from '../http/problems.ts'
import type { MeasureIndex } from './measure.index.ts'
import { Numbers } from './postings.ts'
import { type Selection, select } from './selection.ts'

/** Measures that one request may name. */
export const MAX_IDS = 500
/** Looking for the nearest identifier takes a while: for so many it is named, however many are wrong. */
const MAX_NEAREST = 10
/** No identifier is longer. */
const LONGEST = 80

/** The identifiers of a request, each once; undefined where it names none. */
export function checkedIds(values: readonly string[] | undefined): readonly string[] | undefined {
  if (!values) return undefined
  const ids = [...new Set(values.flatMap((value) => value.split(',')).map((id) => id.trim()))]
  if (ids.includes('')) throw refused('`ids` has an empty value.')
  if (ids.length > MAX_IDS) throw refused(`A set takes ${MAX_IDS} identifiers at most; these are ${ids.length}.`)
  return ids
}

const refused = (detail: string) => problem('invalid-parameter', detail, { errors: [{ parameter: 'ids', detail }] })

/**
 * The documents of named measures. A draft is there only for who asks for drafts and may see them; for all others it is as if it
 * did not exist.
 */
export function documentsOf(index: MeasureIndex, ids: readonly string[], { clauses, hidesDrafts }: Selection): Numbers {
  const asked = select(index, { clauses: clauses.filter(({ field }) => field === 'status'), hidesDrafts })
  const there = index.all().difference(index.with('status', 'draft')).union(asked)
  const found = new Numbers()
  const unknown: string[] = []
  for (const id of ids) {
    const numbers = index.numbersOf(id).filter((no) => there.has(no))
    if (numbers.length === 0) unknown.push(id)
    for (const no of numbers) found.add(no)
  }
  if (unknown.length === 0) return found
  const known = [...new Set(there.array().map((no) => index.measureOf(no)!))]
  const errors = unknown.map((id, i) => explain(id, i < MAX_NEAREST ? nearestOf(id, known) : undefined))
  const detail = errors.length === 1 ? errors[0]!.detail : `There is no measure with ${errors.length} of these ids: \`errors\` names each.`
  throw problem('not-found', detail, { errors })
}

const explain = (id: string, nearest: string | undefined): ProblemPlace => ({
  parameter: 'ids',
  detail: `There is no published measure "${id}".${nearest ? ` Did you mean "${nearest}"?` : ''}`,
  ...(nearest ? { nearest } : {})
})

/** The identifier that somebody may have meant: one letter in three may be wrong. */
function nearestOf(id: string, known: readonly string[]): string | undefined {
  if (id.length > LONGEST) return undefined
  const wanted = id.toLowerCase()
  let best: { id: string; far: number } | undefined
  let within = Math.max(2, Math.floor(id.length / 3))
  for (const other of known) {
    if (Math.abs(other.length - wanted.length) > within) continue
    const far = distance(wanted, other)
    if (far > within || (best && far === best.far && other > best.id)) continue
    best = { id: other, far }
    within = far
  }
  return best?.id
}

/** A measure counts once: where its draft is in the set beside its published version, as published. */
export function oncePerMeasure(index: MeasureIndex, among: Numbers): Numbers {
  const once = among.clone()
  for (const no of index.with('status', 'draft').intersection(among).array()) {
    if (index.numbersOf(index.measureOf(no)!).some((other) => other !== no && among.has(other))) once.remove(no)
  }
  return once
}
