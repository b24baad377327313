/** The first administrator: by configuration, or made and shown once. */
import type { Store } from '../../db/store.ts'
import { ConfigError } from '../config.ts'
import type { Clock, Ids } from '../context.ts'
import { hasOtherAdmin, insertKey, listChosenKeys, replaceChosenKey, restoreChosenKey } from './keys.queries.ts'
import { chosenKey, issueKey, REPLACED } from './keys.ts'

const NOBODY = ''

/**
 * Makes sure that an administrator can get in. With `adminKey` that key works, unless an administrator revoked it: that is for good.
 * One that was configured before works no longer, until it is configured again.
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
      const known = chosen.find(({ hash }) => hash === row.hash)
      for (const other of chosen) if (other !== known && other.revokedAt === null) await replaceChosenKey(tx, other, now)
      if (!known) await insertKey(tx, row)
      else if (known.prefix.startsWith(REPLACED)) await restoreChosenKey(tx, known)
      if (!(await hasOtherAdmin(tx, NOBODY, now)))
        throw new ConfigError('ADMIN_KEY was revoked, and no other administrator has a usable key. Choose another.')
      return undefined
    }
    if (await hasOtherAdmin(tx, NOBODY, now)) return undefined
    const { key, row } = issueKey({ name: 'administrator', role: 'admin' }, { createdBy: 'registry', clock, ids })
    await insertKey(tx, row)
    return key
  })
}
