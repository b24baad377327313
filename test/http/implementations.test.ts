/** What became of a measure: reported, confirmed, withdrawn, and what that does to its maturity, on every engine. */
import t from 'tap'
import { insertKey } from '../../src/access/keys.queries.ts'
import { issueKey } from '../../src/access/keys.ts'
import { systemIds } from '../../src/context.ts'
import { countsFor, latestReports } from '../../src/implementations/implementations.queries.ts'
import { refreshMaturity } from '../../src/measures/refreshing.ts'
import { engines } from '../engines.ts'
import { PUBLISHABLE } from '../openapi/examples.ts'
import { openRegistry, PUBLIC_URL, type Response, type SendOptions } from '../registry.ts'

const REPORT = { outcome: 'implemented', context: {}, organisation: 'Home care A' } as const
const IN_USE = { ...REPORT, context: { jurisdiction: ['NL'], purpose: 'improvement' } } as const
const FULL = {
  lessons: 'Ask for the data early.',
  outcome: 'modified',
  organisation: 'Hospital B',
  until: '2026-11',
  since: '2025',
  modifications: 'Fewer items.',
  cost: { currency: 'EUR', amount: 4000.5 },
  effort: { note: 'Training.', level: 'medium', personDays: 12 },
  context: { purpose: 'improvement', budget: { currency: 'EUR', amount: 0 }, setting: ['hospital'], jurisdiction: ['BE-VLG', 'NL'] }
}
const etag = (response: Response) => ({ 'if-match': String(response.headers['etag']) })
const ANY = { 'if-match': '*' }

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip }, async (t) => {
    const { send, store, context, close } = await openRegistry(engine, { catalogue: 'empty' })
    t.teardown(close)
    const { key, row } = issueKey(
      { name: 'Somebody else', role: 'contributor', group: 'patients' },
      { createdBy: 'test', clock: context.clock, ids: systemIds }
    )
    await store.write([], (tx) => insertKey(tx, row))
    const other = { authorization: `Bearer ${key}` }

    const publish = async (id: string) => {
      await send('POST', '/v1/measures', { as: 'contributor', body: { ...PUBLISHABLE, id } })
      const published = await send('POST', `/v1/measures/${id}/draft/publish`, { as: 'reviewer', headers: ANY })
      t.equal(published.statusCode, 200, published.body)
      return published
    }
    const report = async (id: string, body: object = REPORT, options: SendOptions = { as: 'contributor' }) => {
      const made = await send('POST', `/v1/measures/${id}/implementations`, { ...options, body })
      t.equal(made.statusCode, 201, made.body)
      return made
    }
    const urlOf = (made: Response) => `/v1/implementations/${made.json().id}`
    const confirm = async (made: Response) => {
      const confirmed = await send('POST', `${urlOf(made)}/confirm`, { as: 'reviewer', headers: ANY })
      t.equal(confirmed.statusCode, 200, confirmed.body)
      return confirmed
    }
    const withdraw = async (made: Response) => {
      const withdrawn = await send('POST', `${urlOf(made)}/withdraw`, { as: 'reviewer', headers: ANY, body: { reason: 'Wrong.' } })
      t.equal(withdrawn.statusCode, 200, withdrawn.body)
      return withdrawn
    }
    const read = async (id: string) => (await send('GET', `/v1/measures/${id}`)).json()
    const maturity = async (id: string) => (await read(id)).readiness.maturity

    await t.test('a report is written, read, confirmed and withdrawn', async (t) => {
      await publish('life')
      const made = await report('life', FULL)
      const { id } = made.json()
      t.equal(made.headers.location, `${PUBLIC_URL}/v1/implementations/${id}`)
      t.same(made.json(), {
        ...FULL,
        id,
        measure: 'life',
        version: '1.0.0',
        reportedAt: made.json().reportedAt,
        reportedBy: {},
        confirmed: false
      })
      const seen = await send('GET', urlOf(made))
      t.equal(seen.body, made.body, 'to the letter: the order of the members does not depend on the engine')
      t.equal(seen.headers['etag'], made.headers['etag'])
      t.equal((await send('GET', urlOf(made), { headers: { 'if-none-match': String(seen.headers['etag']) } })).statusCode, 304)

      const url = urlOf(made)
      t.match((await send('POST', `${url}/confirm`, { as: 'reviewer' })).json(), { status: 428, code: 'precondition-required' })
      const confirmed = await send('POST', `${url}/confirm`, { as: 'reviewer', headers: etag(made), body: { reason: 'I was there.' } })
      t.match(confirmed.json(), { id, confirmed: true, confirmedAt: /^2026-11-24T/ })
      t.match((await send('POST', `${url}/confirm`, { as: 'reviewer', headers: etag(made) })).json(), { code: 'precondition-failed' })
      t.match((await send('POST', `${url}/confirm`, { as: 'reviewer', headers: etag(confirmed) })).json(), {
        code: 'transition-not-allowed'
      })

      const body = { reason: 'It was another measure.' }
      t.equal((await send('POST', `${url}/withdraw`, { as: 'contributor', body })).statusCode, 428)
      t.equal((await send('POST', `${url}/withdraw`, { as: 'contributor', headers: etag(made), body })).statusCode, 412)
      const withdrawn = await send('POST', `${url}/withdraw`, { as: 'contributor', headers: etag(confirmed), body })
      const withdrawal = { at: withdrawn.json().withdrawal?.at, reason: body.reason }
      t.same(withdrawn.json(), { ...confirmed.json(), withdrawal })
      t.match((await send('POST', `${url}/withdraw`, { as: 'reviewer', headers: ANY, body })).json(), { code: 'transition-not-allowed' })
      t.match((await send('POST', `${url}/confirm`, { as: 'reviewer', headers: ANY })).json(), { code: 'transition-not-allowed' })

      for (const as of [undefined, 'organiser'] as const) {
        const left = await send('GET', url, as ? { as } : {})
        t.same(left.json(), { id, measure: 'life', withdrawal }, `a tombstone for ${as ?? 'a reader'}`)
        t.not(left.headers['etag'], withdrawn.headers['etag'])
      }
      t.equal((await send('GET', url, { as: 'contributor' })).body, withdrawn.body, 'contributors can still read it')
    })

    await t.test('who may what', async (t) => {
      await publish('rights')
      const url = '/v1/measures/rights/implementations'
      t.equal((await send('POST', url, { body: REPORT })).statusCode, 401)
      t.equal((await send('POST', url, { as: 'organiser', body: REPORT })).statusCode, 403)
      const made = await report('rights', REPORT, { headers: other })
      t.same(made.json().reportedBy, { group: 'patients' })
      t.notMatch((await send('GET', url)).body, new RegExp(`Somebody else|${row.id}`), 'nobody is named')
      t.notMatch((await send('GET', '/v1/measures/rights/history')).body, /Somebody else/)

      const body = { reason: 'x' }
      for (const [path, options, code] of [
        ['confirm', {}, 'unauthenticated'],
        ['confirm', { headers: { ...other, ...ANY } }, 'forbidden'],
        ['confirm', { as: 'organiser' }, 'forbidden'],
        ['withdraw', { body }, 'unauthenticated'],
        ['withdraw', { as: 'contributor', body }, 'forbidden'],
        ['withdraw', { as: 'organiser', body }, 'forbidden']
      ] as const) {
        const answer = await send('POST', `${urlOf(made)}/${path}`, { headers: ANY, ...options })
        t.equal(answer.json().code, code, `${path} ${JSON.stringify(options)}`)
      }
      const own = await report('rights', REPORT, { as: 'reviewer' })
      t.match((await send('POST', `${urlOf(own)}/confirm`, { as: 'reviewer', headers: ANY })).json(), { status: 403, code: 'own-report' })
      t.equal((await send('POST', `${urlOf(own)}/confirm`, { as: 'second-reviewer', headers: ANY })).statusCode, 200)
      t.equal((await send('POST', `${urlOf(made)}/withdraw`, { headers: { ...other, ...ANY }, body })).statusCode, 200, 'one’s own')
      t.equal((await withdraw(own)).statusCode, 200, 'a reviewer')

      t.equal((await send('GET', `${url}?withdrawn=true`)).statusCode, 401)
      t.equal((await send('GET', `${url}?withdrawn=true`, { as: 'organiser' })).statusCode, 403)
      t.equal((await send('GET', `${url}?withdrawn=true`, { as: 'contributor' })).json().total, 2)
    })

    await t.test('only what was published has reports', async (t) => {
      await send('POST', '/v1/measures', { as: 'contributor', body: { ...PUBLISHABLE, id: 'unborn' } })
      for (const id of ['unborn', 'nothing', '-', '%F0%9F%98%80']) {
        t.equal((await send('POST', `/v1/measures/${id}/implementations`, { as: 'contributor', body: REPORT })).statusCode, 404, id)
        t.equal((await send('GET', `/v1/measures/${id}/implementations`)).statusCode, 404, id)
      }
      for (const id of ['nothing', 'a b', '..%2F..', "'%20or%201=1"]) {
        t.equal((await send('GET', `/v1/implementations/${id}`)).statusCode, 404, id)
        t.equal((await send('POST', `/v1/implementations/${id}/confirm`, { as: 'admin', headers: ANY })).statusCode, 404, id)
        const body = { reason: 'x' }
        t.equal((await send('POST', `/v1/implementations/${id}/withdraw`, { as: 'admin', headers: ANY, body })).statusCode, 404, id)
      }
      await publish('retiring')
      await send('POST', '/v1/measures/retiring/retire', { as: 'reviewer', headers: ANY, body: { reason: 'x' } })
      const late = await report('retiring', IN_USE)
      await confirm(late)
      t.match(await read('retiring'), { status: 'retired', retirement: { reason: 'x' }, readiness: { maturity: 'M4' } })
    })

    await t.test('what does not fit is refused with its place, and nothing happens', async (t) => {
      await publish('strict')
      const url = '/v1/measures/strict/implementations'
      const long = 'x'.repeat(20_001)
      const rows: [patch: object, pointer: string, nearest?: string][] = [
        [{ outcome: undefined }, '/outcome'],
        [{ outcome: 'implementd' }, '/outcome', 'implemented'],
        [{ outcome: ['implemented'] }, '/outcome'],
        [{ context: undefined }, '/context'],
        [{ context: null }, '/context'],
        [{ context: [] }, '/context'],
        [{ context: { jurisdictions: ['NL'] } }, '/context/jurisdictions', 'jurisdiction'],
        [{ context: { jurisdiction: ['NX'] } }, '/context/jurisdiction/0'],
        [{ context: { setting: ['hospitl'] } }, '/context/setting/0', 'hospital'],
        [{ context: { language: ['nl', 'xx'] } }, '/context/language/1'],
        [{ context: { purpose: 'improving' } }, '/context/purpose'],
        [{ context: { budget: { amount: 1, currency: 'EUX' } } }, '/context/budget/currency'],
        [{ context: { budget: { amount: -1, currency: 'EUR' } } }, '/context/budget/amount'],
        [{ organisation: undefined }, '/organisation'],
        [{ organisation: '' }, '/organisation'],
        [{ organisation: ' \t' }, '/organisation'],
        [{ organisation: 7 }, '/organisation'],
        [{ organisation: 'x'.repeat(501) }, '/organisation'],
        [{ organisation: 'a\u0000b' }, '/organisation'],
        [{ organisation: 'a\ud800' }, '/organisation'],
        [{ since: 2025 }, '/since'],
        [{ since: '25-01' }, '/since'],
        [{ since: '2025-13' }, '/since'],
        [{ since: '2025-02-30' }, '/since'],
        [{ since: '2026-11-25' }, '/since'],
        [{ since: '2026-12' }, '/since'],
        [{ since: '2027' }, '/since'],
        [{ until: '2025-06-31' }, '/until'],
        [{ since: '2026', until: '2025' }, '/until'],
        [{ since: '2025-06-15', until: '2025-05' }, '/until'],
        [{ since: '2025-06-15', until: '2025-06-14' }, '/until'],
        [{ effort: {} }, '/effort'],
        [{ effort: { personDays: -1 } }, '/effort/personDays'],
        [{ effort: { personDays: '3' } }, '/effort/personDays'],
        [{ effort: { level: 'smal' } }, '/effort/level', 'small'],
        [{ effort: { note: '' } }, '/effort/note'],
        [{ effort: { days: 1 } }, '/effort/days'],
        [{ cost: { amount: 1 } }, '/cost/currency'],
        [{ cost: { amount: 1, currency: 'eur' } }, '/cost/currency'],
        [{ cost: { amount: 1, currency: 'ZZZ' } }, '/cost/currency'],
        [{ cost: { amount: -1, currency: 'EUR' } }, '/cost/amount'],
        [{ cost: 5 }, '/cost'],
        [{ outcome: 'modified' }, '/modifications'],
        [{ outcome: 'modified', modifications: ' ' }, '/modifications'],
        [{ outcome: 'abandoned' }, '/reason'],
        [{ modifications: long }, '/modifications'],
        [{ reason: long }, '/reason'],
        [{ lessons: long }, '/lessons'],
        [{ lessons: ['x'] }, '/lessons'],
        [{ lesson: 'x' }, '/lesson', 'lessons'],
        [{ confirmed: true }, '/confirmed'],
        [{ reportedBy: { group: 'x' } }, '/reportedBy'],
        [{ version: '9.9.9' }, '/version']
      ]
      for (const [patch, pointer, nearest] of rows) {
        const refused = await send('POST', url, { as: 'contributor', body: { ...REPORT, ...patch } })
        const name = JSON.stringify(patch).slice(0, 80)
        t.equal(refused.statusCode, 422, `${name} ${refused.body}`)
        const place = refused.json().errors?.find((error: { pointer: string }) => error.pointer === pointer)
        t.ok(place, name, { errors: refused.json().errors, pointer })
        if (nearest) t.equal(place?.nearest, nearest, name)
      }
      const url2 = urlOf(await report('strict'))
      for (const [path, body, pointer] of [
        ['withdraw', {}, '/reason'],
        ['withdraw', { reason: ' ' }, '/reason'],
        ['withdraw', { reason: 'x'.repeat(5_001) }, '/reason'],
        ['withdraw', { reason: 'x', why: 'x' }, '/why'],
        ['confirm', { reason: '' }, '/reason'],
        ['confirm', { outcome: 'implemented' }, '/outcome']
      ] as const) {
        const refused = await send('POST', `${url2}/${path}`, { as: 'reviewer', headers: ANY, body })
        t.match(refused.json(), { status: 422, errors: [{ pointer }] }, `${path} ${JSON.stringify(body).slice(0, 80)}`)
      }
      for (const query of ['outcome=implementd', 'withdrawn=perhaps', 'limit=0', 'limit=1001', 'limit=x', 'cursor=x', 'sort=at', 'q=x'])
        t.equal((await send('GET', `${url}?${query}`)).statusCode, 400, query)
      t.match((await send('GET', url)).json(), { total: 1, counts: { implemented: 1, modified: 0, abandoned: 0 } })
    })

    await t.test('text is kept as it is, whatever it looks like', async (t) => {
      await publish('texts')
      for (const nasty of [
        "'; drop table implementations; --",
        '<script>alert(1)</script>',
        '=cmd|calc!A1',
        '{{7*7}} $(id)',
        '\u202eabc\u200b 😀 \r\n\t.',
        '__proto__',
        'x'.repeat(20_000)
      ]) {
        const made = await report('texts', { ...REPORT, lessons: nasty })
        t.equal((await send('GET', urlOf(made))).json().lessons, nasty)
      }
    })

    await t.test('the list: pages, filters and counts', async (t) => {
      await publish('many')
      const url = '/v1/measures/many/implementations'
      t.same((await send('GET', url)).json(), { items: [], total: 0, next: '', counts: { implemented: 0, modified: 0, abandoned: 0 } })
      const made: Response[] = []
      for (let i = 0; i < 4; i++) made.push(await report('many', { ...REPORT, organisation: `O${i}` }))
      made.push(await report('many', { ...REPORT, outcome: 'abandoned', reason: 'Too dear.' }))
      made.push(await report('many', { ...REPORT, outcome: 'modified', modifications: 'M' }))
      await withdraw(made[0]!)
      await confirm(made[1]!)

      const ids: string[] = []
      let pages = 0
      for (let query = 'limit=2', more = true; more; ) {
        const page = await send('GET', `${url}?${query}`)
        const { items, total, next, counts } = page.json()
        t.equal(total, 5)
        t.same(counts, { implemented: 3, modified: 1, abandoned: 1 })
        ids.push(...items.map(({ id }: { id: string }) => id))
        t.equal(Boolean(page.headers.link), next !== '')
        query = `limit=2&cursor=${next}`
        more = next !== ''
        pages++
      }
      t.equal(pages, 3)
      t.same(
        ids,
        [...made.slice(1)].reverse().map((each) => each.json().id),
        'the newest first, each once'
      )
      const first = (await send('GET', `${url}?limit=2`)).json().next
      t.match((await send('GET', `${url}?limit=2&outcome=modified&cursor=${first}`)).json(), { code: 'cursor-of-another-query' })
      const forged = Buffer.from(JSON.stringify([...JSON.parse(Buffer.from(first, 'base64url').toString()).slice(0, 2), 'x', 0]))
      t.match((await send('GET', `${url}?limit=2&cursor=${forged.toString('base64url')}`)).json(), { code: 'invalid-cursor' })
      t.match((await send('GET', `${url}?outcome=abandoned`)).json(), {
        total: 1,
        items: [{ reason: 'Too dear.' }],
        counts: { implemented: 3 }
      })
      const withdrawn = (await send('GET', `${url}?withdrawn=true`, { as: 'contributor' })).json()
      t.match(withdrawn, { total: 1, items: [{ organisation: 'O0', withdrawal: { reason: 'Wrong.' } }], counts: { implemented: 3 } })

      const counts = await store.read((db) => countsFor(db, ['many', 'life', 'nothing']))
      t.same([...counts], [['many', { implemented: 3, modified: 1, abandoned: 1, confirmed: 1 }]])
      t.same(await store.read((db) => countsFor(db, [])), new Map())
      const latest = await store.read((db) => latestReports(db, 'many', 2))
      t.same(
        latest.map(({ id }) => id),
        ids.slice(0, 2)
      )
    })

    await t.test('confirmed use is evidence of maturity', async (t) => {
      const published = await publish('grows')
      t.equal(published.json().readiness.maturity, 'M1')
      const dutch = await report('grows', IN_USE)
      t.equal((await send('GET', '/v1/measures/grows')).body, published.body, 'a report alone changes nothing')
      await confirm(dutch)
      const used = await send('GET', '/v1/measures/grows')
      t.match(used.json(), { version: '1.0.0', readiness: { maturity: 'M4', because: [/a confirmed report/] } })
      t.not(used.headers['etag'], published.headers['etag'])
      t.equal(used.json().use, undefined, 'the content is as it was')
      t.same((await send('GET', '/v1/measures?maturity=M4&fields=id')).json().items, [{ id: 'grows' }])

      const opened = await send('PATCH', '/v1/measures/grows/draft', {
        as: 'contributor',
        headers: etag(used),
        body: { guidance: 'Read the manual.' }
      })
      t.equal(opened.json().readiness.maturity, 'M4', 'the draft beside it knows')
      const belgian = await report('grows', {
        ...IN_USE,
        outcome: 'modified',
        modifications: 'M',
        context: { jurisdiction: ['BE-VLG'], purpose: 'payment' }
      })
      await confirm(belgian)
      t.match((await read('grows')).readiness, { maturity: 'M5', because: [/2 countries \(BE, NL\)/] })
      t.equal((await send('GET', '/v1/measures/grows/draft', { as: 'contributor' })).json().readiness.maturity, 'M5')
      await withdraw(belgian)
      t.equal(await maturity('grows'), 'M4')
      t.equal((await send('GET', '/v1/measures/grows/versions/1.0.0')).body, published.body, 'a version never changes')

      const next = await send('POST', '/v1/measures/grows/draft/publish', { as: 'reviewer', headers: ANY, body: {} })
      t.match(next.json(), { version: '1.1.0', readiness: { maturity: 'M4' } })
      t.equal((await send('GET', '/v1/measures/grows')).body, next.body, 'what is answered is what is stored')
      t.equal((await report('grows')).json().version, '1.1.0')
      const retired = await send('POST', '/v1/measures/grows/retire', { as: 'reviewer', headers: ANY, body: { reason: 'x' } })
      t.equal((await send('GET', '/v1/measures/grows')).body, retired.body)
      t.equal(retired.json().readiness.maturity, 'M4')
    })

    await t.test('what counts for how much', async (t) => {
      const rows: [expected: string, body: object][] = [
        ['M3', REPORT],
        ['M3', { ...IN_USE, context: { jurisdiction: ['NL'], purpose: 'research' } }],
        ['M3', { ...IN_USE, since: '2024', until: '2025' }],
        ['M4', { ...IN_USE, since: '2024', until: '2026' }],
        ['M4', { ...IN_USE, context: { jurisdiction: ['NL', 'BE'], purpose: 'payment' } }],
        ['M1', { ...IN_USE, outcome: 'abandoned', reason: 'Too dear.' }]
      ]
      for (const [i, [expected, body]] of rows.entries()) {
        const id = `counts-${i}`
        await publish(id)
        const made = await report(id, body)
        await confirm(made)
        t.equal(await maturity(id), expected, JSON.stringify(body))
        await withdraw(made)
        t.equal(await maturity(id), 'M1', 'withdrawn')
      }
    })

    await t.test('a confirmation is good for three years, or until the use ends', async (t) => {
      const refresh = (now: string) => refreshMaturity(store, { now, publicUrl: PUBLIC_URL, actor: 'registry' })
      for (const [id, body] of [
        ['ages', IN_USE],
        ['ends', { ...IN_USE, until: '2027-03' }]
      ] as const) {
        await publish(id)
        await confirm(await report(id, body))
      }
      await refresh('2027-03-31T12:00:00.000Z')
      t.same([await maturity('ages'), await maturity('ends')], ['M4', 'M4'])
      t.ok((await refresh('2027-04-01T12:00:00.000Z')) > 0)
      t.same([await maturity('ages'), await maturity('ends')], ['M4', 'M3'])
      t.match((await read('ends')).readiness.because, [/has been used/])
      await refresh('2029-11-24T12:00:00.000Z')
      t.equal(await maturity('ages'), 'M4')
      t.ok((await refresh('2029-11-25T12:00:00.000Z')) > 0)
      t.match((await read('ages')).readiness, { maturity: 'M3', because: [/more than 3 years ago/] })
      t.equal(await refresh('2029-11-25T12:00:00.000Z'), 0, 'once is enough')
    })

    await t.test('the log and the history tell of it', async (t) => {
      await publish('logged')
      const made = await report('logged', IN_USE)
      await confirm(made)
      await withdraw(made)
      await confirm(await report('logged', { ...IN_USE, outcome: 'abandoned', reason: 'x' }))
      const log: { id: string; kind: string; action: string; version: string }[] = (await send('GET', '/v1/changes?limit=1000')).json()
        .items
      const actions = [
        'published',
        'implementation-reported',
        'implementation-confirmed',
        'maturity-changed',
        'implementation-withdrawn',
        'maturity-changed',
        'implementation-reported',
        'implementation-confirmed'
      ]
      const changes = log.filter(({ id, action }) => id === 'logged' && action !== 'created')
      t.same(
        changes.map(({ action }) => action),
        actions
      )
      t.ok(changes.every(({ kind, version }) => kind === 'measure' && version === '1.0.0'))
      const history = async (options: SendOptions = {}) =>
        (await send('GET', '/v1/measures/logged/history', options))
          .json()
          .items.map((each: Record<string, string>) => `${each['action']}: ${each['who']}`)
      t.same(
        await history(),
        ['the reviewer', 'a contributor', 'the reviewer', 'registry', 'a contributor', 'registry', 'a contributor', 'the reviewer'].map(
          (who, i) => `${actions[i]}: ${who}`
        )
      )
      t.same((await history({ as: 'contributor' })).slice(2, 3), ['implementation-reported: the contributor'])
      const { items } = (await send('GET', '/v1/measures/logged/history')).json()
      t.equal(items[4].why, 'Wrong.')
    })

    await t.test('a request that is sent again gets the answer of the first time', async (t) => {
      await publish('again')
      const url = '/v1/measures/again/implementations'
      const request = { as: 'contributor' as const, body: IN_USE, headers: { 'idempotency-key': 'report-1' } }
      const [first, second] = await Promise.all([send('POST', url, request), send('POST', url, request)])
      t.equal(first.statusCode, 201, first.body)
      t.equal(first.body, second.body)
      t.equal([first, second].filter(({ headers }) => headers['idempotency-replayed'] === 'true').length, 1)
      t.match((await send('POST', url, { ...request, body: REPORT })).json(), { code: 'idempotency-key-reused' })
      t.equal((await send('GET', url)).json().total, 1)
      const confirming = { as: 'reviewer' as const, headers: { ...etag(first), 'idempotency-key': 'confirm-1' } }
      const confirmed = await send('POST', `${urlOf(first)}/confirm`, confirming)
      const replayed = await send('POST', `${urlOf(first)}/confirm`, confirming)
      t.same([replayed.statusCode, replayed.body, replayed.headers['idempotency-replayed']], [200, confirmed.body, 'true'])
    })

    await t.test('of two at the same moment one wins', async (t) => {
      await publish('race')
      for (const [headers, refusal] of [
        [undefined, 412],
        [ANY, 409]
      ] as const) {
        const made = await report('race', IN_USE)
        const both = await Promise.all(
          (['reviewer', 'second-reviewer'] as const).map((as) =>
            send('POST', `${urlOf(made)}/confirm`, { as, headers: headers ?? etag(made) })
          )
        )
        t.same(both.map(({ statusCode }) => statusCode).sort(), [200, refusal])
      }
      const made = await Promise.all(Array.from({ length: 10 }, () => report('race', IN_USE)))
      t.equal(new Set(made.map((each) => each.json().id)).size, 10)
      t.equal((await send('GET', '/v1/measures/race/implementations')).json().total, 12)
    })
  })
}
