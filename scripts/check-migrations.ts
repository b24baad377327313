/**
 * Says whether the migrations are whole: they agree with one another, and the tables as declared need no further one.
 *
 *   node scripts/check-migrations.ts
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'

const HELP = 'node scripts/check-migrations.ts\nFails if a migration is missing for a change of db/schema.ts, on either engine.'
const root = join(import.meta.dirname, '..')
const ENGINES = { sqlite: 'sqlite', postgresql: 'postgres' } as const

/** What drizzle-kit says. It has no terminal, so that it cannot ask. */
function drizzleKit(...args: string[]): string {
  const { stdout, stderr } = spawnSync('drizzle-kit', args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
    env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH']}` }
  })
  return `${stdout}${stderr}`
}

/** What is wrong with the migrations of an engine, in words. */
function faultOf(dialect: keyof typeof ENGINES): string | undefined {
  const folder = join(root, 'db/migrations', dialect)
  // Inside the project: drizzle-kit puts the folder after its own, also where it is absolute.
  const copy = mkdtempSync(join(root, 'node_modules/.migrations-'))
  try {
    cpSync(folder, copy, { recursive: true })
    const out = relative(root, copy)
    const schema = `./db/schema.${ENGINES[dialect]}.ts`
    // What it says is all there is to go by: it ends with 0 as well where it wants to ask whether a column was renamed.
    const checked = drizzleKit('check', `--dialect=${dialect}`, `--out=${out}`)
    if (!checked.includes("Everything's fine")) return `db/migrations/${dialect} contradict one another.\n${checked}`
    const generated = drizzleKit('generate', `--dialect=${dialect}`, `--schema=${schema}`, `--out=${out}`)
    if (generated.includes('nothing to migrate')) return undefined
    return `db/migrations/${dialect} lack a change of the tables: run npm run generate:migrations.\n${generated}`
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

if (process.argv.includes('--help')) {
  console.log(HELP)
} else {
  for (const dialect of ['sqlite', 'postgresql'] as const) {
    const fault = faultOf(dialect)
    if (!fault) continue
    console.error(fault)
    process.exitCode = 1
  }
}
