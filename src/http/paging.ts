/** Pages of a list: where the next one starts, in the body and as a link. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Position, readCursor } from './cursor.ts'
import { problem } from './problems.ts'

/** Clients refuse headers that are much longer; `next` is in the body as well. */
const MAX_LINK = 4_000

/** The place after which the page starts. The first page is the one after nothing: `next` of the last page, which is empty, starts again. */
export function placeAfter(question: string, cursor: string | undefined): Position | undefined {
  if (!cursor) return undefined
  const reading = readCursor(question, cursor)
  if ('position' in reading) return reading.position
  throw problem(reading.error, 'Start again without `cursor`.', {
    errors: [{ parameter: 'cursor', detail: 'Use `next` of a page of the same list, unchanged.' }]
  })
}

/** Adds `Link: rel="next"` (RFC 8288) where there is a next page. The public address may have a path of its own. */
export function linkNext(request: FastifyRequest, reply: FastifyReply, publicUrl: string, cursor: string): void {
  if (cursor === '') return
  const { pathname, searchParams } = new URL(request.url, 'http://registry')
  searchParams.set('cursor', cursor)
  const link = `${publicUrl}${pathname}?${searchParams}`
  if (link.length < MAX_LINK) reply.header('link', `<${link}>; rel="next"`)
}
