/** How bodies are read, and what none may hold, whatever its schema says. */
import { isUtf8 } from 'node:buffer'
import type { FastifyInstance } from 'fastify'
import { unstorableIn } from '../json/storable.ts'
import { problem } from './problems.ts'

const NUL = '\u0000'

/** JSON in UTF-8 (RFC 8259, section 8.1). Bytes that are not UTF-8 are refused: decoding would put other text in their place. */
export function readBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  const types = ['application/json', 'application/merge-patch+json']
  app.addContentTypeParser<Buffer>(types, { parseAs: 'buffer' }, (request, body, done) =>
    isUtf8(body) ? parse(request, body.toString(), done) : done(problem('malformed-json', 'The body is not UTF-8.'), undefined)
  )
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether no body at all means the same as an empty object. */
    bodyOptional?: boolean
  }
}

export function refuseUnstorable(app: FastifyInstance): void {
  app.addHook('preValidation', (request, _reply, done) => {
    if (request.body === undefined && request.routeOptions.config.bodyOptional) request.body = {}
    const { body, params } = request
    // What can never have been stored is not looked up: PostgreSQL takes the question for an error.
    if (Object.values(params as Record<string, unknown>).some((part) => String(part).includes(NUL)))
      return done(problem('not-found', 'No identifier holds the character U+0000.'))
    const fault = body === undefined ? undefined : unstorableIn(body)
    done(fault && problem('invalid-body', `${fault.pointer || 'The body'}: ${fault.detail}`, { errors: [fault] }))
  })
}
