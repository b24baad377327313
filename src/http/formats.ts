/** The form of a list: `format`, else `Accept` (RFC 9110, section 12.5.1), else JSON. */
import type { FastifyRequest } from 'fastify'
import Negotiator from 'negotiator'
import { problem } from './problems.ts'

const TYPES = { 'application/json': 'json', 'text/csv': 'csv', 'application/x-ndjson': 'ndjson', 'application/ndjson': 'ndjson' } as const
export type Format = (typeof TYPES)[keyof typeof TYPES]

export function formatOf(request: FastifyRequest, format: Format | undefined): Format {
  if (format !== undefined) return format
  const type = new Negotiator(request.raw).mediaType(Object.keys(TYPES)) as keyof typeof TYPES | undefined
  if (type !== undefined) return TYPES[type]
  throw problem('not-acceptable', `This list comes as ${Object.keys(TYPES).join(', ')}.`, {
    errors: [{ header: 'accept', detail: 'It names none of the forms of this list.' }]
  })
}
