/** Contexts with a name and a link: who saves, opens, changes and deletes them, on every engine. */
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { findContext, insertContext } from '../../src/contexts/contexts.queries.ts'
import { contextIdOf, MAX_CONTEXTS } from '../../src/contexts/saved-context.ts'
import { questionOf, writeCursor } from '../../src/http/cursor.ts'
import { engines } from '../engines.ts'
import { openRegistry, PUBLIC_URL, type Registry, type Response, type SendOptions } from '../registry.ts'

/** Every member of a context, with texts and numbers that an engine might change, in another order than that of the schema. */
const CONTEXT = {
  asOf: '2026-11-24',
  horizonDays: 0,
  stratifier: ['age'],
  minutes: 0.1,
  populationSize: 10_000_000_000,
  purpose: 'improvement',
  budget: { currency: 'EUR', amount: 1234.56 },
  language: ['nl', 'pt-BR', 'zh-Hant-HK'],
  dataElement: ['  Naïve "quotes" \\ 😀 é <script>alert(1)</script>', "'; drop table contexts; --"],
  data: ['survey', 'claims'],
  forCondition: ['diabetes'],
  forPopulation: ['older-adults'],
  setting: ['primary-care'],
  jurisdiction: ['BE-VLG', '001']
}
const SMALL = { name: 'Flanders', context: { jurisdiction: ['BE-VLG'] } }
const etag = (response: Response) => ({ 'if-match': String(response.headers.etag) })
const pathOf = (response: Response) => new URL(String(response.headers.location)).pathname

