/** Where the lists behind a cell are: the filters of the map, and the codes of the cell. */
import { FILTER_NAMES, type FilterName } from '../../measures/measure.filters.ts'
import { filterParameter } from '../../readiness/requests.schema.ts'
import { OPEN } from '../life.ts'
import { OF_GAPS } from './gap-map.ts'

type Code = readonly [axis: FilterName, code: string]

export function urlsOf(query: Readonly<Record<string, unknown>>, ...cell: readonly Code[]) {
  const measures = new URLSearchParams()
  for (const name of FILTER_NAMES) for (const value of valuesOf(query[filterParameter(name)])) measures.append(name, value)
  for (const name of OTHERS) for (const value of valuesOf(query[name])) measures.append(name, value)
  const gaps = new URLSearchParams()
  for (const [axis, code] of cell) {
    measures.append(axis, code)
    const field = OF_GAPS[axis]
    if (field) gaps.append(field, code)
  }
  gaps.append('status', [...OPEN].join(','))
  gaps.append('certainty', '!unknown')
  return { measuresUrl: `/v1/measures?${measures}`, gapsUrl: `/v1/gaps?${gaps}` }
}

const OTHERS = ['q', 'missing', 'updatedSince'] as const
const valuesOf = (value: unknown): string[] => (value === undefined ? [] : [value].flat().map(String))
