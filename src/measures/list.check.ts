/** Checks what a list is asked for, beyond its schema, and names the nearest valid word for what is unknown. */
import { closest } from 'fastest-levenshtein'
import { problem } from '../http/problems.ts'
import type { Vocabularies } from '../vocabularies/vocabularies.ts'
import { FACETS, type FilterName, filterOf, MISSABLE } from './measure.filters.ts'
import { Measure } from './measure.schema.ts'
import { type Clause, clausesOf, type Parameters } from './selection.ts'

/** The names of all fields of an answered measure. */
const ANSWERED = Object.keys(Measure.properties)

/** The clauses of a list, or a problem that names each code that no vocabulary has. */
export function checkedClauses(parameters: Parameters, vocabularies: Vocabularies): Clause[] {
  const clauses = clausesOf(parameters)
  const errors = clauses.flatMap(({ parameter, anyOf }) => anyOf.flatMap(({ code }) => unknownCode(parameter, code, vocabularies)))
  if (errors.length > 0) throw problem('unknown-code', errors[0]!.detail, { errors })
  return clauses
}

function unknownCode(parameter: string, code: string, vocabularies: Vocabularies) {
  if (parameter === 'missing') return MISSABLE.includes(code) ? [] : [unknown(parameter, code, closest(code, MISSABLE))]
  const { vocabulary } = filterOf(parameter as FilterName)
  if (!vocabulary) return code === '' ? [{ parameter, detail: `\`${parameter}\` has an empty value.` }] : []
  return vocabularies.has(vocabulary, code) ? [] : [unknown(parameter, code, vocabularies.nearest(vocabulary, code))]
}

const unknown = (parameter: string, code: string, nearest: string | undefined) => ({
  parameter,
  detail: `"${code}" is not known to \`${parameter}\`.${nearest ? ` Did you mean "${nearest}"?` : ''}`,
  ...(nearest ? { nearest } : {})
})

/** A list of names in one parameter, each of which has to be known. */
function checkedNames<N extends string>(parameter: string, value: string | undefined, known: readonly N[]): N[] {
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
