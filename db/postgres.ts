import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SQL } from 'drizzle-orm'
import pg from 'pg'
import { DrizzleQueryError, drizzlePostgres as drizzle, fillPlaceholders, sql } from './drizzle.ts'
import { isRetryable, isTimeout } from './errors.ts'
import { migrationsOf } from './migrations.ts'
import { pgTables } from './schema.ts'
import { rewriteTables } from './scrubbing.ts'
import {
  type Change,
  type Dialect,
  LOG_LOCK,
  type Prepared,
  type Reader,
  type Store,
  StoreError,
  type TextEntry,
  type TextQuery,
  type Writer
} from './store.ts'
import { appendToLog, ended, type Recorded, recordedOf, soloist, storeClosed, termsToFind, termsToStore, withDeadline } from './unit.ts'

/** What a handle has beside the public interface: statements that Drizzle's builder cannot spell. */
interface Raw {
  execute(statement: SQL): Promise<{ rows: Record<string, unknown>[] }>
}
const raw = (handle: Reader | Writer) => handle as unknown as Raw

/** A `tsvector` literal: titles weigh A, the rest D. It bypasses PostgreSQL's parser, so that terms stay as they are. */
function vectorOf(entry: TextEntry): string {
  const { title, rest } = termsToStore(entry)
  return [...title.map((term) => `'${term}':1A`), ...rest.map((term) => `'${term}':1`)].join(' ')
}

function spelled(query: TextQuery, scope: 'title' | 'any'): string {
  const weight = scope === 'title' ? 'A' : ''
  const suffix = (prefix: boolean) => (prefix || weight ? `:${prefix ? '*' : ''}${weight}` : '')
  return query.map((group) => `(${group.map(({ term, prefix }) => `'${term}'${suffix(prefix)}`).join(' | ')})`).join(' & ')
}

const dialect: Dialect = {
  name: 'postgres',
  async indexText(tx, no, entry) {
    const vector = vectorOf(entry)
    await raw(tx).execute(
      sql`insert into measure_text (no, terms) values (${no}, ${vector}::tsvector) on conflict (no) do update set terms = excluded.terms`
    )
  },
  async unindexText(tx, no) {
    await raw(tx).execute(sql`delete from measure_text where no = ${no}`)
  },
  async matchText(db, query, scope, after, limit) {
    const found = termsToFind(query)
    if (!found) return []
    const match = spelled(found, scope)
    const { rows } = await raw(db).execute(
      sql`select no from measure_text where terms @@ ${match}::tsquery and no > ${after} order by no limit ${limit}`
    )
    return rows.map(({ no }) => no as number)
  },
  jsonText: (text) => sql`${text}::jsonb`,
  async forgetOrder(tx, table, exerciseId) {
    const place = sql.raw(table === 'ballots' ? 'key' : 'receipt')
    const rows = sql.raw(table)
    await raw(tx).execute(
      sql`with moved as (delete from ${rows} where exercise_id = ${exerciseId} returning *) insert into ${rows} select * from moved order by round, ${place}`
    )
  },
  joinDocuments: (nos) =>
    sql`(select string_agg(d.json, ',' order by j.place) from json_array_elements_text(${nos}::json) with ordinality as j(no, place) join documents d on d.no = j.no::integer)`
}

/** In one order, so that two writers never wait in a circle. */
async function insertWords(tx: Writer, words: readonly string[]): Promise<void> {
  const list = JSON.stringify(words.toSorted())
  await raw(tx).execute(
    sql`insert into words (word, length) select word, length(word) from json_array_elements_text(${list}::json) with ordinality as w(word, place) order by place on conflict do nothing`
  )
}

const ATTEMPTS = 5
/** The log of changes is appended to under this lock by every process, for the time of a commit. */
const LOG_KEY = lockKey(LOG_LOCK)

export interface PostgresOptions {
  readonly url: string
  /** Connections of this process. */
  readonly max?: number
  /** How long a unit of work may take before it is rolled back. */
  readonly deadlineMs?: number
}

