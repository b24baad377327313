/** Where measures are imported to: the database of this machine, or a server somewhere. Both answer with the same report. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { userInfo } from 'node:os'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { openStore } from '../../db/open.ts'
import { readConfig } from '../../src/config.ts'
import { systemClock, systemIds } from '../../src/context.ts'
import type { ImportReport } from '../../src/imports/import.schema.ts'
import { importFile } from '../../src/imports/importing.ts'
import { findImport } from '../../src/imports/imports.queries.ts'
import { reportJson, rowsOf } from '../../src/imports/report.queries.ts'
import type { ImportOptions } from '../../src/imports/report.ts'
import { Catalogue } from '../../src/measures/catalogue.ts'
import { loadVocabularies } from '../../src/vocabularies/load.ts'
import type { FoundFile } from './files.ts'
import type { Step } from './progress.ts'

export interface Registry {
  /** Imports a file, and answers its report with the rows that were rejected at least; throws an error whose message is for people where nothing of it went in. */
  bring(file: FoundFile, options: ImportOptions, onStep: (step: Step) => void): Promise<ImportReport>
  close(): Promise<void>
}

/** The database that the environment names, as the server would use it. Whoever can write it may publish. */
export async function localRegistry(env: NodeJS.ProcessEnv): Promise<Registry> {
  const config = readConfig(env)
  const store = await openStore(config.DATABASE_URL)
  const vocabularies = loadVocabularies()
  const catalogue = new Catalogue(store)
  await catalogue.level()
  const deps = { store, catalogue, vocabularies, config, clock: systemClock, ids: systemIds }
  const actor = { id: 'command', name: `${userInfo().username} (command line)` }
  return {
    async bring({ path, mediaType, bytes }, options, onProgress) {
      const file = { path, name: basename(path), mediaType, bytes, sha256: await sha256Of(path) }
      const id = await importFile({ ...deps, onProgress }, actor, file, options, [], async (_tx, work) => (await work()).id)
      const row = (await store.read((db) => findImport(db, id)))!
      const pieces: string[] = []
      for await (const piece of reportJson(row, rowsOf(store, id, ['rejected']))) pieces.push(piece)
      return JSON.parse(pieces.join('')) as ImportReport
    },
    close: () => store.close()
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/** A server, spoken to with the key in `REGISTRY_KEY`: on the command line others could read it. */
export function remoteRegistry(server: string, key: string): Registry {
  const address = `${server.replace(/\/+$/, '').replace(/\/v1$/, '')}/v1/imports`
  return {
    async bring({ path, mediaType, bytes }, { dryRun, publish, atomic, mapping }, onStep) {
      const url = new URL(address)
      for (const [name, value] of Object.entries({ dryRun, publish, atomic })) if (value) url.searchParams.set(name, 'true')
      url.searchParams.set('file', basename(path))
      if (mapping !== undefined) url.searchParams.set('mapping', JSON.stringify(mapping))
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': mediaType, 'content-length': String(bytes) },
        body: Readable.toWeb(counted(path, bytes, onStep)) as ReadableStream,
        duplex: 'half'
      } as RequestInit)
      const answer = (await response.json()) as { detail?: string; errors?: { pointer?: string; detail: string }[] }
      if (response.ok) return answer as unknown as ImportReport
      const places = (answer.errors ?? []).slice(0, 5).map(({ pointer, detail }) => `  ${pointer ?? ''} ${detail}`)
      throw new Error([`${response.status}: ${answer.detail}`, ...places].join('\n'))
    },
    close: async () => {}
  }
}

function counted(path: string, total: number, onStep: (step: Step) => void): Readable {
  let done = 0
  return createReadStream(path).on('data', (chunk) => {
    done += chunk.length
    onStep(done < total ? { phase: 'sending', done, total } : { phase: 'waiting', done: 0 })
  })
}