t.test('identifiers', async (t) => {
  t.equal(contextIdOf(Buffer.alloc(10)), '0000000000000000')
  t.equal(contextIdOf(Buffer.alloc(10, 255)), 'zzzzzzzzzzzzzzzz')
  t.equal(contextIdOf(Buffer.from('00443214c74254b635cf', 'hex')), '0123456789abcdef')
  const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 })
  fc.assert(fc.property(bytes, (each) => /^[0-9a-hjkmnp-tv-z]{16}$/.test(contextIdOf(Buffer.from(each)))))
  fc.assert(fc.property(bytes, bytes, (a, b) => (contextIdOf(Buffer.from(a)) === contextIdOf(Buffer.from(b))) === (`${a}` === `${b}`)))
})

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip }, async (t) => {
    const registry = await openRegistry(engine, { catalogue: 'empty' })
    t.teardown(registry.close)
    const { send, store } = registry
    const save = (body: unknown = SMALL, options: SendOptions = {}) => send('POST', '/v1/contexts', { as: 'contributor', body, ...options })
    const count = () => store.read((db) => db.$count(db.t.contexts))

    await t.test('the life of a saved context', async (t) => {
      const saved = await save({ name: ' Ghent & région ', context: CONTEXT })
      t.equal(saved.statusCode, 201, saved.body)
      const context = saved.json()
      t.match(context.id, /^[0-9a-hjkmnp-tv-z]{16}$/)
      const self = `${PUBLIC_URL}/v1/contexts/${context.id}`
      t.equal(saved.headers.location, self)
      t.strictSame(context, {
        id: context.id,
        name: ' Ghent & région ',
        context: CONTEXT,
        createdAt: context.createdAt,
        updatedAt: context.createdAt,
        links: {
          self,
          readiness: `${PUBLIC_URL}/v1/readiness?context=${context.id}`,
          unlocks: `${PUBLIC_URL}/v1/readiness/unlocks?context=${context.id}`
        }
      })
      t.strictSame((await store.read((db) => findContext(db, context.id)))?.context, CONTEXT, 'it is stored as it was written')

      const url = pathOf(saved)
      const opened = await send('GET', url)
      t.equal(opened.body, saved.body, 'whoever has the link reads the same')
      t.equal(opened.headers.etag, saved.headers.etag)
      t.equal((await send('GET', url, { headers: { 'if-none-match': String(opened.headers.etag) } })).statusCode, 304)
      t.equal((await send('HEAD', url)).headers.etag, opened.headers.etag)

      const same = await send('PATCH', url, { as: 'contributor', body: { name: context.name, context: CONTEXT }, headers: etag(saved) })
      t.equal(same.body, saved.body, 'without a difference nothing happens')
      const patch = { name: 'Ghent', context: { budget: { amount: 0 }, data: ['ehr'], purpose: null, dataElement: null } }
      const changed = await send('PATCH', url, {
        as: 'contributor',
        body: JSON.stringify(patch),
        headers: { ...etag(saved), 'content-type': 'application/merge-patch+json' }
      })
      t.equal(changed.statusCode, 200, changed.body)
      const { purpose: _, dataElement: __, ...rest } = CONTEXT
      t.strictSame(changed.json().context, { ...rest, budget: { amount: 0, currency: 'EUR' }, data: ['ehr'] })
      t.match(changed.json(), { id: context.id, name: 'Ghent', createdAt: context.createdAt })
      t.ok(changed.json().updatedAt > context.updatedAt)
      t.equal((await send('GET', url)).body, changed.body)

      const remove = (headers: Record<string, string>) => send('DELETE', url, { as: 'contributor', headers })
      t.match((await remove({})).json(), { status: 428, code: 'precondition-required' })
      t.match((await remove(etag(saved))).json(), { status: 412, code: 'precondition-failed' })
      t.equal((await send('GET', url)).body, changed.body)
      const gone = await remove(etag(changed))
      t.match({ status: gone.statusCode, body: gone.body }, { status: 204, body: '' })
      for (const method of ['GET', 'PATCH', 'DELETE'])
        t.match(
          (await send(method, url, { as: 'contributor', body: method === 'PATCH' ? {} : undefined, headers: { 'if-match': '*' } })).json(),
          {
            code: 'not-found'
          }
        )
      t.equal(await count(), 0)
    })

    await t.test('who may what', async (t) => {
      const saved = await save()
      const url = pathOf(saved)
      const headers = etag(saved)
      for (const as of [undefined, 'organiser', 'reviewer', 'second-reviewer'] as const) {
        const who = as ? { as } : {}
        const expected = as ? { status: 403, code: 'forbidden' } : { status: 401, code: 'unauthenticated' }
        t.equal((await send('GET', url, who)).body, saved.body, `${as ?? 'a reader'} opens it`)
        t.match(
          (await send('PATCH', url, { ...who, body: { name: 'Mine' }, headers })).json(),
          expected,
          `${as ?? 'a reader'} does not change it`
        )
        t.match((await send('DELETE', url, { ...who, headers })).json(), expected, `${as ?? 'a reader'} does not delete it`)
        t.match((await send('DELETE', url, who)).json(), expected, 'whatever was seen of it')
      }
      for (const as of [undefined, 'organiser'] as const) {
        const expected = as ? { code: 'forbidden' } : { code: 'unauthenticated' }
        t.match((await send('POST', '/v1/contexts', { ...(as ? { as } : {}), body: SMALL })).json(), expected)
        t.match((await send('GET', '/v1/contexts', as ? { as } : {})).json(), expected)
      }
      t.equal((await send('GET', url)).body, saved.body, 'nothing happened')
      t.match((await send('GET', '/v1/contexts', { as: 'contributor' })).json(), { total: 1, next: '' })
      t.strictSame((await send('GET', '/v1/contexts', { as: 'reviewer' })).json(), { items: [], total: 0, next: '' })
      const all = await send('GET', '/v1/contexts', { as: 'admin' })
      t.strictSame(all.json().items, [saved.json()])
      t.notMatch(`${saved.body}${all.body}`, /the contributor|owner/i, 'nobody is told whose it is')
      const renamed = await send('PATCH', url, { as: 'admin', body: { name: 'Renamed' }, headers })
      t.match(renamed.json(), { name: 'Renamed' })
      const own = await send('PATCH', url, { as: 'contributor', body: { name: 'Again' }, headers: etag(renamed) })
      t.equal(own.statusCode, 200, 'it still belongs to who saved it')
      t.equal((await send('DELETE', url, { as: 'admin', headers: { 'if-match': '*' } })).statusCode, 204)
      t.equal(await count(), 0)
    })

    await t.test('what does not fit is refused with its place', (t) => refusals(t, registry))

    await t.test('identifiers that cannot be', async (t) => {
      for (const id of [
        '0123456789abcde',
        '0123456789abcdefg',
        '0123456789ABCDEF',
        '0123456789abcdei',
        '0000000000000000',
        "x'%20or%201=1--",
        '%00',
        '..%2fkeys'
      ])
        t.equal((await send('GET', `/v1/contexts/${id}`)).statusCode, 404, id)
      t.equal((await send('GET', `/v1/contexts/${'0'.repeat(201)}`)).statusCode, 414)
    })

    await t.test('a request that is sent again saves once', async (t) => {
      const headers = { 'idempotency-key': 'once' }
      const answers = await Promise.all(Array.from({ length: 4 }, () => save(SMALL, { headers })))
      t.equal(new Set(answers.map(({ body }) => body)).size, 1)
      t.equal(new Set(answers.map((answer) => answer.headers.location)).size, 1)
      t.equal(answers.filter((answer) => answer.headers['idempotency-replayed'] === 'true').length, 3)
      t.equal(await count(), 1)
      t.match((await save({ ...SMALL, name: 'Other' }, { headers })).json(), { code: 'idempotency-key-reused' })
      t.equal((await save(SMALL, { as: 'reviewer', headers })).statusCode, 201, 'the key of somebody else is another')
      t.equal(await count(), 2)
    })

    await t.test('of those who saw the same one changes it', async (t) => {
      const saved = await save()
      const url = pathOf(saved)
      const change = (data: string) => send('PATCH', url, { as: 'contributor', body: { context: { data: [data] } }, headers: etag(saved) })
      const answers = await Promise.all(['claims', 'survey', 'ehr', 'linked'].map(change))
      t.same(answers.map(({ statusCode }) => statusCode).sort(), [200, 412, 412, 412])
      t.equal((await send('GET', url)).body, answers.find(({ statusCode }) => statusCode === 200)?.body)
      const [deleted, late] = await Promise.all([
        send('DELETE', url, { as: 'contributor', headers: { 'if-match': '*' } }),
        send('DELETE', url, { as: 'admin', headers: { 'if-match': '*' } })
      ])
      t.same([deleted.statusCode, late.statusCode].sort(), [204, 404])
    })

    await t.test('pages hold each context once, whatever happens meanwhile', (t) => pages(t, registry))
    await t.test('a key keeps so many', (t) => limit(t, registry))
  })
}

