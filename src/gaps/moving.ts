/** The steps in the life of a gap, and how a finding becomes somebody's. Each runs in a unit of work that holds the locks of the gap. */
import type { Writer } from '../../db/store.ts'
import { allows, type Role } from '../access/roles.ts'
import { problem } from '../http/problems.ts'
import type { Act } from '../measures/lifecycle.ts'
import { stepFaults } from './gap.check.ts'
import type { Gap } from './gap.schema.ts'
import { type Circumstances, circumstancesOf, composeGap, contentOf } from './gap.ts'
import { findGap, type GapRow } from './gaps.queries.ts'
import { gapIn, gapToChange, keep, refuseFaults } from './keeping.ts'
import { type GapStatus, STEPS, stepTo } from './life.ts'
import type { AdoptBody, MoveBody } from './requests.schema.ts'

/** Ends that say why. */
const EXPLAINED: ReadonlySet<GapStatus> = new Set(['rejected', 'accepted-risk', 'merged'])

/** Takes one step. */
export async function moveGap(tx: Writer, act: Act & { readonly role: Role }, id: string, move: MoveBody): Promise<GapRow> {
  const row = await publicGap(tx, act, id, act.role)
  const gap = gapIn(row)
  const { to, reason, into } = move
  const step = stepTo(gap.status, to)
  if (!step) throw impossible(gap, to)
  if (!allows(act.role, step.role)) throw problem('forbidden', `From ${gap.status} to ${to} needs the role ${step.role}.`)
  refuseFaults(stepFaults(gap, move, act.now.slice(0, 10)))
  if (into !== undefined) await refuseOddTarget(tx, into)
  const moved = composeGap(contentOf(gap), { ...circumstancesAfter(gap, move, act.now), updatedAt: act.now })
  return keep(tx, act, row, moved, { action: to, reason, origin: { dismissedUntil: moved.dismissal?.until ?? null } })
}

/** What is known of a gap after a step: the reason of an end, and until when it is put aside; nothing of former ones. */
function circumstancesAfter(gap: Gap, { to, reason, into, until }: MoveBody, now: string): Circumstances {
  const { closingReason: _reason, dismissal: _dismissal, mergedInto: _into, ...kept } = circumstancesOf(gap)
  return {
    ...kept,
    status: to,
    ...(EXPLAINED.has(to) && reason !== undefined ? { closingReason: reason } : {}),
    ...(into !== undefined ? { mergedInto: into } : {}),
    ...(to === 'dismissed' && reason !== undefined && until !== undefined ? { dismissal: { reason, until, at: now } } : {})
  }
}

/** A finding becomes somebody's: from then on people edit and move it, and what its rule says goes on being told beside. */
export async function adoptGap(
  tx: Writer,
  act: Act & { readonly role: Role },
  id: string,
  { ownerRole, reason }: AdoptBody
): Promise<GapRow> {
  const row = await publicGap(tx, act, id, act.role)
  const gap = gapIn(row)
  if (gap.origin !== 'derived' || (gap.status !== 'open' && gap.status !== 'dismissed'))
    throw problem(
      'transition-not-allowed',
      `Only a finding that is open or dismissed can be adopted; this one is ${gap.origin}, ${gap.status}.`
    )
  const { dismissal: _dismissal, ...kept } = circumstancesOf(gap)
  const adopted = composeGap(contentOf(gap), { ...kept, origin: 'adopted', status: 'confirmed', ownerRole, updatedAt: act.now })
  return keep(tx, act, row, adopted, { action: 'adopted', reason, origin: { dismissedUntil: null } })
}

async function publicGap(tx: Writer, act: Act, id: string, role: Role): Promise<GapRow> {
  const row = await gapToChange(tx, act, id, allows(role, 'reviewer'))
  if (row.moderation !== 'accepted')
    throw problem(
      'transition-not-allowed',
      row.moderation === 'queue' ? 'It waits: accept or return it first.' : 'The report was returned.'
    )
  return row
}

function impossible({ status, origin }: Gap, to: GapStatus) {
  const possible = STEPS[status].map((step) => step.to)
  const others = origin === 'derived' ? ' A finding closes when its record is mended, and can be adopted while it is open.' : ''
  const ways = possible.length > 0 ? `From ${status} it can go to ${possible.join(', ')}.` : `From ${status} it can go nowhere.`
  return problem('transition-not-allowed', `${ways}${others}`, { errors: [{ pointer: '/to', detail: `Not ${to}: ${ways}` }] })
}

async function refuseOddTarget(tx: Writer, into: string): Promise<void> {
  const target = await findGap(tx, into)
  if (target?.moderation !== 'accepted') return refuseFaults([{ pointer: '/into', detail: `There is no gap "${into}".` }])
  const { mergedInto } = gapIn(target)
  if (mergedInto !== undefined)
    refuseFaults([{ pointer: '/into', detail: `It was merged itself: "${mergedInto}" goes on.`, nearest: mergedInto }])
}
