import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import type { SQL } from 'drizzle-orm'
import { LRUCache } from 'lru-cache'
import { drizzleSqlite as drizzle, fillPlaceholders, sql } from './drizzle.ts'
import { isBusy } from './errors.ts'
import { migrationsOf } from './migrations.ts'
import { sqliteTables } from './schema.ts'
import { cutOffLog } from './scrubbing.ts'
import { startLock } from './start-lock.ts'
import { type Change, type Dialect, type Reader, type Store, StoreError, type TextQuery, type Writer } from './store.ts'
import {
  appendToLog,
  ended,
  Lender,
  type Recorded,
  recordedOf,
  soloist,
  storeClosed,
  termsToFind,
  termsToStore,
  withDeadline
} from './unit.ts'

/** What a handle has beside the public interface: statements that Drizzle's builder cannot spell. */
interface Raw {
  run(statement: SQL): unknown
  values(statement: SQL): unknown[][]
}
const raw = (handle: Reader | Writer) => handle as unknown as Raw

const spelled = (query: TextQuery, scope: 'title' | 'any') => {
  const groups = query.map((group) => `(${group.map(({ term, prefix }) => `"${term}"${prefix ? '*' : ''}`).join(' OR ')})`)
  const all = groups.join(' AND ')
  return scope === 'title' ? `{title} : (${all})` : all
}

const dialect: Dialect = {
  name: 'sqlite',
  async indexText(tx, no, entry) {
    const { title, rest } = termsToStore(entry)
    raw(tx).run(sql`insert or replace into measure_text (rowid, title, rest) values (${no}, ${title.join(' ')}, ${rest.join(' ')})`)
  },
  async unindexText(tx, no) {
    raw(tx).run(sql`delete from measure_text where rowid = ${no}`)
  },
  async matchText(db, query, scope, after, limit) {
    const found = termsToFind(query)
    if (!found) return []
    const match = spelled(found, scope)
    const rows = raw(db).values(
      sql`select rowid from measure_text where measure_text match ${match} and rowid > ${after} order by rowid limit ${limit}`
    )
    return rows.map(([no]) => no as number)
  },
  jsonText: (text) => sql`${text}`,
  // Tables of voters are WITHOUT ROWID: their rows lie in the order of the keys anyway.
  forgetOrder: async () => {},
  joinDocuments: (nos) =>
    sql`(select cast(group_concat(d.json, ',' order by j.key) as blob) from json_each(${nos}) j join documents d on d.no = j.value)`
}

function insertWords(tx: Writer, words: readonly string[]): void {
  raw(tx).run(
    sql`insert into words (word, length) select value, length(value) from json_each(${JSON.stringify(words)}) where true on conflict do nothing`
  )
}

/**
 * What every connection is told. WAL in this driver's build means `synchronous=NORMAL`, which loses acknowledged writes when the power fails.
 * What is deleted is overwritten: secrets of exercises are.
 */
const PRAGMAS = ['busy_timeout = 5000', 'synchronous = FULL', 'foreign_keys = ON', 'secure_delete = ON']

const COMPILED = 200
const statements = new WeakMap<Database.Database, LRUCache<string, Database.Statement>>()

/** The statement of a text, compiled once for each connection: compiling costs more than most statements do. */
function compiled(connection: Database.Database, text: string): Database.Statement {
  let known = statements.get(connection)
  if (!known) statements.set(connection, (known = new LRUCache({ max: COMPILED })))
  let statement = known.get(text)
  if (!statement) known.set(text, (statement = connection.prepare(text)))
  return statement
}

/**
 * A compiled statement as Drizzle uses it. Whoever keeps one cannot run it when `check` throws; and since statements are
 * shared, whether rows come as arrays is said at each run.
 */
