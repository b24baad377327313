/** Codes and ballots of voting exercises: one voice for each code, nothing that says whose, and what stays sealed. On every engine. */
import t from 'tap'
import { engines } from '../engines.ts'
import { openRegistry, type SendOptions } from '../registry.ts'
import { ENOUGH, exercisesIn, LIVED, PLAN, PROS, pointersOf, ROLES, SEALED, sha256 } from './exercises.made.ts'

const BALLOT = { scores: { i1: 9, i2: 5, i3: 2 } }
const swapped = (code: string, at: number) => `${code.slice(0, at)}${code[at + 1]}${code[at]}${code.slice(at + 2)}`

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip }, async (t) => {
    const registry = await openRegistry(engine, { catalogue: 'empty' })
    const { send, app, close } = registry
    t.teardown(close)
    const exercises = exercisesIn(registry)
    const { at, step, prepare, take, invite, own, cast, again, vote, voted, see, results, resultOf, rowsIn, secretOf, changes, dump } =
      exercises
    const read = (id: string, as: SendOptions['as'] = 'organiser') => send('GET', at(id), { as })

    await t.test('codes: shown once, in four forms, and kept nowhere', async (t) => {
      const { id } = await prepare({ title: 'Invited', votingUrl: 'https://vote.example/here' })
      const ask = (body: object, query = '', headers: Record<string, string> = {}) =>
        send('POST', at(id, `/invitations${query}`), { as: 'organiser', body, headers })
      const before = (await read(id)).headers['etag']
      const json = await ask({ group: LIVED, count: 3 })
      t.match(json.json(), { exercise: id, group: LIVED })
      t.match(json.headers['cache-control'], /no-store/)
      const given: string[] = [...json.json().codes]
      t.ok(
        given.every((code) => /^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/.test(code)),
        String(given[0])
      )
      const csv = await ask({ group: LIVED, count: 2 }, '?format=csv')
      t.match(csv.headers['content-type'], /^text\/csv/)
      t.equal(csv.body.trim().split(/\r?\n/).length, 3)
      const inCsv = csv.body.match(/([0-9A-Z]{4}-){6}[0-9A-Z]{4}/g) ?? []
      const svg = await ask({ group: PROS, count: 2 }, '?format=svg&lang=nl')
      t.match([svg.headers['content-type'], svg.headers['content-language']], [/^image\/svg\+xml/, 'nl'])
      const inSvg = svg.body.match(/([0-9A-Z]{4}-){6}[0-9A-Z]{4}/g) ?? []
      t.ok(csv.body.includes('https://vote.example/here#'), 'cards lead to where one votes')
      const pdf = await ask({ group: PROS, count: 9 }, '', { accept: 'application/pdf' })
      t.match([pdf.statusCode, pdf.headers['content-type'], pdf.rawPayload.subarray(0, 5).toString()], [201, /^application\/pdf/, '%PDF-'])
      t.match(pdf.headers['content-disposition'], /attachment.*\.pdf/)
      for (const found of [inCsv, inSvg]) {
        t.equal(new Set(found).size, 2)
        given.push(...new Set(found))
      }
      t.equal(new Set(given).size, 7)
      for (const [body, pointer] of [
        [{ group: LIVED, count: 0 }, '/count'],
        [{ group: LIVED, count: 10_001 }, '/count'],
        [{ group: LIVED, count: 1.5 }, '/count'],
        [{ group: 'carers', count: 1 }, '/group'],
        [{ count: 1 }, '/group'],
        [{ group: LIVED }, '/count'],
        [{ group: LIVED, count: 1, names: ['Anna'] }, '/names']
      ] as const)
        t.match([(await ask(body)).statusCode, pointersOf(await ask(body))], [422, [pointer]], JSON.stringify(body))
      t.equal((await ask({ group: LIVED, count: 1 }, '?format=xlsx')).statusCode, 400)
      for (const format of ['svg', 'pdf']) {
        const refused = await ask({ group: LIVED, count: 10_000 }, `?format=${format}`)
        t.match([refused.statusCode, pointersOf(refused)], [422, ['/count']], 'so many cards would keep everybody else waiting')
      }
      const twice = [
        await ask({ group: PROS, count: 1 }, '', { 'idempotency-key': 'codes-1' }),
        await ask({ group: PROS, count: 1 }, '', { 'idempotency-key': 'codes-1' })
      ]
      const [first, second] = twice.map((answer) => answer.json().codes)
      t.not(String(first), String(second), 'they are not brought back')
      given.push(...first, ...(second ?? []))

      t.match((await see(id, '/turnout', 'organiser')).json().groups, [
        { group: LIVED, invited: 5 },
        { group: PROS, invited: 13 }
      ])
      t.equal((await read(id)).headers['etag'], before, 'codes are no part of the exercise')
      await take(id, 'open')
      for (const code of given)
        t.match([(await own(id, code)).statusCode, (await own(id, code)).json()], [200, { round: 1, method: 'rating-1-9' }])
      const tables = Object.entries(await dump()).map(([name, rows]) => [name, JSON.stringify(rows).toUpperCase()] as const)
      const bare = given.map((code) => code.replaceAll('-', ''))
      t.ok(tables.some(([name, text]) => name === 'electorate' && text.includes(sha256(bare[0]!).toUpperCase())))
      for (const [name, text] of tables)
        t.notOk(
          [...given, ...bare].some((code) => text.includes(code)),
          `no code in ${name}`
        )
    })

    await t.test('a ballot can be changed until the close, and its receipt stays', async (t) => {
      const { id } = await prepare({ title: 'Changed minds' })
      const codes = await invite(id, LIVED, 6)
      const strange = await invite((await prepare()).id, LIVED, 1)
      t.equal((await own(id, strange[0]!)).statusCode, 404, 'a draft is nobody’s business')
      t.match((await own(id, codes[0]!)).json(), { status: 409, code: 'round-not-open' })
      t.match((await cast(id, codes[0]!, BALLOT)).json(), { status: 409, code: 'round-not-open' })
      await take(id, 'open')
      const head = (await changes()).at(-1)!.cursor
      const receipts = []
      for (const code of codes) {
        const first = await cast(id, code, { scores: { i1: 1 } })
        t.match(first.json(), { receipt: /^[0-9a-f]{6}(-[0-9a-f]{6}){3}$/, exercise: id, round: 1 })
        t.match(first.headers['cache-control'], /no-store/)
        t.equal((await cast(id, code.toLowerCase().replaceAll('-', ' '), { scores: { i1: 9, i2: 8, i3: 7 } })).body, first.body)
        receipts.push(first.json().receipt)
      }
      const mine = await own(id, codes[0]!)
      t.match(mine.json(), {
        exercise: id,
        question: PLAN.question,
        round: 1,
        group: LIVED,
        ballot: { scores: { i1: 9, i2: 8, i3: 7 } },
        receipt: receipts[0],
        before: []
      })
      t.same(
        mine.json().items.map(({ id }: { id: string }) => id),
        ['i1', 'i2', 'i3']
      )
      t.match(mine.headers['cache-control'], /no-store/)
      t.equal(
        (await cast(id, codes[5]!, { scores: { i1: 3 } }, { headers: { authorization: 'Bearer nonsense' } })).statusCode,
        200,
        'no key is looked at'
      )
      t.equal((await changes()).at(-1)!.cursor, head, 'nothing that voters do is in the log')
      t.equal((await rowsIn('ballots', id)).length, 6)
      t.notOk((await send('GET', '/metrics')).body.includes('/ballot'), 'nor in the metrics')

      const code = codes[1]!
      const at_ = [...code].findIndex((letter, i) => letter !== '-' && code[i + 1] !== '-' && letter !== code[i + 1])
      for (const [wrong, detail] of [
        [strange[0]!, /does not belong/],
        ['', /X-Ballot-Code/],
        [swapped(code, at_), /changed places/],
        [code.slice(0, -1), /long/],
        [`${code.slice(0, -1)}U`, /character that codes do not have/]
      ] as const)
        for (const answer of [await own(id, wrong), await cast(id, wrong, BALLOT)])
          t.match(answer.json(), { status: 403, code: 'ballot-code', detail, errors: [{ header: 'x-ballot-code' }] }, wrong)
      t.match((await send('PUT', at(id, '/ballot'), { body: BALLOT })).json(), { code: 'ballot-code' })
      t.equal((await cast('not-there', code, BALLOT)).statusCode, 404)
      for (const [wrong, pointer] of [
        [{ scores: { i1: 10 } }, '/scores/i1'],
        [{ scores: { i1: 'dunno' } }, '/scores/i1'],
        [{ scores: { i9: 1 } }, '/scores/i9'],
        [{ scores: {} }, '/scores'],
        [{ approved: ['i1'] }, '/approved'],
        [{ scores: { i1: 1 }, name: 'Anna' }, '']
      ] as const)
        t.match(
          [(await cast(id, code, wrong)).statusCode, pointersOf(await cast(id, code, wrong))],
          [422, [pointer]],
          JSON.stringify(wrong)
        )

      await take(id, 'close')
      for (const answer of [await own(id, code), await cast(id, code, BALLOT)])
        t.match(answer.json(), { status: 409, code: 'round-not-open' })
      const listed = (await see(id, '/receipts', 'organiser')).json()
      t.same(listed, { exercise: id, round: 1, items: receipts.toSorted(), total: 6, next: '' })
      const { n, groups, pooled } = resultOf(await results(id), 'i1')
      t.match([n, groups[0], pooled.share79], [6, { group: LIVED, n: 6, median: 9 }, 5 / 6], 'the last one counts')
      await take(id, 'publish')
      for (const answer of [await own(id, code), await cast(id, code, BALLOT)])
        t.match(answer.json(), { status: 409, code: 'round-not-open' })
      t.same((await see(id, '/receipts')).json(), listed)
      t.equal(await secretOf(id), null)
    })

    await t.test('the form: once for each code, and counted question by question', async (t) => {
      const { id } = await prepare({ title: 'A form' })
      const codes = await invite(id, LIVED, 12)
      const fill = (code: string, body: object) => send('POST', at(id, '/form'), { headers: { 'x-ballot-code': code }, body })
      t.equal((await fill(codes[0]!, { level: 'clinical' })).statusCode, 409, 'not before the round')
      await take(id, 'open')
      for (const code of codes) await cast(id, code, BALLOT)
      for (const [body, pointer] of [
        [{ country: 'XX' }, '/country'],
        [{ level: 'clinicl' }, '/level'],
        [{ name: 'Anna' }, '/name']
      ] as const)
        t.match([(await fill(codes[0]!, body)).statusCode, pointersOf(await fill(codes[0]!, body))], [422, [pointer]])
      t.equal((await fill(codes[0]!, {})).statusCode, 422)
      for (const [i, code] of codes.entries()) {
        const answer = await fill(
          code,
          i === 0 ? { country: 'BE-VLG' } : i < 7 ? { level: 'clinical', country: 'BE' } : { level: 'professional' }
        )
        t.same([answer.statusCode, answer.body], [204, ''])
        t.match((await fill(code, { level: 'organisational' })).json(), { status: 409, code: 'conflict' })
      }
      t.match((await fill('nonsense', { level: 'clinical' })).json(), { code: 'ballot-code' })
      t.same((await rowsIn('formCounts', id)).map(({ question, code, count }) => [question, code, count]).sort(), [
        ['country', 'BE', 7],
        ['level', 'clinical', 6],
        ['level', 'professional', 5]
      ])
      t.equal((await rowsIn('formMarks', id)).length, 12)
      await take(id, 'close')
      const { findings } = (await see(id, '/missing-voices', 'organiser')).json()
      t.match(
        findings.filter(({ level }: { level: string }) => level === 'care-level'),
        [{ who: 'organisational', status: 'absent', n: 0 }]
      )
      await take(id, 'publish')
      t.same([await rowsIn('formCounts', id), await rowsIn('formMarks', id)], [[], []], 'what was said is deleted, that it was too')
      t.same((await see(id, '/missing-voices')).json().findings, findings)
    })

    await t.test('sealed: nobody sees what was voted in a round that is open, in any role and through any format', async (t) => {
      const rounds = [{ method: 'rating-1-9' }, { method: 'rating-1-9' }, { method: 'rating-1-9' }]
      const { id } = await prepare({ title: 'Sealed', rounds })
      const states = async (expected: Partial<Record<string, number>>, query: string, when: string) => {
        for (const as of ROLES)
          for (const path of SEALED) {
            if (path === 'missing-voices' && query !== '') continue
            const url = at(id, `/${path}${query === '' ? '' : `${path.includes('?') ? '&' : '?'}${query}`}`)
            const answer = await send('GET', url, as ? { as } : {})
            const status = expected[as ?? 'reader'] ?? expected['others']!
            t.equal(answer.statusCode, status, `${when}: ${url} as ${as}`)
            if (status === 403) t.equal(answer.json().code, 'sealed')
          }
        const inCsv = await send('GET', at(id, '/results'), { headers: { accept: 'text/csv' } })
        t.equal(inCsv.statusCode, expected['reader'] ?? expected['others'], `${when}: as CSV by Accept`)
        for (const part of ['/outcome', '/summary', '/method-report'])
          for (const as of ROLES)
            t.equal((await see(id, part, as)).statusCode, when === 'published' ? 200 : 403, `${when}: ${part} as ${as}`)
      }
      const nobody = { others: 403 }
      const organisers = { others: 403, organiser: 200, admin: 200 }
      await take(id, 'open')
      const voters = await vote(id, ENOUGH)
      await states(nobody, '', 'first round open')
      await states(nobody, 'round=1', 'first round open')
      await take(id, 'close')
      await states(organisers, '', 'between rounds')
      await states(organisers, 'round=1', 'between rounds')
      t.equal((await see(id, '/results?round=2', 'organiser')).statusCode, 404, 'a round that was not yet')
      t.equal((await see(id, '/results?round=2')).statusCode, 403, 'readers are not even told that')
      await take(id, 'open')
      await vote(id, ENOUGH)
      await states(nobody, '', 'second round open')
      await states(nobody, 'round=1', 'second round open')
      await take(id, 'close')
      await take(id, 'close', { reason: 'Two are enough.' })
      await states(organisers, '', 'closed')
      await states(organisers, 'round=1', 'closed')
      t.equal((await results(id)).round, 2)
      t.same((await results(id, '?round=1')).rounds, [1, 2])
      for (const [query, status] of [
        ['round=3', 404],
        ['round=6', 404],
        ['round=7', 400],
        ['round=0', 400],
        ['round=x', 400],
        ['rond=1', 400]
      ] as const)
        t.equal((await see(id, `/results?${query}`, 'organiser')).statusCode, status, query)
      await take(id, 'publish')
      await states({ others: 200 }, '', 'published')
      await states({ others: 200 }, 'round=1', 'published')
      t.equal((await see(id, '/results?round=3')).statusCode, 404)
      t.equal((await see(id, '/receipts?round=1')).json().total, 12)
      t.equal((await own(id, voters[0]!.code)).statusCode, 409)
    })

    await t.test('void: what was voted is deleted, and sealed for good', async (t) => {
      const { id, voters } = await voted({ title: 'Void', rounds: [{ method: 'rating-1-9' }, { method: 'rating-1-9' }] }, ENOUGH)
      await take(id, 'open')
      await again(
        id,
        voters.slice(0, 6).map(({ code }) => code),
        ENOUGH[LIVED]!
      )
      await send('POST', at(id, '/form'), { headers: { 'x-ballot-code': voters[0]!.code }, body: { level: 'clinical' } })
      const batch = await send('POST', at(id, '/paper-batches'), { as: 'organiser', body: { group: PROS, ballots: [{ ballot: BALLOT }] } })
      t.equal(batch.statusCode, 201, batch.body)
      const tables = ['ballots', 'receipts', 'electorate', 'formMarks', 'formCounts'] as const
      for (const name of tables) t.ok((await rowsIn(name, id)).length > 0, name)
      t.match(await secretOf(id), /^[0-9a-f]{64}$/)
      t.same(pointersOf(await step(id, 'void', {})), ['/reason'])
      t.ok(pointersOf(await step(id, 'void', { reason: '' })).includes('/reason'))
      const ended = await take(id, 'void', { reason: 'The cards went to the wrong people.' })
      t.match(ended, { state: 'void', voidReason: 'The cards went to the wrong people.' })
      t.notOk(
        ended.rounds.some(({ state }: { state: string }) => state === 'open'),
        'no round is open'
      )
      for (const name of tables) t.same(await rowsIn(name, id), [], name)
      t.match(await rowsIn('paperBatches', id), [{ state: 'discarded', ballots: null }])
      t.equal(await secretOf(id), null)
      for (const as of ROLES)
        for (const path of [...SEALED, 'results?round=1', 'outcome', 'summary', 'method-report'])
          t.match((await see(id, `/${path}`, as)).json(), { status: 403, code: 'sealed' }, `${path} as ${as}`)
      for (const answer of [await own(id, voters[0]!.code), await cast(id, voters[0]!.code, BALLOT)])
        t.match(answer.json(), { status: 409, code: 'round-not-open', detail: /void/ })
      t.match((await see(id, '')).json(), { state: 'void' })
      t.match((await see(id, '/turnout')).json().groups, [
        { invited: 0, voted: 0 },
        { invited: 0, voted: 0 }
      ])
      t.match((await changes()).filter((change) => change.id === id).at(-1), { kind: 'exercise', action: 'void' })
    })

    await t.test('a round is closed when somebody has voted, and alone', async (t) => {
      const { id } = await prepare({ title: 'Nobody came' })
      const [code] = await invite(id, LIVED, 1)
      await take(id, 'open')
      const before = (await read(id)).headers['etag']
      t.match((await step(id, 'close')).json(), { status: 409, code: 'transition-not-allowed', detail: /Nobody has voted/ })
      t.equal((await read(id)).headers['etag'], before)
      await cast(id, code!, BALLOT)
      const closes = await Promise.all([step(id, 'close'), step(id, 'close'), cast(id, code!, { scores: { i1: 4 } })])
      t.same(
        closes
          .slice(0, 2)
          .map(({ statusCode }) => statusCode)
          .sort(),
        [200, 409]
      )
      t.ok([200, 409].includes(closes[2]!.statusCode))
      t.match(
        await results(id),
        { items: [{ n: null, verdict: 'incomplete' }, {}, {}], representation: { total: null, status: 'incomplete' } },
        'of one voter nothing is told'
      )
      const publishes = await Promise.all([step(id, 'publish'), step(id, 'publish')])
      t.same(publishes.map(({ statusCode }) => statusCode).sort(), [200, 409])
      t.equal((await app.inject({ method: 'HEAD', url: at(id, '/results') })).statusCode, 200)
    })

    await t.test('of ballots that come while a round is closed, those that were taken are counted, and no other', async (t) => {
      const { id } = await prepare({ title: 'A rush' })
      const codes = await invite(id, LIVED, 24)
      await take(id, 'open')
      const early = await Promise.all(codes.slice(0, 8).map((code) => cast(id, code, BALLOT)))
      const [closed, ...late] = await Promise.all([step(id, 'close'), ...codes.slice(8).map((code) => cast(id, code, BALLOT))])
      t.equal(closed.statusCode, 200, closed.body)
      const taken = [...early, ...late].filter(({ statusCode }) => statusCode === 200)
      for (const answer of late) if (!taken.includes(answer)) t.match(answer.json(), { status: 409, code: 'round-not-open' })
      const { items } = (await see(id, '/receipts', 'organiser')).json()
      t.same(items, taken.map((answer) => answer.json().receipt).sort())
      t.equal(resultOf(await results(id), 'i1').n, taken.length)
    })

    await t.test('a page of another site may let people vote', async (t) => {
      const { id } = await prepare({ title: 'From elsewhere' })
      const [code] = await invite(id, LIVED, 1)
      await take(id, 'open')
      const origin = 'https://vote.example'
      const mayI = (method: string, part: string) =>
        app.inject({
          method: 'OPTIONS',
          url: at(id, part),
          headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': 'content-type,x-ballot-code' }
        })
      for (const [method, part] of [
        ['PUT', '/ballot'],
        ['POST', '/form']
      ] as const) {
        const { statusCode, headers } = await mayI(method, part)
        t.equal(statusCode, 204)
        t.match(headers['access-control-allow-methods'], method)
        t.match(headers['access-control-allow-headers'], 'x-ballot-code')
      }
      t.notMatch((await mayI('PATCH', '')).headers['access-control-allow-methods'], 'PATCH', 'and organise nothing')
      const voted = await cast(id, code!, BALLOT, { headers: { origin } })
      t.match({ status: voted.statusCode, origin: voted.headers['access-control-allow-origin'] }, { status: 200, origin: '*' })
    })

    await t.test('everybody sees what organisers did, and nobody what voters did', async (t) => {
      const { id } = await prepare({ title: 'A history' })
      const [code] = await invite(id, LIVED, 3)
      await take(id, 'open', { reason: 'The cards are out.' })
      await cast(id, code!, BALLOT)
      await send('POST', at(id, '/paper-batches'), { as: 'organiser', body: { group: PROS, ballots: [{ ballot: BALLOT }] } })
      const seen = async (as?: 'organiser') => (await see(id, '/history', as)).json().items
      t.match(await seen('organiser'), [
        { who: 'the organiser', action: 'created' },
        { action: 'invited', why: `3 codes for ${LIVED}` },
        { action: 'opened', round: 1, why: 'The cards are out.' },
        { action: 'paper-entered', round: 1, why: `1 for ${PROS}` }
      ])
      const open = await seen()
      t.same(
        open.map(({ who, action, why }: { who: string; action: string; why?: string }) => [who, action, why ?? null]),
        [
          ['an organiser', 'invited', `3 codes for ${LIVED}`],
          ['an organiser', 'opened', 'The cards are out.'],
          ['an organiser', 'paper-entered', null]
        ]
      )
    })
  })
}
