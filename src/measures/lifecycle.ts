/**
 * What can happen to a measure, one function each: draft, edit, submit, return, publish, discard (to retire: `retiring.ts`). Each runs
 * inside a unit of work that holds the lock of its measure, records what it did, and refuses what the rules forbid.
 */
import type { Change, Reader, Writer } from '../../db/store.ts'
import { hasOtherReviewer } from '../access/keys.queries.ts'
import { problem } from '../http/problems.ts'
import { sha256 } from '../json/canonical.ts'
import { differences } from '../json/diff.ts'
import type { Code } from '../vocabularies/codes.ts'
import {
  type DocumentKind,
  deleteDocument,
  findDocument,
  findMeasureIds,
  findMeasureRow,
  insertMeasureRow,
  insertVersion,
  type Origin,
  type PutDocument,
  putDocument,
  type StoredDocument,
  setVersion
} from './measure.queries.ts'
import type { Measure, MeasureContent, Similar } from './measure.schema.ts'
import { type Circumstances, composeMeasure, contentOf, RESERVED_IDS, slugOf } from './measure.ts'
import { obstaclesTo, relatedMeasures } from './publishing.ts'
import { stampTranslations } from './translations.ts'
import { nextVersion } from './versioning.ts'

/** Who does something, when, and on what condition. */
export interface Act {
  readonly actor: { readonly id: string; readonly name: string }
  readonly now: string
  readonly publicUrl: string
  /** Throws where the caller did not see the present state (`If-Match`). */
  readonly mustMatch?: (tag: string) => void
  /** What the log gives as the reason where nobody states one, such as the import that it belongs to. */
  readonly reason?: string
}

/** A measure as it is stored, with its validator. */
export interface Saved {
  readonly measure: Measure
  readonly tag: string
  readonly json: string
}

/** So few that one unit of work can hold them all: PostgreSQL keeps some thousands for all of its users together. */
const LOCKS = 2_048

/** The lock that every writer of a measure holds. A few measures share one: their writers wait for each other, and nothing else. */
export const lockOfMeasure = (id: string) => `measure:${Number.parseInt(sha256(id).slice(0, 8), 16) % LOCKS}`

/** A document, as the answer of whoever stored it. */
export const saved = ({ tag, json, measure }: PutDocument): Saved => ({ measure, tag, json })
/** The measure that a document holds. */
export const read = (document: StoredDocument) => JSON.parse(document.json) as Measure

/** Registers a measure as a draft. Without an `id` the slug is made from its titles, and numbered where it is taken. */
export async function createDraft(
  tx: Writer,
  act: Act,
  content: MeasureContent,
  { id, similar }: { id?: string | undefined; similar: readonly Similar[] }
): Promise<Saved> {
  return startDraft(tx, act, await registerMeasure(tx, act, content, id), content, { similar })
}

/** Gives a measure its identifier, for good. */
export async function registerMeasure(tx: Writer, act: Act, content: MeasureContent, wanted?: string): Promise<string> {
  const id = wanted ?? (await firstFree(slugOf(content), (slug) => isFree(tx, slug)))
  if (wanted !== undefined && !(await isFree(tx, wanted))) {
    const why = RESERVED_IDS.has(wanted)
      ? `"${wanted}" is an address of the registry itself: no measure can have it as its identifier.`
      : `The identifier "${wanted}" is in use, or was once: identifiers are never used twice.`
    throw problem('id-taken', why, {
      errors: [{ pointer: '/id', detail: 'Choose another identifier.', nearest: await firstFree(wanted, (slug) => isFree(tx, slug)) }]
    })
  }
  await insertMeasureRow(tx, { id, createdAt: act.now, createdBy: act.actor.name })
  return id
}

const isFree = async (db: Reader, id: string) => !RESERVED_IDS.has(id) && !(await findMeasureRow(db, id))

/** The first draft of a registered measure. */
export function startDraft(
  tx: Writer,
  act: Act,
  id: string,
  content: MeasureContent,
  { similar, sourceNo = null }: { similar: readonly Similar[]; sourceNo?: number | null }
): Promise<Saved> {
  const kept = { id, createdAt: act.now, reviewState: 'in-development', similar } as const
  return putDraft(tx, act, content, kept, { authorId: act.actor.id, sourceNo }, { action: 'created', fields: differences({}, content) })
}

