/** What both engines' units of work have in common. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql } from './drizzle.ts'
import { type Change, StoreError, type TextEntry, type TextQuery, type Writer } from './store.ts'

export const ended = () => new StoreError('STORE_ENDED', 'A query was run after its unit of work had ended')
export const storeClosed = () => new StoreError('STORE_CLOSED', 'The store is closed')

/** Lends items one at a time, first come first served. */
export class Lender<T> {
  readonly #size: number
  readonly #free: T[]
  readonly #waiting: ((item: T) => void)[] = []
  constructor(items: readonly T[]) {
    this.#free = [...items]
    this.#size = items.length
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

  /** Waits until every item is back, and keeps them: nothing is lent any more. */
  async drain(): Promise<void> {
    const taken = Array.from({ length: this.#size }, () => this.#free.pop() ?? new Promise<T>((resolve) => this.#waiting.push(resolve)))
    await Promise.all(taken)
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

/** A change that waits for the commit. What changed is text already: as objects, the records of a large import would all stay in memory. */
export type Recorded = Omit<Change, 'fields'> & { readonly fields: string | undefined }

export const recordedOf = ({ fields, ...change }: Change): Recorded => ({ ...change, fields: fields && JSON.stringify(fields) })

/** Rows of one statement: few enough that others are answered between two of them. */
const ROWS = 100

/** Appends recorded changes to the log, numbered on from the last. The caller has made sure that nobody else does so meanwhile. */
export async function appendToLog(tx: Writer, recorded: readonly Recorded[]): Promise<void> {
  const { changes } = tx.t
  for (let done = 0; done < recorded.length; done += ROWS) {
    if (done > 0) await nextTurn()
    // Numbered by the insert itself: no round trip while everybody waits for the log.
    const rows = recorded.slice(done, done + ROWS).map(({ fields, ...change }, i) => ({
      ...change,
      ...(fields === undefined ? {} : { fields: tx.d.jsonText(fields) }),
      seq: sql`(select coalesce(max(seq), 0) from changes) + ${sql.raw(String(i + 1))}`
    }))
    await tx.insert(changes).values(rows)
  }
}

const TERM = /^[\p{L}\p{N}~]+$/u

/** Terms are spelled into the engines' query languages: nothing but letters, digits and the mark of a stem may pass. */
export function checkedTerm(term: string): string {
  if (!TERM.test(term)) throw new Error('A search term holds a character that terms never have')
  return term
}

/** Longer terms than this do not fit an index entry of PostgreSQL, and nobody looks for them: they are left out on both engines. */
const MAX_TERM = 200
const fits = (term: string) => term.length <= MAX_TERM

/** The terms of an entry, each once: those of the title, and those that stand elsewhere only. */
export function termsToStore({ title, rest }: TextEntry): { title: string[]; rest: string[] } {
  const split = (terms: string) => terms.split(' ').filter((term) => term !== '' && fits(checkedTerm(term)))
  const titles = new Set(split(title))
  return { title: [...titles], rest: [...new Set(split(rest)).difference(titles)] }
}

/** The part of a query that an engine is asked for; undefined where nothing can be found. */
export function termsToFind(query: TextQuery): TextQuery | undefined {
  const groups = query.map((group) => group.filter(({ term }) => fits(checkedTerm(term))))
  return groups.length > 0 && groups.every((group) => group.length > 0) ? groups : undefined
}
