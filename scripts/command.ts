/** What commands on the database have in common: options, the store, and how they end. */
import { parseArgs } from 'node:util'
import { openStore } from '../db/open.ts'
import { type Store, StoreError } from '../db/store.ts'
import { ConfigError, readConfig } from '../src/config.ts'

/** The command was not understood. */
export class UsageError extends Error {}

const OPTIONS = { database: { type: 'string' }, quiet: { type: 'boolean' }, help: { type: 'boolean' } } as const

export interface Asked {
  readonly words: readonly string[]
  readonly quiet: boolean
}

/** Runs a command on the database that `--database` or `DATABASE_URL` names. Ends with 1 if it cannot be used, with 2 if the command was not understood. */
export async function runCommand(help: string, work: (asked: Asked, open: () => Promise<Store>) => Promise<void>): Promise<void> {
  try {
    const { values, positionals } = parsed()
    if (values.help) return console.log(help)
    const config = () => readConfig({ ...process.env, ...(values.database === undefined ? {} : { DATABASE_URL: values.database }) })
    await work({ words: positionals, quiet: values.quiet ?? false }, () => openStore(config().DATABASE_URL))
  } catch (error) {
    const isUsage = error instanceof UsageError
    if (!isUsage && !(error instanceof ConfigError) && !(error instanceof StoreError)) throw error
    console.error(isUsage ? `${error.message}\n\n${help}` : error.message)
    process.exitCode = isUsage ? 2 : 1
  }
}

function parsed() {
  try {
    return parseArgs({ args: process.argv.slice(2), allowPositionals: true, options: OPTIONS })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}
