/** The gap map as a picture (SVG) that can be pasted into a report: readable in colour, in black and white, and by screen readers. */

import { cleaned, escaped, widthOf, wrap } from '../drawing/text.ts'
import { FONTS, GAP, heightOf, type Layout, layoutOf, MARGIN } from './heat-map.layout.ts'
import { legend } from './heat-map.legend.ts'
import { lines, Page } from './heat-map.page.ts'
import { box, MARK, mark, patterns, px } from './heat-map.states.ts'
import { HeatMapWording, isSevere, isUnjudged } from './heat-map.words.ts'

export interface HeatMapCell {
  readonly measures: number
  readonly ready: number
  /** Measures of which nobody can tell whether they are ready. */
  readonly unknown: number
  readonly openGaps: number
  /** Of the open gaps; null where there are none. */
  readonly highestSeverity: 'low' | 'moderate' | 'high' | 'critical' | 'unknown' | null
  readonly state: 'absolute-gap' | 'usable-gap' | 'thin' | 'covered'
  /** Where the measures and gaps of the cell are: relative, or http(s). Any other scheme is left out. */
  readonly href?: string
}

export interface HeatMap {
  readonly title: string
  readonly description: string
  readonly language: 'en' | 'nl' | 'fr' | 'de' | 'es'
  readonly rowsTitle: string
  readonly columnsTitle: string
  readonly rows: readonly { readonly code: string; readonly label: string }[]
  readonly columns: readonly { readonly code: string; readonly label: string }[]
  /** One list for each row, with a cell for each column. */
  readonly cells: readonly (readonly HeatMapCell[])[]
  readonly stateLabels: Readonly<Record<HeatMapCell['state'], string>>
  readonly source: string
  /** ISO 8601; told as a day in the language. */
  readonly date: string
}

const INK = '#1a1a1a'
/** Of a mark, from the edges of its cell. */
const INSET = 1.5

/**
 * A standalone SVG document; the same map gives the same text. Without rows or without columns it says that there is nothing.
 *
 * Some 30 rows and 10 columns can be read on an A4 page in portrait (letters of 6 points and more), some 24 rows and 20 columns on one
 * in landscape (5 points and more; better on A3). Larger maps, up to 300 by 300 cells, are valid and whole, but are for a screen that
 * zooms or for a poster.
 */
