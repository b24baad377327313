/** Candidates on disk between reading and storing: a file may be larger than the memory that the server has for it. */
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import { AlikeInFile } from './alike-in-file.ts'
import type { Candidate } from './candidate.ts'
import { type Note, printable } from './note.ts'
import { compareReleases } from './releases.ts'
import type { FileFacts } from './staging.ts'

/** Where each candidate lies in the file, in the order in which they go into the registry. */
export interface StagedIndex {
  readonly facts: FileFacts
  readonly places: readonly { readonly offset: number; readonly length: number; readonly ordinal: number }[]
  /** Of records that are releases of one measure: what to say of each, by its ordinal. */
  readonly releases: readonly (readonly [number, Note])[]
}

/** `key` is what the record is looked up by; empty where nothing names it, or it will not go in. */
type Place = StagedIndex['places'][number] & Pick<Candidate, 'identity' | 'at'> & { readonly key: string }

/** Writes candidates to a file, one a line. `onRecord` is told how many there are so far. */
export async function writeStaged(
  candidates: AsyncGenerator<Candidate, FileFacts>,
  path: string,
  onRecord: (count: number) => void = () => {}
): Promise<StagedIndex> {
  const out = createWriteStream(path, { mode: 0o600 })
  // A write that is under way when the file turns out to be unreadable fails, and nobody waits for it.
  out.on('error', () => {})
  const lookalikes = new AlikeInFile()
  const places: Place[] = []
  let offset = 0
  try {
    for (;;) {
      const step = await candidates.next()
      if (step.done) {
        out.end()
        await finished(out)
        return { facts: printable(step.value), ...inOrder(places) }
      }
      const { ordinal, identity, at, keys, errors } = step.value
      const key = errors.length > 0 ? '' : (identity.id ?? keys[0] ?? '')
      const line = Buffer.from(
        `${JSON.stringify({ ...step.value, warnings: [...step.value.warnings, ...lookalikes.notesOn(step.value)] })}\n`
      )
      places.push({ offset, length: line.length, ordinal, identity, at, key })
      offset += line.length
      if (!out.write(line)) await once(out, 'drain')
      onRecord(places.length)
    }
  } finally {
    out.destroy()
  }
}

/** Releases of one measure go in from the oldest to the newest, wherever they stand, so that the newest is the one that stays. */
function inOrder(places: readonly Place[]): Pick<StagedIndex, 'places' | 'releases'> {
  const ordered = [...places]
  const releases: (readonly [number, Note])[] = []
  const byMeasure = Map.groupBy(places, ({ key }) => key)
  for (const [key, group] of byMeasure) {
    if (key === '' || group.length === 1) continue
    const positions = group.map(({ ordinal }) => ordinal)
    const sorted = group.toSorted((a, b) => compareReleases(a.identity, b.identity) || a.ordinal - b.ordinal)
    for (const [i, place] of sorted.entries()) {
      ordered[positions[i]!] = place
      releases.push([place.ordinal, { code: 'several-releases', detail: releaseDetail(sorted, i) }])
    }
  }
  return { places: ordered.map(({ offset, length, ordinal }) => ({ offset, length, ordinal })), releases }
}

function releaseDetail(sorted: readonly Place[], i: number): string {
  const before = sorted[i - 1]
  const after = before ? `, after ${before.identity.release ?? 'one without a version'} (${before.at})` : ''
  return `The file holds ${sorted.length} records of this measure, which go in from the oldest release to the newest: this one is number ${i + 1}${after}.`
}

/** The candidates of a staged file, one at a time, in the order of the index; as often as somebody asks. */
export async function* readStaged(path: string, { places, releases }: StagedIndex): AsyncGenerator<Candidate> {
  const notes = new Map(releases)
  const file = await open(path)
  try {
    for (const { offset, length, ordinal } of places) {
      const { buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, offset)
      const candidate = JSON.parse(buffer.toString()) as Candidate
      const note = notes.get(ordinal)
      yield note ? { ...candidate, warnings: [...candidate.warnings, note] } : candidate
    }
  } finally {
    await file.close()
  }
}
