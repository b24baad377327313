/** What is asked of readiness: a context, filters of the catalogue, and which verdicts to keep. */
import { type Static, Type } from 'typebox'
import { oneOf } from '../component.ts'
import { ContextId } from '../contexts/saved-context.schema.ts'
import { TellingFormatParameter, TellingListFormatParameter } from '../http/parameters.ts'
import { FILTER_NAMES, type FilterName } from '../measures/measure.filters.ts'
import { Lang, ListQuery } from '../measures/requests.schema.ts'
import { CONTEXT_NAMES, CONTEXT_PARAMETERS } from './context.check.ts'
import { BASES } from './provenance.ts'
import { VERDICTS } from './verdict.ts'

const closed = { additionalProperties: false }

/** A context that somebody saved. */
const saved = (description: string) => ({ ...ContextId, description })

/** Names that a context and the catalogue share mean the context; the filter has a name of its own. */
export const filterParameter = (name: FilterName): string => (CONTEXT_NAMES.includes(name) ? `measure.${name}` : name)

/** A context, stated or saved. */
export const inContext = {
  ...CONTEXT_PARAMETERS,
  context: Type.Optional(saved('A saved context. What is stated beside it counts before what it says.'))
}
const { q, updatedSince, missing, limit, cursor, facets } = ListQuery.properties
/** Every filter of the catalogue, beside a context. */
export const ofCatalogue = {
  q,
  ...Object.fromEntries(
    FILTER_NAMES.map((name) => [filterParameter(name), (ListQuery.properties as unknown as Record<FilterName, typeof missing>)[name]])
  ),
  updatedSince,
  missing
}

export const SORTS = ['verdict', '-verdict', 'title', '-title', 'maturity', '-maturity', 'updated', '-updated'] as const

export const ReadinessQuery = Type.Object({ ...inContext, lang: Lang, format: TellingFormatParameter }, closed)

export const ReadinessListQuery = Type.Object(
  {
    ...ofCatalogue,
    ...inContext,
    verdict: Type.Optional(
      Type.Array(Type.String({ maxLength: 200 }), {
        maxItems: 5,
        description: `Only these verdicts: ${VERDICTS.join(', ')}. Comma is or, \`!\` is not.`
      })
    ),
    basis: Type.Optional(oneOf(BASES, 'Only verdicts on this basis.')),
    sort: Type.Optional(oneOf(SORTS, 'Order: by verdict, then maturity, then title where nothing is said; `-` for descending.')),
    limit,
    cursor,
    facets,
    lang: Lang,
    format: TellingListFormatParameter
  },
  closed
)
export type ReadinessListQuery = Static<typeof ReadinessListQuery> & Record<string, unknown>

export const UnlocksQuery = Type.Object(
  {
    ...ofCatalogue,
    ...inContext,
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000,
        default: 20,
        description: 'Measures named for each change; the number of all of them is always there.'
      })
    ),
    lang: Lang,
    format: TellingFormatParameter
  },
  closed
)

export const CompareQuery = Type.Object(
  {
    a: saved('One saved context.'),
    b: saved('The other.'),
    ...ofCatalogue,
    limit,
    cursor,
    lang: Lang
  },
  closed
)
export const RulesQuery = Type.Object({ lang: Lang }, closed)
