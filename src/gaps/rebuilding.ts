/** All findings made again from the published documents: for a new version of the rules, and to show that they are what they should be. */
import type { Store, Writer } from '../../db/store.ts'
import { findMark, putMark } from '../marks.queries.ts'
import { lockOfMeasure } from '../measures/lifecycle.ts'
import { findDocument, listPublishedIds } from '../measures/measure.queries.ts'
import type { Measure } from '../measures/measure.schema.ts'
import { refreshGapCounts } from './counting.ts'
import { deriveGaps, touchCells } from './deriving.ts'
import { judgedCells } from './gaps.queries.ts'
import { CELLS } from './rules/cells.ts'
import { GAP_RULES_VERSION } from './rules/rules.ts'

const MARK = 'gap-rules'
const BATCH = 50
const MINUTE = 60_000

/** Makes all findings again where the database follows other rules than these; returns how many changed. */
export async function refreshGaps(store: Store, now: string): Promise<number> {
  return (await store.read((db) => findMark(db, MARK))) === GAP_RULES_VERSION ? 0 : rebuildGaps(store, now)
}

/** Makes all findings again; returns how many changed. Running servers follow. */
export async function rebuildGaps(store: Store, now: string, progress: (done: number, of: number) => void = () => {}): Promise<number> {
  const ids = await store.read(listPublishedIds)
  let changed = 0
  for (let i = 0; i < ids.length; i += BATCH) {
    const batch = ids.slice(i, i + BATCH)
    changed += await store.write(
      batch.map(lockOfMeasure),
      async (tx) => {
        let here = 0
        for (const id of batch) {
          const document = await findDocument(tx, id, 'published')
          if (!document) continue
          const gaps = await deriveGaps(tx, JSON.parse(document.json) as Measure, now)
          await refreshGapCounts(tx, [id], { now })
          for (const gap of gaps) tx.record({ at: now, kind: 'gap', id: gap, action: 'derived', actor: 'registry' })
          here += gaps.length
        }
        return here
      },
      { deadlineMs: MINUTE }
    )
    progress(Math.min(ids.length, i + BATCH), ids.length)
  }
  await store.write(['gap-cells'], (tx) => judgeAllCells(tx, now), { deadlineMs: MINUTE })
  return changed
}

/** Has every cell looked at when the unit of work ends: then the findings are those of these rules, if those of the measures are. */
export async function judgeAllCells(tx: Writer, now: string): Promise<void> {
  touchCells(tx, [...new Set([...CELLS.keys(), ...(await judgedCells(tx))])], now)
  await putMark(tx, MARK, GAP_RULES_VERSION)
}
