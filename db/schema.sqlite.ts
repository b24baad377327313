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
  gaps,
  gapMeasures,
  cells,
  marks,
  exercises,
  electorate,
  ballots,
  receipts,
  formMarks,
  formCounts,
  paperBatches,
  outcomes,
  priorities,
  words,
  changes,
  keys,
  replies
} = sqliteTables
