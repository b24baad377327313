/** Everything that saved contexts ask of the database. */
import { and, desc, eq, lt, or } from '../../db/drizzle.ts'
import type { Reader, Writer } from '../../db/store.ts'
import type { ReadinessContext } from '../readiness/context.schema.ts'
import type { ContextRow } from './saved-context.ts'

export interface OwnedRow extends ContextRow {
  readonly ownerId: string
}

/** A place in a list: where the page before ended. */
export interface Place {
  readonly createdAt: string
  readonly id: string
}

/** The owner's name stays where it is: no answer has it. */
const columns = (db: Reader) => {
  const { id, name, context, ownerId, createdAt, updatedAt } = db.t.contexts
  return { id, name, context, ownerId, createdAt, updatedAt }
}

const owned = (db: Reader, ownerId?: string) => (ownerId === undefined ? undefined : eq(db.t.contexts.ownerId, ownerId))

/** The context that was saved under an identifier; undefined where there is none. */
export async function findContext(db: Reader, id: string): Promise<OwnedRow | undefined> {
  const [found] = await db.select(columns(db)).from(db.t.contexts).where(eq(db.t.contexts.id, id))
  return found as OwnedRow | undefined
}

/** Contexts, the newest first, at most `limit` of those before a place; of one owner, or of all. */
export async function listContexts(db: Reader, limit: number, ownerId?: string, before?: Place): Promise<OwnedRow[]> {
  const { contexts } = db.t
  const earlier =
    before && or(lt(contexts.createdAt, before.createdAt), and(eq(contexts.createdAt, before.createdAt), lt(contexts.id, before.id)))
  const rows = await db
    .select(columns(db))
    .from(contexts)
    .where(and(owned(db, ownerId), earlier))
    .orderBy(desc(contexts.createdAt), desc(contexts.id))
    .limit(limit)
  return rows as OwnedRow[]
}

export const countContexts = (db: Reader, ownerId?: string): Promise<number> => db.$count(db.t.contexts, owned(db, ownerId))

export async function insertContext(tx: Writer, row: OwnedRow & { readonly owner: string }): Promise<void> {
  await tx.insert(tx.t.contexts).values(row)
}

export async function updateContext(
  tx: Writer,
  id: string,
  to: { readonly name: string; readonly context: ReadinessContext; readonly updatedAt: string }
): Promise<void> {
  await tx.update(tx.t.contexts).set(to).where(eq(tx.t.contexts.id, id))
}

export async function deleteContext(tx: Writer, id: string): Promise<void> {
  await tx.delete(tx.t.contexts).where(eq(tx.t.contexts.id, id))
}
