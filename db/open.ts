import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { openPostgres } from './postgres.ts'
import { openSqlite } from './sqlite.ts'
import { type Store, StoreError } from './store.ts'

/** Opens the database that a URL names, and brings its tables up to date: `file:./path`, `file::memory:` or `postgres://…`. */
export async function openStore(url: string, options: { deadlineMs?: number } = {}): Promise<Store> {
  if (/^postgres(ql)?:\/\//.test(url)) return orRefusal(url, () => openPostgres({ url, ...options }))
  const file = /^file:(?:\/\/(?=\/))?(.+)$/.exec(url)?.[1]
  if (!file) throw new StoreError('STORE_CONFIGURATION', 'DATABASE_URL must start with file: or postgres://.')
  return orRefusal(url, async () => {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true })
    return openSqlite({ file, ...options })
  })
}

/** A database that cannot be opened is for the operator to mend: a sentence that names the variable, without the password. */
async function orRefusal(url: string, open: () => Promise<Store>): Promise<Store> {
  try {
    return await open()
  } catch (error) {
    if (error instanceof StoreError) throw error
    // A password may hold an @ of its own, and may stand among the parameters.
    const shown = url.replace(/\/\/.*@/, '//…@').replace(/\?.*/, '?…')
    throw new StoreError(
      'STORE_CONFIGURATION',
      `DATABASE_URL names a database that cannot be opened (${shown}): ${(error as Error).message}`,
      { cause: error }
    )
  }
}