/**
 * The slug itself, or with the first number that is free. Steps double until one is free, and the interval is halved back: a
 * title that thousands of measures share costs a handful of look-ups.
 */
export async function firstFree(slug: string, isFree: (slug: string) => Promise<boolean>): Promise<string> {
  const numbered = (n: number) => (n === 1 ? slug : `${slug.slice(0, 72)}-${n}`)
  let taken = 0
  let free = 1
  while (!(await isFree(numbered(free)))) [taken, free] = [free, free * 2]
  while (free - taken > 1) {
    const middle = (taken + free) >> 1
    if (await isFree(numbered(middle))) free = middle
    else taken = middle
  }
  return numbered(free)
}

/** What an edit starts from. */
export interface Basis {
  readonly measure: Measure
  readonly document: StoredDocument
  readonly kind: DocumentKind
}

/** The draft as it is, or the published version that a draft would be opened beside. */
export async function draftBasis(db: Reader, act: Act, id: string): Promise<Basis> {
  const draft = await findDocument(db, id, 'draft')
  const published = draft ? undefined : await findDocument(db, id, 'published')
  const document = draft ?? published
  if (!document) throw problem('not-found', `There is no measure "${id}".`)
  const measure = read(document)
  if (measure.status === 'retired') throw problem('transition-not-allowed', 'The measure is retired: it can no longer be edited.')
  act.mustMatch?.(document.tag)
  if (draft) return { measure, document, kind: 'draft' }
  // A change note is of the version that it came with.
  const { changeNote: _former, ...unchanged } = measure
  return { measure: unchanged, document, kind: 'published' }
}

/**
 * Gives a draft its new content; opens one beside the published version if there is none. Without a difference nothing happens.
 * `sourceNo` names the imported record that the content comes from, where it comes from one.
 */
export async function editDraft(
  tx: Writer,
  act: Act,
  basis: Basis,
  content: MeasureContent,
  similar: readonly Similar[],
  sourceNo = basis.document.sourceNo
): Promise<Saved> {
  const { measure, document, kind } = basis
  const fields = differences(contentOf(measure), contentOf(content))
  if (fields.length === 0 && kind === 'draft' && sourceNo === document.sourceNo) return saved({ ...document, measure })
  const { id, createdAt, reviewState = 'in-development', review } = measure
  const authorId = kind === 'draft' ? document.authorId : act.actor.id
  return putDraft(
    tx,
    act,
    content,
    { id, createdAt, reviewState, review, similar },
    { authorId, sourceNo },
    {
      action: kind === 'draft' ? 'updated' : 'draft-opened',
      fields
    }
  )
}

/** A draft as it was before something that is taken back. */
export interface FormerDraft extends Origin {
  readonly json: string
}

/** Puts a former draft back. Where nothing became of the measure meanwhile, to the letter: whoever saw it then knows it by its validator. */
export async function restoreDraft(tx: Writer, act: Act, id: string, { json, ...origin }: FormerDraft): Promise<void> {
  const present = await findDocument(tx, id, 'draft')
  const former = JSON.parse(json) as Measure
  await putDocument(tx, 'draft', former, origin)
  const fields = differences(present ? contentOf(read(present)) : {}, contentOf(former))
  tx.record(entry(act, id, { action: present ? 'updated' : 'draft-opened', fields }))
}

/** Hands a draft to the reviewers. */
export async function submitDraft(tx: Writer, act: Act, id: string, reason?: string): Promise<Saved> {
  const { draft, document } = await openDraft(tx, act, id)
  if (draft.reviewState === 'submitted') throw problem('transition-not-allowed', 'The draft has been submitted already.')
  return putDraft(tx, act, contentOf(draft), { ...draft, reviewState: 'submitted', review: undefined }, document, {
    action: 'submitted',
    reason
  })
}

/** Sends a submitted draft back to its authors, with what has to change. */
export async function returnDraft(tx: Writer, act: Act, id: string, reason: string): Promise<Saved> {
  const { draft, document } = await openDraft(tx, act, id)
  if (draft.reviewState !== 'submitted')
    throw problem('transition-not-allowed', `Only a submitted draft can be returned; this one is ${draft.reviewState}.`)
  return putDraft(tx, act, contentOf(draft), { ...draft, reviewState: 'changes-requested', review: reason }, document, {
    action: 'returned',
    reason
  })
}