function guardedStatement(statement: Database.Statement, check: () => void) {
  const inForm = (asArrays: boolean) => {
    check()
    return statement.reader ? statement.raw(asArrays) : statement
  }
  const readers = (asArrays: boolean) => ({
    all: (...values: unknown[]) => inForm(asArrays).all(...values),
    get: (...values: unknown[]) => inForm(asArrays).get(...values)
  })
  return { ...readers(false), run: (...values: unknown[]) => inForm(false).run(...values), raw: () => readers(true) }
}

export interface SqliteOptions {
  /** A path, or `:memory:`. */
  readonly file: string
  readonly readers?: number
  /** How long a unit of work may take before it is rolled back. */
  readonly deadlineMs?: number
}

/**
 * One connection writes, the others only read, enforced by SQLite itself: in WAL mode readers never block the writer nor see
 * what it has not committed. An in-memory database is a private temporary file, since connections cannot share memory.
 */
export async function openSqlite({ file, readers = 2, deadlineMs = 5_000 }: SqliteOptions): Promise<Store> {
  const temporary = file === ':memory:' ? mkdtempSync(join(tmpdir(), 'registry-')) : undefined
  const path = temporary ? join(temporary, 'registry.db') : file
  const exclusively = startLock(`${path}.lock`)
  const opened: Database.Database[] = []
  const end = () => {
    for (const connection of opened) connection.close()
    if (temporary) rmSync(temporary, { recursive: true, force: true })
  }
  const open = (options: Database.Options = {}) => {
    const connection = new Database(path, options)
    opened.push(connection)
    for (const pragma of PRAGMAS) connection.pragma(pragma)
    return connection
  }
  try {
    const writer = open()
    await exclusively(async () => {
      writer.pragma('journal_mode = WAL')
      migrate(writer)
    })
    if (writer.pragma('synchronous', { simple: true }) !== 2)
      throw new StoreError('STORE_CONFIGURATION', 'SQLite refuses synchronous=FULL.')
    // Units of work wait for other processes without blocking this one: see `begin`.
    writer.pragma('busy_timeout = 0')
    const connections = Array.from({ length: readers }, () => open({ readonly: true, fileMustExist: true }))
    return storeOn({ writer, readers: connections, hot: open({ readonly: true, fileMustExist: true }), exclusively, end, deadlineMs })
  } catch (error) {
    end()
    throw error
  }
}

interface Connections {
  readonly writer: Database.Database
  readonly readers: readonly Database.Database[]
  /** For prepared queries: one statement each, so that no snapshot is ever held open. */
  readonly hot: Database.Database
  readonly exclusively: <T>(work: () => Promise<T>) => Promise<T>
  readonly end: () => void
  readonly deadlineMs: number
}

