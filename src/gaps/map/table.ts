/** The gap map as a table: a line for each cell, in columns whose order is frozen. */
import type { Column } from '../../http/spreadsheet.ts'
import type { Cell, GapMap } from './gap-map.ts'

export interface Line {
  readonly code: string
  readonly label: string
}
interface Row {
  readonly row: Line
  readonly column: Line
  readonly cell: Cell
}

const column = (name: string, cell: Column<Row>['cell']): Column<Row> => ({ name, cell })

export const MAP_COLUMNS: readonly Column<Row>[] = [
  column('rowCode', ({ row }) => row.code),
  column('rowLabel', ({ row }) => row.label),
  column('columnCode', (each) => each.column.code),
  column('columnLabel', (each) => each.column.label),
  column('measures', ({ cell }) => cell.measures),
  column('ready', ({ cell }) => cell.ready),
  column('unknown', ({ cell }) => cell.unknown),
  column('openGaps', ({ cell }) => cell.openGaps),
  column('highestSeverity', ({ cell }) => cell.highestSeverity ?? undefined),
  column('state', ({ cell }) => cell.state),
  column('gap', ({ cell }) => cell.gap)
]

export const tableOf = ({ cells }: GapMap, rows: readonly Line[], columns: readonly Line[]): Row[] =>
  cells.flatMap((line, i) => line.map((cell, j) => ({ row: rows[i]!, column: columns[j]!, cell })))
