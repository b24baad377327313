/** Exercises that are asked in a wrong way: everything is refused by its place, and every ballot that was right still counts, and no other. */
import { request } from 'node:http'
import t from 'tap'
import { type Ask, type Client, onEveryEngine, parse, type Reply, type Who } from './client.ts'
import { documented, Everywhere, GOOD, type Operation, paper, undocumented } from './exercises-bad.everywhere.ts'
import {
  codeIs,
  LIVED,
  Made,
  METHOD_NAMES,
  METHODS,
  type Method,
  ODD,
  PLAN,
  PROFESSIONALS,
  statement,
  VOTED
} from './exercises-bad.made.ts'
import { BALLOTS, codesLike, NO_BALLOTS, PLANS, planWith, RIGHT, type Wrong } from './exercises-bad.tables.ts'
import { type Row, unharmed } from './unharmed.ts'
import { WrongValues } from './wrong-values.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const ANY = { 'if-match': '*' }
/** A code of the right form, which nobody was given. */
const NOBODYS = '070W-3GE1-R70W-3GE1-R70W-3GE1-R7KC'

/** A request with headers that come twice. */
const sendTwice = (client: Client, path: string, method: string, headers: Record<string, string | string[]>, body?: object) =>
  new Promise<Reply>((resolve, reject) => {
    const sent = request(`${client.server.base}${path}`, { method, headers: { ...JSON_TYPE, ...headers } }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk) => chunks.push(chunk))
      answer.on('end', () => {
        const bytes = Buffer.concat(chunks)
        const text = bytes.toString()
        const received = new Headers(Object.entries(answer.headers).map(([name, value]): [string, string] => [name, `${value}`]))
        resolve({ status: answer.statusCode!, headers: received, bytes, text, json: parse(text), etag: received.get('etag') ?? '' })
      })
    })
    sent.on('error', reject)
    sent.end(body && JSON.stringify(body))
  })

/** Exercises in every state, and what they are asked with. */
async function makeAll(client: Client) {
  const made = new Made(client)
  const methods = {} as Record<Method, string>
  for (const method of METHOD_NAMES) methods[method] = await made.open(method)
  const two = { rounds: [{ method: 'rating-1-9' }, { method: 'dots' }], mayJoin: true }
  const closed = async (more: Record<string, unknown>) => {
    const id = await made.open('rating-1-9', more)
    await made.step(id, 'close')
    return id
  }
  const states = {
    draft: await made.draft(),
    open: methods['rating-1-9'],
    empty: await made.open('rating-1-9', { isVoted: false }),
    between: await closed(two),
    still: await closed({ ...two, mayJoin: false }),
    closed: await closed({}),
    published: await closed({}),
    void: await made.open('rating-1-9')
  }
  await made.step(states.published, 'publish')
  await made.step(states.void, 'void', { reason: 'The cards went astray.' })
  const draftCode = (await made.step(states.draft, 'invitations', { group: LIVED, count: 1 })).json['codes'] as string[]
  const batches = {
    waiting: await made.enter(states.open, 2),
    confirmed: await made.enter(states.open, 1),
    discarded: await made.enter(states.open, 1)
  }
  await made.step(states.open, `paper-batches/${batches.confirmed}/confirm`, {}, 'admin')
  await made.step(states.open, `paper-batches/${batches.discarded}/discard`, { reason: 'It was typed in twice.' })
  const filled = made.takeCode(states.open, PROFESSIONALS)
  await made.vote(states.open, filled, METHODS['rating-1-9'].good)
  await client.post(made.at(states.open, '/form'), { country: 'BE' }, { headers: codeIs(filled) })
  return { made, methods, states, batches, draftCode: draftCode[0]!, filled }
}
type All = Awaited<ReturnType<typeof makeAll>>

