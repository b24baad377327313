/**
 * An import from a file to its report: read and understood beside the server, compared with the catalogue, then stored in one
 * unit of work: all good rows, or none. A dry run does the same, and takes it back.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { violationOf } from '../../db/errors.ts'
import type { Writer } from '../../db/store.ts'
import type { Context } from '../context.ts'
import type { Catalogue } from '../measures/catalogue.ts'
import { type Act, lockOfMeasure } from '../measures/lifecycle.ts'
import { findMeasureIds } from '../measures/measure.queries.ts'
import type { MeasureContent, Similar } from '../measures/measure.schema.ts'
import { relatedMeasures } from '../measures/publishing.ts'
import { alikeInCatalogue, withSimilar } from './alike-in-catalogue.ts'
import { type Applied, applyPlan } from './applying.ts'
import type { Candidate } from './candidate.ts'
import { contentChecker } from './checking.ts'
import { findPresent, forgetDryRuns, insertImport, insertImportRows, insertSource, keepRecord, rebase } from './imports.queries.ts'
import type { Note } from './note.ts'
import { type Plan, type Present, planRow } from './plan.ts'
import { stageInBackground } from './reader.ts'
import { type ImportOptions, rowOf, type Summary, summaryOf } from './report.ts'
import { RowLog } from './row-log.ts'
import { readStaged, type StagedIndex } from './staged.ts'
import { letOthers } from './turns.ts'

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

/** An import that is over. Its rows are in the database. */
export interface FinishedImport {
  readonly id: string
  readonly at: string
  readonly state: 'dry-run' | 'committed' | 'refused'
  readonly actor: Actor
  readonly summary: Summary
}

/** Imports follow one another, in all processes: two uploads of one file at the same moment see each other's measures. */
export const IMPORTS_LOCK = 'imports'
const MINUTE = 60_000
/** How long the largest import may take to store. */
export const IMPORT_DEADLINE = { deadlineMs: 10 * MINUTE }
const DRY_RUNS_KEPT = 30 * 24 * 60 * MINUTE
/** Rows written at a time. */
const BATCH = 100

/** What a unit of work throws so that everything in it is taken back, but for the report. */
class TakenBack extends Error {
  readonly log: RowLog
  constructor(log: RowLog) {
    super('Taken back on purpose')
    this.log = log
  }
}

let turn: Promise<unknown> = Promise.resolve()

