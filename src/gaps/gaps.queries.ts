/** Everything that gaps ask of the database. */
import { and, asc, eq, gt, inArray, isNotNull, like, lt, sql } from '../../db/drizzle.ts'
import type { Reader, Writer } from '../../db/store.ts'
import { tagOf } from '../json/canonical.ts'
import { changesSince, idsOf, prioritisedBy, priorityWeight } from '../measures/priority.queries.ts'
import { fold } from '../search/terms.ts'
import { codesOf, type GapCodes } from './gap.filters.ts'
import type { Entry } from './gap.index.ts'
import type { Gap } from './gap.schema.ts'
import type { GapStatus } from './life.ts'
import { termsOfGap } from './searching.ts'
import type { Severity } from './severity.ts'

export type Moderation = 'queue' | 'accepted' | 'returned'

export interface GapRow {
  readonly no: number
  readonly id: string
  readonly tag: string
  readonly json: string
  readonly moderation: Moderation
  readonly subject: string | null
  readonly dismissedUntil: string | null
  readonly authorId: string | null
}

/** What is kept beside a gap. */
export type Origin = Pick<GapRow, 'moderation' | 'subject' | 'dismissedUntil' | 'authorId'>

const columns = (db: Reader) => {
  const { no, id, tag, json, moderation, subject, dismissedUntil, authorId } = db.t.gaps
  return { no, id, tag, json, moderation, subject, dismissedUntil, authorId }
}

export async function findGap(db: Reader, id: string): Promise<GapRow | undefined> {
  const [found] = await db.select(columns(db)).from(db.t.gaps).where(eq(db.t.gaps.id, id)).limit(1)
  return found
}

/** Everything that was ever found in something, open or closed. */
export const findBySubject = (db: Reader, subject: string): Promise<GapRow[]> =>
  db.select(columns(db)).from(db.t.gaps).where(eq(db.t.gaps.subject, subject)).orderBy(asc(db.t.gaps.no))

const rowOf = (gap: Gap, origin: Origin) => {
  const json = JSON.stringify(gap)
  return {
    id: gap.id,
    origin: gap.origin,
    status: gap.status,
    ...origin,
    tag: tagOf(json),
    json,
    codes: JSON.stringify(codesOf(gap)),
    terms: termsOfGap(gap),
    titleKey: fold(gap.title).slice(0, 200),
    updatedAt: gap.updatedAt
  }
}

/** Rows of one statement: engines bound how many parameters it may have. */
const ROWS = 50

export async function insertGaps(tx: Writer, gaps: readonly { readonly gap: Gap; readonly origin: Origin }[]): Promise<void> {
  for (let i = 0; i < gaps.length; i += ROWS)
    await tx.insert(tx.t.gaps).values(gaps.slice(i, i + ROWS).map(({ gap, origin }) => rowOf(gap, origin)))
  for (const { gap } of gaps) await putMeasures(tx, gap)
}

/** Roles of measures that have the gap; one that would close it has none. */
const CONCERNED: ReadonlySet<string> = new Set(['caused-by', 'affects'])

/** Findings are found by what they were found in. */
async function putMeasures(tx: Writer, { id, origin, measures = [] }: Gap): Promise<void> {
  if (origin === 'derived') return
  const { gapMeasures } = tx.t
  await tx.delete(gapMeasures).where(eq(gapMeasures.gapId, id))
  // Named twice, it is the worse of its roles that counts.
  const roles = new Map(measures.map(({ measure, role }) => [measure, role]))
  for (const { measure, role } of measures) if (CONCERNED.has(role)) roles.set(measure, role)
  if (roles.size > 0) await tx.insert(gapMeasures).values([...roles].map(([measureId, role]) => ({ gapId: id, measureId, role })))
}

/** The confirmed and open gaps of high severity that some measures have, by measure. */
export async function listHighGaps(db: Reader, measureIds: readonly string[]): Promise<Map<string, Gap[]>> {
  const { gaps, gapMeasures } = db.t
  const found = new Map<string, Gap[]>()
  if (measureIds.length === 0) return found
  const rows = await db
    .select({ measureId: gapMeasures.measureId, role: gapMeasures.role, json: gaps.json, moderation: gaps.moderation })
    .from(gapMeasures)
    .innerJoin(gaps, eq(gaps.id, gapMeasures.gapId))
    .where(inArray(gapMeasures.measureId, [...measureIds]))
    .orderBy(asc(gaps.no))
  for (const { measureId, role, json } of rows.filter(isAccepted)) {
    const gap = JSON.parse(json) as Gap
    if (!CONCERNED.has(role) || !HIGH.has(gap.severityLevel) || !REVIEWED.has(gap.status)) continue
    const known = found.get(measureId)
    if (known) known.push(gap)
    else found.set(measureId, [gap])
  }
  return found
}

