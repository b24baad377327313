import bidiFactory, { type Bidi } from 'bidi-js'

// The package describes itself as a module, and is loaded as CommonJS: its only export is the factory.
const bidi = (bidiFactory as unknown as () => Bidi)()

/** Whether a text reads from right to left: its first letter with a direction decides (Unicode UAX 9, P2 and P3). */
export const isRightToLeft = (text: string): boolean => bidi.getEmbeddingLevels(text, 'auto').paragraphs[0]?.level === 1

/** Part of a line that goes in one direction: as it is read, not as it is seen. */
export interface Run {
  readonly start: number
  readonly end: number
  readonly isRightToLeft: boolean
}

/** The runs of a line from left to right (Unicode UAX 9, L2), cut where `isCut` says that the next character is of another kind. */
export function visualRuns(line: string, base: 'ltr' | 'rtl', isCut: (before: number, after: number) => boolean): Run[] {
  const embedding = bidi.getEmbeddingLevels(line, base)
  const runs: Run[] = []
  for (const index of bidi.getReorderedIndices(line, embedding)) {
    const isOdd = embedding.levels[index]! % 2 === 1
    const last = runs.at(-1)
    const next = isOdd ? last && last.start - 1 : last?.end
    const before = isOdd ? last?.start : last && last.end - 1
    if (last && last.isRightToLeft === isOdd && next === index && !isCut(before!, index)) {
      runs[runs.length - 1] = { ...last, start: Math.min(last.start, index), end: Math.max(last.end, index + 1) }
    } else {
      runs.push({ start: index, end: index + 1, isRightToLeft: isOdd })
    }
  }
  return runs
}

/** A text with its brackets turned, as they are drawn from right to left. */
export const mirrored = (text: string): string =>
  Array.from(text, (character) => bidi.getMirroredCharacter(character) ?? character).join('')
