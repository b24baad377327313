/** How bodies are read, and what none may hold, whatever its schema says: text that cannot be stored, and nesting that nothing here needs. */
import { isUtf8 } from 'node:buffer'
import type { FastifyInstance } from 'fastify'
import { problem } from './problems.ts'

const MAX_DEPTH = 32
/** More than the largest measure has, and few enough to be judged while others wait. */
const MAX_VALUES = 30_000
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
    const fault = body === undefined ? undefined : faultIn(body)
    done(fault && problem('invalid-body', `${fault.pointer || 'The body'}: ${fault.detail}`, { errors: [fault] }))
  })
}

interface Fault {
  readonly pointer: string
  readonly detail: string
}

/**
 * PostgreSQL cannot store U+0000 in text, so neither engine does; half a surrogate pair has no form in UTF-8 at all.
 * A list of what is left to look at, since a body may be nested deeper than the stack.
 */
function faultIn(body: unknown): Fault | undefined {
  const open: { value: unknown; pointer: string; depth: number }[] = [{ value: body, pointer: '', depth: 0 }]
  let values = 0
  for (let next = open.pop(); next; next = open.pop()) {
    if (++values > MAX_VALUES) return { pointer: '', detail: `It holds more than ${MAX_VALUES} values.` }
    const { value, pointer, depth } = next
    if (typeof value === 'string' && value.includes(NUL))
      return { pointer, detail: 'It holds the character U+0000, which cannot be stored.' }
    if (typeof value === 'string' && !value.isWellFormed())
      return { pointer, detail: 'It holds half of a surrogate pair, which is no character.' }
    if (typeof value !== 'object' || value === null) continue
    if (depth === MAX_DEPTH) return { pointer, detail: `It is nested more than ${MAX_DEPTH} levels deep.` }
    for (const [key, member] of Object.entries(value)) {
      const at = `${pointer}/${key.replaceAll(NUL, '').slice(0, 80).replaceAll('~', '~0').replaceAll('/', '~1')}`
      if (!key.isWellFormed())
        return { pointer: at.toWellFormed(), detail: 'Its name holds half of a surrogate pair, which is no character.' }
      if (key.includes(NUL)) return { pointer: at, detail: 'Its name holds the character U+0000, which cannot be stored.' }
      open.push({ value: member, pointer: at, depth: depth + 1 })
    }
  }
  return undefined
}
