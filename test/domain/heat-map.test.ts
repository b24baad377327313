/** The gap map as a picture: well-formed, harmless, readable. */
import { existsSync } from 'node:fs'
import { chromium, type Page } from 'playwright-core'
import t from 'tap'
import { cleaned, escaped, wrap } from '../../src/drawing/text.ts'
import { LOOKS } from '../../src/gaps/heat-map.states.ts'
import texts from '../../src/gaps/heat-map.texts.json' with { type: 'json' }
import { type HeatMap, type HeatMapCell, heatMapSvg } from '../../src/gaps/heat-map.ts'
import { STATES } from '../../src/gaps/heat-map.words.ts'
import { scanWholeXml } from '../../src/imports/reading/xml.ts'

const HOSTILE = [
  '</title><script>alert(1)</script>',
  'one\u0000two\u0008three\uFFFE\uD800 " onload="alert(1)',
  'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(3),
  'الرعاية المتكاملة للأشخاص في المنزل \u202E and back',
  '👩‍👩‍👧‍👦 🇳🇱 families & “carers” < others',
  '護理協調與連續性護理協調與連續性護理協調與連續性護理協調與連續性',
  ''
]
const axis = (count: number, labels: readonly string[]) =>
  Array.from({ length: count }, (_, index) => ({ code: `c-${index}`, label: labels[index % labels.length]! }))
const cell = (state: HeatMapCell['state'], more: Partial<HeatMapCell> = {}): HeatMapCell => {
  const [measures, ready] = { 'absolute-gap': [0, 0], 'usable-gap': [4, 0], thin: [5, 2], covered: [12, 10] }[state] as [number, number]
  return { measures, ready, unknown: 0, openGaps: 0, highestSeverity: null, state, ...more }
}
const LABELS = ['Care coordination', 'Continuity of care between settings and over time', 'Access', 'Person-centred care', 'Equity']
function mapOf(rows: number, columns: number, more: Partial<HeatMap> = {}): HeatMap {
  const severities = ['high', 'unknown', 'low', 'critical'] as const
  return {
    title: 'Measures of integrated care',
    description: 'Where measures are missing.',
    language: 'en',
    rowsTitle: 'Domain',
    columnsTitle: 'Equity dimension',
    rows: axis(rows, LABELS),
    columns: axis(columns, LABELS),
    cells: Array.from({ length: rows }, (_, row) =>
      Array.from({ length: columns }, (_, column) => {
        const openGaps = (row + column) % 3
        const highestSeverity = openGaps ? severities[(row * column) % 4]! : null
        return cell(STATES[(row + 2 * column) % 4]!, { openGaps, highestSeverity, href: `/measures?row=${row}&column=${column}` })
      })
    ),
    stateLabels: { 'absolute-gap': 'No measure', 'usable-gap': 'No measure ready', thin: 'Thinly covered', covered: 'Covered' },
    source: 'Common Measure',
    date: '2026-03-14',
    ...more
  }
}
const hostile = (rows = 7, columns = 7) => {
  const text = HOSTILE.join(' ')
  return mapOf(rows, columns, {
    title: text,
    description: text,
    rowsTitle: text,
    columnsTitle: text,
    source: text,
    date: text,
    rows: axis(rows, HOSTILE),
    columns: axis(columns, HOSTILE),
    stateLabels: { 'absolute-gap': text, 'usable-gap': text, thin: text, covered: text }
  })
}

