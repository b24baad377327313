/** Who does what a request asks for, and when. */
import type { FastifyRequest } from 'fastify'
import { type Access, allows } from '../access/roles.ts'
import type { Context } from '../context.ts'
import { requireMatch } from './conditional.ts'

/** Whether who asks has a role; readers come without a key. */
export const mayDo = (request: FastifyRequest, access: Access): boolean => allows(request.actor?.role ?? 'reader', access)

/** The holder of the key, and the time. */
export const actOf = (request: FastifyRequest, { clock, config }: Pick<Context, 'clock' | 'config'>) => ({
  actor: request.actor!,
  now: clock.now().toISOString(),
  publicUrl: config.PUBLIC_URL
})

/** The same where the caller has to have seen the present state. */
export const actOnSeen = (request: FastifyRequest, deps: Pick<Context, 'clock' | 'config'>) => ({
  ...actOf(request, deps),
  mustMatch: (tag: string) => requireMatch(request, tag)
})
