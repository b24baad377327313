/** What the records of a file look like in the catalogue: advice, which merges nothing and blocks nothing. */
import type { Store } from '../../db/store.ts'
import type { Catalogue } from '../measures/catalogue.ts'
import { findSimilar } from '../measures/finding-similar.ts'
import type { MeasureContent, Similar } from '../measures/measure.schema.ts'
import { findPresent } from './imports.queries.ts'
import type { Note } from './note.ts'
import type { Plan } from './plan.ts'
import { readStaged, type StagedIndex } from './staged.ts'
import { letOthers } from './turns.ts'

interface Deps {
  readonly store: Store
  readonly catalogue: Catalogue
}

/** For each record that is new, by its ordinal, what it looks like; found before anything is locked. `onRecord` is told how many were compared. */
export async function alikeInCatalogue(
  { store, catalogue }: Deps,
  path: string,
  index: StagedIndex,
  onRecord: (count: number) => void
): Promise<Map<number, readonly Similar[]>> {
  const found = new Map<number, readonly Similar[]>()
  let done = 0
  for await (const candidate of readStaged(path, index)) {
    onRecord(++done)
    if (candidate.errors.length > 0) continue
    const isKnown = (await store.read((db) => findPresent(db, candidate))).length > 0
    if (!isKnown) found.set(candidate.ordinal, (await findSimilar(catalogue, '', candidate.content as MeasureContent)).slice(0, MOST_ALIKE))
    await letOthers()
  }
  return found
}

/** The plan of a new record with a warning for each thing that it looks like. */
export function withSimilar(plan: Plan, similar: readonly Similar[]): Plan {
  if (plan.outcome !== 'created' && plan.outcome !== 'draft-only') return plan
  const notes = similar.map(
    ({ measure, title, because }): Note => ({
      code: 'looks-like',
      found: measure,
      detail: `It looks like "${title}" (${measure}): ${because.join(' ')}`,
      mend: 'Give the record the identifier of the other if they are the same measure; otherwise leave both.'
    })
  )
  return { ...plan, warnings: [...plan.warnings, ...notes] }
}

/** Of what a record looks like, so many of the most alike are named: with thousands of records the rest would only fill the report. */
const MOST_ALIKE = 3
