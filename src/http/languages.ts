/** The language of an answer: `lang`, else `Accept-Language` (RFC 9110, section 12.5.4), else English. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import Negotiator from 'negotiator'

const DEFAULT = 'en'
const TAG = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/

/** The language asked for first, as a BCP 47 tag; in which one the answer comes depends on what there is. */
export function languageOf(request: FastifyRequest, lang: string | undefined): string {
  if (lang !== undefined) return lang
  if (request.headers['accept-language'] === undefined) return DEFAULT
  const [first] = new Negotiator(request.raw).languages()
  return first !== undefined && TAG.test(first) ? first : DEFAULT
}

/** Says in which language the answer came. */
export function describeLanguage(reply: FastifyReply, language: string): void {
  reply.header('content-language', language)
}
