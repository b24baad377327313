/** What drizzle-kit reads to make SQLite migrations. */
import { sqliteTables } from './schema.ts'

export const {
  measures,
  documents,
  versions,
  identifiers,
  imports,
  importRows,
  sources,
  implementations,
  contexts,
  words,
  changes,
  keys,
  replies
} = sqliteTables
