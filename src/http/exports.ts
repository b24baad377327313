/** Lists as files: CSV for spreadsheets, NDJSON for programs, streamed batch by batch, whole and never a page. */
import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import { type Column, csvHeading, csvLines } from './spreadsheet.ts'

/** The answers of a list, for its schema: a page of JSON, or the whole of it as a file. */
export const listContent = (page: object) => ({
  'application/json': { schema: page },
  'text/csv': { schema: { type: 'string', description: 'The whole list, with all columns in a frozen order.' } },
  'application/x-ndjson': { schema: { type: 'string', description: 'The whole list, one JSON object a line.' } }
})

interface File<T> {
  readonly format: 'csv' | 'ndjson'
  /** Of the file, without its ending. */
  readonly name: string
  readonly columns: readonly Column<T>[]
  readonly batches: AsyncIterable<readonly T[]> | Iterable<readonly T[]>
}

/**
 * Streams a list as a file; what is not yet sent is not yet read. Others are answered between two batches: the embedded database
 * answers at once, so that a fast reader would otherwise keep the process to itself.
 */
export function sendFile<T>(reply: FastifyReply, file: File<T>): FastifyReply {
  reply.type(file.format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/x-ndjson; charset=utf-8')
  reply.header('content-disposition', `attachment; filename="${file.name}.${file.format}"`)
  return reply.send(Readable.from(file.format === 'csv' ? csv(file) : ndjson(file)))
}

async function* csv<T>({ columns, batches }: File<T>): AsyncGenerator<string> {
  yield csvHeading(columns)
  for await (const batch of batches) {
    await nextTurn()
    yield csvLines(columns, batch)
  }
}

async function* ndjson<T>({ batches }: File<T>): AsyncGenerator<string> {
  for await (const batch of batches) {
    await nextTurn()
    yield batch.map((item) => `${JSON.stringify(item)}\n`).join('')
  }
}
