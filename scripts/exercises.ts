/**
 * Counts published exercises again.
 *
 *   npm run exercises -- recount [ID…] [--database URL]
 */

import { listExercises } from '../src/exercises/exercises.queries.ts'
import { recountExercise } from '../src/exercises/outcome/recounting.ts'
import { runCommand, UsageError } from './command.ts'

const HELP = `npm run exercises -- recount [ID…] [options]

Counts the ballots of published exercises again, all of them or those named, by the protocol of each, and compares what comes out with
the outcome that was published, and its text with its hash. Nothing is changed.

  --database URL  This database, in place of DATABASE_URL.
  --quiet         Only what differs.
  --help          This text.

Ends with status 0 when every count is what was published, 1 when one is not or the database cannot be used, 2 if the command was not
understood.`

const MOST = 100_000

await runCommand(HELP, async ({ words: [verb, ...named], quiet }, open) => {
  if (verb !== 'recount') throw new UsageError('Say what to do: recount.')
  const store = await open()
  try {
    const ids = named.length > 0 ? named : (await store.read((db) => listExercises(db, ['published'], MOST))).map(({ id }) => id)
    for (const id of ids) {
      const differences = await recountExercise(store, id)
      if (differences.length > 0) process.exitCode = 1
      if (differences.length > 0 || !quiet) console.log(`${id}: ${differences.length === 0 ? 'as published.' : differences.join(' ')}`)
    }
    if (ids.length === 0 && !quiet) console.log('No exercise is published.')
  } finally {
    await store.close()
  }
})
