/** Reports as they are read: the head at once, the rows batch by batch. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Store } from '../../db/store.ts'
import { type ImportRow, listImportRows, type StoredRow } from './imports.queries.ts'
import type { Outcome } from './outcomes.ts'
import { headOfReport } from './report.ts'

/** Rows read at a time. */
const BATCH = 500

/** The rows of a report in order, batch by batch. */
export async function* rowsOf(store: Store, importId: string, outcomes?: readonly Outcome[]): AsyncGenerator<StoredRow[]> {
  for (let after = -1; ; ) {
    const last = after
    const rows = await store.read((db) => listImportRows(db, importId, last, BATCH, outcomes))
    if (rows.length === 0) return
    yield rows
    await nextTurn()
    after = rows.at(-1)!.ordinal
  }
}

/** A report as JSON, piece by piece: it may be larger than what one answer should hold in memory. */
export async function* reportJson(row: ImportRow, batches: AsyncIterable<StoredRow[]>): AsyncGenerator<string> {
  yield `${JSON.stringify(headOfReport(row)).slice(0, -1)},"rows":[`
  let isFirst = true
  for await (const rows of batches) {
    yield (isFirst ? '' : ',') + rows.map(({ json }) => json).join(',')
    isFirst = false
  }
  yield ']}'
}
