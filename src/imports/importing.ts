/**
 * An import from a file to its report: read and understood beside the server, compared with the catalogue, then stored in one
 * unit of work: all good rows, or none. A dry run does the same, and takes it back.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { violationOf } from '../../db/errors.ts'
import type { Writer } from '../../db/store.ts'
import type { Context } from '../context.ts'
import type { Catalogue } from '../measures/catalogue.ts'
import { findSimilar } from '../measures/finding-similar.ts'
import type { Act } from '../measures/lifecycle.ts'
import { findMeasureIds } from '../measures/measure.queries.ts'
import type { MeasureContent, Similar } from '../measures/measure.schema.ts'
import { relatedMeasures } from '../measures/publishing.ts'
import { applyPlan } from './applying.ts'
import type { Candidate } from './candidate.ts'
import { findPresent, forgetDryRuns, insertImport, insertImportRows, type StoredRow } from './imports.queries.ts'
import type { Note } from './note.ts'
import { type Plan, planRow } from './plan.ts'
import { stageInBackground } from './reader.ts'
import { type ImportOptions, rowOf, type Summary, summaryOf } from './report.ts'
import { readStaged, type StagedIndex } from './staged.ts'

/** A file that has arrived. */
export interface IncomingFile {
  readonly path: string
  /** Its name, where the sender gave one. */
  readonly name?: string | undefined
  readonly mediaType: string
  readonly charset?: string | undefined
  readonly bytes: number
  readonly sha256: string
}

export interface Progress {
  readonly phase: 'reading' | 'comparing' | 'storing'
  readonly done: number
  readonly total?: number
}

export interface ImportDeps extends Context {
  readonly catalogue: Catalogue
  /** Told how far it is; nobody needs to listen. */
  readonly onProgress?: (progress: Progress) => void
}

export interface Actor {
  readonly id: string
  readonly name: string
}

/** An import that is over, with its rows as they are stored. */
export interface FinishedImport {
  readonly id: string
  readonly at: string
  readonly state: 'dry-run' | 'committed' | 'refused'
  readonly actor: Actor
  readonly summary: Summary
  readonly rows: readonly StoredRow[]
}

/** Imports follow one another: two uploads of one file at the same moment see each other's measures. */
const LOCKS = ['imports', 'measure-slugs']
const MINUTE = 60_000
const DEADLINE = { deadlineMs: 10 * MINUTE }
const DRY_RUNS_KEPT = 30 * 24 * 60 * MINUTE

/** What a unit of work throws so that everything in it is taken back. */
class TakenBack extends Error {
  readonly rows: readonly StoredRow[]
  constructor(rows: readonly StoredRow[]) {
    super('Taken back on purpose')
    this.rows = rows
  }
}

/**
 * Imports a file. `within` wraps what is committed, in the same unit of work, which holds `locks` as well. Throws `UnreadableFile` where the file
 * cannot be read; then nothing is kept, not even a report.
 */
