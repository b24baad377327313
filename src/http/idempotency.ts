/**
 * `Idempotency-Key`: a request that is sent again gets the answer of the first time. The answer is stored in the same unit of
 * work as what was done, so that neither is there without the other.
 */

import type { FastifyReply, FastifyRequest } from 'fastify'
import { and, eq, lt } from '../../db/drizzle.ts'
import type { Writer } from '../../db/store.ts'
import { canonicalJson, sha256 } from '../json/canonical.ts'
import { problem } from './problems.ts'

/** An answer that can be kept and given again. */
export interface Answer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string
  readonly replayed?: boolean
}

const DAY = 86_400_000

function keyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key
  throw problem('invalid-parameter', 'An idempotency key has 1 to 255 visible ASCII characters.', {
    errors: [{ header: 'idempotency-key', detail: '1 to 255 visible ASCII characters are expected.' }]
  })
}

/** The lock that requests with the same idempotency key wait for. */
export function lockOf(request: FastifyRequest): string[] {
  const key = keyOf(request)
  return key === undefined ? [] : [`idempotency:${request.actor?.id}:${key}`]
}

/**
 * Does the work, or gives the answer that it had the first time. `now` is the clock's. `told` stands for the body where not even a hash of
 * the whole of it may be kept.
 */
export async function once(
  request: FastifyRequest,
  tx: Writer,
  now: Date,
  work: () => Promise<Answer>,
  told: unknown = request.body ?? null
): Promise<Answer> {
  const idempotencyKey = keyOf(request)
  if (idempotencyKey === undefined) return work()
  const keyId = request.actor!.id
  const requestHash = sha256(`${request.method} ${request.url}\n${canonicalJson(told)}`)
  const { replies } = tx.t
  await tx.delete(replies).where(lt(replies.at, new Date(now.getTime() - DAY).toISOString()))
  const [first] = await tx
    .select()
    .from(replies)
    .where(and(eq(replies.keyId, keyId), eq(replies.idempotencyKey, idempotencyKey)))
  if (first && first.requestHash !== requestHash) {
    throw problem('idempotency-key-reused', 'This idempotency key belongs to another request.', {
      errors: [{ header: 'idempotency-key', detail: 'Choose another.' }]
    })
  }
  if (first) return { status: first.status, headers: first.headers, body: first.body, replayed: true }
  const answer = await work()
  await tx.insert(replies).values({ keyId, idempotencyKey, requestHash, ...answer, at: now.toISOString() })
  return answer
}

/** Sends an answer, and says where it is not the first time. */
export function send(reply: FastifyReply, { status, headers, body, replayed }: Answer): FastifyReply {
  if (replayed) reply.header('idempotency-replayed', 'true')
  return reply.code(status).headers(headers).send(body)
}
