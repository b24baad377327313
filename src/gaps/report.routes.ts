/** How gaps come in: recorded with a key, or reported without one and read by a reviewer before they are public. */
import rateLimit from '@fastify/rate-limit'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { violationOf } from '../../db/errors.ts'
import type { Writer } from '../../db/store.ts'
import { allows } from '../access/roles.ts'
import { ref } from '../component.ts'
import { actOnSeen } from '../http/acting.ts'
import { questionOf, writeCursor } from '../http/cursor.ts'
import { lockOf, once, send } from '../http/idempotency.ts'
import { linkNext, placeAfter } from '../http/paging.ts'
import { problem, problemResponses } from '../http/problems.ts'
import { validated } from '../http/validation.ts'
import { mergePatch } from '../json/merge-patch.ts'
import { type Act, lockOfMeasure } from '../measures/lifecycle.ts'
import { answered, answerOf, CONDITIONAL, JSON_TYPE, REFUSED, WRITTEN } from './answering.ts'
import { faultsIn } from './gap.check.ts'
import { GapContent } from './gap.schema.ts'
import type { GapDeps } from './gaps.deps.ts'
import { countQueue, type GapRow, listQueue } from './gaps.queries.ts'
import { lockOfGap, refuseFaults, writeGap } from './keeping.ts'
import { acceptGap, returnGap } from './moderating.ts'
import { receiveReport, recordGap } from './recording.ts'
import {
  AcceptBody,
  GapParams,
  GapQueue,
  NewGap,
  PublicReport,
  QueueQuery,
  Received,
  ReportBody,
  ReturnGapBody
} from './requests.schema.ts'

/** Without a key: enough for whoever has something to say, too few for whoever wants to bury the reviewers. */
const PER_ADDRESS = { max: 5, timeWindow: 600_000 }
const FROM_ALL = { max: 100, timeWindow: 86_400_000, keyGenerator: () => 'all' }

const RECEIVED = {
  received: true,
  message: 'Thank you. A reviewer reads your report; once it is accepted, everybody can read it. Nothing is kept of who sent it.'
} as const
/** The largest number that a row can have (PostgreSQL, `serial`). */
const MAX_NO = 2 ** 31 - 1

