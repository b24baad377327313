/**
 * The column vocabulary of the registry, spelled twice: once for SQLite, once for PostgreSQL.
 *
 * Nothing else may import `sqlite-core` or `pg-core` column builders. The SQLite kit is the canonical one for the type
 * checker, because SQLite is the default engine; `pgKit` is checked against it word by word (`test/types/`) and cast
 * exactly once, in `schema.ts`.
 */
import { pgCore as p, sqliteCore as s } from './drizzle.ts'

type NonEmpty = readonly [string, ...string[]]
type Mutable<T extends NonEmpty> = { -readonly [K in keyof T]: T[K] }

export const sqliteKit = {
  table: s.sqliteTable,
  /** Text compared byte by byte, so that `ORDER BY` agrees on both engines. */
  text: (name: string) => s.text(name),
  oneOf: <const V extends NonEmpty>(name: string, values: V) => s.text(name, { enum: values as Mutable<V> }),
  int: (name: string) => s.integer(name),
  /** The primary key as a number given by the engine when a row is inserted; never given twice, also not after a deletion. */
  serialKey: (name: string) => s.integer(name).primaryKey({ autoIncrement: true }),
  /** An instant as an ISO 8601 UTC string made by the application's clock, never by the engine. */
  instant: (name: string) => s.text(name),
  json: <T>(name: string) => s.text(name, { mode: 'json' }).$type<T>(),
  index: s.index,
  uniqueIndex: s.uniqueIndex,
  primaryKey: s.primaryKey
}
export type Kit = typeof sqliteKit

/** PostgreSQL text with the "C" collation, the only one that orders like SQLite's BINARY. */
const textC = <T extends string>(name: string) =>
  p.customType<{ data: T; driverData: string }>({ dataType: () => 'text collate "C"' })(name)

export const pgKit = {
  table: p.pgTable,
  text: (name: string) => textC<string>(name),
  oneOf: <const V extends NonEmpty>(name: string, _values: V) => textC<V[number]>(name),
  int: (name: string) => p.integer(name),
  serialKey: (name: string) => p.serial(name).primaryKey(),
  instant: (name: string) => textC<string>(name),
  json: <T>(name: string) => p.jsonb(name).$type<T>(),
  index: p.index,
  uniqueIndex: p.uniqueIndex,
  primaryKey: p.primaryKey
}
