/**
 * What the registry asks of a database, whichever engine answers.
 *
 * `read` and `write` are units of work: everything inside sees one snapshot, and a write is committed as a whole or not
 * at all. The handles say which is which: a `Reader` has no way to write. Nothing leaves a unit of work but its result.
 */
import type { SQL } from 'drizzle-orm'
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'
import type { Tables } from './schema.ts'

type Db = BaseSQLiteDatabase<'async', unknown>

/** One word of a search: found as it stands, or at the beginning of a longer word. */
export interface Term {
  readonly term: string
  readonly prefix: boolean
}

/** A search: every group has to be found, any alternative of a group will do. Terms hold letters, digits and `~` only. */
export type TextQuery = readonly (readonly Term[])[]

/** Terms to be found, separated by blanks; made by the registry, not by the engine, so that both engines find the same. */
export interface TextEntry {
  readonly title: string
  readonly rest: string
}

/** What differs between the engines and cannot be spelled in portable SQL. Keep it small. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres'
  /** Makes document `no` findable by these terms, in place of those it had. */
  indexText(tx: Writer, no: number, entry: TextEntry): Promise<void>
  /** Makes document `no` findable no longer. */
  unindexText(tx: Writer, no: number): Promise<void>
  /** At most `limit` documents that match, in ascending order of their numbers, all greater than `after`. */
  matchText(db: Reader, query: TextQuery, scope: 'title' | 'any', after: number, limit: number): Promise<number[]>
  /** JSON that is text already, as the value of a JSON column. */
  jsonText(text: string): SQL<never>
  /**
   * Puts the rows of an exercise in the order of their keys, as if they had been written together: an engine that keeps rows as they
   * come tells who was first, second and third.
   */
  forgetOrder(tx: Writer, table: 'ballots' | 'receipts', exerciseId: string): Promise<void>
  /** The stored JSON of the documents whose numbers stand in `nos` (a JSON array), joined by commas, in that order. */
  joinDocuments(nos: unknown): SQL<Buffer | string | null>
}

/** A consistent snapshot that can only be read. */
export type Reader = Pick<Db, 'select' | 'selectDistinct' | 'with' | '$with' | '$count'> & {
  readonly t: Tables
  readonly d: Dialect
}

/** The lock under which units of work end: also the resource that findings of many measures belong to. */
export const LOG_LOCK = 'log of changes'

/** Something that happened to a resource: one entry of the log of changes. */
export interface Change {
  readonly at: string
  readonly kind: 'measure' | 'gap' | 'exercise' | 'vocabulary'
  readonly id: string
  readonly action: string
  readonly version?: string
  /** The name of the key that did it. */
  readonly actor: string
  readonly reason?: string
  /** What changed in the content: JSON pointer, old and new value. */
  readonly fields?: readonly FieldChange[]
}

export interface FieldChange {
  readonly pointer: string
  readonly old?: unknown
  readonly new?: unknown
}

/** A unit of work: everything done through it is committed together, or not at all. */
export type Writer = Reader &
  Pick<Db, 'insert' | 'update' | 'delete'> & {
    /**
     * Waits until nobody else writes the resource, as if it had been named when the unit of work began. Only for a unit of work
     * that is the only one of its kind (such as an import): two that wait for each other end with an error.
     */
    lock(name: string): Promise<void>
    /**
     * Runs `work` when everything else of the unit of work is done, while nobody else ends one: what it reads is what there will be. For what
     * follows from many resources at once. Others wait meanwhile, so it has to be short.
     */
    atEnd(work: () => Promise<void>): void
    /** Adds words to those that a misspelt search is compared with. They are written last: two writers of one word wait for each other. */
    keepWords(words: readonly string[]): void
    /** Adds to the log of changes. Entries get their numbers in the order of the commits, without gaps. */
    record(change: Change): void
  }

/** A query built once and run many times, each time on what is committed by then. */
export type Prepared<Row> = (values?: Record<string, unknown>) => Promise<Row[]>

export interface Store {
  readonly dialect: Dialect['name']
  /** Runs `work` on a read-only snapshot. */
  read<T>(work: (db: Reader) => Promise<T>): Promise<T>
  /**
   * Runs `work` alone on the resources named in `locks` (such as `measure:pacic`): other writers of the same resources
   * wait, writers of others do not. May run `work` more than once, so it must have no other effect.
   */
  write<T>(locks: readonly string[], work: (tx: Writer) => Promise<T>, options?: { deadlineMs?: number }): Promise<T>
  /** Runs `work` while no other process runs anything under the same name; `work` may use the store. For starts. */
  exclusively<T>(name: string, work: () => Promise<T>): Promise<T>
  /**
   * Compiles a select once. Rows come as the driver gives them, keyed by the names of the selection: for text and
   * integer columns only.
   */
  prepare<Row>(name: string, build: (db: Reader) => Selection): Prepared<Row>
  /** Overwrites what was deleted, as far as the engine can: nothing of it is left in the files of the database itself. */
  scrub(): Promise<void>
  /** True while the database answers. */
  isAlive(): Promise<boolean>
  /** Ends when the units of work under way have ended; from now on nothing is begun. */
  close(): Promise<void>
}

/** What `prepare` needs of a builder of Drizzle. */
export interface Selection {
  toSQL(): { sql: string; params: unknown[] }
}

/** A failure of the storage itself, told apart by `code`, never by its message. */
export class StoreError extends Error {
  readonly code: 'STORE_NESTED' | 'STORE_ENDED' | 'STORE_TIMEOUT' | 'STORE_UNREACHABLE' | 'STORE_CLOSED' | 'STORE_CONFIGURATION'
  constructor(code: StoreError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StoreError'
    this.code = code
  }
}
