import { type Finding, finding, gate, NO_KEYS } from '../gate.ts'
import type { Basis } from '../provenance.ts'
import { reason } from '../reason.ts'
import { countsPeople } from './counting.ts'

interface Common {
  readonly countsPeople: boolean
  readonly basis: Basis
}

/** Fewer than this, and a proportion is mostly chance (NCHS data presentation standards for proportions). */
export const LEAST = 30
/** From here on a proportion of one half is known to within ten points either way. */
export const ENOUGH = 100

/** Are there enough people for a result that means something? */
export const size = gate<Common, never, undefined>({
  id: 'size',
  reads: ['populations'],
  asks: ['populationSize'],
  source: 'NCHS Data Presentation Standards for Proportions (2017): a denominator of 30 at least; 100 for a margin of ten points',
  ...NO_KEYS,
  silent: undefined,
  facts: (measure, basis) => ({
    common: { countsPeople: countsPeople(measure), basis: basis('populations') },
    entries: {},
    told: undefined
  }),
  judge: ({ common: { countsPeople: counts, basis } }, { populationSize }): Finding[] => {
    if (!counts) return [finding('not-applicable', reason('size.not-applicable'))]
    if (populationSize === undefined) return [finding('not-asked', reason('size.not-asked'))]
    const values = { size: populationSize, least: LEAST }
    if (populationSize < LEAST)
      return [finding('fail', reason('size.too-few', values), { closesWith: reason('size.close.too-few', values), basis })]
    if (populationSize < ENOUGH)
      return [finding('conditional', reason('size.few', values), { closesWith: reason('size.close.few'), basis })]
    return [finding('pass', reason('size.enough', values), { basis })]
  }
})
