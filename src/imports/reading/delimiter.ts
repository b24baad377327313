/** How the cells of a CSV file are told apart, seen in its heading. */

export const DELIMITERS = [',', ';', '\t', '|'] as const
export type Delimiter = (typeof DELIMITERS)[number]

/** The line with which a spreadsheet says it itself. */
const STATED = /^sep=([,;\t|])(?:\r\n|\r|\n)/i
const LINE_END = /[\r\n]/

export interface Dialect {
  readonly delimiter: Delimiter
  /** How much at the start says so, and is no row. */
  readonly skipped: number
}

/** The dialect that a text begins in; nothing where its first line with something on it is not whole yet. */
export function dialectOf(text: string, isWhole: boolean): Dialect | undefined {
  const [line, stated] = STATED.exec(text) ?? []
  if (line) return { delimiter: stated as Delimiter, skipped: line.length }
  const counts = new Map<string, number>(DELIMITERS.map((delimiter) => [delimiter, 0]))
  let isQuoted = false
  let isEmpty = true
  for (const char of text) {
    if (char === '"') isQuoted = !isQuoted
    else if (isQuoted) continue
    else if (LINE_END.test(char)) {
      if (!isEmpty) return best(counts)
      continue
    } else if (counts.has(char)) counts.set(char, counts.get(char)! + 1)
    isEmpty = false
  }
  return isWhole ? best(counts) : undefined
}

/** The one that stands there most often; of equals the more usual one. */
function best(counts: ReadonlyMap<string, number>): Dialect {
  const delimiter = DELIMITERS.reduce((found, next) => (counts.get(next)! > counts.get(found)! ? next : found))
  return { delimiter, skipped: 0 }
}
