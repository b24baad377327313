import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { fillPlaceholders, type SQL, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { LRUCache } from 'lru-cache'
import { migrationsOf } from './migrations.ts'
import { sqliteTables } from './schema.ts'
import { type Change, type Dialect, type Prepared, type Reader, type Store, StoreError, type TextQuery, type Writer } from './store.ts'
import { appendToLog, checkedTerm, ended, Lender, soloist, withDeadline } from './unit.ts'

/** What a handle has beside the public interface: statements that Drizzle's builder cannot spell. */
interface Raw {
  run(statement: SQL): unknown
  values(statement: SQL): unknown[][]
}
const raw = (handle: Reader | Writer) => handle as unknown as Raw

const spelled = (query: TextQuery, scope: 'title' | 'any') => {
  const groups = query.map((group) => `(${group.map(({ term, prefix }) => `"${checkedTerm(term)}"${prefix ? '*' : ''}`).join(' OR ')})`)
  const all = groups.join(' AND ')
  return scope === 'title' ? `{title} : (${all})` : all
}

const dialect: Dialect = {
  name: 'sqlite',
  async indexText(tx, no, { title, rest }) {
    raw(tx).run(sql`insert or replace into measure_text (rowid, title, rest) values (${no}, ${title}, ${rest})`)
  },
  async unindexText(tx, no) {
    raw(tx).run(sql`delete from measure_text where rowid = ${no}`)
  },
  async matchText(db, query, scope, after, limit) {
    if (query.length === 0) return []
    const match = spelled(query, scope)
    const rows = raw(db).values(
      sql`select rowid from measure_text where measure_text match ${match} and rowid > ${after} order by rowid limit ${limit}`
    )
    return rows.map(([no]) => no as number)
  },
  async keepWords(tx, words) {
    raw(tx).run(
      sql`insert into words (word, length) select value, length(value) from json_each(${JSON.stringify(words)}) where true on conflict do nothing`
    )
  },
  joinDocuments: (nos) =>
    sql`(select cast(group_concat(d.json, ',' order by j.key) as blob) from json_each(${nos}) j join documents d on d.no = j.value)`
}

/** What every connection is told. WAL in this driver's build means `synchronous=NORMAL`, which loses acknowledged writes when the power fails. */
const PRAGMAS = ['busy_timeout = 5000', 'synchronous = FULL', 'foreign_keys = ON']

const COMPILED = 200
const statements = new WeakMap<Database.Database, LRUCache<string, Database.Statement>>()

/** The statement of a text, compiled once for each connection: compiling costs more than most statements do. */
function compiled(connection: Database.Database, text: string): Database.Statement {
  let known = statements.get(connection)
  if (!known) statements.set(connection, (known = new LRUCache({ max: COMPILED })))
  let statement = known.get(text)
  if (!statement) known.set(text, (statement = connection.prepare(text)))
  // Drizzle switches statements to rows as arrays, and expects a new one to give objects.
  return statement.reader ? statement.raw(false) : statement
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
  const open = (options: Database.Options = {}) => {
    const connection = new Database(path, options)
    for (const pragma of PRAGMAS) connection.pragma(pragma)
    return connection
  }
  const exclusively = startLock(`${path}.lock`)
  const writer = open()
  await exclusively(async () => {
    writer.pragma('journal_mode = WAL')
    migrate(writer)
  })
  if (writer.pragma('synchronous', { simple: true }) !== 2) throw new StoreError('STORE_CONFIGURATION', 'SQLite refuses synchronous=FULL.')
  const connections = Array.from({ length: readers }, () => open({ readonly: true, fileMustExist: true }))
  /** For prepared queries: one statement each, so that no snapshot is ever held open. */
  const hot = open({ readonly: true, fileMustExist: true })
  const writeLender = new Lender([writer])
  const readLender = new Lender(connections)
  const alone = soloist()
  let closed = false

  /** A handle over a connection that can be taken away. */
  async function within<T>(connection: Database.Database, begin: string, ms: number, work: (handle: Writer) => Promise<T>): Promise<T> {
    if (closed) throw new StoreError('STORE_CLOSED', 'The store is closed')
    let isOpen = true
    const guarded = {
      prepare: (text: string) => {
        if (!isOpen) throw ended()
        return compiled(connection, text)
      }
    } as unknown as Database.Database
    const recorded: Change[] = []
    const record = (change: Change) => {
      if (!isOpen) throw ended()
      recorded.push(change)
    }
    const handle = Object.assign(drizzle({ client: guarded }), { t: sqliteTables, d: dialect, record }) as unknown as Writer
    connection.exec(begin)
    try {
      const result = await withDeadline(ms, work(handle))
      if (recorded.length > 0) await appendToLog(handle, recorded)
      isOpen = false
      connection.exec('COMMIT')
      return result
    } catch (error) {
      isOpen = false
      // SQLite may have rolled back by itself (disk full, I/O error).
      if (connection.inTransaction) connection.exec('ROLLBACK')
      throw error
    }
  }

  return {
    dialect: 'sqlite',
    read: (work) => alone(() => readLender.lend((connection) => within(connection, 'BEGIN', deadlineMs, work))),
    write: (_locks, work, options) =>
      alone(() => writeLender.lend((connection) => within(connection, 'BEGIN IMMEDIATE', options?.deadlineMs ?? deadlineMs, work))),
    prepare: (_name, build) =>
      prepared(hot, build(Object.assign(drizzle({ client: hot }), { t: sqliteTables, d: dialect }) as unknown as Reader).toSQL()),
    exclusively: (_name, work) => exclusively(work),
    isAlive: async () => !closed && hot.prepare('select 1').get() !== undefined,
    close: async () => {
      if (closed) return
      // Waits for the unit of work that is under way.
      await writeLender.lend(async () => {
        closed = true
        for (const connection of [...connections, hot, writer]) connection.close()
        if (temporary) rmSync(temporary, { recursive: true, force: true })
      })
    }
  }
}

function prepared<Row>(connection: Database.Database, { sql: text, params }: { sql: string; params: unknown[] }): Prepared<Row> {
  const statement = connection.prepare(text)
  return async (values = {}) => statement.all(...fillPlaceholders(params, values)) as Row[]
}

/**
 * One process at a time, by a lock that the operating system frees when a process dies: an exclusive transaction on a
 * database of its own.
 */
function startLock(path: string) {
  return async <T>(work: () => Promise<T>): Promise<T> => {
    const lock = new Database(path)
    try {
      lock.pragma('busy_timeout = 0')
      for (let waited = 0; !tryExclusive(lock); waited += 50) {
        if (waited > 120_000) throw new StoreError('STORE_TIMEOUT', 'Another process has been starting on this database for two minutes')
        await sleep(50)
      }
      return await work()
    } finally {
      lock.close()
    }
  }
}

function tryExclusive(lock: Database.Database): boolean {
  try {
    lock.exec('BEGIN EXCLUSIVE')
    return true
  } catch (error) {
    if ((error as { code?: string }).code === 'SQLITE_BUSY') return false
    throw error
  }
}

/** Runs the migrations that this database has not seen, all or none. */
function migrate(connection: Database.Database): void {
  connection.exec('create table if not exists migrations (created_at integer primary key, hash text not null)')
  const seen = new Set(connection.prepare('select created_at from migrations').pluck().all())
  const pending = migrationsOf('sqlite').filter(({ folderMillis }) => !seen.has(folderMillis))
  connection.transaction(() => {
    for (const { sql: statements, folderMillis, hash } of pending) {
      for (const statement of statements) connection.exec(statement)
      connection.prepare('insert into migrations values (?, ?)').run(folderMillis, hash)
    }
  })()
}
