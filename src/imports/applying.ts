/** Carries a plan out inside a unit of work, and notes what would undo it. */
import type { Writer } from '../../db/store.ts'
import {
  type Act,
  type Basis,
  draftBasis,
  editDraft,
  type FormerDraft,
  publishContent,
  registerMeasure,
  startDraft
} from '../measures/lifecycle.ts'
import { deleteDocument, findDocument } from '../measures/measure.queries.ts'
import type { Measure, Similar } from '../measures/measure.schema.ts'
import type { Candidate } from './candidate.ts'
import { insertSource } from './imports.queries.ts'
import type { Plan } from './plan.ts'

/** What undoes a row, as long as the measure is still as the row left it: `tag` is the validator of that state. */
export type Undo = { readonly tag: string } & (
  | { readonly action: 'discard' }
  | { readonly action: 'retire' }
  | { readonly action: 'publish'; readonly version: string; readonly draft?: FormerDraft }
  | { readonly action: 'restore'; readonly draft: FormerDraft }
)

export interface Applied {
  readonly id: string
  /** The version that was published, if one was. */
  readonly version?: string
  readonly undo: Undo
}

interface Bound {
  readonly importId: string
  readonly candidate: Candidate
  readonly similar: readonly Similar[]
}

/** Carries out a plan that makes a draft or a version. The lock of the measure is held, since before the plan was made. */
export async function applyPlan(tx: Writer, act: Act, plan: Plan, bound: Bound): Promise<Applied> {
  const basis = plan.isRegistered ? await basisOf(tx, act, plan.id!) : undefined
  return basis ? change(tx, act, plan, basis, bound) : create(tx, act, plan, bound)
}

/** A measure as it is; nothing of one whose draft was thrown away. */
async function basisOf(tx: Writer, act: Act, id: string): Promise<Basis | undefined> {
  const known = (await findDocument(tx, id, 'draft')) ?? (await findDocument(tx, id, 'published'))
  return known && draftBasis(tx, act, id)
}

async function create(tx: Writer, act: Act, plan: Plan, { importId, candidate, similar }: Bound): Promise<Applied> {
  const content = plan.content!
  const id = plan.isRegistered ? plan.id! : await registerMeasure(tx, act, content, plan.id)
  const sourceNo = await insertSource(tx, importId, id, candidate, plan.theirs!)
  if (plan.step === 'draft') {
    const { tag } = await startDraft(tx, act, id, content, { similar, sourceNo })
    return { id, undo: { tag, action: 'discard' } }
  }
  const saved = await publishContent(tx, act, id, noted(plan, candidate), { impact: 'major', createdAt: act.now, sourceNo })
  return { id, version: saved.measure.version!, undo: { tag: saved.tag, action: 'retire' } }
}

async function change(tx: Writer, act: Act, plan: Plan, basis: Basis, { importId, candidate, similar }: Bound): Promise<Applied> {
  const { document, kind, measure } = basis
  const { id, createdAt } = measure
  const sourceNo = await insertSource(tx, importId, id, candidate, plan.theirs!)
  if (plan.step === 'draft') {
    const { tag } = await editDraft(tx, act, basis, plan.content!, similar, sourceNo)
    return { id, undo: kind === 'published' ? { tag, action: 'discard' } : { tag, action: 'restore', draft: formerOf(document) } }
  }
  if (kind === 'draft') await deleteDocument(tx, document.no)
  const published = kind === 'published' ? document : await findDocument(tx, id, 'published')
  const saved = await publishContent(tx, act, id, noted(plan, candidate), { impact: plan.impact!, createdAt, sourceNo })
  const { tag, measure: made } = saved
  const former = published && (JSON.parse(published.json) as Measure).version!
  const draft = kind === 'draft' ? { draft: formerOf(document) } : {}
  return {
    id,
    version: made.version!,
    undo: former === undefined ? { tag, action: 'retire' } : { tag, action: 'publish', version: former, ...draft }
  }
}

const formerOf = ({ json, authorId, sourceNo }: Basis['document']): FormerDraft => ({ json, authorId, sourceNo })

/** The content with a note on what the version is, where the record has none. */
const noted = ({ content }: Plan, { identity, at }: Candidate) => ({
  ...content!,
  changeNote: content!.changeNote ?? `Imported${identity.release ? `, release ${identity.release}` : ''} (${at}).`
})
