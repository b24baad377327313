/**
 * On what a fact rests: documented, where somebody saw it in its source, or unverified. What the registry classified by itself is
 * not documented either.
 */
import { isEmpty } from '../measures/completeness.ts'
import type { Measure } from '../measures/measure.schema.ts'

export const BASES = ['documented', 'unverified'] as const
export type Basis = (typeof BASES)[number]

/** The weaker of some: one fact that nobody verified is enough to doubt what follows from all of them. */
export const weakest = (bases: readonly Basis[]): Basis => (bases.includes('unverified') ? 'unverified' : 'documented')

/** The basis of what stands at a dotted path, such as `licence.fee` or `languages.nl`. */
export type BasisAt = (path: string) => Basis

/** How to look up the basis of the fields of a measure. The entry that is nearest to a path counts. */
export function basisIn(measure: Pick<Measure, 'provenance'>): BasisAt {
  const { provenance = [] } = measure
  /** Whether somebody saw what an entry speaks of: of two entries of one field, one that did is enough. */
  const seen = new Map<string, boolean>()
  for (const { fields, status } of provenance) for (const field of fields) seen.set(field, status === 'seen' || (seen.get(field) ?? false))
  return (path) => {
    // What is missing rests on nothing, whatever somebody saw.
    if (isMissing(measure, path)) return 'unverified'
    for (let above = path; above !== ''; above = above.slice(0, Math.max(0, above.lastIndexOf('.')))) {
      const isSeen = seen.get(above)
      if (isSeen !== undefined) return isSeen ? 'documented' : 'unverified'
    }
    const below = [...seen].filter(([field]) => field.startsWith(`${path}.`))
    return below.length > 0 && below.every(([, isSeen]) => isSeen) ? 'documented' : 'unverified'
  }
}

/** Members of lists are named by a code, not by a place: there the list counts. */
function isMissing(measure: object, path: string): boolean {
  const field = (measure as Record<string, unknown>)[path.split('.', 1)[0]!]
  return isEmpty(Array.isArray(field) ? field : valueAt(measure, path))
}

/** The weakest basis of the fields of a measure that hold anything; what is missing rests on nothing. */
export function basisOfAll(measure: Measure, basis: BasisAt, paths: readonly string[]): Basis {
  const filled = paths.filter((path) => !isEmpty(valueAt(measure, path)))
  return filled.length === 0 ? 'unverified' : weakest(filled.map(basis))
}

const valueAt = (measure: object, path: string): unknown =>
  path.split('.').reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], measure)