/** The elements of a document, having been read to its end. */
async function elementsOf(svg: string): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  async function* whole() {
    yield Buffer.from(svg)
  }
  await scanWholeXml('heat map', whole(), { open: (name) => found.set(name, (found.get(name) ?? 0) + 1) })
  return found
}
const cellTitles = (svg: string) => [...svg.matchAll(/<g transform="translate[^>]*><title>([^<]*)<\/title>/g)].map(([, title]) => title!)

t.test('maps of every size are well-formed, and the same map gives the same text', async (t) => {
  for (const [rows, columns] of [
    [0, 0],
    [0, 3],
    [3, 0],
    [1, 1],
    [3, 3],
    [24, 8],
    [24, 20],
    [300, 300]
  ] as const) {
    const svg = heatMapSvg(mapOf(rows, columns))
    const elements = await elementsOf(svg)
    t.match(svg, /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 [\d.]+ [\d.]+"/)
    t.equal(elements.get('svg'), 1)
    t.equal(cellTitles(svg).length, rows * columns, `${rows} x ${columns}`)
    t.equal(elements.get('a') ?? 0, rows * columns)
    t.notMatch(svg, /NaN|Infinity|undefined|null/)
    t.equal(svg.length, heatMapSvg(mapOf(rows, columns)).length)
    if (rows < 300) t.equal(svg, heatMapSvg(mapOf(rows, columns)))
  }
})

t.test('a map without rows or columns says so', async (t) => {
  for (const language of ['en', 'nl', 'fr', 'de', 'es'] as const) {
    const svg = heatMapSvg(mapOf(0, 4, { language }))
    t.ok(svg.includes(`<desc id="${/id="([^"]*)-desc"/.exec(svg)![1]}-desc">Where measures are missing. ${texts[language].nothing}</desc>`))
    t.match(svg, /<tspan[^>]*>[^<]*Common Measure/, 'with its source')
  }
})

t.test('hostile text stays text', async (t) => {
  const svg = heatMapSvg(hostile())
  const elements = await elementsOf(svg)
  t.same([...elements.keys()].sort(), ['a', 'defs', 'desc', 'g', 'path', 'pattern', 'rect', 'svg', 'text', 'title', 'tspan'])
  t.notMatch(svg, /<script|style=|<style|<image|<use|xlink|\son\w+="/i)
  t.same([...new Set(svg.match(/https?:[^"]*/g))], ['http://www.w3.org/2000/svg'], 'nothing comes from elsewhere')
  t.notMatch(svg, /[^\P{Cc}\n]|[\uFFFE\uFFFF\u202E]/u)
  t.ok(svg.isWellFormed())
  t.equal(cleaned(' a\n\tb\u0007\u009F\uFFFF\uDC00c '), 'a bc')
  t.equal(escaped('<a href="x">&'), '&lt;a href=&quot;x&quot;&gt;&amp;')
})

t.test('links lead to pages only', async (t) => {
  const hrefOf = (href: string) => / *<a href="([^"]*)"/.exec(heatMapSvg(mapOf(1, 1, { cells: [[cell('thin', { href })]] })))?.[1]
  for (const href of ['/measures', 'measures?a=b', '?a=b:c', '#x', 'https://example.org/a', 'HTTP://example.org'])
    t.equal(hrefOf(href), href)
  t.equal(hrefOf('?a=1&b="2"'), '?a=1&amp;b=&quot;2&quot;')
  for (const href of [
    'javascript:alert(1)',
    ' java\nscript:alert(1)',
    '\u0001JavaScript:x',
    'data:text/html,x',
    'vbscript:x',
    'j avascript:x'
  ])
    t.equal(hrefOf(href), undefined, JSON.stringify(href))
  const without = heatMapSvg(mapOf(1, 1, { cells: [[cell('thin')]] }))
  t.notMatch(without, '<a ')
})

t.test('lines break between words, and what is shortened says so', async (t) => {
  const font = { size: 10 }
  t.same(wrap('Care of the whole person', 80, font, 9).lines.join(' '), 'Care of the whole person')
  t.same(wrap('Socio-economic', 60, font, 2).lines, ['Socio-', 'economic'])
  t.match(wrap('Care of the whole person at home', 60, font, 2), { isShortened: true, isBroken: false, lines: { length: 2 } })
  t.match(wrap('W'.repeat(10_000), 60, font, 2), { isShortened: true, isBroken: true, lines: { length: 2 } })
  t.match(wrap('👩‍👩‍👧‍👦'.repeat(9), 1, font, 2).lines, ['👩‍👩‍👧‍👦', '👩‍👩‍👧‍👦…'], 'what people see as one character stays one')
  t.same(wrap(' ', 60, font, 2), { lines: [], width: 0, isShortened: false, isBroken: false })
  const long = 'Donaudampfschifffahrtsgesellschaftskapitänsversammlung '.repeat(3).trim()
  const svg = heatMapSvg(mapOf(1, 1, { rows: [{ code: 'a', label: long }], columns: [{ code: 'a', label: long }] }))
  t.equal(svg.split(`><title>${long}</title><tspan`).length, 3, 'the whole label of a row and of a column is at hand')
})

t.test('states differ by lightness and by pattern, and numbers can be read on them', async (t) => {
  const linear = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
  const luminance = (hex: string) => {
    const [r, g, b] = linear(hex).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)) as [
      number,
      number,
      number
    ]
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const lightness = (hex: string) => 116 * Math.cbrt(luminance(hex)) - 16
  const contrast = (one: string, other: string) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
    return (light + 0.05) / (dark + 0.05)
  }
  for (const state of STATES) t.ok(contrast(LOOKS[state].fill, LOOKS[state].text) >= 4.5, `${state} can be read`)
  const steps = STATES.slice(1).map((state, index) => lightness(LOOKS[state].fill) - lightness(LOOKS[STATES[index]!].fill))
  t.ok(
    steps.every((step) => step >= 20),
    `the better the lighter: ${steps.map(Math.round).join(', ')}`
  )
  t.same(
    STATES.map((state) => LOOKS[state].pattern?.name ?? 'none'),
    ['cross-hatch', 'lines', 'dots', 'none']
  )
  for (const state of STATES) {
    const svg = heatMapSvg(mapOf(1, 1, { cells: [[cell(state)]] }))
    const drawn = /<g class="cells".*?<\/g><\/g>/s.exec(svg)![0]
    const { fill, text, pattern } = LOOKS[state]
    t.match(drawn, `fill="${fill}"`)
    t.equal(/url\(#[\w-]*?-(cross-hatch|lines|dots)\)/.exec(drawn)?.[1], pattern?.name)
    t.match(
      drawn,
      new RegExp(`fill="${text}">${{ 'absolute-gap': '0/0', 'usable-gap': '0/4', thin: '2/5', covered: '10/12' }[state]}</text>`)
    )
    for (const [, id] of svg.matchAll(/url\(#([^)]*)\)/g)) t.match(svg, `<pattern id="${id}"`)
  }
})

t.test('the picture, its cells and its marks have words', async (t) => {
  const cells = [
    [cell('absolute-gap', { openGaps: 2, highestSeverity: 'critical' }), cell('absolute-gap')],
    [cell('thin', { measures: 1, ready: 1, unknown: 0, openGaps: 1, highestSeverity: 'low' }), cell('covered', { unknown: 2 })],
    [cell('usable-gap', { openGaps: 1, highestSeverity: 'unknown' }), cell('covered', { openGaps: 0, highestSeverity: 'high' })]
  ]
  const rows = [
    { code: 'a', label: 'Home' },
    { code: 'b', label: 'Work & income' },
    { code: 'c', label: 'Care' }
  ]
  const columns = [
    { code: 'x', label: 'Age' },
    { code: 'y', label: 'Language' }
  ]
  const svg = heatMapSvg(mapOf(3, 2, { cells, rows, columns }))
  t.same(cellTitles(svg), [
    'Home, Age: 0 measures, 0 ready, No measure, 2 open gaps, severity high or critical',
    'Home, Language: 0 measures, 0 ready, No measure, 0 open gaps',
    'Work &amp; income, Age: 1 measure, 1 ready, Thinly covered, 1 open gap',
    'Work &amp; income, Language: 12 measures, 10 ready, 2 of unknown readiness, Covered, 0 open gaps',
    'Care, Age: 4 measures, 0 ready, No measure ready, 1 open gap, severity unknown',
    'Care, Language: 12 measures, 10 ready, Covered, 0 open gaps'
  ])
  const id = /<title id="([^"]*)-title">Measures of integrated care<\/title>/.exec(svg)![1]
  t.match(svg, `role="img" aria-labelledby="${id}-title ${id}-desc" lang="en" xml:lang="en"`)
  t.equal(
    /<desc[^>]*>([^<]*)/.exec(svg)![1],
    'Where measures are missing. 6 cells: No measure 2, No measure ready 1, Thinly covered 1, Covered 2. ' +
      '“No measure” is most frequent in Home (2 of 2 cells). “Covered” is most frequent in Work &amp; income; Care (1 of 2 cells each).'
  )
  const marks = (colour: string) => svg.split(`z" fill="${colour}" stroke="#`).length - 1
  t.same([marks('#000000'), marks('#ffffff')], [2, 2], 'one in a cell and one in the legend, of each')
  const shown = svg.replaceAll(/<\/tspan> <tspan[^>]*>/g, ' ')
  for (const words of [
    'No measure (2)',
    'Covered (2)',
    texts.en.mark,
    texts.en.unjudgedMark,
    texts.en.numbers,
    'Source: Common Measure, 14 March 2026'
  ])
    t.ok(shown.includes(words), words)
  t.notMatch(heatMapSvg(mapOf(1, 1, { cells: [[cell('thin')]] })), texts.en.unjudgedMark, 'what is nowhere needs no explanation')
  const other = heatMapSvg(mapOf(3, 2, { cells, rows, columns, title: 'Another' }))
  t.notMatch(other, `"${id}-title"`, 'two pictures can stand in one page')
})

t.test('five languages', async (t) => {
  const said = { en: '1 open gap', nl: '1 open hiaat', fr: '1 lacune ouverte', de: '1 offene Lücke', es: '1 laguna abierta' }
  const day = { en: '14 March 2026', nl: '14 maart 2026', fr: '14 mars 2026', de: '14. März 2026', es: '14 de marzo de 2026' }
  t.same(Object.keys(texts), Object.keys(said))
  for (const language of ['en', 'nl', 'fr', 'de', 'es'] as const) {
    t.same(Object.keys(texts[language]), Object.keys(texts.en))
    const svg = heatMapSvg(mapOf(3, 5, { language }))
    t.match(svg, ` lang="${language}" xml:lang="${language}"`)
    for (const words of [said[language], day[language], texts[language].mark]) t.ok(svg.includes(words), words)
    t.notMatch(svg, /[{}]/)
    t.ok((await elementsOf(svg)).size > 5)
  }
  t.ok(heatMapSvg(mapOf(1, 1, { date: 'spring' })).includes('Common Measure, spring'), 'what is no day is told as it stands')
})

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = process.env['CHROMIUM'] ?? BROWSERS.find((path) => existsSync(path))
if (!executablePath && process.env['CI'] === 'true') throw new Error('Continuous integration does not skip the browser: install chromium')

interface Box {
  readonly name: string
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}
interface Drawn {
  readonly isWellFormed: boolean
  readonly picture: Box
  readonly texts: readonly Box[]
  readonly rowLabels: readonly Box[]
  readonly cells: readonly { readonly cell: Box; readonly number: Box; readonly mark: Box | null }[]
}

/** Where a browser draws what; in its own language, whose types are not those of the registry. */
const drawn = (page: Page, svg: string) =>
  page.evaluate<Drawn>(`(() => {
    const parsed = new DOMParser().parseFromString(${JSON.stringify(svg)}, 'image/svg+xml')
    document.body.replaceChildren(document.importNode(parsed.documentElement, true))
    const root = document.body.firstElementChild
    const boxOf = (element) => {
      if (!element) return null
      const { left, top, right, bottom } = element.getBoundingClientRect()
      return { name: element.textContent, left, top, right, bottom }
    }
    const all = (selector) => [...root.querySelectorAll(selector)]
    return {
      isWellFormed: !parsed.querySelector('parsererror'),
      picture: boxOf(root),
      texts: all('text').filter((text) => !text.closest('.cells')).map(boxOf),
      rowLabels: all('.rows text').map(boxOf),
      cells: all('.cells g').map((group) => ({
        cell: boxOf(group.querySelector('rect')), number: boxOf(group.querySelector('text')), mark: boxOf(group.querySelector('path'))
      }))
    }
  })()`)

/** Boxes of lines are higher than their letters. */
const lettersOf = ({ top, bottom, ...box }: Box): Box => {
  const rim = (bottom - top) * 0.15
  return { ...box, top: top + rim, bottom: bottom - rim }
}
const meet = (a: Box, b: Box) =>
  Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.5
const isIn = (a: Box, b: Box) => a.left >= b.left && a.top >= b.top && a.right <= b.right && a.bottom <= b.bottom

/** What is outside the picture, or where something else is. */
function troublesIn({ isWellFormed, picture, texts, rowLabels, cells }: Drawn): string[] {
  const troubles = isWellFormed ? [] : ['not well-formed']
  for (const each of [...texts, ...cells.map(({ cell }) => cell)]) if (!isIn(each, picture)) troubles.push(`outside: ${each.name}`)
  for (const text of texts) if (cells.some(({ cell }) => meet(cell, text))) troubles.push(`over a cell: ${text.name}`)
  for (const label of rowLabels) if (label.right > (cells[0]?.cell.left ?? label.right)) troubles.push(`reaches the cells: ${label.name}`)
  for (const [index, text] of texts.entries())
    for (const other of texts.slice(index + 1))
      if (meet(lettersOf(text), lettersOf(other))) troubles.push(`over each other: ${text.name} / ${other.name}`)
  for (const { cell, number, mark } of cells) {
    if (!isIn(number, cell)) troubles.push(`a number leaves its cell: ${number.name}`)
    if (mark && mark.left < number.right - 0.5) troubles.push(`a mark is over its number: ${number.name}`)
  }
  return troubles
}

t.test('in a browser', { skip: !executablePath && 'there is no Chromium on this machine; CHROMIUM names one' }, async (t) => {
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync'
  ]
  const browser = await chromium.launch({ executablePath: executablePath!, args })
  t.teardown(() => browser.close())
  const page = await browser.newPage({ viewport: { width: 1600, height: 1200 } })
  await page.setContent('<body style="margin:0"></body>')
  const large = mapOf(2, 2, { cells: [[cell('thin', { measures: 123_456, ready: 123_456, openGaps: 1, highestSeverity: 'high' })]] })
  const maps: [name: string, map: HeatMap][] = [
    ['0 x 0', mapOf(0, 0)],
    ['1 x 1', mapOf(1, 1)],
    ['3 x 3', mapOf(3, 3, { language: 'fr' })],
    ['24 x 8', mapOf(24, 8, { language: 'de' })],
    ['24 x 20', mapOf(24, 20, { language: 'es' })],
    ['hostile', hostile()],
    ['hostile and wide', hostile(7, 30)],
    ['large numbers', large]
  ]
  for (const [name, map] of maps) {
    const seen = await drawn(page, heatMapSvg(map))
    t.same(troublesIn(seen), [], name)
    t.equal(seen.cells.length, map.cells.flat().length)
  }
  await drawn(page, heatMapSvg(mapOf(2, 1)))
  const link = page.getByRole('link', { name: 'Care coordination, Care coordination: 0 measures, 0 ready, No measure, 0 open gaps' })
  t.equal(await link.getAttribute('href'), '/measures?row=0&column=0')
  t.equal(await page.getByRole('img', { name: /^Measures of integrated care Where measures are missing\. 2 cells/ }).count(), 1)
})
