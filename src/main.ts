/** The process: see process.ts for what it does. */
import { run } from './process.ts'

process.exitCode = await run(process.argv.slice(2), process.env)
