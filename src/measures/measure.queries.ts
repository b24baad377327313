/** Everything that measures ask of the database. */
import { and, asc, desc, eq, gt, inArray, isNotNull, lte, min, sql } from '../../db/drizzle.ts'
import type { Prepared, Reader, Store, Writer } from '../../db/store.ts'
import { prepareHead } from '../changes/changes.queries.ts'
import { deriveGaps } from '../gaps/deriving.ts'
import { gapCountFor } from '../gaps/gap-count.ts'
import { tagOf } from '../json/canonical.ts'
import { fold } from '../search/terms.ts'
import { identifierKey } from './identifiers.ts'
import { maturityOf } from './maturity.ts'
import { type Codes, codesOf } from './measure.filters.ts'
import type { Entry } from './measure.index.ts'
import type { Measure } from './measure.schema.ts'
import { changesSince, idsOf, prioritisedBy, priorityWeight } from './priority.queries.ts'
import { searchTermsOf, suggestableWords } from './searchable.ts'
import { languagesOf } from './translations.ts'
import { listConfirmedUses } from './uses.queries.ts'

export type DocumentKind = 'published' | 'draft'

/** A stored document: the finished JSON and what is known of it without reading it. */
export interface StoredDocument {
  readonly no: number
  readonly tag: string
  readonly json: string
  readonly authorId: string | null
  /** The imported record that it was made from. */
  readonly sourceNo: number | null
}

/** What is kept beside a document: who opened the draft, and the imported record that it was made from. */
export type Origin = Pick<StoredDocument, 'authorId' | 'sourceNo'>

/** The registry's own row of a measure: there for every identifier that was ever given. */
export async function findMeasureRow(db: Reader, id: string) {
  const { measures } = db.t
  const [found] = await db.select().from(measures).where(eq(measures.id, id)).limit(1)
  return found
}

/** Those of some identifiers that were given to a measure. */
export async function findMeasureIds(db: Reader, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const { measures } = db.t
  const found = await db
    .select({ id: measures.id })
    .from(measures)
    .where(inArray(measures.id, [...ids]))
  return new Set(found.map(({ id }) => id))
}

export async function insertMeasureRow(tx: Writer, row: { id: string; createdAt: string; createdBy: string }): Promise<void> {
  await tx.insert(tx.t.measures).values(row)
}

export async function setVersion(tx: Writer, id: string, version: string): Promise<void> {
  const { measures } = tx.t
  await tx.update(measures).set({ version }).where(eq(measures.id, id))
}

export async function findDocument(db: Reader, measureId: string, kind: DocumentKind): Promise<StoredDocument | undefined> {
  const { documents } = db.t
  const { no, tag, json, authorId, sourceNo } = documents
  const [found] = await db
    .select({ no, tag, json, authorId, sourceNo })
    .from(documents)
    .where(and(eq(documents.measureId, measureId), eq(documents.kind, kind)))
    .limit(1)
  return found
}

/** A document as it was just stored, with the measure that it holds. */
export interface PutDocument extends StoredDocument {
  readonly measure: Measure
}

/**
 * Stores a document in place of the one of the same kind, with everything that it is found by. Every document passes here: what
 * became of the measure in use is looked up, and its maturity judged by that as well.
 */
export async function putDocument(tx: Writer, kind: DocumentKind, composed: Measure, origin: Origin): Promise<PutDocument> {
  const { documents } = tx.t
  const today = composed.updatedAt.slice(0, 10)
  const { until, ...readiness } = maturityOf(composed, today, await listConfirmedUses(tx, composed.id))
  const judged: Measure = { ...composed, readiness }
  const measure = kind === 'published' ? await withGaps(tx, judged) : judged
  const json = JSON.stringify(measure)
  const row = {
    measureId: measure.id,
    kind,
    tag: tagOf(json),
    json,
    codes: JSON.stringify(codesOf(measure)),
    languages: languagesOf(measure).join(' '),
    titleKey: fold(measure.title).slice(0, 200),
    updatedAt: measure.updatedAt,
    maturityUntil: until ?? null,
    authorId: origin.authorId,
    sourceNo: origin.sourceNo
  }
  // The lock of the measure is held: an insert that turned into an update would use up a number of PostgreSQL each time.
  const same = and(eq(documents.measureId, measure.id), eq(documents.kind, kind))
  const [updated] = await tx.update(documents).set(row).where(same).returning({ no: documents.no })
  const [stored] = updated ? [updated] : await tx.insert(documents).values(row).returning({ no: documents.no })
  await tx.d.indexText(tx, stored!.no, searchTermsOf(measure))
  tx.keepWords(suggestableWords(measure))
  await putIdentifiers(tx, stored!.no, measure.identifiers)
  return { no: stored!.no, tag: row.tag, json, authorId: row.authorId, sourceNo: row.sourceNo, measure }
}

