/** What drizzle-kit reads to make PostgreSQL migrations. */
import { pgTables } from './schema.ts'

export const { measures, documents, versions, identifiers, imports, importRows, sources, words, changes, keys, replies } = pgTables
