/** The process: configuration, store, starter catalogue, listening, and a close that finishes what is in flight. */
import { refuseOldNode } from './node-version.ts'

refuseOldNode()
// Imported after the check: the database driver ends an old Node without a word.
const { run } = await import('./process.ts')
process.exitCode = await run(process.argv.slice(2), process.env)
