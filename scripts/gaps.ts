/**
 * Keeps the findings of the gap rules.
 *
 *   npm run gaps -- rebuild [--database URL]
 */
import { rebuildGaps } from '../src/gaps/rebuilding.ts'
import { runCommand, UsageError } from './command.ts'
import { ProgressBar } from './import/progress.ts'

const HELP = `npm run gaps -- rebuild [options]

Makes all findings of the gap rules again from the published measures, in the database that DATABASE_URL names. Where they are what
they should be, nothing changes. What people recorded, adopted or dismissed stays. Running servers follow.

  --database URL  This database, in place of DATABASE_URL.
  --quiet         Only the result: no progress.
  --help          This text.

Ends with status 0 when it is done, 1 if the database cannot be used, 2 if the command was not understood.`

await runCommand(HELP, async ({ words, quiet }, open) => {
  if (words.length !== 1 || words[0] !== 'rebuild') throw new UsageError('Say what to do: rebuild.')
  const store = await open()
  const bar = new ProgressBar()
  bar.begin('gaps')
  try {
    const changed = await rebuildGaps(store, new Date().toISOString(), (done, total) => {
      if (!quiet) bar.show({ phase: 'rebuild', done, total })
    })
    bar.end()
    console.log(changed === 0 ? 'The findings are what they should be: nothing changed.' : `${changed} findings changed.`)
  } finally {
    await store.close()
  }
})
