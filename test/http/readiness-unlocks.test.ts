/** What one change would make ready, and two contexts side by side, in a catalogue of which the answers are known, on every engine. */
import t from 'tap'
import { VERDICTS } from '../../src/readiness/verdict.ts'
import { engines } from '../engines.ts'
import { openRegistry } from '../registry.ts'
import { type Patch, putMeasures, type ReadinessAnswer, ready, retire, SENTENCE } from './made.ts'

const LANGUAGES = 'language=nl,fr'
const REST = 'budget=0&jurisdiction=NL'
const ASKED = `data=survey&${LANGUAGES}&stratifier=age,religion&horizonDays=20&${REST}`

const version = (code: string) => ({ code, validation: 'validated' as const })
const split = (...availabilities: NonNullable<Patch['stratifiers']>[number]['availability'][]): Patch => ({
  stratifiers: [
    { dimension: 'age', availability: 'available' },
    ...availabilities.map((availability) => ({ dimension: 'religion' as const, availability }))
  ]
})
const RECORDS: Patch = { instrument: undefined, languages: undefined }
const of = (steward: string, licence: Patch['licence']): Patch => ({ development: { steward }, licence })
const used = (jurisdiction: string, purpose: 'improvement' | 'research') =>
  [{ organisation: 'A region', jurisdiction, lastConfirmed: '2026-01', purpose }] as const

/** Obstacles that one change takes away without anything coming near. */
const MUCH: Patch = { ...RECORDS, dataSources: [{ kind: 'claims' }], ...split('unavailable'), ...of('Nobody', { fee: 'free' }) }

/** Each lacks what its name says, and nothing else. */
const LACKING: Readonly<Record<string, Patch>> = {
  'nothing-at-all': {},
  'ehr-one': { ...RECORDS, dataSources: [{ kind: 'ehr' }], levels: ['professional'], domains: ['safety'], populations: ['children'] },
  'ehr-two': { ...RECORDS, dataSources: [{ kind: 'ehr' }] },
  'claims-one': { ...RECORDS, dataSources: [{ kind: 'claims' }], levels: ['professional', 'organisational'] },
  'ehr-and-dutch': { dataSources: [{ kind: 'ehr' }], languages: [version('fr')] },
  dutch: { languages: [version('fr')] },
  french: { languages: [version('nl')] },
  'dutch-and-french': { languages: [version('en')] },
  'answer-of-office': of('Office', { permission: 'ask', fee: 'free' }),
  'word-of-office': of('Office', { permission: 'unknown', fee: 'free' }),
  'money-for-shop': of('Shop', { permission: 'none', fee: 'paid', amount: 100, currency: 'EUR' }),
  'a-test': { testing: { reliability: 'untested', validity: 'untested' }, use: [...used('NL', 'research')] },
  'split-by-religion': split('unavailable'),
  'word-of-religion': split(),
  'sixty-days': { jurisdictions: ['US'], use: [...used('US', 'improvement')] },
  'word-of-numerator': { instrument: undefined, scoring: 'proportion', specification: { denominator: 'All.' } },
  'word-of-data': { dataSources: undefined },
  'claims-and-religion-and-word-of-nobody': MUCH,
  'claims-and-religion-and-word-of-nobody-either': MUCH,
  'another-test': { testing: { reliability: 'negative', validity: 'untested' } }
}

type Change = Readonly<Record<string, unknown>> & {
  readonly kind: string
  readonly becomeReady: number
  readonly comeNearer: number
  readonly measures: readonly { id: string; title: string }[]
  readonly first: Readonly<Record<'level' | 'domain' | 'population', string[]>>
  readonly sentence: string
  readonly ready?: number
}
const NOTHING = { level: [], domain: [], population: [] }

