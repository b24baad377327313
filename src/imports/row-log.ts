/** The rows of a report on disk while an import is under way: they may be taken back, and are too many to be kept in memory. */
import { type FileHandle, open } from 'node:fs/promises'
import type { ReportRow } from './import.schema.ts'
import type { StoredRow } from './imports.queries.ts'
import type { Outcome } from './outcomes.ts'

/** Bytes that are gathered before they are written. */
const CHUNK = 256 * 1024

export interface Tally {
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>
  /** How often each kind of warning was given. */
  readonly warnings: Readonly<Record<string, number>>
}

export class RowLog {
  readonly #path: string
  #file: FileHandle | undefined
  #pending: string[] = []
  #pendingBytes = 0
  #length = 0
  readonly #outcomes: Partial<Record<Outcome, number>> = {}
  readonly #warnings: Record<string, number> = {}

  constructor(path: string) {
    this.#path = path
  }

  /** How many rows there are. */
  get length(): number {
    return this.#length
  }

  get tally(): Tally {
    return { outcomes: this.#outcomes, warnings: this.#warnings }
  }

  async append(row: Omit<StoredRow, 'json' | 'record'>, report: ReportRow): Promise<void> {
    this.#length++
    this.#outcomes[row.outcome] = (this.#outcomes[row.outcome] ?? 0) + 1
    for (const { code } of report.warnings) this.#warnings[code] = (this.#warnings[code] ?? 0) + 1
    const line = `${JSON.stringify({ ...row, json: JSON.stringify(report) })}\n`
    this.#pending.push(line)
    this.#pendingBytes += line.length
    if (this.#pendingBytes > CHUNK) await this.#flush()
  }

  async #flush(): Promise<void> {
    this.#file ??= await open(this.#path, 'w', 0o600)
    await this.#file.appendFile(this.#pending.join(''))
    this.#pending = []
    this.#pendingBytes = 0
  }

  /** Everything that was appended, batch by batch. */
  async *batches(size: number): AsyncGenerator<Omit<StoredRow, 'record'>[]> {
    await this.#flush()
    const file = await open(this.#path)
    let batch: Omit<StoredRow, 'record'>[] = []
    for await (const line of file.readLines()) {
      batch.push(JSON.parse(line) as StoredRow)
      if (batch.length === size) {
        yield batch
        batch = []
      }
    }
    if (batch.length > 0) yield batch
  }

  async close(): Promise<void> {
    await this.#file?.close()
  }
}
