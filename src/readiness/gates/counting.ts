import type { Measure } from '../../measures/measure.schema.ts'

/** Not people who are cared for: a measure for everybody is not about them. */
export const WORKFORCE: ReadonlySet<string> = new Set(['professionals', 'teams', 'organisations'])

/** Whether people who are cared for are counted, rather than those who care, or organisations. */
export const countsPeople = ({ populations = [] }: Measure): boolean =>
  populations.length === 0 || populations.some((code) => !WORKFORCE.has(code))
