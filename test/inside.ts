/** A database as whoever administers it sees it: tables, columns, rows and files, read from the database itself. */
import { existsSync, readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import pg from 'pg'

export type Row = Readonly<Record<string, unknown>>

export interface Inside {
  readonly engine: 'sqlite' | 'postgres'
  /** Runs a statement, whatever it does; gives rows in the order of the engine. */
  query(text: string): Promise<Row[]>
  /** The columns of every table. */
  columns(): Promise<ReadonlyMap<string, readonly string[]>>
  /** Every row of every table. */
  dump(): Promise<ReadonlyMap<string, readonly Row[]>>
  /** The files that hold tables and indexes, by their names; undefined where the server does not show them. */
  files(): Promise<ReadonlyMap<string, Buffer> | undefined>
  close(): Promise<void>
}

type Engine = Pick<Inside, 'engine' | 'query' | 'files' | 'close'> & {
  /** A statement for `tab` and `col` of all columns. */
  readonly catalogue: string
}

function insideSqlite(path: string): Engine {
  const connection = new Database(path)
  connection.pragma('busy_timeout = 5000')
  return {
    engine: 'sqlite',
    catalogue: `select m.name as tab, c.name as col from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' order by tab, c.cid`,
    query: async (text) => {
      const statement = connection.prepare(text)
      if (statement.reader) return statement.all() as Row[]
      statement.run()
      return []
    },
    files: async () => new Map([path, `${path}-wal`].filter((file) => existsSync(file)).map((file) => [file, readFileSync(file)])),
    close: async () => void connection.close()
  }
}

/** Only superusers read files of the server. */
const FILES = `select c.relname as name, pg_read_binary_file(pg_relation_filepath(c.oid)) as bytes from pg_class c
  where c.oid >= 16384 and c.relkind in ('r', 'i', 't') and c.relpersistence = 'p'`

async function insidePostgres(connectionString: string): Promise<Engine> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  const query: Inside['query'] = async (text) => (await client.query(text)).rows
  return {
    engine: 'postgres',
    catalogue: `select table_name as tab, column_name as col from information_schema.columns where table_schema = 'public' order by tab, ordinal_position`,
    query,
    files: async () => {
      const [role] = await query('select rolsuper from pg_roles where rolname = current_user')
      if (!role?.['rolsuper']) return undefined
      await query('checkpoint')
      return new Map((await query(FILES)).map(({ name, bytes }) => [name as string, bytes as Buffer]))
    },
    close: () => client.end()
  }
}

export async function lookInside(url: string): Promise<Inside> {
  const { catalogue, ...engine } = url.startsWith('file:') ? insideSqlite(url.slice('file:'.length)) : await insidePostgres(url)
  const columns = async () => {
    const rows = (await engine.query(catalogue)) as { tab: string; col: string }[]
    return new Map([...Map.groupBy(rows, ({ tab }) => tab)].map(([table, each]) => [table, each.map(({ col }) => col)]))
  }
  const dump = async () => {
    const tables = new Map<string, Row[]>()
    for (const table of (await columns()).keys()) tables.set(table, await engine.query(`select * from "${table}"`))
    return tables
  }
  return { ...engine, columns, dump }
}

/** A row as text, bytes as well. */
export const textOf = (row: unknown): string =>
  JSON.stringify(row, (_name, value) => (value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value))