/** A context, or a whole body, that does not fit; the code, and the place that is named. */
type Row = readonly [what: string, wrong: unknown, code: string, pointer: string, nearest?: string]

const inContext: Row[] = [
  ['nothing in it', {}, 'invalid-body', '/context'],
  ['a list', [], 'invalid-body', '/context'],
  ['null', null, 'invalid-body', '/context'],
  ['a text', 'NL', 'invalid-body', '/context'],
  ['an unknown member', { jurisdictions: ['NL'] }, 'unknown-property', '/context/jurisdictions', 'jurisdiction'],
  ['a text for a list', { setting: 'home' }, 'invalid-body', '/context/setting'],
  ['a number in a list', { dataElement: [1] }, 'invalid-body', '/context/dataElement/0'],
  ['the same twice', { data: ['ehr', 'ehr'] }, 'invalid-body', '/context/data'],
  ['too many', { dataElement: Array.from({ length: 51 }, (_, i) => `e${i}`) }, 'invalid-body', '/context/dataElement'],
  ['a text that is too long', { dataElement: ['x'.repeat(501)] }, 'invalid-body', '/context/dataElement/0'],
  ['a blank text', { dataElement: [' \t'] }, 'invalid-body', '/context/dataElement/0'],
  ['no jurisdiction', { jurisdiction: ['Nederland'] }, 'invalid-body', '/context/jurisdiction/0'],
  ['an unknown jurisdiction', { jurisdiction: ['NL', 'UK'] }, 'invalid-body', '/context/jurisdiction/1', 'GB'],
  ['an unknown part of a country', { jurisdiction: ['BE-XXX'] }, 'invalid-body', '/context/jurisdiction/0'],
  ['an unknown code', { setting: ['home', 'primry-care'] }, 'invalid-body', '/context/setting/1', 'primary-care'],
  ['an unknown purpose', { purpose: 'improvment' }, 'invalid-body', '/context/purpose', 'improvement'],
  ['an unknown language', { language: ['pt_BR'] }, 'invalid-body', '/context/language/0'],
  ['a language in another form', { language: ['pt-br'] }, 'invalid-body', '/context/language/0', 'pt-BR'],
  ['a budget that is a number', { budget: 100 }, 'invalid-body', '/context/budget'],
  ['a budget without currency', { budget: { amount: 1 } }, 'invalid-body', '/context/budget/currency'],
  ['a budget without amount', { budget: { currency: 'EUR' } }, 'invalid-body', '/context/budget/amount'],
  ['a negative budget', { budget: { amount: -1, currency: 'EUR' } }, 'invalid-body', '/context/budget/amount'],
  ['an amount as text', { budget: { amount: '1', currency: 'EUR' } }, 'invalid-body', '/context/budget/amount'],
  ['a currency in small letters', { budget: { amount: 1, currency: 'eur' } }, 'invalid-body', '/context/budget/currency'],
  ['no currency', { budget: { amount: 1, currency: 'XYZ' } }, 'invalid-body', '/context/budget/currency'],
  ['more in the budget', { budget: { amount: 1, currency: 'EUR', per: 'year' } }, 'unknown-property', '/context/budget/per'],
  ['nobody', { populationSize: 0 }, 'invalid-body', '/context/populationSize'],
  ['less than nobody', { populationSize: -5 }, 'invalid-body', '/context/populationSize'],
  ['half a person', { populationSize: 1.5 }, 'invalid-body', '/context/populationSize'],
  ['more than there are', { populationSize: 1e11 }, 'invalid-body', '/context/populationSize'],
  ['no time', { minutes: 0 }, 'invalid-body', '/context/minutes'],
  ['time as text', { minutes: '5' }, 'invalid-body', '/context/minutes'],
  ['a horizon in the past', { horizonDays: -1 }, 'invalid-body', '/context/horizonDays'],
  ['a horizon too far', { horizonDays: 3_651 }, 'invalid-body', '/context/horizonDays'],
  ['no day', { asOf: '2026-02-30' }, 'invalid-body', '/context/asOf'],
  ['a day with a time', { asOf: '2026-11-24T10:00:00Z' }, 'invalid-body', '/context/asOf'],
  ['NUL', { dataElement: ['a\u0000'] }, 'invalid-body', '/context/dataElement/0'],
  ['half a character', { dataElement: ['\ud800'] }, 'invalid-body', '/context/dataElement/0']
]
const whole: Row[] = [
  ['no name', { context: SMALL.context }, 'invalid-body', '/name'],
  ['an empty name', { ...SMALL, name: '' }, 'invalid-body', '/name'],
  ['a blank name', { ...SMALL, name: ' \n' }, 'invalid-body', '/name'],
  ['a name that is too long', { ...SMALL, name: 'x'.repeat(201) }, 'invalid-body', '/name'],
  ['a number for a name', { ...SMALL, name: 7 }, 'invalid-body', '/name'],
  ['NUL in the name', { ...SMALL, name: 'a\u0000b' }, 'invalid-body', '/name'],
  ['no context', { name: 'Flanders' }, 'invalid-body', '/context'],
  ['an identifier of their own', { ...SMALL, id: '0123456789abcdef' }, 'unknown-property', '/id'],
  ['an owner', { ...SMALL, ownerId: 'x' }, 'unknown-property', '/ownerId']
]

