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
} = pgTables
