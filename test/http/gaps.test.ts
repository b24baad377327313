/** Gaps as they come in and are read: with a key and without one, lists, exports, and whom they never name. On every engine. */
import t from 'tap'
import { insertKey } from '../../src/access/keys.queries.ts'
import { issueKey } from '../../src/access/keys.ts'
import { systemIds } from '../../src/context.ts'
import { engines } from '../engines.ts'
import { openRegistry, type Response, type SendOptions } from '../registry.ts'
import { putMeasures, ready } from './made.ts'

const ANY = { 'if-match': '*' }
const GAP = {
  title: 'Carers who speak Arabic are not asked',
  statement: 'The questions exist in Dutch and French only.',
  kind: 'no-translation',
  populations: [{ dimension: 'language', value: 'ar', focus: 'excluded' }]
}
const FULL = {
  remedies: [
    { family: 'language-and-literacy', action: 'Make a version.', ownerRole: 'Steward', effort: 'M', status: 'proposed' },
    { family: 'accessibility', action: 'Ask by phone.' }
  ],
  evidence: [
    { kind: 'testimony', text: 'Three carers told us.' },
    { kind: 'quantified', text: 'A count.', citation: 'Report 3', value: '12 %' }
  ],
  severity: { reach: 'many', consequence: 'delayed-care', alternative: 'partial' },
  domains: ['carer-support'],
  strategies: ['2'],
  jurisdictions: ['BE-VLG', 'NL'],
  settings: ['home-care'],
  levels: ['clinical'],
  measures: [{ measure: 'first', role: 'affects' }],
  ...GAP,
  reportedBy: { group: 'carers', livedExperience: true }
}
const REPORT = { title: 'Nobody asks us', statement: 'The letter is in Dutch.', notSeen: 'People who cannot read Dutch.' }
const etag = (response: Response) => ({ 'if-match': String(response.headers['etag']) })

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip }, async (t) => {
    const registry = await openRegistry(engine, { catalogue: 'empty' })
    const { app, send, store, context, close } = registry
    t.teardown(close)
    const { key, row } = issueKey(
      { name: 'SECRET-NAME', role: 'reviewer', group: 'SECRET-GROUP' },
      { createdBy: 'test', clock: context.clock, ids: systemIds }
    )
    await store.write([], (tx) => insertKey(tx, row))
    const secret = { authorization: `Bearer ${key}` }
    await putMeasures(registry, { first: ready({ stratifiers: [] }), second: ready() })

    let addresses = 0
    /** A report without a key, from an address of its own where none is given. */
    const report = (body: unknown, remoteAddress = `10.0.0.${++addresses}`) =>
      app.inject({
        method: 'POST',
        url: '/v1/gaps',
        remoteAddress,
        headers: { 'content-type': 'application/json' },
        payload: JSON.stringify(body)
      })
    const record = async (body: object = GAP, options: SendOptions = { as: 'contributor' }) => {
      const made = await send('POST', '/v1/gaps', { ...options, body: { ...GAP, ...body } })
      t.equal(made.statusCode, 201, made.body)
      return made
    }
    const list = async (query: string) => (await send('GET', `/v1/gaps?${query}`)).json()
    const idsOf = (page: { items: { id: string }[] }) => page.items.map(({ id }) => id)
    const queue = async () => (await send('GET', '/v1/gaps/queue', { as: 'reviewer' })).json()

    await t.test('recorded with a key', async (t) => {
      const made = await record(FULL)
      const { id } = made.json()
      t.equal(id, 'carers-who-speak-arabic-are-not-asked')
      t.match(made.headers['location'], /\/v1\/gaps\/carers-who-speak-arabic-are-not-asked$/)
      const { reportedBy, ...content } = FULL
      t.match(made.json(), { ...content, origin: 'recorded', status: 'reported', severityLevel: 'critical', reportedBy })
      const read = await send('GET', `/v1/gaps/${id}`)
      t.same([read.body, read.headers['etag']], [made.body, made.headers['etag']])
      t.equal((await send('GET', `/v1/gaps/${id}`, { headers: { 'if-none-match': String(read.headers['etag']) } })).statusCode, 304)
      t.equal((await record()).json().id, 'carers-who-speak-arabic-are-not-asked-2')
      t.match((await send('POST', '/v1/gaps', { as: 'contributor', body: { ...GAP, id } })).json(), {
        code: 'id-taken',
        errors: [{ pointer: '/id' }]
      })
      for (const reserved of ['queue', `d-${'0'.repeat(20)}`, `r-${'a'.repeat(16)}`])
        t.match(
          (await send('POST', '/v1/gaps', { as: 'contributor', body: { ...GAP, id: reserved } })).json(),
          { code: 'id-taken' },
          reserved
        )
      t.equal((await record({ title: 'Queue' })).json().id, 'queue-2')
      const again = { as: 'contributor' as const, headers: { 'idempotency-key': 'gap-1' }, body: { ...GAP, title: 'Sent twice' } }
      const both = await Promise.all([send('POST', '/v1/gaps', again), send('POST', '/v1/gaps', again)])
      t.equal(both[0].body, both[1].body)
      t.equal((await list('q=twice&origin=recorded')).total, 1)
      t.match((await send('POST', '/v1/gaps', { as: 'organiser', body: GAP })).json(), { status: 422, errors: [{ pointer: '/notSeen' }] })
      t.match((await send('POST', '/v1/gaps', { headers: { authorization: 'Bearer nonsense' }, body: REPORT })).json(), {
        code: 'unauthenticated'
      })
      t.match((await send('GET', '/v1/measures/first')).json().gapCount, { critical: 1 }, 'its measure counts it')
      t.same(idsOf((await send('GET', '/v1/measures/first/gaps?origin=recorded')).json()), [id])
    })

    await t.test('every field that is wrong is named', async (t) => {
      const rows: [patch: object, pointer: string, nearest?: string][] = [
        [{ title: undefined }, '/title'],
        [{ title: '' }, '/title'],
        [{ title: ' \t' }, '/title'],
        [{ title: 7 }, '/title'],
        [{ title: 'x'.repeat(501) }, '/title'],
        [{ title: 'a\u0000b' }, '/title'],
        [{ title: 'a\ud800' }, '/title'],
        [{ statement: undefined }, '/statement'],
        [{ statement: 'x'.repeat(10_001) }, '/statement'],
        [{ kind: undefined }, '/kind'],
        [{ kind: 'no-traslation' }, '/kind', 'no-translation'],
        [{ kind: ['other'] }, '/kind'],
        [{ populations: undefined }, '/populations'],
        [{ populations: [] }, '/populations'],
        [{ populations: [{ dimension: 'langage', focus: 'missing' }] }, '/populations/0/dimension', 'language'],
        [{ populations: [{ dimension: 'age' }] }, '/populations/0/focus'],
        [{ populations: [{ dimension: 'language', value: 'Arabic', focus: 'missing' }] }, '/populations/0/value', 'ar'],
        [{ populations: [{ dimension: 'language', value: 'qqq', focus: 'missing' }] }, '/populations/0/value'],
        [{ populations: [GAP.populations[0], GAP.populations[0]] }, '/populations/1'],
        [{ measures: [{ measure: 'first' }] }, '/measures/0/role'],
        [{ measures: [{ measure: 'frist', role: 'affects' }] }, '/measures/0/measure', 'first'],
        [{ measures: [{ measure: '../x', role: 'affects' }] }, '/measures/0/measure'],
        [{ measures: [FULL.measures[0], FULL.measures[0]] }, '/measures/1'],
        [{ measures: Array.from({ length: 501 }, () => FULL.measures[0]) }, '/measures'],
        [{ levels: ['clinicl'] }, '/levels/0', 'clinical'],
        [{ levels: ['clinical', 'clinical'] }, '/levels'],
        [{ settings: 'home' }, '/settings'],
        [{ jurisdictions: ['Belgium'] }, '/jurisdictions/0'],
        [{ jurisdictions: ['UK'] }, '/jurisdictions/0', 'GB'],
        [{ strategies: [2] }, '/strategies/0'],
        [{ domains: ['nothing'] }, '/domains/0'],
        [{ severity: {} }, '/severity/reach'],
        [{ severity: { reach: 'lots' } }, '/severity/reach'],
        [{ severity: { reach: 'few', level: 'low' } }, '/severity/level'],
        [{ evidence: [{ kind: 'testimony' }] }, '/evidence/0/text'],
        [{ evidence: [{ kind: 'rumour', text: 'x' }] }, '/evidence/0/kind'],
        [{ remedies: [{ family: 'accessibility' }] }, '/remedies/0/action'],
        [{ remedies: [{ family: 'accessibility', action: 'x', effort: 'XL' }] }, '/remedies/0/effort'],
        [{ reportedBy: { name: 'Me' } }, '/reportedBy/name'],
        [{ reportedBy: { group: 'carer' } }, '/reportedBy/group', 'carers'],
        [{ reportedBy: { livedExperience: 'yes' } }, '/reportedBy/livedExperience'],
        [{ id: 'Not A Slug' }, '/id'],
        [{ status: 'confirmed' }, '/status'],
        [{ origin: 'derived' }, '/origin'],
        [{ severityLevel: 'low' }, '/severityLevel'],
        [{ notSeen: 'x' }, '/notSeen']
      ]
      const before = (await list('status=any')).total
      for (const [patch, pointer, nearest] of rows) {
        const refused = await send('POST', '/v1/gaps', { as: 'contributor', body: { ...GAP, ...patch } })
        const name = JSON.stringify(patch).slice(0, 80)
        t.equal(refused.statusCode, 422, `${name} ${refused.body}`)
        const place = refused.json().errors?.find((error: { pointer: string }) => error.pointer === pointer)
        t.ok(place, name, { errors: refused.json().errors, pointer })
        if (nearest) t.equal(place?.nearest, nearest, name)
      }
      const wrong: [patch: object, pointer: string][] = [
        [{ title: undefined }, '/title'],
        [{ notSeen: undefined }, '/notSeen'],
        [{ notSeen: 'x'.repeat(5_001) }, '/notSeen'],
        [{ notSeen: 'a\ud800' }, '/notSeen'],
        [{ measures: ['frist'] }, '/measures/0'],
        [{ measures: ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'] }, '/measures'],
        [{ group: 'x' }, '/group'],
        [{ livedExperience: 1 }, '/livedExperience'],
        [{ website: 1 }, '/website'],
        [{ kind: 'other' }, '/kind'],
        [{ populations: [] }, '/populations'],
        [{ email: 'x@example.org' }, '/email']
      ]
      for (const [patch, pointer] of wrong) {
        const refused = await report({ ...REPORT, ...patch })
        t.match(refused.json(), { status: 422 }, JSON.stringify(patch).slice(0, 80))
        t.ok(
          refused.json().errors.some((error: { pointer: string }) => error.pointer === pointer),
          pointer
        )
      }
      t.match((await report([])).json(), { code: 'invalid-body' })
      t.match((await send('POST', '/v1/gaps?kind=other', { body: REPORT })).json(), { code: 'unknown-parameter' })
      t.match(
        (await send('POST', '/v1/gaps', { body: Buffer.from([0x7b, 0xff, 0x7d]), headers: { 'content-type': 'application/json' } })).json(),
        {
          code: 'malformed-json'
        }
      )
      t.equal((await list('status=any')).total, before)
      t.equal((await queue()).total, 0)
    })

    await t.test('text is kept as it is, whatever it looks like', async (t) => {
      for (const nasty of [
        "'; drop table gaps; --",
        '<script>alert(1)</script>',
        '=cmd|calc!A1',
        '\u202eabc\u200b 😀 \r\n\t.',
        '__proto__',
        'x'.repeat(10_000)
      ]) {
        const made = await record({ title: 'Nasty', statement: nasty })
        t.equal((await send('GET', `/v1/gaps/${made.json().id}`)).json().statement, nasty)
      }
      const file = (await send('GET', '/v1/gaps?q=nasty&format=csv')).body
      t.match(file, /'=cmd/, 'no cell starts a formula')
    })

    await t.test('reported without a key, and nothing public before a reviewer accepts it', async (t) => {
      const sent = await report({ ...REPORT, measures: ['first'], group: 'lived-experience', livedExperience: true })
      t.equal(sent.statusCode, 202, sent.body)
      t.match(sent.json(), { received: true, message: /reviewer/ })
      t.equal((await report(REPORT)).statusCode, 202)
      const waiting = await queue()
      t.match(waiting, {
        total: 2,
        next: '',
        items: [
          {
            ...{ title: REPORT.title, statement: REPORT.statement, status: 'reported', kind: 'other', populations: undefined },
            measures: [{ measure: 'first', role: 'affects' }],
            evidence: [{ kind: 'testimony', text: REPORT.notSeen }],
            reportedBy: { group: 'lived-experience', livedExperience: true }
          },
          { evidence: [{ kind: 'assertion' }], reportedBy: undefined }
        ]
      })
      const [id, other] = idsOf(waiting)
      const publicAnswers = async () =>
        (
          await Promise.all(
            [
              '/v1/gaps?status=any&limit=1000',
              '/v1/gaps?status=any&format=csv',
              '/v1/changes?limit=1000',
              '/v1/measures/first/gaps?status=any'
            ].map((url) => send('GET', url))
          )
        )
          .map(({ body }) => body)
          .join('')
      t.notMatch(await publicAnswers(), REPORT.title)
      for (const as of [undefined, 'contributor', 'organiser'] as const) {
        for (const path of ['', '/history']) t.equal((await send('GET', `/v1/gaps/${id}${path}`, as ? { as } : {})).statusCode, 404)
        t.equal((await send('GET', '/v1/gaps/queue', as ? { as } : {})).statusCode, as ? 403 : 401)
        for (const [path, body] of [
          ['accept', { kind: 'other' }],
          ['return', { reason: 'x' }]
        ] as const)
          t.equal((await send('POST', `/v1/gaps/${id}/${path}`, { ...(as ? { as } : {}), headers: ANY, body })).statusCode, as ? 403 : 401)
      }
      t.equal((await send('PATCH', `/v1/gaps/${id}`, { as: 'contributor', headers: ANY, body: { title: 'x' } })).statusCode, 404)
      const seen = await send('GET', `/v1/gaps/${id}`, { as: 'reviewer' })
      t.equal(seen.statusCode, 200)
      t.match((await send('POST', `/v1/gaps/${id}/transitions`, { as: 'reviewer', headers: ANY, body: { to: 'confirmed' } })).json(), {
        code: 'transition-not-allowed',
        detail: /waits/
      })
      const url = `/v1/gaps/${id}/accept`
      t.match((await send('POST', url, { as: 'reviewer', headers: { 'if-match': '"old"' }, body: { kind: 'other' } })).json(), {
        status: 412
      })
      t.match((await send('POST', url, { as: 'reviewer', body: { kind: 'other' } })).json(), { status: 428 })
      for (const [body, pointer] of [
        [{}, '/kind'],
        [{ kind: 'other', content: { title: null } }, '/title'],
        [{ kind: 'other', content: { measures: [{ measure: 'frist', role: 'affects' }] } }, '/measures/0/measure'],
        [{ kind: 'other', jurisdictions: ['XX'] }, '/jurisdictions/0'],
        [{ kind: 'other', status: 'confirmed' }, '/status']
      ] as const)
        t.match((await send('POST', url, { as: 'reviewer', headers: ANY, body })).json(), { status: 422, errors: [{ pointer }] }, pointer)
      const accepted = await send('POST', url, {
        as: 'reviewer',
        headers: etag(seen),
        body: {
          kind: 'no-translation',
          populations: GAP.populations,
          severity: { reach: 'many', consequence: 'harm' },
          content: { title: 'A better title', domains: ['access'] },
          reason: 'Clear.'
        }
      })
      t.match(accepted.json(), { id, title: 'A better title', kind: 'no-translation', status: 'reported', severityLevel: 'critical' })
      t.equal((await send('GET', `/v1/gaps/${id}`)).body, accepted.body, 'it is public')
      t.match((await list('q=better')).items, [{ id, domains: ['access'] }])
      t.notMatch(await publicAnswers(), REPORT.title, 'what a reviewer took out stays out')
      t.match((await send('GET', `/v1/gaps/${id}/history`)).json().items, [
        { who: 'a reader', action: 'received', group: 'lived-experience', fields: [] },
        { who: 'a reviewer', action: 'accepted', why: 'Clear.', fields: [] }
      ])
      t.notMatch((await send('GET', `/v1/gaps/${id}/history`, { as: 'contributor' })).body, REPORT.title)
      t.match((await send('GET', `/v1/gaps/${id}/history`, { as: 'reviewer' })).body, REPORT.title)
      t.match((await send('POST', url, { as: 'reviewer', headers: ANY, body: { kind: 'other' } })).json(), {
        code: 'transition-not-allowed'
      })

      const returning = `/v1/gaps/${other}/return`
      t.match((await send('POST', returning, { as: 'reviewer', headers: ANY, body: {} })).json(), { status: 422 })
      t.equal((await send('POST', returning, { as: 'reviewer', headers: ANY, body: { reason: 'Advertising.' } })).statusCode, 200)
      t.equal((await send('GET', `/v1/gaps/${other}`)).statusCode, 404, 'never public')
      t.match((await send('GET', `/v1/gaps/${other}/history`, { as: 'reviewer' })).json().items.at(-1), {
        action: 'returned',
        why: 'Advertising.'
      })
      t.match((await send('POST', `/v1/gaps/${other}/accept`, { as: 'reviewer', headers: ANY, body: { kind: 'other' } })).json(), {
        status: 409
      })
      t.equal((await queue()).total, 0)
    })

    await t.test('a program that fills in every field learns nothing', async (t) => {
      const sent = await report({ ...REPORT, website: 'https://spam.example' })
      t.same([sent.statusCode, sent.json().received], [202, true])
      t.equal(sent.body, (await report({ ...REPORT, website: '' })).body)
      const { total, items } = await queue()
      t.equal(total, 1)
      await send('POST', `/v1/gaps/${items[0].id}/return`, { as: 'reviewer', headers: ANY, body: { reason: 'A test.' } })
    })

    await t.test('the queue, page by page', async (t) => {
      for (let i = 0; i < 5; i++) t.equal((await report({ ...REPORT, title: `Report ${i}` })).statusCode, 202)
      const titles: string[] = []
      let url = '/v1/gaps/queue?limit=2'
      for (let more = true; more; ) {
        const page = (await send('GET', url, { as: 'reviewer' })).json()
        t.equal(page.total, 5)
        titles.push(...page.items.map(({ title }: { title: string }) => title))
        url = `/v1/gaps/queue?limit=2&cursor=${page.next}`
        more = page.next !== ''
      }
      t.same(
        titles,
        [0, 1, 2, 3, 4].map((i) => `Report ${i}`)
      )
      const cursor = (await send('GET', '/v1/gaps/queue?limit=1', { as: 'reviewer' })).json().next
      const [asked] = JSON.parse(Buffer.from(cursor, 'base64url').toString())
      const forged = Buffer.from(JSON.stringify([asked, 0, 'x', 2 ** 50])).toString('base64url')
      t.match((await send('GET', `/v1/gaps/queue?cursor=${forged}`, { as: 'reviewer' })).json(), { items: [], total: 5 })
      for (const query of ['cursor=x', 'limit=0', 'limit=1001', 'sort=title'])
        t.equal((await send('GET', `/v1/gaps/queue?${query}`, { as: 'reviewer' })).statusCode, 400, query)
    })

    await t.test('five from one address in ten minutes, and none more from others because of it', async (t) => {
      const address = '192.0.2.7'
      for (let i = 0; i < 5; i++) t.equal((await report(REPORT, address)).statusCode, 202)
      t.equal((await report({ ...REPORT, title: '' }, address)).statusCode, 422, 'what is wrong is still explained')
      const refused = await report(REPORT, address)
      t.match(refused.json(), { status: 429, code: 'too-many-requests' })
      t.ok(Number(refused.headers['retry-after']) > 0 && Number(refused.headers['retry-after']) <= 600)
      t.equal((await report(REPORT)).statusCode, 202, 'another address')
      t.equal((await send('POST', '/v1/gaps', { as: 'contributor', body: GAP })).statusCode, 201, 'with a key there is no such limit')
      const v6 = ['2001:db8:1:2::1', '2001:db8:1:2::2', '2001:db8:1:2:3::3', '2001:db8:1:2::4', '2001:db8:1:2::5', '2001:db8:1:2::6']
      const last = []
      for (const one of v6) last.push((await report(REPORT, one)).statusCode)
      t.same(last, [202, 202, 202, 202, 202, 429], 'a network counts as one')
      let sent = 0
      while ((await report(REPORT)).statusCode === 202 && sent < 200) sent++
      t.ok(sent < 100, `a hundred a day from all together: ${sent} more`)
      t.match((await report(REPORT)).json(), { code: 'too-many-requests' })
    })

    await t.test('names are in no public answer', async (t) => {
      const made = await send('POST', '/v1/gaps', {
        headers: secret,
        body: { ...GAP, title: 'Recorded in secret', measures: FULL.measures }
      })
      const { id } = made.json()
      const url = `/v1/gaps/${id}`
      const step = async (body: object) =>
        t.equal((await send('POST', `${url}/transitions`, { headers: { ...secret, ...ANY }, body })).statusCode, 200, JSON.stringify(body))
      await send('PATCH', url, { headers: { ...secret, ...ANY }, body: { statement: 'Another.' } })
      for (const to of ['under-review', 'confirmed', 'remedy-agreed', 'in-progress', 'resolved']) await step({ to })
      await step({ to: 'confirmed', reason: 'It came back.' })
      const finding = (await list('origin=derived&limit=1')).items[0].id
      t.equal(
        (await send('POST', `/v1/gaps/${finding}/adopt`, { headers: { ...secret, ...ANY }, body: { ownerRole: 'Steward' } })).statusCode,
        200
      )
      for (const path of [
        url,
        `${url}/history`,
        `/v1/gaps/${finding}`,
        `/v1/gaps/${finding}/history`,
        '/v1/gaps?status=any&limit=1000',
        '/v1/gaps?status=any&format=csv',
        '/v1/gaps?status=any&format=ndjson',
        '/v1/measures/first',
        '/v1/measures/first/gaps?status=any',
        '/v1/measures/first/history',
        '/v1/changes?limit=1000',
        '/v1/gap-map'
      ]) {
        const answer = await send('GET', path)
        t.equal(answer.statusCode, 200, path)
        t.notMatch(answer.body, /SECRET/, path)
      }
      t.match(
        (await send('GET', `${url}/history`)).json().items.map((each: { who: string }) => each.who),
        [...['a contributor', 'a contributor', 'a contributor', 'a reviewer', 'a contributor', 'a contributor', 'a reviewer', 'a reviewer']]
      )
      t.match((await send('GET', `${url}/history`, { as: 'contributor' })).json().items[0].who, 'SECRET-NAME')
    })

    await t.test('filters, search, order, facets', async (t) => {
      await record({ id: 'low-one', title: 'Zebra low', severity: { reach: 'few', consequence: 'information-lost' }, levels: ['clinical'] })
      await record({
        id: 'high-one',
        title: 'Zebra high',
        severity: { reach: 'some', consequence: 'delayed-care' },
        levels: ['organisational'],
        jurisdictions: ['BE-VLG']
      })
      await record({
        id: 'high-told',
        title: 'Zebra told',
        severity: { reach: 'some', consequence: 'delayed-care' },
        evidence: [{ kind: 'testimony', text: 'x' }],
        levels: ['clinical', 'professional']
      })
      const unknown = ['zebra-unknown', 'Zebra unknown'] as const
      await record({ id: unknown[0], title: unknown[1], severity: { reach: 'unknown', consequence: 'harm' } })
      const all = ['high-told', 'high-one', 'zebra-unknown', 'low-one']
      const rows: [query: string, expected: string[]][] = [
        ['', all],
        ['sort=-severity', [...all].reverse()],
        ['sort=title', ['high-one', 'low-one', 'high-told', 'zebra-unknown']],
        ['sort=-title', ['zebra-unknown', 'high-told', 'low-one', 'high-one']],
        ['sort=updated', ['low-one', 'high-one', 'high-told', 'zebra-unknown']],
        ['sort=-updated', ['zebra-unknown', 'high-told', 'high-one', 'low-one']],
        ['severity=high', ['high-told', 'high-one']],
        ['severity=high,low', ['high-told', 'high-one', 'low-one']],
        ['severity=!high', ['zebra-unknown', 'low-one']],
        ['level=clinical', ['high-told', 'low-one']],
        ['level=clinical&level=professional', ['high-told']],
        ['jurisdiction=BE', ['high-one']],
        ['jurisdiction=BE-VLG', ['high-one']],
        ['evidence=testimony', ['high-told']],
        ['population=language', all],
        ['population=age', []],
        ['focus=excluded&kind=no-translation&origin=recorded&status=reported', all],
        ['measure=second', []],
        ['measure=!second', all],
        ['rule=R1', []],
        ['rule=!R1', all],
        ['certainty=unknown', []],
        ['group=carers', []],
        ['status=any', all],
        ['status=resolved', []],
        ['updatedSince=2200-01-01', []],
        ['updatedSince=2026-11-24', all]
      ]
      for (const [query, expected] of rows) {
        const page = await list(`q=zebra&${query}`)
        t.same(idsOf(page), expected, query)
        t.equal(page.total, expected.length, query)
      }
      t.same(idsOf(await list('q=zeb%20tol')), ['high-told'], 'every word, by its beginning')
      const { facets } = await list('q=zebra&severity=high&facets=severity,level&lang=nl')
      t.same(facets.severity.map(({ code, count }: { code: string; count: number }) => [code, count]).sort(), [
        ['high', 2],
        ['low', 1],
        ['unknown', 1]
      ])
      t.equal(facets.level.find(({ code }: { code: string }) => code === 'clinical').count, 1)
      t.not(facets.level.find(({ code }: { code: string }) => code === 'clinical').label, 'clinical', 'labelled')
      for (const [query, code, nearest] of [
        ['kind=no-traslation', 'unknown-code', 'no-translation'],
        ['rule=R14', 'unknown-code', 'R1'],
        ['status=opne', 'unknown-code', 'open'],
        ['status=any,open', 'unknown-code'],
        ['severity=', 'unknown-code'],
        ['measure=Not%20A%20Slug', 'unknown-code'],
        ['jurisdiction=BEL', 'unknown-code'],
        ['sort=kind', 'invalid-parameter'],
        ['limit=0', 'invalid-parameter'],
        ['limit=1001', 'invalid-parameter'],
        ['facets=rule', 'invalid-parameter'],
        ['facets=severty', 'invalid-parameter', 'severity'],
        ['format=xlsx', 'invalid-parameter'],
        ['updatedSince=yesterday', 'invalid-parameter'],
        ['kin=other', 'unknown-parameter', 'kind'],
        ['cursor=x', 'invalid-cursor'],
        [`measure=${Array.from({ length: 201 }, (_, i) => `m${i}`).join(',')}`.slice(0, 990), 'invalid-parameter']
      ] as const) {
        const refused = await list(query)
        t.equal(refused.code, code, query)
        if (nearest) t.equal(refused.errors[0].nearest, nearest, query)
      }
      t.match((await send('GET', '/v1/measures/second/gaps?measure=first')).json(), { code: 'unknown-parameter' })
      t.match((await send('GET', '/v1/measures/nothing/gaps')).json(), { code: 'not-found' })
      t.equal((await send('GET', '/v1/gaps', { headers: { accept: 'image/png' } })).statusCode, 406)
      const validator = String((await send('GET', '/v1/gaps?q=zebra')).headers['etag'])
      t.equal((await send('GET', '/v1/gaps?q=zebra', { headers: { 'if-none-match': validator } })).statusCode, 304)
    })

    await t.test('pages, and files that equal them', async (t) => {
      for (const sort of ['severity', '-severity', 'title', '-updated']) {
        const items: object[] = []
        let [cursor, pages, total] = ['', 0, 0]
        do {
          const page = await list(`status=any&limit=7&sort=${sort}&cursor=${cursor}`)
          items.push(...page.items)
          cursor = page.next
          total = page.total
          pages++
        } while (cursor !== '')
        t.equal(items.length, total, sort)
        t.equal(pages, Math.ceil(total / 7))
        t.equal(new Set(idsOf({ items } as never)).size, total, 'each once')
        const lines = (await send('GET', `/v1/gaps?status=any&sort=${sort}&limit=1&format=ndjson`)).body.trimEnd().split('\n')
        t.same(
          lines.map((line) => JSON.parse(line)),
          items,
          'the whole list, in the same order'
        )
      }
      const csv = await send('GET', '/v1/gaps?status=any&limit=1', { headers: { accept: 'text/csv' } })
      t.match(csv.headers['content-disposition'], /gaps\.csv/)
      t.match(csv.body, /^\ufeffid,origin,status,title,statement,kind,severityLevel,measures,populations,/)
      const first = (await list('status=any&limit=7')).next
      t.match(await list(`limit=7&cursor=${first}`), { code: 'cursor-of-another-query' })
      t.match(await list(`status=any&sort=title&cursor=${first}`), { code: 'cursor-of-another-query' })
      const head = await send('GET', '/v1/gaps?status=any&limit=7')
      t.match(head.headers['link'], /rel="next"/)
    })

    await t.test('the rules in force', async (t) => {
      const rules = await send('GET', '/v1/gap-rules?lang=nl')
      t.equal(rules.json().rules.length, 14)
      t.match(rules.json(), {
        version: '1.0.0',
        language: 'nl',
        severityTable: { harm: { few: 'high', some: 'critical', many: 'critical' } },
        severityOrder: ['critical', 'high', 'unknown', 'moderate', 'low']
      })
      for (const rule of rules.json().rules)
        t.match(rule, { id: /^R\d+$/, label: /./, question: /\?$/, holds: /\.$/, closes: /\.$/, source: /./ })
      const validator = String(rules.headers['etag'])
      t.equal((await send('GET', '/v1/gap-rules?lang=nl', { headers: { 'if-none-match': validator } })).statusCode, 304)
      t.equal((await send('GET', '/v1/gap-rules', { headers: { 'if-none-match': validator } })).statusCode, 200)
    })
  })
}
