/** What every slice stands on: limits, schemaCompilers, problems, keys, CORS, caching, documentation, health. */
import cors from '@fastify/cors'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify'
import type { Context } from '../context.ts'
import { tagOf } from '../json/canonical.ts'
import { guardAccess } from './access.ts'
import { readBodies, refuseUnstorable } from './bodies.ts'
import { etagOf, isKnown } from './conditional.ts'
import { answerErrors } from './errors.ts'
import { reportHealth } from './health.ts'
import { describeApi } from './openapi.ts'
import { limitPatience } from './patience.ts'
import { explainProblems } from './problem-pages.ts'
import { PROBLEMS, Problem, type ProblemCode, ProblemPlace, problem, problemBody } from './problems.ts'
import { stopSoon } from './stopping.ts'
import { refuseUnnamedParameters, schemaCompilers } from './validation.ts'

const MIB = 2 ** 20
const EXPOSED = ['ETag', 'Link', 'Location', 'Content-Language', 'Idempotency-Replayed']

/** Limits: no client can hold a connection, or the memory, for long. */
export const serverOptions = ({ config, ids }: Context): FastifyServerOptions =>
  ({
    logger: config.LOG_LEVEL === 'silent' ? false : { level: config.LOG_LEVEL, redact: ['req.headers.authorization'] },
    schemaController: schemaCompilers(),
    bodyLimit: MIB,
    // Files take longer than records: see `limitPatience`.
    requestTimeout: 0,
    connectionTimeout: 60_000,
    keepAliveTimeout: 65_000,
    return503OnClosing: true,
    genReqId: () => ids.id(),
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: false },
    // Large enough that an address that is too long is refused with its place.
    // Node looks for headers that are too slow every thirty seconds, three times as long as they may take.
    http: { maxHeaderSize: 160 * 1024, connectionsCheckingInterval: 2_000, headersTimeout: 10_000 },
    frameworkErrors: (error, request, reply) => {
      const refusal = problem('invalid-parameter', 'The address is not well-formed: check its percent signs.', {
        errors: [{ parameter: 'path', detail: 'It cannot be decoded.' }]
      })
      const known =
        error.code === 'FST_ERR_BAD_URL' || error.code === 'FST_ERR_ASYNC_CONSTRAINT'
          ? refusal
          : problem('uri-too-long', 'A part of the address is too long.')
      return (reply as FastifyReply)
        .code(known.statusCode)
        .type('application/problem+json; charset=utf-8')
        .send(JSON.stringify(problemBody(known, config.PUBLIC_URL, `urn:request:${request.id}`)))
    },
    clientErrorHandler: (error, socket) => {
      if (error.code === 'ECONNRESET' || !socket.writable) return socket.destroy()
      socket.end(rawProblem(CLIENT_ERRORS[error.code] ?? 'malformed-json', config.PUBLIC_URL))
    }
  }) as FastifyServerOptions & { http: object }

/** What Node refuses before there is a request. */
const CLIENT_ERRORS: Record<string, ProblemCode> = { HPE_HEADER_OVERFLOW: 'headers-too-large', ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout' }

function rawProblem(code: ProblemCode, publicUrl: string): string {
  const { status, title, explanation } = PROBLEMS[code]
  const body = JSON.stringify(problemBody(problem(code, explanation), publicUrl, 'about:blank'))
  return `HTTP/1.1 ${status} ${title}\r\nContent-Type: application/problem+json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`
}

/** The reference loads nothing from elsewhere, whatever the plugin would allow, and works without TLS on any host. */
const REFERENCE_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Puts everything in place that has to be there before the routes. */
export async function plumbing(app: FastifyInstance, context: Context): Promise<void> {
  for (const schema of [ProblemPlace, Problem]) app.addSchema(schema)
  answerErrors(app, context)
  limitPatience(app, rawProblem('request-timeout', context.config.PUBLIC_URL))
  readBodies(app)
  // Not strict: OPTIONS without an origin would be refused as text.
  await app.register(cors, { origin: '*', methods: ['GET', 'HEAD'], exposedHeaders: EXPOSED, strictPreflight: false })
  guardAccess(app, context)
  refuseUnnamedParameters(app)
  // Bodies are JSON: Fastify would take text as well.
  app.removeContentTypeParser('text/plain')
  refuseUnstorable(app)
  stateCaching(app)
  await describeApi(app)
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: REFERENCE_CSP,
    uiConfig: { deepLinking: true, docExpansion: 'list', tryItOutEnabled: true, validatorUrl: null },
    theme: { title: 'Common Measure' }
  })
  reportHealth(app, context)
  stopSoon(app)
  explainProblems(app)
}

/** Reads may be kept by anyone who asks again before using them; what came with a key is for its holder only. */
function stateCaching(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    if (isRead) reply.header('vary', 'Accept, Accept-Language, Authorization')
    if (!reply.hasHeader('cache-control'))
      reply.header('cache-control', isRead ? (request.actor ? 'private, no-cache' : 'public, no-cache') : 'no-store')
    const lacksValidator = isRead && reply.statusCode === 200 && typeof payload === 'string' && !reply.hasHeader('etag')
    done(null, lacksValidator && request.url.startsWith('/v1') ? validatedByContent(request, reply, payload) : payload)
  })
}

/** A read that has no validator of its own gets one of its bytes. */
function validatedByContent(request: FastifyRequest, reply: FastifyReply, payload: string): string | null {
  if (!isKnown(request, reply, etagOf(tagOf(payload)))) return payload
  reply.code(304).removeHeader('content-length')
  return null
}
