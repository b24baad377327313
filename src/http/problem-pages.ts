/** A page for each kind of problem: what it means and what to do. HTML for people, JSON for programs. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import Negotiator from 'negotiator'
import { PROBLEM_CODES, PROBLEMS, type ProblemCode, problem } from './problems.ts'

const HIDDEN = { schema: { hide: true } }
const isCode = (code: string): code is ProblemCode => Object.hasOwn(PROBLEMS, code)
const described = (code: ProblemCode) => ({ code, ...PROBLEMS[code] })

export function explainProblems(app: FastifyInstance): void {
  app.get('/problems', HIDDEN, async (request, reply) =>
    answer(request, reply, { items: PROBLEM_CODES.map(described) }, page('Problems', PROBLEM_CODES.map(section).join('\n')))
  )
  app.get<{ Params: { code: string } }>('/problems/:code', HIDDEN, async (request, reply) => {
    const { code } = request.params
    if (!isCode(code)) throw problem('not-found', 'There is no such kind of problem: all of them are at /problems.')
    return answer(request, reply, described(code), page(PROBLEMS[code].title, section(code)))
  })
}

function answer(request: FastifyRequest, reply: FastifyReply, json: object, html: string) {
  const isHtml = new Negotiator(request.raw).mediaType(['application/json', 'text/html']) === 'text/html'
  reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
  return isHtml ? reply.type('text/html; charset=utf-8').send(html) : json
}

/** Everything on these pages is our own text; it is escaped all the same. */
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('`', '')

const section = (code: ProblemCode) => {
  const { status, title, explanation } = PROBLEMS[code]
  return `<h2 id="${code}">${escaped(title)}</h2>\n<p><code>${code}</code>, status ${status}</p>\n<p>${escaped(explanation)}</p>`
}
const page = (title: string, body: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)} - Common Measure</title>
<style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }</style>
${body}
<p><a href="/problems">All problems</a></p>
</html>
`
