import { join } from 'node:path'
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator'

/** The migrations of an engine, the oldest first. */
export const migrationsOf = (engine: 'sqlite' | 'postgresql'): MigrationMeta[] =>
  readMigrationFiles({ migrationsFolder: join(import.meta.dirname, 'migrations', engine) })
