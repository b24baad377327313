/** What operations have in common, added to the document so that no route has to say it: headers, refusals, who may. */
import type { Access } from '../access/roles.ts'
import { ref } from '../component.ts'
import { PROBLEMS, Problem, type ProblemCode, problemResponses } from './problems.ts'

/** Refusals that come before any operation is reached, or that say nothing of it. */
export const TRANSPORT_CODES = [
  'method-not-allowed',
  'request-timeout',
  'uri-too-long',
  'headers-too-large',
  'internal',
  'service-unavailable'
] as const satisfies ProblemCode[]

interface RouteSchema {
  readonly querystring?: { readonly properties?: object }
  readonly headers?: { readonly properties?: object }
  readonly response?: Record<string, { 'x-problem-codes'?: ProblemCode[] }>
}

/** A route's schema as an operation of the document: with the conditions, refusals and rights that follow from it. */
export function operationOf(schema: RouteSchema, method: string, access: Access, untraced = false): object {
  const said = Object.values(schema.response ?? {}).flatMap((response) => response['x-problem-codes'] ?? [])
  const codes = new Set<ProblemCode>(['unknown-parameter', ...(untraced ? [] : (['unauthenticated'] as const)), ...said])
  if (codes.has('idempotency-key-reused')) codes.add('invalid-parameter')
  const isRead = method === 'GET' && !isStream(schema)
  return {
    ...schema,
    headers: headersOf(codes, isRead, schema),
    // Readers may come without a key, and with one. Where no trace is left, none is looked at.
    security: access !== 'reader' ? [{ key: [] }] : untraced ? [{}] : [{}, { key: [] }],
    'x-required-role': access,
    response: {
      ...schema.response,
      ...(isRead
        ? { 304: { type: 'null', description: 'The client has it already: nothing changed since the ETag in `If-None-Match`.' } }
        : {}),
      ...problemResponses(...codes),
      default: {
        description: TRANSPORT_CODES.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(' '),
        content: { 'application/problem+json': { schema: ref(Problem) } }
      }
    }
  }
}

const EVENTS = 'text/event-stream'

/** Whether an answer never ends: it has no validator. */
const isStream = ({ response }: RouteSchema): boolean => EVENTS in ((response?.['200'] as { content?: object } | undefined)?.content ?? {})

/** Whether a header is needed is said here only: what lacks is refused by the rule of the header, not by a schema. */
function headersOf(codes: ReadonlySet<ProblemCode>, isRead: boolean, { headers, querystring }: RouteSchema): object {
  const hasLanguage = 'lang' in (querystring?.properties ?? {})
  const text = (description: string) => ({ type: 'string', description })
  return {
    type: 'object',
    required: codes.has('precondition-required') ? ['If-Match'] : [],
    properties: {
      ...headers?.properties,
      ...(isRead ? { 'If-None-Match': text('ETags that the client has: where one of them is still right, the answer is 304.') } : {}),
      ...(hasLanguage ? { 'Accept-Language': text('Languages that are wanted, where `lang` is not given.') } : {}),
      ...(codes.has('precondition-failed') ? { 'If-Match': text('The ETag of what was seen; `*` for whatever there is.') } : {}),
      ...(codes.has('idempotency-key-reused')
        ? {
            'Idempotency-Key': text(
              '1 to 255 visible characters of the client. The same key for the same request gets the first answer again, for a day.'
            )
          }
        : {})
    }
  }
}

interface Operation {
  readonly parameters?: readonly { readonly name: string }[]
  readonly responses: Record<string, { headers?: Record<string, object>; content?: object }>
}

/** Response headers that follow from what an operation is. */
export function withHeaders(operation: Operation, method: string): void {
  const has = (name: string) => operation.parameters?.some((parameter) => parameter.name === name)
  const add = (status: string, name: string, description: string) => {
    const response = operation.responses[status]
    if (response) (response.headers ??= {})[name] ??= { description, schema: { type: 'string' } }
  }
  if (method === 'get' && !(EVENTS in (operation.responses['200']?.content ?? {})))
    for (const status of ['200', '304']) add(status, 'ETag', 'Validator of the answer, for `If-None-Match`.')
  if (has('Accept-Language')) add('200', 'Content-Language', 'The language that the answer is in.')
  add('201', 'Location', 'Where what was made can be read.')
  if (has('Idempotency-Key'))
    for (const status of ['200', '201']) add(status, 'Idempotency-Replayed', '`true` where the answer is that of an earlier request.')
  add('429', 'Retry-After', 'In how many seconds it can be tried again.')
  add('401', 'WWW-Authenticate', 'The scheme that is expected.')
}
