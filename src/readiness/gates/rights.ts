import type { Measure } from '../../measures/measure.schema.ts'
import type { Money } from '../context.schema.ts'
import { type Asked, type Finding, finding, gate, NO_KEYS, together } from '../gate.ts'
import type { Basis } from '../provenance.ts'
import { named, reason, type Value } from '../reason.ts'
import { WORKING_FIGURES } from '../working-figures.ts'

type Licence = NonNullable<Measure['licence']>

/** Where no owner is recorded. */
const NOBODY = named('part', 'owner')

interface Common {
  readonly permission: NonNullable<Licence['permission']>
  readonly fee: NonNullable<Licence['fee']>
  /** Of what is not free. */
  readonly price?: Money
  readonly permissionBasis: Basis
  readonly feeBasis: Basis
}

interface Told {
  /** Whom to ask. */
  readonly owner: Value
}

/** May it be used, and can it be paid for? */
export const rights = gate<Common, never, Told>({
  id: 'rights',
  reads: ['licence', 'development.steward'],
  asks: ['budget', 'purpose', 'horizonDays'],
  source: 'SPDX for licences; CMS Blueprint, feasibility: fees and licences',
  ...NO_KEYS,
  silent: { owner: NOBODY },
  facts: (measure, basis) => {
    const { permission = 'unknown', fee = 'unknown', amount, currency } = measure.licence ?? {}
    const price = fee === 'paid' && amount !== undefined && currency ? { price: { amount, currency } } : {}
    return {
      common: { permission, fee, ...price, permissionBasis: basis('licence.permission'), feeBasis: basis('licence.fee') },
      entries: {},
      told: { owner: ownerOf(measure) ?? NOBODY }
    }
  },
  judge: ({ common, told }, context) => [together([permissionFinding(common, told), feeFinding(common, told, context)])]
})

function permissionFinding({ permission, permissionBasis: basis }: Common, { owner }: Told): Finding {
  switch (permission) {
    case 'none':
    case 'notify':
      return finding('pass', reason(`rights.permission.${permission}`), { basis })
    case 'ask':
      return finding('conditional', reason('rights.permission.ask'), {
        closesWith: reason('rights.close.ask', { owner }),
        days: WORKING_FIGURES.permission.days,
        basis
      })
    case 'unknown':
      return finding('unknown', reason('rights.permission.unknown'), {
        closesWith: reason('rights.close.permission-unknown', { owner }),
        basis
      })
  }
}

function feeFinding(common: Common, { owner }: Told, context: Asked): Finding {
  const { fee, feeBasis: basis } = common
  switch (fee) {
    case 'free':
      return finding('pass', reason('rights.fee.free'), { basis })
    case 'free-non-commercial':
      return isPublicGood(context.purpose)
        ? finding('pass', reason('rights.fee.non-commercial'), { basis })
        : finding('conditional', reason('rights.fee.non-commercial'), { closesWith: reason('rights.close.non-commercial'), basis })
    case 'paid':
      return { ...priceFinding(common, owner, context), basis }
    case 'unknown':
      return finding('unknown', reason('rights.fee.unknown'), { closesWith: reason('rights.close.price', { owner }), basis })
  }
}

/** Purposes that nobody calls commercial; where none is stated, it is not assumed. */
const isPublicGood = (purpose: Asked['purpose']) => purpose !== undefined && purpose !== 'payment'

function priceFinding({ price }: Common, owner: Value, { budget }: Asked): Finding {
  if (!budget) return finding('not-asked', price ? reason('rights.fee.not-asked-cost', { cost: price }) : reason('rights.fee.not-asked'))
  if (budget.amount === 0)
    return finding('fail', reason('rights.fee.no-budget'), {
      closesWith: price ? reason('rights.close.budget', { cost: price }) : reason('rights.close.any-budget', { owner }),
      ...(price ? { cost: price } : {})
    })
  if (!price) return finding('unknown', reason('rights.fee.amount-unknown'), { closesWith: reason('rights.close.price', { owner }) })
  const cost = { cost: price }
  if (price.currency !== budget.currency)
    return finding('unknown', reason('rights.fee.other-currency', { ...cost, currency: budget.currency }), {
      closesWith: reason('rights.close.currency', { currency: price.currency }),
      ...cost
    })
  if (price.amount > budget.amount)
    return finding('fail', reason('rights.fee.too-dear', cost), { closesWith: reason('rights.close.budget', cost), ...cost })
  return finding('conditional', reason('rights.fee.covered', cost), {
    closesWith: reason('rights.close.pay', { owner }),
    days: WORKING_FIGURES.purchase.days,
    ...cost
  })
}

/** Whom to ask about the rights in a measure, if anybody is known. */
export const ownerOf = ({ licence, development }: Measure): string | undefined => licence?.contact ?? development?.steward

/** By what decides about the rights: whether a fee is all that is in the way, of a price that is known or can be had. */
export const lacksMoneyOnly = (common: unknown): boolean => {
  const { fee, permission } = common as Common
  return fee === 'paid' && permission !== 'unknown'
}
