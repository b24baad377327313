import { asc } from '../../db/drizzle.ts'
import type { Reader } from '../../db/store.ts'
import { canonicalJson, sha256 } from '../json/canonical.ts'

/**
 * The SHA-256 of everything that the catalogue holds: measures, documents, versions, words and the log. The same on both engines,
 * and the same for the same files, since nothing in it comes from a clock or a counter. Keys are left out: they are secrets.
 */
export async function contentHash(db: Reader): Promise<string> {
  const { measures, documents, versions, words, changes } = db.t
  const tables = [
    await db.select().from(measures).orderBy(asc(measures.id)),
    await db.select().from(documents).orderBy(asc(documents.measureId), asc(documents.kind)),
    await db.select().from(versions).orderBy(asc(versions.measureId), asc(versions.ordinal)),
    await db.select().from(words).orderBy(asc(words.word)),
    await db.select().from(changes).orderBy(asc(changes.seq))
  ]
  return sha256(canonicalJson(tables))
}