function isRefused(t: Test, answer: Response, what: string, code: string, pointer: string, nearest?: string): void {
  const { errors, ...problem } = answer.json()
  t.strictSame([answer.statusCode, problem.code, errors?.[0].pointer], [422, code, pointer], what)
  if (nearest) t.equal(errors[0].nearest, nearest, `${what}: the nearest`)
}

async function refusals(t: Test, { send, store }: Registry): Promise<void> {
  const made = await send('POST', '/v1/contexts', { as: 'contributor', body: SMALL })
  const url = pathOf(made)
  const before = await store.read((db) => db.select().from(db.t.contexts))
  const rows = [...whole, ...inContext.map(([what, context, ...rest]): Row => [what, { ...SMALL, context }, ...rest])]
  for (const [what, body, code, pointer, nearest] of rows) {
    const headers = { 'idempotency-key': what.replaceAll(' ', '-') }
    const answer = await send('POST', '/v1/contexts', { as: 'contributor', body, headers })
    isRefused(t, answer, what, code, pointer, nearest)
  }
  const patches: Row[] = [
    ['a patch without name', { name: null }, 'invalid-body', '/name'],
    ['a patch without context', { context: null }, 'invalid-body', '/context'],
    ['a patch that leaves nothing', { context: { jurisdiction: null } }, 'invalid-body', '/context'],
    ['a patch with half a budget', { context: { budget: { amount: 5 } } }, 'invalid-body', '/context/budget/currency'],
    ['a patch with an unknown code', { context: { setting: ['hme'] } }, 'invalid-body', '/context/setting/0', 'home'],
    ['a patch of what cannot be changed', { id: 'x' }, 'unknown-property', '/id'],
    ['a patch with a text for an object', { context: 'NL' }, 'invalid-body', '/context'],
    ['a patch with NUL', { name: '\u0000' }, 'invalid-body', '/name'],
    ['a patch that is a list', [], 'invalid-body', '']
  ]
  for (const [what, body, code, pointer, nearest] of patches) {
    const answer = await send('PATCH', url, { as: 'contributor', body, headers: etag(made) })
    isRefused(t, answer, what, code, pointer, nearest)
  }
  const sent = (body: string | Buffer, type = 'application/json') =>
    send('POST', '/v1/contexts', { as: 'contributor', body, headers: { 'content-type': type } })
  t.match((await sent('{"name":')).json(), { status: 400, code: 'malformed-json' })
  t.match((await sent(Buffer.from('{"name":"\xe9","context":{"minutes":1}}', 'latin1'))).json(), { status: 400, code: 'malformed-json' })
  t.match((await sent('{"name":"a","context":{"__proto__":{"minutes":1}}}')).json(), { status: 400, code: 'malformed-json' })
  t.equal((await sent('{"name":"a","context":{"constructor":{"prototype":1}}}')).statusCode, 400)
  t.equal((await sent(`${'{"context":'.repeat(5_000)}1${'}'.repeat(5_000)}`)).statusCode, 422)
  t.match((await sent(JSON.stringify({ ...SMALL, name: 'x'.repeat(2 ** 20) }))).json(), { status: 413 })
  t.match((await sent('name=a', 'application/x-www-form-urlencoded')).json(), { status: 415 })
  const missing = await send('PATCH', url, { as: 'contributor', body: { name: 'b' } })
  t.match(missing.json(), { status: 428, errors: [{ header: 'if-match' }] })
  for (const stale of ['"x"', '', 'W/"x"', '"x", "y"'])
    t.match(
      (await send('PATCH', url, { as: 'contributor', body: { name: 'b' }, headers: { 'if-match': stale } })).json(),
      { status: 412 },
      stale
    )
  t.strictSame(await store.read((db) => db.select().from(db.t.contexts)), before, 'nothing was half-done')
  t.equal(await store.read((db) => db.$count(db.t.replies)), 0, 'and no refusal was kept')
  t.equal((await send('DELETE', url, { as: 'contributor', headers: etag(made) })).statusCode, 204)
}

