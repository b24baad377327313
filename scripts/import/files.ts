/** The files that a command line names: files, folders with everything in them, and patterns. */
import { glob, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { typeOfName } from '../../src/imports/media-types.ts'

export interface FoundFile {
  readonly path: string
  readonly mediaType: string
  readonly bytes: number
}

export interface Found {
  readonly files: readonly FoundFile[]
  /** Files of folders that are of no type that is taken, such as licences. */
  readonly skipped: readonly string[]
  /** What was named and is not there, or is of no type that is taken. */
  readonly missing: readonly string[]
}

/** Finds files in the order in which they are named; those of a folder or a pattern by their names. */
export async function findFiles(named: readonly string[]): Promise<Found> {
  const files = new Map<string, FoundFile>()
  const [skipped, missing]: [string[], string[]] = [[], []]
  for (const name of named) {
    const { paths, isExact } = await expand(name)
    if (paths.length === 0) missing.push(name)
    for (const path of paths) {
      const mediaType = typeOfName(path)
      if (mediaType === undefined) (isExact ? missing : skipped).push(path)
      else files.set(path, { path, mediaType, bytes: (await stat(path)).size })
    }
  }
  return { files: [...files.values()], skipped, missing }
}

async function expand(name: string): Promise<{ paths: string[]; isExact: boolean }> {
  const found = await stat(name).catch(() => undefined)
  if (found?.isFile()) return { paths: [name], isExact: true }
  const paths: string[] = []
  for await (const path of glob(found?.isDirectory() ? join(name, '**/*') : name)) {
    if ((await stat(path)).isFile()) paths.push(path)
  }
  return { paths: paths.sort(), isExact: false }
}