/** A published measure with its gaps: those that rules find in it follow it at once. */
async function withGaps(tx: Writer, measure: Measure): Promise<Measure> {
  await deriveGaps(tx, measure, measure.updatedAt)
  return { ...measure, gapCount: await gapCountFor(tx, measure.id) }
}

async function putIdentifiers(tx: Writer, documentNo: number, given: Measure['identifiers'] = []): Promise<void> {
  const { identifiers } = tx.t
  await tx.delete(identifiers).where(eq(identifiers.documentNo, documentNo))
  const keys = [...new Set(given.map(identifierKey))]
  if (keys.length > 0) await tx.insert(identifiers).values(keys.map((key) => ({ documentNo, key })))
}

/** The measures that carry one of some identifiers, published or as drafts. */
export async function findByIdentifiers(db: Reader, keys: readonly string[]): Promise<string[]> {
  if (keys.length === 0) return []
  const { identifiers, documents } = db.t
  const found = await db
    .selectDistinct({ measureId: documents.measureId })
    .from(identifiers)
    .innerJoin(documents, eq(documents.no, identifiers.documentNo))
    .where(inArray(identifiers.key, [...keys]))
    .orderBy(asc(documents.measureId))
  return found.map(({ measureId }) => measureId)
}

export async function deleteDocument(tx: Writer, no: number): Promise<void> {
  const { documents, identifiers } = tx.t
  await tx.d.unindexText(tx, no)
  await tx.delete(identifiers).where(eq(identifiers.documentNo, no))
  await tx.delete(documents).where(eq(documents.no, no))
}

export interface VersionRow {
  readonly measureId: string
  readonly version: string
  readonly ordinal: number
  readonly tag: string
  readonly json: string
  readonly publishedAt: string
  readonly publishedBy: string
  readonly changeNote: string | null
  readonly sourceNo: number | null
}

export async function insertVersion(tx: Writer, row: Omit<VersionRow, 'ordinal'>): Promise<void> {
  const { versions } = tx.t
  const [last] = await tx
    .select({ ordinal: versions.ordinal })
    .from(versions)
    .where(eq(versions.measureId, row.measureId))
    .orderBy(desc(versions.ordinal))
    .limit(1)
  await tx.insert(versions).values({ ...row, ordinal: (last?.ordinal ?? 0) + 1 })
}

/** Published versions, the newest first, without their content. */
export async function listVersions(db: Reader, measureId: string) {
  const { versions } = db.t
  const { version, publishedAt, publishedBy, changeNote } = versions
  return db
    .select({ version, publishedAt, publishedBy, changeNote })
    .from(versions)
    .where(eq(versions.measureId, measureId))
    .orderBy(desc(versions.ordinal))
}

export async function findVersion(db: Reader, measureId: string, version: string): Promise<VersionRow | undefined> {
  const { versions } = db.t
  const [found] = await db
    .select()
    .from(versions)
    .where(and(eq(versions.measureId, measureId), eq(versions.version, version)))
    .limit(1)
  return found
}

/** Documents whose maturity has lapsed by `today`. */
export async function listLapsed(db: Reader, today: string) {
  const { documents } = db.t
  const { measureId, kind } = documents
  return db
    .select({ measureId, kind })
    .from(documents)
    .where(and(isNotNull(documents.maturityUntil), lte(documents.maturityUntil, today)))
    .orderBy(asc(documents.no))
}

