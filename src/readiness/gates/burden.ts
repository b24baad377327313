import { finding, gate, NO_KEYS } from '../gate.ts'
import type { Basis } from '../provenance.ts'
import { reason } from '../reason.ts'
import { asksPeople } from './asking.ts'

interface Common {
  readonly asksPeople: boolean | 'unknown'
  readonly minutes: number | undefined
  readonly basis: Basis
}

/** Is there time for it? */
export const burden = gate<Common, never, undefined>({
  id: 'burden',
  reads: ['instrument', 'dataSources', 'languages'],
  asks: ['minutes'],
  source: 'COSMIN, feasibility: completion time; ISOQOL minimum standards for patient-reported measures (Reeve 2013), burden',
  ...NO_KEYS,
  silent: undefined,
  facts: (measure, basis) => ({
    common: { asksPeople: asksPeople(measure), minutes: measure.instrument?.minutes, basis: basis('instrument.minutes') },
    entries: {},
    told: undefined
  }),
  judge: ({ common: { asksPeople: asks, minutes, basis } }, { minutes: allowed }) => {
    if (asks === false) return [finding('not-applicable', reason('burden.not-applicable'))]
    if (allowed === undefined) return [finding('not-asked', reason('burden.not-asked'))]
    if (minutes === undefined) return [finding('unknown', reason('burden.unknown'), { closesWith: reason('burden.close.unknown'), basis })]
    const values = { minutes, allowed }
    return minutes <= allowed
      ? [finding('pass', reason('burden.within', values), { basis })]
      : [finding('fail', reason('burden.over', values), { closesWith: reason('burden.close.over', { minutes }), basis })]
  }
})