const isAccepted = ({ moderation }: { readonly moderation: Moderation }) => moderation === 'accepted'
const HIGH: ReadonlySet<Severity> = new Set(['high', 'critical'])
/** What a second person has confirmed, and nobody has closed. */
const REVIEWED: ReadonlySet<GapStatus> = new Set(['confirmed', 'remedy-agreed', 'in-progress'])

/** By what the public gaps of a measure are counted: those that name it, and those that were found in it. */
export async function listGapCodes(db: Reader, measureId: string, subject: string): Promise<GapCodes[]> {
  const { gaps, gapMeasures } = db.t
  const { codes, moderation } = gaps
  // Two questions, each by one index: with more to go by, SQLite would look at every accepted gap.
  const found = await db.select({ codes, moderation, subject: gaps.subject }).from(gaps).where(eq(gaps.subject, subject))
  const named = await db
    .select({ codes, moderation, subject: gaps.subject, role: gapMeasures.role })
    .from(gapMeasures)
    .innerJoin(gaps, eq(gaps.id, gapMeasures.gapId))
    .where(eq(gapMeasures.measureId, measureId))
  return [...found, ...named.filter((each) => each.subject !== subject && CONCERNED.has(each.role))]
    .filter(isAccepted)
    .map((each) => JSON.parse(each.codes) as GapCodes)
}

/** Stores findings in place of those they were, all in one statement: a measure has a dozen. Their numbers stay. */
export async function putFindings(
  tx: Writer,
  findings: readonly { readonly no: number; readonly gap: Gap; readonly origin: Origin }[]
): Promise<void> {
  const { gaps } = tx.t
  const set = Object.fromEntries(CHANGEABLE.map((column) => [column, sql.raw(`excluded.${gaps[column].name}`)]))
  for (let i = 0; i < findings.length; i += ROWS)
    await tx
      .insert(gaps)
      .values(findings.slice(i, i + ROWS).map(({ no, gap, origin }) => ({ no, ...rowOf(gap, origin) })))
      .onConflictDoUpdate({ target: gaps.no, set })
}
const CHANGEABLE = ['origin', 'status', 'tag', 'json', 'codes', 'terms', 'titleKey', 'updatedAt', 'dismissedUntil'] as const

export async function updateGap(tx: Writer, gap: Gap, origin: Origin): Promise<{ tag: string; json: string }> {
  const row = rowOf(gap, origin)
  await tx.update(tx.t.gaps).set(row).where(eq(tx.t.gaps.id, gap.id))
  await putMeasures(tx, gap)
  return row
}

/** Reports that wait for a reviewer, the oldest first. */
export const listQueue = (db: Reader, after: number, limit: number): Promise<GapRow[]> => {
  const { gaps } = db.t
  return db
    .select(columns(db))
    .from(gaps)
    .where(and(eq(gaps.moderation, 'queue'), gt(gaps.no, after)))
    .orderBy(asc(gaps.no))
    .limit(limit)
}
export const countQueue = (db: Reader): Promise<number> => db.$count(db.t.gaps, eq(db.t.gaps.moderation, 'queue'))

/** Findings that were put aside until a day that is over. */
export const listLapsedDismissals = (db: Reader, today: string): Promise<GapRow[]> => {
  const { gaps } = db.t
  return db
    .select(columns(db))
    .from(gaps)
    .where(and(isNotNull(gaps.dismissedUntil), lt(gaps.dismissedUntil, today), eq(gaps.status, 'dismissed')))
    .orderBy(asc(gaps.no))
}

/** The cells that a measure fills. */
export async function cellsOfMeasure(db: Reader, measureId: string): Promise<string[]> {
  const { cells } = db.t
  return (await db.select({ cell: cells.cell }).from(cells).where(eq(cells.measureId, measureId))).map(({ cell }) => cell)
}

