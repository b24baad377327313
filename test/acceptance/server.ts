/**
 * The registry as its users meet it: a process of its own, spoken to over HTTP only. With `ACCEPTANCE_URL` and `ACCEPTANCE_KEY`
 * the suites run against a server that is already there.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import pg from 'pg'
import { freePort } from '../free-port.ts'

export const ADMIN_KEY = 'an-acceptance-suite-key-of-enough-length'
const ROOT = new URL('../..', import.meta.url).pathname

/** What differs between the runs of a suite: where the data is kept. */
export interface Engine {
  readonly name: string
  /** Why it cannot be used here; false where it can. */
  readonly skip: string | false
  /** The address of an empty database, and what removes it. */
  database(): Promise<{ url: string; drop(): Promise<void> }>
}

const sqlite: Engine = {
  name: 'sqlite',
  skip: false,
  async database() {
    const folder = mkdtempSync(join(tmpdir(), 'acceptance-'))
    return { url: `file:${join(folder, 'registry.db')}`, drop: async () => rmSync(folder, { recursive: true, force: true }) }
  }
}

const running = process.env['ACCEPTANCE_URL']
const postgresUrl = process.env['TEST_POSTGRES_URL']

const postgres: Engine = {
  name: 'postgres',
  skip: postgresUrl ? false : (process.env['TEST_POSTGRES_SKIP'] ?? 'TEST_POSTGRES_URL is not set'),
  async database() {
    const name = `acceptance_${process.pid}_${Math.random().toString(36).slice(2, 10)}`
    const admin = new pg.Client({ connectionString: postgresUrl })
    await admin.connect()
    await admin.query(`create database ${name}`)
    const url = new URL(postgresUrl!)
    url.pathname = `/${name}`
    return {
      url: url.href,
      drop: async () => {
        await admin.query(`drop database if exists ${name} with (force)`)
        await admin.end()
      }
    }
  }
}

if (process.env['CI'] === 'true' && postgres.skip) throw new Error(`Continuous integration does not skip PostgreSQL: ${postgres.skip}`)

/** Engines that the suites start a server on; a server that is already running has the one it has. */
export const engines: readonly Engine[] = running
  ? [{ name: running, skip: false, database: async () => ({ url: '', drop: async () => {} }) }]
  : [sqlite, postgres]

export interface Started {
  readonly child: ChildProcess
  /** All that it printed so far. */
  out(): string
  err(): string
  /** Resolves when it has ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

/** `node src/main.ts` with these variables and no others of its own. */
export function startProcess(env: Record<string, string>, args: readonly string[] = []): Started {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, ['src/main.ts', ...args], {
    cwd: ROOT,
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => (out += chunk))
  child.stderr.on('data', (chunk) => (err += chunk))
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal }))
  )
  return { child, out: () => out, err: () => err, ended }
}

/** Resolves when the server says that it is ready; rejects with what it printed when it ends before. */
export async function untilReady(base: string, started?: Started, withinMs = 60_000): Promise<void> {
  const until = Date.now() + withinMs
  while (Date.now() < until) {
    if (started && started.child.exitCode !== null) throw new Error(`The server ended: ${started.out()}\n${started.err()}`)
    const ready = await fetch(`${base}/readyz`).catch(() => undefined)
    await ready?.body?.cancel()
    if (ready?.status === 200) return
    await after(50)
  }
  throw new Error(`The server was not ready in ${withinMs} ms: ${started?.out()}\n${started?.err()}`)
}

export interface Server {
  readonly base: string
  readonly adminKey: string
  stop(): Promise<void>
}

/** A server that is ready, on an empty database; or the one that is running already. */
export async function startServer(engine: Engine, env: Record<string, string> = {}): Promise<Server> {
  if (running) {
    await untilReady(running)
    return { base: running.replace(/\/+$/, ''), adminKey: process.env['ACCEPTANCE_KEY'] ?? '', stop: async () => {} }
  }
  const database = await engine.database()
  const port = await freePort()
  const started = startProcess({ PORT: `${port}`, DATABASE_URL: database.url, ADMIN_KEY, LOG_LEVEL: 'error', ...env })
  const base = `http://127.0.0.1:${port}`
  await untilReady(base, started).catch(async (error) => {
    started.child.kill('SIGKILL')
    await database.drop()
    throw error
  })
  return {
    base,
    adminKey: ADMIN_KEY,
    stop: async () => {
      started.child.kill('SIGTERM')
      await started.ended
      await database.drop()
    }
  }
}