export function heatMapSvg(map: HeatMap): string {
  const words = new HeatMapWording(map)
  const id = `heat-map-${fingerprint(map)}`
  const isEmpty = map.rows.length === 0 || map.columns.length === 0
  let longest = ''
  for (const row of map.cells) for (const cell of row) if (numberOf(cell).length > longest.length) longest = numberOf(cell)
  const layout = layoutOf(map, longest, 2 * MARK + 4)
  const said = isEmpty ? words.say('nothing') : words.extremes()

  const page = new Page(layout.width - 2 * MARGIN)
  page.write(wrap(map.title, page.width, FONTS.title, 4), FONTS.title)
  page.skip(4)
  page.write(wrap(map.description, page.width, FONTS.text, 8), FONTS.text)
  page.skip(4)
  page.write(wrap(said, page.width, FONTS.text, 8), FONTS.text)
  page.skip(14)
  if (!isEmpty) {
    page.add(...headings(map, layout, page.y))
    page.add(...cellsOf(map, layout, page.y, id, words))
    page.skip(16)
    page.add(...legend(map, page, id, words))
  }
  page.skip(6)
  page.write(wrap(words.source(), page.width, FONTS.small, 4), FONTS.small)

  const [width, height] = [px(layout.width), px(page.y + MARGIN)]
  const told = [map.description, isEmpty ? said : `${words.cells()} ${said}`].map(escaped).join(' ')
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ` +
    `width="${width}" height="${height}" role="img" aria-labelledby="${id}-title ${id}-desc" lang="${map.language}" ` +
    `xml:lang="${map.language}" font-family="Arial, Helvetica, sans-serif" font-size="${FONTS.text.size}" fill="${INK}">\n` +
    `<title id="${id}-title">${escaped(map.title)}</title>\n<desc id="${id}-desc">${told}</desc>\n` +
    `<defs>${patterns(id)}</defs>\n<rect width="${width}" height="${height}" fill="#ffffff"/>\n${page.parts.join('\n')}\n</svg>\n`
  )
}

/** Titles of both axes and labels of the columns, above the cells. */
function headings(map: HeatMap, { rows, columns, left }: Layout, top: number): [part: string, height: number] {
  const title = heightOf(columns.title, FONTS.axis) + GAP
  const height = Math.max(title + columns.height, heightOf(rows.title, FONTS.axis)) + GAP
  const bottom = top + height - GAP
  const labels = columns.labels.map((label, column) => {
    const middle = left + (column + 0.5) * columns.width
    const [size, whole] = [heightOf(label, FONTS.column), map.columns[column]!.label]
    if (!columns.isTurned) return lines(label, middle, bottom - size, FONTS.column, whole)
    return `<g transform="translate(${px(middle - size / 2)} ${px(bottom)}) rotate(-90)">${lines(label, 0, 0, FONTS.column, whole)}</g>`
  })
  const rowsTitle = lines(rows.title, left - GAP, bottom - heightOf(rows.title, FONTS.axis), FONTS.axis, map.rowsTitle)
  const parts = [
    lines(columns.title, left, top, FONTS.axis, map.columnsTitle),
    rowsTitle && `<g text-anchor="end">${rowsTitle}</g>`,
    `<g class="columns" text-anchor="${columns.isTurned ? 'start' : 'middle'}">${labels.join('\n')}</g>`
  ]
  return [parts.filter(Boolean).join('\n'), height]
}

const numberOf = ({ ready, measures }: HeatMapCell) => `${ready}/${measures}`

/** Labels of the rows, and the cells. */
function cellsOf(map: HeatMap, layout: Layout, top: number, id: string, words: HeatMapWording): [part: string, height: number] {
  const { rows, columns, left } = layout
  const labels = rows.labels.map((label, row) => {
    const y = top + (row + 0.5) * rows.height - heightOf(label, FONTS.row) / 2
    return lines(label, left - GAP, y, FONTS.row, map.rows[row]!.label)
  })
  const columnNames = map.columns.map(({ label }) => escaped(label))
  const lefts = map.columns.map((_, column) => px(left + column * columns.width))
  const draw = drawer(id, columns.width, rows.height)
  const cells = map.rows.map(({ label }, row) => {
    const rowName = escaped(label)
    const y = px(top + row * rows.height)
    const drawn = (map.cells[row] ?? []).slice(0, columnNames.length).map((cell, column) => {
      const title = `${rowName}, ${columnNames[column]}: ${words.cell(cell)}`
      const group = `<g transform="translate(${lefts[column]} ${y})"><title>${title}</title>${draw(cell)}</g>`
      const href = cell.href === undefined ? undefined : linkOf(cell.href)
      return href === undefined ? group : `<a href="${href}">${group}</a>`
    })
    // Joined row by row, so that the pieces of 90 000 cells are not all in memory at once.
    return drawn.join('\n')
  })
  const number = `font-size="${FONTS.number.size}" font-weight="bold" text-anchor="middle"`
  const drawn = `<g class="rows" text-anchor="end">${labels.join('\n')}</g>\n<g class="cells" ${number}>${cells.join('\n')}</g>`
  return [drawn, rows.height * map.rows.length]
}

/** Draws cells of one size; those with the same look and number are drawn once. */
function drawer(id: string, width: number, height: number): (cell: HeatMapCell) => string {
  const marks = { none: '', severe: mark(width - INSET, INSET, true), unjudged: mark(width - INSET, INSET, false) }
  const drawn = { none: alike(), severe: alike(), unjudged: alike() }
  return (cell) => {
    const marking = isSevere(cell) ? 'severe' : isUnjudged(cell) ? 'unjudged' : 'none'
    const number = numberOf(cell)
    const known = drawn[marking][cell.state]
    let picture = known.get(number)
    if (picture === undefined) {
      picture = box(id, cell.state, { x: 0, y: 0, width, height }, number, widthOf(number, FONTS.number) + 4) + marks[marking]
      known.set(number, picture)
    }
    return picture
  }
}

const alike = (): Readonly<Record<HeatMapCell['state'], Map<string, string>>> => ({
  'absolute-gap': new Map(),
  'usable-gap': new Map(),
  thin: new Map(),
  covered: new Map()
})

/** A link that leads to a page; one that could do something else is none. Browsers read over spaces and control characters. */
function linkOf(href: string): string | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(cleaned(href).replaceAll(' ', ''))?.[1]
  return scheme === undefined || /^https?$/i.test(scheme) ? escaped(href) : undefined
}

/** Tells pictures apart that stand in one page, by all but their numbers (FNV-1a, 32 bits). */
function fingerprint({ cells: _, ...named }: HeatMap): string {
  let hash = 0x811c9dc5
  for (const character of JSON.stringify(named)) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193) >>> 0
  return hash.toString(36)
}
