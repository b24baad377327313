import type { Vocabularies } from '../vocabularies/vocabularies.ts'
import { filterOf } from './measure.filters.ts'
import type { Facets } from './measure.list.ts'

/** Counts with the label of each code, as they are answered. */
export function labelledFacets(facets: readonly Facets[], vocabularies: Vocabularies, language: string) {
  return Object.fromEntries(
    facets.map(({ field, counts }) => {
      const label = (code: string) => vocabularies.label(filterOf(field).vocabulary!, code, language)?.text ?? code
      return [field, counts.map(({ code, count }) => ({ code, label: label(code), count }))]
    })
  )
}
