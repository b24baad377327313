import { setTimeout as after } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { openStore } from '../db/open.ts'
import { StoreError } from '../db/store.ts'
import { ensureAdminKey } from './access/bootstrap.ts'
import { buildApp } from './app.ts'
import { isEmptyCatalogue, loadStarterCatalogue, REGISTRY } from './catalogue/starter.ts'
import { type Config, ConfigError, describeConfig, readConfig } from './config.ts'
import { type Context, systemClock, systemIds } from './context.ts'
import { scrubDeleted } from './exercises/scrubbing.ts'
import { refreshDismissals } from './gaps/dismissing.ts'
import { refreshGaps } from './gaps/rebuilding.ts'
import { sweepLeftovers } from './imports/leftovers.ts'
import { refreshAddresses, refreshMaturity } from './measures/refreshing.ts'
import { loadVocabularies } from './vocabularies/load.ts'

const DAY = 86_400_000

/** Runs the server until it is told to stop; resolves to the exit status. */
export async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  if (args.includes('--help')) {
    console.log(`npm start\n\nServes the registry. Configuration comes from the environment:\n\n${describeConfig()}`)
    return 0
  }
  if (args.length > 0) {
    console.error(`npm start takes no arguments but --help: "${args[0]}" is not known. Configuration comes from the environment.`)
    return 1
  }
  try {
    await serve(readConfig(env))
    return 0
  } catch (error) {
    if (!isExpected(error)) throw error
    console.error(error.message)
    return 1
  }
}

/** Failures of the start that are the operator's to mend: a sentence says more than a stack. */
const isExpected = (error: unknown): error is Error =>
  error instanceof ConfigError || (error instanceof StoreError && error.code === 'STORE_CONFIGURATION')

async function serve(config: Config): Promise<void> {
  const store = await openStore(config.DATABASE_URL)
  try {
    const context: Context = { store, clock: systemClock, ids: systemIds, config, vocabularies: loadVocabularies() }
    await store.exclusively('start', () => prepare(context))
    await sweepLeftovers(systemClock.now())
    const app = await buildApp(context)
    const address = await listen(app, config)
    console.log(greeting(config.isAddressStated ? config.PUBLIC_URL : address))
    const stop = new AbortController()
    const freshening = keepFresh(context, app, stop.signal)
    await stopSignal()
    stop.abort()
    await app.close()
    await freshening
  } finally {
    await store.close()
  }
}

/** What an empty database needs before it can be served, done by one process while others wait. */
async function prepare({ store, config, vocabularies, clock, ids }: Context): Promise<void> {
  if (config.CATALOGUE === 'starter' && (await isEmptyCatalogue(store))) {
    const loaded = await loadStarterCatalogue(store, { publicUrl: config.PUBLIC_URL, lists: vocabularies })
    console.log(`Loaded the starter catalogue: ${loaded} measures.`)
  }
  await scrubDeleted(store).catch((error: Error) => console.error(`What was deleted of exercises was not overwritten: ${error.message}`))
  const changed = await refreshGaps(store, clock.now().toISOString())
  if (changed > 0) console.log(`Made the findings of the gap rules again: ${changed} changed.`)
  const key = await ensureAdminKey(store, { adminKey: config.ADMIN_KEY, clock, ids })
  if (key) console.log(`The first administrator's key, shown only now:\n\n  ${key}\n`)
}

const greeting = (address: string) =>
  [`API        ${address}/v1`, `Reference  ${address}/docs`, `OpenAPI    ${address}/openapi.json`].join('\n')

/** An address that cannot be had is for the operator to mend: a sentence that names the variables. */
async function listen(app: FastifyInstance, { HOST, PORT }: Config): Promise<string> {
  try {
    return await app.listen({ host: HOST, port: PORT })
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    if (!['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND'].includes(code)) throw error
    throw new ConfigError(
      `PORT ${PORT} on HOST ${HOST} cannot be listened on: ${code === 'EADDRINUSE' ? 'something else uses it' : message}.`
    )
  }
}

const stopSignal = () =>
  new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
  })

/**
 * Once now and once a day: maturity ages without anybody writing. Once now: an address that somebody stated may have changed; one
 * that nobody stated is made of a port, and processes on one database may have different ones.
 */
async function keepFresh({ store, clock, config }: Context, app: FastifyInstance, signal: AbortSignal): Promise<void> {
  const refresh = () => ({ now: clock.now().toISOString(), publicUrl: config.PUBLIC_URL, actor: REGISTRY.name })
  const orLog = (work: Promise<number>) => work.catch((error) => app.log.error(error, 'documents were not refreshed'))
  if (config.isAddressStated) await orLog(refreshAddresses(store, refresh()))
  while (!signal.aborted) {
    await orLog(refreshMaturity(store, refresh()))
    await orLog(refreshDismissals(store, refresh()))
    await after(DAY, undefined, { signal, ref: false }).catch(() => {})
  }
}
