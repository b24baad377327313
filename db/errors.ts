/** Driver errors, told apart by their codes and never by their messages, with the same name on both engines. */

/** The driver's own error below the wrappers that Drizzle puts around it. */
function driverCode(error: unknown): string | undefined {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code } = e as { code?: unknown }
    if (typeof code === 'string') return code
  }
  return undefined
}

export type Violation = 'unique' | 'reference' | 'check' | 'required'

const VIOLATIONS: Record<string, Violation> = {
  SQLITE_CONSTRAINT_UNIQUE: 'unique',
  SQLITE_CONSTRAINT_PRIMARYKEY: 'unique',
  SQLITE_CONSTRAINT_FOREIGNKEY: 'reference',
  SQLITE_CONSTRAINT_CHECK: 'check',
  SQLITE_CONSTRAINT_NOTNULL: 'required',
  23505: 'unique',
  23503: 'reference',
  23514: 'check',
  23502: 'required'
}

/** Which integrity rule, if any, made a statement fail. */
export const violationOf = (error: unknown): Violation | undefined => VIOLATIONS[driverCode(error) ?? '']

/** Serialisation failure and deadlock of PostgreSQL: the same work may succeed when it is run again. */
export const isRetryable = (error: unknown): boolean => ['40001', '40P01'].includes(driverCode(error) ?? '')

/** Time-outs of PostgreSQL: of a statement, of waiting for a lock, and of a transaction in which nothing happens. */
export const isTimeout = (error: unknown): boolean => ['57014', '55P03', '25P03'].includes(driverCode(error) ?? '')

/** Another process is writing to the SQLite file. */
export const isBusy = (error: unknown): boolean => driverCode(error)?.startsWith('SQLITE_BUSY') ?? false
