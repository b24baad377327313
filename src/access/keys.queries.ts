import { and, asc, eq, gt, inArray, isNull, like, ne, or, sql } from '../../db/drizzle.ts'
import type { Prepared, Reader, Store, Writer } from '../../db/store.ts'
import { CHOSEN, type KeyRow, REPLACED } from './keys.ts'

export async function insertKey(tx: Writer, row: KeyRow): Promise<void> {
  await tx.insert(tx.t.keys).values(row)
}

export const listKeys = (db: Reader): Promise<KeyRow[]> => db.select().from(db.t.keys).orderBy(asc(db.t.keys.createdAt), asc(db.t.keys.id))

export async function findKey(db: Reader, id: string): Promise<KeyRow | undefined> {
  const [found] = await db.select().from(db.t.keys).where(eq(db.t.keys.id, id))
  return found
}

const usable = (db: Reader, now: string) => and(isNull(db.t.keys.revokedAt), or(isNull(db.t.keys.expiresAt), gt(db.t.keys.expiresAt, now)))

/** Keys with one of these roles that can be used now, apart from one. */
const countOthers = (db: Reader, id: string, roles: ('reviewer' | 'admin')[], now: string): Promise<number> =>
  db.$count(db.t.keys, and(inArray(db.t.keys.role, roles), ne(db.t.keys.id, id), usable(db, now)))

/** Whether somebody else could review. */
export const hasOtherReviewer = async (db: Reader, id: string, now: string): Promise<boolean> =>
  (await countOthers(db, id, ['reviewer', 'admin'], now)) > 0

/** Whether another administrator's key could be used. */
export const hasOtherAdmin = async (db: Reader, id: string, now: string): Promise<boolean> =>
  (await countOthers(db, id, ['admin'], now)) > 0

export async function revokeKey(tx: Writer, id: string, now: string): Promise<void> {
  const { keys } = tx.t
  await tx
    .update(keys)
    .set({ revokedAt: now })
    .where(and(eq(keys.id, id), isNull(keys.revokedAt)))
  // One that was replaced is found again, as revoked: choosing it once more does not bring it back.
  const [found] = await tx.select({ prefix: keys.prefix }).from(keys).where(eq(keys.id, id))
  if (found?.prefix.startsWith(REPLACED)) {
    await tx
      .update(keys)
      .set({ prefix: CHOSEN + found.prefix.slice(REPLACED.length) })
      .where(eq(keys.id, id))
  }
}

/** Keys that the operator chose by configuration, those that were replaced since as well. */
export const listChosenKeys = (db: Reader): Promise<KeyRow[]> =>
  db
    .select()
    .from(db.t.keys)
    .where(or(like(db.t.keys.prefix, `${CHOSEN}%`), like(db.t.keys.prefix, `${REPLACED}%`)))

/** Revokes a chosen key because the configuration names another; it is found no longer, until it is chosen again. */
export async function replaceChosenKey(tx: Writer, { id, prefix }: KeyRow, now: string): Promise<void> {
  const { keys } = tx.t
  await tx
    .update(keys)
    .set({ revokedAt: now, prefix: prefix.replace(CHOSEN, REPLACED) })
    .where(eq(keys.id, id))
}

/** Makes a key that was replaced work again, since the configuration went back to it. */
export async function restoreChosenKey(tx: Writer, { id, prefix }: KeyRow): Promise<void> {
  const { keys } = tx.t
  await tx
    .update(keys)
    .set({ revokedAt: null, prefix: prefix.replace(REPLACED, CHOSEN) })
    .where(eq(keys.id, id))
}

export async function touchKey(tx: Writer, id: string, now: string): Promise<void> {
  await tx.update(tx.t.keys).set({ lastUsedAt: now }).where(eq(tx.t.keys.id, id))
}

/** A key as the driver gives it, for every request that carries one. */
export interface HotKey {
  readonly id: string
  readonly name: string
  readonly role: KeyRow['role']
  readonly group_name: string | null
  readonly hash: string
  readonly expires_at: string | null
  readonly revoked_at: string | null
  readonly last_used_at: string | null
}

export const prepareFindByPrefix = (store: Store): Prepared<HotKey> =>
  store.prepare('key-by-prefix', (db) => {
    const { id, name, role, group, hash, expiresAt, revokedAt, lastUsedAt, prefix } = db.t.keys
    return db
      .select({ id, name, role, group, hash, expiresAt, revokedAt, lastUsedAt })
      .from(db.t.keys)
      .where(eq(prefix, sql.placeholder('prefix')))
  })
