/** Where everything of the heat map goes: sizes grow with rows, columns and the longest number. */
import { type Font, type Wrapped, widthOf, wrap } from '../drawing/text.ts'
import type { HeatMap } from './heat-map.ts'

export const MARGIN = 24
export const FONTS = {
  title: { size: 18, isBold: true },
  text: { size: 12 },
  axis: { size: 12, isBold: true },
  row: { size: 12 },
  column: { size: 11 },
  number: { size: 11, isBold: true },
  small: { size: 10 }
} as const satisfies Record<string, Font>
/** Between labels and cells. */
export const GAP = 8
/** Distance of lines, in ems. */
const LEADING = 1.2
/** Title and legend need as much, however small the map is. */
const LEAST_WIDTH = 600
const ROW_LABEL = { width: 210, lines: 2 }
/** Labels of columns stay upright where they fit whole in cells of one of these widths, and all of that in the total. */
const UPRIGHT = { widths: [64, 72, 80, 88, 96, 104, 120, 140], lines: 5, total: 760 }
const TURNED = { length: 190, lines: 2 }
const LEAST_CELL = 40

export const leadingOf = ({ size }: Font) => size * LEADING
/** Height of wrapped text. */
export const heightOf = ({ lines }: Pick<Wrapped, 'lines'>, font: Font) => lines.length * leadingOf(font)

export interface Columns {
  readonly labels: readonly Wrapped[]
  readonly isTurned: boolean
  /** Of a cell. */
  readonly width: number
  /** Of the labels. */
  readonly height: number
}

function columnsOf(map: HeatMap, number: number): Columns {
  const labelled = (width: number, lines: number) => map.columns.map(({ label }) => wrap(label, width - 6, FONTS.column, lines))
  for (const width of UPRIGHT.widths) {
    if (width < number || width * map.columns.length > UPRIGHT.total) continue
    const labels = labelled(width, UPRIGHT.lines)
    if (labels.some(({ isShortened, isBroken }) => isShortened || isBroken)) continue
    return { labels, isTurned: false, width, height: Math.max(0, ...labels.map((label) => heightOf(label, FONTS.column))) }
  }
  const labels = labelled(TURNED.length, TURNED.lines)
  return { labels, isTurned: true, width: Math.max(LEAST_CELL, number), height: Math.max(0, ...labels.map(({ width }) => width)) }
}

export interface Layout {
  readonly rows: { readonly title: Wrapped; readonly labels: readonly Wrapped[]; readonly width: number; readonly height: number }
  readonly columns: Columns & { readonly title: Wrapped }
  /** Of the picture. */
  readonly width: number
  /** Where the cells begin, from the left. */
  readonly left: number
}

/** `number` is the longest that stands in a cell, `extra` the room for what else does. */
export function layoutOf(map: HeatMap, number: string, extra: number): Layout {
  const columns = columnsOf(map, widthOf(number, FONTS.number) + extra)
  const labels = map.rows.map(({ label }) => wrap(label, ROW_LABEL.width, FONTS.row, ROW_LABEL.lines))
  const title = wrap(map.rowsTitle, ROW_LABEL.width, FONTS.axis, ROW_LABEL.lines)
  const rowsWidth = labels.reduce((widest, each) => Math.max(widest, each.width), title.width)
  const left = MARGIN + rowsWidth + GAP
  const width = Math.max(LEAST_WIDTH, left + columns.width * map.columns.length + MARGIN)
  const height = labels.some(({ lines }) => lines.length > 1) ? 34 : 28
  return {
    rows: { title, labels, width: rowsWidth, height },
    columns: { ...columns, title: wrap(map.columnsTitle, width - MARGIN - left, FONTS.axis, 2) },
    width,
    left
  }
}
