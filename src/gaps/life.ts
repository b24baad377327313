/** The life of a gap: reported, under review, confirmed, and so on, with its side exits. Pure. */
import type { Code } from '../vocabularies/codes.ts'

export type GapStatus = Code<'gap-status'>

interface Step {
  readonly to: GapStatus
  /** The least role that may take it. */
  readonly role: 'contributor' | 'reviewer'
}
const by = (role: Step['role'], ...to: GapStatus[]): Step[] => to.map((each) => ({ to: each, role }))

/** Where one can go from where. Rejecting, accepting a risk and merging are ways out; what is resolved can be opened again. */
export const STEPS: Readonly<Record<GapStatus, readonly Step[]>> = {
  reported: [...by('contributor', 'under-review'), ...by('reviewer', 'confirmed', 'rejected', 'merged')],
  'under-review': by('reviewer', 'confirmed', 'rejected', 'merged'),
  confirmed: [...by('contributor', 'remedy-agreed'), ...by('reviewer', 'accepted-risk', 'rejected', 'merged')],
  'remedy-agreed': [...by('contributor', 'in-progress'), ...by('reviewer', 'accepted-risk', 'merged')],
  'in-progress': by('reviewer', 'resolved', 'accepted-risk', 'merged'),
  resolved: by('reviewer', 'confirmed'),
  rejected: by('reviewer', 'under-review'),
  'accepted-risk': by('reviewer', 'confirmed'),
  merged: [],
  open: by('reviewer', 'dismissed'),
  dismissed: by('reviewer', 'open'),
  closed: []
}

/** Statuses in which a gap is not closed, whoever found it. */
export const OPEN: ReadonlySet<GapStatus> = new Set(['reported', 'under-review', 'confirmed', 'remedy-agreed', 'in-progress', 'open'])

const SIDE_EXITS: ReadonlySet<GapStatus> = new Set(['rejected', 'accepted-risk', 'merged', 'dismissed'])
const REOPENED: ReadonlySet<GapStatus> = new Set(['resolved', 'rejected', 'accepted-risk'])

/** Whether a step has to say why: every side exit, and every way back from an end. */
export const needsReason = (from: GapStatus, to: GapStatus): boolean => SIDE_EXITS.has(to) || REOPENED.has(from)

export const stepTo = (from: GapStatus, to: GapStatus): Step | undefined => STEPS[from].find((step) => step.to === to)
