/** Checks what a list is asked for, beyond its schema, and names the nearest valid word for what is unknown. */
import { closest } from 'fastest-levenshtein'
import { problem } from '../http/problems.ts'
import type { Vocabularies } from '../vocabularies/vocabularies.ts'
import { FACETS, type FilterName, filterOf, type IndexedField, MISSABLE } from './measure.filters.ts'
import { Measure } from './measure.schema.ts'
import { type Clause, clausesOf, type Parameters } from './selection.ts'

/** The names of all fields of an answered measure. */
const ANSWERED = Object.keys(Measure.properties)

/** More codes than this in one request cost time that others wait for, and say nothing that a vocabulary does not. */
const MAX_LITERALS = 200
/** Looking for the nearest code takes a while: so many are named, however many are wrong. */
const MAX_ERRORS = 10

/** The clauses of a list, or a problem that names the codes that no vocabulary has. */
export function checkedClauses(parameters: Parameters, vocabularies: Vocabularies, nameOf?: (filter: FilterName) => string): Clause[] {
  const clauses = clausesOf(parameters, nameOf)
  const literals = clauses.flatMap(({ field, parameter, anyOf }) => anyOf.map(({ code }) => ({ field, parameter, code })))
  if (literals.length > MAX_LITERALS) {
    const detail = `A list takes ${MAX_LITERALS} codes at most; these are ${literals.length}.`
    throw problem('invalid-parameter', detail, { errors: [{ parameter: clauses.at(-1)!.parameter, detail }] })
  }
  const wrong = literals.filter(({ field, code }) => !isKnown(field, code, vocabularies))
  const errors = wrong.slice(0, MAX_ERRORS).map((literal) => explain(literal, vocabularies))
  if (errors.length > 0) throw problem('unknown-code', errors[0]!.detail, { errors })
  return clauses
}

function isKnown(field: IndexedField, code: string, vocabularies: Vocabularies): boolean {
  if (field === 'has') return MISSABLE.includes(code)
  const { vocabulary, values } = filterOf(field as FilterName)
  if (values) return values.includes(code)
  return vocabulary ? vocabularies.has(vocabulary, code) : code !== ''
}

interface Named {
  readonly field: IndexedField
  readonly parameter: string
  readonly code: string
}

function explain({ field, parameter, code }: Named, vocabularies: Vocabularies) {
  if (field === 'has') return unknown(parameter, code, closest(code.slice(0, 200), MISSABLE))
  const { vocabulary, values } = filterOf(field as FilterName)
  if (values) return unknown(parameter, code, closest(code.slice(0, 200), values))
  return vocabulary
    ? unknown(parameter, code, vocabularies.nearest(vocabulary, code))
    : { parameter, detail: `\`${parameter}\` has an empty value.` }
}

const unknown = (parameter: string, code: string, nearest: string | undefined) => ({
  parameter,
  detail: `"${code}" is not known to \`${parameter}\`.${nearest ? ` Did you mean "${nearest}"?` : ''}`,
  ...(nearest ? { nearest } : {})
})

/** A list of names in one parameter, each of which has to be known. */
export function checkedNames<N extends string>(parameter: string, value: string | undefined, known: readonly N[]): N[] {
  if (value === undefined) return []
  const names = [...new Set(value.split(',').map((name) => name.trim()))]
  const errors = names
    .filter((name) => !(known as readonly string[]).includes(name))
    .map((name) => unknown(parameter, name, closest(name, known as readonly string[])))
  if (errors.length > 0) throw problem('invalid-parameter', errors[0]!.detail, { errors })
  return names as N[]
}

export const checkedFields = (value: string | undefined) => (value === undefined ? undefined : checkedNames('fields', value, ANSWERED))
export const checkedFacets = (value: string | undefined) => checkedNames('facets', value, FACETS)
