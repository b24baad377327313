/** What the commands that write files from the code have in common: write them, or say which are out of date. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openStore } from '../db/open.ts'
import { buildApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { systemClock, systemIds } from '../src/context.ts'
import { loadVocabularies } from '../src/vocabularies/load.ts'

const root = join(import.meta.dirname, '..')

interface Generator {
  readonly help: string
  /** The files by their path from the root of the project. */
  files(): Promise<Record<string, string>>
}

/** Runs a generator as its command line asks: `--help`, `--check`, or nothing to write. */
export async function generate({ help, files }: Generator, args: readonly string[] = process.argv.slice(2)): Promise<void> {
  if (args.includes('--help')) return console.log(help)
  for (const [path, text] of Object.entries(await files())) {
    const file = join(root, path)
    if (!args.includes('--check')) {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    } else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
      console.error(`${path} is out of date: run npm run generate`)
      process.exitCode = 1
    }
  }
}

/** What a registry without any measure answers to these addresses. */
export async function served<const P extends readonly string[]>(paths: P): Promise<Record<P[number], string>> {
  const config = readConfig({ PUBLIC_URL: 'http://127.0.0.1:3000', CATALOGUE: 'empty', LOG_LEVEL: 'silent' })
  const store = await openStore('file::memory:')
  const app = await buildApp({ store, clock: systemClock, ids: systemIds, config, vocabularies: loadVocabularies() })
  try {
    const answers = paths.map(async (path) => [path, (await app.inject(path)).body] as const)
    return Object.fromEntries(await Promise.all(answers)) as Record<P[number], string>
  } finally {
    await app.close()
    await store.close()
  }
}
