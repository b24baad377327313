import { setImmediate as nextTurn } from 'node:timers/promises'
import { escaped } from '../../drawing/text.ts'
import { CARD, COLUMNS, cornerOf, type Line, linesOf, PAGE, SQUARE } from './layout.ts'
import { type Card, type CardSheet, nameOf } from './sheet.ts'
import { squareOf } from './square.ts'

const px = (points: number) => String(Math.round(points * 100) / 100)
const POINTS_PER_MM = 72 / 25.4

function lineSvg({ text, x, y, font, isRightToLeft }: Line, more = ''): string {
  // Where a text reads from right to left, its end is what stands on the left.
  const turned = isRightToLeft ? ' direction="rtl" text-anchor="end"' : ''
  return `<text x="${px(x)}" y="${px(y)}" font-size="${px(font.size)}"${font.isBold ? ' font-weight="bold"' : ''}${turned}${more}>${escaped(text)}</text>`
}

function squareSvg(url: string): string {
  const { size, strips } = squareOf(url)
  const path = strips.map(([x, y, length]) => `M${x} ${y}h${length}v1h-${length}z`).join('')
  const scale = Math.round((SQUARE.size / size) * 10_000) / 10_000
  return `<path transform="translate(${px(SQUARE.x)} ${px(SQUARE.y)}) scale(${scale})" shape-rendering="crispEdges" d="${path}"/>`
}

function cutLines(height: number): string {
  const rows = Math.round(height / CARD.height)
  const across = Array.from({ length: rows - 1 }, (_, row) => `M0 ${px((row + 1) * CARD.height)}H${px(PAGE.width)}`)
  return `<path d="M${px(CARD.width)} 0V${px(height)}${across.join('')}" fill="none" stroke="#777" stroke-width="0.5" stroke-dasharray="3 3"/>`
}

/** Cards drawn before others get their turn: a card takes a millisecond. */
const AT_ONCE = 20

/** All cards of a sheet, two beside each other, as one picture that needs nothing from elsewhere. */
export async function cardsAsSvg(sheet: CardSheet): Promise<string> {
  const lines = linesOf(sheet)
  const height = Math.max(1, Math.ceil(sheet.cards.length / COLUMNS)) * CARD.height
  const mm = (points: number) => `${px(points / POINTS_PER_MM)}mm`
  const drawn = new Map<readonly Line[], string>()
  // As wide on every screen, whatever its fonts.
  const exact = ({ width }: Line) => ` textLength="${px(width)}" lengthAdjust="spacingAndGlyphs"`
  const card = (each: Card, index: number) => {
    const { shared, code } = lines(each)
    const texts = drawn.get(shared) ?? shared.map((line) => lineSvg(line)).join('')
    if (drawn.size === 0) drawn.set(shared, texts)
    const { x, y } = cornerOf(index)
    return `<g transform="translate(${px(x)} ${px(y)})">${texts}${lineSvg(code, exact(code))}${squareSvg(each.url)}</g>`
  }
  const cards: string[] = []
  for (const [index, each] of sheet.cards.entries()) {
    if (index % AT_ONCE === 0) await nextTurn()
    cards.push(card(each, index))
  }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${px(PAGE.width)} ${px(height)}" width="${mm(PAGE.width)}" height="${mm(height)}" lang="${sheet.lang}" font-family="DejaVu Sans, Verdana, Arial, sans-serif">`,
    `<title>${escaped(nameOf(sheet))}</title>`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    ...cards,
    cutLines(height),
    '</svg>\n'
  ].join('\n')
}
