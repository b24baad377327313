/** What a line of text is drawn with, from left to right: fonts that have its characters, and runs that go in one direction. */
import type { Font } from 'fontkit'
import { mirrored, visualRuns } from './direction.ts'
import { type FontName, loadFont } from './fonts.ts'
import type { Line } from './layout.ts'

/** Part of a line in one font, with its characters in the order in which they are read. */
export interface Piece {
  readonly text: string
  readonly font: FontName
  readonly isRightToLeft: boolean
}

export interface Typeface {
  readonly data: Buffer
  readonly has: (character: string) => boolean
}
export type Typefaces = Readonly<Partial<Record<FontName, Typeface>>>

/** For a character that no font has: that something is missing must show. */
const MISSING = '□'
/** Joiners and selectors: without a look of their own, left out where a font does not know them. */
const IGNORABLE = /^\p{Default_Ignorable_Code_Point}$/u
const RIGHT_TO_LEFT_LETTER = /[\p{L}\p{M}]/u
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

async function open(name: FontName): Promise<Typeface> {
  const [data, { create }] = await Promise.all([loadFont(name), import('fontkit')])
  const font = create(data) as Font
  return { data, has: (character) => font.hasGlyphForCodePoint(character.codePointAt(0)!) }
}

const opened = new Map<FontName, Promise<Typeface>>()

function typeface(name: FontName): Promise<Typeface> {
  const known = opened.get(name) ?? open(name)
  opened.set(name, known)
  return known
}

/** The typefaces that these texts need; the large one only if they do. */
export async function typefacesFor(texts: Iterable<string>): Promise<Typefaces> {
  const [regular, bold] = await Promise.all([typeface('regular'), typeface('bold')])
  const lacks = (character: string) => !(regular.has(character) && bold.has(character)) && !IGNORABLE.test(character)
  const isWide = [...new Set([...texts].join(''))].some(lacks)
  return isWide ? { regular, bold, wide: await typeface('wide') } : { regular, bold }
}

/** A character as people see it, in the first of the fonts that has it. */
function drawn(grapheme: string, fonts: readonly FontName[], typefaces: Typefaces): readonly [text: string, font: FontName] {
  for (const font of fonts) {
    const kept = Array.from(grapheme).filter((character) => typefaces[font]?.has(character) || !IGNORABLE.test(character))
    if (kept.every((character) => typefaces[font]?.has(character))) return [kept.join(''), font]
  }
  return [MISSING, fonts[0]!]
}

/** The pieces of a line, from left to right. */
export function piecesOf({ text: line, font: { isBold }, isRightToLeft: isBase }: Line, typefaces: Typefaces): Piece[] {
  const wanted: readonly FontName[] = [isBold ? 'bold' : 'regular', 'wide']
  let text = ''
  const fonts: FontName[] = []
  for (const { segment } of graphemes.segment(line)) {
    const [kept, font] = drawn(segment, wanted, typefaces)
    text += kept
    fonts.push(...Array.from({ length: kept.length }, () => font))
  }
  return visualRuns(text, isBase ? 'rtl' : 'ltr', (before, after) => fonts[before] !== fonts[after]).map(
    ({ start, end, isRightToLeft }) => {
      const part = text.slice(start, end)
      const font = fonts[start]!
      if (!isRightToLeft) return { text: part, font, isRightToLeft }
      // Letters are turned round when they are shaped, by their script; signs alone have none.
      const turned = mirrored(part)
      return { text: RIGHT_TO_LEFT_LETTER.test(part) ? turned : Array.from(turned).reverse().join(''), font, isRightToLeft }
    }
  )
}
