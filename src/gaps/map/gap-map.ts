/**
 * The gap map: any two coded axes of the catalogue, and for each cell how many measures there are, how many of them are ready, and
 * how many gaps are open. Sets of documents and of gaps, no reading of records.
 */
import type { FilterName } from '../../measures/measure.filters.ts'
import type { MeasureIndex } from '../../measures/measure.index.ts'
import { Numbers } from '../../measures/postings.ts'
import type { Standing } from '../../readiness/standing.ts'
import type { Code } from '../../vocabularies/codes.ts'
import { findingInCell, subjectOfCell } from '../findings.ts'
import type { GapFilterName } from '../gap.filters.ts'
import type { GapIndex } from '../gap.index.ts'
import { CELLS, servedCell } from '../rules/cells.ts'
import { SEVERITY_ORDER, type Severity } from '../severity.ts'
import { CrossCount } from './cross-count.ts'

export type State = Code<'gap-map-state'>

export interface Cell {
  readonly measures: number
  readonly ready: number
  /** For which nobody can tell whether they are. */
  readonly unknown: number
  readonly openGaps: number
  readonly highestSeverity: Severity | null
  readonly state: State
  /** The finding that the cell is empty. */
  readonly gap?: string
}

/** From so many ready measures on a cell is covered: one or two are all that one has, if one of them goes. */
export const COVERED = 3

export const stateOf = ({ measures, ready }: Pick<Cell, 'measures' | 'ready'>): State =>
  measures === 0 ? 'absolute-gap' : ready === 0 ? 'usable-gap' : ready < COVERED ? 'thin' : 'covered'

/** What gaps are filtered by where measures are filtered by the axis. */
export const OF_GAPS: Partial<Record<FilterName, GapFilterName>> = {
  domain: 'domain',
  level: 'level',
  setting: 'setting',
  strategy: 'strategy',
  jurisdiction: 'jurisdiction',
  equityDimension: 'population',
  stratifier: 'population'
}

export interface Axis {
  readonly name: FilterName
  readonly codes: readonly string[]
}

export interface GapMap {
  readonly cells: readonly (readonly Cell[])[]
  readonly rowTotals: readonly Cell[]
  readonly columnTotals: readonly Cell[]
  readonly total: Cell
}

export interface Sources {
  readonly measures: MeasureIndex
  readonly gaps: GapIndex
  /** The measures that are looked at. */
  readonly among: Numbers
  readonly standing: Standing
}

export function gapMap(sources: Sources, rows: Axis, columns: Axis): GapMap {
  const common = commonOf(sources)
  const whole: Line = { measures: sources.among, gaps: common.open }
  // The whole is a row and a column of its own: where it meets the others are the margins.
  const table = cellsOf(common, [...linesOf(common, rows), whole], [...linesOf(common, columns), whole])
  const totals = table.pop()!
  const rowTotals = table.map((line) => line.pop()!)
  const total = totals.pop()!
  const cells = table.map((line, i) =>
    line.map((cell, j) => {
      const gap = emptyFinding(sources.gaps, rows, rows.codes[i]!, columns, columns.codes[j]!)
      return gap ? { ...cell, gap } : cell
    })
  )
  return { cells, rowTotals, columnTotals: totals, total }
}

/** What a row or a column holds. */
interface Line {
  readonly measures: Numbers
  readonly gaps: Numbers
}

/** What every line is cut from. */
function commonOf(sources: Sources) {
  const { gaps, standing } = sources
  const open = gaps.open()
  return {
    ...sources,
    open,
    ready: standing.ready(),
    unknown: standing.byVerdict['cannot-tell'],
    severities: SEVERITY_ORDER.map((severity) => ({ severity, having: gaps.with('severity', severity).intersection(open) })).filter(
      ({ having }) => !having.isEmpty()
    )
  }
}
type Common = ReturnType<typeof commonOf>

function linesOf(common: Common, { name, codes }: Axis): Line[] {
  const field = OF_GAPS[name]
  return codes.map((code) => {
    const measures = common.measures.with(name, code).intersection(common.among)
    const gaps = field ? common.gaps.with(field, code) : gapsOf(common, measures)
    return { measures, gaps: gaps.intersection(common.open) }
  })
}

/** Where gaps have no such code of their own: those of the measures that have it. */
function gapsOf({ measures, gaps }: Sources, among: Numbers): Numbers {
  const found = new Numbers()
  for (const no of among.array()) gaps.addOf('measure', measures.measureOf(no)!, found)
  return found
}

function cellsOf({ ready, unknown, severities }: Common, rows: readonly Line[], columns: readonly Line[]): Cell[][] {
  const withMeasures = new CrossCount(columns.map((column) => column.measures))
  const measures = withMeasures.of(rows.map((row) => row.measures))
  const areReady = withMeasures.of(rows.map((row) => row.measures.new_intersection(ready)))
  const areUnknown = withMeasures.of(rows.map((row) => row.measures.new_intersection(unknown)))
  const withGaps = new CrossCount(columns.map((column) => column.gaps))
  // Every gap has one severity: together they are all gaps.
  const bySeverity = severities.map(({ severity, having }) => ({
    severity,
    counts: withGaps.of(rows.map(({ gaps }) => gaps.new_intersection(having)))
  }))
  return rows.map((_row, i) =>
    columns.map((_column, j) => {
      const counts = { measures: measures[i]![j]!, ready: areReady[i]![j]!, unknown: areUnknown[i]![j]! }
      return {
        ...counts,
        openGaps: bySeverity.reduce((sum, each) => sum + each.counts[i]![j]!, 0),
        highestSeverity: bySeverity.find((each) => each.counts[i]![j]! > 0)?.severity ?? null,
        state: stateOf(counts)
      }
    })
  )
}

/** The finding that says that a cell is empty, where the rules look at the cell and it is open. */
function emptyFinding(gaps: GapIndex, rows: Axis, row: string, columns: Axis, column: string): string | undefined {
  const names = [rows.name, columns.name]
  const name =
    names.join() === 'domain,equityDimension'
      ? servedCell(row, column)
      : names.join() === 'equityDimension,domain'
        ? servedCell(column, row)
        : ''
  if (!CELLS.has(name)) return undefined
  return gaps.isOpen(subjectOfCell(name)) ? findingInCell(name).id : undefined
}