function storeOn({ writer, readers, hot, exclusively, end, deadlineMs }: Connections): Store {
  const writeLender = new Lender([writer])
  const readLender = new Lender(readers)
  const alone = soloist()
  let closing: Promise<void> | undefined

  /** A handle over a connection that can be taken away. */
  async function within<T>(connection: Database.Database, start: string, ms: number, work: (handle: Writer) => Promise<T>): Promise<T> {
    if (closing) throw storeClosed()
    let isOpen = true
    const check = () => {
      if (!isOpen) throw ended()
    }
    const guarded = {
      prepare: (text: string) => {
        check()
        return guardedStatement(compiled(connection, text), check)
      }
    } as unknown as Database.Database
    const recorded: Recorded[] = []
    const record = (change: Change) => {
      check()
      recorded.push(recordedOf(change))
    }
    const words = new Set<string>()
    const keepWords = (kept: readonly string[]) => {
      for (const word of kept) words.add(word)
    }
    const last: (() => Promise<void>)[] = []
    const atEnd = (work: () => Promise<void>) => void last.push(work)
    /** Whoever writes has the whole database. */
    const lock = async () => check()
    const handle = Object.assign(drizzle({ client: guarded }), {
      t: sqliteTables,
      d: dialect,
      record,
      keepWords,
      atEnd,
      lock
    }) as unknown as Writer
    await begin(connection, start, ms)
    try {
      const result = await withDeadline(ms, work(handle))
      if (words.size > 0) insertWords(handle, [...words])
      for (const work of last) await work()
      if (recorded.length > 0) await appendToLog(handle, recorded)
      isOpen = false
      compiled(connection, 'COMMIT').run()
      return result
    } catch (error) {
      isOpen = false
      // SQLite may have rolled back by itself (disk full, I/O error).
      if (connection.inTransaction) connection.exec('ROLLBACK')
      throw error
    }
  }

  /** Once the store is closing nothing queues: connections do not come back any more. */
  const lent = async <T>(
    lender: Lender<Database.Database>,
    start: string,
    ms: number,
    work: (handle: Writer) => Promise<T>
  ): Promise<T> => {
    if (closing) throw storeClosed()
    return lender.lend((connection) => within(connection, start, ms, work))
  }

  /** Does something while nobody reads in this process; nothing once the store is closing. */
  const withoutReaders = async (left: number, work: () => Promise<void>): Promise<void> => {
    if (closing) return
    await (left === 0 ? work() : readLender.lend(() => withoutReaders(left - 1, work)))
  }

  return {
    dialect: 'sqlite',
    read: (work) => alone(() => lent(readLender, 'BEGIN', deadlineMs, work)),
    write: (_locks, work, options) => alone(() => lent(writeLender, 'BEGIN IMMEDIATE', options?.deadlineMs ?? deadlineMs, work)),
    prepare: (_name, build) => {
      const run = prepared(
        hot,
        build(Object.assign(drizzle({ client: hot }), { t: sqliteTables, d: dialect }) as unknown as Reader).toSQL()
      )
      return async (values) => {
        if (closing) throw storeClosed()
        return run(values)
      }
    },
    exclusively: (_name, work) => exclusively(work),
    scrub: async () => {
      if (!closing) await writeLender.lend((connection) => withoutReaders(readers.length, () => cutOffLog(connection)))
    },
    isAlive: async () => !closing && hot.prepare('select 1').get() !== undefined,
    close: () => {
      closing ??= Promise.all([writeLender.drain(), readLender.drain()]).then(end)
      return closing
    }
  }
}

const PAUSE_MS = 2

/** Begins a unit of work. Only one process writes at a time: others ask again until the deadline, and go on serving meanwhile. */
async function begin(connection: Database.Database, start: string, ms: number): Promise<void> {
  const deadline = performance.now() + ms
  for (;;) {
    try {
      compiled(connection, start).run()
      return
    } catch (error) {
      if (!isBusy(error)) throw error
      if (performance.now() > deadline)
        throw new StoreError('STORE_TIMEOUT', `Another process has been writing for ${ms} ms`, { cause: error })
      await sleep(PAUSE_MS * (0.5 + Math.random()))
    }
  }
}

/** Runs a query on what is committed by then. */
function prepared(connection: Database.Database, { sql: text, params }: { sql: string; params: unknown[] }) {
  const statement = connection.prepare(text)
  return (values: Record<string, unknown> = {}) => statement.all(...fillPlaceholders(params, values)) as never[]
}

/** Runs the migrations that this database has not seen, all or none. */
function migrate(connection: Database.Database): void {
  connection.exec('create table if not exists migrations (created_at integer primary key, hash text not null)')
  const seen = new Set(connection.prepare('select created_at from migrations').pluck().all())
  const pending = migrationsOf('sqlite').filter(({ folderMillis }) => !seen.has(folderMillis))
  if (pending.length === 0) return
  connection.exec('BEGIN IMMEDIATE')
  try {
    for (const { sql: statements, folderMillis, hash } of pending) {
      for (const statement of statements) connection.exec(statement)
      connection.prepare('insert into migrations values (?, ?)').run(folderMillis, hash)
    }
    connection.exec('COMMIT')
  } catch (error) {
    if (connection.inTransaction) connection.exec('ROLLBACK')
    throw error
  }
}
