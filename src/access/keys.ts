/** Bearer keys: random, of which only a hash is stored, compared in constant time. Pure; the clock and the randomness come from outside. */
import { timingSafeEqual } from 'node:crypto'
import { sha256 } from '../json/canonical.ts'
import type { KeyRole } from './roles.ts'

/** A key as it is stored: without its secret. */
export interface KeyRow {
  readonly id: string
  readonly name: string
  readonly role: KeyRole
  readonly group: string | null
  readonly prefix: string
  readonly hash: string
  readonly createdAt: string
  readonly createdBy: string
  readonly expiresAt: string | null
  readonly revokedAt: string | null
  readonly lastUsedAt: string | null
}

export interface KeyRequest {
  readonly name: string
  readonly role: KeyRole
  readonly group?: string | undefined
  readonly expiresAt?: string | undefined
}

interface Source {
  readonly createdBy: string
  readonly clock: { now(): Date }
  readonly ids: { id(): string; secret(bytes: number): Buffer }
}

const SECRET_BYTES = 32
const PREFIX_BYTES = 6
/** How the prefix of a chosen key begins, and of one that the configuration names no longer. */
export const CHOSEN = 'chosen:'
export const REPLACED = 'replaced:'
const ISSUED = /^cm_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/

/** A new key: `cm_<prefix>_<secret>`, to be shown once, and what is stored of it. */
export function issueKey(request: KeyRequest, { createdBy, clock, ids }: Source): { key: string; row: KeyRow } {
  const prefix = ids.secret(PREFIX_BYTES).toString('hex')
  const key = `cm_${prefix}_${ids.secret(SECRET_BYTES).toString('base64url')}`
  return { key, row: rowOf(request, key, prefix, { createdBy, clock, ids }) }
}

/** The key that the operator chose, in whatever form. It is found by the start of its hash. */
export function chosenKey(key: string, request: KeyRequest, source: Source): KeyRow {
  return rowOf(request, key, prefixOf(key), source)
}

function rowOf({ name, role, group, expiresAt }: KeyRequest, key: string, prefix: string, { createdBy, clock, ids }: Source): KeyRow {
  const createdAt = clock.now().toISOString()
  const unused = { revokedAt: null, lastUsedAt: null }
  return {
    id: ids.id(),
    name,
    role,
    group: group ?? null,
    prefix,
    hash: sha256(key),
    createdAt,
    createdBy,
    expiresAt: expiresAt ?? null,
    ...unused
  }
}

/** What finds a key's row: the prefix that it carries, or for a chosen key the start of its hash. */
export const prefixOf = (key: string): string => ISSUED.exec(key)?.[1] ?? `${CHOSEN}${sha256(key).slice(0, 12)}`

/** Whether a key is the one that was stored, in a time that does not tell how much of it is right. */
export const matches = (key: string, { hash }: Pick<KeyRow, 'hash'>): boolean =>
  timingSafeEqual(Buffer.from(sha256(key), 'hex'), Buffer.from(hash, 'hex'))

/** Why a key cannot be used now; undefined where it can. */
export function unusable(
  { revokedAt, expiresAt }: Pick<KeyRow, 'revokedAt' | 'expiresAt'>,
  now: string
): 'revoked' | 'expired' | undefined {
  if (revokedAt !== null) return 'revoked'
  return expiresAt !== null && expiresAt <= now ? 'expired' : undefined
}
