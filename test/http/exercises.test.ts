/** The life of voting exercises and who may do what: steps, rights, the frozen protocol, lists. On every engine. */
import t from 'tap'
import { engines } from '../engines.ts'
import { openRegistry, PUBLIC_URL, type SendOptions } from '../registry.ts'
import {
  ANY,
  canonical,
  ENOUGH,
  etag,
  exercisesIn,
  inState,
  LANGUAGES,
  LIVED,
  PLAN,
  PROS,
  pointersOf,
  ROLES,
  SEALED,
  type State,
  type Step,
  sha256,
  times
} from './exercises.made.ts'
import { putMeasures, ready, retire } from './made.ts'

const STATES = ['draft', 'open', 'between-rounds', 'closed', 'published', 'void'] as const
const STEPS = ['open', 'close', 'publish', 'void'] as const
/** What each step leads to from each state; everything else is refused. */
const LEADS: Readonly<Record<State, Partial<Record<Step, State>>>> = {
  draft: { open: 'open', void: 'void' },
  open: { close: 'closed', void: 'void' },
  'between-rounds': { open: 'open', close: 'closed', void: 'void' },
  closed: { publish: 'published', void: 'void' },
  published: {},
  void: {}
}
const BALLOT = { scores: { i1: 9, i2: 5, i3: 2 } }

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip }, async (t) => {
    const registry = await openRegistry(engine, { catalogue: 'empty' })
    const { send, close } = registry
    t.teardown(close)
    const exercises = exercisesIn(registry)
    const { at, step, prepare, take, invite, own, vote, see, results, changes } = exercises
    const read = (id: string, as: SendOptions['as'] = 'organiser') => send('GET', at(id), { as })

    await t.test('every step from every state: what it leads to, and what is refused', async (t) => {
      const body = { reason: 'Because.' }
      for (const from of STATES) {
        const still = await inState(exercises, from)
        const before = await read(still)
        const isAsBefore = async (name: string) => {
          const after = await read(still)
          t.same([after.headers['etag'], after.body], [before.headers['etag'], before.body], `${name}: nothing changed`)
        }
        for (const which of STEPS.filter((which) => LEADS[from][which] === undefined)) {
          const name = `${which} from ${from}`
          const refused = await step(still, which, body)
          t.match(refused.json(), { status: 409, code: 'transition-not-allowed', detail: /^.+\.$/ }, name)
          await isAsBefore(name)
        }
        if (from !== 'draft') {
          const patched = await send('PATCH', at(still), { as: 'organiser', headers: ANY, body: { title: 'Another' } })
          t.match(patched.json(), { status: 409, code: 'transition-not-allowed' }, `edited when ${from}`)
        }
        const item = { item: { kind: 'statement', label: 'Another' }, reason: 'Why not.' }
        const joined = await send('POST', at(still, '/items'), { as: 'organiser', headers: ANY, body: item })
        t.match(joined.json(), { status: 409, code: 'transition-not-allowed' }, `an item joins when ${from}`)
        const invited = await send('POST', at(still, '/invitations'), { as: 'organiser', body: { group: PROS, count: 1 } })
        t.equal(invited.statusCode, ['draft', 'open', 'between-rounds'].includes(from) ? 201 : 409, `invited when ${from}`)
        await isAsBefore(from)
      }
      for (const from of STATES)
        for (const [which, to] of Object.entries(LEADS[from]) as [Step, State][]) {
          const name = `${which} from ${from}`
          const id = await inState(exercises, from)
          const before = await read(id)
          t.equal((await step(id, which, body, { headers: {} })).statusCode, 428, name)
          t.equal((await step(id, which, body, { headers: { 'if-match': '"old"' } })).statusCode, 412, name)
          t.equal((await read(id)).headers['etag'], before.headers['etag'])
          const moved = await step(id, which, body, { headers: etag(before) })
          t.match([moved.statusCode, moved.json()], [200, { id, state: to }], name)
          const after = await read(id)
          t.same([after.body, after.headers['etag']], [moved.body, moved.headers['etag']])
          t.not(moved.headers['etag'], before.headers['etag'])
          t.equal((await step(id, which, body, { headers: etag(before) })).statusCode, 412, `${name}: of what was seen before`)
          t.equal(moved.json().voidReason, to === 'void' ? 'Because.' : undefined, name)
          t.equal('publishedAt' in moved.json(), to === 'published', name)
        }
    })

    await t.test('who may do what', async (t) => {
      const asked: [method: string, part: string, body: object | undefined][] = [
        ...STEPS.map((which): [string, string, object] => ['POST', `/${which}`, { reason: 'x' }]),
        ['PATCH', '', { topN: 2 }],
        ['POST', '/items', { item: { kind: 'statement', label: 'x' }, reason: 'x' }],
        ['POST', '/invitations', { group: PROS, count: 1 }],
        ['POST', '/paper-batches', { group: PROS, ballots: [{ ballot: BALLOT }] }],
        ['GET', '/paper-batches', undefined],
        ['POST', '/paper-batches/x/confirm', undefined],
        ['POST', '/paper-batches/x/discard', { reason: 'x' }]
      ]
      const open = await inState(exercises, 'open')
      const before = await read(open)
      for (const [method, part, body] of asked)
        for (const as of ['contributor', 'reviewer', undefined] as const) {
          const refused = await send(method, at(open, part), { headers: ANY, ...(as ? { as } : {}), ...(body ? { body } : {}) })
          t.match(
            refused.json(),
            as ? { status: 403, code: 'forbidden' } : { status: 401, code: 'unauthenticated' },
            `${method} ${part} as ${as}`
          )
        }
      for (const as of ['contributor', 'reviewer'] as const)
        t.equal((await send('POST', '/v1/exercises', { as, body: PLAN })).statusCode, 403)
      t.equal((await send('POST', '/v1/exercises', { body: PLAN })).statusCode, 401)
      t.equal((await read(open)).headers['etag'], before.headers['etag'])

      const mine = await send('POST', '/v1/exercises', { as: 'admin', body: { ...PLAN, title: 'By an administrator' } })
      t.equal(mine.statusCode, 201, mine.body)
      const { id } = mine.json()
      t.equal(mine.headers['location'], `${PUBLIC_URL}/v1/exercises/${id}`)
      const steps: [string, string, object?][] = [
        ['PATCH', '', { topN: 2 }],
        ['POST', '/invitations', { group: PROS, count: 1 }],
        ['POST', '/open'],
        ['POST', '/void', { reason: 'x' }]
      ]
      for (const [method, part, body] of steps)
        t.ok((await send(method, at(id, part), { as: 'admin', headers: ANY, ...(body ? { body } : {}) })).statusCode < 300, part)
    })

    await t.test('drafts are for organisers', async (t) => {
      const { id } = await prepare({ title: 'Not yet' })
      for (const as of ROLES) {
        const mayPrepare = as === 'organiser' || as === 'admin'
        for (const part of ['', '/turnout', ...(mayPrepare ? [] : ['/turnout/live']), ...SEALED.map((path) => `/${path}`)]) {
          const answer = await send('GET', at(id, part), as ? { as } : {})
          const status = part === '' || part === '/turnout' ? 200 : 403
          t.equal(answer.statusCode, mayPrepare ? status : 404, `${part} as ${as}`)
        }
        const listed = (await send('GET', '/v1/exercises?state=draft', as ? { as } : {})).json()
        t.equal(listed.total > 0, mayPrepare, `listed for ${as}`)
      }
      for (const part of ['/outcome', '/summary', '/method-report']) t.equal((await see(id, part)).statusCode, 404, part)
      t.equal((await see('not-there', '')).statusCode, 404)
      t.equal((await step('not-there', 'open')).statusCode, 404)
    })

    await t.test('what is wrong with a plan is named', async (t) => {
      await putMeasures(registry, { here: ready(), 'gone-by': ready() })
      await retire(registry, 'gone-by')
      const group = { code: LIVED, target: 1 }
      const round = { method: 'rating-1-9' }
      const item = { kind: 'statement', label: 'x' }
      const rows: [patch: object, pointer: string, nearest?: string][] = [
        [{ title: undefined }, '/title'],
        [{ question: '' }, '/question'],
        [{ items: [] }, '/items'],
        [{ items: [{ kind: 'statement' }] }, '/items/0/label'],
        [{ items: [{ kind: 'statement', label: {} }] }, '/items/0/label'],
        [{ items: [{ ...item, version: '1.0.0' }] }, '/items/0/version'],
        [{ items: [{ ...item, id: 'a b' }] }, '/items/0/id'],
        [{ items: [{ ...item, id: 'x' }, item, { ...item, id: 'x' }] }, '/items/2/id'],
        [{ items: [{ kind: 'measure' }] }, '/items/0/id'],
        [{ items: [item, { kind: 'measure', id: 'heer' }] }, '/items/1/id', 'here'],
        [{ items: [{ kind: 'measure', id: 'gone-by' }] }, '/items/0/id'],
        [{ items: [{ kind: 'measure', id: 'here', version: '9.0.0' }] }, '/items/0/version', '1.0.0'],
        [{ items: [{ kind: 'gap', id: 'no-such-gap' }] }, '/items/0/id'],
        [{ items: [{ kind: 'mesure', id: 'here' }] }, '/items/0/kind', 'measure'],
        [{ groups: [] }, '/groups'],
        [{ groups: [{ ...group, target: 0.5 }] }, '/groups'],
        [{ groups: [{ ...group, target: 1.5 }] }, '/groups/0/target'],
        [
          {
            groups: [
              { ...group, target: 0.5 },
              { ...group, target: 0.5 }
            ]
          },
          '/groups/1/code'
        ],
        [{ rounds: [] }, '/rounds'],
        [{ rounds: times(7, round) }, '/rounds'],
        [{ rounds: [{ method: 'raiting-1-9' }] }, '/rounds/0/method', 'rating-1-9'],
        [{ rounds: [{ ...round, options: { top: 3 } }] }, '/rounds/0/options/top'],
        [{ rounds: [{ method: 'dots', options: { dots: 5, maxPerItem: 6 } }] }, '/rounds/0/options/maxPerItem'],
        [{ rounds: [{ method: 'criteria', options: { criteria: [{ code: 'a' }, { code: 'a' }] } }] }, '/rounds/0/options/criteria/1/code'],
        [{ rounds: [{ ...round, carryOn: 'undecided' }] }, '/rounds/0/carryOn'],
        [{ rounds: [round, { ...round, carryOn: 'somewhat' }] }, '/rounds/1/carryOn'],
        [{ k: 2 }, '/k'],
        [{ k: 5.5 }, '/k'],
        [{ topN: 0 }, '/topN'],
        [{ consensus: 'cos-sted' }, '/consensus', 'cos-stad'],
        [{ percentileType: 1 }, '/percentileType'],
        [{ kin: [[LIVED, 'carers']] }, '/kin/0/1'],
        [{ id: 'Not A Slug' }, '/id'],
        [{ state: 'open' }, '/state'],
        [{ protocolHash: 'x' }, '/protocolHash']
      ]
      for (const [patch, pointer, nearest] of rows) {
        const refused = await send('POST', '/v1/exercises', { as: 'organiser', body: { ...PLAN, ...patch } })
        t.equal(refused.statusCode, 422, JSON.stringify(patch))
        const fault = refused.json().errors?.find((error: { pointer: string }) => error.pointer === pointer)
        t.ok(fault, `${pointer}: ${refused.body}`)
        if (nearest) t.equal(fault?.nearest, nearest, pointer)
      }
      await prepare({ id: 'taken' })
      t.match((await send('POST', '/v1/exercises', { as: 'organiser', body: { ...PLAN, id: 'taken' } })).json(), {
        status: 409,
        code: 'id-taken',
        errors: [{ pointer: '/id' }]
      })
      await prepare({ groups: ['a', 'b', 'c'].map((code) => ({ code, target: 0.33 })) })
    })

    await t.test('the protocol is frozen by the first opening, and everybody can check it', async (t) => {
      const { id, protocolHash, protocol, frozenAt } = await prepare({
        rounds: [{ method: 'rating-1-9' }, { method: 'rating-1-9' }],
        topN: 2
      })
      t.same([protocolHash, frozenAt], [sha256(canonical(protocol)), undefined])
      t.match(protocol, {
        k: 5,
        percentileType: 7,
        order: 'equal-voice',
        mayJoin: false,
        topN: 2,
        consensus: 'cos-stad',
        rounds: [{ carryOn: 'all', options: {} }, {}]
      })
      const edited = await send('PATCH', at(id), {
        as: 'organiser',
        headers: etag(await read(id)),
        body: {
          k: 6,
          groups: [
            { code: LIVED, target: 0.4, required: true },
            { code: PROS, target: 0.6 }
          ]
        }
      })
      t.match(edited.json(), { protocol: { k: 6, groups: [{ required: true }, { target: 0.6, required: false }] } })
      const frozen = edited.json().protocolHash
      t.equal(frozen, sha256(canonical(edited.json().protocol)))
      t.not(frozen, protocolHash)
      t.equal(
        (await send('PATCH', at(id), { as: 'organiser', headers: ANY, body: { k: 6 } })).headers['etag'],
        edited.headers['etag'],
        'without a difference nothing happens'
      )
      t.equal((await send('PATCH', at(id), { as: 'organiser', headers: {}, body: { k: 7 } })).statusCode, 428)
      t.equal((await send('PATCH', at(id), { as: 'organiser', headers: { 'if-match': '"old"' }, body: { k: 7 } })).statusCode, 412)
      t.same(pointersOf(await send('PATCH', at(id), { as: 'organiser', headers: ANY, body: { k: 1 } })), ['/k'])
      t.same(pointersOf(await send('PATCH', at(id), { as: 'organiser', headers: ANY, body: { title: null } })), ['/title'])
      await invite(id, PROS, 1)
      const alone = { groups: [{ code: LIVED, target: 1 }] }
      t.match(
        (await send('PATCH', at(id), { as: 'organiser', headers: ANY, body: alone })).json(),
        { status: 409, code: 'conflict' },
        'whoever has a code stays'
      )
      const same = (answer: { protocolHash: string; protocol?: object }, when: string) => {
        t.equal(answer.protocolHash, frozen, when)
        if (answer.protocol) t.equal(sha256(canonical(answer.protocol)), frozen, when)
      }
      const opened = await take(id, 'open')
      same(opened, 'open')
      t.match(opened.frozenAt, /Z$/)
      const voters = await vote(id, ENOUGH)
      same((await own(id, voters[0]!.code)).json(), 'own ballot')
      const between = await take(id, 'close')
      same(between, 'between rounds')
      t.equal(between.frozenAt, opened.frozenAt)
      same(await results(id), 'results')
      const second = await take(id, 'open')
      same(second, 'second round')
      t.equal(second.frozenAt, opened.frozenAt, 'it is frozen once')
      same((await own(id, voters[0]!.code)).json(), 'own ballot in the second round')
      await vote(id, ENOUGH)
      same(await take(id, 'close'), 'closed')
      same(await results(id), 'results')
      same((await see(id, '/missing-voices', 'organiser')).json(), 'missing voices')
      same(await take(id, 'publish'), 'published')
      for (const part of ['', '/results', '/results?round=1', '/missing-voices']) same((await see(id, part)).json(), part)
      same((await see(id, '/outcome')).json().exercise, 'outcome')
      const listed = (await send('GET', '/v1/exercises?state=published&limit=1000')).json().items
      same(
        listed.find((each: { id: string }) => each.id === id),
        'list'
      )
    })

    await t.test('measures and gaps are pinned to a version, and bring their titles', async (t) => {
      await putMeasures(registry, {
        pinned: ready({ title: 'As it was', translations: { nl: { title: 'Zoals het was' }, fr: { title: 'Tel quel' } } })
      })
      const gap = {
        title: 'Nobody asks',
        statement: 'In Dutch only.',
        kind: 'no-translation',
        populations: [{ dimension: 'language', focus: 'excluded' }]
      }
      const made = await send('POST', '/v1/gaps', { as: 'contributor', body: { ...gap, id: 'pinned-gap' } })
      t.equal(made.statusCode, 201, made.body)
      const items = [
        { kind: 'measure', id: 'pinned' },
        { kind: 'gap', id: 'pinned-gap' },
        { kind: 'statement', label: 'Rust' },
        { kind: 'statement', id: 'named', label: { en: 'Peace', nl: 'Vrede' } },
        { kind: 'statement', label: 'Zorg' }
      ]
      const { id, ...draft } = await prepare({ items, language: 'nl' })
      const tag = String(made.headers['etag']).replaceAll('"', '')
      t.same(draft.items, [
        { id: 'pinned', kind: 'measure', version: '1.0.0', label: { en: 'As it was', nl: 'Zoals het was', fr: 'Tel quel' } },
        { id: 'pinned-gap', kind: 'gap', version: tag, label: { en: 'Nobody asks' } },
        { id: 'i1', kind: 'statement', label: { nl: 'Rust' } },
        { id: 'named', kind: 'statement', label: { en: 'Peace', nl: 'Vrede' } },
        { id: 'i2', kind: 'statement', label: { nl: 'Zorg' } }
      ])
      const labels = draft.groups.map(({ label }: { label: object }) => label)
      for (const label of labels)
        t.same(Object.keys(label).sort(), [...LANGUAGES].sort(), 'groups that the registry knows have names in every language')
      await take(id, 'open')
      const before = await read(id)
      const patched = await send('PATCH', '/v1/measures/pinned/draft', { as: 'contributor', headers: ANY, body: { title: 'As it is now' } })
      t.equal(patched.statusCode, 200, patched.body)
      const published = await send('POST', '/v1/measures/pinned/draft/publish', { as: 'reviewer', headers: ANY, body: { impact: 'major' } })
      t.match(published.json(), { version: '2.0.0' })
      t.equal(
        (await send('PATCH', '/v1/gaps/pinned-gap', { as: 'contributor', headers: ANY, body: { title: 'Some ask' } })).statusCode,
        200
      )
      t.equal((await read(id)).body, before.body, 'what was frozen does not follow')
      t.equal((await read(id)).headers['etag'], before.headers['etag'])
      const label = { en: 'Short', nl: 'Kort' }
      const later = await prepare({
        items: [
          { kind: 'measure', id: 'pinned', version: '1.0.0' },
          { kind: 'gap', id: 'pinned-gap', label }
        ]
      })
      t.match(later.items, [{ version: '1.0.0', label: { en: 'As it was' } }, { label }])
      t.match((await prepare({ items: [{ kind: 'measure', id: 'pinned' }] })).items, [{ version: '2.0.0', label: { en: 'As it is now' } }])
      const stale = await send('POST', '/v1/exercises', {
        as: 'organiser',
        body: { ...PLAN, items: [{ kind: 'gap', id: 'pinned-gap', version: tag }] }
      })
      t.same(pointersOf(stale), ['/items/0/version'], 'of a gap there is its present state only')
      const own = await prepare({
        groups: [
          { code: 'neighbours', target: 0.5 },
          { code: 'friends', target: 0.5, label: { nl: 'Vrienden' } }
        ],
        language: 'nl'
      })
      t.same(
        own.groups.map(({ label }: { label: object }) => label),
        [{ nl: 'neighbours' }, { nl: 'Vrienden' }]
      )
    })

    await t.test('lists: the newest first, by state, page by page, and as files', async (t) => {
      await inState(exercises, 'open')
      const all = (await send('GET', '/v1/exercises?limit=1000', { as: 'organiser' })).json()
      t.equal(all.total, all.items.length)
      t.equal(all.next, '')
      const public_ = (await send('GET', '/v1/exercises?limit=1000')).json()
      t.same(
        public_.items,
        all.items.filter(({ state }: { state: string }) => state !== 'draft')
      )
      const seen = []
      let [next, pages] = ['', 0]
      do {
        const page = await send('GET', `/v1/exercises?state=open,void&limit=3${next ? `&cursor=${encodeURIComponent(next)}` : ''}`)
        t.ok(page.json().items.length <= 3)
        next = page.json().next
        t.equal(String(page.headers['link'] ?? '').includes('rel="next"'), next !== '')
        seen.push(...page.json().items)
        pages++
        if (pages === 1) await prepare({ title: 'Comes in between' })
      } while (next !== '')
      t.ok(pages > 2)
      t.same(
        seen,
        public_.items.filter(({ state }: { state: string }) => ['open', 'void'].includes(state))
      )
      const [first] = seen.filter(({ state }) => state === 'open')
      t.match(first, {
        items: 3,
        groups: [LIVED, PROS],
        rounds: ['rating-1-9'],
        openRound: 1,
        protocolHash: /^[0-9a-f]{64}$/,
        question: PLAN.question
      })
      const cursor = encodeURIComponent((await send('GET', '/v1/exercises?state=void&limit=1')).json().next)
      t.match((await send('GET', `/v1/exercises?state=open&limit=1&cursor=${cursor}`)).json(), {
        status: 400,
        code: 'cursor-of-another-query'
      })
      t.match((await send('GET', '/v1/exercises?state=opn')).json(), {
        status: 400,
        code: 'unknown-code',
        errors: [{ parameter: 'state', nearest: 'open' }]
      })
      t.equal((await send('GET', '/v1/exercises?limit=0')).statusCode, 400)
      t.equal((await send('GET', '/v1/exercises?stat=open')).statusCode, 400)

      const csv = await send('GET', '/v1/exercises?format=csv&state=open')
      t.match(csv.headers['content-type'], /^text\/csv/)
      const lines = csv.body.trim().split(/\r?\n/)
      const open = public_.items.filter(({ state }: { state: string }) => state === 'open').length
      t.equal(
        lines[0]!.replace(/^\ufeff/, ''),
        'id,state,title,question,language,items,groups,rounds,openRound,protocolHash,createdAt,updatedAt,publishedAt'
      )
      t.equal(lines.length, open + 1)
      const ndjson = await send('GET', '/v1/exercises', { headers: { accept: 'application/x-ndjson' } })
      t.same(
        ndjson.body
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
        public_.items
      )
      t.notOk(ndjson.body.includes('"draft"'), 'no drafts in files')
    })

    await t.test('what is sent twice is done once', async (t) => {
      let key = 0
      const twice = async (
        which: string,
        url: string,
        body: object | undefined,
        status: number,
        another: object = { reason: 'Another.' }
      ) => {
        const options = { as: 'organiser' as const, headers: { ...ANY, 'idempotency-key': `twice-${++key}` }, ...(body ? { body } : {}) }
        const first = await send('POST', url, options)
        t.equal(first.statusCode, status, `${which}: ${first.body}`)
        const head = (await changes()).at(-1)!.cursor
        const second = await send('POST', url, options)
        t.same([second.statusCode, second.body, second.headers['etag']], [status, first.body, first.headers['etag']], which)
        t.equal(second.headers['idempotency-replayed'], 'true', which)
        t.equal((await changes()).at(-1)!.cursor, head, `${which}: nothing more in the log`)
        const other = await send('POST', url, { ...options, body: { ...body, ...another } })
        t.match(other.json(), { code: 'idempotency-key-reused' }, which)
        return first
      }
      const { id } = (await twice('prepare', '/v1/exercises', { ...PLAN, title: 'Sent twice' }, 201, { topN: 3 })).json()
      t.equal(
        (await send('GET', '/v1/exercises?state=draft&limit=1000', { as: 'organiser' }))
          .json()
          .items.filter(({ title }: { title: string }) => title === 'Sent twice').length,
        1
      )
      await twice('open', at(id, '/open'), undefined, 200)
      await vote(id, ENOUGH)
      await twice('close', at(id, '/close'), { reason: 'Enough.' }, 200)
      await twice('publish', at(id, '/publish'), undefined, 200)
      await twice('void', at(await inState(exercises, 'open'), '/void'), { reason: 'Wrong.' }, 200)
    })
  })
}
