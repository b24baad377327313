/** What drizzle-kit reads to make PostgreSQL migrations. */
import { pgTables } from './schema.ts'

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
  gaps,
  gapMeasures,
  cells,
  marks,
  words,
  changes,
  keys,
  replies
} = pgTables