/** Measures and gaps that nobody can vote on, and one of each that everybody can. */
async function makeSubjects(client: Client) {
  const send = async (path: string, body: object, as?: Who) => {
    const reply = await client.post(path, body, { ...(as ? { as } : {}), headers: ANY })
    if (reply.status >= 300) throw new Error(`${reply.status} ${reply.text}`)
    return reply.json
  }
  const active = await client.publish({ title: `Votable ${client.word}` })
  const draft = await client.draft({ title: `Not yet ${client.word}` })
  const retired = await client.publish({ title: `No longer ${client.word}` })
  await send(`/v1/measures/${retired.json.id}/retire`, { reason: 'Nobody keeps it.' }, 'reviewer')
  const populations = [{ dimension: 'language', value: 'ar', focus: 'excluded' }]
  const report = { statement: 'The questions exist in Dutch and French only.', kind: 'no-translation', populations }
  const merged = await send('/v1/gaps', { ...report, title: `First ${client.word}` }, 'contributor')
  const into = await send('/v1/gaps', { ...report, title: `Second ${client.word}` }, 'contributor')
  await send(`/v1/gaps/${merged.id}/transitions`, { to: 'merged', into: into.id, reason: 'They say the same.' }, 'reviewer')
  await send('/v1/gaps', { title: `Hidden ${client.word}`, statement: 'It waits.', notSeen: 'Somebody.' })
  const hidden = (await client.get('/v1/gaps/queue?limit=1000', { as: 'reviewer' })).json.items.at(-1)!
  return { active: active.json, draft: draft.json.id, retired: retired.json.id, merged: merged.id, into: into.id, hidden: hidden.id }
}

