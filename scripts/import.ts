/**
 * Imports measures from files into the database, or into a server.
 *
 *   npm run import -- FILE… [--dry-run] [--publish] [--atomic] [--mapping FILE] [--server URL]
 */
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { StoreError } from '../db/store.ts'
import { ConfigError } from '../src/config.ts'
import type { ImportReport } from '../src/imports/import.schema.ts'
import { findFiles } from './import/files.ts'
import { ProgressBar } from './import/progress.ts'
import { localRegistry, type Registry, remoteRegistry } from './import/registry.ts'

const HELP = `npm run import -- FILE… [options]

Imports measures from files: FHIR (JSON, NDJSON), CSV, XLSX, our own JSON. A folder means every file in it; patterns such as
'measures/**/*.json' work too. Into the database that DATABASE_URL names, or into a server.

  --dry-run       Show what would happen, and change nothing.
  --publish       Publish what is complete; the rest become drafts.
  --atomic        Of each file all rows or none.
  --mapping FILE  JSON: heading of a column -> field. Without it one is proposed from the headings.
  --server URL    Import over HTTP; the key is read from the environment variable REGISTRY_KEY.
  --quiet         Only the table: no errors of rows, no progress.
  --help          This text.

Ends with status 0 if no row was rejected, 1 if some were or a file could not be read, 2 if the command was not understood.`

const MAX_SHOWN = 20

class UsageError extends Error {}

/** What became of a file: a report, or why there is none. */
interface Result {
  readonly path: string
  readonly report?: ImportReport
  readonly failure?: string
}

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args)
  if (values.help) {
    console.log(HELP)
    return 0
  }
  if (positionals.length === 0) throw new UsageError('Name at least one file, folder or pattern.')
  const { files, skipped, missing } = await findFiles(positionals)
  for (const path of missing) console.error(`${path}: there is no such file of a type that is taken (.json, .ndjson, .csv, .tsv, .xlsx)`)
  for (const path of skipped) console.error(`${path}: skipped, not a type of file that is taken`)
  const { 'dry-run': dryRun = false, publish = false, atomic = false, quiet = false } = values
  const options = { dryRun, publish, atomic, mapping: await mappingIn(values.mapping) }
  const registry = await registryOf(values.server)
  try {
    const results: Result[] = []
    for (const file of files) results.push(await bring(registry, file, options, quiet))
    console.log(tableOf(results))
    const isClean = missing.length === 0 && results.every(({ report }) => report?.rejected === 0)
    return isClean ? 0 : 1
  } finally {
    await registry.close()
  }
}

function parse(args: readonly string[]) {
  const flag = { type: 'boolean' } as const
  const text = { type: 'string' } as const
  const options = { 'dry-run': flag, publish: flag, atomic: flag, quiet: flag, help: flag, mapping: text, server: text }
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

async function mappingIn(path: string | undefined): Promise<unknown> {
  if (path === undefined) return undefined
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw new UsageError(`The mapping cannot be read: ${(error as Error).message}`)
  }
}

async function registryOf(server: string | undefined): Promise<Registry> {
  if (server === undefined) return localRegistry(process.env)
  if (!URL.canParse(server)) throw new UsageError(`--server is not an address: ${server}`)
  const key = process.env['REGISTRY_KEY']
  if (!key) throw new UsageError('REGISTRY_KEY is not set: a server needs the key of a contributor.')
  return remoteRegistry(server, key)
}

async function bring(
  registry: Registry,
  file: Parameters<Registry['bring']>[0],
  options: Parameters<Registry['bring']>[1],
  quiet: boolean
): Promise<Result> {
  const { path } = file
  const bar = new ProgressBar()
  bar.begin(path)
  try {
    const report = await registry.bring(file, options, (step) => {
      if (!quiet) bar.show(step)
    })
    bar.end()
    if (!quiet) saySheet(path, report)
    if (!quiet) sayErrors(path, report)
    return { path, report }
  } catch (error) {
    bar.end()
    const failure = (error as Error).message
    console.error(`${path}: ${failure}`)
    return { path, failure }
  }
}

/** Columns that go into no field: they stay with the record, and their author may have meant otherwise. */
function saySheet(path: string, { unmapped = [], recognised }: ImportReport): void {
  if (recognised) console.error(`${path}: read as the list ${recognised}`)
  if (unmapped.length > 0 && !recognised) console.error(`${path}: these columns go into no field: ${unmapped.join(', ')}. See --mapping.`)
}

function sayErrors(path: string, { rows, rejected, id }: ImportReport): void {
  const wrong = rows.filter(({ outcome }) => outcome === 'rejected')
  for (const { at, errors } of wrong.slice(0, MAX_SHOWN)) {
    for (const { column, pointer, field, detail, found, mend } of errors)
      console.error(
        [
          `${path}, ${at}${[column ?? pointer ?? field].map((place) => (place ? `, ${place}` : '')).join('')}: ${detail}`,
          found && `Found: ${found}.`,
          mend
        ]
          .filter(Boolean)
          .join(' ')
      )
  }
  if (rejected > MAX_SHOWN) console.error(`${path}: ${rejected - MAX_SHOWN} more rows were rejected: see the report, import ${id}`)
}

const COUNTS = ['total', 'created', 'updated', 'unchanged', 'draftOnly', 'rejected'] as const

/** A line for each file, and one for all. */
function tableOf(results: readonly Result[]): string {
  const warningsOf = (report: ImportReport) => Object.values(report.warnings).reduce((sum, count) => sum + count, 0)
  const lines = results.map(({ path, report }) => [
    path,
    ...(report ? [...COUNTS.map((name) => report[name]), warningsOf(report)].map(String) : ['not read'])
  ])
  const sum = (pick: (report: ImportReport) => number) => String(results.reduce((all, { report }) => all + (report ? pick(report) : 0), 0))
  const rows = [
    ['file', ...COUNTS, 'warnings'],
    ...lines,
    [`${results.length} files`, ...COUNTS.map((name) => sum((report) => report[name])), sum(warningsOf)]
  ]
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)))
  return rows.map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[i]!))).join('  ')).join('\n')
}

try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  const isUsage = error instanceof UsageError
  if (!isUsage && !(error instanceof ConfigError) && !(error instanceof StoreError)) throw error
  console.error(isUsage ? `${error.message}\n\n${HELP}` : error.message)
  process.exitCode = isUsage ? 2 : 1
}
