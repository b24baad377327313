import { join } from 'node:path'
import type { MigrationMeta } from 'drizzle-orm/migrator'
import { readMigrationFiles } from './drizzle.ts'

/** The migrations of an engine, the oldest first. */
export const migrationsOf = (engine: 'sqlite' | 'postgresql'): MigrationMeta[] =>
  readMigrationFiles({ migrationsFolder: join(import.meta.dirname, 'migrations', engine) })
