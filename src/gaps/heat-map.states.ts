/** How the states look: each by lightness, by pattern and by colour, so that any one of them will do. */
import type { HeatMapCell } from './heat-map.ts'
import { STATES } from './heat-map.words.ts'

interface Look {
  readonly fill: string
  /** Of the number; at least 4.5:1 on the fill (WCAG 2.2, 1.4.3). */
  readonly text: string
  readonly pattern: { readonly name: string; readonly ink: string; readonly path: string } | null
}

/** Side of the square that is repeated, in pixels. */
const TILE = 6
const dot = (x: number, y: number) => `M${x - 0.9} ${y}a.9 .9 0 1 0 1.8 0a.9 .9 0 1 0 -1.8 0z`
// Lines are surfaces, so that what fits one tile joins that of the next, and no renderer has to cap a stroke.
const rising = 'M0 5L5 0H6V1L1 6H0zM0 0H1L0 1zM6 5V6H5z'
const falling = 'M0 1V0H1L6 5V6H5zM5 0H6V1zM0 5L1 6H0z'

/** Dark is bad; from brown over orange to a pale blue, which all kinds of colour vision keep apart, in steps of 20 L* and more. */
export const LOOKS: Readonly<Record<HeatMapCell['state'], Look>> = {
  'absolute-gap': { fill: '#551b0b', text: '#ffffff', pattern: { name: 'cross-hatch', ink: '#8f5846', path: rising + falling } },
  'usable-gap': { fill: '#ad4f28', text: '#ffffff', pattern: { name: 'lines', ink: '#d48c6c', path: rising } },
  thin: { fill: '#dca75c', text: '#000000', pattern: { name: 'dots', ink: '#7d5214', path: dot(1.5, 1.5) + dot(4.5, 4.5) } },
  covered: { fill: '#eef5fb', text: '#000000', pattern: null }
}
const BORDER = '#595959'

/** A number that needs no more than one decimal. */
export const px = (value: number): string => String(Math.round(value * 10) / 10)

/** The patterns, each over its fill: where a program drops patterns, lightness stays. */
export const patterns = (id: string): string =>
  STATES.map((state) => {
    const { pattern } = LOOKS[state]
    if (!pattern) return ''
    const tile = `<path d="${pattern.path}" fill="${pattern.ink}"/>`
    return `<pattern id="${id}-${pattern.name}" width="${TILE}" height="${TILE}" patternUnits="userSpaceOnUse">${tile}</pattern>`
  }).join('')

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A cell or a sample of one; the number stands on a plate without pattern, `plate` wide. */
export function box(id: string, state: HeatMapCell['state'], { x, y, width, height }: Box, text: string, plate: number): string {
  const { fill, pattern, text: ink } = LOOKS[state]
  const from = x === 0 && y === 0 ? '' : `x="${px(x)}" y="${px(y)}" `
  const place = `${from}width="${px(width)}" height="${px(height)}"`
  const [middle, centre] = [x + width / 2, y + height / 2]
  const over = pattern
    ? `<rect ${place} fill="url(#${id}-${pattern.name}) none"/>` +
      (text && `<rect x="${px(middle - plate / 2)}" y="${px(centre - 8)}" width="${px(plate)}" height="16" rx="2" fill="${fill}"/>`)
    : ''
  const number = text && `<text x="${px(middle)}" y="${px(centre + 4)}" fill="${ink}">${text}</text>`
  return `<rect ${place} fill="${fill}" stroke="${BORDER}" stroke-width="0.5"/>${over}${number}`
}

export const MARK = 9

/** A triangle with its right angle in the upper right corner, at `x` and `y`: black with a white edge shows on every fill. */
export function mark(x: number, y: number, isKnown: boolean): string {
  const look = isKnown ? 'fill="#000000" stroke="#ffffff"' : 'fill="#ffffff" stroke="#000000"'
  return `<path d="M${px(x - MARK)} ${px(y)}H${px(x)}V${px(y + MARK)}z" ${look}/>`
}
