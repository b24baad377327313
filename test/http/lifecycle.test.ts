/** From a title to a tombstone: drafts, review, versions, and who may do what, on every engine. */
import t from 'tap'
import { refreshAddresses, refreshMaturity } from '../../src/measures/refreshing.ts'
import { engines } from '../engines.ts'
import { openRegistry } from '../registry.ts'

const FULL = {
  title: 'Days at home in the last year of life',
  shortTitle: 'Days at home',
  acronym: 'DAH-X',
  description: 'The days that people spend at home in the year before they die.',
  types: ['outcome'],
  scoring: 'proportion',
  specification: { denominator: 'People who died in the year', numerator: 'People who spent more than 350 days at home' },
  dataSources: [{ kind: 'claims' }],
  licence: { permission: 'none', fee: 'free', copyright: '(c) A steward' },
  levels: ['clinical'],
  development: { steward: 'A steward' }
}

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip }, async (t) => {
    const { send, store, close } = await openRegistry(engine)
    t.teardown(close)
    const etag = (response: Awaited<ReturnType<typeof send>>) => ({ 'if-match': String(response.headers['etag']) })

    await t.test('a draft is made, improved, returned, submitted and published by somebody else', async (t) => {
      const created = await send('POST', '/v1/measures', { as: 'contributor', body: { title: FULL.title, shortTitle: FULL.shortTitle } })
      t.equal(created.statusCode, 201, created.body)
      t.match(created.json(), { id: 'days-at-home', status: 'draft', reviewState: 'in-development' })
      t.equal(created.headers.location, 'https://registry.example/v1/measures/days-at-home/draft')
      t.equal((await send('GET', '/v1/measures/days-at-home')).statusCode, 404, 'nobody else sees it')
      t.equal((await send('GET', '/v1/measures?q=days+at+home&status=draft')).statusCode, 401)
      t.equal((await send('GET', '/v1/measures?status=draft,active', { as: 'organiser' })).statusCode, 403)
      t.equal((await send('GET', '/v1/measures?status=draft', { as: 'contributor' })).json().total, 1)

      const url = '/v1/measures/days-at-home/draft'
      const early = await send('POST', `${url}/publish`, { as: 'reviewer', body: {}, headers: etag(created) })
      t.equal(early.statusCode, 422)
      t.same(
        early.json().errors.map(({ pointer }: { pointer: string }) => pointer),
        ['/description', '/types', '/scoring', '/dataSources', '/licence', '/levels', '/development/steward']
      )
      t.equal((await send('PATCH', url, { as: 'contributor', body: FULL })).statusCode, 428)
      const edited = await send('PATCH', url, { as: 'contributor', body: FULL, headers: etag(created) })
      t.equal(edited.statusCode, 200, edited.body)
      t.equal((await send('PATCH', url, { as: 'contributor', body: { acronym: 'X' }, headers: etag(created) })).statusCode, 412)
      const again = await send('PATCH', url, { as: 'contributor', body: FULL, headers: etag(edited) })
      t.equal(again.headers['etag'], edited.headers['etag'], 'without a difference nothing happens')

      t.equal((await send('POST', `${url}/return`, { as: 'reviewer', body: { reason: 'x' }, headers: etag(edited) })).statusCode, 409)
      const submitted = await send('POST', `${url}/submit`, { as: 'contributor', body: { reason: 'done' }, headers: etag(edited) })
      t.equal(submitted.json().reviewState, 'submitted')
      t.equal((await send('POST', `${url}/submit`, { as: 'contributor', body: {}, headers: etag(submitted) })).statusCode, 409)
      const returned = await send('POST', `${url}/return`, { as: 'reviewer', body: { reason: 'Say where.' }, headers: etag(submitted) })
      t.match(returned.json(), { reviewState: 'changes-requested', review: 'Say where.' })
      const resubmitted = await send('POST', `${url}/submit`, { as: 'contributor', body: {}, headers: etag(returned) })
      t.equal((await send('POST', `${url}/publish`, { as: 'contributor', body: {}, headers: etag(resubmitted) })).statusCode, 403)
      const published = await send('POST', `${url}/publish`, {
        as: 'reviewer',
        body: { impact: 'patch', changeNote: 'First.' },
        headers: etag(resubmitted)
      })
      t.equal(published.statusCode, 200, published.body)
      t.match(published.json(), { version: '1.0.0', status: 'active', licence: { copyright: '(c) A steward' } })
      t.equal((await send('GET', url, { as: 'contributor' })).statusCode, 404, 'the draft is gone')
      t.equal((await send('GET', '/v1/measures?q=dah-x')).json().items[0]?.id, 'days-at-home')
    })

    await t.test('the next version leaves the one before as it was', async (t) => {
      const url = '/v1/measures/days-at-home'
      const first = await send('GET', `${url}/versions/1.0.0`)
      const active = await send('GET', url)
      const dutch = await send('PATCH', `${url}/draft`, {
        as: 'contributor',
        body: { translations: { nl: { title: 'Dagen thuis' } } },
        headers: etag(active)
      })
      t.equal(dutch.statusCode, 200, dutch.body)
      t.equal((await send('GET', url)).json().translations, undefined, 'readers still see the active version')
      const french = await send('PATCH', `${url}/draft`, {
        as: 'contributor',
        body: { translations: { fr: { title: 'Jours à domicile' } } },
        headers: etag(dutch)
      })
      t.same(Object.keys(french.json().translations), ['nl', 'fr'], 'one language never touches another')
      const second = await send('POST', `${url}/draft/publish`, { as: 'reviewer', body: { impact: 'minor' }, headers: etag(french) })
      t.match(second.json(), { version: '1.1.0', translations: { nl: { madeFrom: '1.1.0' }, fr: { madeFrom: '1.1.0' } } })
      const third = await send('PATCH', `${url}/draft`, {
        as: 'contributor',
        body: { title: 'Days spent at home', translations: { fr: { title: 'Jours passés à domicile' } } },
        headers: etag(second)
      })
      const published = await send('POST', `${url}/draft/publish`, { as: 'reviewer', body: { impact: 'major' }, headers: etag(third) })
      t.match(published.json(), {
        version: '2.0.0',
        translations: { nl: { madeFrom: '1.1.0', outdated: ['title'] }, fr: { madeFrom: '2.0.0' } }
      })

      t.equal((await send('GET', `${url}/versions/1.0.0`)).body, first.body)
      t.same(
        (await send('GET', `${url}/versions`)).json().items.map(({ version }: { version: string }) => version),
        ['2.0.0', '1.1.0', '1.0.0']
      )
      const inDutch = await send('GET', url, { headers: { 'accept-language': 'nl-BE, en;q=0.5' } })
      t.equal(inDutch.json().title, 'Dagen thuis')
      t.equal(inDutch.headers['content-language'], 'nl')
      t.equal((await send('GET', '/v1/measures?q=dagen+thuis&lang=nl')).json().items[0]?.title, 'Dagen thuis')
      const { from, to, changes } = (await send('GET', `${url}/diff`)).json()
      t.same([from, to], ['1.1.0', '2.0.0'])
      t.ok(changes.some(({ sentence }: { sentence: string }) => sentence.includes('title was changed')))
      t.equal((await send('GET', `${url}/diff?from=9.9.9`)).statusCode, 404)
    })

    await t.test('nobody publishes their own draft where somebody else could', async (t) => {
      const created = await send('POST', '/v1/measures', { as: 'reviewer', body: { ...FULL, id: 'own-draft' } })
      t.equal(created.statusCode, 201, created.body)
      const refused = await send('POST', '/v1/measures/own-draft/draft/publish', { as: 'reviewer', body: {}, headers: etag(created) })
      t.match(refused.json(), { status: 403, code: 'own-draft' })
      const published = await send('POST', '/v1/measures/own-draft/draft/publish', {
        as: 'second-reviewer',
        body: {},
        headers: etag(created)
      })
      t.equal(published.statusCode, 200, published.body)
    })

    await t.test('what looks like one we have is said, and blocks nothing', async (t) => {
      const { similar } = (await send('POST', '/v1/measures', { as: 'contributor', body: { ...FULL, id: 'looks-alike' } })).json()
      t.same(
        new Set(similar.slice(0, 2).map(({ measure, kind }: { measure: string; kind: string }) => `${measure} ${kind}`)),
        new Set(['days-at-home competing', 'own-draft competing'])
      )
      const related = (await send('GET', '/v1/measures/days-at-home/related')).json()
      t.ok(related.items.some(({ measure, stated }: { measure: string; stated: boolean }) => measure === 'own-draft' && !stated))
      t.notOk(
        related.items.some(({ measure }: { measure: string }) => measure === 'looks-alike'),
        'a draft is nobody else’s business'
      )
    })

    await t.test('a retired measure stays readable, with the reason and its successor', async (t) => {
      const url = '/v1/measures/own-draft'
      const active = await send('GET', url)
      t.equal((await send('POST', `${url}/retire`, { as: 'contributor', body: { reason: 'x' }, headers: etag(active) })).statusCode, 403)
      t.equal(
        (await send('POST', `${url}/retire`, { as: 'reviewer', body: { reason: 'x', successor: 'nobody' }, headers: etag(active) }))
          .statusCode,
        422
      )
      const retired = await send('POST', `${url}/retire`, {
        as: 'reviewer',
        body: { reason: 'Merged.', successor: 'days-at-home' },
        headers: etag(active)
      })
      t.match(retired.json(), { status: 'retired', retirement: { reason: 'Merged.', successor: 'days-at-home' } })
      t.equal((await send('GET', url)).json().status, 'retired')
      t.equal((await send('GET', '/v1/measures?identifier=none&status=retired')).json().total, 0)
      t.same((await send('GET', '/v1/measures?status=retired&fields=id')).json().items, [{ id: 'own-draft' }])
      for (const [method, path, body] of [
        ['PATCH', '/draft', { title: 'x' }],
        ['POST', '/retire', { reason: 'again' }]
      ] as const) {
        t.equal((await send(method, url + path, { as: 'reviewer', body, headers: etag(retired) })).statusCode, 409, `${method} ${path}`)
      }
    })

    await t.test('a draft that is thrown away leaves its identifier taken', async (t) => {
      t.equal((await send('DELETE', '/v1/measures/looks-alike/draft', { as: 'contributor' })).statusCode, 204)
      t.equal((await send('DELETE', '/v1/measures/looks-alike/draft', { as: 'contributor' })).statusCode, 404)
      const taken = await send('POST', '/v1/measures', { as: 'contributor', body: { title: 'x', id: 'looks-alike' } })
      t.match(taken.json(), { status: 409, code: 'id-taken', errors: [{ pointer: '/id', nearest: 'looks-alike-2' }] })
      t.equal((await send('GET', '/v1/measures?q=looks&status=draft', { as: 'contributor' })).json().total, 0)
    })

    await t.test('ten drafts with one title at the same moment get ten identifiers', async (t) => {
      const made = await Promise.all(
        Array.from({ length: 10 }, () => send('POST', '/v1/measures', { as: 'contributor', body: { title: 'The same title' } }))
      )
      t.equal(new Set(made.map((response) => response.json().id)).size, 10)
    })

    await t.test('a request that is sent again gets the answer of the first time', async (t) => {
      const request = { as: 'contributor' as const, body: { title: 'Only once' }, headers: { 'idempotency-key': 'abc' } }
      const [first, second] = await Promise.all([send('POST', '/v1/measures', request), send('POST', '/v1/measures', request)])
      t.equal(first.body, second.body)
      t.equal([first, second].filter(({ headers }) => headers['idempotency-replayed'] === 'true').length, 1)
      const other = await send('POST', '/v1/measures', { ...request, body: { title: 'Something else' } })
      t.match(other.json(), { status: 422, code: 'idempotency-key-reused' })
      t.equal((await send('POST', '/v1/measures', { ...request, as: 'reviewer' })).json().id, 'only-once-2', 'keys belong to their holder')
      t.equal((await send('GET', '/v1/measures?q=only+once&status=draft', { as: 'contributor' })).json().total, 2)
    })

    await t.test('history: all of it for contributors, what became public for readers', async (t) => {
      const history = async (as?: 'contributor') =>
        (await send('GET', '/v1/measures/days-at-home/history', as ? { as } : {})).json().items as { action: string; fields: object[] }[]
      t.same(
        (await history('contributor')).slice(0, 7).map(({ action }) => action),
        ['created', 'updated', 'submitted', 'returned', 'submitted', 'published', 'draft-opened']
      )
      const url = '/v1/measures/days-at-home'
      const secret = await send('PATCH', `${url}/draft`, {
        as: 'contributor',
        body: { description: 'Written and taken back.' },
        headers: etag(await send('GET', url))
      })
      t.equal(secret.statusCode, 200, secret.body)
      t.equal((await send('DELETE', `${url}/draft`, { as: 'contributor' })).statusCode, 204)
      const opened = await send('PATCH', `${url}/draft`, {
        as: 'contributor',
        body: { guidance: 'Read the manual.' },
        headers: etag(await send('GET', url))
      })
      const published = await send('POST', `${url}/draft/publish`, { as: 'reviewer', body: { impact: 'patch' }, headers: etag(opened) })
      t.equal(published.json().changeNote, undefined, 'a note is of the version that it came with')
      t.same(
        (await history()).map(({ action }) => action),
        ['published', 'published', 'published', 'published']
      )
      t.notMatch(JSON.stringify(await history()), /taken back/)
      t.match(JSON.stringify(await history()), /Read the manual/)
    })

    await t.test('numbers of documents pass from one measure to another without anybody getting lost', async (t) => {
      const make = async (id: string) => send('POST', '/v1/measures', { as: 'contributor', body: { ...FULL, id } })
      const [first] = [await make('passing-b'), await make('passing-k'), await make('passing-a')]
      t.equal((await send('DELETE', '/v1/measures/passing-a/draft', { as: 'contributor' })).statusCode, 204)
      t.equal(
        (await send('POST', '/v1/measures/passing-b/draft/publish', { as: 'reviewer', headers: etag(first!) })).statusCode,
        200,
        'without a body, too'
      )
      const listed = (await send('GET', '/v1/measures?status=active,draft&fields=id,status&limit=1000', { as: 'contributor' })).json().items
      const of = (id: string) => listed.find((item: { id: string }) => item.id === id)?.status
      t.same([of('passing-b'), of('passing-k'), of('passing-a')], ['active', 'draft', undefined])
    })

    await t.test('an identifier that is given while it is found free goes to one of the two', async (t) => {
      const title = 'Given and found'
      const made = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          send('POST', '/v1/measures', {
            as: 'contributor',
            body: i % 2 ? { title } : { title, id: `given-and-found${i > 1 ? `-${i}` : ''}` }
          })
        )
      )
      t.same(new Set(made.map(({ statusCode }) => statusCode)).difference(new Set([201, 409])), new Set(), 'and nothing fails')
      const ids = made.filter(({ statusCode }) => statusCode === 201).map((response) => response.json().id)
      t.equal(new Set(ids).size, ids.length)
    })

    await t.test('what no schema catches is refused, not answered with a failure', async (t) => {
      for (const [body, pointer] of [
        [{ use: [{ organisation: 'A', lastConfirmed: '2025-13' }] }, /^\/use\/0\/lastConfirmed/],
        [{ languages: [{ code: 'en-x-foo', validation: 'original' }] }, /^\/languages\/0\/code/],
        [{ languages: [{ code: 'en-u-ca-buddhist', validation: 'original' }] }, /^\/languages\/0\/code/]
      ] as const) {
        const refused = await send('POST', '/v1/measures', { as: 'contributor', body: { title: 'x', ...body } })
        t.match(refused.json(), { status: 422, errors: [{ pointer }] })
      }
      const many = await send(
        'GET',
        `/v1/measures?jurisdiction=${'zz,'.repeat(150)}zz&type=${Array.from({ length: 300 }, (_, i) => `t${i}`)}`
      )
      t.match(many.json(), { status: 400, code: 'invalid-parameter' })
    })

    await t.test('maturity ages without anybody writing', async (t) => {
      const body = { ...FULL, id: 'ageing', use: [{ organisation: 'A', purpose: 'payment', jurisdiction: 'NL', lastConfirmed: '2026-11' }] }
      const created = await send('POST', '/v1/measures', { as: 'contributor', body })
      t.equal(created.json().readiness.maturity, 'M4', created.body)
      await send('POST', '/v1/measures/ageing/draft/publish', { as: 'reviewer', body: {}, headers: etag(created) })
      const refresh = (now: string) => refreshMaturity(store, { now, publicUrl: 'https://registry.example', actor: 'registry' })
      t.equal(await refresh('2026-12-01T00:00:00.000Z'), 0)
      t.ok((await refresh('2030-01-01T00:00:00.000Z')) > 0)
      t.equal(await refresh('2030-01-01T00:00:00.000Z'), 0, 'once is enough')
      t.match((await send('GET', '/v1/measures/ageing')).json(), { version: '1.0.0', readiness: { maturity: 'M3', asOf: '2030-01-01' } })
      t.equal((await send('GET', '/v1/measures?maturity=M4&q=ageing')).json().total, 0)
      t.equal((await send('GET', '/v1/measures/ageing/versions/1.0.0')).json().readiness.maturity, 'M4', 'a version never changes')
    })

    await t.test('a registry that moves gives its documents the new address', async (t) => {
      const move = (publicUrl: string) => refreshAddresses(store, { now: '2031-01-01T00:00:00.000Z', publicUrl, actor: 'registry' })
      t.equal(await move('https://registry.example'), 0)
      const version = (await send('GET', '/v1/measures/ageing/versions/1.0.0')).body
      t.ok((await move('https://elsewhere.example')) > 134)
      t.equal((await send('GET', '/v1/measures/pacic')).json().canonicalUrl, 'https://elsewhere.example/measures/pacic')
      t.equal((await send('GET', '/v1/measures?limit=1')).json().items[0].canonicalUrl.slice(0, 25), 'https://elsewhere.example')
      t.equal((await send('GET', '/v1/measures/ageing/versions/1.0.0')).body, version, 'a version never changes')
      t.equal(await move('https://elsewhere.example'), 0)
    })
  })
}
