/**
 * Writes everything that is generated, or with `--check` says what is out of date.
 *
 *   npm run generate [-- --check]
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const HELP = `npm run generate [-- --check]
Writes the codes, the lists from CLDR, the OpenAPI document and the table of rights. With --check nothing is written: it fails
where one of them is out of date, or where a migration is missing.`

/** In this order: the document is made from the codes, and the rights from the document. */
const GENERATORS = ['generate-cldr', 'generate-official-languages', 'generate-codes', 'generate-openapi', 'generate-rights']

const run = (script: string, args: readonly string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, `${script}.ts`), ...args], { stdio: 'inherit' }).status === 0

if (process.argv.includes('--help')) {
  console.log(HELP)
} else {
  const isCheck = process.argv.includes('--check')
  const done = GENERATORS.map((script) => run(script, isCheck ? ['--check'] : []))
  if (isCheck) done.push(run('check-migrations', []))
  process.exitCode = done.every(Boolean) ? 0 : 1
}
