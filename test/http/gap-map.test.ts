/** The gap map over HTTP: every number of it against the lists behind it, on both engines. */
import t from 'tap'
import { refreshGaps } from '../../src/gaps/rebuilding.ts'
import { engines } from '../engines.ts'
import { openRegistry, type Registry } from '../registry.ts'

interface Cell {
  measures: number
  ready: number
  unknown: number
  openGaps: number
  highestSeverity: string | null
  state: string
  gap?: string
  measuresUrl: string
  gapsUrl: string
}
interface Answer {
  rows: { code: string; label: string }[]
  columns: { code: string; label: string }[]
  cells: Cell[][]
  rowTotals: Cell[]
  columnTotals: Cell[]
  total: Cell
}

const reader =
  ({ send }: Registry) =>
  async (url: string) => {
    const answer = await send('GET', url)
    if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.body}`)
    return answer.json()
  }

/** What nobody could mean, and the parameter that is named. */
const WRONG: readonly (readonly [query: string, parameter: string, nearest?: string])[] = [
  ['rows=domian', 'rows'],
  ['rows=status', 'rows'],
  ['columns=', 'columns'],
  ['rows=domain&rows=level', 'rows'],
  ['rows=steward', 'rows'],
  ['format=png', 'format'],
  ['setting=primry-care', 'setting', 'primary-care'],
  ['measure.setting=primry-care', 'measure.setting', 'primary-care'],
  ['type=outcom', 'type', 'outcome'],
  ['limit=3', 'limit'],
  ['budget=-1', 'budget'],
  ['currency=EUR', 'currency'],
  ["domain='%20or%201=1", 'domain'],
  ['q=', 'q'],
  ['rows=%00', 'rows']
]

for (const engine of engines) {
  t.test(engine.name, { skip: engine.skip }, async (t) => {
    const registry = await openRegistry(engine)
    t.teardown(registry.close)
    // As the start of the registry does.
    await refreshGaps(registry.store, registry.context.clock.now().toISOString())
    const read = reader(registry)

    await t.test('every cell says what the lists behind it say', async (t) => {
      for (const [query, sample] of [
        ['', 7],
        ['rows=level&columns=strategy', 1],
        ['rows=equityDimension&columns=domain&language=nl&data=survey', 11],
        ['rows=setting&columns=jurisdiction&type=outcome', 23],
        ['rows=type&columns=level&q=care', 1]
      ] as const) {
        const map: Answer = await read(`/v1/gap-map?${query}`)
        t.equal(map.cells.length, map.rows.length, query)
        let i = 0
        for (const line of map.cells) {
          t.equal(line.length, map.columns.length)
          for (const cell of line) {
            if (i++ % sample !== 0) continue
            const measures = await read(`${cell.measuresUrl}&limit=1`)
            t.equal(measures.total, cell.measures, cell.measuresUrl)
            const context = query.includes('language=nl') ? 'language=nl&data=survey&' : ''
            const readiness = await read(`/v1/readiness?${context}${asFilters(cell.measuresUrl)}&limit=1`)
            t.equal(readiness.counts['ready-now'] + readiness.counts['ready-with-conditions'], cell.ready, `ready ${cell.measuresUrl}`)
            t.equal(readiness.counts['cannot-tell'], cell.unknown, `unknown ${cell.measuresUrl}`)
            if (/rows=(type|setting)/.test(query)) continue
            const gaps = await read(`${cell.gapsUrl}&limit=1`)
            t.equal(gaps.total, cell.openGaps, cell.gapsUrl)
          }
        }
      }
    })

    await t.test('margins count each measure once', async (t) => {
      const map: Answer = await read('/v1/gap-map')
      const { total } = await read('/v1/measures?limit=1')
      t.equal(map.total.measures, total)
      for (const [i, { code }] of map.rows.entries()) {
        const row = await read(`/v1/measures?domain=${code}&limit=1`)
        t.equal(map.rowTotals[i]!.measures, row.total, code)
        t.ok(map.rowTotals[i]!.measures >= Math.max(...map.cells[i]!.map(({ measures }) => measures)))
      }
      for (const [j, { code }] of map.columns.entries())
        t.equal(map.columnTotals[j]!.measures, (await read(`/v1/measures?equityDimension=${code}&limit=1`)).total, code)
    })

    await t.test('an empty cell of a core dimension names its finding, which closes when a measure fills it', async (t) => {
      const map: Answer = await read('/v1/gap-map')
      const found = map.cells.flatMap((line, i) => line.map((cell, j) => ({ cell, row: map.rows[i]!.code, column: map.columns[j]!.code })))
      for (const { cell, row, column } of found) if (cell.gap) t.equal(cell.state, 'absolute-gap', `${row} ${column}`)
      const { cell, row, column } = found.find((each) => each.cell.gap !== undefined)!
      const before = await read(`/v1/gaps/${cell.gap}`)
      t.match(before, { origin: 'derived', status: 'open', domains: [row], populations: [{ dimension: column }], finding: { rule: 'R11' } })
      const measure = {
        id: 'fills-a-cell',
        title: 'A measure that fills a cell',
        description: 'D',
        types: ['outcome'],
        scoring: 'cohort',
        specification: { initialPopulation: 'Everybody' },
        dataSources: [{ kind: 'ehr' }],
        licence: { permission: 'none', fee: 'free' },
        levels: ['clinical'],
        development: { steward: 'S' },
        domains: [row],
        stratifiers: [{ dimension: column, availability: 'available' }]
      }
      await registry.send('POST', '/v1/measures', { as: 'contributor', body: measure })
      const publish = { as: 'reviewer', headers: { 'if-match': '*' }, body: { impact: 'major' } } as const
      t.equal((await registry.send('POST', '/v1/measures/fills-a-cell/draft/publish', publish)).statusCode, 200)
      t.match(await read(`/v1/gaps/${cell.gap}`), { status: 'closed', finding: { closedAt: String } })
      const after: Answer = await read(`/v1/gap-map?domain=${row}`)
      const now = after.cells[after.rows.findIndex(({ code }) => code === row)]![after.columns.findIndex(({ code }) => code === column)]!
      t.equal(now.measures, 1)
      t.notOk('gap' in now)
      await registry.send('POST', '/v1/measures/fills-a-cell/retire', {
        as: 'reviewer',
        headers: { 'if-match': '*' },
        body: { reason: 'R' }
      })
      t.match(await read(`/v1/gaps/${cell.gap}`), { id: cell.gap, status: 'open' }, 'the same finding opens again')
    })

    await t.test('as a table and as a picture', async (t) => {
      const map: Answer = await read('/v1/gap-map?rows=level&columns=strategy&lang=nl')
      const csv = await registry.send('GET', '/v1/gap-map?rows=level&columns=strategy&lang=nl&format=csv')
      t.equal(
        csv.body.split('\r\n')[0],
        '\uFEFFrowCode,rowLabel,columnCode,columnLabel,measures,ready,unknown,openGaps,highestSeverity,state,gap'
      )
      t.equal(csv.body.trim().split('\r\n').length, 1 + map.rows.length * map.columns.length)
      const svg = await registry.send('GET', '/v1/gap-map?rows=level&columns=strategy&lang=nl', { headers: { accept: 'image/svg+xml' } })
      t.match(svg.headers['content-type'], 'image/svg+xml')
      t.equal(svg.headers['content-language'], 'nl')
      for (const part of ['<svg', '<title', '<desc', map.rows[0]!.label, 'https://registry.example/v1/measures?']) t.match(svg.body, part)
      t.notMatch(svg.body, /undefined|\[object|<script/)
    })

    await t.test('validators follow the catalogue and the gaps', async (t) => {
      const first = await registry.send('GET', '/v1/gap-map')
      const etag = String(first.headers.etag)
      t.equal((await registry.send('GET', '/v1/gap-map', { headers: { 'if-none-match': etag } })).statusCode, 304)
      t.equal((await registry.send('HEAD', '/v1/gap-map')).headers.etag, etag)
      t.not((await registry.send('GET', '/v1/gap-map?data=ehr')).headers.etag, etag)
    })

    await t.test('what nobody could mean is refused by name', async (t) => {
      for (const [query, parameter, nearest] of WRONG) {
        const answer = await registry.send('GET', `/v1/gap-map?${query}`)
        t.equal(answer.statusCode, 400, query)
        t.match(answer.json().errors?.[0], { parameter, ...(nearest ? { nearest } : {}) }, query)
      }
      t.equal((await registry.send('GET', '/v1/gap-map', { headers: { accept: 'image/png' } })).statusCode, 406)
      t.equal((await registry.send('GET', '/v1/gap-map?status=draft')).statusCode, 401)
    })

    await t.test('what is missing can be asked for', async (t) => {
      const all = (await read('/v1/measures?limit=1000&fields=id,gapCount,stratifiers')).items as {
        id: string
        gapCount: { total: number; kinds: string[] }
        stratifiers?: { dimension: string; availability: string }[]
      }[]
      const rows: readonly (readonly [query: string, keep: (measure: (typeof all)[number]) => boolean])[] = [
        ['missing=stratifiers', ({ stratifiers = [] }) => stratifiers.length === 0],
        [
          'stratifier=!ethnicity-culture',
          ({ stratifiers = [] }) =>
            !stratifiers.some(
              ({ dimension, availability }) => dimension === 'ethnicity-culture' && ['available', 'partial'].includes(availability)
            )
        ],
        ['hasGap=true', ({ gapCount }) => gapCount.total > 0],
        ['hasGap=false', ({ gapCount }) => gapCount.total === 0],
        ['gapKind=no-translation', ({ gapCount }) => gapCount.kinds.includes('no-translation')],
        ['gapKind=!no-stratification', ({ gapCount }) => !gapCount.kinds.includes('no-stratification')]
      ]
      for (const [query, keep] of rows) {
        const { total } = await read(`/v1/measures?${query}&limit=1`)
        t.equal(total, all.filter(keep).length, query)
        t.ok(total > 0, query)
      }
      for (const { id, gapCount } of all.slice(0, 30)) {
        const { total } = await read(`/v1/measures/${id}/gaps?certainty=!unknown&limit=1`)
        t.equal(total, gapCount.total, id)
      }
    })
  })
}

/** The filters of a list of measures, as readiness names them. */
function asFilters(url: string): string {
  const filters = new URLSearchParams(url.split('?')[1])
  const shared = new Set(['setting', 'jurisdiction', 'language', 'stratifier'])
  const named = new URLSearchParams()
  for (const [name, value] of filters) named.append(shared.has(name) ? `measure.${name}` : name, value)
  return named.toString()
}