export async function putCells(tx: Writer, measureId: string, { gone, added }: { gone: string[]; added: string[] }): Promise<void> {
  const { cells } = tx.t
  if (gone.length > 0) await tx.delete(cells).where(and(eq(cells.measureId, measureId), inArray(cells.cell, gone)))
  if (added.length > 0) await tx.insert(cells).values(added.map((cell) => ({ cell, measureId })))
}

/** Every cell that a finding was ever made in. */
export async function judgedCells(db: Reader): Promise<string[]> {
  const { gaps } = db.t
  const found = await db.selectDistinct({ subject: gaps.subject }).from(gaps).where(like(gaps.subject, 'cell:%'))
  return found.map(({ subject }) => subject!.slice('cell:'.length))
}

interface IndexRow {
  readonly no: number
  readonly id: string
  readonly subject: string | null
  readonly titleKey: string
  readonly updatedAt: string
  readonly priority: string
  readonly codes: string
  readonly terms: string
}

const indexColumns = (db: Reader) => {
  const { no, id, subject, titleKey, updatedAt, codes, terms } = db.t.gaps
  return { no, id, subject, titleKey, updatedAt, codes, terms, priority: priorityWeight('gap') }
}
const entryOf = ({ codes, terms, ...row }: IndexRow): Entry => ({ ...row, codes: JSON.parse(codes) as GapCodes, terms })

/** Public gaps for the index, in the order of their numbers. */
export async function listIndexEntries(db: Reader, after: number, limit: number): Promise<Entry[]> {
  const { gaps } = db.t
  const rows = await db
    .select(indexColumns(db))
    .from(gaps)
    .where(and(gt(gaps.no, after), eq(gaps.moderation, 'accepted')))
    .orderBy(asc(gaps.no))
    .limit(limit)
  return rows.map(entryOf)
}

export async function findIndexEntries(db: Reader, by: 'id' | 'subject', values: string[]): Promise<Entry[]> {
  const { gaps } = db.t
  const rows = await db
    .select({ ...indexColumns(db), moderation: gaps.moderation })
    .from(gaps)
    .where(inArray(by === 'id' ? gaps.id : gaps.subject, values))
  return rows.filter(isAccepted).map(({ moderation: _moderation, ...row }) => entryOf(row))
}

/** The stored JSON of gaps by number, in the order given. */
export async function findGapsByNumber(db: Reader, numbers: readonly number[]): Promise<GapRow[]> {
  if (numbers.length === 0) return []
  const rows = new Map<number, GapRow>()
  for (let i = 0; i < numbers.length; i += 500) {
    const found = await db
      .select(columns(db))
      .from(db.t.gaps)
      .where(inArray(db.t.gaps.no, numbers.slice(i, i + 500)))
    for (const row of found) rows.set(row.no, row)
  }
  return numbers.flatMap((no) => rows.get(no) ?? [])
}

/** Those of some cells that a measure fills. */
export async function filledCells(db: Reader, names: readonly string[]): Promise<Set<string>> {
  const { cells } = db.t
  const filled = new Set<string>()
  for (let i = 0; i < names.length; i += ROWS) {
    const found = await db
      .selectDistinct({ cell: cells.cell })
      .from(cells)
      .where(inArray(cells.cell, names.slice(i, i + ROWS)))
    for (const { cell } of found) filled.add(cell)
  }
  return filled
}

/** What changed after a number of the log: gaps themselves, or by a vote on them, and measures that gaps are found in. */
export async function changedSince(db: Reader, seq: number): Promise<{ readonly gaps: string[]; readonly measures: string[] }> {
  const changes = await changesSince(db, seq)
  const voted = await prioritisedBy(db, 'gap', idsOf(changes, 'exercise'))
  return { gaps: [...new Set([...idsOf(changes, 'gap'), ...voted])], measures: idsOf(changes, 'measure') }
}

export const isTaken = async (db: Reader, id: string): Promise<boolean> => (await findGap(db, id)) !== undefined

/** Those of some measures that have a document of one of these kinds. */
export async function findMeasuresWith(
  db: Reader,
  ids: readonly string[],
  kinds: readonly ('published' | 'draft')[]
): Promise<Set<string>> {
  const { documents } = db.t
  const found = new Set<string>()
  for (let i = 0; i < ids.length; i += ROWS) {
    const rows = await db
      .selectDistinct({ id: documents.measureId })
      .from(documents)
      .where(and(inArray(documents.measureId, ids.slice(i, i + ROWS)), inArray(documents.kind, [...kinds])))
    for (const { id } of rows) found.add(id)
  }
  return found
}
