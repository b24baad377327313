/** The engines that every suite runs on, each with an empty, migrated database of its own per test. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { openStore } from '../db/open.ts'
import type { Store } from '../db/store.ts'

export interface Engine {
  readonly name: 'sqlite' | 'postgres'
  /** Why it cannot be used here; false where it can. */
  readonly skip: string | false
  /** An empty database, without its tables. */
  create(): Promise<{ url: string; drop(): Promise<void> }>
  open(options?: { deadlineMs?: number }): Promise<{ store: Store; url: string; done(): Promise<void> }>
}

const opening = (create: Engine['create']): Engine['open'] =>
  async function open(options) {
    const { url, drop } = await create()
    const store = await openStore(url, options)
    const done = async () => {
      await store.close()
      await drop()
    }
    return { store, url, done }
  }

async function createSqlite() {
  const folder = mkdtempSync(join(tmpdir(), 'registry-'))
  return { url: `file:${join(folder, 'registry.db')}`, drop: async () => rmSync(folder, { recursive: true, force: true }) }
}

const server = process.env['TEST_POSTGRES_URL']

async function createPostgres() {
  const name = `test_${process.pid}_${Math.random().toString(36).slice(2, 10)}`
  const admin = new pg.Client({ connectionString: server })
  await admin.connect()
  await admin.query(`create database ${name}`)
  const url = new URL(server!)
  url.pathname = `/${name}`
  const drop = async () => {
    await admin.query(`drop database ${name} with (force)`)
    await admin.end()
  }
  return { url: url.href, drop }
}

const sqlite: Engine = { name: 'sqlite', skip: false, create: createSqlite, open: opening(createSqlite) }
const postgres: Engine = {
  name: 'postgres',
  skip: server ? false : (process.env['TEST_POSTGRES_SKIP'] ?? 'TEST_POSTGRES_URL is not set; npm test sets it'),
  create: createPostgres,
  open: opening(createPostgres)
}

if (process.env['CI'] === 'true' && postgres.skip) throw new Error(`Continuous integration does not skip PostgreSQL: ${postgres.skip}`)

export const engines: readonly Engine[] = [sqlite, postgres]
