/** How each engine takes what was deleted out of its own files. */
import { setTimeout as sleep } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import type pg from 'pg'
import { isTimeout } from './errors.ts'
import { StoreError } from './store.ts'

/** Tables whose rows may have been secret. They are written anew: a plain `VACUUM` leaves the bytes of what was deleted where they are. */
const TABLES = ['exercises', 'electorate', 'ballots', 'receipts', 'form_marks', 'form_counts', 'paper_batches']

const ATTEMPTS = 5
/** How much longer each further attempt waits, in milliseconds. */
const WAIT_MS = 200
const PAUSE_MS = 2

/** Waits for each table a second at most, and tries again: whoever waits longer for a table keeps everybody else from it. */
export async function rewriteTables(pool: pg.Pool): Promise<void> {
  const client = await pool.connect()
  // A connection that is lost meanwhile makes the statement fail: that is enough.
  const onLost = () => {}
  client.on('error', onLost)
  try {
    await client.query("SET statement_timeout = 0; SET lock_timeout = '1s'")
    for (const table of TABLES) await patiently(() => client.query(`VACUUM (FULL) ${table}`))
  } finally {
    client.off('error', onLost)
    // Its settings are no longer those of the pool.
    client.release(true)
  }
}

async function patiently(attempt: () => Promise<unknown>): Promise<void> {
  for (let n = 1; ; n++) {
    try {
      await attempt()
      return
    } catch (error) {
      if (n === ATTEMPTS || !isTimeout(error)) throw error
      await sleep(WAIT_MS * n)
    }
  }
}

/** Empties the write-ahead log. Whoever reads in another process keeps it as it is: it is tried for some seconds. */
export async function cutOffLog(connection: Database.Database): Promise<void> {
  for (let n = 1; n <= 50; n++) {
    const [{ busy }] = connection.pragma('wal_checkpoint(TRUNCATE)') as [{ busy: number }]
    if (busy === 0) return
    await sleep(PAUSE_MS * n)
  }
  throw new StoreError('STORE_TIMEOUT', 'Another process was reading all the time: the write-ahead log was not emptied')
}