export const gapReportRoutes: FastifyPluginAsyncTypebox<GapDeps> = async (app, { store, clock, ids, config, vocabularies }) => {
  await app.register(rateLimit, { global: false })
  const limits = [app.createRateLimit(PER_ADDRESS), app.createRateLimit(FROM_ALL)]

  /** Content as it would be stored, with every fault named. */
  function checked(request: FastifyRequest, value: unknown): GapContent {
    const content = validated<GapContent>(request, GapContent, value)
    refuseFaults(faultsIn(content, vocabularies))
    return content
  }

  app.post(
    '/gaps',
    {
      config: { access: 'reader' },
      // Which of the two forms it has to be depends on who sends it: see below.
      attachValidation: true,
      schema: {
        operationId: 'reportGap',
        summary: 'Report a gap',
        description:
          'With the key of a contributor: a whole gap, public at once (201). Without one: the short form `GapReport`, which a reviewer reads before it is public (202); a few in ten minutes from one address.',
        tags: ['gaps'],
        body: ReportBody,
        response: {
          201: answered('The gap.'),
          202: { description: 'The report arrived.', content: { 'application/json': { schema: ref(Received) } } },
          ...problemResponses(...WRITTEN, 'unauthenticated', 'id-taken', 'idempotency-key-reused', 'too-many-requests')
        },
        'x-example': {
          body: {
            title: 'Carers who speak Arabic are not asked',
            statement: 'In our district the questions exist in Dutch and French only. Carers who speak Arabic are left out of the results.',
            kind: 'no-translation',
            populations: [{ dimension: 'language', value: 'ar', focus: 'excluded' }],
            jurisdictions: ['BE-VLG'],
            severity: { reach: 'some', consequence: 'information-lost', alternative: 'none' },
            evidence: [{ kind: 'testimony', text: 'Three carers told us so.' }],
            reportedBy: { group: 'carers', livedExperience: true }
          }
        }
      }
    },
    async (request, reply) => {
      const { validationError } = request
      if (validationError && validationError.validationContext !== 'body') throw validationError
      // An organiser has no more to say about gaps than a reader.
      const isContributor = allows(request.actor?.role ?? 'reader', 'contributor')
      return (isContributor ? record(request, reply) : receive(request, reply)) as never
    }
  )

  async function record(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const gap = validated<NewGap>(request, NewGap, request.body)
    refuseFaults(faultsIn(gap, vocabularies))
    const act = actOnSeen(request, { clock, config })
    const locks = [...lockOf(request), gap.id ? lockOfGap(gap.id) : 'gap-slugs']
    const measures = (gap.measures ?? []).map(({ measure }) => lockOfMeasure(measure))
    const write = () =>
      store.write([...locks, ...measures], (tx) =>
        once(request, tx, clock.now(), async () => answerOf(await recordGap(tx, act, gap), config.PUBLIC_URL))
      )
    // Somebody may have given the identifier that was just found free: the second time it is seen to be taken.
    return send(reply, await write().catch((error) => (violationOf(error) === 'unique' ? write() : Promise.reject(error))))
  }

  async function receive(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const report = validated<PublicReport>(request, PublicReport, request.body)
    for (const limit of limits) {
      const state = await limit(request)
      if (state.isAllowed || !state.isExceeded) continue
      throw problem('too-many-requests', 'There were many reports without a key lately. Please try again later, or ask for a key.', {
        headers: { 'retry-after': `${state.ttlInSeconds}` }
      })
    }
    // People do not see this field; who fills it in is a program, and learns nothing.
    if (!report.website) {
      const id = `r-${ids.secret(8).toString('hex')}`
      await store.write([lockOfGap(id)], (tx) => receiveReport(tx, clock.now().toISOString(), id, report))
    }
    return reply.code(202).send(RECEIVED)
  }

  app.get(
    '/gaps/queue',
    {
      config: { access: 'reviewer' },
      schema: {
        operationId: 'listGapQueue',
        summary: 'List reports that wait for a reviewer',
        description: 'What came without a key and nobody has accepted or returned yet, the oldest first.',
        tags: ['gaps'],
        querystring: QueueQuery,
        response: {
          200: {
            description: 'A page of reports.',
            headers: { Link: { type: 'string', description: '`rel="next"`, where there is a next page.' } },
            content: { 'application/json': { schema: ref(GapQueue) } }
          },
          ...problemResponses('invalid-parameter', 'invalid-cursor', 'cursor-of-another-query', 'unauthenticated', 'forbidden')
        },
        'x-example': { query: { limit: '2' } }
      }
    },
    async (request, reply) => {
      const { limit = 50, cursor } = request.query
      const question = questionOf({ list: 'gap-queue' }, [])
      const after = Math.min(placeAfter(question, cursor)?.no ?? 0, MAX_NO)
      const { rows, total } = await store.read(async (db) => ({
        rows: await listQueue(db, after, limit + 1),
        total: await countQueue(db)
      }))
      const last = rows.length > limit ? rows[limit - 1] : undefined
      const next = last ? writeCursor(question, { key: '', no: last.no }) : ''
      linkNext(request, reply, config.PUBLIC_URL, next)
      const items = rows.slice(0, limit).map(({ json }) => json)
      reply.type(JSON_TYPE)
      return reply.send(`{"items":[${items.join(',')}],${JSON.stringify({ total, next }).slice(1)}` as never) as never
    }
  )

  /** One decision on a report: the first answer kept for who asks twice, the report after it as the answer. */
  const decide = async (
    request: FastifyRequest<{ Params: { id: string } }>,
    reply: FastifyReply,
    measures: readonly string[],
    work: (tx: Writer, act: Act, id: string) => Promise<GapRow>
  ) => {
    const { id } = request.params
    const act = actOnSeen(request, { clock, config })
    const answer = await writeGap(store, id, { measures, locks: lockOf(request) }, (tx) =>
      once(request, tx, clock.now(), async () => answerOf(await work(tx, act, id)))
    )
    return send(reply, answer)
  }

  app.post(
    '/gaps/:id/accept',
    {
      config: { access: 'reviewer' },
      schema: {
        operationId: 'acceptGap',
        summary: 'Accept a report',
        description: 'From then on it is public, as `reported`, with the kind and the codes that the reviewer gives it.',
        tags: ['gaps'],
        params: GapParams,
        body: ref(AcceptBody),
        response: {
          200: answered('The gap.'),
          ...problemResponses(...WRITTEN, ...REFUSED, ...CONDITIONAL, 'conflict', 'idempotency-key-reused')
        },
        'x-example': {
          path: { id: 'example-report' },
          headers: { 'if-match': '*' },
          body: {
            kind: 'no-translation',
            populations: [{ dimension: 'language', value: 'ar', focus: 'excluded' }],
            levels: ['clinical'],
            content: { statement: 'There is no version in Arabic.' }
          }
        }
      }
    },
    async (request, reply) => {
      const { content: patch = {}, reason, ...given } = request.body
      const named = ((patch as Partial<GapContent>).measures ?? []).map(({ measure }) => measure)
      const patched = (content: GapContent) => checked(request, { ...(mergePatch(content, patch) as GapContent), ...given })
      return decide(request, reply, named, (tx, act, id) => acceptGap(tx, act, id, patched, reason))
    }
  )

  app.post(
    '/gaps/:id/return',
    {
      config: { access: 'reviewer' },
      schema: {
        operationId: 'returnGap',
        summary: 'Keep a report from becoming public',
        description: 'For good. It is kept with the reason, for reviewers.',
        tags: ['gaps'],
        params: GapParams,
        body: ref(ReturnGapBody),
        response: {
          200: answered('The report.'),
          ...problemResponses(...WRITTEN, ...REFUSED, ...CONDITIONAL, 'conflict', 'idempotency-key-reused')
        },
        'x-example': { path: { id: 'example-report' }, headers: { 'if-match': '*' }, body: { reason: 'It is advertising.' } }
      }
    },
    async (request, reply) => decide(request, reply, [], (tx, act, id) => returnGap(tx, act, id, request.body.reason))
  )
}
