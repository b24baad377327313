/** What no body may hold, whatever its schema says: text that cannot be stored, and nesting that nothing here needs. */
import type { FastifyInstance } from 'fastify'
import { problem } from './problems.ts'

const MAX_DEPTH = 32
const NUL = '\u0000'

export function refuseUnstorable(app: FastifyInstance): void {
  app.addHook('preValidation', ({ body }, _reply, done) => {
    const fault = body === undefined ? undefined : faultIn(body)
    done(fault && problem('invalid-body', `${fault.pointer || 'The body'}: ${fault.detail}`, { errors: [fault] }))
  })
}

interface Fault {
  readonly pointer: string
  readonly detail: string
}

/** PostgreSQL cannot store U+0000 in text, so neither engine does. A list of what is left to look at, since a body may be nested deeper than the stack. */
function faultIn(body: unknown): Fault | undefined {
  const open: { value: unknown; pointer: string; depth: number }[] = [{ value: body, pointer: '', depth: 0 }]
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, pointer, depth } = next
    if (typeof value === 'string' && value.includes(NUL))
      return { pointer, detail: 'It holds the character U+0000, which cannot be stored.' }
    if (typeof value !== 'object' || value === null) continue
    if (depth === MAX_DEPTH) return { pointer, detail: `It is nested more than ${MAX_DEPTH} levels deep.` }
    for (const [key, member] of Object.entries(value)) {
      const at = `${pointer}/${key.replaceAll(NUL, '').slice(0, 80).replaceAll('~', '~0').replaceAll('/', '~1')}`
      if (key.includes(NUL)) return { pointer: at, detail: 'Its name holds the character U+0000, which cannot be stored.' }
      open.push({ value: member, pointer: at, depth: depth + 1 })
    }
  }
  return undefined
}
