/** One page of gaps: which, how many in all, what to ask next, and what to count beside. */
import type { Reader } from '../../db/store.ts'
import type { Position } from '../http/cursor.ts'
import type { Vocabularies } from '../vocabularies/vocabularies.ts'
import type { GapCatalogue } from './gap.catalogue.ts'
import { type GapFilterName, gapFilterOf } from './gap.filters.ts'
import type { GapOrder, GapQuestion } from './gap.index.ts'
import type { Gap } from './gap.schema.ts'
import { findGapsByNumber } from './gaps.queries.ts'
import type { GapSort } from './requests.schema.ts'

/** What a list is asked for, already checked. */
export interface GapListRequest {
  readonly question: GapQuestion
  readonly sort: GapSort
  readonly limit: number
  readonly after?: Position | undefined
}

/** Answers a list request from the index, which has to be level. */
export function listGaps(gaps: GapCatalogue, { question, sort, limit, after }: GapListRequest) {
  const among = gaps.select(question)
  const isDescending = sort.startsWith('-')
  const order = (isDescending ? sort.slice(1) : sort) as GapOrder
  // One more than asked for tells whether there is a next page.
  const places = gaps.index.page(among, order, isDescending, limit + 1, after)
  return {
    numbers: places.slice(0, limit).map(({ no }) => no),
    total: among.size(),
    next: places.length > limit ? places[limit - 1] : undefined
  }
}

/** Every gap of a list, batch by batch: those that come or go meanwhile shift nothing. */
export async function* walkGaps(
  gaps: GapCatalogue,
  read: <T>(work: (db: Reader) => Promise<T>) => Promise<T>,
  request: Omit<GapListRequest, 'limit' | 'after'>,
  limit: number
): AsyncGenerator<Gap[]> {
  let after: Position | undefined
  do {
    const { numbers, next } = listGaps(gaps, { ...request, limit, after })
    const rows = await read((db) => findGapsByNumber(db, numbers))
    yield rows.map(({ json }) => JSON.parse(json) as Gap)
    after = next
  } while (after)
}

/** Counts with the label of each code, as they are answered. */
export function facetsOf(
  gaps: GapCatalogue,
  question: GapQuestion,
  fields: readonly GapFilterName[],
  vocabularies: Vocabularies,
  language: string
) {
  const label = (field: GapFilterName, code: string) => vocabularies.label(gapFilterOf(field).vocabulary!, code, language)?.text ?? code
  return Object.fromEntries(
    fields.map((field) => [field, gaps.counts(question, field).map(({ code, count }) => ({ code, label: label(field, code), count }))])
  )
}
