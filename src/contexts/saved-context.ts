/** What a saved context is made of and how it is shown. Pure; the clock and the randomness come from outside. */
import { tagOf } from '../json/canonical.ts'
import { Money, ReadinessContext } from '../readiness/context.schema.ts'
import type { NewSavedContext, SavedContext } from './saved-context.schema.ts'

/** A context as it is stored, without who saved it. */
export interface ContextRow {
  readonly id: string
  readonly name: string
  readonly context: ReadinessContext
  readonly createdAt: string
  readonly updatedAt: string
}

/** What one key may save: far more than anybody looks after, and no place to keep other things. */
export const MAX_CONTEXTS = 500

export const ID_BYTES = 10
const ID_LENGTH = 16
const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz'

/** Ten random bytes as sixteen characters that nobody mistakes for one another. */
export const contextIdOf = (bytes: Buffer): string =>
  [
    ...BigInt(`0x${bytes.toString('hex')}`)
      .toString(32)
      .padStart(ID_LENGTH, '0')
  ]
    .map((digit) => CROCKFORD[Number.parseInt(digit, 32)])
    .join('')

/** The members in the order of the schema: the engines keep another each, and the validator has to be the same after every reading. */
function inOrder<T extends object>(value: T, { properties }: { properties: object }): T {
  const known = Object.keys(properties).filter((name) => name in value) as (keyof T)[]
  return Object.fromEntries(known.map((name) => [name, value[name]])) as T
}

/** A context as it is answered. Who saved it is nobody's business. */
export function shown({ id, name, context, createdAt, updatedAt }: ContextRow, publicUrl: string): SavedContext {
  const { budget } = context
  return {
    id,
    name,
    context: { ...inOrder(context, ReadinessContext), ...(budget ? { budget: inOrder(budget, Money) } : {}) },
    createdAt,
    updatedAt,
    links: {
      self: addressOf(id, publicUrl),
      readiness: `${publicUrl}/v1/readiness?context=${id}`,
      unlocks: `${publicUrl}/v1/readiness/unlocks?context=${id}`
    }
  }
}

export const addressOf = (id: string, publicUrl: string): string => `${publicUrl}/v1/contexts/${id}`

/** The text of the answer, and the validator of exactly that text. */
export function rendered(row: ContextRow, publicUrl: string): { json: string; tag: string } {
  const json = JSON.stringify(shown(row, publicUrl))
  return { json, tag: tagOf(json) }
}

/** What of it people write. */
export const contentOf = ({ name, context }: ContextRow): NewSavedContext => ({ name, context })
