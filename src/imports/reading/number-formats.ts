/** Which cells of a workbook are dates. They hold a number of days; only the format in which it is shown tells. */
import { attribute, type XmlHandler } from './xml.ts'

/** Formats that workbooks do not spell out (ECMA-376, part 1, 18.8.30). */
const isBuiltInDate = (id: number) => (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)

/** What is shown as it stands: quoted text, escaped and padding characters, colours and currencies. */
const LITERAL = /"[^"]*"|[\\_*].|\[[^\]]*\]/g

/** Whether a format shows any part of a date or time. Only its first section is for positive numbers. */
export function isDateFormat(code: string): boolean {
  const [section = ''] = code.replace(LITERAL, '').split(';')
  return !/general/i.test(section) && /[dmyhs]/i.test(section)
}

export class NumberFormats implements XmlHandler {
  readonly #dates = new Set<number>()
  readonly #numbers = new Set<number>()
  /** The format of each style, in the order by which cells name styles. */
  readonly #styles: number[] = []
  #section: string | undefined

  /** Whether cells of a style show dates. */
  isDate(style: number): boolean {
    const id = this.#styles[style] ?? 0
    return this.#dates.has(id) || (isBuiltInDate(id) && !this.#numbers.has(id))
  }

  open(name: string, attributes: string): void {
    if (name === 'numFmts' || name === 'cellXfs') this.#section = name
    const id = Number(attribute(attributes, 'numFmtId') ?? 0)
    if (name === 'xf' && this.#section === 'cellXfs') this.#styles.push(id)
    else if (name === 'numFmt' && this.#section === 'numFmts')
      (isDateFormat(attribute(attributes, 'formatCode') ?? '') ? this.#dates : this.#numbers).add(id)
  }

  close(name: string): void {
    if (name === this.#section) this.#section = undefined
  }
}

const DAY = 24 * 60 * 60
/** Days from the start of 1900 to that of 1904, as spreadsheets count. */
const FROM_1904 = 1_462
const MAX_DAY = 2_958_466

/**
 * A number of days as ISO 8601 text: a date, with the time where it has one; only a time on day 0. Spreadsheets have a 29 February
 * 1900 (day 60), so days before it are counted from another day.
 */
export function dateText(days: number, isFrom1904: boolean): string | undefined {
  const day = isFrom1904 ? days + FROM_1904 : days
  if (!(day >= 0 && day < MAX_DAY)) return undefined
  const start = Date.UTC(1899, 11, day < 60 ? 31 : 30)
  const text = new Date(start + Math.round(day * DAY) * 1_000).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length)
  if (day < 1 && !isFrom1904) return text.slice('yyyy-mm-ddT'.length)
  return text.replace('T00:00:00', '')
}
