/** Fills an empty database with the starter catalogue: every record is published by the registry itself, as version 1.0.0. */
import type { Store } from '../../db/store.ts'
import { judgeAllCells } from '../gaps/rebuilding.ts'
import { faultsIn, type OpenLists } from '../measures/content.check.ts'
import { lockOfMeasure, publishContent } from '../measures/lifecycle.ts'
import { insertMeasureRow } from '../measures/measure.queries.ts'
import { obstaclesTo } from '../measures/publishing.ts'
import { readCatalogue } from './files.ts'

/** Who the log names for what nobody's key did. */
export const REGISTRY = { id: 'registry', name: 'registry' }

const MINUTE = 60_000

/** Whether any identifier was ever given in this database. */
export const isEmptyCatalogue = (store: Store): Promise<boolean> =>
  store.read(async (db) => (await db.select({ id: db.t.measures.id }).from(db.t.measures).limit(1)).length === 0)

/**
 * Loads the starter catalogue in one unit of work: all of it, or nothing. The instant is the one of the release, not of
 * the clock, so that the same files always give the same content. Returns how many measures went in.
 */
export async function loadStarterCatalogue(store: Store, { publicUrl, lists }: { publicUrl: string; lists: OpenLists }): Promise<number> {
  const { manifest, records } = await readCatalogue()
  const act = { actor: REGISTRY, now: manifest.released, publicUrl }
  for (const { id, ...content } of records) {
    const faults = [...faultsIn(content, lists), ...obstaclesTo(content)]
    if (faults.length > 0)
      throw new Error(
        `db/catalogue/measures/${id}.json cannot be published: ${faults.map(({ pointer, detail }) => `${pointer}: ${detail}`).join(' ')}`
      )
  }
  await store.write(
    ['catalogue', ...records.map(({ id }) => lockOfMeasure(id))],
    async (tx) => {
      for (const { id, ...content } of records) {
        await insertMeasureRow(tx, { id, createdAt: act.now, createdBy: REGISTRY.name })
        await publishContent(tx, act, id, content, { impact: 'major', createdAt: act.now })
      }
      await judgeAllCells(tx, act.now)
    },
    { deadlineMs: 5 * MINUTE }
  )
  return records.length
}
