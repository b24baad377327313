/** Where everything of a card goes, on paper and on the screen alike. Lengths are points, 1/72 inch. */
import { type Font, wrap } from '../../drawing/text.ts'
import { printedCode } from '../voting/codes.ts'
import { isRightToLeft } from './direction.ts'
import { CARD_TEXTS, type Card, type CardSheet } from './sheet.ts'

/** ISO 216. Eight cards of A7 are cut from one A4 with four cuts. */
export const PAGE = { width: 595.28, height: 841.89 }
export const COLUMNS = 2
export const ROWS = 4
export const PER_PAGE = COLUMNS * ROWS
export const CARD = { width: PAGE.width / COLUMNS, height: PAGE.height / ROWS }
/** Wide enough for printers that cannot print to the edge, and for the quiet zone of the square. */
const PADDING = 18
const INNER = CARD.width - 2 * PADDING
const QUIET = 12
export const SQUARE = { x: CARD.width - PADDING - 80, y: PADDING, size: 80 }
const BESIDE = INNER - SQUARE.size - QUIET
/** Distance of lines, in ems. */
const LEADING = 1.2
const heightOf = ({ size }: Font) => size * LEADING

const FONTS = {
  title: { size: 11, isBold: true },
  question: { size: 8 },
  group: { size: 8, isBold: true },
  text: { size: 7.5 },
  address: { size: 8, isBold: true },
  code: { size: 12.5, isBold: true }
} as const satisfies Record<string, Font>

/** A line of text: where it begins, its baseline, and how wide it may be. */
export interface Line {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly font: Font
  /** Whether the whole text of which it is a line reads so: a line of Hebrew may begin with an English word. */
  readonly isRightToLeft: boolean
}

/** Where people go who have no camera: without the code, and without what nobody needs to type. */
export const addressOf = (url: string): string =>
  url
    .replace(/#.*$/s, '')
    .replace(/^https:\/\//, '')
    .replace(/\/$/, '')

class Column {
  readonly lines: Line[] = []
  y: number

  constructor(y: number) {
    this.y = y
  }

  write(text: string, width: number, font: Font, most: number): void {
    const turned = isRightToLeft(text)
    for (const line of wrap(text, width, font, most).lines) {
      this.lines.push({ text: line, x: PADDING, y: this.y + font.size, width, font, isRightToLeft: turned })
      this.y += heightOf(font)
    }
  }
}

/** What all cards of a sheet share, and where the code goes. Made once for all cards with the same address. */
function sharedLines({ title, question, group, lang }: CardSheet, address: string): readonly [lines: readonly Line[], codeAt: number] {
  const texts = CARD_TEXTS[lang]
  const beside = new Column(PADDING)
  beside.write(title, BESIDE, FONTS.title, 3)
  beside.y += 2
  const room = SQUARE.y + SQUARE.size - beside.y - 3 - heightOf(FONTS.group)
  beside.write(question, BESIDE, FONTS.question, Math.floor(room / heightOf(FONTS.question)))
  beside.y += 3
  beside.write(group, BESIDE, FONTS.group, 1)
  const below = new Column(SQUARE.y + SQUARE.size + 5)
  below.write(texts.scan, INNER, FONTS.text, 2)
  below.write(address, INNER, FONTS.address, 2)
  const codeAt = below.y + 4 + FONTS.code.size
  below.y = codeAt + 5
  below.write(texts.about, INNER, FONTS.text, 4)
  return [[...beside.lines, ...below.lines], codeAt]
}

/** The lines of each card of a sheet; the code is the last. */
export function linesOf(sheet: CardSheet): (card: Card) => { readonly shared: readonly Line[]; readonly code: Line } {
  const known = new Map<string, ReturnType<typeof sharedLines>>()
  return ({ code, url }) => {
    const address = addressOf(url)
    const [shared, y] = known.get(address) ?? sharedLines(sheet, address)
    if (known.size === 0) known.set(address, [shared, y])
    return { shared, code: { text: printedCode(code), x: PADDING, y, width: INNER, font: FONTS.code, isRightToLeft: false } }
  }
}

/** The upper left corner of the card with this number, from 0, on a page that goes on downwards. */
export const cornerOf = (index: number): { readonly x: number; readonly y: number } => ({
  x: (index % COLUMNS) * CARD.width,
  y: Math.floor(index / COLUMNS) * CARD.height
})
