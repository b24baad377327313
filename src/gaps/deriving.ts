/**
 * Findings of the rules, kept level with the catalogue in the unit of work of the change that affects them: those of a measure with
 * its published document, those of cells when everything else of the unit of work is done.
 */
import type { Writer } from '../../db/store.ts'
import type { Measure } from '../measures/measure.schema.ts'
import {
  type Derived,
  findingInCell,
  findingsIn,
  findingsInVote,
  subjectOfCell,
  subjectOfMeasure,
  subjectOfVote,
  type Vote
} from './findings.ts'
import type { Gap } from './gap.schema.ts'
import { circumstancesOf, composeGap, contentOf } from './gap.ts'
import { cellsOfMeasure, filledCells, findBySubject, type GapRow, insertGaps, type Origin, putCells, putFindings } from './gaps.queries.ts'
import { CELLS, cellsOf } from './rules/cells.ts'

const DERIVED: Omit<Origin, 'subject'> = { moderation: 'accepted', dismissedUntil: null, authorId: null }

/** Brings the findings of a measure level with its published document. Returns the identifiers of those that changed. */
export async function deriveGaps(tx: Writer, measure: Measure, now: string): Promise<string[]> {
  await fillCells(tx, measure, now)
  return settle(tx, subjectOfMeasure(measure.id), findingsIn(measure), now)
}

/** Brings the findings in a published vote level with it: they say so in the log, since a vote is no measure. */
export async function deriveGapsOfVote(tx: Writer, vote: Vote, now: string): Promise<void> {
  const changed = await settle(tx, subjectOfVote(vote.exercise), findingsInVote(vote), now)
  for (const id of changed) tx.record({ at: now, kind: 'gap', id, action: 'opened', actor: 'registry' })
}

/** Opens, changes and closes the findings in something, so that they are those that the rules make of it now. */
async function settle(tx: Writer, subject: string, derived: readonly Derived[], now: string): Promise<string[]> {
  const rows = new Map((await findBySubject(tx, subject)).map((row) => [row.id, row]))
  const fresh = derived.filter(({ id }) => !rows.has(id))
  await insertGaps(
    tx,
    fresh.map((each) => ({ gap: opened(each, now), origin: { ...DERIVED, subject } }))
  )
  const holding = new Map(derived.map((each) => [each.id, each]))
  const changed = [...rows.values()].flatMap((row) => {
    const found = holding.get(row.id)
    const before = gapOf(row)
    const gap = found ? again(before, found, row.dismissedUntil, now) : ended(before, now)
    return isSame(gap, row) ? [] : [{ no: row.no, gap, origin: originOf(row, gap) }]
  })
  await putFindings(tx, changed)
  return [...fresh, ...changed.map(({ gap }) => gap)].map(({ id }) => id)
}

const gapOf = ({ json }: GapRow) => JSON.parse(json) as Gap

const opened = ({ id, content, finding }: Derived, now: string): Gap =>
  composeGap(content, { id, origin: 'derived', status: 'open', finding: { ...finding, openedAt: now }, createdAt: now, updatedAt: now })

/** A finding that was made before, and holds. What somebody adopted is theirs: only what the rule says of it changes. */
function again(gap: Gap, { content, finding }: Derived, dismissedUntil: string | null, now: string): Gap {
  const before = gap.finding!
  const isBack = before.closedAt !== undefined
  const held = { ...finding, openedAt: isBack ? now : before.openedAt }
  const isPutAside = dismissedUntil !== null && dismissedUntil >= now.slice(0, 10)
  if (gap.origin === 'adopted') return composeGap(contentOf(gap), { ...circumstancesOf(gap), finding: held, updatedAt: now })
  const { dismissal, ...circumstances } = circumstancesOf(gap)
  const standing = isPutAside ? { status: 'dismissed' as const, ...(dismissal ? { dismissal } : {}) } : { status: 'open' as const }
  return composeGap(content, { ...circumstances, ...standing, finding: held, updatedAt: now })
}

/** A finding whose rule holds no longer: it closes by itself, dated. What somebody adopted stays open until people close it. */
function ended(gap: Gap, now: string): Gap {
  const finding = { ...gap.finding!, closedAt: gap.finding!.closedAt ?? now }
  const status = gap.origin === 'adopted' ? gap.status : 'closed'
  return composeGap(contentOf(gap), { ...circumstancesOf(gap), status, finding, updatedAt: now })
}

/** Whether nothing but the date of a gap is new. */
const isSame = (gap: Gap, { json }: GapRow) => JSON.stringify({ ...gap, updatedAt: (JSON.parse(json) as Gap).updatedAt }) === json

const originOf = ({ moderation, subject, dismissedUntil, authorId }: GapRow, { status }: Gap): Origin => ({
  moderation,
  subject,
  // A rule that pauses does not end what somebody decided until a day.
  dismissedUntil: status === 'open' ? null : dismissedUntil,
  authorId
})

/** Cells that were touched in a unit of work, judged together at its end. */
const touched = new WeakMap<Writer, Set<string>>()

async function fillCells(tx: Writer, measure: Measure, now: string): Promise<void> {
  const before = new Set(await cellsOfMeasure(tx, measure.id))
  const after = new Set(cellsOf(measure))
  const gone = [...before.difference(after)]
  const added = [...after.difference(before)]
  await putCells(tx, measure.id, { gone, added })
  touchCells(tx, [...gone, ...added], now)
}

/** Has cells looked at when the unit of work ends. */
export function touchCells(tx: Writer, cells: readonly string[], now: string): void {
  if (cells.length === 0) return
  let all = touched.get(tx)
  if (!all) {
    touched.set(tx, (all = new Set()))
    tx.atEnd(() => judgeCells(tx, [...touched.get(tx)!], now))
  }
  for (const cell of cells) all.add(cell)
}

async function judgeCells(tx: Writer, cells: readonly string[], now: string): Promise<void> {
  const filled = await filledCells(tx, cells)
  for (const cell of cells) {
    // A cell that the rules look at no longer has no finding.
    const isEmpty = CELLS.has(cell) && !filled.has(cell)
    const changed = await settle(tx, subjectOfCell(cell), isEmpty ? [findingInCell(cell)] : [], now)
    for (const id of changed) tx.record({ at: now, kind: 'gap', id, action: isEmpty ? 'opened' : 'closed', actor: 'registry' })
  }
}