/** What changes, who becomes ready, how many come nearer, for what it is the first. */
const CHANGES: readonly (readonly [change: string, measures: string[], nearer: number, first?: object])[] = [
  ['data ehr', ['ehr-one', 'ehr-two'], 1, { level: ['professional'], domain: ['safety'], population: ['children'] }],
  ['data claims', ['claims-one'], 0, { ...NOTHING, level: ['professional', 'organisational'] }],
  ['translation nl', ['dutch'], 2],
  ['translation fr', ['french'], 1],
  ['stratifier religion', ['split-by-religion', 'word-of-religion'], 0],
  ['budget', ['money-for-shop'], 0],
  ['validation', ['a-test'], 0],
  ['licence Office', ['answer-of-office', 'word-of-office'], 0],
  ['licence Nobody', [], 0],
  ['licence Shop', ['money-for-shop'], 0],
  ['record stratifiable', ['word-of-religion'], 0],
  ['record specified', ['word-of-numerator'], 0],
  ['record data', ['word-of-data'], 0],
  ['time 30', ['answer-of-office'], 0],
  ['time 60', ['answer-of-office', 'sixty-days'], 0],
  ['time 180', ['answer-of-office', 'sixty-days'], 0]
]
const nameOf = ({ kind, data, language, owner, days, dimension, gate }: Change) =>
  [kind, data ?? language ?? owner ?? days ?? dimension ?? gate].filter((part) => part !== undefined).join(' ')

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip }, async (t) => {
    const registry = await openRegistry(engine, { catalogue: 'empty' })
    t.teardown(registry.close)
    const { send } = registry
    const json = async (url: string) => (await send('GET', url)).json()
    const ids = async (query: string) =>
      (await json(`/v1/readiness?limit=1000&${query}`)).items.map(({ measure }: ReadinessAnswer) => measure.id) as string[]
    const readyIn = (query: string) => ids(`verdict=ready-now,ready-with-conditions&${query}`)
    const measures = Object.entries(LACKING).map(([id, patch]) => {
      return [id, ready({ languages: [version('nl'), version('fr')], ...split('available'), ...patch, title: `Lacks ${id}` })] as const
    })
    await putMeasures(registry, { ...Object.fromEntries(measures), retired: ready() })
    await retire(registry, 'retired')

    await t.test('single changes: who becomes ready, who comes nearer, for what it is the first', async (t) => {
      const answer = await json(`/v1/readiness/unlocks?${ASKED}`)
      t.strictSame([answer.total, answer.ready, await readyIn(ASKED)], [measures.length, 1, ['nothing-at-all']])
      const changes: Change[] = answer.changes
      t.same(changes.map(nameOf).sort(), CHANGES.map(([change]) => change).sort(), 'and no others')
      for (const [change, gained, nearer, first = NOTHING] of CHANGES) {
        const found = changes.find((each) => nameOf(each) === change)!
        t.strictSame([found.becomeReady, found.comeNearer], [gained.length, nearer], change)
        t.strictSame(
          found.measures,
          gained.map((id) => ({ id, title: `Lacks ${id}` })),
          `${change}, by title`
        )
        t.same(sorted(found.first), sorted(first), `${change} is the first`)
        t.match(found.sentence.replace(/\?$/, '.'), SENTENCE)
      }
      const order = changes.map(({ becomeReady, comeNearer }) => becomeReady * 1_000 + comeNearer)
      t.same(
        order,
        [...order].sort((a, b) => b - a),
        'the best first'
      )
    })

    await t.test('the sequence takes the best, and goes on from there', async (t) => {
      const { sequence, ready: before }: { sequence: Change[]; ready: number } = await json(`/v1/readiness/unlocks?${ASKED}`)
      t.same(
        sequence.map((step) => [nameOf(step), step.measures.map(({ id }) => id), step.ready]),
        [
          ['data ehr', ['ehr-one', 'ehr-two'], 3],
          ['translation nl', ['dutch', 'ehr-and-dutch'], 5],
          ['stratifier religion', ['split-by-religion', 'word-of-religion'], 7],
          ['translation fr', ['dutch-and-french', 'french'], 9],
          ['time 60', ['answer-of-office', 'sixty-days'], 11]
        ]
      )
      const circumstances = [
        `data=survey,ehr&${LANGUAGES}&stratifier=age,religion&horizonDays=20&${REST}`,
        `data=survey,ehr&language=fr&stratifier=age,religion&horizonDays=20&${REST}`,
        `data=survey,ehr&language=fr&stratifier=age&horizonDays=20&${REST}`,
        `data=survey,ehr&stratifier=age&horizonDays=20&${REST}`,
        `data=survey,ehr&stratifier=age&horizonDays=60&${REST}`
      ]
      let sum = before
      for (const [i, { becomeReady, ready }] of sequence.entries()) {
        t.equal(ready, (sum += becomeReady))
        t.equal(ready, (await readyIn(circumstances[i]!)).length, circumstances[i]!)
        const next = sequence[i + 1]
        if (next) t.equal((await json(`/v1/readiness/unlocks?${circumstances[i]}`)).changes[0].becomeReady, next.becomeReady, 'greedy')
      }
    })

    await t.test('a change of the context is what that context gives', async (t) => {
      const before = await readyIn(ASKED)
      const { changes }: { changes: Change[] } = await json(`/v1/readiness/unlocks?${ASKED}`)
      const contexts: Record<string, (code: string) => string> = {
        data: (code) => ASKED.replace('survey', `survey,${code}`),
        translation: (code) => ASKED.replace('nl,fr', code === 'nl' ? 'fr' : 'nl'),
        stratifier: (code) => ASKED.replace('age,religion', code === 'age' ? 'religion' : 'age'),
        time: (days) => ASKED.replace('horizonDays=20', `horizonDays=${days}`)
      }
      for (const change of changes) {
        const [kind, code] = nameOf(change).split(' ')
        const context = contexts[kind!]
        if (!context) continue
        const gained = (await readyIn(context(code!))).filter((id) => !before.includes(id))
        t.same(change.measures.map(({ id }) => id).sort(), gained.sort(), nameOf(change))
      }
    })

    await t.test('`limit` is of the measures that are named', async (t) => {
      const whole = await json(`/v1/readiness/unlocks?${ASKED}`)
      const few = await json(`/v1/readiness/unlocks?${ASKED}&limit=1`)
      const cut = (changes: Change[]) => changes.map((change) => ({ ...change, measures: change.measures.slice(0, 1) }))
      t.strictSame(few, { ...whole, changes: cut(whole.changes), sequence: cut(whole.sequence) })
    })

    await t.test('what is not stated is no circumstance that could change, and filters narrow', async (t) => {
      const { changes }: { changes: Change[] } = await json('/v1/readiness/unlocks')
      t.same(changes.map(nameOf).sort(), ['licence Nobody', 'licence Office', 'record specified', 'validation'])
      const narrow = await json(`/v1/readiness/unlocks?${ASKED}&dataSource=ehr`)
      t.match(narrow, {
        total: 3,
        ready: 0,
        changes: [{ kind: 'data', data: 'ehr', becomeReady: 2, first: { level: ['clinical', 'professional'] } }]
      })
      t.match(await json(`/v1/readiness/unlocks?${ASKED}&q=nothingofthekind`), { total: 0, ready: 0, changes: [], sequence: [] })
      t.match(await json(`/v1/readiness/unlocks?${ASKED}&status=retired`), { total: 1, ready: 0, changes: [], sequence: [] })
      t.same(
        (await json(`/v1/readiness/unlocks?${ASKED}&level=organisational`)).changes.map((change: Change) => [
          nameOf(change),
          sorted(change.first)
        ]),
        [['data claims', { level: ['organisational', 'professional'], domain: ['care-coordination'], population: ['adults'] }]]
      )
    })

    await t.test('two contexts side by side', async (t) => {
      const save = async (name: string, context: object): Promise<string> =>
        (await send('POST', '/v1/contexts', { as: 'contributor', body: { name, context } })).json().id
      const [a, b] = [
        await save('Ghent', { data: ['survey', 'ehr'], language: ['nl'], budget: { amount: 0, currency: 'EUR' } }),
        await save('Lille', { data: ['survey', 'claims'], language: ['fr'], stratifier: ['religion'], horizonDays: 20 })
      ]
      for (const filters of ['', '&level=professional', '&measure.language=fr', '&q=lacks&status=active,retired']) {
        const compare = (more: string, one = a, other = b) => json(`/v1/readiness/compare?a=${one}&b=${other}${filters}${more}`)
        const whole = await compare('&limit=1000')
        const [here, there] = [
          await json(`/v1/readiness?limit=1000&context=${a}${filters}`),
          await json(`/v1/readiness?limit=1000&context=${b}${filters}`)
        ]
        t.strictSame(
          [whole.a, whole.b],
          [
            { id: a, name: 'Ghent', context: here.context, counts: here.counts },
            { id: b, name: 'Lille', context: there.context, counts: there.counts }
          ]
        )
        const verdicts = (items: ReadinessAnswer[]) => new Map(items.map(({ measure, verdict }) => [measure.id, verdict]))
        const [inA, inB] = [verdicts(here.items), verdicts(there.items)]
        const pairs = VERDICTS.flatMap((one) =>
          VERDICTS.map((other) => ({
            a: one,
            b: other,
            count: [...inA].filter(([id, verdict]) => verdict === one && inB.get(id) === other).length
          }))
        ).filter(({ count }) => count > 0)
        t.strictSame(whole.pairs, pairs)
        t.equal(
          pairs.reduce((sum, { count }) => sum + count, 0),
          here.total
        )
        t.equal(
          whole.total,
          pairs.filter((pair) => pair.a !== pair.b).reduce((sum, { count }) => sum + count, 0)
        )
        t.same(
          whole.items.map(({ measure }: ReadinessAnswer) => measure.id).sort(),
          [...inA.keys()].filter((id) => inA.get(id) !== inB.get(id)).sort()
        )
        for (const { measure, a: one, b: other } of whole.items) {
          t.strictSame([one.verdict, other.verdict], [inA.get(measure.id), inB.get(measure.id)])
          for (const [side, { items }] of [
            [one, here],
            [other, there]
          ] as const) {
            const { gates } = items.find((item: ReadinessAnswer) => item.measure.id === measure.id) as ReadinessAnswer
            t.same(side.blockedBy, [...new Set(gates.flatMap(({ gate, blocks }) => (blocks ? [gate] : [])))])
            if (side.verdict === 'ready-now') t.equal(side.because, '')
            else t.match(side.because, SENTENCE)
          }
        }
        const pages = []
        for (let next = ''; pages.length === 0 || next !== ''; next = pages.at(-1).next)
          pages.push(await compare(`&limit=2${next && `&cursor=${next}`}`))
        t.strictSame(
          pages.flatMap(({ items }) => items),
          whole.items
        )
        t.ok(pages.every(({ total, pairs: same }) => total === whole.total && same.length === pairs.length))
        const swapped = await compare('&limit=1000', b, a)
        t.strictSame(
          swapped.items,
          whole.items.map(({ measure, a: one, b: other }: Record<string, object>) => ({ measure, a: other, b: one }))
        )
        t.match(await compare('', a, a), { total: 0, items: [], next: '' })
      }
      const { next } = await json(`/v1/readiness/compare?a=${a}&b=${b}&limit=1`)
      t.match(await json(`/v1/readiness/compare?a=${b}&b=${a}&limit=1&cursor=${next}`), { status: 400, code: 'cursor-of-another-query' })
      const none = '0000000000000000'
      t.match(await json(`/v1/readiness/compare?a=${none}&b=${b}`), { status: 404, code: 'not-found', errors: [{ parameter: 'a' }] })
      t.match(await json(`/v1/readiness/compare?a=${a}&b=${none}`), { status: 404, code: 'not-found', errors: [{ parameter: 'b' }] })
      const patched = await send('PATCH', `/v1/contexts/${a}`, {
        as: 'contributor',
        body: { context: { language: ['fr'] } },
        headers: { 'if-match': '*' }
      })
      t.equal(patched.statusCode, 200)
      t.match(
        await json(`/v1/readiness/compare?a=${a}&b=${b}`),
        { a: { context: { language: ['fr'] } } },
        'a changed context counts at once'
      )
      t.match(await json(`/v1/readiness/compare?a=${a}&b=${b}&limit=1&cursor=${next}`), { code: 'cursor-of-another-query' })
    })
  })
}

const sorted = (lists: object) => Object.fromEntries(Object.entries(lists).map(([name, codes]) => [name, [...codes].sort()]))
