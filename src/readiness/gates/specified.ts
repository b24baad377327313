import { isEmpty } from '../../measures/completeness.ts'
import type { Measure } from '../../measures/measure.schema.ts'
import { missingPopulations } from '../../measures/publishing.ts'
import { finding, gate, NO_KEYS } from '../gate.ts'
import { type Basis, type BasisAt, basisOfAll } from '../provenance.ts'
import { named, reason } from '../reason.ts'

const POPULATIONS = ['initialPopulation', 'denominator', 'numerator', 'measurePopulation'] as const
const INSTRUMENT = ['instrument.name', 'instrument.items']
const DESCRIPTION = [...POPULATIONS.map((part) => `specification.${part}`), 'specification.groups']

interface Common {
  readonly kind: 'populations' | 'instrument' | 'nothing'
  readonly missing: readonly string[]
  readonly basis: Basis
}

/** Can somebody else do the same from what is written down? */
export const specified = gate<Common, never, undefined>({
  id: 'specified',
  reads: ['specification', 'scoring', 'instrument'],
  asks: [],
  source: 'HL7 FHIR Quality Measure Implementation Guide, population criteria by scoring',
  ...NO_KEYS,
  silent: undefined,
  facts: (measure, basis) => ({ common: commonOf(measure, basis), entries: {}, told: undefined }),
  judge: ({ common: { kind, missing, basis } }) => {
    if (kind === 'nothing') return [finding('fail', reason('specified.none'), { closesWith: reason('specified.close.none'), basis })]
    if (missing.length > 0) {
      const parts = named('part', ...missing)
      return [
        finding('unknown', reason('specified.missing', { parts }), { closesWith: reason('specified.close.missing', { parts }), basis })
      ]
    }
    return [finding('pass', reason(`specified.${kind}`), { basis })]
  }
})

function commonOf(measure: Measure, basisAt: BasisAt): Common {
  const { specification, instrument, scoring } = measure
  const described = POPULATIONS.some((part) => !isEmpty(specification?.[part])) || !isEmpty(specification?.groups)
  if (!isEmpty(instrument)) return { kind: 'instrument', missing: [], basis: basisOfAll(measure, basisAt, INSTRUMENT) }
  const basis = basisOfAll(measure, basisAt, DESCRIPTION)
  if (!described) return { kind: 'nothing', missing: [], basis }
  const hasResult = !isEmpty(specification?.numerator) || !isEmpty(specification?.measurePopulation) || !isEmpty(specification?.groups)
  const missing = scoring ? missingPopulations(measure) : hasResult ? [] : ['numerator']
  return { kind: 'populations', missing, basis }
}
