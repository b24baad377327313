/**
 * Results as a table: for each item a row for all voters together, where `group` says `all`, and then one for each group. The order of
 * columns is frozen: new ones come at the end. Codes of one cell are separated by `|`.
 */
import type { Column } from '../../http/spreadsheet.ts'
import type { ItemResult, PooledResult, RoundResults } from './results.schema.ts'

/** What the rows of all voters together say in the place of a group. */
const ALL = 'all'

export interface ResultRow {
  readonly item: string
  readonly group: string
  readonly groups: readonly string[]
  readonly withheld: boolean
  readonly figures: PooledResult
  readonly verdict: ItemResult['verdict']
  /** What only the row of all voters together has. */
  readonly whole?: ItemResult
}

export const rowsOf = ({ items }: Pick<RoundResults, 'items'>): ResultRow[] =>
  items.flatMap((item): ResultRow[] => [
    { item: item.item, group: ALL, groups: [], withheld: item.n === null, figures: item.pooled, verdict: item.verdict, whole: item },
    ...item.groups.map(({ group, groups, withheld, verdict, ...figures }) => ({
      item: item.item,
      group,
      groups,
      withheld,
      figures,
      verdict
    }))
  ])

type Cell = ReturnType<Column<ResultRow>['cell']>
const column = (name: string, cell: (row: ResultRow) => Cell | null): Column<ResultRow> => ({ name, cell: (row) => cell(row) ?? undefined })
const joined = (codes: readonly (string | number)[] | null | undefined): Cell => (codes && codes.length > 0 ? codes.join('|') : undefined)

const FIGURES = [
  'n',
  'unable',
  'score',
  'rank',
  'median',
  'share79',
  'share13',
  'disagreementIndex',
  'disagreement',
  'disagreementRobust'
] as const

export const RESULT_COLUMNS: readonly Column<ResultRow>[] = [
  column('item', ({ item }) => item),
  column('group', ({ group }) => group),
  column('groups', ({ groups }) => joined(groups)),
  column('withheld', ({ withheld }) => withheld),
  ...FIGURES.map((name) => column(name, ({ figures }) => figures[name])),
  column('histogram', ({ figures }) => joined(figures.histogram)),
  column('criteria', ({ figures: { criteria } }) => (criteria ? JSON.stringify(criteria) : undefined)),
  column('agreement', ({ figures }) => figures.agreement),
  column('verdict', ({ verdict }) => verdict),
  column('equalVoice', ({ whole }) => whole?.equalVoice),
  column('divergence', ({ whole }) => whole?.divergence),
  column('divergent', ({ whole }) => joined(whole?.divergent)),
  column('overallRank', ({ whole }) => whole?.rank),
  column('shortlisted', ({ whole }) => whole?.shortlisted),
  column('shortlistedBy', ({ whole }) => joined(whole?.shortlistedBy)),
  column('stableIn', ({ whole }) => whole?.stableIn),
  column('because', ({ whole }) => (whole && whole.because.length > 0 ? whole.because.join(' ') : undefined))
]