/** Throws a draft away. The identifier stays taken; a published version stays as it is. */
export async function discardDraft(tx: Writer, act: Act, id: string): Promise<void> {
  const { document } = await openDraft(tx, act, id)
  await deleteDocument(tx, document.no)
  tx.record(entry(act, id, { action: 'draft-deleted' }))
}

/** Makes the next version of a draft. Nobody publishes their own draft where somebody else could. */
export async function publishDraft(
  tx: Writer,
  act: Act,
  id: string,
  options: { impact: Code<'impact'>; changeNote?: string | undefined }
): Promise<Saved> {
  const { draft, document } = await openDraft(tx, act, id)
  if (document.authorId === act.actor.id && (await hasOtherReviewer(tx, act.actor.id, act.now))) {
    throw problem('own-draft', 'You opened this draft: another reviewer has to publish it.')
  }
  const content = contentOf({ ...draft, ...(options.changeNote ? { changeNote: options.changeNote } : {}) })
  const registered = await findMeasureIds(tx, relatedMeasures(content))
  const obstacles = obstaclesTo(content, (other) => registered.has(other))
  if (obstacles.length > 0) throw problem('not-publishable', 'The draft lacks what a published measure needs.', { errors: obstacles })
  await deleteDocument(tx, document.no)
  const { sourceNo } = document
  return publishContent(tx, act, id, content, { impact: options.impact, createdAt: draft.createdAt, sourceNo })
}

/** Stores content as the next version of a measure, and shows it to everybody. */
export async function publishContent(
  tx: Writer,
  act: Act,
  id: string,
  content: MeasureContent,
  { impact, createdAt, sourceNo = null }: { impact: Code<'impact'>; createdAt: string; sourceNo?: number | null }
): Promise<Saved> {
  const previous = await findDocument(tx, id, 'published')
  const before = previous && contentOf(read(previous))
  const version = nextVersion(previous && read(previous).version, impact)
  const circumstances: Circumstances = {
    id,
    publicUrl: act.publicUrl,
    version,
    status: 'active',
    createdAt,
    updatedAt: act.now,
    publishedAt: act.now
  }
  const measure = composeMeasure(stampTranslations(content, before, version), circumstances)
  const document = await putDocument(tx, 'published', measure, { authorId: null, sourceNo })
  await setVersion(tx, id, version)
  const { tag, json } = document
  await insertVersion(tx, {
    measureId: id,
    version,
    tag,
    json,
    publishedAt: act.now,
    publishedBy: act.actor.name,
    changeNote: content.changeNote ?? null,
    sourceNo
  })
  tx.record(
    entry(act, id, { action: 'published', version, reason: content.changeNote, fields: differences(before ?? {}, contentOf(measure)) })
  )
  return saved(document)
}

async function openDraft(tx: Writer, act: Act, id: string) {
  const document = await findDocument(tx, id, 'draft')
  if (!document) {
    const known = await findDocument(tx, id, 'published')
    throw known ? problem('transition-not-allowed', `No draft of "${id}" is open.`) : problem('not-found', `There is no draft "${id}".`)
  }
  act.mustMatch?.(document.tag)
  return { document, draft: read(document) }
}

type Kept = Pick<Circumstances, 'id' | 'createdAt' | 'reviewState' | 'review' | 'similar'>
type What = { action: string; reason?: string | undefined; version?: string | undefined; fields?: Change['fields'] }

async function putDraft(tx: Writer, act: Act, content: MeasureContent, kept: Kept, origin: Origin, what: What): Promise<Saved> {
  const { id, createdAt, reviewState, review, similar } = kept
  const measure = composeMeasure(content, {
    id,
    createdAt,
    reviewState,
    review,
    similar,
    publicUrl: act.publicUrl,
    status: 'draft',
    updatedAt: act.now
  })
  const document = await putDocument(tx, 'draft', measure, origin)
  tx.record(entry(act, id, what))
  return saved(document)
}

/** An entry of the log on a measure. */
export const entry = (act: Act, id: string, { action, reason = act.reason, version, fields }: What): Change => ({
  at: act.now,
  kind: 'measure',
  id,
  action,
  actor: act.actor.name,
  ...(reason ? { reason } : {}),
  ...(version ? { version } : {}),
  ...(fields && fields.length > 0 ? { fields } : {})
})