/** The advisory lock of a name: 64 bits of its SHA-256. */
function lockKey(name: string): bigint {
  return createHash('sha256').update(`common-measure ${name}`).digest().readBigInt64BE()
}

/** What failed because the database could not be reached, or stopped to answer. */
const unreachable = (cause: unknown) => new StoreError('STORE_UNREACHABLE', 'The database cannot be reached', { cause })

/**
 * Starts a unit of work in one round trip. The server keeps the time as well: it ends a statement that nobody waits for any
 * more, a wait for a lock, and a transaction whose process is gone or hangs.
 */
function beginning(mode: string, ms: number, keys: readonly bigint[] = []): string {
  return [
    `BEGIN TRANSACTION ISOLATION LEVEL ${mode}`,
    `SET LOCAL statement_timeout = ${ms}`,
    `SET LOCAL lock_timeout = ${ms}`,
    `SET LOCAL idle_in_transaction_session_timeout = ${ms}`,
    ...keys.map((key) => `SELECT pg_advisory_xact_lock(${key})`)
  ].join('; ')
}

/** Writers of different resources write at the same time; each locks what it names, in one order, so that none waits in a circle. */
export async function openPostgres({ url, max = 10, deadlineMs = 5_000 }: PostgresOptions): Promise<Store> {
  const pool = new pg.Pool({ connectionString: url, max, connectionTimeoutMillis: 10_000, keepAlive: true, statement_timeout: deadlineMs })
  pool.on('error', () => {
    // An idle connection was lost: the pool opens another.
  })
  try {
    await exclusively(pool, 'migrations', () => migrate(pool))
  } catch (error) {
    await pool.end()
    throw error
  }
  return storeOn(pool, deadlineMs)
}

function storeOn(pool: pg.Pool, deadlineMs: number): Store {
  const alone = soloist()
  let closing: Promise<void> | undefined

  async function within<T>(start: string, ms: number, work: (handle: Writer) => Promise<T>): Promise<T> {
    if (closing) throw storeClosed()
    const client = await pool.connect().catch((error) => {
      throw unreachable(error)
    })
    let isOpen = true
    let broken: Error | undefined
    // A lent client is no longer watched by the pool: without this, a lost connection ends the process.
    const onLost = (error: Error) => {
      broken = error
    }
    client.on('error', onLost)
    const guarded = {
      query: (...args: Parameters<typeof client.query>) => (isOpen ? client.query(...args) : Promise.reject(ended()))
    } as unknown as pg.PoolClient
    const recorded: Recorded[] = []
    const record = (change: Change) => {
      if (!isOpen) throw ended()
      recorded.push(recordedOf(change))
    }
    const words = new Set<string>()
    const keepWords = (kept: readonly string[]) => {
      for (const word of kept) words.add(word)
    }
    const last: (() => Promise<void>)[] = []
    const atEnd = (work: () => Promise<void>) => void last.push(work)
    const lock = async (name: string) => void (await guarded.query(`SELECT pg_advisory_xact_lock(${lockKey(name)})`))
    const handle = Object.assign(drizzle({ client: guarded }), {
      t: pgTables,
      d: dialect,
      record,
      keepWords,
      atEnd,
      lock
    }) as unknown as Writer
    try {
      await client.query(start)
      const result = await withDeadline(ms, work(handle))
      if (words.size > 0) await insertWords(handle, [...words])
      if (last.length > 0 || recorded.length > 0) {
        await client.query(`SELECT pg_advisory_xact_lock(${LOG_KEY})`)
        for (const work of last) await work()
        await appendToLog(handle, recorded)
      }
      isOpen = false
      await client.query('COMMIT')
      return result
    } catch (error) {
      isOpen = false
      // After the deadline a statement may still be running on the connection: it cannot be used again.
      if (error instanceof StoreError && error.code === 'STORE_TIMEOUT') broken = error
      else await client.query('ROLLBACK').catch((lost: Error) => (broken = lost))
      throw failure(error, ms, broken)
    } finally {
      client.off('error', onLost)
      client.release(broken)
    }
  }

  return {
    dialect: 'postgres',
    read: (work) => alone(() => within(beginning('REPEATABLE READ READ ONLY', deadlineMs), deadlineMs, work)),
    write: (locks, work, options) => {
      const ms = options?.deadlineMs ?? deadlineMs
      const keys = [...new Set(locks.map(lockKey))].sort((a, b) => (a < b ? -1 : 1))
      return alone(() => retrying(() => within(beginning('READ COMMITTED', ms, keys), ms, work)))
    },
    prepare: (name, build) => {
      const run = prepared(
        pool,
        name,
        build(Object.assign(drizzle({ client: pool }), { t: pgTables, d: dialect }) as unknown as Reader).toSQL()
      )
      return async (values) => {
        if (closing) throw storeClosed()
        return run(values) as Promise<never[]>
      }
    },
    exclusively: (name, work) => exclusively(pool, name, work),
    scrub: () => rewriteTables(pool),
    isAlive: () =>
      pool.query('select 1').then(
        () => true,
        () => false
      ),
    close: () => {
      closing ??= pool.end()
      return closing
    }
  }
}

