/** Conditional requests (RFC 9110, section 13) with strong validators. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { problem } from './problems.ts'

/**
 * The ETag of a representation. `tag` stands for the state of the resource; `variant` tells its representations apart
 * (language, fields), since a strong validator names exact bytes.
 */
export const etagOf = (tag: string, variant?: string): string => `"${variant ? `${tag}.${variant}` : tag}"`

/** The state that an ETag stands for, whatever the representation. */
const stateOf = (etag: string) =>
  etag
    .trim()
    .replace(/^W\//, '')
    .replace(/^"(.*)"$/, '$1')
    .split('.')[0]

const listed = (header: string) => header.split(',').map((etag) => etag.trim())

/**
 * Gives the answer its validator, and answers 304 where the client has it already: then the handler has nothing more to do.
 * Whoever sent a key gets an answer that shared caches must not keep.
 */
export function notModified(request: FastifyRequest, reply: FastifyReply, etag: string): boolean {
  const known = isKnown(request, reply, etag)
  if (known) reply.code(304).send()
  return known
}

/** Gives the answer its validator, and says whether the client has it already. */
export function isKnown(request: FastifyRequest, reply: FastifyReply, etag: string): boolean {
  reply.header('etag', etag)
  const header = request.headers['if-none-match']
  if (header === undefined) return false
  // If-None-Match compares weakly.
  return header.trim() === '*' || listed(header).some((other) => other.replace(/^W\//, '') === etag)
}

/** Refuses where the client did not say which state it saw, or saw another than the present one. */
export function requireMatch(request: FastifyRequest, tag: string): void {
  const header = request.headers['if-match']
  if (header === undefined) {
    throw problem('precondition-required', 'Send the ETag of what you saw in `If-Match`.', {
      errors: [{ header: 'if-match', detail: 'It is missing.' }]
    })
  }
  if (header.trim() === '*' || listed(header).some((etag) => stateOf(etag) === tag)) return
  throw problem('precondition-failed', 'The resource has changed since you read it.', {
    errors: [{ header: 'if-match', detail: 'It is not the ETag of the present state.' }]
  })
}
