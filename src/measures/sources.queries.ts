/** Records of files that measures were made from, kept with the version for what our fields do not hold. */
import { eq } from '../../db/drizzle.ts'
import type { Reader } from '../../db/store.ts'

/** An imported record as it is kept. */
export interface SourceRecord {
  readonly no: number
  readonly format: 'fhir' | 'json' | 'csv' | 'xlsx'
  readonly record: string | null
  readonly importId: string
  readonly at: string
}

export async function findSourceRecord(db: Reader, no: number): Promise<SourceRecord | undefined> {
  const { sources } = db.t
  const { format, record, importId, at } = sources
  const [found] = await db.select({ no: sources.no, format, record, importId, at }).from(sources).where(eq(sources.no, no))
  return found
}
