/**
 * Work on the starter catalogue. Each command is a function in `COMMANDS`: a new one needs a line there and nothing else.
 *
 *   npm run catalogue -- report
 */
import { openStore } from '../db/open.ts'
import { contentHash } from '../src/catalogue/content-hash.ts'
import { readCatalogue } from '../src/catalogue/files.ts'
import { GROUNDS, type ReportRow, reportCatalogue, totalOf } from '../src/catalogue/report.ts'
import { isEmptyCatalogue, loadStarterCatalogue } from '../src/catalogue/starter.ts'
import { readConfig } from '../src/config.ts'
import { loadVocabularies } from '../src/vocabularies/load.ts'

interface Command {
  readonly about: string
  run(args: readonly string[]): Promise<void>
}

const COMMANDS: Record<string, Command> = {
  report: { about: 'For each field: in how many records it was seen in a source, unverified, classified by us, or unknown.', run: report },
  hash: { about: 'Loads the catalogue into an empty database and prints the SHA-256 of its content.', run: printHash },
  load: { about: 'Loads the catalogue into the database that DATABASE_URL names, if that is empty.', run: load }
}

async function report(): Promise<void> {
  const { manifest, records } = await readCatalogue()
  const rows = reportCatalogue(records)
  console.log(`${manifest.title} ${manifest.version}: ${records.length} files, ${manifest.measures} expected\n`)
  console.log(table(rows))
  console.log(table([totalOf(rows)], false))
}

async function printHash(): Promise<void> {
  const store = await openStore('file::memory:')
  try {
    await loadStarterCatalogue(store, { publicUrl: readConfig(process.env).PUBLIC_URL, lists: loadVocabularies() })
    console.log(await store.read(contentHash))
  } finally {
    await store.close()
  }
}

async function load(): Promise<void> {
  const { DATABASE_URL, PUBLIC_URL } = readConfig(process.env)
  const store = await openStore(DATABASE_URL)
  try {
    await store.exclusively('start', async () => {
      if (!(await isEmptyCatalogue(store)))
        throw new Error('The database holds measures already: the starter catalogue goes into an empty one only.')
      console.log(`Loaded ${await loadStarterCatalogue(store, { publicUrl: PUBLIC_URL, lists: loadVocabularies() })} measures.`)
    })
  } finally {
    await store.close()
  }
}

/** Columns of one width, so that the figures of every row stand under one another. */
function table(rows: readonly ReportRow[], withHead = true): string {
  const line = (name: string, cells: readonly (string | number)[]) =>
    name.padEnd(16) + cells.map((cell) => String(cell).padStart(12)).join('')
  const head = withHead ? [line('field', GROUNDS)] : []
  return [
    ...head,
    ...rows.map((row) =>
      line(
        row.field,
        GROUNDS.map((ground) => row[ground])
      )
    )
  ].join('\n')
}

function usage(): string {
  const commands = Object.entries(COMMANDS).map(([name, { about }]) => `  ${name.padEnd(10)}${about}`)
  return ['npm run catalogue -- <command>', '', ...commands].join('\n')
}

const [name = '--help', ...args] = process.argv.slice(2)
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
if (command && !args.includes('--help')) {
  await command.run(args)
} else {
  console.log(usage())
  if (!command && name !== '--help') process.exitCode = 1
}