/** A failure of a unit of work as it is on both engines: Drizzle's wrapper shows statements and values, which no log should hold. */
function failure(error: unknown, ms: number, broken: Error | undefined): unknown {
  const plain = error instanceof DrizzleQueryError && error.cause ? error.cause : error
  if (plain instanceof StoreError) return plain
  // PostgreSQL shows the row that it refuses.
  if (plain instanceof pg.DatabaseError) plain.detail = undefined
  if (isTimeout(plain)) return new StoreError('STORE_TIMEOUT', `The database took longer than ${ms} ms`, { cause: plain })
  return broken ? unreachable(plain) : plain
}

async function retrying<T>(attempt: () => Promise<T>): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await attempt()
    } catch (error) {
      if (n === ATTEMPTS || !isRetryable(error)) throw error
      await sleep(2 ** n * 5 * Math.random())
    }
  }
}

function prepared(pool: pg.Pool, name: string, { sql: text, params }: { sql: string; params: unknown[] }): Prepared<unknown> {
  return async (values = {}) => {
    try {
      return (await pool.query({ name, text, values: fillPlaceholders(params, values) })).rows
    } catch (error) {
      // What the server has an answer to is a fault of the query, unless it says that it stops (class 57).
      throw error instanceof pg.DatabaseError && !error.code?.startsWith('57') ? error : unreachable(error)
    }
  }
}

/** Holds an advisory lock on a connection of its own, which frees it when the process dies. */
async function exclusively<T>(pool: pg.Pool, name: string, work: () => Promise<T>): Promise<T> {
  const client = await pool.connect()
  const key = lockKey(`exclusively ${name}`)
  const onLost = () => {}
  client.on('error', onLost)
  let failed: Error | undefined
  try {
    // Others may start for minutes.
    await client.query('SET statement_timeout = 0')
    await client.query(`SELECT pg_advisory_lock(${key})`)
    return await work()
  } finally {
    await client.query(`SELECT pg_advisory_unlock(${key})`).catch((error: Error) => (failed = error))
    client.off('error', onLost)
    // Its settings are no longer those of the pool.
    client.release(failed ?? true)
  }
}

/** Runs the migrations that this database has not seen, all or none. */
async function migrate(pool: pg.Pool): Promise<void> {
  await pool.query('create table if not exists migrations (created_at bigint primary key, hash text not null)')
  const { rows } = await pool.query<{ created_at: string }>('select created_at from migrations')
  const seen = new Set(rows.map(({ created_at }) => Number(created_at)))
  const pending = migrationsOf('postgresql').filter(({ folderMillis }) => !seen.has(folderMillis))
  if (pending.length === 0) return
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    for (const { sql: statements, folderMillis, hash } of pending) {
      for (const statement of statements) await client.query(statement)
      await client.query('insert into migrations values ($1, $2)', [folderMillis, hash])
    }
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}
