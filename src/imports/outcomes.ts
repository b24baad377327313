/** What becomes of a record, and of an import. */
export const OUTCOMES = ['created', 'updated', 'unchanged', 'draft-only', 'rejected'] as const
export type Outcome = (typeof OUTCOMES)[number]

export const STATES = ['dry-run', 'committed', 'refused', 'reverted'] as const
export type ImportState = (typeof STATES)[number]