/** Every document, the oldest first, without its content. */
export const listDocumentKeys = (db: Reader) => {
  const { measureId, kind, no } = db.t.documents
  return db.select({ measureId, kind }).from(db.t.documents).orderBy(asc(no))
}

/** The measures that have a published document, in the order of their numbers. */
export async function listPublishedIds(db: Reader): Promise<string[]> {
  const { measureId, kind, no } = db.t.documents
  return (await db.select({ measureId }).from(db.t.documents).where(eq(kind, 'published')).orderBy(asc(no))).map((row) => row.measureId)
}

/** Words about as long as the one that was not found. */
export async function wordsOfLength(db: Reader, from: number, to: number): Promise<string[]> {
  const { words } = db.t
  const found = await db
    .select({ word: words.word })
    .from(words)
    .where(and(gt(words.length, from - 1), lte(words.length, to)))
  return found.map(({ word }) => word)
}

export interface IndexRow {
  readonly no: number
  readonly measureId: string
  readonly titleKey: string
  readonly updatedAt: string
  readonly priority: string
  readonly codes: string
}

export const entryOf = ({ codes, ...row }: IndexRow): Entry => ({ ...row, codes: JSON.parse(codes) as Codes })

const indexColumns = (db: Reader) => {
  const { no, measureId, titleKey, updatedAt, codes } = db.t.documents
  return { no, measureId, titleKey, updatedAt, codes, priority: priorityWeight('measure') }
}

/** Documents for the index, in the order of their numbers. */
export const listIndexRows = (db: Reader, after: number, limit: number): Promise<IndexRow[]> =>
  db.select(indexColumns(db)).from(db.t.documents).where(gt(db.t.documents.no, after)).orderBy(asc(db.t.documents.no)).limit(limit)

export const findIndexRows = (db: Reader, measureIds: string[]): Promise<IndexRow[]> =>
  db.select(indexColumns(db)).from(db.t.documents).where(inArray(db.t.documents.measureId, measureIds))

/** When the first key of this database was made, to tell it from another with as many changes. */
export async function firstOf(db: Reader): Promise<string> {
  const [found] = await db.select({ at: min(db.t.keys.createdAt) }).from(db.t.keys)
  return found?.at ?? ''
}

/** The number of the last change; 0 before the first. */
export async function headOf(db: Reader): Promise<number> {
  const [found] = await db.select({ head: sql<number>`coalesce(max(${db.t.changes.seq}), 0)`.mapWith(Number) }).from(db.t.changes)
  return found!.head
}

/** Measures that changed, or that an outcome was published on. */
export async function measuresChangedSince(db: Reader, seq: number): Promise<string[]> {
  const changes = await changesSince(db, seq)
  return [...new Set([...idsOf(changes, 'measure'), ...(await prioritisedBy(db, 'measure', idsOf(changes, 'exercise')))])]
}

/** What is asked for all day, compiled once. */
export interface HotQueries {
  /** The published document of a measure. */
  readonly published: Prepared<{ tag: string; json: string; languages: string }>
  readonly draft: Prepared<{ tag: string; json: string; languages: string }>
  readonly head: Prepared<{ head: number | string }>
  /** Documents by number, joined by commas, in the order given. */
  readonly joined: Prepared<{ json: Buffer | string | null }>
}

export function prepareQueries(store: Store): HotQueries {
  const one = (kind: DocumentKind) =>
    store.prepare<{ tag: string; json: string; languages: string }>(`measure-${kind}`, (db) => {
      const { documents } = db.t
      return db
        .select({ tag: documents.tag, json: documents.json, languages: documents.languages })
        .from(documents)
        .where(and(eq(documents.measureId, sql.placeholder('id')), eq(documents.kind, kind)))
    })
  return {
    published: one('published'),
    draft: one('draft'),
    head: prepareHead(store),
    joined: store.prepare('documents-joined', (db) =>
      db.select({ json: db.d.joinDocuments(sql.placeholder('nos')).as('json') }).from(sql`(select 1) as one`)
    )
  }
}
