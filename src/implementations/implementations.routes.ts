/** What became of measures where they were put to use. Everybody reads; contributors report; reviewers confirm. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Writer } from '../../db/store.ts'
import { allows } from '../access/roles.ts'
import { ref } from '../component.ts'
import type { Context } from '../context.ts'
import { unauthenticated } from '../http/access.ts'
import { etagOf, notModified, requireMatch } from '../http/conditional.ts'
import { type Position, questionOf, writeCursor } from '../http/cursor.ts'
import { type Answer, lockOf, once, send } from '../http/idempotency.ts'
import { linkNext, placeAfter } from '../http/paging.ts'
import { problem, problemResponses } from '../http/problems.ts'
import { type Act, lockOfMeasure } from '../measures/lifecycle.ts'
import { contextFaults } from '../readiness/context.check.ts'
import {
  ConfirmBody,
  IMPLEMENTATION_SCHEMAS,
  Implementation,
  ImplementationPage,
  ImplementationParams,
  ImplementationsQuery,
  MeasureParams,
  NewImplementation,
  WithdrawBody,
  WithdrawnImplementation
} from './implementation.schema.ts'
import { countReports, countsFor, listReports, NONE, type Place } from './implementations.queries.ts'
import { faultsIn, type ReportRow, rendered, shown, tombstone } from './implementations.ts'
import { confirmReport, publishedVersion, reportImplementation, reportOf, withdrawReport } from './reporting.ts'

const ETAG = { ETag: { type: 'string', description: 'Validator of the answer, for `If-Match` of the next step.' } }
const answered = (description: string, schema: object = ref(Implementation)) => ({
  description,
  headers: ETAG,
  content: { 'application/json': { schema } }
})
const refused = ['unauthenticated', 'forbidden', 'not-found'] as const
const conditional = ['precondition-required', 'precondition-failed', 'transition-not-allowed'] as const
const written = ['malformed-json', 'invalid-body', 'unknown-property', 'payload-too-large', 'unsupported-media-type'] as const
const TYPE = 'application/json; charset=utf-8'

const isContributor = (request: FastifyRequest) => allows(request.actor?.role ?? 'reader', 'contributor')

export const implementationRoutes: FastifyPluginAsyncTypebox<Context> = async (app, { store, clock, ids, config, vocabularies }) => {
  for (const schema of IMPLEMENTATION_SCHEMAS) app.addSchema(schema)

  const actOf = (request: FastifyRequest, mustMatch?: Act['mustMatch']): Act => ({
    actor: request.actor!,
    now: clock.now().toISOString(),
    publicUrl: config.PUBLIC_URL,
    ...(mustMatch ? { mustMatch } : {})
  })
  const answerOf = (row: ReportRow, status = 200): Answer => {
    const { json, tag } = rendered(row)
    const location = status === 201 ? { location: `${config.PUBLIC_URL}/v1/implementations/${row.id}` } : {}
    return { status, headers: { 'content-type': TYPE, etag: etagOf(tag), ...location }, body: json }
  }

  function checked(report: NewImplementation, today: string): NewImplementation {
    const { context, cost } = report
    const errors = [
      ...faultsIn(report, today),
      ...contextFaults(context, vocabularies, '/context'),
      ...(cost ? contextFaults({ budget: cost }, vocabularies, '').map((fault) => ({ ...fault, pointer: '/cost/currency' })) : [])
    ]
    if (errors.length > 0) throw problem('invalid-body', `${errors[0]!.pointer}: ${errors[0]!.detail}`, { errors })
    return report
  }

  /** One transition: the lock of the measure, the first answer kept for who asks twice, the report after it as the answer. */
  const transition = async (
    request: FastifyRequest<{ Params: { id: string } }>,
    reply: FastifyReply,
    work: (tx: Writer, act: Act, id: string) => Promise<ReportRow>
  ) => {
    const { id } = request.params
    const act = actOf(request, (tag) => requireMatch(request, tag))
    // A report stays with its measure for good: it can be read before the lock is taken.
    const { measureId } = await store.read((db) => reportOf(db, id))
    const answer = await store.write([lockOfMeasure(measureId), ...lockOf(request)], (tx) =>
      once(request, tx, clock.now(), async () => answerOf(await work(tx, act, id)))
    )
    return send(reply, answer)
  }

  app.post(
    '/measures/:id/implementations',
    {
      config: { access: 'contributor' },
      schema: {
        operationId: 'reportImplementation',
        summary: 'Report what became of a measure',
        description:
          'Where a published measure was put to use: as it is, after changes, or given up, and why. A reviewer confirms that the use is real; then it counts for the maturity of the measure for three years.',
        tags: ['implementations'],
        params: MeasureParams,
        body: ref(NewImplementation),
        response: {
          201: answered('The report.'),
          ...problemResponses(...written, ...refused, 'idempotency-key-reused')
        },
        'x-example': {
          path: { id: 'example-measure' },
          body: {
            outcome: 'modified',
            context: { jurisdiction: ['NL'], setting: ['home-care'], language: ['nl'], purpose: 'improvement' },
            organisation: 'A home-care organisation',
            since: '2025-09',
            effort: { personDays: 12, level: 'small' },
            cost: { amount: 4000, currency: 'EUR' },
            modifications: 'Two items were left out.',
            lessons: 'Ask for access to the claims early.'
          }
        }
      }
    },
    async (request, reply) => {
      const { id } = request.params
      const act = actOf(request)
      const report = checked(request.body, act.now.slice(0, 10))
      const answer = await store.write([lockOfMeasure(id), ...lockOf(request)], (tx) =>
        once(request, tx, clock.now(), async () => answerOf(await reportImplementation(tx, act, id, report, ids.id()), 201))
      )
      return send(reply, answer)
    }
  )

  app.get(
    '/measures/:id/implementations',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'listImplementations',
        summary: 'List what became of a measure',
        description: 'Reports of where it was put to use, the newest first, and how many there are of each outcome.',
        tags: ['implementations'],
        params: MeasureParams,
        querystring: ImplementationsQuery,
        response: {
          200: {
            description: 'A page of reports.',
            headers: { Link: { type: 'string', description: '`rel="next"`, where there is a next page.' } },
            content: { 'application/json': { schema: ref(ImplementationPage) } }
          },
          ...problemResponses('invalid-parameter', 'unknown-parameter', 'invalid-cursor', 'cursor-of-another-query', ...refused)
        },
        'x-example': { path: { id: 'example-measure' }, query: { limit: '2' } }
      }
    },
    async (request, reply) => {
      const { id } = request.params
      const { outcome, withdrawn: isWithdrawn = false, limit = 50, cursor } = request.query
      if (isWithdrawn && !isContributor(request)) {
        const detail = 'Reports that were withdrawn are listed for contributors.'
        throw request.actor ? problem('forbidden', detail) : unauthenticated(detail)
      }
      const question = questionOf({ list: 'implementations', id, outcome, isWithdrawn }, [])
      const before = checkedPlace(placeAfter(question, cursor))
      const filter = { outcome, isWithdrawn }
      const { rows, total, counts } = await store.read(async (db) => {
        await publishedVersion(db, id)
        return {
          rows: await listReports(db, id, filter, limit + 1, before),
          total: await countReports(db, id, filter),
          counts: await countsFor(db, [id])
        }
      })
      const last = rows.length > limit ? rows[limit - 1] : undefined
      const next = last ? writeCursor(question, { key: `${last.at} ${last.id}`, no: 0 }) : ''
      linkNext(request, reply, config.PUBLIC_URL, next)
      const { confirmed: _confirmed, ...byOutcome } = counts.get(id) ?? NONE
      return { items: rows.slice(0, limit).map(shown), total, next, counts: byOutcome }
    }
  )

  app.get(
    '/implementations/:id',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getImplementation',
        summary: 'Get one implementation report',
        description: 'Its ETag is what the next step needs in `If-Match`. Of one that was withdrawn, readers see when and why.',
        tags: ['implementations'],
        params: ImplementationParams,
        response: {
          200: answered('The report.', {
            anyOf: [ref(Implementation), ref(WithdrawnImplementation)],
            description: 'The report, or what is left of one that was withdrawn.'
          }),
          ...problemResponses('not-found')
        },
        'x-example': { path: { id: 'example-implementation' } }
      }
    },
    async (request, reply) => {
      const report = await store.read((db) => reportOf(db, request.params.id))
      const { json, tag } = rendered(report)
      const left = isContributor(request) ? undefined : tombstone(report)
      reply.type(TYPE)
      if (notModified(request, reply, etagOf(tag, left && 'withdrawn'))) return reply as never
      return reply.send((left ? JSON.stringify(left) : json) as never) as never
    }
  )

  app.post(
    '/implementations/:id/confirm',
    {
      config: { access: 'reviewer', bodyOptional: true },
      schema: {
        operationId: 'confirmImplementation',
        summary: 'Confirm that a reported use is real',
        description:
          'From then on it counts for the maturity of the measure, unless the measure was abandoned or the use has ended. Nobody confirms their own report where a second reviewer exists.',
        tags: ['implementations'],
        params: ImplementationParams,
        body: ref(ConfirmBody),
        response: {
          200: answered('The confirmed report.'),
          ...problemResponses(...written, ...refused, ...conditional, 'own-report', 'idempotency-key-reused')
        },
        'x-example': {
          path: { id: 'example-implementation' },
          headers: { 'if-match': '*' },
          body: { reason: 'Seen in the annual report of the organisation.' }
        }
      }
    },
    async (request, reply) => transition(request, reply, (tx, act, id) => confirmReport(tx, act, id, request.body?.reason))
  )

  app.post(
    '/implementations/:id/withdraw',
    {
      config: { access: 'contributor' },
      schema: {
        operationId: 'withdrawImplementation',
        summary: 'Withdraw an implementation report',
        description:
          'By the key that wrote it, or a reviewer. It counts no more; contributors can still read it, everybody reads when and why.',
        tags: ['implementations'],
        params: ImplementationParams,
        body: ref(WithdrawBody),
        response: {
          200: answered('The withdrawn report.'),
          ...problemResponses(...written, ...refused, ...conditional, 'idempotency-key-reused')
        },
        'x-example': {
          path: { id: 'example-implementation' },
          headers: { 'if-match': '*' },
          body: { reason: 'It was reported twice.' }
        }
      }
    },
    async (request, reply) => {
      const isReviewer = allows(request.actor!.role, 'reviewer')
      return transition(request, reply, (tx, act, id) => withdrawReport(tx, act, id, request.body.reason, isReviewer))
    }
  )
}

const PLACE = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) ([A-Za-z0-9-]{1,64})$/

/** Where the page before ended. A cursor that was made up reaches no query. */
function checkedPlace(position: Position | undefined): Place | undefined {
  if (!position) return undefined
  const [, at, id] = PLACE.exec(position.key) ?? []
  if (at !== undefined && id !== undefined) return { at, id }
  throw problem('invalid-cursor', 'Start again without `cursor`.', {
    errors: [{ parameter: 'cursor', detail: 'Use `next` of a page of the same list, unchanged.' }]
  })
}
