/** Every failure becomes a problem here, at the edge: mapped by codes, with the place that is wrong, and never a stack or a message of the database. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, FastifySchemaValidationError } from 'fastify'
import { StoreError } from '../../db/store.ts'
import type { Context } from '../context.ts'
import { explain, memberOf, pointerOf, type SchemaError, tellingErrors } from '../json/explaining.ts'
import { type ProblemCode, type ProblemError, problem, problemBody, ProblemError as Refusal } from './problems.ts'

const MAX_PLACES = 50

/** Fastify's own refusals, by their codes. */
const FASTIFY: Record<string, readonly [ProblemCode, string]> = {
  FST_ERR_CTP_INVALID_JSON_BODY: ['malformed-json', 'The body is not JSON.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['malformed-json', 'The body is empty; JSON is expected.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['malformed-json', 'The body is not as long as `Content-Length` says.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported-media-type', 'Send JSON with `Content-Type: application/json`.'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['payload-too-large', 'The body is larger than this path takes.'],
  FST_ERR_BAD_URL: ['invalid-parameter', 'The address is not well-formed: check its percent signs.'],
  FST_ERR_MAX_PARAM_LENGTH: ['uri-too-long', 'A part of the path is too long.'],
  FST_ERR_ASYNC_CONSTRAINT: ['invalid-parameter', 'The address is not well-formed.']
}

/** Failures of the storage that pass; the others are faults of ours. */
const PASSING: readonly StoreError['code'][] = ['STORE_TIMEOUT', 'STORE_CLOSED', 'STORE_UNREACHABLE']

export function answerErrors(app: FastifyInstance, { config }: Context): void {
  const routes: { method: string; pattern: RegExp }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    // The preflight of CORS is at every address: that makes none of them known.
    if (url === '*') return
    const pattern = new RegExp(`^${url.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+').replace(/\*$/, '.*')}$`)
    routes.push(...[method].flat().map((each) => ({ method: each, pattern })))
  })
  const methodsAt = (path: string) => [...new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))]

  const answer = (refusal: ProblemError, request: FastifyRequest, reply: FastifyReply) =>
    reply
      .code(refusal.statusCode)
      .headers({ ...refusal.extras.headers, 'cache-control': 'no-store' })
      .type('application/problem+json; charset=utf-8')
      // As text: what goes out does not depend on the response schemas of the route.
      .send(JSON.stringify(problemBody(refusal, config.PUBLIC_URL, `urn:request:${request.id}`)))

  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const refusal = refusalOf(error, request)
    if (refusal.code === 'internal') request.log.error(error)
    if (error instanceof StoreError && refusal.code !== 'internal') request.log.warn(error)
    return answer(refusal, request, reply)
  })

  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]!
    const allowed = methodsAt(path)
    if (allowed.length > 0) {
      const detail = `${request.method} is not known here: ${allowed.join(', ')}.`
      return answer(problem('method-not-allowed', detail, { headers: { allow: allowed.join(', ') } }), request, reply)
    }
    return answer(problem('not-found', `There is nothing at ${path.slice(0, 200)}. The API starts at /v1.`), request, reply)
  })
}

function refusalOf(error: FastifyError | Error, request: FastifyRequest): ProblemError {
  if (error instanceof Refusal) return error
  if (error instanceof StoreError && PASSING.includes(error.code))
    return problem('service-unavailable', 'The database did not answer in time, or the registry is stopping. Nothing was half-done.')
  const { validation, validationContext, code, statusCode } = error as FastifyError
  if (validation) return invalid(validation, validationContext ?? 'body', request)
  const known = FASTIFY[code]
  if (known) return problem(...known)
  // A syntax error of the parser, or a header that Node refuses.
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500
    ? problem('malformed-json', 'The request could not be read.')
    : problem('internal', 'The registry failed. The fault was logged.')
}

/** What a schema found wrong, as the places that are wrong. */
function invalid(found: readonly FastifySchemaValidationError[], context: string, request: FastifyRequest): ProblemError {
  const errors = tellingErrors(found).slice(0, MAX_PLACES)
  if (context === 'body') return invalidBody(errors)
  const places = errors.map((error) => ({ parameter: parameterOf(error), ...explain(error) }))
  const code = errors.every(({ keyword }) => keyword === 'additionalProperties') ? 'unknown-parameter' : 'invalid-parameter'
  // An identifier that cannot be one names nothing that could be there.
  if (context === 'params' && /:(id|name)\b/.test(request.routeOptions.url ?? ''))
    return problem('not-found', 'No identifier looks like this.', { errors: places })
  return problem(code, places[0]!.detail, { errors: places })
}

function invalidBody(errors: readonly FastifySchemaValidationError[]): ProblemError {
  const places = errors.map((error) => ({ pointer: pointerOf(error), ...explain(error) }))
  const code = errors.every(({ keyword }) => keyword === 'additionalProperties') ? 'unknown-property' : 'invalid-body'
  return problem(code, `${places[0]!.pointer || 'The body'}: ${places[0]!.detail}`, { errors: places })
}

const parameterOf = (error: SchemaError): string => memberOf(error) ?? error.instancePath.split('/')[1] ?? ''
