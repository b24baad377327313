/**
 * Which measures a list asks for. Comma is or, repetition is and, `!` is not; a comma inside a value is written `\,`.
 * Pure: from the parameters of a request to a set of documents of an index.
 */
import { fold } from '../search/terms.ts'
import { FILTER_NAMES, type FilterName, filterOf, type IndexedField } from './measure.filters.ts'
import type { MeasureIndex } from './measure.index.ts'
import type { Numbers } from './postings.ts'

/** One value of a clause, as it was written and as it is looked up. */
export interface Literal {
  readonly code: string
  readonly negated: boolean
}

/** Any of these will do. */
export interface Clause {
  readonly field: IndexedField
  readonly parameter: string
  readonly anyOf: readonly Literal[]
}

/** Parameters of a list, each once or several times. */
export type Parameters = Readonly<Record<string, unknown>>

const DEFAULT_STATUS: Clause = { field: 'status', parameter: 'status', anyOf: [{ code: 'active', negated: false }] }

/** The clauses that the parameters state; all of them have to hold. `nameOf` is the parameter of a filter, where it is not its name. */
export function clausesOf(parameters: Parameters, nameOf: (filter: FilterName) => string = (name) => name): Clause[] {
  const stated = FILTER_NAMES.flatMap((name) => valuesOf(parameters[nameOf(name)]).map((value) => clause(name, nameOf(name), value)))
  const missing = valuesOf(parameters['missing']).map(missingClause)
  const status = stated.some(({ field }) => field === 'status') ? [] : [DEFAULT_STATUS]
  return [...status, ...stated, ...missing]
}

const valuesOf = (value: unknown): string[] => (value === undefined ? [] : Array.isArray(value) ? value.map(String) : [String(value)])

function clause(name: FilterName, parameter: string, value: string): Clause {
  const codes = filterOf(name).vocabulary ? (code: string) => code : fold
  return { field: name, parameter, anyOf: literalsOf(value).map(({ code, negated }) => ({ code: codes(code), negated })) }
}

/** A field is missing where it is not among those that the document has. */
function missingClause(value: string): Clause {
  return { field: 'has', parameter: 'missing', anyOf: literalsOf(value).map(({ code, negated }) => ({ code, negated: !negated })) }
}

/** Splits at commas that are not escaped, each literal once. Empty parts stay, so that they are refused like any unknown code. */
export function literalsOf(value: string): Literal[] {
  const parts = [...value.matchAll(/((?:\\.|[^\\,]|\\$)*)(,|$)/gs)]
  const end = parts.findIndex(([, , separator]) => separator === '')
  const literals = parts.slice(0, end + 1).map(([, part = '']) => {
    const negated = part.startsWith('!')
    return {
      code: part
        .slice(negated ? 1 : 0)
        .replaceAll(/\\(.)/gs, '$1')
        .trim(),
      negated
    }
  })
  return [...new Map(literals.map((literal) => [`${literal.negated} ${literal.code}`, literal])).values()]
}

/** Everything that a list has to satisfy. */
export interface Selection {
  readonly clauses: readonly Clause[]
  readonly updatedSince?: string | undefined
  /** The documents that a search found; undefined where nothing was searched. */
  readonly found?: Numbers | undefined
  /** For who may not see drafts: they are not even counted. */
  readonly hidesDrafts?: boolean | undefined
}

/** The documents that satisfy a selection; `without` leaves the clauses of one field out, as facets do. */
export function select(index: MeasureIndex, { clauses, updatedSince, found, hidesDrafts }: Selection, without?: IndexedField): Numbers {
  const selected = found ? found.clone() : index.all()
  if (updatedSince !== undefined) selected.intersection(index.updatedSince(updatedSince))
  if (hidesDrafts) selected.difference(index.with('status', 'draft'))
  for (const clause of clauses) {
    if (clause.field !== without) selected.intersection(satisfying(index, clause))
  }
  return selected
}

function satisfying(index: MeasureIndex, { field, anyOf }: Clause): Numbers {
  const [first, ...others] = anyOf.map(({ code, negated }) => {
    const having = index.with(field, code)
    return negated ? index.all().difference(having) : having
  })
  return others.reduce((all, more) => all.union(more), first!)
}
