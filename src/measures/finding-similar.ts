/** Finds the measures of the catalogue that are worth comparing with a draft. */

import { stemOf, wordsOf } from '../search/terms.ts'
import type { Catalogue } from './catalogue.ts'
import { type IndexedField, lookalikeCodes } from './measure.filters.ts'
import type { Measure, MeasureContent, Similar } from './measure.schema.ts'
import { similarTo } from './similarity.ts'

/** A word that more documents than this have, in whatever place, tells them apart too little. */
const COMMON = 500
const MAX_TITLE_WORDS = 12
/** The same identifier says more than the same populations together, and those more than any title. */
const WEIGHT: Partial<Record<IndexedField, number>> = {
  identifier: 4 * MAX_TITLE_WORDS,
  numerator: MAX_TITLE_WORDS,
  denominator: MAX_TITLE_WORDS
}
const MAX_CANDIDATES = 20
const MAX_FINDINGS = 10

/** What a draft looks like: candidates share an identifier, a population, or the telling words of the title. */
export async function findSimilar(
  catalogue: Catalogue,
  id: string,
  content: MeasureContent,
  among: 'all' | 'published' = 'all'
): Promise<Similar[]> {
  await catalogue.level()
  const votes = new Map<number, number>()
  const vote = (numbers: Iterable<number>, weight: number) => {
    for (const no of numbers) votes.set(no, (votes.get(no) ?? 0) + weight)
  }
  for (const [field, codes] of Object.entries(lookalikeCodes(content)) as [IndexedField, string[]][]) {
    for (const code of codes) vote(catalogue.index.with(field, code).array().slice(0, COMMON), WEIGHT[field] ?? 0)
  }
  for (const numbers of await titleWordMatches(catalogue, content)) vote(numbers, 1)
  const candidates = [...votes]
    .filter(([no]) => isOther(catalogue, no, id, among))
    .sort(([a, x], [b, y]) => y - x || a - b)
    .slice(0, MAX_CANDIDATES)
    .map(([no]) => no)
  const documents = JSON.parse(`[${await catalogue.joined(candidates)}]`) as Measure[]
  return similarTo(id, content, documents).slice(0, MAX_FINDINGS)
}

async function titleWordMatches(catalogue: Catalogue, { title, language = 'en' }: MeasureContent): Promise<number[][]> {
  const words = [...new Set(wordsOf(title))].filter((word) => word.length > 3).slice(0, MAX_TITLE_WORDS)
  const queries = words.map((word) => [{ term: stemOf(word, language) ?? word, prefix: false }])
  const found = await catalogue.matchEach(queries, COMMON)
  return found.filter((numbers) => numbers.length < COMMON)
}

/** Another measure that is in use, or on its way to be. */
function isOther({ index }: Catalogue, no: number, id: string, among: 'all' | 'published'): boolean {
  return index.measureOf(no) !== id && (index.has('status', 'active', no) || (among === 'all' && index.has('status', 'draft', no)))
}
