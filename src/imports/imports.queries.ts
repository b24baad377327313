/** Everything that imports ask of the database. */
import { and, asc, desc, eq, gt, inArray, lt, or } from '../../db/drizzle.ts'
import type { Reader, Writer } from '../../db/store.ts'
import { findByIdentifiers, findDocument, findMeasureRow } from '../measures/measure.queries.ts'
import type { Measure, MeasureContent } from '../measures/measure.schema.ts'
import { contentOf } from '../measures/measure.ts'
import type { Candidate } from './candidate.ts'
import { canBeSame } from './matching.ts'
import type { ImportState, Outcome } from './outcomes.ts'
import type { Present } from './plan.ts'

/** Drafts as this import left them so far: its rows are not stored yet. */
export type OwnDrafts = ReadonlyMap<string, { readonly tag: string; readonly actorId: string }>

/** The measures that a record may be of, with what is known of each. */
export async function findPresent(db: Reader, candidate: Candidate, own: OwnDrafts = new Map()): Promise<Present[]> {
  const { identity, content } = candidate
  const ids = new Set([...(identity.id === undefined ? [] : [identity.id]), ...(await findByKeys(db, candidate))])
  const found: Present[] = []
  for (const id of ids) {
    const present = await presentOf(db, id, candidate.hash, own)
    if (present && (id === identity.id || (!present.isReverted && carries(present, identity.url, content.identifiers)))) found.push(present)
  }
  return found
}

/** A canonical url that led here names the measure; of several identifiers one decides. */
function carries({ draft, published }: Present, url: string | undefined, identifiers: MeasureContent['identifiers'] = []): boolean {
  const known = (draft ?? published)?.content.identifiers
  return url !== undefined || identifiers.length === 0 || known === undefined || canBeSame(identifiers, known)
}

/**
 * A record is looked up by what it is called elsewhere, in the documents and in the records that they were made from: somebody may
 * have taken the url out of a draft, or thrown the draft away. One that carries no name at all is known by being the same again.
 */
async function findByKeys(db: Reader, { keys, identity: { id, url }, hash }: Candidate): Promise<string[]> {
  const ids = await findByIdentifiers(db, keys)
  if (ids.length > 0 || id !== undefined || (url === undefined && keys.length > 0)) return ids
  const { sources, documents } = db.t
  const found = await db
    .select({ id: sources.measureId, document: documents.no, sourceNo: documents.sourceNo, no: sources.no })
    .from(sources)
    .leftJoin(documents, eq(documents.measureId, sources.measureId))
    .where(url === undefined ? eq(sources.hash, hash) : eq(sources.url, url))
    .orderBy(desc(sources.no))
  const isIt = (row: (typeof found)[number]) => row.sourceNo === row.no || (url !== undefined && row.document === null)
  return found
    .filter(isIt)
    .slice(0, 1)
    .map(({ id: measureId }) => measureId)
}

async function presentOf(db: Reader, id: string, hash: string, own: OwnDrafts): Promise<Present | undefined> {
  if (!(await findMeasureRow(db, id))) return undefined
  const [draft, published] = [await findDocument(db, id, 'draft'), await findDocument(db, id, 'published')]
  const source = await findSource(db, draft?.sourceNo ?? published?.sourceNo)
  const measure = published && (JSON.parse(published.json) as Measure)
  return {
    id,
    retirement: measure?.retirement,
    isReverted: measure?.status === 'retired' && source?.state === 'reverted',
    published: measure && { content: withoutNote(contentOf(measure)) },
    draft: draft && { content: contentOf(JSON.parse(draft.json) as Measure), broughtBy: await broughtBy(db, id, draft, source, own) },
    source: source && { ...source, content: JSON.parse(source.content) as Candidate['content'] },
    isSuperseded: source !== undefined && source.hash !== hash && (await hasEarlierSource(db, id, hash, source.no)),
    wasImported: source !== undefined || (await hasSource(db, id))
  }
}

/** A change note is of the version that it came with. */
const withoutNote = ({ changeNote: _, ...content }: MeasureContent): MeasureContent => content

/** Whose import brought a draft that nobody has touched since. */
async function broughtBy(
  db: Reader,
  id: string,
  { tag }: { tag: string },
  source: { importId: string; actorId: string | null } | undefined,
  own: OwnDrafts
): Promise<string | null> {
  const mine = own.get(id)
  if (mine) return mine.tag === tag ? mine.actorId : null
  if (!source) return null
  const { importRows } = db.t
  const rows = await db
    .select({ undo: importRows.undo })
    .from(importRows)
    .where(and(eq(importRows.measureId, id), eq(importRows.importId, source.importId)))
  return rows.some(({ undo }) => undo !== null && (JSON.parse(undo) as { tag: string }).tag === tag) ? source.actorId : null
}

async function findSource(db: Reader, no: number | null | undefined) {
  if (no === null || no === undefined) return undefined
  const { sources, imports } = db.t
  const { format, hash, release, releaseDate, content, importId } = sources
  const [found] = await db
    .select({ no: sources.no, format, hash, release, releaseDate, content, importId, state: imports.state, actorId: imports.actorId })
    .from(sources)
    .leftJoin(imports, eq(imports.id, sources.importId))
    .where(eq(sources.no, no))
  return found
}

/** Whether the same record was imported before the one that the measure is made from now. */
async function hasEarlierSource(db: Reader, measureId: string, hash: string, no: number): Promise<boolean> {
  const { sources, imports } = db.t
  const found = await db
    .select({ no: sources.no })
    .from(sources)
    .innerJoin(imports, and(eq(imports.id, sources.importId), eq(imports.state, 'committed')))
    .where(and(eq(sources.hash, hash), eq(sources.measureId, measureId), lt(sources.no, no)))
    .limit(1)
  return found.length > 0
}