async function pages(t: Test, { send, store, context: { clock } }: Registry): Promise<void> {
  await store.write([], (tx) => tx.delete(tx.t.contexts))
  const save = async (as: 'contributor' | 'reviewer', name: string) =>
    (await send('POST', '/v1/contexts', { as, body: { ...SMALL, name } })).json().id as string
  for (const name of ['1', '2', '3', '4', '5', '6']) await save(name === '3' ? 'reviewer' : 'contributor', name)
  const page = async (as: 'contributor' | 'admin', query: string) => (await send('GET', `/v1/contexts?${query}`, { as })).json()
  const names = ({ items }: { items: { name: string }[] }) => items.map(({ name }) => name)

  const first = await page('contributor', 'limit=2')
  t.strictSame([names(first), first.total], [['6', '5'], 5], 'own ones, the newest first')
  await save('contributor', '7')
  t.equal((await send('DELETE', `/v1/contexts/${first.items[1].id}`, { as: 'contributor', headers: { 'if-match': '*' } })).statusCode, 204)
  const second = await page('contributor', `limit=2&cursor=${first.next}`)
  t.strictSame(names(second), ['4', '2'])
  const third = await page('contributor', `limit=1000&cursor=${second.next}`)
  t.strictSame([names(third), third.next], [['1'], ''])
  t.strictSame(names(await page('contributor', 'cursor=')), ['7', '6', '4', '2', '1'])
  t.strictSame(names(await page('admin', 'limit=6')), ['7', '6', '4', '3', '2', '1'], 'an administrator sees all')
  t.match(await page('admin', `cursor=${first.next}`), { code: 'cursor-of-another-query' })

  // Those that were saved in the same moment have an order too.
  const now = clock.now().toISOString()
  const twins = ['b', 'a', 'c'].map((letter) => ({
    id: letter.repeat(16),
    name: letter,
    context: { minutes: 1 },
    createdAt: now,
    updatedAt: now
  }))
  for (const twin of twins) await store.write([], (tx) => insertContext(tx, { ...twin, ownerId: 'x', owner: 'x' }))
  const one = await page('admin', 'limit=1')
  const two = await page('admin', `limit=1&cursor=${one.next}`)
  const three = await page('admin', `limit=1&cursor=${two.next}`)
  t.strictSame([one, two, three].flatMap(names), ['c', 'b', 'a'])

  const question = questionOf({ list: 'contexts' }, [])
  for (const key of ['', 'x', `${now} `, `${now} \u0000`, `${now} aaaaaaaaaaaaaaa'`, '\ud800'])
    t.match(await page('admin', `cursor=${writeCursor(question, { key, no: 0 })}`), { status: 400, code: 'invalid-cursor' })
  for (const [query, code] of [
    ['limit=0', 'invalid-parameter'],
    ['limit=1001', 'invalid-parameter'],
    ['limit=many', 'invalid-parameter'],
    ['cursor=%00', 'invalid-cursor'],
    [`cursor=${'x'.repeat(501)}`, 'invalid-parameter'],
    ['owner=me', 'unknown-parameter']
  ] as const)
    t.match(await page('admin', query), { status: 400, code }, query)
}

