/** What the application depends on; tests give it their own clock and store. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { Store } from '../db/store.ts'
import type { Config } from './config.ts'
import type { Vocabularies } from './vocabularies/vocabularies.ts'

export interface Clock {
  now(): Date
}
export interface Ids {
  /** An identifier that nobody can guess or give twice. */
  id(): string
  /** Random bytes, for secrets. */
  secret(bytes: number): Buffer
}

export interface Context {
  readonly store: Store
  readonly clock: Clock
  readonly ids: Ids
  readonly config: Config
  readonly vocabularies: Vocabularies
}

export const systemClock: Clock = { now: () => new Date() }
export const systemIds: Ids = { id: randomUUID, secret: randomBytes }