async function hasSource(db: Reader, measureId: string): Promise<boolean> {
  const { sources } = db.t
  const found = await db.select({ no: sources.no }).from(sources).where(eq(sources.measureId, measureId)).limit(1)
  return found.length > 0
}

/** Keeps a record with what was made of it; returns its number. */
export async function insertSource(
  tx: Writer,
  importId: string,
  measureId: string,
  candidate: Candidate,
  theirs: Candidate['content']
): Promise<number> {
  const { sources } = tx.t
  const { identity, format, hash, record, isKept, at } = candidate
  const [stored] = await tx
    .insert(sources)
    .values({
      measureId,
      url: identity.url ?? null,
      format,
      hash,
      release: identity.release ?? null,
      releaseDate: identity.date ?? null,
      content: JSON.stringify(theirs),
      record: isKept ? JSON.stringify(record) : null,
      importId,
      at
    })
    .returning({ no: sources.no })
  return stored!.no
}

/** Makes a record the base of the next comparison with a measure, where it changed nothing. */
export async function rebase(tx: Writer, measureId: string, sourceNo: number): Promise<void> {
  const { documents } = tx.t
  const document = (await findDocument(tx, measureId, 'draft')) ?? (await findDocument(tx, measureId, 'published'))
  if (document) await tx.update(documents).set({ sourceNo }).where(eq(documents.no, document.no))
}

export interface ImportRow {
  readonly id: string
  readonly at: string
  readonly actorId: string
  readonly actor: string
  readonly state: ImportState
  readonly summary: object
  readonly revertedAt: string | null
  readonly revertedBy: string | null
  readonly revertReason: string | null
}

/** What became of a row, as it is stored. */
export interface StoredRow {
  readonly ordinal: number
  /** The place in the order in which the rows went in. */
  readonly position: number
  readonly outcome: Outcome
  readonly measureId: string | null
  readonly json: string
  readonly record: string | null
  readonly undo: string | null
}

export async function insertImport(tx: Writer, row: Omit<ImportRow, 'revertedAt' | 'revertedBy' | 'revertReason'>): Promise<void> {
  await tx.insert(tx.t.imports).values(row)
}

/** Stores rows, few enough for one statement. */
export async function insertImportRows(tx: Writer, importId: string, rows: readonly Omit<StoredRow, 'record'>[]): Promise<void> {
  await tx.insert(tx.t.importRows).values(rows.map((row) => ({ importId, ...row, record: null })))
}

/** Keeps what a rejected row was. */
export async function keepRecord(tx: Writer, importId: string, ordinal: number, record: string): Promise<void> {
  const { importRows } = tx.t
  await tx
    .update(importRows)
    .set({ record })
    .where(and(eq(importRows.importId, importId), eq(importRows.ordinal, ordinal)))
}

export async function findImport(db: Reader, id: string): Promise<ImportRow | undefined> {
  const [found] = await db.select().from(db.t.imports).where(eq(db.t.imports.id, id))
  return found
}

/** Imports, the newest first, at most `limit` of those before a place. */
export async function listImports(db: Reader, limit: number, before?: { at: string; id: string }): Promise<ImportRow[]> {
  const { imports } = db.t
  const earlier = before && or(lt(imports.at, before.at), and(eq(imports.at, before.at), lt(imports.id, before.id)))
  return db.select().from(imports).where(earlier).orderBy(desc(imports.at), desc(imports.id)).limit(limit)
}

export const countImports = (db: Reader): Promise<number> => db.$count(db.t.imports)

/** Rows of an import from the last that went in to the first, before a position: as they are taken back. */
export async function listRowsBackwards(db: Reader, importId: string, before: number, limit: number): Promise<StoredRow[]> {
  const { importRows } = db.t
  return db
    .select(rowColumns(db))
    .from(importRows)
    .where(and(eq(importRows.importId, importId), lt(importRows.position, before)))
    .orderBy(desc(importRows.position))
    .limit(limit)
}

const rowColumns = (db: Reader) => {
  const { ordinal, position, outcome, measureId, json, record, undo } = db.t.importRows
  return { ordinal, position, outcome, measureId, json, record, undo }
}

/** Rows of a report in the order of the file, after an ordinal. */
export async function listImportRows(
  db: Reader,
  importId: string,
  after: number,
  limit: number,
  outcomes?: readonly Outcome[]
): Promise<StoredRow[]> {
  const { importRows } = db.t
  const { ordinal, outcome } = importRows
  return db
    .select(rowColumns(db))
    .from(importRows)
    .where(and(eq(importRows.importId, importId), gt(ordinal, after), outcomes ? inArray(outcome, [...outcomes]) : undefined))
    .orderBy(asc(ordinal))
    .limit(limit)
}

export async function markReverted(tx: Writer, id: string, by: { at: string; name: string; reason: string | null }): Promise<void> {
  const { imports } = tx.t
  await tx
    .update(imports)
    .set({ state: 'reverted', revertedAt: by.at, revertedBy: by.name, revertReason: by.reason })
    .where(eq(imports.id, id))
}

/** Forgets dry runs from before an instant: they changed nothing. */
export async function forgetDryRuns(tx: Writer, before: string): Promise<void> {
  const { imports, importRows } = tx.t
  const old = tx
    .select({ id: imports.id })
    .from(imports)
    .where(and(eq(imports.state, 'dry-run'), lt(imports.at, before)))
  await tx.delete(importRows).where(inArray(importRows.importId, old))
  await tx.delete(imports).where(and(eq(imports.state, 'dry-run'), lt(imports.at, before)))
}
