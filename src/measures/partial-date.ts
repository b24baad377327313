/** ISO 8601 dates of any precision: a year and a month are the whole of it. Days compare as text. */

export const firstDayOf = (date: string): string => `${date}-01-01`.slice(0, 10)

/** The last day of a day, month or year, some years later; of every month the 31st, which comes after no day of it. */
export function lastDayOf(date: string, years = 0): string {
  const [year, month = '12', day = '31'] = date.split('-')
  return `${String(Number(year) + years).padStart(4, '0')}-${month}-${day}`
}

/** Whether the calendar has it: the 30th of February looks like a day. */
export function isInCalendar(date: string): boolean {
  const [year, month, day] = firstDayOf(date).split('-').map(Number)
  return new Date(Date.UTC(year!, month! - 1, day)).getUTCDate() === day
}
