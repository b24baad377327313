/** What readiness asks of the database: the documents, to draw their facts from. */
import { asc, gt, inArray } from '../../db/drizzle.ts'
import type { Reader } from '../../db/store.ts'
import type { Measure } from '../measures/measure.schema.ts'
import { type Profile, profileOf } from './readiness.index.ts'

const columns = (db: Reader) => ({ no: db.t.documents.no, json: db.t.documents.json })

const profiles = (rows: readonly { no: number; json: string }[]): Profile[] =>
  rows.map(({ no, json }) => profileOf(no, JSON.parse(json) as Measure))

/** Documents in the order of their numbers. */
export async function listProfiles(db: Reader, after: number, limit: number): Promise<Profile[]> {
  const { documents } = db.t
  return profiles(await db.select(columns(db)).from(documents).where(gt(documents.no, after)).orderBy(asc(documents.no)).limit(limit))
}

export async function findProfiles(db: Reader, measureIds: string[]): Promise<Profile[]> {
  const { documents } = db.t
  return profiles(await db.select(columns(db)).from(documents).where(inArray(documents.measureId, measureIds)))
}
