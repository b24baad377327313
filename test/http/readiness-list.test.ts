/** The catalogue by verdict: order, pages, files, filters, counts and facets, on every engine. */
import { parse } from 'csv-parse/sync'
import t from 'tap'
import type { MeasureContent } from '../../src/measures/measure.schema.ts'
import { GATE_IDS } from '../../src/readiness/gate.ts'
import { VERDICTS } from '../../src/readiness/verdict.ts'
import { fold } from '../../src/search/terms.ts'
import { engines } from '../engines.ts'
import { openRegistry } from '../registry.ts'
import { type Patch, putMeasures, type ReadinessAnswer, ready } from './made.ts'

/** What is asked throughout. The kinds of measures below have their verdicts in it. */
const ASKED = 'data=survey&language=nl&jurisdiction=NL&budget=100'
const KINDS: Record<(typeof VERDICTS)[number], Patch> = {
  'ready-now': {},
  'ready-with-conditions': { languages: [{ code: 'nl', validation: 'translated' }] },
  'ready-for-trial': { testing: { reliability: 'untested', validity: 'untested' } },
  'cannot-tell': { licence: { fee: 'free' } },
  'not-ready': { dataSources: [{ kind: 'ehr' }] }
}
const use = (jurisdiction: string, purpose: 'improvement' | 'research' = 'improvement') =>
  ({ organisation: 'A region', jurisdiction, lastConfirmed: '2026-01', purpose }) as const
const USES: Record<string, Patch> = {
  M5: { use: [use('NL'), use('FR')], types: ['outcome'] },
  M4: { use: [use('NL')], types: ['process'], levels: ['professional'], settings: ['hospital'] },
  M3: { use: [use('NL', 'research')], types: ['process', 'outcome'] },
  M2: { use: undefined, types: ['cost'], levels: ['professional', 'clinical'], provenance: [{ fields: ['licence'], status: 'seen' }] }
}
const TITLES = ['zebra', 'Éclair', 'apple', 'Zebra', 'Mango juice', 'eclair', 'Apple', 'plum', 'mango', 'Plum']

interface Made {
  readonly id: string
  readonly verdict: string
  readonly maturity: string
  readonly content: MeasureContent
}

/** A measure of each kind and maturity, some with the title of another; what is used routinely needs no test to go on trial. */
const MADE: readonly Made[] = Object.entries(KINDS).flatMap(([verdict, kind], i) =>
  Object.entries(USES).flatMap(([maturity, uses], j): Made[] => {
    if (verdict === 'ready-for-trial' && maturity > 'M3') return []
    const content = ready({
      languages: [{ code: 'nl', validation: 'validated' }],
      nextReviewDue: '2027-01-01',
      ...kind,
      ...uses,
      title: TITLES[(i * 7 + j * 3) % TITLES.length]!
    })
    return [{ id: `m-${i}-${j}`, verdict, maturity: verdict === 'ready-for-trial' && maturity === 'M2' ? 'M1' : maturity, content }]
  })
)

const ordered = (...keys: ((made: Made) => string | number)[]) =>
  [...MADE].sort((a, b) => keys.map((key) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)).find((order) => order !== 0) ?? 0)
/** What is missing rests on nothing: a use that is not recorded, or what a verdict is unknown for. */
const isDocumented = ({ content, verdict }: Made) => content.use !== undefined && verdict !== 'cannot-tell'
const rank = ({ verdict }: Made) => VERDICTS.indexOf(verdict as never)
const immaturity = ({ maturity }: Made) => -Number(maturity.slice(1))
const title = ({ content }: Made) => fold(content.title)
const place = (made: Made) => MADE.indexOf(made)
const SORTED: Record<string, Made[]> = {
  verdict: ordered(rank, immaturity, title, place),
  '-verdict': ordered((made) => -rank(made), immaturity, title, place),
  title: ordered(title, place),
  '-title': ordered(title, place).reverse(),
  '-maturity': ordered(immaturity, title, place),
  maturity: ordered(immaturity, title, place).reverse(),
  updated: ordered(place),
  '-updated': ordered(place).reverse()
}

