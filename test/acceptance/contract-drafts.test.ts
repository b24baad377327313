import t from 'tap'
import { type Ask, complete, onEveryEngine, refuses, type Who } from './client.ts'

onEveryEngine(t, async (t, client) => {
  const { word } = client
  const act = (who: Who, etag?: string): Ask => ({ as: who, headers: etag === undefined ? {} : { 'if-match': etag } })
  const patch = (id: string, body: unknown, ask: Ask) => client.call('PATCH', `/v1/measures/${id}/draft`, { body, ...ask })
  const step = (id: string, what: string, body: unknown, ask: Ask) => client.post(`/v1/measures/${id}/draft/${what}`, body, ask)
  const retire = (id: string, body: unknown, ask: Ask) => client.post(`/v1/measures/${id}/retire`, body, ask)

  t.test('a title is enough for a draft', async (t) => {
    const made = await client.post('/v1/measures', { title: `Only a title ${word}` }, act('contributor'))
    t.equal(made.status, 201)
    t.match(made.json, { id: /^[a-z0-9][a-z0-9-]{1,79}$/, status: 'draft', reviewState: 'in-development', title: `Only a title ${word}` })
    t.equal(made.json['version'], undefined, 'no version before publication')
    t.equal(new URL(made.headers.get('location') ?? '').pathname, `/v1/measures/${made.json.id}/draft`)
    const read = await client.get(`/v1/measures/${made.json.id}/draft`, act('contributor'))
    t.same(read.json, made.json)
    t.equal(read.etag, made.etag, 'the answer of a write has the new ETag')
    t.equal(
      (await client.get(`/v1/measures/${made.json.id}/draft`, { as: 'contributor', headers: { 'if-none-match': read.etag } })).status,
      304
    )
    refuses(t, await client.post('/v1/measures', {}, act('contributor')), { status: 422, code: 'invalid-body', at: '/title' }, 'no title')
  })

  t.test('identifiers are unique, and never used again', async (t) => {
    const id = `mine-${word}`
    t.equal((await client.draft({ id })).json.id, id, 'as proposed')
    const taken = await client.draft({ id })
    refuses(t, taken, { status: 409, code: 'id-taken', at: '/id' }, 'the same again')
    t.match(taken.json.errors[0]?.nearest, /^[a-z0-9][a-z0-9-]{1,79}$/, 'with one that is free')
    t.equal((await client.draft({ id: taken.json.errors[0]?.nearest })).status, 201)
    t.equal((await client.call('DELETE', `/v1/measures/${id}/draft`, act('contributor'))).status, 204)
    refuses(t, await client.draft({ id }), { status: 409, code: 'id-taken', at: '/id' }, 'not even after the draft was thrown away')
    const slugs = await Promise.all(Array.from({ length: 8 }, () => client.draft({ shortTitle: `Twin ${word}` })))
    t.equal(new Set(slugs.map(({ json }) => json.id)).size, 8, 'made of the short title, and numbered, even at the same moment')
    t.ok(slugs.every(({ json }) => json.id.startsWith(`twin-${word}`)))
  })

  t.test('JSON Merge Patch: what is left out stays, null removes', async (t) => {
    const { json, etag } = await client.draft({ title: `Patched ${word}`, rationale: 'Why.', licence: { fee: 'free', note: 'Ask first.' } })
    const once = await patch(
      json.id,
      { rationale: null, licence: { note: null, permission: 'ask' }, levels: ['professional'] },
      act('contributor', etag)
    )
    t.equal(once.status, 200)
    t.equal(once.json['rationale'], undefined)
    t.same(once.json['licence'], { fee: 'free', permission: 'ask' })
    t.same(once.json['levels'], ['professional'], 'lists are replaced')
    t.equal(once.json.title, `Patched ${word}`)
    t.not(once.etag, etag)
    const again = await patch(json.id, { levels: ['professional'] }, act('contributor', once.etag))
    t.equal(again.etag, once.etag, 'a patch that changes nothing changes nothing')
    for (const type of ['application/json', 'application/merge-patch+json']) {
      const headers = { 'if-match': once.etag, 'content-type': type }
      t.equal((await patch(json.id, '{}', { as: 'contributor', headers })).status, 200, type)
    }
    refuses(
      t,
      await patch(json.id, { title: null }, act('contributor', once.etag)),
      { status: 422, code: 'invalid-body', at: '/title' },
      'a title has to stay'
    )
    refuses(
      t,
      await patch(json.id, { licence: { fees: 'free' } }, act('contributor', once.etag)),
      { status: 422, code: 'unknown-property', at: '/licence/fees' },
      'an unknown property inside'
    )
    for (const [name, value] of Object.entries({
      id: 'other',
      version: '2.0.0',
      status: 'active',
      readiness: {},
      canonicalUrl: 'http://x'
    }))
      refuses(
        t,
        await patch(json.id, { [name]: value }, act('contributor', once.etag)),
        { status: 422, code: 'unknown-property', at: `/${name}` },
        name
      )
  })

  t.test('If-Match: 428 without, 412 when stale, 409 for what is not possible', async (t) => {
    const { json, etag } = await client.draft({ title: `Conditional ${word}` })
    const { etag: fresh } = await patch(json.id, { rationale: 'New.' }, act('contributor', etag))
    const writes: [string, (etag?: string) => ReturnType<typeof patch>][] = [
      ['PATCH', (tag) => patch(json.id, { rationale: 'Newer.' }, act('contributor', tag))],
      ['submit', (tag) => step(json.id, 'submit', {}, act('contributor', tag))],
      ['return', (tag) => step(json.id, 'return', { reason: 'More.' }, act('reviewer', tag))],
      ['publish', (tag) => step(json.id, 'publish', { impact: 'minor', changeNote: 'x' }, act('reviewer', tag))]
    ]
    for (const [name, write] of writes) {
      refuses(t, await write(), { status: 428, code: 'precondition-required', at: 'if-match:' }, `${name} without If-Match`)
      for (const stale of [etag, '"nothing"', 'nothing', `W/"x"`])
        refuses(t, await write(stale), { status: 412, code: 'precondition-failed', at: 'if-match:' }, `${name} with ${stale}`)
    }
    refuses(
      t,
      await client.call('DELETE', `/v1/measures/${json.id}/draft`, act('contributor', etag)),
      { status: 412, code: 'precondition-failed' },
      'DELETE'
    )
    t.equal((await client.get(`/v1/measures/${json.id}/draft`, act('contributor'))).etag, fresh, 'and nothing happened')
    refuses(
      t,
      await step(json.id, 'return', { reason: 'x' }, act('reviewer', fresh)),
      { status: 409, code: 'transition-not-allowed' },
      'return unsubmitted'
    )
    const submitted = await step(json.id, 'submit', {}, act('contributor', fresh))
    refuses(
      t,
      await step(json.id, 'submit', {}, act('contributor', submitted.etag)),
      { status: 409, code: 'transition-not-allowed' },
      'submit twice'
    )
    refuses(
      t,
      await retire(json.id, { reason: 'x' }, act('reviewer', submitted.etag)),
      { status: 404, code: 'not-found' },
      'retire what was never published'
    )
    const several = await patch(json.id, { rationale: 'Two.' }, act('contributor', `"other", ${submitted.etag}`))
    t.equal(several.status, 200, 'one of several ETags is enough')
    t.equal((await patch(json.id, { rationale: 'Three.' }, act('contributor', '*'))).status, 200, 'and * is any')
  })

  t.test('twenty editors at the same moment: one wins, none is lost', async (t) => {
    const { json, etag } = await client.draft({ title: `Contested ${word}` })
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, i) => patch(json.id, { rationale: `Editor ${i}` }, act('contributor', etag)))
    )
    t.equal(all.filter(({ status }) => status === 200).length, 1)
    t.equal(all.filter(({ status }) => status === 412).length, 19)
    const winner = all.find(({ status }) => status === 200)
    t.equal((await client.get(`/v1/measures/${json.id}/draft`, act('contributor'))).json['rationale'], winner?.json['rationale'])
  })

  t.test('submit, return, submit, publish', async (t) => {
    const draft = await client.draft({ title: `Reviewed ${word}` })
    const { id } = draft.json
    const submitted = await step(id, 'submit', { reason: 'Please look.' }, act('contributor', draft.etag))
    t.match([submitted.status, submitted.json['reviewState']], [200, 'submitted'])
    refuses(
      t,
      await step(id, 'return', {}, act('reviewer', submitted.etag)),
      { status: 422, code: 'invalid-body', at: '/reason' },
      'a return needs a reason'
    )
    const returned = await step(id, 'return', { reason: 'Name the unit.' }, act('reviewer', submitted.etag))
    t.match(returned.json, { reviewState: 'changes-requested', review: 'Name the unit.' })
    const edited = await patch(id, { specification: { unit: 'per cent' } }, act('contributor', returned.etag))
    const again = await step(id, 'submit', {}, act('contributor', edited.etag))
    const published = await step(id, 'publish', { impact: 'major', changeNote: 'First.' }, act('reviewer', again.etag))
    t.match(published.json, { status: 'active', version: '1.0.0', changeNote: 'First.', publishedAt: String })
    t.equal(published.json['reviewState'], undefined)
    // One state may have several representations, each with a validator of its own.
    t.ok((await client.get(`/v1/measures/${id}`)).etag.startsWith(published.etag.slice(0, -1)), 'the answer of a write has the new ETag')
    t.same((await client.get(`/v1/measures/${id}`)).json, published.json)
    refuses(t, await client.get(`/v1/measures/${id}/draft`, act('contributor')), { status: 404, code: 'not-found' }, 'no draft is left')
    refuses(
      t,
      await step(id, 'publish', { impact: 'minor' }, act('reviewer', published.etag)),
      { status: 409, code: 'transition-not-allowed' },
      'again'
    )
    const { json: history } = await client.get(`/v1/measures/${id}/history`, act('contributor'))
    t.same(
      history.items.map(({ action }) => action),
      ['created', 'submitted', 'returned', 'updated', 'submitted', 'published']
    )
    t.match(history.items[2], { who: 'acceptance reviewer', why: 'Name the unit.', at: /Z$/ })
    t.match(history.items[3]?.['fields'], [{ pointer: '/specification/unit', new: 'per cent' }], 'field, old and new')
  })

  t.test('a refusal to publish names everything that is missing', async (t) => {
    const rows: [object, string[]][] = [
      [{ title: `Bare ${word}` }, ['/dataSources', '/description', '/development/steward', '/levels', '/licence', '/scoring', '/types']],
      [complete({ specification: { numerator: 'Some.' } }), ['/specification/denominator']],
      [complete({ specification: {} }), ['/specification/denominator', '/specification/numerator']],
      [
        complete({ scoring: 'ratio', specification: { numerator: 'a', denominator: 'b', denominatorException: 'c' } }),
        ['/specification/denominatorException']
      ],
      [
        complete({ scoring: 'continuous-variable', specification: { numerator: 'a', denominator: 'b' } }),
        ['/specification/denominator', '/specification/measurePopulation', '/specification/numerator']
      ],
      [complete({ scoring: 'cohort', specification: { initialPopulation: 'a', numerator: 'b' } }), ['/specification/numerator']],
      [complete({ relations: [{ kind: 'successor', measure: `none-${word}` }] }), ['/relations/0/measure']]
    ]
    for (const [content, expected] of rows) {
      const draft = await client.post('/v1/measures', content, act('contributor'))
      const reply = await step(draft.json.id, 'publish', { impact: 'major', changeNote: 'x' }, act('reviewer', draft.etag))
      refuses(t, reply, { status: 422, code: 'not-publishable', at: expected[0] }, expected.join(' '))
      t.same((reply.json.errors ?? []).map(({ pointer }) => pointer).sort(), expected)
      t.equal((await client.get(`/v1/measures/${draft.json.id}/draft`, act('contributor'))).etag, draft.etag, 'the draft is as it was')
    }
    const instrument = await client.post(
      '/v1/measures',
      { ...complete(), scoring: undefined, specification: undefined, instrument: { name: `Scale ${word}` } },
      act('contributor')
    )
    t.equal(
      (await step(instrument.json.id, 'publish', { impact: 'major' }, act('reviewer', instrument.etag))).status,
      200,
      'an instrument will do'
    )
  })

  t.test('nobody publishes their own draft where a second reviewer exists', async (t) => {
    const own = await client.draft({ title: `Own ${word}` }, { as: 'reviewer' })
    const publish = (who: Who, etag: string) => step(own.json.id, 'publish', { impact: 'major', changeNote: 'x' }, act(who, etag))
    refuses(t, await publish('reviewer', own.etag), { status: 403, code: 'own-draft' }, 'the author')
    t.equal((await publish('second-reviewer', own.etag)).status, 200, 'the other reviewer')
    const { etag } = await client.get(`/v1/measures/${own.json.id}`)
    const opened = await patch(own.json.id, { rationale: 'Mine too.' }, act('second-reviewer', etag))
    refuses(t, await publish('second-reviewer', opened.etag), { status: 403, code: 'own-draft' }, 'who opened the next draft is its author')
    t.equal((await publish('reviewer', opened.etag)).status, 200)
    const admin = await client.draft({ title: `Administrator's ${word}` }, { as: 'admin' })
    refuses(
      t,
      await step(admin.json.id, 'publish', { impact: 'major' }, act('admin', admin.etag)),
      { status: 403, code: 'own-draft' },
      'an administrator neither'
    )
  })

  t.test('looks like one we have: said, and blocks nothing', async (t) => {
    const specification = { denominator: `Adults of ${word} with two conditions.`, numerator: `Those of ${word} with one plan.` }
    const known = await client.publish({
      title: `Harmonised ${word}`,
      specification,
      identifiers: [{ system: 'CMIT', value: `same-${word}` }]
    })
    const kinds = async (content: object) => {
      const { json } = await client.draft(content)
      return (json['similar'] as { measure: string; kind: string }[])
        .filter(({ measure }) => measure === known.json.id)
        .map(({ kind }) => kind)
    }
    t.ok((await kinds({ title: 'Another name', specification })).includes('competing'), 'numerator and denominator the same')
    t.ok(
      (await kinds({ title: 'Another name', specification: { ...specification, numerator: 'Else.' } })).includes('related'),
      'one of the two'
    )
    t.ok(
      (
        await kinds({ title: 'Quite another', specification: { unit: word }, identifiers: [{ system: 'CMIT', value: `same-${word}` }] })
      ).includes('same-identifier')
    )
  })
})
