import type { Measure } from '../../measures/measure.schema.ts'
import { type Asked, type Finding, finding, gate, NO_KEYS } from '../gate.ts'
import { type Basis, basisOfAll } from '../provenance.ts'
import { named, reason } from '../reason.ts'
import { WORKING_FIGURES } from '../working-figures.ts'
import { isStrict } from './purposes.ts'

const PROPERTIES = ['reliability', 'validity'] as const
type Property = (typeof PROPERTIES)[number]
type Result = NonNullable<NonNullable<Measure['testing']>['validity']> | 'studied'

interface Common {
  readonly results: Readonly<Record<Property, Result>>
  /** In routine use that was confirmed within three years. */
  readonly isRoutine: boolean
  readonly basis: Basis
  readonly useBasis: Basis
}

/** Does it measure what it says, and the same each time? */
export const sound = gate<Common, never, undefined>({
  id: 'sound',
  reads: ['testing', 'evidence', 'use'],
  asks: ['purpose', 'horizonDays'],
  source: 'COSMIN (Mokkink 2018), reliability and validity; CMS Blueprint, scientific acceptability, for reporting and payment',
  ...NO_KEYS,
  silent: undefined,
  facts: (measure, basis) => ({
    common: {
      results: { reliability: resultOf(measure, 'reliability'), validity: resultOf(measure, 'validity') },
      isRoutine: ['M4', 'M5'].includes(measure.readiness.maturity),
      basis: basisOfAll(measure, basis, ['testing.reliability', 'testing.validity', ...(measure.testing ? [] : ['evidence'])]),
      useBasis: basis('use')
    },
    entries: {},
    told: undefined
  }),
  judge: ({ common }, context) => [judged(common, context)]
})

/** What is said of a property counts; where nothing is said, a publication about it tells that it was studied. */
function resultOf({ testing, evidence = [] }: Measure, property: Property): Result {
  const result = testing?.[property] ?? 'unknown'
  const isStudied = evidence.some(({ supports }) => supports?.includes(property))
  return result === 'unknown' && isStudied ? 'studied' : result
}

function judged({ results, isRoutine, basis, useBasis }: Common, { purpose }: Asked): Finding {
  const those = (result: Result) => PROPERTIES.filter((property) => results[property] === result)
  const negative = those('negative')
  const positive = those('positive')
  const studied = those('studied')
  const properties = (...which: readonly string[]) => ({ properties: named('property', ...which) })
  if (negative.length > 0)
    return finding('fail', reason('sound.negative', properties(...negative)), { closesWith: reason('sound.close.negative'), basis })
  if (positive.length === PROPERTIES.length || (positive.length > 0 && !isStrict(purpose)))
    return finding('pass', reason('sound.positive', properties(...positive)), { basis })
  if (positive.length > 0) {
    const open = PROPERTIES.filter((property) => results[property] !== 'positive')
    const closesWith = reason('sound.close.half', properties(...open))
    return finding('unknown', reason('sound.half', properties(...open)), { closesWith, basis })
  }
  if (studied.length > 0 && !isStrict(purpose))
    return finding('conditional', reason('sound.studied', properties(...studied)), { closesWith: reason('sound.close.studied'), basis })
  if (isRoutine) return finding('conditional', reason('sound.routine'), { closesWith: reason('sound.close.routine'), basis: useBasis })
  const closesWith = reason('sound.close.test')
  if (those('untested').length === PROPERTIES.length)
    return finding('fail', reason('sound.untested'), { closesWith, basis, isImmature: true, days: WORKING_FIGURES.validation.days })
  return finding('unknown', reason('sound.unknown'), { closesWith, basis, days: WORKING_FIGURES.validation.days })
}

/** Whether a test could still come out well: where one came out badly, another of the same does not help. */
export const canBeTested = (common: unknown): boolean => PROPERTIES.every((property) => (common as Common).results[property] !== 'negative')
