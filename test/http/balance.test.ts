/** The balance of a set over HTTP: which measures it is made of, who sees what, and what is refused, on every engine. */
import t from 'tap'
import { engines } from '../engines.ts'
import { PUBLISHABLE } from '../openapi/examples.ts'
import { openRegistry, type SendOptions } from '../registry.ts'

const URL = '/v1/measures/balance'

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip }, async (t) => {
    const { send, close } = await openRegistry(engine, { catalogue: 'empty' })
    t.teardown(close)
    const draft = (id: string, content: object = {}) =>
      send('POST', '/v1/measures', { as: 'contributor', body: { ...PUBLISHABLE, title: `Measure ${id}`, ...content, id } })
    const step = (id: string, path: string, body: object) =>
      send('POST', `/v1/measures/${id}/${path}`, { as: 'reviewer', body, headers: { 'if-match': '*' } })
    const publish = async (id: string, content: object = {}) => {
      await draft(id, content)
      const answer = await step(id, 'draft/publish', { impact: 'major', changeNote: 'First version.' })
      t.equal(answer.statusCode, 200, answer.body)
    }
    const ask = (query = '', options: SendOptions = {}) => send('GET', `${URL}${query && `?${query}`}`, options)
    const countOf = async (query: string, options?: SendOptions) => {
      const answer = await ask(query, options)
      t.equal(answer.statusCode, 200, answer.body)
      return answer.json().total
    }

    await t.test('an empty registry', async (t) => {
      const answer = await ask()
      t.match(answer.json(), { total: 0, retired: 0, drafts: 0, sentences: ['The set is empty: no measure fits.'] })
      t.equal((await ask('format=text&lang=nl')).body, 'De set is leeg: geen enkele maat past.\n')
    })

    await publish('first', { levels: ['clinical'], strategies: ['1'], conditions: ['dementia'], perspectives: ['patient-family'] })
    await publish('second', {
      levels: ['clinical', 'professional'],
      stratifiers: [
        { dimension: 'age', availability: 'partial' },
        { dimension: 'language', availability: 'unavailable' }
      ]
    })
    await publish('third', { levels: ['clinical'], conditions: ['dementia'], title: 'Walking speed' })
    await publish('gone', { levels: ['organisational'] })
    t.equal((await step('gone', 'retire', { reason: 'No longer used.' })).statusCode, 200)
    await draft('unborn', { levels: ['professional'] })

    await t.test('all active measures', async (t) => {
      const answer = await ask()
      t.equal(answer.statusCode, 200, answer.body)
      t.equal(answer.headers['content-language'], 'en')
      t.match(answer.headers['content-type'], 'application/json')
      const body = answer.json()
      t.match(body, { total: 3, retired: 0, drafts: 0, none: { level: 0, strategy: 2, perspective: 2, stratifier: 2 } })
      t.same(body.counts.level, [
        { code: 'organisational', label: 'Organisational level', count: 0 },
        { code: 'professional', label: 'Professional level', count: 1 },
        { code: 'clinical', label: 'Clinical level', count: 3 }
      ])
      t.equal(body.counts.strategy.length, 7)
      t.equal(body.counts.domain.length, 24)
      t.same(
        body.counts.stratifier.filter(({ count }: { count: number }) => count > 0),
        [{ code: 'age', label: 'Age', count: 1 }],
        'in part counts, unavailable does not'
      )
      t.ok(body.sentences.includes('None looks at the organisational level.'))
      t.ok(body.sentences.includes('1 of 3 can be split by age.'))
      t.same((await ask('status=active')).json(), body)
    })

    await t.test('named measures, filters, and both', async (t) => {
      t.equal(await countOf('ids=first,second'), 2)
      t.equal(await countOf('ids=first&ids=second,first'), 2, 'each once')
      t.equal(await countOf('condition=dementia'), 2)
      t.equal(await countOf('ids=first,second&condition=dementia'), 1)
      t.equal(await countOf('q=walking'), 1)
      t.equal(await countOf('ids=first,second&q=walking'), 0)
      t.equal(await countOf('condition=dementia&level=!professional&missing=strategies'), 1)
      t.equal(await countOf('updatedSince=2999-01-01'), 0)
      t.match((await ask('ids=first,gone')).json(), { total: 2, retired: 1 }, 'retired ones that are named count')
      t.match((await ask('ids=first,gone')).body, '1 of them is retired.')
      t.equal(await countOf('ids=first,gone&status=active'), 1)
      t.match((await ask('status=retired')).json(), { total: 1, retired: 1 })
    })

    await t.test('drafts are for contributors, and a measure counts once', async (t) => {
      t.equal((await ask('status=draft')).statusCode, 401)
      t.equal((await ask('status=draft', { as: 'organiser' })).statusCode, 403)
      t.equal(await countOf('status=!retired'), 3, 'nobody else even counts them')
      t.match((await ask('status=draft,active', { as: 'contributor' })).json(), { total: 4, drafts: 1 })
      const patch = { body: { levels: ['organisational'] }, headers: { 'if-match': '*' } }
      t.equal((await send('PATCH', '/v1/measures/first/draft', { as: 'contributor', ...patch })).statusCode, 200)
      const both = await ask('status=draft,active', { as: 'contributor' })
      t.match(both.json(), { total: 4, drafts: 1, none: { level: 0 } }, 'as published')
      t.equal(both.json().counts.level[0].count, 0)
      t.match((await ask('status=draft', { as: 'contributor' })).json(), { total: 2, drafts: 2 })
      for (const as of [undefined, 'contributor'] as const) {
        const answer = await ask('ids=unborn', as && { as })
        t.match(answer.json(), { status: 404, code: 'not-found' }, 'a draft is no published measure')
        t.notMatch(answer.body, 'nearest')
      }
      t.notMatch((await ask('ids=unbor')).body, 'nearest', 'its name is not given away')
      t.match((await ask('ids=unborn,third&status=draft,active', { as: 'contributor' })).json(), { total: 2, drafts: 1 })
    })

    await t.test('languages, forms, and conditional requests', async (t) => {
      for (const [lang, words] of [
        ['nl', 'De set telt 2 maten.'],
        ['fr', 'L’ensemble compte 2 mesures.'],
        ['de', 'Die Auswahl umfasst 2 Maße.'],
        ['es', 'El conjunto tiene 2 medidas.'],
        ['pt', 'The set has 2 measures.']
      ] as const) {
        const answer = await ask(`ids=first,second&lang=${lang}`)
        t.equal(answer.json().sentences[0], words)
        t.equal(answer.headers['content-language'], lang === 'pt' ? 'en' : lang)
        t.same((await ask('ids=first,second', { headers: { 'accept-language': lang } })).json(), answer.json())
        const told = await ask(`ids=first,second&lang=${lang}&format=text`)
        t.match(told.headers['content-type'], 'text/plain; charset=utf-8')
        t.equal(told.body, `${answer.json().sentences.join('\n')}\n`)
      }
      t.equal((await ask('lang=nl')).json().counts.level[2].label, 'Klinisch niveau')
      t.match((await ask('', { headers: { accept: 'text/plain' } })).body, /^The set has 3 measures\.\n/)
      t.match((await ask('', { headers: { accept: 'text/csv' } })).json(), { status: 406, code: 'not-acceptable' })

      const seen = await ask('ids=second')
      const etag = String(seen.headers.etag)
      const known = { headers: { 'if-none-match': etag } }
      t.equal((await ask('ids=second', known)).statusCode, 304)
      t.equal((await send('HEAD', `${URL}?ids=second`)).headers.etag, etag)
      for (const other of ['ids=third', 'ids=second&lang=de', 'ids=second&format=text', 'ids=second&level=clinical'])
        t.equal((await ask(other, known)).statusCode, 200, other)
      await publish('fourth')
      t.equal((await ask('ids=second', known)).statusCode, 200, 'the catalogue has changed')
    })

    await t.test('what is refused', async (t) => {
      const many = Array.from({ length: 501 }, (_, i) => `m-${i}`)
      const attack = "'; drop table measures; -- <script>alert(1)</script> \u0000 😀 %"
      const rows: [query: string, status: number, code: string, errors: object[]][] = [
        ['ids=frist', 404, 'not-found', [{ parameter: 'ids', nearest: 'first' }]],
        ['ids=first,Second,nothing-like-it', 404, 'not-found', [{ nearest: 'second' }, { detail: /"nothing-like-it"/ }]],
        [`ids=${encodeURIComponent(attack)}`, 404, 'not-found', [{ parameter: 'ids', detail: /drop table/ }]],
        ['ids=__proto__,constructor', 404, 'not-found', [{ parameter: 'ids' }, { parameter: 'ids' }]],
        [`ids=${'x'.repeat(3_000)}`, 404, 'not-found', [{ parameter: 'ids' }]],
        [`ids=${many}`, 400, 'invalid-parameter', [{ parameter: 'ids', detail: /500 .* 501/ }]],
        [many.map((id) => `ids=${id}`).join('&'), 400, 'invalid-parameter', [{ parameter: 'ids' }]],
        ['ids=', 400, 'invalid-parameter', [{ parameter: 'ids' }]],
        ['ids=first,,second', 400, 'invalid-parameter', [{ parameter: 'ids' }]],
        ['level=clinicl', 400, 'unknown-code', [{ parameter: 'level', nearest: 'clinical' }]],
        ['ids=first&strategy=8', 400, 'unknown-code', [{ parameter: 'strategy' }]],
        ['status=retird', 400, 'unknown-code', [{ parameter: 'status', nearest: 'retired' }]],
        ['id=first', 400, 'unknown-parameter', [{ parameter: 'id', nearest: 'ids' }]],
        ['ids=first&limit=1', 400, 'unknown-parameter', [{ parameter: 'limit' }]],
        ['q=', 400, 'invalid-parameter', [{ parameter: 'q' }]],
        ['format=csv', 400, 'invalid-parameter', [{ parameter: 'format' }]]
      ]
      for (const [query, status, code, errors] of rows) {
        const answer = await ask(query)
        t.match(answer.json(), { status, code, errors }, query.slice(0, 80))
        t.match(answer.headers['content-type'], 'application/problem+json')
      }
      const unknown = await ask(`ids=${many.slice(1)}`)
      t.equal(unknown.json().errors.length, 500, 'each is named')
      t.match((await ask(`q=${encodeURIComponent(attack)}`)).json(), { total: 0 })
    })

    await t.test('no measure is called balance', async (t) => {
      t.match((await draft('balance')).json(), { status: 409, code: 'id-taken', errors: [{ pointer: '/id', nearest: 'balance-2' }] })
      const made = await send('POST', '/v1/measures', { as: 'contributor', body: { title: 'Balance' } })
      t.match(made.json(), { id: 'balance-2' })
      t.equal((await send('GET', '/v1/measures/balance-2/draft', { as: 'contributor' })).statusCode, 200)
      t.equal((await send('GET', '/v1/measures/balance/draft', { as: 'contributor' })).statusCode, 404)
      t.equal((await send('GET', '/v1/measures/balance/versions')).statusCode, 404)
      t.equal((await send('GET', '/v1/measures/first')).json().id, 'first')
    })
  })
}
