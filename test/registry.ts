/** A registry for a test: a real store, the real application, a clock that moves a second at each look, and a key per role. */
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import type { Store } from '../db/store.ts'
import { insertKey } from '../src/access/keys.queries.ts'
import { issueKey } from '../src/access/keys.ts'
import { buildApp } from '../src/app.ts'
import { loadStarterCatalogue } from '../src/catalogue/starter.ts'
import { readConfig } from '../src/config.ts'
import { type Context, systemIds } from '../src/context.ts'
import { loadVocabularies } from '../src/vocabularies/load.ts'
import type { Engine } from './engines.ts'

export const PUBLIC_URL = 'https://registry.example'
export type Role = 'contributor' | 'reviewer' | 'organiser' | 'admin'

export interface SendOptions {
  readonly as?: Role | 'second-reviewer'
  readonly body?: unknown
  readonly headers?: Record<string, string>
}
export type Response = LightMyRequestResponse

export interface Registry {
  readonly app: FastifyInstance
  readonly store: Store
  readonly context: Context
  /** Sends a request; `as` names the role whose key goes with it. */
  send(method: string, url: string, options?: SendOptions): Promise<Response>
  close(): Promise<void>
}

const START = Date.parse('2026-11-24T10:00:00.000Z')

export async function openRegistry(engine: Engine, { catalogue = 'starter' as 'starter' | 'empty' } = {}): Promise<Registry> {
  const { store, done } = await engine.open()
  let ticks = 0
  const clock = { now: () => new Date(START + 1_000 * ticks++) }
  const vocabularies = await loadVocabularies()
  const context: Context = { store, clock, ids: systemIds, config: readConfig({ PUBLIC_URL, LOG_LEVEL: 'silent' }), vocabularies }
  if (catalogue === 'starter') await loadStarterCatalogue(store, { publicUrl: PUBLIC_URL, lists: vocabularies })
  const keys = new Map<string, string>()
  for (const [name, role] of [
    ['contributor', 'contributor'],
    ['reviewer', 'reviewer'],
    ['second-reviewer', 'reviewer'],
    ['organiser', 'organiser'],
    ['admin', 'admin']
  ] as const) {
    const { key, row } = issueKey({ name: `the ${name}`, role }, { createdBy: 'test', clock, ids: systemIds })
    await store.write([], (tx) => insertKey(tx, row))
    keys.set(name, key)
  }
  const app = await buildApp(context)
  return {
    app,
    store,
    context,
    send: (method, url, { as, body, headers } = {}) =>
      app.inject({
        method: method as NonNullable<InjectOptions['method']>,
        url,
        headers: {
          ...(as ? { authorization: `Bearer ${keys.get(as)}` } : {}),
          ...(body !== undefined && typeof body !== 'string' && !Buffer.isBuffer(body) ? { 'content-type': 'application/json' } : {}),
          ...headers
        },
        ...(body === undefined ? {} : { payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body) })
      }),
    close: async () => {
      await app.close()
      await done()
    }
  }
}
