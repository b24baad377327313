/** Drafts in lists are for contributors: others are refused where they ask for them, and do not even count them where they do not. */
import { allows } from '../access/roles.ts'
import { type Actor, unauthenticated } from '../http/access.ts'
import { problem } from '../http/problems.ts'
import type { Clause } from './selection.ts'

export const seesDrafts = (actor: Actor | undefined): boolean => allows(actor?.role ?? 'reader', 'contributor')

/** Refuses who asks for drafts and may not see them. */
export function guardDrafts(actor: Actor | undefined, clauses: readonly Clause[]): void {
  if (!asksForDrafts(clauses) || seesDrafts(actor)) return
  if (!actor) throw unauthenticated('Drafts are listed for contributors: send a key.')
  throw problem('forbidden', 'Drafts are listed for contributors.')
}

/** Whoever excludes other statuses is not asking for drafts: they are just not shown to readers. */
const asksForDrafts = (clauses: readonly Clause[]) =>
  clauses.some(({ field, anyOf }) => field === 'status' && anyOf.some(({ code, negated }) => code === 'draft' && !negated))
