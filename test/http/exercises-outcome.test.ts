/** What is published of voting exercises: the outcome, priorities, what lists and gaps make of them, reports in five languages. On every engine. */
import t from 'tap'
import { rebuildGaps, refreshGaps } from '../../src/gaps/rebuilding.ts'
import { engines } from '../engines.ts'
import { openRegistry, PUBLIC_URL, type Response } from '../registry.ts'
import { ANY, canonical, exercisesIn, LANGUAGES, LIVED, PROS, ratings, sha256, statements, times } from './exercises.made.ts'
import { putMeasures, ready, retire, SENTENCE } from './made.ts'

/** Scores of so many voters, of whom some say that it is critical. */
const critical = (some: number, of: number) => [...times(some, 9), ...times(of - some, 5)]
/** What six people with lived experience and eight professionals say: how many of each find an item critical. */
const say = (byItem: Record<string, readonly [lived: number, professionals: number]>) => ({
  [LIVED]: ratings(Object.fromEntries(Object.entries(byItem).map(([item, [lived]]) => [item, critical(lived, 6)]))),
  [PROS]: ratings(Object.fromEntries(Object.entries(byItem).map(([item, [, professionals]]) => [item, critical(professionals, 8)])))
})
const FIRST = { 'm-third': [6, 8], 'g-two': [6, 7], 'm-first': [3, 4], 'g-one': [2, 2], 'm-second': [1, 1], s1: [0, 0] } as const
/** What does not belong in any text for people. */
const UNFILLED = /undefined|\bnull\b|\bNaN\b|\[object|\{\w+\}/
const idsOf = (answer: Response): string[] => answer.json().items.map(({ id }: { id: string }) => id)

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip }, async (t) => {
    const registry = await openRegistry(engine, { catalogue: 'empty' })
    const { send, close } = registry
    t.teardown(close)
    const { at, step, take, voted, again, codesOf, see, results, resultOf, changes } = exercisesIn(registry)
    const measures = ['m-first', 'm-second', 'm-third', 'm-never', 'm-unasked']
    await putMeasures(registry, Object.fromEntries(measures.map((id) => [id, ready({ title: `The measure ${id}` })])))
    for (const id of ['g-one', 'g-two', 'g-unasked']) {
      const gap = {
        id,
        title: `The gap ${id}`,
        statement: 'In Dutch only.',
        kind: 'no-translation',
        populations: [{ dimension: 'language', focus: 'excluded' }]
      }
      const made = await send('POST', '/v1/gaps', { as: 'contributor', body: gap })
      if (made.statusCode !== 201) throw new Error(made.body)
    }
    const items = [
      ...['m-first', 'm-second', 'm-third'].map((id) => ({ kind: 'measure', id })),
      ...['g-one', 'g-two'].map((id) => ({ kind: 'gap', id })),
      ...statements('s1')
    ]
    const { id } = await voted({ id: 'first-vote', items, topN: 2 }, say(FIRST))
    const closed = await results(id)
    const listed = {
      measures: await send('GET', '/v1/measures?sort=-priority'),
      gaps: await send('GET', '/v1/gaps?sort=-priority&origin=recorded')
    }

    await t.test('before the publication there is nothing', async (t) => {
      t.same((await send('GET', '/v1/measures/m-third/priorities')).json(), { items: [], total: 0, next: '' })
      t.ok(new Set(idsOf(listed.measures)).size === 5 && new Set(idsOf(listed.gaps)).size === 3)
      t.equal((await send('GET', '/v1/gaps?kind=who-decides&status=any')).json().total, 0)
    })

    await t.test('published once, with the same numbers, for good', async (t) => {
      const published = await step(id, 'publish')
      t.match(published.json(), { state: 'published', publishedAt: /Z$/ })
      t.match((await step(id, 'publish')).json(), { status: 409, code: 'transition-not-allowed' })
      const seen = (await see(id, '/results')).json()
      const { publishedAt, outcomeHash, ...same } = seen
      t.same(same, closed, 'what organisers saw after the close')
      t.equal(publishedAt, published.json().publishedAt)
      t.match(outcomeHash, /^[0-9a-f]{64}$/)
      t.same(
        closed.items.map(({ item, rank, shortlisted }) => [item, rank, shortlisted]),
        Object.keys(FIRST).map((item, i) => [item, i + 1, i < 2])
      )
      const outcome = await see(id, '/outcome')
      t.equal(sha256(outcome.body), outcomeHash)
      t.equal(canonical(outcome.json()), outcome.body, 'as anybody would write it again')
      t.equal(outcome.headers['repr-digest'], `sha-256=:${Buffer.from(outcomeHash, 'hex').toString('base64')}:`)
      t.match(outcome.headers['content-type'], /^application\/json/)
      t.equal((await send('GET', at(id, '/outcome'), { headers: { 'if-none-match': String(outcome.headers['etag']) } })).statusCode, 304)
      t.equal((await send('HEAD', at(id, '/outcome'))).headers['etag'], outcome.headers['etag'])
      t.match(outcome.json(), {
        exercise: { ...published.json() },
        publishedAt,
        rounds: [{ round: 1 }],
        paper: [],
        receipts: [{ round: 1 }]
      })
      t.same(outcome.json().receipts[0].receipts, (await see(id, '/receipts')).json().items)
    })

    await t.test('a priority is a fact with its source', async (t) => {
      const { outcomeHash, publishedAt, protocolHash } = (await see(id, '/results')).json()
      const fact = (item: string, rank: number, verdict: string) => ({
        exercise: id,
        title: 'What to measure first',
        question: 'How important is it to measure this first?',
        publishedAt,
        item,
        round: 1,
        method: 'rating-1-9',
        rank,
        of: 6,
        verdict,
        shortlisted: rank < 3,
        complete: true,
        protocolHash,
        outcomeHash,
        results: `${PUBLIC_URL}/v1/exercises/${id}/results`
      })
      for (const [kind, item, rank, verdict] of [
        ['measures', 'm-third', 1, 'in'],
        ['gaps', 'g-two', 2, 'in'],
        ['measures', 'm-first', 3, 'no-consensus'],
        ['gaps', 'g-one', 4, 'no-consensus']
      ] as const) {
        const { items, total, next } = (await send('GET', `/v1/${kind}/${item}/priorities`)).json()
        const { version, ...rest } = items[0]
        t.same([rest, total, next], [fact(item, rank, verdict), 1, ''], item)
        t.equal(version, (await see(id, '')).json().items.find((each: { id: string }) => each.id === item).version)
      }
      for (const unasked of ['/v1/measures/m-unasked', '/v1/gaps/g-unasked'])
        t.equal((await send('GET', `${unasked}/priorities`)).json().total, 0)
      for (const nowhere of ['/v1/measures/not-there', '/v1/gaps/not-there'])
        t.equal((await send('GET', `${nowhere}/priorities`)).statusCode, 404)
    })

    await t.test('lists by priority: what is on a short list first, page by page', async (t) => {
      const walk = async (url: string) => {
        const found = []
        for (let next = ''; ; ) {
          const page = await send('GET', `${url}&limit=1${next && `&cursor=${encodeURIComponent(next)}`}`)
          t.equal(page.statusCode, 200, page.body)
          found.push(...idsOf(page))
          next = page.json().next
          if (next === '') return found
        }
      }
      const measures = await send('GET', '/v1/measures?sort=-priority')
      t.not(measures.headers['etag'], listed.measures.headers['etag'], 'the list is another one by the publication')
      t.same(idsOf(measures).slice(0, 3), ['m-third', 'm-first', 'm-second'])
      t.same(await walk('/v1/measures?sort=-priority'), idsOf(measures))
      t.same((await walk('/v1/measures?sort=priority')).slice(-3), ['m-second', 'm-first', 'm-third'])
      const gaps = await send('GET', '/v1/gaps?sort=-priority&origin=recorded')
      t.not(gaps.headers['etag'], listed.gaps.headers['etag'])
      t.same(idsOf(gaps).slice(0, 2), ['g-two', 'g-one'])
      t.same(await walk('/v1/gaps?sort=-priority&origin=recorded'), idsOf(gaps))

      const rounds = [{ method: 'rating-1-9' }, { method: 'rating-1-9', carryOn: 'shortlisted' }]
      const later = await voted(
        { id: 'second-vote', rounds, items: ['m-third', 'm-never'].map((id) => ({ kind: 'measure', id })) },
        say({ 'm-third': [1, 1], 'm-never': [6, 8] })
      )
      await take(later.id, 'open')
      for (const [group, n] of [
        [LIVED, 6],
        [PROS, 8]
      ] as const)
        await again(later.id, codesOf(later.voters, group), times(n, { scores: { 'm-never': 9 } }))
      await take(later.id, 'close')
      t.same(
        idsOf(await send('GET', '/v1/measures?sort=-priority')).slice(0, 3),
        ['m-third', 'm-first', 'm-second'],
        'the close alone changes nothing'
      )
      await take(later.id, 'publish')
      t.same(
        idsOf(await send('GET', '/v1/measures?sort=-priority')).slice(0, 4),
        ['m-never', 'm-first', 'm-third', 'm-second'],
        'the newest vote decides'
      )
      const both = (await send('GET', '/v1/measures/m-third/priorities')).json()
      t.match(both, {
        total: 2,
        items: [{ exercise: 'second-vote', round: 1, rank: 2, of: 2, shortlisted: false }, { exercise: 'first-vote' }]
      })
      t.match((await send('GET', '/v1/measures/m-never/priorities')).json().items, [{ round: 2, rank: 1, of: 1, shortlisted: true }])
    })

    await t.test('what was published does not follow what it was about', async (t) => {
      const paths = ['/outcome', '/results', '/missing-voices', '/receipts', '', '/summary?lang=en', '/method-report?format=md']
      const before = await Promise.all(paths.map((path) => see(id, path)))
      const facts = (await send('GET', '/v1/measures/m-first/priorities')).body
      for (const title of ['Another title', 'And another']) {
        t.equal((await send('PATCH', '/v1/measures/m-first/draft', { as: 'contributor', headers: ANY, body: { title } })).statusCode, 200)
        t.equal(
          (await send('POST', '/v1/measures/m-first/draft/publish', { as: 'reviewer', headers: ANY, body: { impact: 'major' } }))
            .statusCode,
          200
        )
      }
      t.equal((await send('PATCH', '/v1/gaps/g-one', { as: 'contributor', headers: ANY, body: { title: 'Another gap' } })).statusCode, 200)
      await retire(registry, 'm-second')
      const after = await Promise.all(paths.map((path) => see(id, path)))
      for (const [i, path] of paths.entries())
        t.same([after[i]!.body, after[i]!.headers['etag']], [before[i]!.body, before[i]!.headers['etag']], path)
      t.equal((await send('GET', '/v1/measures/m-first/priorities')).body, facts)
      t.equal((await send('GET', '/v1/measures/m-second/priorities')).json().total, 1, 'also of a measure that is retired')
      t.same(
        idsOf(await send('GET', '/v1/measures?sort=-priority')).slice(0, 3),
        ['m-never', 'm-first', 'm-third'],
        'a new version keeps its place'
      )
    })

    await t.test('decided without a group that was required', async (t) => {
      const groups = [
        { code: LIVED, target: 0.4, required: true },
        { code: PROS, target: 0.4, required: true },
        { code: 'managers', target: 0.2, required: true }
      ]
      const head = (await changes()).at(-1)!.cursor
      const lame = await voted(
        { id: 'lame-vote', title: 'A vote among ourselves', groups, items: [{ kind: 'measure', id: 'm-unasked' }, ...statements('s1')] },
        say({ 'm-unasked': [6, 8], s1: [1, 2] })
      )
      const found = await results(lame.id)
      t.match(found.representation, { status: 'incomplete', missingRequired: ['managers'], total: 14 })
      t.same(
        found.items.map(({ verdict }) => verdict),
        ['incomplete', 'incomplete'],
        'there is no consensus without them'
      )
      t.match(resultOf(found, 'm-unasked'), { equalVoice: 1, pooled: { share79: 1 } })
      const missing = (await see(lame.id, '/missing-voices', 'organiser')).json()
      t.equal(missing.status, 'incomplete')
      // Four of eighteen are 22 %, three of seventeen 18.
      t.match(
        missing.findings.find(({ level, who }: { level: string; who: string }) => level === 'group' && who === 'managers'),
        {
          status: 'absent',
          n: 0,
          share: 0,
          target: 0.2,
          seatsShort: 4,
          required: true,
          suggestion: /Nobody.*Invite 4 managers.*no consensus/
        }
      )
      t.match(
        missing.funnel.find(({ group }: { group: string }) => group === 'managers'),
        { invited: 0, voted: [0] }
      )
      t.equal((await send('GET', '/v1/gaps?kind=who-decides')).json().total, 0, 'not before the publication')
      await take(lame.id, 'publish')
      const { items, total } = (await send('GET', '/v1/gaps?kind=who-decides')).json()
      t.equal(total, 1)
      t.match(items[0], {
        id: /^d-[0-9a-f]{20}$/,
        origin: 'derived',
        status: 'open',
        title: /A vote among ourselves.*managers/i,
        finding: { rule: 'R13', certainty: 'absent', openedAt: /Z$/ }
      })
      t.same(idsOf(await send('GET', '/v1/gaps?rule=R13')), [items[0].id])
      t.equal((await send('GET', `/v1/gaps/${items[0].id}`)).statusCode, 200)
      const entries = (await send('GET', `/v1/changes?since=${head}&limit=1000`)).json().items
      t.ok(
        entries.some(
          (entry: { kind: string; id: string; action: string }) =>
            entry.kind === 'gap' && entry.id === items[0].id && entry.action === 'opened'
        )
      )
      t.same(
        entries.filter((entry: { kind: string }) => entry.kind === 'exercise').map(({ action }: { action: string }) => action),
        ['created', 'opened', 'invited', 'invited', 'closed', 'published']
      )
      t.match((await send('GET', '/v1/measures/m-unasked/priorities')).json().items, [{ verdict: 'incomplete', complete: false, rank: 1 }])
      const now = registry.context.clock.now().toISOString()
      t.same([await rebuildGaps(registry.store, now), await refreshGaps(registry.store, now)], [0, 0], 'made again they are the same')
      t.same((await send('GET', '/v1/gaps?kind=who-decides')).json().items, items)
      t.ok((await see(lame.id, '/summary?lang=en')).body.includes('anagers'), 'the page to take home says who was not there')
    })

    await t.test('too few of a required group are as none', async (t) => {
      const few = await voted(
        {
          id: 'few-vote',
          groups: [
            ...[LIVED, PROS].map((code) => ({ code, target: 0.4, required: true })),
            { code: 'neighbours', target: 0.2, required: true, label: { en: 'People next door' } }
          ]
        },
        { ...say({ i1: [6, 8], i2: [3, 4], i3: [0, 0] }), neighbours: ratings({ i1: [9, 9], i2: [1, 1], i3: [1, 1] }) }
      )
      const found = await results(few.id)
      t.ok(found.representation.missingRequired.includes('neighbours'))
      const { n, score, median, withheld } = resultOf(found, 'i1').groups.find(({ group }) => group === 'neighbours')!
      t.same([n, score, median, withheld], [null, null, null, true])
      t.ok(found.items.every(({ verdict }) => verdict === 'incomplete'))
      await take(few.id, 'publish')
      const titles = (await send('GET', '/v1/gaps?kind=who-decides')).json().items.map(({ title }: { title: string }) => title)
      t.ok(
        titles.some((title: string) => title.includes('People next door')),
        titles.join(', ')
      )
    })

    await t.test('in five languages', async (t) => {
      const bodies: Record<string, string[]> = { results: [], voices: [], md: [], html: [] }
      const inEnglish = (await see(id, '/results?lang=en')).json()
      for (const lang of LANGUAGES) {
        const told = await see(id, `/results?lang=${lang}`)
        t.equal(told.headers['content-language'], lang)
        const { items, ...rest } = told.json()
        for (const { because, item } of items) for (const sentence of because) t.match(sentence, SENTENCE, `${lang}, ${item}`)
        t.ok(
          items.every(({ because }: { because: string[] }) => because.length > 0),
          'there is a reason for everything'
        )
        const numbers = (all: { because: string[] }[]) => all.map(({ because: _because, ...numbers }) => numbers)
        t.same(
          [rest, numbers(items)],
          [{ ...inEnglish, items: undefined }, numbers(inEnglish.items)].map((each) => JSON.parse(JSON.stringify(each))),
          'the numbers are the same'
        )
        bodies['results']!.push(JSON.stringify(items.map(({ because }: { because: string[] }) => because)))

        const voices = await see(id, `/missing-voices?lang=${lang}`)
        t.equal(voices.headers['content-language'], lang)
        for (const { suggestion } of voices.json().findings) t.match(suggestion, SENTENCE, lang)
        bodies['voices']!.push(JSON.stringify(voices.json().findings))

        for (const format of ['md', 'html'] as const) {
          const page = await see(id, `/summary?lang=${lang}&format=${format}`)
          t.match(
            [page.statusCode, page.headers['content-language'], page.headers['content-type']],
            [200, lang, format === 'md' ? /^text\/markdown/ : /^text\/html/]
          )
          t.notMatch(page.body, UNFILLED, `${lang} ${format}`)
          for (const { label } of (await see(id, '')).json().items.slice(0, 1)) t.ok(page.body.includes('m-third') && label, lang)
          bodies[format]!.push(page.body)
        }
        const html = await see(id, `/summary?lang=${lang}&format=html`)
        t.match(html.body, new RegExp(`<html[^>]* lang="${lang}"`))
        t.notMatch(html.body, /<script|javascript:|<img|<link|@import|src=/i, 'a page that does nothing')
        t.match(html.headers['content-security-policy'], /default-src 'none'/)
      }
      for (const [name, texts] of Object.entries(bodies)) t.equal(new Set(texts).size, LANGUAGES.length, `${name}: each language by itself`)
      const accepted = await send('GET', at(id, '/results'), { headers: { 'accept-language': 'fr-BE,fr;q=0.9,en;q=0.5' } })
      t.equal(accepted.headers['content-language'], 'fr')
      const html = await send('GET', at(id, '/summary'), { headers: { accept: 'text/html', 'accept-language': 'nl' } })
      t.match([html.headers['content-type'], html.headers['content-language']], [/^text\/html/, 'nl'])
      for (const [path, status] of [
        ['/results?lang=not_a_language', 400],
        ['/summary?format=pdf', 400],
        ['/method-report?format=html', 400],
        ['/method-report?lang=nl', 400]
      ] as const)
        t.equal((await see(id, path)).statusCode, status, path)
      t.equal((await send('GET', at(id, '/summary'), { headers: { accept: 'application/pdf' } })).statusCode, 406)
    })

    await t.test('the report of the method', async (t) => {
      const report = await see(id, '/method-report')
      const { outcomeHash, protocolHash } = (await see(id, '/results')).json()
      t.match(report.json(), { exercise: id, outcomeHash, protocolHash, guideline: { name: /ACCORD/ } })
      for (const { item, text, status } of report.json().items) {
        t.ok(['reported', 'partly', 'not-recorded'].includes(status), item)
        t.ok(text.length > 0 && !UNFILLED.test(text), `${item}: ${text}`)
      }
      const md = await send('GET', at(id, '/method-report'), { headers: { accept: 'text/markdown' } })
      t.match(md.headers['content-type'], /^text\/markdown/)
      t.ok(md.body.includes(outcomeHash) && md.body.includes(protocolHash))
      t.notMatch(md.body, UNFILLED)
      t.equal((await see(id, '/method-report?format=md')).body, md.body)
    })

    await t.test('results as a table', async (t) => {
      const csv = await see(id, '/results?format=csv')
      t.match([csv.headers['content-type'], csv.headers['content-disposition']], [/^text\/csv/, /attachment/])
      const lines = csv.body
        .replace(/^\ufeff/, '')
        .trim()
        .split(/\r?\n/)
      t.match(lines[0], /^item,group,groups,withheld,n,unable,score,rank,median,share79,/)
      t.equal(lines.length, 1 + 6 * 3, 'of each item a line for all and one for each group')
      t.match(
        lines.filter((line) => line.startsWith('m-third,')),
        [/^m-third,all,,false,14,/, new RegExp(`^m-third,${LIVED},${LIVED},false,6,`), new RegExp(`^m-third,${PROS},${PROS},false,8,`)]
      )
      t.equal((await see(id, '/results?format=xlsx')).statusCode, 400)
      t.not((await see(id, '/results?format=csv&lang=nl')).body, csv.body, 'with reasons in the language that is asked for')
    })
  })
}
