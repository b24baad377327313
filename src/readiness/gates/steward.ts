import { type Asked, type Finding, finding, gate, NO_KEYS } from '../gate.ts'
import { type Basis, basisOfAll } from '../provenance.ts'
import { reason } from '../reason.ts'

interface Common {
  readonly isRetired: boolean
  readonly hasSteward: boolean
  /** The year of the last sign of use, if one has a date. */
  readonly lastSeen: number | undefined
  readonly nextReview: number | undefined
  readonly basis: Basis
}

interface Told {
  readonly steward: string
}

/** A sign of use that is older says little: the same three years after which a use no longer counts for maturity. */
const YEARS = 3

/** Does anybody keep it alive? Advice, apart from measures that were retired: these stand in the way. */
export const steward = gate<Common, never, Told>({
  id: 'steward',
  reads: ['development.steward', 'use', 'nextReviewDue', 'status'],
  asks: ['asOf'],
  source: 'ISO/IEC 11179-6, registration and stewardship; CMS Blueprint, maintenance review every three years',
  ...NO_KEYS,
  silent: { steward: '' },
  facts: (measure, basis) => {
    const years = (measure.use ?? []).flatMap(({ lastConfirmed, since }) => yearOf(lastConfirmed ?? since) ?? [])
    const keeper = measure.development?.steward
    return {
      common: {
        isRetired: measure.status === 'retired',
        hasSteward: keeper !== undefined,
        lastSeen: years.length > 0 ? Math.max(...years) : undefined,
        nextReview: yearOf(measure.nextReviewDue),
        basis: basisOfAll(measure, basis, ['development.steward', 'use'])
      },
      entries: {},
      told: { steward: keeper ?? '' }
    }
  },
  judge: ({ common, told }, context) => [judged(common, told, context)]
})

const yearOf = (when: string | number | undefined) => (when === undefined ? undefined : Number(String(when).slice(0, 4)))

function judged({ isRetired, hasSteward, lastSeen, nextReview, basis }: Common, { steward: who }: Told, { asOf }: Asked): Finding {
  const thisYear = Number(asOf.slice(0, 4))
  if (isRetired) return finding('fail', reason('steward.retired'), { closesWith: reason('steward.close.retired'), basis: 'documented' })
  if (!hasSteward)
    return finding('unknown', reason('steward.unknown'), { closesWith: reason('steward.close.unknown'), basis, isAdvice: true })
  if (lastSeen !== undefined && lastSeen >= thisYear - YEARS)
    return finding('pass', reason('steward.seen', { steward: who, year: String(lastSeen) }), { basis })
  if (nextReview !== undefined && nextReview >= thisYear)
    return finding('pass', reason('steward.review', { steward: who, year: String(nextReview) }), { basis })
  const because =
    lastSeen === undefined ? reason('steward.silent', { steward: who }) : reason('steward.quiet', { steward: who, year: String(lastSeen) })
  return finding('unknown', because, { closesWith: reason('steward.close.quiet', { steward: who }), basis, isAdvice: true })
}
