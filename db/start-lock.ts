import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { isBusy } from './errors.ts'
import { StoreError } from './store.ts'

/**
 * One process at a time, by a lock that the operating system frees when a process dies: an exclusive transaction on a
 * database of its own.
 */
export function startLock(path: string) {
  return async <T>(work: () => Promise<T>): Promise<T> => {
    const lock = new Database(path)
    try {
      lock.pragma('busy_timeout = 0')
      for (let waited = 0; !tryExclusive(lock); waited += 50) {
        if (waited > 120_000) throw new StoreError('STORE_TIMEOUT', 'Another process has been starting on this database for two minutes')
        await sleep(50)
      }
      return await work()
    } finally {
      lock.close()
    }
  }
}

function tryExclusive(lock: Database.Database): boolean {
  try {
    lock.exec('BEGIN EXCLUSIVE')
    return true
  } catch (error) {
    if (isBusy(error)) return false
    throw error
  }
}
