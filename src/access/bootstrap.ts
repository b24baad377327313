/** The first administrator: by configuration, or made and shown once. */
import type { Store } from '../../db/store.ts'
import type { Clock, Ids } from '../context.ts'
import { hasOtherAdmin, insertKey, listChosenKeys, revokeKey } from './keys.queries.ts'
import { chosenKey, issueKey } from './keys.ts'

const NOBODY = ''

/**
 * Makes sure that an administrator can get in. With `adminKey` that key works, and one that was configured before works no longer.
 * Without it, and without any usable administrator's key, one is made: it is returned, to be shown once.
 */
export function ensureAdminKey(
  store: Store,
  { adminKey, clock, ids }: { adminKey?: string | undefined; clock: Clock; ids: Ids }
): Promise<string | undefined> {
  return store.write(['keys'], async (tx) => {
    const now = clock.now().toISOString()
    if (adminKey !== undefined) {
      const row = chosenKey(adminKey, { name: 'administrator (configured)', role: 'admin' }, { createdBy: 'configuration', clock, ids })
      const chosen = await listChosenKeys(tx)
      for (const { id, hash } of chosen) if (hash !== row.hash) await revokeKey(tx, id, now)
      if (!chosen.some(({ hash }) => hash === row.hash)) await insertKey(tx, row)
      return undefined
    }
    if (await hasOtherAdmin(tx, NOBODY, now)) return undefined
    const { key, row } = issueKey({ name: 'administrator', role: 'admin' }, { createdBy: 'registry', clock, ids })
    await insertKey(tx, row)
    return key
  })
}
