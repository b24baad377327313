/** Why an item came out as it did: keys of sentences, and what they are filled with. Names of cells are put into words by who reads. */
import type { ConsensusRule } from '../counting/consensus.ts'
import { percentOf } from '../small-numbers/hiding.ts'
import type { Divergence } from './divergence.ts'
import type { Said } from './methods/method.ts'
import type { Reason } from './results.schema.ts'
import type { SeenItem } from './seen-round.ts'
import type { ReasonKey } from './sentences.ts'
import { OVERALL } from './short-list.ts'
import type { Electorate, Judged } from './verdicts.ts'

/** From this difference on, of scores from 0 to 1, groups are told to be far apart. */
const FAR_APART = 0.3
/** More groups than this that do not meet the rule are named together. */
const TOLD_ONE_BY_ONE = 3
/** Cells in the values of a reason are separated by this; `+` stands inside their codes. */
export const BETWEEN_CELLS = ','

/** What the reasons for an item are told from. */
export interface ItemStory {
  readonly item: SeenItem
  /** Codes of the cells, by index. */
  readonly codes: readonly string[]
  readonly electorate: Electorate
  readonly rule: ConsensusRule
  readonly judged: Judged
  readonly apart: Divergence
  readonly shortlistedBy: readonly string[]
  readonly rank: number | null
  /** How many items there are. */
  readonly of: number
  readonly stableIn: number
  readonly views: number
}

const because = (key: ReasonKey, values: Reason['values'] = {}): Reason => ({ key, values })
const listed = (codes: readonly string[]) => codes.join(BETWEEN_CELLS)

export const TOO_FEW_IN_ALL = because('total.withheld')

export function reasonsFor(story: ItemStory): Reason[] {
  const { item } = story
  if (item.pooled.withheld) return [because('item.withheld')]
  if (item.pooled.said === null) return [...missing(story), because('item.unanswered')]
  return [...missing(story), ...consensus(story), ...disagreements(story), ...distance(story), ...shortList(story)]
}

function missing({ electorate: { absent, withheld }, judged: { hidden, unanswered }, codes }: ItemStory): Reason[] {
  const name = (cells: readonly number[]) => cells.map((cell) => codes[cell]!)
  const kinds: readonly [ReasonKey, readonly string[]][] = [
    ['group.absent', absent],
    ['group.withheld', withheld],
    ['group.hidden', name(hidden)],
    ['group.unanswered', name(unanswered)]
  ]
  return kinds.flatMap(([key, groups]) => (groups.length === 0 ? [] : [because(key, { groups: listed(groups) })]))
}

function consensus(story: ItemStory): Reason[] {
  const { judged, rule, electorate, codes } = story
  const { verdict, cells, rest } = judged
  if (verdict === 'in' || verdict === 'out') return [because(`rule.${verdict}`, { rule, required: electorate.isRequired ? 'yes' : 'no' })]
  if (verdict !== 'no-consensus' && verdict !== 'reconsider') return []
  const failing = electorate.cells.filter((cell) => cells[cell] !== 'in' && cells[cell] !== 'incomplete')
  const groups = listed(failing.map((cell) => codes[cell]!))
  const isSwamped = judged.pooled === 'in' && failing.length > 0
  return [
    ...(verdict === 'reconsider' ? [because('rule.reconsider', { rule })] : []),
    ...(isSwamped ? [because('pooled.only', { groups, count: failing.length })] : []),
    ...(failing.length > TOLD_ONE_BY_ONE ? [because('rule.not-met', { groups })] : failing.flatMap((cell) => shortfall(cell, story))),
    ...(rest !== null && rest !== 'in' ? [because('rule.rest')] : [])
  ]
}

/** What a group lacks by the rule, with its own number. */
function shortfall(cell: number, { item, codes, rule }: ItemStory): Reason[] {
  const { median, share79, share13 } = item.cells[cell]!.said!
  const group = codes[cell]!
  if (rule === 'ram') return median! < 7 ? [because('rule.median', { group, median: median! })] : []
  if (rule === 'comet-70-15' && share79! >= 0.7) return [because('rule.against', { group, ...percentOf(share13!) })]
  return [because('rule.below', { group, ...percentOf(share79!) })]
}

function disagreements({ item, codes }: ItemStory): Reason[] {
  const ofCell = ({ disagreement, disagreementRobust, disagreementIndex }: Said, group: string): Reason[] => {
    if (disagreementRobust === false) return [because('disagreement.unsure', { group })]
    return disagreement ? [because('disagreement', { group, index: disagreementIndex! })] : []
  }
  return item.cells.flatMap(({ said }, cell) => (said === null ? [] : ofCell(said, codes[cell]!)))
}

function distance({ apart: { divergence, between }, codes }: ItemStory): Reason[] {
  if (divergence === null || divergence < FAR_APART || between === undefined) return []
  return [because('apart', { higher: codes[between[0]]!, lower: codes[between[1]]! })]
}

function shortList({ shortlistedBy, rank, of, stableIn, views }: ItemStory): Reason[] {
  if (shortlistedBy.length === 0) return rank === null ? [] : [because('list.none', { rank, of })]
  const groups = shortlistedBy.filter((by) => by !== OVERALL)
  return [
    groups.length < shortlistedBy.length
      ? because('list.overall', { rank: rank!, of })
      : because('list.groups', { groups: listed(groups) }),
    stableIn === views ? because('stable.all', { of: views }) : because('stable.some', { views: stableIn, of: views })
  ]
}
