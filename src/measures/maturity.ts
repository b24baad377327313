/**
 * Maturity, M0 to M5, from evidence on the record and never typed in: M0 idea; M1 specified; M2 tested; M3 piloted;
 * M4 in routine use, confirmed within three years; M5 in routine use in two countries or mandated, confirmed within
 * three years. A use that nobody confirmed for three years counts as a pilot, and the answer says so. A use that was reported
 * and confirmed counts like one that stands on the record; one that has ended counts as a pilot.
 */
import { isEmpty } from './completeness.ts'
import type { Maturity, MeasureContent } from './measure.schema.ts'
import { lastDayOf } from './partial-date.ts'
import type { ReportedUse } from './reported-use.ts'

const YEARS = 3
const ROUTINE: ReadonlySet<string | undefined> = new Set(['improvement', 'public-reporting', 'payment'])

/** The maturity on a day (ISO 8601), and the last day on which it holds if nothing is added to the record and no other use is confirmed. */
export function maturityOf(content: MeasureContent, today: string, reported: readonly ReportedUse[] = []): Maturity & { until?: string } {
  const uses = [...(content.use ?? []), ...reported]
  const found = judge(content, uses, today)
  const until = uses
    .map(expiryOf)
    .filter((day) => day !== undefined && day >= today)
    .sort()
    .find((day) => judge(content, uses, dayAfter(day!)).maturity !== found.maturity)
  return { ...found, asOf: today, ...(until ? { until } : {}) }
}

function judge(content: MeasureContent, uses: readonly ReportedUse[], today: string): Omit<Maturity, 'asOf'> {
  if (!isSpecified(content)) {
    return {
      maturity: 'M0',
      because: ['There is no specification and no instrument.'],
      closesWith: 'Describe the populations, or the instrument.'
    }
  }
  const routine = uses.filter((use) => (use.mandated || ROUTINE.has(use.purpose)) && !hasEnded(use, today))
  const current = routine.filter((use) => (expiryOf(use) ?? '') >= today)
  const countries = new Set(current.flatMap(({ jurisdiction }) => countryOf(jurisdiction)))
  const mandated = current.find((use) => use.mandated)
  if (mandated) return { maturity: 'M5', because: [`Its use is mandated (${mandated.organisation}).`] }
  if (countries.size >= 2)
    return { maturity: 'M5', because: [`It is in routine use in ${countries.size} countries (${[...countries].sort().join(', ')}).`] }
  if (current.length > 0) {
    return {
      maturity: 'M4',
      because: [`It is in routine use (${current[0]!.organisation}).`],
      closesWith: 'A confirmed routine use in a second country.'
    }
  }
  if (routine.length > 0) {
    return {
      maturity: 'M3',
      because: [`Its routine use was last confirmed more than ${YEARS} years ago, or never with a date.`],
      closesWith: `A confirmation of its use within the last ${YEARS} years (use.lastConfirmed).`
    }
  }
  if (uses.length > 0)
    return { maturity: 'M3', because: [`It has been used (${uses[0]!.organisation}).`], closesWith: 'A confirmed routine use.' }
  const tested = testsOf(content)
  if (tested) return { maturity: 'M2', because: [tested], closesWith: 'A use outside its development (use).' }
  return { maturity: 'M1', because: ['It is specified.'], closesWith: 'A test of its reliability or validity (testing).' }
}

/** The European Union (`EU`) and UN M49 areas (`001`) are not countries: use there may be use in one. */
const countryOf = (jurisdiction = '') => (/^(?!EU)[A-Z]{2}/.test(jurisdiction) ? [jurisdiction.slice(0, 2)] : [])

const isSpecified = ({ specification, instrument }: MeasureContent) =>
  !isEmpty(instrument) ||
  !isEmpty(specification?.numerator) ||
  !isEmpty(specification?.measurePopulation) ||
  !isEmpty(specification?.initialPopulation) ||
  !isEmpty(specification?.groups)

function testsOf({ testing, evidence }: MeasureContent): string | undefined {
  const property = (['reliability', 'validity'] as const).find((name) => testing?.[name] === 'positive')
  if (property) return `Its ${property} was tested, with a positive result.`
  const paper = evidence?.find(({ supports }) => supports?.some((what) => what === 'reliability' || what === 'validity'))
  return paper && 'There is published evidence of its reliability or validity.'
}

/** The last day on which a use counts as confirmed and has not ended; a year or month counts to its end. */
function expiryOf({ lastConfirmed, since, until }: ReportedUse): string | undefined {
  const seen = String(lastConfirmed ?? since ?? '')
  if (!seen) return undefined
  const expiry = lastDayOf(seen, YEARS)
  const end = until === undefined ? expiry : lastDayOf(until)
  return end < expiry ? end : expiry
}

const hasEnded = ({ until }: ReportedUse, today: string) => until !== undefined && lastDayOf(until) < today

function dayAfter(day: string): string {
  const date = new Date(`${day.slice(0, 8)}01T00:00:00Z`)
  date.setUTCDate(Number(day.slice(8)) + 1)
  return date.toISOString().slice(0, 10)
}
