import t from 'tap'
import { type Ask, type Body, onEveryEngine, refuses, type Who } from './client.ts'

interface Operation {
  readonly op: string
  readonly path: string
  readonly value?: unknown
}

onEveryEngine(t, async (t, client) => {
  const { word } = client
  const act = (who: Who, etag: string): Ask => ({ as: who, headers: { 'if-match': etag } })
  const at = (id: string, rest = '') => `/v1/measures/${id}${rest}`
  const retire = async (id: string, body: object) => client.post(at(id, '/retire'), body, act('reviewer', (await client.get(at(id))).etag))

  t.test('versions are SemVer, and never change', async (t) => {
    const { json: first } = await client.publish({ title: `Versioned ${word}`, rationale: 'One.' })
    const { id } = first
    const before = await client.get(at(id, '/versions/1.0.0'))
    t.same(before.json, first)
    const steps = [
      ['minor', '1.1.0'],
      ['patch', '1.1.1'],
      ['minor', '1.2.0'],
      ['major', '2.0.0'],
      ['patch', '2.0.1']
    ] as const
    const answers = new Map([['1.0.0', before.bytes]])
    for (const [impact, version] of steps) {
      const published = await client.revise(id, { rationale: `Now ${version}.` }, { impact, changeNote: `Became ${version}.` })
      t.equal(published.json.version, version, impact)
      answers.set(version, (await client.get(at(id, `/versions/${version}`))).bytes)
    }
    const retired = await retire(id, { reason: 'Replaced.' })
    t.equal(retired.status, 200)
    for (const [version, bytes] of answers) {
      const now = await client.get(at(id, `/versions/${version}`))
      t.ok(bytes.equals(now.bytes), `${version} is the same to the byte`)
      t.equal(now.json.status, 'active', `${version} was active when it was published`)
    }
    t.equal((await client.get(at(id, '/versions/1.0.0'))).etag, before.etag)
    const { json: list } = await client.get(at(id, '/versions'))
    t.same(
      list.items.map(({ version }) => version),
      ['2.0.1', '2.0.0', '1.2.0', '1.1.1', '1.1.0', '1.0.0']
    )
    t.match(list, { total: 6, next: '' })
    t.match(list.items[0], { publishedAt: /Z$/, publishedBy: 'acceptance reviewer', changeNote: 'Became 2.0.1.' })
    for (const { url } of list.items) t.equal((await client.get(new URL(String(url)).pathname)).status, 200)
    for (const wrong of ['1', '1.0', 'v1.0.0', '01.0.0', '1.0.0-beta', '9.0.0', 'latest'])
      refuses(t, await client.get(at(id, `/versions/${wrong}`)), { status: 404, code: 'not-found' }, wrong)
  })

  t.test('the difference of two versions: a patch that works, and sentences', async (t) => {
    const { json: first } = await client.publish({ title: `Compared ${word}`, rationale: 'Old.', levels: ['clinical'] })
    const { id } = first
    await client.revise(id, { rationale: 'New.', levels: ['clinical', 'professional'], plainSummary: 'For all.' })
    await client.revise(id, { plainSummary: null })
    const { status, json } = await client.get(at(id, '/diff?from=1.0.0&to=1.1.0'))
    t.equal(status, 200)
    t.match(json, { from: '1.0.0', to: '1.1.0' })
    const patch = json['patch'] as Operation[]
    t.ok(
      patch.some(({ op, path, value }) => op === 'replace' && path === '/rationale' && value === 'New.'),
      'RFC 6902'
    )
    t.ok(patch.some(({ op, path, value }) => op === 'add' && path === '/plainSummary' && value === 'For all.'))
    const sentences = json['changes'] as { pointer: string; sentence: string }[]
    for (const field of ['/rationale', '/plainSummary', '/levels'])
      t.ok(
        sentences.some(({ pointer, sentence }) => pointer.startsWith(field) && sentence.length > 5),
        `a sentence for ${field}`
      )
    t.same((await client.get(at(id, '/diff?from=1.1.0&to=1.1.0'))).json['patch'], [], 'nothing between a version and itself')
    const back = (await client.get(at(id, '/diff?from=1.1.0&to=1.0.0'))).json['patch'] as Operation[]
    t.ok(
      back.some(({ op, path }) => op === 'remove' && path === '/plainSummary'),
      'backwards as well'
    )
    t.match((await client.get(at(id, '/diff'))).json, { from: '1.1.0', to: '1.2.0' }, 'the last step when nothing is said')
    refuses(t, await client.get(at(id, '/diff?from=1.0.0&to=9.0.0')), { status: 404, code: 'not-found' }, 'an unknown version')
    refuses(t, await client.get(at(id, '/diff?from=1')), { status: 400, code: 'invalid-parameter', at: '?from' }, 'no version at all')
  })

  t.test('retired measures stay as tombstones', async (t) => {
    const { json: next } = await client.publish({ title: `Next ${word}` })
    const { json: old } = await client.publish({ title: `Former ${word}`, acronym: `F${word}` })
    refuses(
      t,
      await client.post(at(old.id, '/retire'), { reason: 'x' }, { as: 'reviewer' }),
      { status: 428, code: 'precondition-required' },
      '428'
    )
    refuses(
      t,
      await client.post(at(old.id, '/retire'), { reason: 'x' }, act('reviewer', '"old"')),
      { status: 412, code: 'precondition-failed' },
      '412'
    )
    refuses(t, await retire(old.id, {}), { status: 422, code: 'invalid-body', at: '/reason' }, 'a reason is needed')
    for (const successor of [old.id, `none-${word}`])
      refuses(
        t,
        await retire(old.id, { reason: 'x', successor }),
        { status: 422, code: 'invalid-body', at: '/successor' },
        `successor ${successor}`
      )
    const before = await client.get(at(old.id))
    const opened = await client.call('PATCH', at(old.id, '/draft'), { body: { rationale: 'x' }, ...act('contributor', before.etag) })
    refuses(t, await retire(old.id, { reason: 'x' }), { status: 409, code: 'transition-not-allowed' }, 'not while a draft is open')
    await client.call('DELETE', at(old.id, '/draft'), act('contributor', opened.etag))
    const retired = await retire(old.id, { reason: 'Merged into the next.', successor: next.id })
    t.match(retired.json, {
      status: 'retired',
      version: '1.0.0',
      retirement: { reason: 'Merged into the next.', successor: next.id, at: /Z$/ }
    })
    const tombstone = await client.get(at(old.id))
    t.equal(tombstone.status, 200)
    t.same(tombstone.json, retired.json)
    t.not(tombstone.etag, before.etag)
    t.equal((await client.get(`/v1/measures?q=F${word}`)).json.total, 0, 'lists show what is active')
    t.same(
      (await client.get(`/v1/measures?q=F${word}&status=retired`)).json.items.map(({ id }) => id),
      [old.id]
    )
    t.same((await client.get(`/v1/measures?q=F${word}&status=active,retired`)).json.total, 1)
    refuses(t, await retire(old.id, { reason: 'x' }), { status: 409, code: 'transition-not-allowed' }, 'twice')
    const edit = await client.call('PATCH', at(old.id, '/draft'), { body: { rationale: 'x' }, ...act('contributor', tombstone.etag) })
    refuses(t, edit, { status: 409, code: 'transition-not-allowed' }, 'there is no way back')
    const { json: history } = await client.get(at(old.id, '/history'))
    t.match(history.items.at(-1), { action: 'retired', why: 'Merged into the next.', who: 'acceptance reviewer' })
  })

  t.test('translations do not touch each other', async (t) => {
    const translations = { nl: { title: `Zorgplan ${word}` }, fr: { title: `Plan de soins ${word}`, plainSummary: 'Pour tous.' } }
    const { json: first } = await client.publish({ title: `Care plan ${word}`, plainSummary: 'For all.', translations })
    const { id } = first
    const fr = (json: Body) => (json['translations'] as Record<string, object>)['fr']
    t.match(first['translations'], { nl: { madeFrom: '1.0.0' }, fr: { madeFrom: '1.0.0' } })
    const { json: second } = await client.revise(id, { translations: { nl: { plainSummary: 'Voor iedereen.' } } })
    t.same(fr(second), fr(first), 'another language is as it was')
    t.match(second['translations'], { nl: { title: `Zorgplan ${word}`, plainSummary: 'Voor iedereen.', madeFrom: '1.1.0' } })
    const { json: third } = await client.revise(id, {
      plainSummary: 'For everybody.',
      translations: { de: { title: `Versorgungsplan ${word}` } }
    })
    t.match(third['translations'], {
      fr: { madeFrom: '1.0.0', outdated: ['plainSummary'] },
      nl: { madeFrom: '1.1.0', outdated: ['plainSummary'] }
    })
    const { json: fourth } = await client.revise(id, { translations: { nl: null } })
    t.same(Object.keys(fourth['translations'] as object).sort(), ['de', 'fr'], 'null removes one language')
    const rows: [string, Record<string, string>, string, string][] = [
      ['?lang=fr', {}, `Plan de soins ${word}`, 'fr'],
      ['?lang=fr-CA', {}, `Plan de soins ${word}`, 'fr'],
      ['', { 'accept-language': 'fr;q=0.9, en;q=0.1' }, `Plan de soins ${word}`, 'fr'],
      ['?lang=de', { 'accept-language': 'fr' }, `Versorgungsplan ${word}`, 'de'],
      ['?lang=es', {}, `Care plan ${word}`, 'en'],
      ['', { 'accept-language': 'es' }, `Care plan ${word}`, 'en'],
      ['?lang=en', {}, `Care plan ${word}`, 'en']
    ]
    const etags = new Set<string>()
    for (const [query, headers, title, language] of rows) {
      const reply = await client.get(at(id, query), { headers })
      t.equal(reply.json.title, title, `${query} ${headers['accept-language'] ?? ''}`)
      t.equal(reply.headers.get('content-language'), language, 'Content-Language says which came')
      etags.add(reply.etag)
    }
    t.equal(etags.size, 3, 'each language has an ETag of its own')
    const french = await client.get(at(id, '?lang=fr'))
    const edited = await client.call('PATCH', at(id, '/draft'), { body: { rationale: 'x' }, ...act('contributor', french.etag) })
    t.equal(edited.status, 200, 'any of them will do for If-Match: they are of one state')
    t.equal(edited.json.title, `Care plan ${word}`, 'a draft is shown as it was written')
  })

  t.test('related: stated in both directions, and found', async (t) => {
    const specification = { denominator: `All of ${word} over eighty.`, numerator: `Those of ${word} seen at home.` }
    const { json: old } = await client.publish({ title: `Related old ${word}`, specification })
    const elsewhere = 'https://measures.example/one'
    const relations = [
      { kind: 'predecessor', measure: old.id },
      { kind: 'derived-from', url: elsewhere }
    ]
    const { json: made } = await client.publish({
      title: `Related new ${word}`,
      relations,
      specification: { denominator: 'a', numerator: 'b' }
    })
    const { json: twin } = await client.publish({ title: `Unlike in name`, specification })
    const from = (await client.get(at(made.id, '/related'))).json
    t.ok(
      from.items.some(
        ({ kind, direction, measure, stated }) => kind === 'predecessor' && direction === 'to' && measure === old.id && stated
      )
    )
    t.ok(from.items.some(({ kind, url }) => kind === 'derived-from' && url === elsewhere))
    const to = (await client.get(at(old.id, '/related'))).json
    t.ok(
      to.items.some(
        ({ kind, direction, measure, stated }) => kind === 'predecessor' && direction === 'from' && measure === made.id && stated
      )
    )
    const found = to.items.find(({ measure }) => measure === twin.id)
    t.match(found, { kind: 'competing', stated: false, because: [String] }, 'same numerator and denominator (CMS harmonisation rule)')
    t.match(to, { total: to.items.length, next: '' })
  })

  t.test('drafts are invisible to readers, everywhere', async (t) => {
    const { json: active } = await client.publish({ title: `Visible ${word}`, levels: ['clinical'] })
    const secret = `secret${word}`
    const { etag } = await client.get(at(active.id))
    await client.call('PATCH', at(active.id, '/draft'), {
      body: { title: `Beside ${secret}`, changeNote: secret },
      ...act('contributor', etag)
    })
    const relations = [{ kind: 'related', measure: active.id }]
    const { json: hidden } = await client.draft({
      title: `Hidden ${secret}`,
      acronym: `H${secret}`,
      relations,
      domains: ['community'],
      identifiers: [{ system: 'X', value: secret }]
    })
    const total = (await client.get('/v1/measures?limit=1')).json.total
    const readers: [string, Ask][] = [
      ['anonymous', {}],
      ['organiser', { as: 'organiser' }]
    ]
    for (const [who, ask] of readers) {
      for (const rest of ['', '/versions', '/versions/1.0.0', '/diff', '/history', '/related'])
        refuses(t, await client.get(at(hidden.id, rest), ask), { status: 404, code: 'not-found' }, `${who}: ${rest || 'the measure'}`)
      for (const query of [
        `q=${secret}`,
        `q=H${secret}`,
        `identifier=${secret}`,
        `identifier=X%7C${secret}`,
        `q=${secret}&status=active,retired`,
        `q=${secret}&status=!draft`
      ]) {
        const { json } = await client.get(`/v1/measures?${query}&facets=status,domain`, ask)
        t.equal(json.total, 0, `${who}: ${query}`)
        t.same(json.facets, { status: [], domain: [] }, `${who}: ${query} counts none`)
      }
      for (const format of ['csv', 'ndjson'])
        t.notMatch((await client.get(`/v1/measures?format=${format}`, ask)).text, new RegExp(secret), `${who}: ${format}`)
      for (const rest of ['', '/versions', '/diff', '/history', '/related'])
        t.notMatch((await client.get(at(active.id, rest), ask)).text, new RegExp(secret), `${who}: the published measure, ${rest}`)
      t.notMatch(
        JSON.stringify((await client.get(`/v1/measures?q=${secret.slice(0, -1)}x`, ask)).json['suggestions'] ?? []),
        new RegExp(secret),
        who
      )
      t.notMatch((await client.get('/v1/changes?limit=1000', ask)).text, new RegExp(`Hidden|Beside|H${secret}"`), `${who}: the log`)
      t.equal((await client.get(`/v1/measures?missing=testing&q=${secret}`, ask)).json.total, 0)
    }
    const facets = (await client.get('/v1/measures?facets=status&limit=1')).json.facets
    t.same(
      facets['status']?.filter(({ code }) => code === 'draft'),
      [],
      'not even as a number'
    )
    refuses(t, await client.get('/v1/measures?status=draft'), { status: 401, code: 'unauthenticated' }, 'status=draft without a key')
    t.equal((await client.get(`/v1/measures?q=${secret}&status=!active`)).json.total, 0, 'nor by asking for all that is not active')
    refuses(t, await client.get('/v1/measures?status=draft', { as: 'organiser' }), { status: 403, code: 'forbidden' }, 'an organiser')
    refuses(t, await client.get(at(hidden.id, '/draft')), { status: 401, code: 'unauthenticated' }, 'a draft without a key')
    refuses(
      t,
      await client.get(at(hidden.id, '/draft'), { as: 'organiser' }),
      { status: 403, code: 'forbidden' },
      'a draft as an organiser'
    )
    const listed = await client.get(`/v1/measures?q=${secret}&status=draft,active`, { as: 'contributor' })
    t.same(
      listed.json.items.map(({ status }) => status),
      ['draft', 'draft'],
      'contributors see them'
    )
    t.equal((await client.get('/v1/measures?limit=1', { as: 'contributor' })).json.total, total, 'where they ask for them')
  })
})
