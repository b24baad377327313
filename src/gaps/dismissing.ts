/** Findings that were put aside until a day that is over are open again. */
import type { Store } from '../../db/store.ts'
import { REGISTRY } from '../catalogue/starter.ts'
import { circumstancesOf, composeGap, contentOf } from './gap.ts'
import { findGap, listLapsedDismissals } from './gaps.queries.ts'
import { gapIn, keep, writeGap } from './keeping.ts'

/** Opens what was dismissed until a day before `now`; returns how many. Safe to run in several processes at once. */
export async function refreshDismissals(store: Store, { now }: { readonly now: string }): Promise<number> {
  const today = now.slice(0, 10)
  const lapsed = await store.read((db) => listLapsedDismissals(db, today))
  let opened = 0
  for (const { id } of lapsed) {
    opened += await writeGap(store, id, {}, async (tx) => {
      const row = await findGap(tx, id)
      const gap = row && gapIn(row)
      // Another process was here meanwhile, or somebody changed it.
      if (gap?.status !== 'dismissed' || row?.dismissedUntil == null || row.dismissedUntil >= today) return 0
      const { dismissal: _dismissal, ...kept } = circumstancesOf(gap)
      const open = composeGap(contentOf(gap), { ...kept, status: 'open', updatedAt: now })
      await keep(tx, { actor: { id: '', name: REGISTRY.name }, now }, row, open, { action: 'open', origin: { dismissedUntil: null } })
      return 1
    })
  }
  return opened
}
