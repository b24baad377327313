/** Everything that imports ask of the database. */
import { and, asc, desc, eq, gt, inArray, lt, or } from '../../db/drizzle.ts'
import type { Reader, Writer } from '../../db/store.ts'
import { findByIdentifiers, findDocument, findMeasureRow } from '../measures/measure.queries.ts'
import type { Measure } from '../measures/measure.schema.ts'
import { contentOf } from '../measures/measure.ts'
import type { Candidate } from './candidate.ts'
import { canBeSame } from './matching.ts'
import type { Outcome, Present } from './plan.ts'

/** The measures that a record may be of, with what is known of each. */
export async function findPresent(db: Reader, candidate: Candidate): Promise<Present[]> {
  const { identity, content, keys } = candidate
  const ids = identity.id === undefined ? await findByKeys(db, candidate) : [identity.id]
  const found: Present[] = []
  for (const id of ids) {
    const present = await presentOf(db, id)
    if (present) found.push(present)
  }
  if (identity.id !== undefined || identity.url !== undefined || keys.length === 0) return found
  const carried = ({ draft, published }: Present) => (draft ?? published)?.content.identifiers ?? []
  return found.filter((present) => canBeSame(content.identifiers ?? [], carried(present)))
}

/**
 * A record without an id is looked up by what it is called elsewhere. One whose draft was thrown away is known by its url; one that
 * carries no name at all, by being the same again.
 */
async function findByKeys(db: Reader, { keys, identity: { url }, hash }: Candidate): Promise<string[]> {
  const ids = await findByIdentifiers(db, keys)
  if (ids.length > 0 || (url === undefined && keys.length > 0)) return ids
  const { sources, documents } = db.t
  const found = await db
    .select({ id: sources.measureId, document: documents.no, sourceNo: documents.sourceNo, no: sources.no })
    .from(sources)
    .leftJoin(documents, eq(documents.measureId, sources.measureId))
    .where(url === undefined ? eq(sources.hash, hash) : eq(sources.url, url))
    .orderBy(desc(sources.no))
  const isIt = (row: (typeof found)[number]) => (url === undefined ? row.sourceNo === row.no : row.document === null)
  return found
    .filter(isIt)
    .slice(0, 1)
    .map(({ id }) => id)
}

async function presentOf(db: Reader, id: string): Promise<Present | undefined> {
  if (!(await findMeasureRow(db, id))) return undefined
  const [draft, published] = [await findDocument(db, id, 'draft'), await findDocument(db, id, 'published')]
  const source = await findSource(db, draft?.sourceNo ?? published?.sourceNo)
  const measure = published && (JSON.parse(published.json) as Measure)
  // An import that was reverted leaves a retired measure behind: the record comes in as another.
  if (measure?.status === 'retired' && source?.state === 'reverted') return undefined
  return {
    id,
    retirement: measure?.retirement,
    published: measure && { content: contentOf(measure) },
    draft: draft && { content: contentOf(JSON.parse(draft.json) as Measure), authorId: draft.authorId },
    source: source && { ...source, content: JSON.parse(source.content) as Candidate['content'] },
    wasImported: source !== undefined || (await hasSource(db, id))
  }
}

async function findSource(db: Reader, no: number | null | undefined) {
  if (no === null || no === undefined) return undefined
  const { sources, imports } = db.t
  const { hash, release, releaseDate, content } = sources
  const [found] = await db
    .select({ hash, release, releaseDate, content, state: imports.state })
    .from(sources)
    .leftJoin(imports, eq(imports.id, sources.importId))
    .where(eq(sources.no, no))
  return found
}

async function hasSource(db: Reader, measureId: string): Promise<boolean> {
  const { sources } = db.t
  const found = await db.select({ no: sources.no }).from(sources).where(eq(sources.measureId, measureId)).limit(1)
  return found.length > 0
}

/** Keeps a record with what was made of it; returns its number. */
export async function insertSource(tx: Writer, importId: string, measureId: string, candidate: Candidate): Promise<number> {
  const { sources } = tx.t
  const { identity, format, hash, content, record, isKept, at } = candidate
  const [stored] = await tx
    .insert(sources)
    .values({
      measureId,
      url: identity.url ?? null,
      format,
      hash,
      release: identity.release ?? null,
      releaseDate: identity.date ?? null,
      content: JSON.stringify(content),
      record: isKept ? JSON.stringify(record) : null,
      importId,
      at
    })
    .returning({ no: sources.no })
  return stored!.no
}

export interface ImportRow {
  readonly id: string
  readonly at: string
  readonly actorId: string
  readonly actor: string
  readonly state: 'dry-run' | 'committed' | 'refused' | 'reverted'
  readonly summary: object
  readonly revertedAt: string | null
  readonly revertedBy: string | null
  readonly revertReason: string | null
}

/** What became of a row, as it is stored. */
export interface StoredRow {
  readonly ordinal: number
  readonly outcome: Outcome
  readonly measureId: string | null
  readonly json: string
  readonly record: string | null
  readonly undo: string | null
}

export async function insertImport(tx: Writer, row: Omit<ImportRow, 'revertedAt' | 'revertedBy' | 'revertReason'>): Promise<void> {
  await tx.insert(tx.t.imports).values(row)
}

/** Rows of one statement: engines bound the number of parameters. */
const ROWS = 500

export async function insertImportRows(tx: Writer, importId: string, rows: readonly StoredRow[]): Promise<void> {
  for (let i = 0; i < rows.length; i += ROWS)
    await tx.insert(tx.t.importRows).values(rows.slice(i, i + ROWS).map((row) => ({ importId, ...row })))
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

/** Rows of a report in the order of the file, after an ordinal. */
export async function listImportRows(
  db: Reader,
  importId: string,
  after: number,
  limit: number,
  outcomes?: readonly Outcome[]
): Promise<StoredRow[]> {
  const { importRows } = db.t
  const { ordinal, outcome, measureId, json, record, undo } = importRows
  return db
    .select({ ordinal, outcome, measureId, json, record, undo })
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
