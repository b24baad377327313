/** The legend of the heat map. */

import { widthOf, wrap } from '../drawing/text.ts'
import { FONTS, GAP, heightOf, MARGIN } from './heat-map.layout.ts'
import { lines, type Page } from './heat-map.page.ts'
import { box, MARK, mark } from './heat-map.states.ts'
import type { HeatMap } from './heat-map.ts'
import { cellsByState, type HeatMapWording, isUnjudged, STATES } from './heat-map.words.ts'

const SWATCH = { width: 30, height: 20 }
const MARK_ROOM = MARK + 6
const LEADING = SWATCH.height + 6

interface Item {
  readonly text: string
  /** Width of what is drawn before the text. */
  readonly size: number
  readonly draw: (x: number, y: number) => string
}

/** The states with how many cells are in each, the marks, and what the numbers are. */
export function legend(map: HeatMap, page: Page, id: string, words: HeatMapWording): [part: string, height: number] {
  const counts = cellsByState(map)
  const states = STATES.map((state) => ({
    text: `${map.stateLabels[state]} (${counts[state]})`,
    size: SWATCH.width,
    draw: (x: number, y: number) => box(id, state, { x, y, ...SWATCH }, '', 0)
  }))
  const marking = (key: 'mark' | 'unjudgedMark') => ({
    text: words.say(key),
    size: MARK_ROOM,
    draw: (x: number, y: number) => mark(x + MARK + 2, y + 5, key === 'mark')
  })
  const marks = map.cells.some((row) => row.some(isUnjudged)) ? [marking('mark'), marking('unjudgedMark')] : [marking('mark')]
  let y = page.y
  const parts: string[] = []
  for (const items of [states, marks]) {
    const [drawn, height] = grid(items, page.width, y)
    parts.push(drawn)
    y += height
  }
  const numbers = wrap(words.say('numbers'), page.width, FONTS.text, 4)
  parts.push(lines(numbers, MARGIN, y + 2, FONTS.text))
  return [`<g class="legend">${parts.join('\n')}</g>`, y + 2 + heightOf(numbers, FONTS.text) - page.y]
}

/** Items in one row where they fit, else two by two, else below each other. */
function grid(items: readonly Item[], width: number, top: number): [part: string, height: number] {
  const widest = Math.max(...items.map(({ text, size }) => size + GAP + widthOf(text, FONTS.text))) + 2 * GAP
  const across = [items.length, 2].find((each) => each * widest <= width + 2 * GAP) ?? 1
  const parts = items.map(({ text, size, draw }, index) => {
    const [x, y] = [MARGIN + (index % across) * widest, top + Math.floor(index / across) * LEADING]
    const label = wrap(text, width - size - GAP, FONTS.text, 1)
    return draw(x, y) + lines(label, x + size + GAP, y + (SWATCH.height - FONTS.text.size * 1.1) / 2, FONTS.text, text)
  })
  return [parts.join('\n'), Math.ceil(items.length / across) * LEADING]
}