export async function importFile<T>(
  deps: ImportDeps,
  actor: Actor,
  file: IncomingFile,
  options: ImportOptions,
  locks: readonly string[],
  within: (tx: Writer, work: () => Promise<FinishedImport>) => Promise<T>
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'registry-import-'))
  try {
    const path = join(folder, 'candidates.ndjson')
    const request = { path: file.path, mediaType: file.mediaType, charset: file.charset, mapping: options.mapping }
    const index = await stageInBackground(request, path, (done) => deps.onProgress?.({ phase: 'reading', done }))
    const similar = await lookalikes(deps, path, index)
    return await new Import(deps, actor, file, options, { path, index, similar }).run([...LOCKS, ...locks], within)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface Staged {
  readonly path: string
  readonly index: StagedIndex
  readonly similar: ReadonlyMap<number, readonly Similar[]>
}

class Import {
  readonly #deps: ImportDeps
  readonly #actor: Actor
  readonly #file: IncomingFile
  readonly #options: ImportOptions
  readonly #staged: Staged
  readonly #id: string
  readonly #at: string

  constructor(deps: ImportDeps, actor: Actor, file: IncomingFile, options: ImportOptions, staged: Staged) {
    this.#deps = deps
    this.#actor = actor
    this.#file = file
    this.#options = options
    this.#staged = staged
    this.#id = deps.ids.id()
    this.#at = deps.clock.now().toISOString()
  }

  async run<T>(locks: readonly string[], within: (tx: Writer, work: () => Promise<FinishedImport>) => Promise<T>): Promise<T> {
    const { store } = this.#deps
    const { dryRun, atomic } = this.#options
    const attempt = () => store.write(locks, (tx) => within(tx, () => this.#committed(tx, dryRun, atomic)), DEADLINE)
    try {
      // Somebody may have given an identifier that was just found free: the second time it is seen to be taken.
      return await attempt().catch((error) => (violationOf(error) === 'unique' ? attempt() : Promise.reject(error)))
    } catch (error) {
      if (!(error instanceof TakenBack)) throw error
      const { rows } = error
      return store.write(locks, (tx) => within(tx, () => this.#keep(tx, rows, dryRun ? 'dry-run' : 'refused')), DEADLINE)
    }
  }

  async #committed(tx: Writer, dryRun: boolean, atomic: boolean): Promise<FinishedImport> {
    const rows = await this.#store(tx)
    if (dryRun || (atomic && rows.some(({ outcome }) => outcome === 'rejected'))) throw new TakenBack(rows)
    return this.#keep(tx, rows, 'committed')
  }

  /** Plans each row and carries it out; a row sees what the rows before it did. */
  async #store(tx: Writer): Promise<StoredRow[]> {
    const { onProgress } = this.#deps
    const { path, index } = this.#staged
    const total = index.places.length
    const rows: StoredRow[] = []
    for await (const candidate of readStaged(path, index)) {
      rows.push(await this.#storeRow(tx, candidate))
      onProgress?.({ phase: 'storing', done: rows.length, total })
      await letOthers()
    }
    return rows.sort((a, b) => a.ordinal - b.ordinal)
  }

  async #storeRow(tx: Writer, candidate: Candidate): Promise<StoredRow> {
    const similar = this.#staged.similar.get(candidate.ordinal) ?? []
    const plan = withSimilar(await this.#plan(tx, candidate), similar)
    const applied =
      plan.step === 'none' ? undefined : await applyPlan(tx, this.#act(candidate), plan, { importId: this.#id, candidate, similar })
    const id = applied?.id ?? plan.id
    return {
      ordinal: candidate.ordinal,
      outcome: plan.outcome,
      measureId: id ?? null,
      json: JSON.stringify(rowOf(candidate, plan, id, applied?.version)),
      record: null,
      undo: applied && !this.#options.dryRun ? JSON.stringify(applied.undo) : null
    }
  }

  async #plan(tx: Writer, candidate: Candidate): Promise<Plan> {
    const matches = candidate.errors.length > 0 ? [] : await findPresent(tx, candidate)
    const contents: Partial<MeasureContent>[] = [
      candidate.content,
      ...matches.flatMap(({ draft, published }) => (draft ?? published)?.content ?? [])
    ]
    const registered = await findMeasureIds(tx, contents.flatMap(relatedMeasures))
    return planRow(candidate, matches, {
      publish: this.#options.publish,
      actorId: this.#actor.id,
      bringing: {
        file: this.#file.name ?? `a file without a name (${this.#file.mediaType})`,
        name: this.#actor.name,
        day: this.#at.slice(0, 10)
      },
      isRegistered: (id) => registered.has(id)
    })
  }

  #act({ at }: Candidate): Act {
    return { actor: this.#actor, now: this.#at, publicUrl: this.#deps.config.PUBLIC_URL, reason: `Import ${this.#id}, ${at}` }
  }

  /** Keeps the report, and of the rows that were rejected what they were. */
  async #keep(tx: Writer, rows: readonly StoredRow[], state: FinishedImport['state']): Promise<FinishedImport> {
    const summary = summaryOf(this.#file, this.#options, this.#staged.index.facts, rows)
    const finished = { id: this.#id, at: this.#at, state, actor: this.#actor, summary, rows }
    await forgetDryRuns(tx, new Date(Date.parse(this.#at) - DRY_RUNS_KEPT).toISOString())
    await insertImport(tx, { id: this.#id, at: this.#at, actorId: this.#actor.id, actor: this.#actor.name, state, summary })
    await this.#keepRows(tx, rows)
    return finished
  }

  async #keepRows(tx: Writer, rows: readonly StoredRow[]): Promise<void> {
    const rejected = new Set(rows.filter(({ outcome }) => outcome === 'rejected').map(({ ordinal }) => ordinal))
    const { path, index } = this.#staged
    const places = index.places.filter(({ ordinal }) => rejected.has(ordinal))
    await insertImportRows(
      tx,
      this.#id,
      rows.filter(({ ordinal }) => !rejected.has(ordinal))
    )
    const byOrdinal = new Map(rows.map((row) => [row.ordinal, row]))
    for await (const { ordinal, record } of readStaged(path, { ...index, places })) {
      await insertImportRows(tx, this.#id, [{ ...byOrdinal.get(ordinal)!, record: JSON.stringify(record ?? null) }])
      await letOthers()
    }
  }
}

/** What each record that is new looks like in the catalogue. It is advice, so that it is found before anything is locked. */
async function lookalikes(deps: ImportDeps, path: string, index: StagedIndex): Promise<Map<number, readonly Similar[]>> {
  const { store, catalogue, onProgress } = deps
  const found = new Map<number, readonly Similar[]>()
  let done = 0
  for await (const candidate of readStaged(path, index)) {
    onProgress?.({ phase: 'comparing', done: ++done, total: index.places.length })
    if (candidate.errors.length > 0) continue
    const isKnown = (await store.read((db) => findPresent(db, candidate))).length > 0
    if (!isKnown) found.set(candidate.ordinal, (await findSimilar(catalogue, '', candidate.content as MeasureContent)).slice(0, MOST_ALIKE))
    await letOthers()
  }
  return found
}

function withSimilar(plan: Plan, similar: readonly Similar[]): Plan {
  if (plan.outcome !== 'created' && plan.outcome !== 'draft-only') return plan
  const notes = similar.map(
    ({ measure, title, because }): Note => ({
      code: 'looks-like',
      found: measure,
      detail: `It looks like "${title}" (${measure}): ${because.join(' ')}`,
      mend: 'Give the record the identifier of the other if they are the same measure; otherwise leave both.'
    })
  )
  return { ...plan, warnings: [...plan.warnings, ...notes] }
}

/** Of what a record looks like, so many of the most alike are named: with thousands of records the rest would only fill the report. */
const MOST_ALIKE = 3

const TURN_MS = 5
let turnBegan = 0

/** Gives way to requests that wait: the embedded database answers at once, so that an import would keep the process to itself. */
async function letOthers(): Promise<void> {
  if (performance.now() - turnBegan < TURN_MS) return
  await nextTurn()
  turnBegan = performance.now()
}
