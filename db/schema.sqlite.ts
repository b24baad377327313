/** What drizzle-kit reads to make SQLite migrations. */
import { sqliteTables } from './schema.ts'

export const { measures, documents, versions, identifiers, imports, importRows, sources, words, changes, keys, replies } = sqliteTables
