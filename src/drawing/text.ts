/** Text in a picture: what may stand in XML, how wide it will be, and where its lines break. */

/** Not allowed in XML 1.0, or without any look of their own; and what would turn the direction of the text that follows. */
const REMOVED = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u202A-\u202E\u2066-\u2069]/gu
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text on one line, with only characters that XML 1.0 allows (https://www.w3.org/TR/xml/#charsets). */
export const cleaned = (text: string): string =>
  text
    .replace(/[\t\n\r ]+/g, ' ')
    .replace(REMOVED, '')
    .trim()

/** Cleaned, for the content of an element or of an attribute in double quotes. */
export const escaped = (text: string): string => cleaned(text).replace(/[&<>"]/g, (character) => ENTITIES[character]!)

/**
 * Widths of kinds of characters in ems, the first that fits. They are those of wide fonts (DejaVu Sans), which stand in for Arial
 * where it is missing; in Arial itself the text needs some 15% less.
 */
const WIDTHS: readonly (readonly [kind: RegExp, ems: number])[] = [
  [/[\p{Mn}\p{Cf}]/u, 0],
  [/[ijl'’.,:;|!]/u, 0.35],
  [/[ frtI()[\]\-/]/u, 0.43],
  [/[mwMW@%…—]/u, 1.02],
  [/[\p{Ll}\p{Nd}]/u, 0.65],
  [/\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u, 1.1],
  [/\p{Extended_Pictographic}|\p{Regional_Indicator}/u, 1.5],
  [/\p{Lu}/u, 0.8]
]
const OTHER = 0.9
const BOLD = 1.12
const known = new Map<string, number>()

function emsOf(character: string): number {
  const found = known.get(character)
  if (found !== undefined) return found
  const ems = WIDTHS.find(([kind]) => kind.test(character))?.[1] ?? OTHER
  // The Latin letters come again and again; what else there is need not be kept.
  if (character <= '\u024F') known.set(character, ems)
  return ems
}

/** Font of a text: its size in pixels, and whether it is bold. */
export interface Font {
  readonly size: number
  readonly isBold?: boolean
}

/** At least as wide as the text will be, in pixels. */
export function widthOf(text: string, { size, isBold }: Font): number {
  let ems = 0
  for (const character of text) ems += emsOf(character)
  return ems * size * (isBold ? BOLD : 1)
}

export interface Wrapped {
  readonly lines: readonly string[]
  readonly width: number
  /** The end is missing. */
  readonly isShortened: boolean
  /** A word is longer than a line, and goes on in the next one. */
  readonly isBroken: boolean
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
const ELLIPSIS = '…'

/** As much of the beginning as fits: at least one character as people see it, so that there is an end to it. */
function beginningOf(text: string, width: number, font: Font): string {
  let [beginning, used] = ['', 0]
  for (const { segment } of graphemes.segment(text)) {
    used += widthOf(segment, font)
    if (used > width && beginning) break
    beginning += segment
  }
  return beginning
}

/** Breaks a text into lines, between words and after hyphens and slashes; what does not fit in `most` lines is left out. */
export function wrap(text: string, width: number, font: Font, most: number): Wrapped {
  const lines: string[] = []
  let [line, isBroken] = ['', false]
  for (let word of cleaned(text).split(/(?<=[ /-])/)) {
    if (widthOf((line + word).trimEnd(), font) > width && line) {
      lines.push(line.trimEnd())
      line = ''
    }
    while (lines.length <= most && widthOf(word.trimEnd(), font) > width) {
      const beginning = beginningOf(word, width, font)
      if (beginning === word) break
      isBroken = true
      lines.push(beginning)
      word = word.slice(beginning.length)
    }
    if (lines.length > most) break
    line += word
  }
  if (line.trimEnd()) lines.push(line.trimEnd())
  const isShortened = lines.length > most
  if (isShortened) {
    const last = lines[most - 1]!
    const room = width - widthOf(ELLIPSIS, font)
    lines.splice(most - 1, lines.length, `${(widthOf(last, font) > room ? beginningOf(last, room, font) : last).trimEnd()}${ELLIPSIS}`)
  }
  return { lines, width: Math.max(0, ...lines.map((each) => widthOf(each, font))), isShortened, isBroken }
}
