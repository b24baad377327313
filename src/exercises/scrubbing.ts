/** Secrets and ballots that were deleted, and the order in which ballots came, are taken out of the files of the database as well. */
import type { Store, Writer } from '../../db/store.ts'
import { findMark, putMark } from '../marks.queries.ts'

const MARK = 'scrub'

/** Notes, with the deletion itself, that something is to be overwritten: a process may die before it is. */
export const noteDeletion = (tx: Writer): Promise<void> => putMark(tx, MARK, 'due')

/** Overwrites what was deleted, where something was. */
export async function scrubDeleted(store: Store): Promise<void> {
  if ((await store.read((db) => findMark(db, MARK))) !== 'due') return
  await store.scrub()
  await store.write([], (tx) => putMark(tx, MARK, 'done'))
}
