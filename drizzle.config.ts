import { defineConfig } from 'drizzle-kit'

const ENGINES = {
  sqlite: { dialect: 'sqlite', schema: './db/schema.sqlite.ts', out: './db/migrations/sqlite' },
  postgresql: { dialect: 'postgresql', schema: './db/schema.postgres.ts', out: './db/migrations/postgresql' }
} as const

/** `DB_ENGINE` says for which engine: see `npm run generate:migrations`. */
export default defineConfig(ENGINES[process.env['DB_ENGINE'] === 'postgresql' ? 'postgresql' : 'sqlite'])
