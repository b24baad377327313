/** What the suites say to a registry, and how they read its answers. Nothing here knows the source. */
import { randomBytes } from 'node:crypto'
import type { TAP, Test } from 'tap'
import { type Engine, engines, type Server, startServer } from './server.ts'

export type Who = 'contributor' | 'other-contributor' | 'reviewer' | 'second-reviewer' | 'organiser' | 'admin'

export interface Place {
  readonly pointer?: string
  readonly parameter?: string
  readonly header?: string
  readonly detail: string
  readonly nearest?: string
}

/** What answers hold: whatever a test reads without looking is asserted by that test. */
export interface Body {
  readonly items: Body[]
  readonly total: number
  readonly next: string
  readonly id: string
  readonly title: string
  readonly version: string
  readonly status: string | number
  readonly code: string
  readonly detail: string
  readonly type: string
  readonly errors: Place[]
  readonly facets: Record<string, { code: string; label: string; count: number }[]>
  readonly counts: { measures: number; retired: number; changes: number; vocabularies: number }
  readonly [more: string]: unknown
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly bytes: Buffer
  /** The body, where it is JSON; an empty object where it is not. */
  readonly json: Body
  /** The validator, or the empty text. */
  readonly etag: string
}

export interface Ask {
  readonly as?: Who
  /** Text and bytes go out as they are, everything else as JSON. */
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

export interface Client {
  readonly server: Server
  /** A word that no other measure has: what a suite makes is found by it. */
  readonly word: string
  call(method: string, path: string, ask?: Ask): Promise<Reply>
  get(path: string, ask?: Ask): Promise<Reply>
  post(path: string, body?: unknown, ask?: Ask): Promise<Reply>
  /** The `Authorization` of a role. */
  bearer(who: Who): string
  /** A draft of a contributor. */
  draft(content?: object, ask?: Ask): Promise<Reply>
  /** A published measure: drafted by a contributor, published by a reviewer. */
  publish(content?: object): Promise<Reply>
  /** The next version of a published measure. */
  revise(id: string, patch: object, publication?: object): Promise<Reply>
  close(): Promise<void>
}

/** Everything that a measure needs to be published. */
export const complete = (more: object = {}) => ({
  title: 'Shared care plan within ten days',
  description: 'Share of people with a care plan agreed within ten days of discharge.',
  types: ['process'],
  scoring: 'proportion',
  specification: { denominator: 'People discharged home.', numerator: 'Those with a care plan agreed within ten days.' },
  levels: ['clinical'],
  dataSources: [{ kind: 'ehr' }],
  licence: { permission: 'none', fee: 'free' },
  development: { steward: 'Acceptance Office' },
  ...more
})

const ROLES = {
  contributor: 'contributor',
  'other-contributor': 'contributor',
  reviewer: 'reviewer',
  'second-reviewer': 'reviewer',
  organiser: 'organiser'
} as const

export function parse(text: string): Body {
  try {
    return (JSON.parse(text) ?? {}) as Body
  } catch {
    return {} as Body
  }
}

async function send(base: string, method: string, path: string, { body, headers = {} }: Omit<Ask, 'as'>): Promise<Reply> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array
  const answer = await fetch(`${base}${path}`, {
    method,
    redirect: 'manual',
    headers: { ...(body === undefined || isRaw ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: (isRaw ? body : JSON.stringify(body)) as string })
  })
  const bytes = Buffer.from(await answer.arrayBuffer())
  const text = bytes.toString()
  return { status: answer.status, headers: answer.headers, text, bytes, json: parse(text), etag: answer.headers.get('etag') ?? '' }
}

