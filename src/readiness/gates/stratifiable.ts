import type { Measure } from '../../measures/measure.schema.ts'
import { type Finding, finding, gate } from '../gate.ts'
import type { Basis } from '../provenance.ts'
import { named, reason } from '../reason.ts'
import { countsPeople } from './counting.ts'

type Availability = NonNullable<Measure['stratifiers']>[number]['availability']
const BEST_FIRST: readonly Availability[] = ['available', 'partial', 'unavailable', 'unknown']
const OUTCOMES = { available: 'pass', partial: 'conditional', unavailable: 'fail', unknown: 'unknown' } as const

interface Common {
  readonly countsPeople: boolean
  readonly basis: Basis
}

/** Can the results be split, so that nobody is hidden in an average? One finding for each dimension. */
export const stratifiable = gate<Common, Availability, undefined>({
  id: 'stratifiable',
  reads: ['stratifiers', 'populations'],
  asks: ['stratifier'],
  source: 'PROGRESS-Plus (O’Neill 2014); FHIR Measure.group.stratifier',
  facts: (measure, basis) => ({
    common: { countsPeople: countsPeople(measure), basis: basis('stratifiers') },
    entries: bestByDimension(measure.stratifiers ?? []),
    told: undefined
  }),
  keys: ({ stratifier = [] }) => stratifier,
  silent: undefined,
  judge: ({ common: { countsPeople: counts, basis }, entries }, { stratifier }): Finding[] => {
    if (!counts) return [finding('not-applicable', reason('stratifiable.not-applicable'))]
    if (!stratifier) return [finding('not-asked', reason('stratifiable.not-asked'))]
    return stratifier.map((dimension) => {
      const availability = entries[dimension] ?? 'unknown'
      const values = { dimension: named('equity-dimension', dimension) }
      const closesWith = availability === 'available' ? {} : { closesWith: reason(`stratifiable.close.${availability}`, values) }
      return {
        ...finding(OUTCOMES[availability], reason(`stratifiable.${availability}`, values), { ...closesWith, basis }),
        about: { dimension }
      }
    })
  }
})

/** A dimension may be given several times, with different codings: the one that can be had counts. */
export function bestByDimension(splits: NonNullable<Measure['stratifiers']>): Record<string, Availability> {
  const stated = Map.groupBy(splits, ({ dimension }) => dimension)
  return Object.fromEntries(
    [...stated].map(([dimension, same]) => [dimension, BEST_FIRST.find((each) => same.some(({ availability }) => availability === each))!])
  )
}
