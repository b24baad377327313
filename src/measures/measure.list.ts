/** One page of the catalogue: which documents, how many in all, what to ask next, and what to count beside. */
import { distance } from 'fastest-levenshtein'
import type { Position } from '../http/cursor.ts'
import { wordsOf } from '../search/terms.ts'
import type { Catalogue } from './catalogue.ts'
import type { FilterName } from './measure.filters.ts'
import type { Order } from './measure.index.ts'
import type { Numbers } from './postings.ts'
import type { Question, Selected } from './selected.ts'

export const SORTS = ['title', '-title', 'updated', '-updated', 'maturity', '-maturity', 'priority', '-priority', 'relevance'] as const
export type Sort = (typeof SORTS)[number]

/** What a list is asked for, already checked. */
export interface ListRequest extends Question {
  readonly sort: Sort
  readonly limit: number
  readonly after?: Position | undefined
  readonly facets: readonly FilterName[]
}

export interface Facets {
  readonly field: FilterName
  readonly counts: readonly { code: string; count: number }[]
}

export interface ListResult {
  readonly numbers: readonly number[]
  readonly total: number
  /** Where the next page starts; undefined at the end. */
  readonly next?: Position | undefined
  readonly facets: readonly Facets[]
}

/** A run of documents in one order: a list by title is one run, a list by relevance is one for each tier. */
export interface Run {
  readonly among: Numbers
  readonly order: Order
  readonly descending: boolean
}

/** Within a tier of relevance the measure that has come furthest stands first, then the title decides. */
function runsOf(sort: Sort, selected: Selected): Run[] {
  if (sort === 'relevance') return selected.ranked().map((among) => ({ among, order: 'maturity', descending: false }))
  const backwards = sort.startsWith('-')
  const order = (backwards ? sort.slice(1) : sort) as Order
  // The order of maturity is kept with the highest first.
  return [{ among: selected.numbers, order, descending: order === 'maturity' ? !backwards : backwards }]
}

/** Answers a list request from the index. The catalogue has to be level. */
export async function listMeasures(catalogue: Catalogue, request: ListRequest): Promise<ListResult> {
  const { sort, limit, after, facets, ...question } = request
  const selected = await catalogue.select(question)
  const { numbers, next } = pageOf(catalogue, runsOf(sort, selected), { limit, after })
  return { numbers, total: selected.total, next, facets: facets.map((field) => ({ field, counts: selected.counts(field) })) }
}

/** The documents of a page, from runs that follow one another. */
export function pageOf(catalogue: Catalogue, runs: readonly Run[], { limit, after }: Pick<ListRequest, 'limit' | 'after'>) {
  const places: Position[] = []
  const from = after?.tier ?? 0
  // One more than asked for tells whether there is a next page.
  for (let tier = from; tier < runs.length && places.length <= limit; tier++) {
    const { among, order, descending } = runs[tier]!
    const page = catalogue.page(among, order, descending, limit + 1 - places.length, tier === from ? after : undefined)
    places.push(...page.map((place) => ({ ...place, tier })))
  }
  const numbers = places.slice(0, limit).map(({ no }) => no)
  return { numbers, next: places.length > limit ? places[limit - 1] : undefined }
}

/** Every document of a list, page by page: documents that come or go meanwhile shift nothing. */
export async function* walkMeasures(catalogue: Catalogue, request: ListRequest, batch: number): AsyncGenerator<readonly number[]> {
  let after: Position | undefined
  do {
    const { numbers, next } = await listMeasures(catalogue, { ...request, limit: batch, after, facets: [] })
    if (numbers.length > 0) yield numbers
    after = next
  } while (after)
}

const MAX_SUGGESTIONS = 5

/** How many letters may be wrong in a word. */
const tolerance = (word: string) => (word.length <= 5 ? 1 : 2)

/**
 * Other searches, made of the catalogue's own words, for one that found nothing: each word that is not found is replaced
 * by the words nearest to it. Only searches that do find something are suggested.
 */
export async function suggestSearches(catalogue: Catalogue, { q = '', clauses, hidesDrafts }: Question): Promise<string[]> {
  const words = wordsOf(q)
  const suggestions = new Set<string>()
  for (const [i, word] of words.entries()) {
    if ((await catalogue.select({ clauses: [], hidesDrafts, q: word })).total > 0) continue
    for (const near of await nearWords(catalogue, word)) suggestions.add(words.with(i, near).join(' '))
  }
  if (suggestions.size === 0 && words.length > 1) for (const word of words) suggestions.add(word)
  const finding: string[] = []
  for (const suggestion of suggestions) {
    if ((await catalogue.select({ clauses, hidesDrafts, q: suggestion })).total > 0) finding.push(suggestion)
    if (finding.length === MAX_SUGGESTIONS) break
  }
  return finding
}

async function nearWords(catalogue: Catalogue, word: string): Promise<string[]> {
  const far = tolerance(word)
  const candidates = await catalogue.wordsOfLength(word.length - far, word.length + far)
  return candidates
    .map((candidate) => ({ candidate, far: distance(word, candidate) }))
    .filter((found) => found.far <= far)
    .sort((a, b) => a.far - b.far || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, MAX_SUGGESTIONS)
    .map(({ candidate }) => candidate)
}
