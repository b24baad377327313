/**
 * Drizzle, loaded as CommonJS. As ES modules its several hundred files take 230 MB of memory and half a second more: for each of
 * them Node looks into its package.json of 180 KB. Nothing else may load Drizzle; types may be imported from it.
 */
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

const orm = require('drizzle-orm') as typeof import('drizzle-orm')
export const { and, asc, DrizzleQueryError, desc, eq, fillPlaceholders, gt, inArray, isNotNull, isNull, like, lt, lte, min, ne, or, sql } =
  orm

export const pgCore = require('drizzle-orm/pg-core') as typeof import('drizzle-orm/pg-core')
export const sqliteCore = require('drizzle-orm/sqlite-core') as typeof import('drizzle-orm/sqlite-core')
export const { drizzle: drizzleSqlite } = require('drizzle-orm/better-sqlite3') as typeof import('drizzle-orm/better-sqlite3')
export const { drizzle: drizzlePostgres } = require('drizzle-orm/node-postgres') as typeof import('drizzle-orm/node-postgres')
export const { readMigrationFiles } = require('drizzle-orm/migrator') as typeof import('drizzle-orm/migrator')