/** One at a time in this process: those who wait do so here, not each on a connection of the database. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = turn.then(work)
  turn = done.catch(() => {})
  return done
}

/**
 * Imports a file. `within` wraps what is committed, in the same unit of work, which holds `locks` as well. Throws `UnreadableFile` or
 * `UnusableMapping` where the file cannot be read; then nothing is kept, not even a report.
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
    const request = { path: file.path, mediaType: file.mediaType, charset: file.charset, mapping: options.mapping }
    const path = join(folder, 'candidates.ndjson')
    const index = await stageInBackground(request, path, (done) => deps.onProgress?.({ phase: 'reading', done }))
    return await inTurn(async () => {
      const total = index.places.length
      const similar = await alikeInCatalogue(deps, path, index, (done) => deps.onProgress?.({ phase: 'comparing', done, total }))
      return new Import(deps, actor, file, options, { folder, path, index, similar }).run([IMPORTS_LOCK, ...locks], within)
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface Staged {
  readonly folder: string
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
  /** Drafts as this import left them so far. */
  readonly #drafts = new Map<string, { tag: string; actorId: string }>()
  readonly #check: (content: MeasureContent) => Note[]
  /** The report so far. */
  #log: RowLog | undefined

  constructor(deps: ImportDeps, actor: Actor, file: IncomingFile, options: ImportOptions, staged: Staged) {
    this.#deps = deps
    this.#actor = actor
    this.#file = file
    this.#options = options
    this.#staged = staged
    this.#id = deps.ids.id()
    this.#at = deps.clock.now().toISOString()
    this.#check = contentChecker(deps.vocabularies)
  }

  async run<T>(locks: readonly string[], within: (tx: Writer, work: () => Promise<FinishedImport>) => Promise<T>): Promise<T> {
    const { store } = this.#deps
    const { dryRun } = this.#options
    const attempt = () => store.write(locks, (tx) => within(tx, () => this.#commit(tx)), IMPORT_DEADLINE)
    try {
      // Somebody may have given an identifier that was just found free: the second time it is seen to be taken.
      return await attempt().catch((error) => (violationOf(error) === 'unique' ? attempt() : Promise.reject(error)))
    } catch (error) {
      if (!(error instanceof TakenBack)) throw error
      const state = dryRun ? 'dry-run' : 'refused'
      return await store.write(locks, (tx) => within(tx, () => this.#keep(tx, error.log, state)), IMPORT_DEADLINE)
    } finally {
      await this.#log?.close()
    }
  }

  /** A unit of work may be run more than once: each time everything begins anew. */
  async #commit(tx: Writer): Promise<FinishedImport> {
    const { dryRun, atomic } = this.#options
    await this.#log?.close()
    const log = new RowLog(join(this.#staged.folder, 'rows.ndjson'))
    this.#log = log
    this.#drafts.clear()
    await this.#store(tx, log)
    if (dryRun || (atomic && log.tally.outcomes.rejected)) throw new TakenBack(log)
    return this.#keep(tx, log, 'committed')
  }

  /** Plans each row and carries it out; a row sees what the rows before it did. */
  async #store(tx: Writer, log: RowLog): Promise<void> {
    const { onProgress } = this.#deps
    const { path, index } = this.#staged
    const total = index.places.length
    let done = 0
    for await (const candidate of readStaged(path, index)) {
      await this.#storeRow(tx, candidate, log)
      onProgress?.({ phase: 'storing', done: ++done, total })
      await letOthers()
    }
  }

  async #storeRow(tx: Writer, candidate: Candidate, log: RowLog): Promise<void> {
    const similar = this.#staged.similar.get(candidate.ordinal) ?? []
    const plan = withSimilar(await this.#plan(tx, candidate), similar)
    const applied = await this.#carryOut(tx, plan, candidate, similar)
    const id = applied?.id ?? plan.id
    await log.append(
      {
        ordinal: candidate.ordinal,
        position: log.length,
        outcome: plan.outcome,
        measureId: id ?? null,
        undo: applied && !this.#options.dryRun ? JSON.stringify(applied.undo) : null
      },
      rowOf(candidate, plan, id, applied?.version)
    )
  }

  async #carryOut(tx: Writer, plan: Plan, candidate: Candidate, similar: readonly Similar[]): Promise<Applied | undefined> {
    if (plan.step === 'none') return undefined
    if (plan.step === 'rebase') {
      await rebase(tx, plan.id!, await insertSource(tx, this.#id, plan.id!, candidate, plan.theirs!))
      return undefined
    }
    const applied = await applyPlan(tx, this.#act(candidate), plan, { importId: this.#id, candidate, similar })
    this.#drafts.set(applied.id, { tag: applied.undo.tag, actorId: this.#actor.id })
    return applied
  }

  async #plan(tx: Writer, candidate: Candidate): Promise<Plan> {
    const matches = candidate.errors.length > 0 ? [] : await this.#locked(tx, candidate)
    const contents = [candidate.content, ...matches.flatMap(({ draft, published }) => (draft ?? published)?.content ?? [])]
    const registered = await findMeasureIds(tx, contents.flatMap(relatedMeasures))
    return planRow(candidate, matches, {
      publish: this.#options.publish,
      actorId: this.#actor.id,
      bringing: {
        file: this.#file.name ?? `a file without a name (${this.#file.mediaType})`,
        name: this.#actor.name,
        day: this.#at.slice(0, 10)
      },
      isRegistered: (id) => registered.has(id),
      check: this.#check
    })
  }

  /** The measures that a record may be of, looked at while nobody else writes them: what is planned holds until it is stored. */
  async #locked(tx: Writer, candidate: Candidate): Promise<Present[]> {
    const { id } = candidate.identity
    if (id !== undefined) await tx.lock(lockOfMeasure(id))
    const found = await findPresent(tx, candidate, this.#drafts)
    for (const present of found) await tx.lock(lockOfMeasure(present.id))
    return found.length === 0 ? found : findPresent(tx, candidate, this.#drafts)
  }

  #act({ at }: Candidate): Act {
    return { actor: this.#actor, now: this.#at, publicUrl: this.#deps.config.PUBLIC_URL, reason: `Import ${this.#id}, ${at}` }
  }

  /** Keeps the report, and of the rows that were rejected what they were. */
  async #keep(tx: Writer, log: RowLog, state: FinishedImport['state']): Promise<FinishedImport> {
    const summary = summaryOf(this.#file, this.#options, this.#staged.index.facts, log.tally)
    await forgetDryRuns(tx, new Date(Date.parse(this.#at) - DRY_RUNS_KEPT).toISOString())
    await insertImport(tx, { id: this.#id, at: this.#at, actorId: this.#actor.id, actor: this.#actor.name, state, summary })
    const rejected = new Set<number>()
    for await (const rows of log.batches(BATCH)) {
      for (const { ordinal, outcome } of rows) if (outcome === 'rejected') rejected.add(ordinal)
      await insertImportRows(tx, this.#id, rows)
      await letOthers()
    }
    await this.#keepRecords(tx, rejected)
    return { id: this.#id, at: this.#at, state, actor: this.#actor, summary }
  }

  async #keepRecords(tx: Writer, rejected: ReadonlySet<number>): Promise<void> {
    const { path, index } = this.#staged
    const places = index.places.filter(({ ordinal }) => rejected.has(ordinal))
    for await (const { ordinal, record } of readStaged(path, { ...index, places })) {
      await keepRecord(tx, this.#id, ordinal, JSON.stringify(record ?? null))
      await letOthers()
    }
  }
}
