/** The types of files that are taken, and how each is read. */

/** How a file is read; what its records are shows when they are read. */
export type Reading = 'csv' | 'xlsx' | 'json' | 'ndjson'

export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** Registered names first, then those that are in use. */
export const MEDIA_TYPES: Readonly<Record<string, Reading>> = {
  'text/csv': 'csv',
  'text/tab-separated-values': 'csv',
  [XLSX_TYPE]: 'xlsx',
  'application/fhir+json': 'json',
  'application/json': 'json',
  'application/x-ndjson': 'ndjson',
  'application/fhir+ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson'
}

const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ['csv', 'text/csv'],
  ['tsv', 'text/tab-separated-values'],
  ['xlsx', XLSX_TYPE],
  ['json', 'application/json'],
  ['ndjson', 'application/x-ndjson'],
  ['jsonl', 'application/x-ndjson']
])

/** The type of a file by the ending of its name; nothing where it has no ending of a type that is taken. */
export const typeOfName = (name: string): string | undefined => EXTENSIONS.get(/\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '')
