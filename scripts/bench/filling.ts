/** Made-up measures, published in a database until it holds as many as are wanted. */
import type { Store } from '../../db/store.ts'
import { type CatalogueRecord, readCatalogue } from '../../src/catalogue/files.ts'
import { publishContent } from '../../src/measures/lifecycle.ts'
import { insertMeasureRow } from '../../src/measures/measure.queries.ts'
import type { MeasureContent } from '../../src/measures/measure.schema.ts'

const BATCH = 500
const DEADLINE = { deadlineMs: 300_000 }

type Make = (i: number, records: readonly CatalogueRecord[]) => { readonly id: string; readonly content: MeasureContent }

/** Goes on where an earlier run stopped; refuses a database that holds more. */
export async function fillWith(store: Store, size: number, make: Make): Promise<void> {
  const { records } = await readCatalogue()
  const filled = await store.read((db) => db.$count(db.t.versions))
  if (filled > size) throw new Error(`The database holds ${filled} measures, not ${size}: choose another folder`)
  const now = new Date().toISOString()
  const act = { actor: { id: 'bench', name: 'bench' }, now, publicUrl: 'http://127.0.0.1' }
  for (let from = filled; from < size; from += BATCH) {
    await store.write(
      ['bench'],
      async (tx) => {
        for (let i = from; i < Math.min(size, from + BATCH); i++) {
          const { id, content } = make(i, records)
          await insertMeasureRow(tx, { id, createdAt: now, createdBy: 'bench' })
          await publishContent(tx, act, id, content, { impact: 'major', createdAt: now })
        }
      },
      DEADLINE
    )
    if (process.stderr.isTTY) process.stderr.write(`\rfilling ${Math.min(size, from + BATCH)} of ${size}`)
  }
  if (process.stderr.isTTY) process.stderr.write('\n')
}
