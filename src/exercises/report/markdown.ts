/** Text that people wrote, as text in Markdown (CommonMark 0.31 and the tables and links of GitHub): on one line, and nothing in it is markup. Pure. */
import { onOneLine } from './shortened.ts'

/** Whatever can begin markup within a line: CommonMark lets every sign of ASCII be escaped. */
const INLINE = /[\\`*_[\]<>|~#&$@^{}]/g
/** What GitHub makes links of by itself. */
const LINKS = /:(?=\/\/)|(?<=\bwww)\./gi
/** What begins a list or an underline at the start of a line. */
const AT_START = /^(?:[-+=]|\d{1,9}(?=[.)]))/

export function markdownOf(text: string): string {
  const line = onOneLine(text).replace(INLINE, '\\$&').replace(LINKS, '\\$&')
  return line.replace(AT_START, (start) => (/\d/.test(start) ? `${start}\\` : `\\${start}`))
}

export const markdownLink = (text: string, url: string): string => `[${markdownOf(text)}](<${url}>)`

/** A table of GitHub; a row has a text for every column. */
export function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(markdownOf).join(' | ')} |`
  return [line(columns), `|${' --- |'.repeat(columns.length)}`, ...rows.map(line)].join('\n')
}

export const markdownList = (entries: readonly string[]): string => entries.map((entry) => `- ${entry}`).join('\n')
