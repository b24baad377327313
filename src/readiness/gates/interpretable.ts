import type { Measure } from '../../measures/measure.schema.ts'
import { type Finding, finding, gate, NO_KEYS } from '../gate.ts'
import type { Basis } from '../provenance.ts'
import { reason } from '../reason.ts'
import { isStrict } from './purposes.ts'

interface Common {
  readonly direction: Measure['direction']
  readonly basis: Basis
}

/** Does everybody know what a better result is? Stands in the way only where somebody is judged or paid by it. */
export const interpretable = gate<Common, never, undefined>({
  id: 'interpretable',
  reads: ['direction'],
  asks: ['purpose'],
  source: 'FHIR Measure.improvementNotation; COSMIN, interpretability',
  ...NO_KEYS,
  silent: undefined,
  facts: ({ direction }, basis) => ({ common: { direction, basis: basis('direction') }, entries: {}, told: undefined }),
  judge: ({ common: { direction, basis } }, { purpose }): Finding[] => {
    const isAdvice = !isStrict(purpose)
    if (direction === undefined)
      return [finding('unknown', reason('interpretable.unknown'), { closesWith: reason('interpretable.close.unknown'), basis, isAdvice })]
    if (direction !== 'no-judgement') return [finding('pass', reason('interpretable.directed'), { basis })]
    return isAdvice
      ? [finding('conditional', reason('interpretable.no-judgement'), { closesWith: reason('interpretable.close.no-judgement'), basis })]
      : [finding('fail', reason('interpretable.unfit'), { closesWith: reason('interpretable.close.unfit'), basis })]
  }
})
