import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { fillPlaceholders, type SQL, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { isRetryable } from './errors.ts'
import { migrationsOf } from './migrations.ts'
import { pgTables } from './schema.ts'
import { type Change, type Dialect, type Prepared, type Reader, type Store, StoreError, type TextQuery, type Writer } from './store.ts'
import { appendToLog, checkedTerm, ended, soloist, withDeadline } from './unit.ts'

/** What a handle has beside the public interface: statements that Drizzle's builder cannot spell. */
interface Raw {
  execute(statement: SQL): Promise<{ rows: Record<string, unknown>[] }>
}
const raw = (handle: Reader | Writer) => handle as unknown as Raw

const quoted = (term: string) => `'${checkedTerm(term)}'`
/** Longer words than this do not fit an index entry, and nobody looks for them. */
const MAX_TERM = 200
const lexemes = (terms: string) => [...new Set(terms.split(' ').filter((term) => term !== '' && term.length <= MAX_TERM))]

/** A `tsvector` literal: titles weigh A, the rest D. It bypasses PostgreSQL's parser, so that terms stay as they are. */
function vectorOf({ title, rest }: { title: string; rest: string }): string {
  const titles = new Set(lexemes(title))
  return [
    ...[...titles].map((term) => `${quoted(term)}:1A`),
    ...lexemes(rest)
      .filter((term) => !titles.has(term))
      .map((term) => `${quoted(term)}:1`)
  ].join(' ')
}

function spelled(query: TextQuery, scope: 'title' | 'any'): string {
  const weight = scope === 'title' ? 'A' : ''
  const suffix = (prefix: boolean) => (prefix || weight ? `:${prefix ? '*' : ''}${weight}` : '')
  return query.map((group) => `(${group.map(({ term, prefix }) => quoted(term) + suffix(prefix)).join(' | ')})`).join(' & ')
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
    if (query.length === 0) return []
    const match = spelled(query, scope)
    const { rows } = await raw(db).execute(
      sql`select no from measure_text where terms @@ ${match}::tsquery and no > ${after} order by no limit ${limit}`
    )
    return rows.map(({ no }) => no as number)
  },
  async keepWords(tx, words) {
    const list = JSON.stringify(words)
    await raw(tx).execute(
      sql`insert into words (word, length) select word, length(word) from json_array_elements_text(${list}::json) with ordinality as w(word, place) order by place on conflict do nothing`
    )
  },
  joinDocuments: (nos) =>
    sql`(select string_agg(d.json, ',' order by j.place) from json_array_elements_text(${nos}::json) with ordinality as j(no, place) join documents d on d.no = j.no::integer)`
}

const ATTEMPTS = 5
/** The log of changes is appended to under this lock by every process, for the time of a commit. */
const LOG_LOCK = lockKey('log of changes')

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

/** Writers of different resources write at the same time; each locks what it names, in one order, so that none waits in a circle. */
export async function openPostgres({ url, max = 10, deadlineMs = 5_000 }: PostgresOptions): Promise<Store> {
  const pool = new pg.Pool({ connectionString: url, max, connectionTimeoutMillis: 10_000 })
  pool.on('error', () => {
    // An idle connection was lost: the pool opens another.
  })
  const alone = soloist()

  async function within<T>(begin: readonly string[], ms: number, work: (handle: Writer) => Promise<T>): Promise<T> {
    const client = await pool.connect()
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
    const recorded: Change[] = []
    const record = (change: Change) => {
      if (!isOpen) throw ended()
      recorded.push(change)
    }
    const handle = Object.assign(drizzle({ client: guarded }), { t: pgTables, d: dialect, record }) as unknown as Writer
    try {
      for (const statement of begin) await client.query(statement)
      const result = await withDeadline(ms, work(handle))
      if (recorded.length > 0) {
        await client.query(`SELECT pg_advisory_xact_lock(${LOG_LOCK})`)
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
      throw error
    } finally {
      client.off('error', onLost)
      client.release(broken)
    }
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

  const store: Store = {
    dialect: 'postgres',
    read: (work) => alone(() => within(['BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY'], deadlineMs, work)),
    write: (locks, work, options) => {
      const keys = [...new Set(locks.map(lockKey))].sort((a, b) => (a < b ? -1 : 1))
      const begin = ['BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED', ...keys.map((key) => `SELECT pg_advisory_xact_lock(${key})`)]
      return alone(() => retrying(() => within(begin, options?.deadlineMs ?? deadlineMs, work)))
    },
    prepare: (name, build) =>
      prepared(pool, name, build(Object.assign(drizzle({ client: pool }), { t: pgTables, d: dialect }) as unknown as Reader).toSQL()),
    exclusively: (name, work) => exclusively(pool, name, work),
    isAlive: () =>
      pool.query('select 1').then(
        () => true,
        () => false
      ),
    close: () => pool.end()
  }
  try {
    await exclusively(pool, 'migrations', () => migrate(pool))
  } catch (error) {
    await pool.end()
    throw error
  }
  return store
}

function prepared<Row>(pool: pg.Pool, name: string, { sql: text, params }: { sql: string; params: unknown[] }): Prepared<Row> {
  return async (values = {}) => (await pool.query({ name, text, values: fillPlaceholders(params, values) })).rows as Row[]
}

/** Holds an advisory lock on a connection of its own, which frees it when the process dies. */
async function exclusively<T>(pool: pg.Pool, name: string, work: () => Promise<T>): Promise<T> {
  const client = await pool.connect()
  const key = lockKey(`exclusively ${name}`)
  const onLost = () => {}
  client.on('error', onLost)
  let failed: Error | undefined
  try {
    await client.query(`SELECT pg_advisory_lock(${key})`)
    return await work()
  } finally {
    await client.query(`SELECT pg_advisory_unlock(${key})`).catch((error: Error) => (failed = error))
    client.off('error', onLost)
    client.release(failed)
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
