/**
 * A context as it comes, in an address or a body, checked beyond its schema: every code is known, or refused with the nearest,
 * and no part contradicts another.
 */
import { Type } from 'typebox'
import { type ProblemPlace, problem } from '../http/problems.ts'
import { literalsOf, type Parameters } from '../measures/selection.ts'
import type { Vocabularies } from '../vocabularies/vocabularies.ts'
import { CURRENCY, ReadinessContext, SCALARS } from './context.schema.ts'

/** The lists of a context, and the vocabulary of the codes of each; none where any text will do. */
const LISTS = {
  jurisdiction: 'jurisdiction',
  setting: 'setting',
  forPopulation: 'population',
  forCondition: 'condition',
  data: 'data-source',
  dataElement: undefined,
  language: 'language',
  stratifier: 'equity-dimension'
} as const
type List = keyof typeof LISTS
const LIST_NAMES = Object.keys(LISTS) as List[]
const SCALAR_NAMES = Object.keys(SCALARS) as (keyof typeof SCALARS)[]

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

/** Codes that one context may name in all. */
const MAX_CODES = 200
/** As the schema of a context has it. */
const MAX_ITEMS = 50
const MAX_TEXT = 500
/** Looking for the nearest code takes a while: so many are named, however many are wrong. */
const MAX_ERRORS = 10

const described = (name: List) => (ReadinessContext.properties[name] as { description?: string }).description
const many = (name: List) =>
  Type.Optional(
    Type.Array(Type.String({ maxLength: 1_000 }), {
      maxItems: 20,
      description: `${described(name)}${LISTS[name] ? ` Codes of \`${LISTS[name]}\`,` : ' Texts,'} separated by commas or repeated.`
    })
  )

/** The parameters by which an address states a context. */
export const CONTEXT_PARAMETERS = {
  ...(Object.fromEntries(LIST_NAMES.map((name) => [name, many(name)])) as Record<List, ReturnType<typeof many>>),
  budget: Type.Optional(
    Type.Number({ minimum: 0, maximum: 1e12, description: 'Money for fees, a year, in `currency`; 0 is an answer, no budget is none.' })
  ),
  currency: Type.Optional(
    Type.String({ pattern: CURRENCY, description: 'ISO 4217 code of the currency of `budget`; EUR where nobody says.' })
  ),
  ...Type.Partial(Type.Object(SCALARS)).properties
}
export const CONTEXT_NAMES: readonly string[] = Object.keys(CONTEXT_PARAMETERS)

/** The context that an address states, or a problem that names the parameter and the nearest code. */
export function contextOf(parameters: Parameters, vocabularies: Vocabularies): ReadinessContext {
  const lists = LIST_NAMES.flatMap((name) => {
    const codes = codesIn(parameters[name], name)
    return codes.length > 0 ? [[name, codes] as const] : []
  })
  const scalars = SCALAR_NAMES.flatMap((name) => (parameters[name] === undefined ? [] : [[name, parameters[name]] as const]))
  const budget = budgetOf(parameters)
  const context = { ...Object.fromEntries([...lists, ...scalars]), ...(budget ? { budget } : {}) } as ReadinessContext
  const faults = faultsOf(context, vocabularies)
  if (faults.length === 0) return context
  const errors = faults.map(({ field, detail, nearest }) => ({ parameter: field === 'budget' ? 'currency' : field, detail, ...nearest }))
  throw problem(faults[0]!.isUnknown ? 'unknown-code' : 'invalid-parameter', errors[0]!.detail, { errors })
}

/** Everything in a context that its schema lets pass and that is still wrong, for a body that holds it at `at`. */
export const contextFaults = (context: ReadinessContext, vocabularies: Vocabularies, at: string): ProblemPlace[] =>
  faultsOf(context, vocabularies).map(({ field, index, detail, nearest }) => ({
    pointer: field === 'budget' ? `${at}/budget/currency` : `${at}/${field}${index === undefined ? '' : `/${index}`}`,
    detail,
    ...nearest
  }))

interface Fault {
  readonly field: List | 'budget'
  readonly index?: number
  readonly detail: string
  readonly nearest?: { readonly nearest: string }
  readonly isUnknown: boolean
}

function faultsOf(context: ReadinessContext, vocabularies: Vocabularies): Fault[] {
  const stated = LIST_NAMES.flatMap((field) => (context[field] ?? []).map((code, index) => ({ field, code, index })))
  if (stated.length > MAX_CODES) {
    const { field } = stated.at(-1)!
    return [{ field, detail: `A context takes ${MAX_CODES} codes at most; these are ${stated.length}.`, isUnknown: false }]
  }
  const unfit = LIST_NAMES.flatMap((field) => unfitIn(field, context[field] ?? []))
  if (unfit.length > 0) return unfit
  const unknown = stated.filter(({ field, code }) => {
    const vocabulary = LISTS[field]
    return vocabulary ? !vocabularies.has(vocabulary, code) : code.trim() === ''
  })
  return [
    ...unknown
      .slice(0, MAX_ERRORS)
      .map(({ field, code, index }) => ({ field, index, ...explained(field, code, vocabularies), isUnknown: true })),
    ...(context.budget && !CURRENCIES.has(context.budget.currency)
      ? [{ field: 'budget' as const, detail: `"${context.budget.currency}" is not an ISO 4217 currency.`, isUnknown: true }]
      : [])
  ]
}

/** What an address can hold and a body could not: the schema bounds lists and texts. */
function unfitIn(field: List, values: readonly string[]): Fault[] {
  if (values.length > MAX_ITEMS)
    return [{ field, detail: `\`${field}\` takes ${MAX_ITEMS} values at most; these are ${values.length}.`, isUnknown: false }]
  return values.flatMap((value, index) =>
    // No vocabulary has such a code.
    LISTS[field] === undefined && (value.length > MAX_TEXT || value.includes('\0'))
      ? [{ field, index, detail: `A value of \`${field}\` is a text of ${MAX_TEXT} characters at most, without NUL.`, isUnknown: false }]
      : []
  )
}

function explained(field: List, code: string, vocabularies: Vocabularies) {
  const vocabulary = LISTS[field]
  if (code === '' || !vocabulary) return { detail: `\`${field}\` has an empty value.` }
  const nearest = vocabularies.nearest(vocabulary, code)
  return {
    detail: `"${code}" is not known to \`${field}\`.${nearest ? ` Did you mean "${nearest}"?` : ''}`,
    ...(nearest ? { nearest: { nearest } } : {})
  }
}

/** A context states what there is: nothing in it can be negated. */
function codesIn(value: unknown, parameter: string): string[] {
  const written = value === undefined ? [] : (value as unknown[]).map(String)
  const literals = written.flatMap(literalsOf)
  if (literals.some(({ negated }) => negated)) {
    const detail = `\`${parameter}\` states what there is: \`!\` has no meaning in it. Filters of the catalogue are written \`measure.${parameter}\`.`
    throw problem('invalid-parameter', detail, { errors: [{ parameter, detail }] })
  }
  return [...new Set(literals.map(({ code }) => code))]
}

function budgetOf({ budget, currency }: Parameters): ReadinessContext['budget'] {
  if (budget !== undefined) return { amount: Number(budget), currency: currency === undefined ? 'EUR' : String(currency) }
  if (currency === undefined) return undefined
  const detail = 'A currency says nothing without a `budget`.'
  throw problem('invalid-parameter', detail, { errors: [{ parameter: 'currency', detail }] })
}