onEveryEngine(t, async (t, client) => {
  const subjects = await makeSubjects(client)
  const all = await makeAll(client)
  const { made, methods, states, batches } = all
  const { operations, schemas } = await documented(client)
  const once = `once-${client.word}`
  await client.post('/v1/exercises', { ...PLAN, id: once }, { as: 'organiser', headers: { 'idempotency-key': once } })
  const { refuses: refuse } = await unharmed(t, client)
  const before = await made.snapshot()
  const surprises = new Set<string>()

  /** Rows are refused, and no exercise is another one afterwards. */
  const refuses = (name: string, rows: readonly Row[]) => {
    refuse(name, rows)
    for (const each of undocumented(operations, rows)) surprises.add(each)
    t.test(`after ${name} every exercise is as it was`, async (t) => t.same(await made.snapshot(), before))
  }
  const post = (name: string, path: string, body: unknown, status: number, code: string, at?: string, more: Ask = {}): Row => [
    name.slice(0, 140),
    'POST',
    path,
    { as: 'organiser', body, ...more, headers: { ...ANY, ...JSON_TYPE, ...more.headers } },
    status,
    code,
    at
  ]
  const get = (path: string, status: number, code: string, at?: string, as?: Who): Row => [
    `GET ${path} as ${as}`,
    'GET',
    path,
    as ? { as } : {},
    status,
    code,
    at
  ]
  const nameOf = (body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body)).slice(0, 100)

  const address = ({ path }: Operation, id: string = states.open) =>
    path.startsWith('/v1/exercises')
      ? path.replace('{id}', id).replace('{batch}', batches.waiting)
      : path.replace('{id}', id === states.open ? (path.includes('/gaps') ? subjects.into : subjects.active.id) : id)
  const everywhere = new Everywhere(operations, address, { ...codeIs(made.showCode(states.open)), ...ANY })

  t.test('every operation is asked', async (t) => {
    t.ok(operations.length >= 27)
    for (const { operationId, requestBody } of operations) t.equal(requestBody !== undefined, operationId in GOOD, operationId)
  })
  refuses('identifiers', everywhere.identifiers())
  refuses('batches', everywhere.batches())
  refuses('roles', everywhere.roles())
  refuses('methods', everywhere.methods())
  refuses('parameters', everywhere.parameters())
  refuses('conditions', everywhere.conditions())
  refuses('idempotency keys', everywhere.repetition(once))
  refuses('bodies', everywhere.bodies())
  refuses('values', everywhere.values(new WrongValues(schemas, 'i1')))

  refuses(
    'plans',
    PLANS.map(([more, at, code = 'invalid-body', status = 422]) => post(nameOf(more), '/v1/exercises', planWith(more), status, code, at))
  )
  refuses(
    'patches',
    PLANS.filter(([more]) => !(typeof more === 'object' && Object.values(more as object).includes(null))).map(
      ([more, at, code = 'invalid-body', status = 422]): Row => {
        const ask = {
          as: 'organiser' as const,
          body: typeof more === 'string' ? more : JSON.stringify(more),
          headers: { ...ANY, ...JSON_TYPE }
        }
        return [`patch ${nameOf(more)}`, 'PATCH', made.at(states.draft), ask, status, code, at]
      }
    )
  )
  refuses('members that are taken away', [
    ...['title', 'question', 'items', 'groups', 'rounds'].map((name): Row => {
      const ask = { as: 'organiser' as const, body: { [name]: null }, headers: ANY }
      return [`patch ${name}: null`, 'PATCH', made.at(states.draft), ask, 422, 'invalid-body', `/${name}`]
    }),
    [
      'a group with codes',
      'PATCH',
      made.at(states.draft),
      { as: 'organiser', body: { groups: [{ code: ODD, target: 1 }] }, headers: ANY },
      409,
      'conflict'
    ],
    [
      'an identifier',
      'PATCH',
      made.at(states.draft),
      { as: 'organiser', body: { id: 'another' }, headers: ANY },
      422,
      'unknown-property',
      '/id'
    ],
    post('an identifier that exists', '/v1/exercises', { ...PLAN, id: states.open }, 409, 'id-taken', '/id')
  ])

  const named = (item: object, at: string): Row[] => [
    post(nameOf(item), '/v1/exercises', { ...PLAN, items: [statement('i1'), item] }, 422, 'invalid-body', `/items/1${at}`),
    post(`join ${nameOf(item)}`, made.at(states.between, '/items'), { item, reason: 'Why.' }, 422, 'invalid-body', `/item${at}`)
  ]
  const { active } = subjects
  refuses('what is voted on', [
    ...named({ kind: 'measure', id: 'no-such-measure' }, '/id'),
    ...named({ kind: 'measure', id: subjects.draft }, '/id'),
    ...named({ kind: 'measure', id: subjects.retired }, '/id'),
    ...named({ kind: 'measure', id: active.id, version: '9.9.9' }, '/version'),
    ...named({ kind: 'measure', id: active.id, version: "1' OR '1" }, '/version'),
    ...named({ kind: 'gap', id: active.id }, '/id'),
    ...named({ kind: 'measure', id: subjects.into }, '/id'),
    ...named({ kind: 'gap', id: subjects.merged }, '/id'),
    ...named({ kind: 'gap', id: subjects.hidden }, '/id'),
    ...named({ kind: 'gap', id: subjects.into, version: 'another' }, '/version'),
    ...named({ kind: 'statement' }, '/label'),
    ...named({ kind: 'statement', label: 'x', version: '1' }, '/version'),
    ...named({ kind: 'measure' }, '/id'),
    ...named({ ...statement('i1') }, '/id'),
    post('without a reason', made.at(states.between, '/items'), { item: statement('x') }, 422, 'invalid-body', '/reason'),
    post('no item', made.at(states.between, '/items'), { reason: 'Why.' }, 422, 'invalid-body', '/item')
  ])

  const vote = (body: unknown, code: string): Ask => ({ body, headers: { ...JSON_TYPE, ...codeIs(code) } })
  for (const method of METHOD_NAMES) {
    const id = methods[method]
    const member = Object.keys(METHODS[method].good)[0]!
    const others = METHOD_NAMES.map((other): Wrong => [METHODS[other].good, `/${Object.keys(METHODS[other].good)[0]}`])
    const wrong = [...NO_BALLOTS, ...BALLOTS[method], ...others.filter(([, at]) => at !== `/${member}`)]
    const code = made.showCode(id)
    refuses(
      `ballots of ${method}`,
      wrong.map(([body, at, code_ = 'invalid-body', status = 422]): Row => {
        const text = typeof body === 'string' ? body : JSON.stringify(body)
        return [text.slice(0, 100), 'PUT', made.at(id, '/ballot'), vote(text, code), status, code_, at]
      })
    )
    refuses(
      `paper of ${method}`,
      wrong.map(([body, at, code = 'invalid-body', status = 422]) => {
        const text = typeof body === 'string' ? body : JSON.stringify(body)
        const good = JSON.stringify(METHODS[method].good)
        const batch = `{"group":"${LIVED}","ballots":[{"ballot":${good}},{"ballot":${text}}]}`
        return post(text, made.at(id, '/paper-batches'), batch, status, code, at === undefined ? undefined : `/ballots/1/ballot${at}`)
      })
    )
  }

  const withCode = (code: string | undefined, id: string, status: number, problem: string, at?: string): Row[] => {
    const headers: Record<string, string> = code === undefined ? {} : codeIs(code)
    const name = `${code}`.slice(0, 60)
    return [
      [`see with ${name}`, 'GET', made.at(id, '/ballot'), { headers }, status, problem, at],
      [`vote with ${name}`, 'PUT', made.at(id, '/ballot'), { headers, body: METHODS['rating-1-9'].good }, status, problem, at],
      [`fill in with ${name}`, 'POST', made.at(id, '/form'), { headers, body: { country: 'BE' } }, status, problem, at]
    ]
  }
  refuses('codes', [
    ...[
      undefined,
      NOBODYS,
      made.showCode(methods.dots),
      made.showCode(states.empty),
      all.draftCode,
      ...codesLike(made.showCode(states.open))
    ].flatMap((code) => withCode(code, states.open, 403, 'ballot-code', 'x-ballot-code:')),
    ...(['between', 'closed', 'published', 'void'] as const).flatMap((state) =>
      withCode(made.showCode(states[state]), states[state], 409, 'round-not-open')
    ),
    ...withCode(all.draftCode, states.draft, 409, 'round-not-open'),
    ...withCode(NOBODYS, states.draft, 404, 'not-found'),
    ...withCode(NOBODYS, 'no-such-exercise', 404, 'not-found'),
    ...withCode(NOBODYS, states.closed, 403, 'ballot-code', 'x-ballot-code:')
  ])
  const form = (body: unknown, at: string, status = 422, problem = 'invalid-body', code = made.showCode(states.open)): Row => [
    `form ${nameOf(body)}`,
    'POST',
    made.at(states.open, '/form'),
    { body, headers: codeIs(code) },
    status,
    problem,
    at
  ]
  refuses('forms', [
    form({}, ''),
    ...['XX', 'be', 'BEL', 'BE-', 'Belgium', '1', '999', '', 'constructor', null, 1, ['BE']].map((country) =>
      form({ country }, '/country')
    ),
    ...['nowhere', 'Clinical', '', '__proto__', null, 1].map((level) => form({ level }, '/level')),
    form({ country: 'BE', name: 'me' }, '/name', 422, 'unknown-property'),
    form({ level: 'clinical', country: 'XX' }, '/country'),
    [
      'a form that was filled in',
      'POST',
      made.at(states.open, '/form'),
      { body: { country: 'NL' }, headers: codeIs(all.filled) },
      409,
      'conflict'
    ]
  ])
  t.test('headers that come twice', async (t) => {
    const [code, path] = [made.showCode(states.open), made.at(states.open, '/ballot')]
    const good = METHODS['rating-1-9'].good
    t.match((await sendTwice(client, path, 'PUT', { 'x-ballot-code': [code, code] }, good)).json, { status: 403, code: 'ballot-code' })
    t.match((await sendTwice(client, path, 'GET', { 'x-ballot-code': [code, ''] })).json, { status: 403, code: 'ballot-code' })
    const headers = { authorization: client.bearer('organiser'), 'if-match': ['"0"', '"1"'] }
    t.match((await sendTwice(client, made.at(states.draft, '/open'), 'POST', headers, {})).json, {
      status: 412,
      code: 'precondition-failed'
    })
    t.same(await made.snapshot(), before)
  })

  const invite = (body: object, at: string, status = 422, code = 'invalid-body') =>
    post(nameOf(body), made.at(states.open, '/invitations'), body, status, code, at)
  refuses('invitations', [
    ...[0, 10_001, '5', 2.5, -1, 1e300, null, true, [5]].map((count) => invite({ group: LIVED, count }, '/count')),
    ...['nobody', 'carers', 'Carers', '__proto__', 'tostring', '', `${LIVED}+${PROFESSIONALS}`, "x'", null, 1].map((group) =>
      invite({ group, count: 1 }, '/group')
    ),
    invite({ group: LIVED }, '/count'),
    invite({ count: 1 }, '/group'),
    invite({ group: LIVED, count: 1, code: NOBODYS }, '/code', 422, 'unknown-property'),
    ...(['closed', 'published', 'void'] as const).map((state) =>
      post(`invite: ${state}`, made.at(states[state], '/invitations'), { group: LIVED, count: 1 }, 409, 'transition-not-allowed')
    )
  ])

  const enter = (body: object, at?: string, status = 422, code = 'invalid-body', id: string = states.open) =>
    post(nameOf(body), made.at(id, '/paper-batches'), body, status, code, at)
  const ballot = METHODS['rating-1-9'].good
  const settle = (batch: string, step: string, status: number, code: string, as: Who = 'admin', id: string = states.open) =>
    post(
      `${step} ${batch} as ${as}`,
      made.at(id, `/paper-batches/${batch}/${step}`),
      step === 'discard' ? { reason: 'Why.' } : {},
      status,
      code,
      undefined,
      { as }
    )
  const [free, others] = [made.showCode(states.open), made.showCode(states.open, PROFESSIONALS)]
  refuses('paper', [
    enter(paper(501), '/ballots'),
    enter(paper(0), '/ballots'),
    ...[0, 250, 499].map((i) =>
      enter(
        { ...paper(500), ballots: paper(500).ballots.with(i, { ballot: { scores: { i1: 10 } } as never }) },
        `/ballots/${i}/ballot/scores/i1`
      )
    ),
    ...['nobody', '__proto__', '', null].map((group) => enter(paper(1, { group }), '/group')),
    ...[{ ballots: null }, { ballots: { 0: {} } }, { ballots: 'x' }].map((more) => enter(paper(1, more), '/ballots')),
    ...[...codesLike(free).filter((code) => code.length <= 100), NOBODYS, made.showCode(methods.dots), others, all.filled].map((code) =>
      enter({ group: LIVED, ballots: [{ ballot }, { ballot, code }] }, '/ballots/1/code')
    ),
    ...['x'.repeat(101), null, 1, {}].map((code) => enter({ group: LIVED, ballots: [{ ballot, code }] }, '/ballots/0/code')),
    enter(
      {
        group: LIVED,
        ballots: [
          { ballot, code: free },
          { ballot, code: free }
        ]
      },
      '/ballots/1/code'
    ),
    enter(
      {
        group: LIVED,
        ballots: [
          { ballot, code: free },
          { ballot, code: free.toLowerCase().replaceAll('-', ' ') }
        ]
      },
      '/ballots/1/code'
    ),
    enter({ group: LIVED, ballots: [{ ballot, name: 'me' }] }, '/ballots/0/name', 422, 'unknown-property'),
    enter(paper(1, { round: 1 }), '/round', 422, 'unknown-property'),
    ...(['draft', 'between', 'closed', 'published', 'void'] as const).map((state) =>
      enter(paper(1), undefined, 409, 'round-not-open', states[state])
    ),
    settle(batches.waiting, 'confirm', 403, 'own-entry', 'organiser'),
    settle(batches.confirmed, 'confirm', 409, 'transition-not-allowed'),
    settle(batches.confirmed, 'discard', 409, 'transition-not-allowed'),
    settle(batches.discarded, 'confirm', 409, 'transition-not-allowed'),
    settle(batches.discarded, 'discard', 409, 'transition-not-allowed'),
    ...['confirm', 'discard'].map((step) => settle(batches.waiting, step, 404, 'not-found', 'admin', methods.dots)),
    settle(batches.waiting, 'confirm', 409, 'round-not-open', 'admin', states.closed),
    settle(batches.waiting, 'discard', 404, 'not-found', 'admin', states.closed),
    get(made.at(methods.dots, `/paper-batches/${batches.waiting}`), 404, 'not-found', undefined, 'admin')
  ])

  const step = (
    state: keyof All['states'],
    which: string,
    body: object = { reason: 'Why.' },
    status = 409,
    code = 'transition-not-allowed',
    at?: string
  ) => post(`${which}: ${state}`, made.at(states[state], `/${which}`), body, status, code, at, { as: 'admin' })
  refuses('steps', [
    ...(['open', 'empty', 'closed', 'published', 'void'] as const).map((state) => step(state, 'open')),
    ...(['draft', 'open', 'empty', 'closed', 'published', 'void'] as const).map((state) => step(state, 'close')),
    ...(['between', 'still'] as const).map((state) => step(state, 'close', {}, 422, 'invalid-body', '/reason')),
    ...(['draft', 'open', 'empty', 'between', 'published', 'void'] as const).map((state) => step(state, 'publish')),
    ...(['published', 'void'] as const).map((state) => step(state, 'void')),
    ...(Object.keys(states) as (keyof All['states'])[])
      .filter((state) => state !== 'between')
      .map((state) => step(state, 'items', { item: statement('more'), reason: 'Why.' })),
    ...(Object.keys(states) as (keyof All['states'])[])
      .filter((state) => state !== 'draft')
      .map(
        (state): Row => [
          `edit: ${state}`,
          'PATCH',
          made.at(states[state]),
          { as: 'admin', body: { topN: 2 }, headers: ANY },
          409,
          'transition-not-allowed'
        ]
      ),
    ...['', ' ', 'x'.repeat(5_001), null, 1].flatMap((reason) =>
      ['void', 'open', 'close', 'publish'].map((which) => step('draft', which, { reason }, 422, 'invalid-body', '/reason'))
    ),
    step('draft', 'void', {}, 422, 'invalid-body', '/reason')
  ])

  const WHOS = [undefined, 'contributor', 'reviewer', 'organiser', 'admin'] as const
  const closedParts = ['/results', '/missing-voices', '/receipts']
  const publishedParts = ['/outcome', '/method-report', '/summary']
  refuses('what nobody sees yet', [
    ...WHOS.flatMap((as) => [
      ...(['open', 'empty', 'void'] as const).flatMap((state) =>
        closedParts.map((part) => get(made.at(states[state], part), 403, 'sealed', undefined, as))
      ),
      ...(['open', 'between', 'closed', 'void'] as const).flatMap((state) =>
        publishedParts.map((part) => get(made.at(states[state], part), 403, 'sealed', undefined, as))
      )
    ]),
    ...WHOS.slice(0, 3).flatMap((as) => [
      ...(['between', 'closed'] as const).flatMap((state) =>
        closedParts.map((part) => get(made.at(states[state], part), 403, 'sealed', undefined, as))
      ),
      ...['', '/turnout', '/turnout/live', ...closedParts, ...publishedParts].map((part) =>
        get(made.at(states.draft, part), 404, 'not-found', undefined, as)
      )
    ]),
    ...closedParts.map((part) => get(made.at(states.draft, part), 403, 'sealed', undefined, 'organiser')),
    ...['/results', '/receipts'].flatMap((part) =>
      [2, 6].map((round) => get(made.at(states.published, `${part}?round=${round}`), 404, 'not-found', '?round'))
    ),
    get(made.at(states.between, '/results?round=2'), 404, 'not-found', '?round', 'organiser'),
    ...['x', '====', '%00', '%ff', 'W10', 'bnVsbA'].map((cursor) =>
      get(`/v1/exercises?cursor=${cursor}`, 400, 'invalid-cursor', '?cursor')
    ),
    ...['', ',', 'opened', 'OPEN', 'open,', 'open,nothing', '!open', '%00', 'constructor', '__proto__', "'"].map((state) =>
      get(`/v1/exercises?state=${state}`, 400, 'unknown-code', '?state')
    ),
    get(`/v1/exercises?state=${'open,'.repeat(50)}`, 400, 'invalid-parameter', '?state'),
    get('/v1/exercises?state=open&state=closed', 400, 'invalid-parameter', '?state'),
    ...['measures', 'gaps'].flatMap((list) =>
      ['priorities', '+priority', '--priority', 'Priority'].map((sort) =>
        get(`/v1/${list}?sort=${sort}`, 400, 'invalid-parameter', '?sort')
      )
    )
  ])

  t.test('a cursor belongs to its list', async (t) => {
    const { next } = (await client.get('/v1/exercises?limit=1', { as: 'organiser' })).json
    for (const query of [`state=open&cursor=${next}`, `state=draft,open&cursor=${next}`])
      t.match((await client.get(`/v1/exercises?limit=1&${query}`, { as: 'organiser' })).json, {
        status: 400,
        code: 'cursor-of-another-query'
      })
    t.match((await client.get('/v1/exercises?state=draft')).json, { total: 0, items: [] }, 'nobody else sees drafts')
  })

  t.test('the nearest is named', async (t) => {
    const plan = (more: object) => ['POST', '/v1/exercises', { ...PLAN, ...more }] as const
    const item = (more: object) => plan({ items: [more] })
    const cast = (method: Method, body: object) => ['PUT', made.at(methods[method], '/ballot'), body] as const
    const asked = (path: string) => ['GET', path, undefined] as const
    const rows: readonly (readonly [request: readonly [string, string, object | undefined], at: string, nearest: string])[] = [
      [plan({ quesion: 'x' }), '/quesion', 'question'],
      [plan({ topn: 1 }), '/topn', 'topN'],
      [plan({ consensus: 'comet-70' }), '/consensus', 'comet-70-15'],
      [plan({ order: 'equal-voices' }), '/order', 'equal-voice'],
      [plan({ groups: [{ code: 'a', target: 1, requird: true }] }), '/groups/0/requird', 'required'],
      [plan({ rounds: [{ method: 'rating' }] }), '/rounds/0/method', 'rating-1-9'],
      [plan({ rounds: [{ method: 'dots', option: {} }] }), '/rounds/0/option', 'options'],
      [plan({ rounds: [{ method: 'dots', options: { maxPerItems: 1 } }] }), '/rounds/0/options/maxPerItems', 'maxPerItem'],
      [
        plan({ rounds: [{ method: 'criteria', options: { criteria: [{ code: 'a', wieght: 1 }] } }] }),
        '/rounds/0/options/criteria/0/wieght',
        'weight'
      ],
      [item({ ...statement('a'), lable: 'x' }), '/items/0/lable', 'label'],
      [item({ ...statement('a'), kind: 'statment' }), '/items/0/kind', 'statement'],
      [item({ kind: 'measure', id: `${active.id}x` }), '/items/0/id', active.id],
      [item({ kind: 'measure', id: active.id, version: '2.0.0' }), '/items/0/version', '1.0.0'],
      [item({ kind: 'gap', id: subjects.merged }), '/items/0/id', subjects.into],
      [plan({ id: once }), '/id', `${once}-2`],
      [cast('rating-1-9', { score: { i1: 5 } }), '/score', 'scores'],
      [cast('rating-1-9', { scores: { I1: 5 } }), '/scores/I1', 'i1'],
      [cast('rating-1-9', { scores: { constructr: 5 } }), '/scores/constructr', ODD],
      [cast('rating-1-9', { dots: { i1: 5 } }), '/dots', 'scores'],
      [cast('top-n', { ranking: ['i3'] }), '/ranking/0', 'i1'],
      [cast('approval', { approved: ['tostring'] }), '/approved/0', 'toString'],
      [cast('criteria', { criteria: { i1: { equality: 1 } } }), '/criteria/i1/equality', 'equity'],
      [cast('rank-all', { ranking: [['i1'], ['i22']] }), '/ranking/1/0', 'i2'],
      [asked(`${made.at(states.published, '/results')}?rounds=1`), '?rounds', 'round'],
      [asked(`${made.at(states.published, '/results')}?format=cvs`), '?format', 'csv'],
      [asked(`${made.at(states.published, '/summary')}?language=nl`), '?language', 'lang'],
      [asked('/v1/exercises?states=open'), '?states', 'state'],
      [asked('/v1/exercises?state=publishd'), '?state', 'published']
    ]
    const faults: string[] = []
    for (const [[method, path, body], at, nearest] of rows) {
      const code = made.showCode(path.endsWith('/ballot') ? path.split('/')[3]! : states.open)
      const { json } = await client.call(method, path, { as: 'organiser', ...(body ? { body } : {}), headers: codeIs(code) })
      const place = json.errors?.find(({ pointer, parameter }) => (pointer ?? `?${parameter}`) === at)
      if (place?.nearest !== nearest)
        faults.push(`${method} ${path} ${nameOf(body ?? '')}: ${JSON.stringify(json.errors)} instead of ${at} ${nearest}`)
    }
    t.same(faults, [])
    t.same(await made.snapshot(), before)
  })

  t.test('every refusal is one that the document names', async (t) => t.same([...surprises].sort(), []))

  t.test('a body of 5 MB', async (t) => {
    const body = JSON.stringify({ ...PLAN, title: 'x'.repeat(5_000_000) })
    // The registry answers before it has read everything, and may close the connection on who goes on talking.
    const reply = await client.post('/v1/exercises', body, { as: 'organiser', headers: JSON_TYPE }).catch(() => undefined)
    if (reply) t.match(reply.json, { status: 413, code: 'payload-too-large' })
    t.same(await made.snapshot(), before)
  })

  t.test('plans that look odd are taken as they are', async (t) => {
    for (const [name, more] of RIGHT) {
      const reply = await client.post('/v1/exercises', { ...PLAN, ...more }, { as: 'organiser' })
      t.equal(reply.status, 201, `${name}: ${reply.text.slice(0, 300)}`)
      const { title = PLAN.title } = more as { title?: string }
      t.equal((await client.get(`/v1/exercises/${reply.json.id}`, { as: 'organiser' })).json.title, title)
    }
  })

  t.test('an idempotency key that came with a refusal is free', async (t) => {
    const ask = { as: 'organiser', headers: { 'idempotency-key': `again-${client.word}` } } as const
    t.equal((await client.post('/v1/exercises', { ...PLAN, k: 2 }, ask)).status, 422)
    const first = await client.post('/v1/exercises', PLAN, ask)
    t.equal(first.status, 201)
    t.equal((await client.post('/v1/exercises', PLAN, ask)).json.id, first.json.id)
  })

  t.test('codes are read as people write them', async (t) => {
    const code = made.showCode(states.empty)
    const bare = code.replaceAll('-', '')
    const written = [code.toLowerCase(), bare, bare.replaceAll('0', 'O').replaceAll('1', 'l'), ` ${code} `, code.replaceAll('-', ' ')]
    for (const text of written) t.equal((await client.get(made.at(states.empty, '/ballot'), { headers: codeIs(text) })).status, 200, text)
  })

  for (const method of METHOD_NAMES)
    t.test(`after all of this the good ballots of ${method} count, and nothing else`, async (t) => {
      const id = methods[method]
      const { good, scores } = METHODS[method]
      const isOpen = id === states.open
      const code = made.takeCode(id, LIVED)
      const receipt = (await made.vote(id, code, good)).json['receipt']
      t.equal((await made.vote(id, code.toLowerCase(), good)).json['receipt'], receipt, 'the same voter has one voice')
      if (isOpen) {
        const form = () => client.post(made.at(id, '/form'), { country: 'NL' }, { headers: codeIs(code) })
        t.same([(await form()).status, (await form()).status], [204, 409], 'the form can be filled in, once')
      }
      if (isOpen) await made.step(id, `paper-batches/${batches.waiting}/confirm`, {}, 'admin')
      // Somebody filled in a form and voted; three ballots came on paper.
      const voted = VOTED + 1 + (isOpen ? 1 + 3 : 0)
      await made.step(id, 'close')
      const receipts = (await client.get(made.at(id, '/receipts'), { as: 'organiser' })).json
      t.equal(receipts.total, voted)
      t.ok((receipts.items as unknown[]).includes(receipt), 'the receipt is among them')
      const results = (await client.get(made.at(id, '/results'), { as: 'organiser' })).json
      t.match(results['representation'], { total: voted, status: 'complete' })
      const found = Object.fromEntries(results.items.map((each) => [String(each['item']), each['pooled'] as { n: number; score: number }]))
      for (const [item, score] of Object.entries(scores)) t.equal(found[item]?.score, score, item)
      t.equal(found['i1']?.n, voted)
      await made.step(id, 'publish')
      const outcome = (await client.get(made.at(id, '/outcome'))).json
      t.equal((outcome['receipts'] as { receipts: unknown[] }[])[0]?.receipts.length, voted)
      t.equal((await client.get(made.at(id, '/results'))).status, 200)
    })
})