async function limit(t: Test, { send, store, context: { clock } }: Registry): Promise<void> {
  const saved = await send('POST', '/v1/contexts', { as: 'second-reviewer', body: SMALL })
  const { ownerId } = (await store.read((db) => findContext(db, saved.json().id)))!
  const now = clock.now().toISOString()
  await store.write([], async (tx) => {
    for (let i = 2; i < MAX_CONTEXTS; i++)
      await insertContext(tx, { ...SMALL, id: `${i}`.padStart(16, '0'), createdAt: now, updatedAt: now, ownerId, owner: 'x' })
  })
  const more = () => send('POST', '/v1/contexts', { as: 'second-reviewer', body: SMALL })
  const answers = await Promise.all([more(), more(), more()])
  t.same(answers.map(({ statusCode }) => statusCode).sort(), [201, 409, 409], 'also where several are saved at once')
  const refused = answers.find(({ statusCode }) => statusCode === 409)!
  t.match(refused.json(), { code: 'conflict', detail: 'This key has saved 500 contexts: delete one that is no longer needed first.' })
  t.equal((await send('POST', '/v1/contexts', { as: 'contributor', body: SMALL })).statusCode, 201, 'another key has its own')
  t.equal((await send('DELETE', pathOf(saved), { as: 'second-reviewer', headers: etag(saved) })).statusCode, 204)
  t.equal((await more()).statusCode, 201)
}
