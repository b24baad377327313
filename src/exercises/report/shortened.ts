/** Text that has to fit. Pure. */

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' })
/** A word that begins this near to the end is left out rather than cut. */
const NEAR_THE_END = 20

/** What is as wide as two letters. */
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}]/u

/** A text on one line, without controls; spaces that hold words together stay. */
export const onOneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029 ]+/gu, ' ').trim()

/** A text on one line, of at most so many characters as people count them, wide ones twice; an ellipsis stands for what is left out. */
export function shortened(text: string, most: number): string {
  const line = onOneLine(text)
  const characters = Array.from(GRAPHEMES.segment(line), ({ segment }) => segment)
  const widths = characters.map((character) => (WIDE.test(character) ? 2 : 1))
  if (widths.reduce((sum, width) => sum + width, 0) <= most) return line
  let left = most - 1
  const kept = characters.slice(
    0,
    widths.findIndex((width) => (left -= width) < 0)
  )
  const space = kept.lastIndexOf(' ')
  const isWordCut = characters[kept.length] !== ' '
  return `${kept
    .slice(0, isWordCut && space > Math.max(0, kept.length - NEAR_THE_END) ? space : undefined)
    .join('')
    .trimEnd()}…`
}
