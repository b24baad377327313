/** Text on the picture, line by line and from top to bottom. */

import { escaped, type Font, type Wrapped } from '../drawing/text.ts'
import { heightOf, leadingOf, MARGIN } from './heat-map.layout.ts'
import { px } from './heat-map.states.ts'

/** What is written from top to bottom. */
export class Page {
  readonly parts: string[] = []
  readonly width: number
  y = MARGIN

  constructor(width: number) {
    this.width = width
  }

  write(text: Wrapped, font: Font): void {
    this.add(lines(text, MARGIN, this.y, font), heightOf(text, font))
  }

  add(part: string, height: number): void {
    if (part) this.parts.push(part)
    this.skip(height)
  }

  skip(height: number): void {
    this.y += height
  }
}

/** Lines from `y` downwards; where the text is shortened, all of it is in the title. */
export function lines(text: Wrapped, x: number, y: number, font: Font, whole?: string): string {
  if (text.lines.length === 0) return ''
  const baseline = (line: number) => px(y + line * leadingOf(font) + font.size * 0.95)
  const spans = text.lines.map((line, index) => `<tspan x="${px(x)}" y="${baseline(index)}">${escaped(line)}</tspan>`).join(' ')
  const title = text.isShortened && whole !== undefined ? `<title>${escaped(whole)}</title>` : ''
  return `<text font-size="${font.size}"${font.isBold ? ' font-weight="bold"' : ''}>${title}${spans}</text>`
}