/** A client of a fresh registry, with a key for each role. */
export async function openClient(engine: Engine, env: Record<string, string> = {}): Promise<Client> {
  const server = await startServer(engine, env)
  const keys = new Map<Who, string>([['admin', server.adminKey]])
  const bearer = (who: Who) => `Bearer ${keys.get(who)}`
  const call: Client['call'] = (method, path, { as, body, headers } = {}) =>
    send(server.base, method, path, { body, headers: { ...(as ? { authorization: bearer(as) } : {}), ...headers } })
  const post: Client['post'] = (path, body, ask = {}) => call('POST', path, { ...ask, body })
  for (const [who, role] of Object.entries(ROLES) as [Who, string][]) {
    const made = await post('/v1/keys', { name: `acceptance ${who}`, role }, { as: 'admin' })
    if (made.status !== 201) throw new Error(`No key for ${who}: ${made.status} ${made.text}`)
    keys.set(who, String(made.json['key']))
  }
  const demand = (reply: Reply, status: number) => {
    if (reply.status !== status) throw new Error(`${status} expected: ${reply.status} ${reply.text}`)
    return reply
  }
  const publishDraft = async (id: string, etag: string, publication: object) =>
    demand(await post(`/v1/measures/${id}/draft/publish`, publication, { as: 'reviewer', headers: { 'if-match': etag } }), 200)
  return {
    server,
    word: `w${randomBytes(5).toString('hex')}`,
    bearer,
    call,
    get: (path, ask) => call('GET', path, ask),
    post,
    draft: (content = {}, ask = {}) => post('/v1/measures', complete(content), { as: 'contributor', ...ask }),
    async publish(content = {}) {
      const draft = demand(await post('/v1/measures', complete(content), { as: 'contributor' }), 201)
      return publishDraft(draft.json.id, draft.etag, { impact: 'major', changeNote: 'First version.' })
    },
    async revise(id, patch, publication = { impact: 'minor', changeNote: 'Revised.' }) {
      const { etag } = await call('GET', `/v1/measures/${id}`)
      const headers = { 'if-match': etag }
      const draft = demand(await call('PATCH', `/v1/measures/${id}/draft`, { as: 'contributor', body: patch, headers }), 200)
      return publishDraft(id, draft.etag, publication)
    },
    close: () => server.stop()
  }
}

/** For what waits on purpose, on a machine that is busy. */
export const LONG = 170_000

/** Runs a suite on every engine that can be used here; where one cannot, the skip says why. */
export function onEveryEngine(t: TAP, suite: (t: Test, client: Client, engine: Engine) => Promise<void>): void {
  t.setTimeout(LONG)
  for (const engine of engines) {
    t.test(engine.name, { skip: engine.skip, timeout: LONG }, async (t) => {
      const client = await openClient(engine)
      t.teardown(client.close)
      await suite(t, client, engine)
    })
  }
}

const LEAKS =
  /\\n\s+at |file:\/\/|node_modules|\.ts:\d|sqlite|postgres|pg_|drizzle|\bSELECT\b|\bINSERT\b|\bUPDATE\b .+ \bSET\b|fts5|tsquery|constraint failed|relation "|ECONN|ajv/

/** An answer never shows what is inside: no stack, no SQL, no name of a part. */
export const leaks = (text: string): string | undefined => LEAKS.exec(text)?.[0]

export interface Refusal {
  readonly status: number
  readonly code: string
  /** A place that `errors` has to name: a pointer (`/title`), `?parameter` or `header:`. */
  readonly at?: string | undefined
}

const places = (errors: readonly Place[] = []) =>
  errors.map(({ pointer, parameter, header }) => pointer ?? (parameter === undefined ? `${header}:` : `?${parameter}`))

/** Why an answer is not the refusal that is expected; undefined where it is. */
export function faultOf(reply: Reply, { status, code, at }: Refusal): string | undefined {
  const { json, headers, text } = reply
  const checks: [boolean, string][] = [
    [reply.status === status && json.status === status, `status ${reply.status} instead of ${status}`],
    [(headers.get('content-type') ?? '').startsWith('application/problem+json'), `content-type ${headers.get('content-type')}`],
    [json.code === code, `code ${json.code} instead of ${code}`],
    [String(json.type).endsWith(`/problems/${code}`), `type ${json.type}`],
    [
      ['title', 'detail', 'instance'].every((name) => typeof json[name] === 'string' && json[name] !== ''),
      'title, detail or instance is missing'
    ],
    [at === undefined || places(json.errors).includes(at), `errors name ${places(json.errors).join(' ') || 'nothing'} instead of ${at}`],
    [leaks(text) === undefined, `it shows "${leaks(text)}"`]
  ]
  const wrong = checks.filter(([right]) => !right).map(([, what]) => what)
  return wrong.length === 0 ? undefined : `${wrong.join('; ')}: ${text.slice(0, 400)}`
}

/** Asserts that an answer is a refusal, as problem details. */
export function refuses(t: Test, reply: Reply, refusal: Refusal, name: string): void {
  t.equal(faultOf(reply, refusal), undefined, name)
}

/** Follows `next` to the end; gives the items of every page. */
export async function allPages(client: Client, path: string, ask: Ask = {}): Promise<Body[][]> {
  const pages: Body[][] = []
  for (let next: string | undefined; next !== ''; ) {
    const reply = await client.get(next ? `${path}&cursor=${encodeURIComponent(next)}` : path, ask)
    if (reply.status !== 200 || typeof reply.json.next !== 'string') throw new Error(`${path}: ${reply.status} ${reply.text.slice(0, 400)}`)
    pages.push(reply.json.items)
    next = reply.json.next
  }
  return pages
}
