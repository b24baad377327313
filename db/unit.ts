/** What both engines' units of work have in common. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { max } from 'drizzle-orm'
import { type Change, StoreError, type Writer } from './store.ts'

export const ended = () => new StoreError('STORE_ENDED', 'A query was run after its unit of work had ended')

/** Lends items one at a time, first come first served. */
export class Lender<T> {
  readonly #free: T[]
  readonly #waiting: ((item: T) => void)[] = []
  constructor(items: readonly T[]) {
    this.#free = [...items]
  }

  async lend<R>(use: (item: T) => Promise<R>): Promise<R> {
    const item = this.#free.pop() ?? (await new Promise<T>((resolve) => this.#waiting.push(resolve)))
    try {
      return await use(item)
    } finally {
      const next = this.#waiting.shift()
      if (next) next(item)
      else this.#free.push(item)
    }
  }
}

/** Rejects when `work` has not settled in time. The caller must make the handle unusable afterwards. */
export async function withDeadline<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new StoreError('STORE_TIMEOUT', `The unit of work took longer than ${ms} ms and was rolled back`)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** A guard against a unit of work inside another, which would wait for itself (SQLite) or escape the outer one (PostgreSQL). */
export function soloist() {
  const scope = new AsyncLocalStorage<true>()
  return <T>(run: () => Promise<T>): Promise<T> =>
    scope.getStore()
      ? Promise.reject(new StoreError('STORE_NESTED', 'A unit of work was opened inside another; pass the handle instead'))
      : scope.run(true, run)
}

/** Appends recorded changes to the log, numbered on from the last. The caller has made sure that nobody else does so meanwhile. */
export async function appendToLog(tx: Writer, recorded: readonly Change[]): Promise<void> {
  const { changes } = tx.t
  const [found] = await tx.select({ last: max(changes.seq) }).from(changes)
  const first = (found?.last ?? 0) + 1
  await tx.insert(changes).values(recorded.map((change, i) => ({ seq: first + i, ...change })))
}

const TERM = /^[\p{L}\p{N}~]+$/u

/** Terms are spelled into the engines' query languages: nothing but letters, digits and the mark of a stem may pass. */
export function checkedTerm(term: string): string {
  if (!TERM.test(term)) throw new Error('A search term holds a character that terms never have')
  return term
}
