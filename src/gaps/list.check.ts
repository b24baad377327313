/** Checks what a list of gaps is asked for, beyond its schema, and names the nearest valid word for what is unknown. */
import { closest } from 'fastest-levenshtein'
import { problem } from '../http/problems.ts'
import { checkedNames } from '../measures/list.check.ts'
import { SLUG } from '../measures/measure.schema.ts'
import { literalsOf } from '../measures/selection.ts'
import type { Vocabularies } from '../vocabularies/vocabularies.ts'
import { GAP_FACETS, GAP_FILTER_NAMES, type GapFilterName, gapFilterOf } from './gap.filters.ts'
import type { GapClause } from './gap.index.ts'
import { OPEN } from './life.ts'
import { ANY_STATUS } from './requests.schema.ts'
import { RULES } from './rules/rules.ts'

/** More codes than this in one request cost time that others wait for, and say nothing that a vocabulary does not. */
const MAX_LITERALS = 200
const MAX_ERRORS = 10

const RULE_IDS = RULES.map(({ id }) => id)
const slug = new RegExp(SLUG)
const OPEN_ONLY: GapClause = { field: 'status', anyOf: [...OPEN].map((code) => ({ code, negated: false })) }

/** The clauses of a list; what is open where nobody names a status. */
export function checkedGapClauses(parameters: Readonly<Record<string, unknown>>, vocabularies: Vocabularies): GapClause[] {
  const stated = GAP_FILTER_NAMES.flatMap((field) =>
    [parameters[field] ?? []].flat().map((value): GapClause => ({ field, anyOf: literalsOf(String(value)) }))
  )
  const clauses = stated.filter((clause) => !isAnyStatus(clause))
  const literals = clauses.flatMap(({ field, anyOf }) => anyOf.map(({ code }) => ({ field, code })))
  if (literals.length > MAX_LITERALS) {
    const detail = `A list takes ${MAX_LITERALS} codes at most; these are ${literals.length}.`
    throw problem('invalid-parameter', detail, { errors: [{ parameter: clauses.at(-1)!.field, detail }] })
  }
  const wrong = literals.filter(({ field, code }) => !isKnown(field, code, vocabularies)).slice(0, MAX_ERRORS)
  const errors = wrong.map(({ field, code }) => unknown(field, code, vocabularies))
  if (errors.length > 0) throw problem('unknown-code', errors[0]!.detail, { errors })
  return stated.some(({ field }) => field === 'status') ? clauses : [OPEN_ONLY, ...clauses]
}

const isAnyStatus = ({ field, anyOf }: GapClause) =>
  field === 'status' && anyOf.length === 1 && anyOf[0]!.code === ANY_STATUS && !anyOf[0]!.negated

function isKnown(field: GapFilterName, code: string, vocabularies: Vocabularies): boolean {
  if (field === 'rule') return RULE_IDS.includes(code)
  const { vocabulary } = gapFilterOf(field)
  return vocabulary ? vocabularies.has(vocabulary, code) : slug.test(code)
}

function unknown(parameter: GapFilterName, code: string, vocabularies: Vocabularies) {
  const { vocabulary } = gapFilterOf(parameter)
  const nearest =
    parameter === 'rule' ? closest(code.slice(0, 200), RULE_IDS) : vocabulary ? vocabularies.nearest(vocabulary, code) : undefined
  const detail = `"${code}" is not known to \`${parameter}\`.${nearest ? ` Did you mean "${nearest}"?` : ''}`
  return { parameter, detail, ...(nearest ? { nearest } : {}) }
}

export const checkedGapFacets = (value: string | undefined): GapFilterName[] => checkedNames('facets', value, GAP_FACETS)