const COLUMNS = `id,title,acronym,version,status,canonicalUrl,verdict,basis,maturity,blockedBy,because,closesWith,notReadyFor,${GATE_IDS.map(
  (id) => `gate.${id}`
)},reports.implemented,reports.modified,reports.abandoned,copyright`

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip }, async (t) => {
    const registry = await openRegistry(engine, { catalogue: 'empty' })
    t.teardown(registry.close)
    const { send } = registry
    await putMeasures(registry, Object.fromEntries(MADE.map(({ id, content }) => [id, content])))
    const list = async (query: string) => (await send('GET', `/v1/readiness?${ASKED}&${query}`)).json()
    const ids = async (query: string) => ((await list(`limit=1000&${query}`)).items as ReadinessAnswer[]).map(({ measure }) => measure.id)
    const made = (keep: (made: Made) => boolean) => SORTED['verdict']!.filter(keep).map(({ id }) => id)
    const all = made(() => true)

    await t.test('verdicts, with counts that sum to the total', async (t) => {
      const { items, counts, total, next, facets, context, rulesVersion } = await list('limit=1000')
      t.same(
        items.map(({ measure, verdict, maturity }: ReadinessAnswer) => [measure.id, verdict, maturity]),
        SORTED['verdict']!.map(({ id, verdict, maturity }) => [id, verdict, maturity])
      )
      t.strictSame(counts, Object.fromEntries(VERDICTS.map((verdict) => [verdict, MADE.filter((one) => one.verdict === verdict).length])))
      t.strictSame([total, next, facets, rulesVersion], [MADE.length, '', undefined, '1.0.0'])
      t.strictSame(context, {
        jurisdiction: ['NL'],
        data: ['survey'],
        language: ['nl'],
        budget: { amount: 100, currency: 'EUR' },
        horizonDays: 90,
        asOf: '2026-11-24'
      })
    })

    await t.test('an item is the answer of its measure', async (t) => {
      for (const item of (await list('limit=1000')).items) {
        const alone = (await send('GET', `/v1/measures/${item.measure.id}/readiness?${ASKED}`)).json()
        const { context: _, rulesVersion: __, maturityBecause, maturityClosesWith: ___, recentReports, ...rest } = alone
        t.strictSame(item, rest, item.measure.id)
        t.ok(maturityBecause.length > 0)
        t.strictSame(recentReports, [])
      }
    })

    await t.test('pages and files hold the same list once, in every order', async (t) => {
      for (const [sort, expected] of Object.entries(SORTED)) {
        const pages: ReadinessAnswer[][] = []
        for (let next = ''; pages.length === 0 || next !== ''; ) {
          const answer = await send('GET', `/v1/readiness?${ASKED}&sort=${sort}&limit=7${next ? `&cursor=${next}` : ''}`)
          const page = answer.json()
          t.equal(page.total, MADE.length)
          t.match(String(answer.headers.link), page.next ? `cursor=${page.next}` : 'undefined')
          pages.push(page.items)
          next = page.next
        }
        t.ok(pages.slice(0, -1).every((page) => page.length === 7))
        t.same(
          pages.flat().map(({ measure }) => measure.id),
          expected.map(({ id }) => id),
          sort
        )
        const ndjson = await send('GET', `/v1/readiness?${ASKED}&sort=${sort}&limit=7&format=ndjson`)
        t.strictSame(
          ndjson.body
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line)),
          pages.flat(),
          `${sort} as NDJSON`
        )
        const csv = await send('GET', `/v1/readiness?${ASKED}&sort=${sort}&limit=7`, { headers: { accept: 'text/csv' } })
        const rows: Record<string, string>[] = parse(csv.body, { bom: true, columns: true })
        t.same(
          rows.map(({ id, verdict, maturity }) => [id, verdict, maturity]),
          expected.map(({ id, verdict, maturity }) => [id, verdict, maturity]),
          `${sort} as CSV`
        )
      }
    })

    await t.test('the columns of the file are frozen', async (t) => {
      const csv = await send('GET', `/v1/readiness?${ASKED}&format=csv&language=tr&limit=1`)
      t.match(csv.headers, { 'content-type': /^text\/csv/, 'content-disposition': 'attachment; filename="readiness.csv"' })
      t.equal(csv.body.slice(0, csv.body.indexOf('\r\n')), `\uFEFF${COLUMNS}`)
      const { items } = await list('language=tr&limit=1000')
      for (const [i, row] of (parse(csv.body, { bom: true, columns: true }) as Record<string, string>[]).entries()) {
        const { measure, gates, notReadyFor, reports } = items[i]
        const told = gates.filter(({ outcome }: { outcome: string }) => ['fail', 'unknown', 'conditional'].includes(outcome))
        const joined = (texts: unknown[]) => texts.filter((text) => text !== undefined).join('|')
        t.match(row, {
          ...{ id: measure.id, title: measure.title, status: 'active', version: '1.0.0', canonicalUrl: measure.canonicalUrl },
          blockedBy: joined([...new Set(gates.flatMap(({ blocks, gate }: { blocks: boolean; gate: string }) => (blocks ? [gate] : [])))]),
          because: joined(told.map(({ because }: { because: string }) => because)),
          closesWith: joined(told.map(({ closesWith }: { closesWith?: string }) => closesWith)),
          notReadyFor: joined(notReadyFor.map(({ language }: { language: string }) => language)),
          'gate.language': 'fail',
          'gate.rules': 'pass',
          'reports.implemented': `${reports.implemented}`
        })
      }
    })

    await t.test('a cursor belongs to its question', async (t) => {
      const path = `/v1/readiness?${ASKED}&type=!cost`
      const { next } = (await send('GET', `${path}&limit=3`)).json()
      for (const same of ['', 'limit=5', 'lang=nl', 'facets=type', 'format=json', 'format=text'])
        t.equal((await send('GET', `${path}&cursor=${next}&${same}`)).statusCode, 200, same)
      for (const other of [
        'minutes=5',
        'horizonDays=30',
        'asOf=2026-11-25',
        'purpose=research',
        'sort=-verdict',
        'basis=documented',
        'level=clinical',
        'q=a',
        'language=fr',
        'verdict=ready-now',
        'measure.language=nl',
        'updatedSince=2020-01-01T00:00:00Z'
      ])
        t.match(
          (await send('GET', `${path}&cursor=${next}&${other}`)).json(),
          { status: 400, code: 'cursor-of-another-query', errors: [{ parameter: 'cursor' }] },
          other
        )
      const elsewhere = (await send('GET', '/v1/measures?limit=3')).json().next
      t.match((await send('GET', `${path}&cursor=${elsewhere}`)).json(), { code: 'cursor-of-another-query' })
    })

    await t.test('filters', async (t) => {
      const rows: [query: string, keep: (made: Made) => boolean][] = [
        ['', () => true],
        ['verdict=ready-now', ({ verdict }) => verdict === 'ready-now'],
        ['verdict=ready-now,not-ready', ({ verdict }) => ['ready-now', 'not-ready'].includes(verdict)],
        ['verdict=!not-ready', ({ verdict }) => verdict !== 'not-ready'],
        ['verdict=!not-ready&verdict=!ready-now', ({ verdict }) => !['ready-now', 'not-ready'].includes(verdict)],
        ['verdict=ready-now&verdict=not-ready', () => false],
        ['basis=documented', isDocumented],
        ['basis=unverified', (made) => !isDocumented(made)],
        ['type=process', ({ content }) => content.types!.includes('process')],
        ['type=process&type=outcome&maturity=M3', ({ maturity }) => maturity === 'M3'],
        ['type=!cost&level=professional', ({ maturity }) => maturity === 'M4'],
        ['maturity=M1,M5&verdict=ready-for-trial', ({ maturity }) => maturity === 'M1'],
        ['missing=use', ({ content }) => content.use === undefined],
        ['dataSource=ehr', ({ verdict }) => verdict === 'not-ready'],
        ['permission=unknown', ({ verdict }) => verdict === 'cannot-tell'],
        ['q=mango', ({ content }) => /mango/i.test(content.title)],
        ['q=juice&verdict=!ready-now', ({ content, verdict }) => /juice/i.test(content.title) && verdict !== 'ready-now'],
        ['q=nothingofthekind', () => false],
        ['status=retired', () => false],
        ['measure.setting=hospital', ({ maturity }) => maturity === 'M4'],
        ['measure.setting=!hospital', ({ maturity }) => maturity !== 'M4'],
        ['measure.language=nl', () => true],
        ['measure.language=en', () => false],
        ['measure.jurisdiction=NL', () => true],
        ['measure.jurisdiction=BE', () => false],
        ['measure.stratifier=age', () => true],
        ['measure.stratifier=religion', () => false]
      ]
      for (const [query, keep] of rows) {
        const { total, counts } = await list(`limit=1&${query}`)
        t.same(await ids(query), made(keep), query)
        t.equal(total, made(keep).length, `total of ${query}`)
        if (!query.includes('verdict'))
          t.equal(
            Object.values<number>(counts).reduce((sum, count) => sum + count),
            total,
            `counts of ${query}`
          )
      }
      for (const query of ['language=en', 'setting=hospital', 'jurisdiction=BE', 'stratifier=religion'])
        t.same((await ids(query)).sort(), [...all].sort(), `${query} is a circumstance, and filters nothing`)
    })

    await t.test('counts take no notice of the verdicts that are kept', async (t) => {
      const { counts } = await list('type=process')
      for (const verdict of VERDICTS) {
        const kept = await list(`type=process&verdict=${verdict}`)
        t.strictSame(kept.counts, counts)
        t.equal(kept.total, counts[verdict])
      }
      const documented = await list('basis=documented&verdict=ready-now')
      t.equal(documented.counts['not-ready'], MADE.filter(({ verdict, content }) => verdict === 'not-ready' && content.use).length)
    })

    await t.test('facets count under the same filters, each without its own, within verdict and basis', async (t) => {
      const facets = 'type,level,maturity,setting,language,status,dataSource,stratifier'
      for (const narrow of ['', 'verdict=ready-now,cannot-tell', 'basis=documented', 'verdict=!not-ready&basis=unverified', 'q=zebra'])
        for (const filter of ['', 'type=process', 'level=professional&type=!cost', 'measure.setting=hospital&maturity=M4']) {
          const answer = await list(`facets=${facets}&limit=1&${narrow}&${filter}`)
          for (const facet of facets.split(',')) {
            const own = ['setting', 'language', 'stratifier'].includes(facet) ? `measure.${facet}` : facet
            const others = filter
              .split('&')
              .filter((part) => !part.startsWith(`${own}=`))
              .join('&')
            const name = `${facet} of ${narrow} ${filter}`
            for (const { code, count, label } of answer.facets[facet]) {
              t.equal(count, (await list(`limit=1&${narrow}&${others}&${own}=${code}`)).total, `${name}: ${code}`)
              t.type(label, 'string')
            }
            const counted = new Set(answer.facets[facet].map(({ code }: { code: string }) => code))
            const whole = await ids(`${narrow}&${others}`)
            const codes = MADE.filter(({ id }) => whole.includes(id)).flatMap((one) => codesOf(facet, one))
            t.same([...counted].sort(), [...new Set(codes)].sort(), name)
          }
        }
    })
  })
}

function codesOf(facet: string, { content, maturity }: Made): readonly string[] {
  switch (facet) {
    case 'type':
      return content.types!
    case 'level':
      return content.levels!
    case 'setting':
      return content.settings!
    case 'maturity':
      return [maturity]
    case 'language':
      return ['nl']
    case 'dataSource':
      return content.dataSources!.map(({ kind }) => kind)
    case 'stratifier':
      return ['age']
    default:
      return ['active']
  }
}
