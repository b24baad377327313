/**
 * Keeps the findings of the gap rules.
 *
 *   npm run gaps -- rebuild [--database URL]
 */
import { parseArgs } from 'node:util'
import { openStore } from '../db/open.ts'
import { StoreError } from '../db/store.ts'
import { ConfigError, readConfig } from '../src/config.ts'
import { rebuildGaps } from '../src/gaps/rebuilding.ts'
import { ProgressBar } from './import/progress.ts'

const HELP = `npm run gaps -- rebuild [options]

Makes all findings of the gap rules again from the published measures, in the database that DATABASE_URL names. Where they are what
they should be, nothing changes. What people recorded, adopted or dismissed stays. Running servers follow.

  --database URL  This database, in place of DATABASE_URL.
  --quiet         Only the result: no progress.
  --help          This text.

Ends with status 0 when it is done, 1 if the database cannot be used, 2 if the command was not understood.`

class UsageError extends Error {}

async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parse(args)
  if (values.help) return console.log(HELP)
  if (positionals.length !== 1 || positionals[0] !== 'rebuild') throw new UsageError('Say what to do: rebuild.')
  const config = readConfig({ ...process.env, ...(values.database === undefined ? {} : { DATABASE_URL: values.database }) })
  const store = await openStore(config.DATABASE_URL)
  const bar = new ProgressBar()
  bar.begin('gaps')
  try {
    const changed = await rebuildGaps(store, new Date().toISOString(), (done, total) => {
      if (!values.quiet) bar.show({ phase: 'rebuild', done, total })
    })
    bar.end()
    console.log(changed === 0 ? 'The findings are what they should be: nothing changed.' : `${changed} findings changed.`)
  } finally {
    await store.close()
  }
}

function parse(args: readonly string[]) {
  const options = { database: { type: 'string' }, quiet: { type: 'boolean' }, help: { type: 'boolean' } } as const
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

try {
  await run(process.argv.slice(2))
} catch (error) {
  const isUsage = error instanceof UsageError
  if (!isUsage && !(error instanceof ConfigError) && !(error instanceof StoreError)) throw error
  console.error(isUsage ? `${error.message}\n\n${HELP}` : error.message)
  process.exitCode = isUsage ? 2 : 1
}
