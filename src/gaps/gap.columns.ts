/**
 * The columns of an export, in an order that is frozen: new columns come at the end, none is moved or taken away. Codes
 * of one cell are separated by `|`; lists of composite values stand as JSON.
 */
import type { Column } from '../http/spreadsheet.ts'
import type { Gap } from './gap.schema.ts'

type Cell = ReturnType<Column<Gap>['cell']>

const joined = (codes: readonly string[] | undefined): Cell => (codes && codes.length > 0 ? codes.join('|') : undefined)
const json = (value: readonly object[] | undefined): Cell => (value && value.length > 0 ? JSON.stringify(value) : undefined)
const column = (name: string, cell: (gap: Gap) => Cell): Column<Gap> => ({ name, cell })

const PLAIN = ['id', 'origin', 'status', 'title', 'statement', 'kind', 'severityLevel'] as const
const CODES = ['levels', 'settings', 'jurisdictions', 'strategies', 'domains'] as const
const FINDING = ['rule', 'rulesVersion', 'certainty', 'closesWith', 'openedAt', 'closedAt'] as const
const END = ['ownerRole', 'mergedInto', 'closingReason', 'createdAt', 'updatedAt'] as const

export const GAP_COLUMNS: readonly Column<Gap>[] = [
  ...PLAIN.map((name) => column(name, (gap) => gap[name])),
  column('measures', (gap) => joined(gap.measures?.map(({ measure, role }) => `${measure}=${role}`))),
  column('populations', (gap) => joined(gap.populations?.map(({ dimension, focus }) => `${dimension}=${focus}`))),
  column('populations.details', (gap) => json(gap.populations)),
  ...CODES.map((name) => column(name, (gap) => joined(gap[name]))),
  column('severity.reach', (gap) => gap.severity?.reach),
  column('severity.consequence', (gap) => gap.severity?.consequence),
  column('severity.alternative', (gap) => gap.severity?.alternative),
  column('evidence', (gap) => json(gap.evidence)),
  column('remedies', (gap) => json(gap.remedies)),
  column('reportedBy.group', (gap) => gap.reportedBy?.group),
  column('reportedBy.livedExperience', (gap) => gap.reportedBy?.livedExperience),
  ...FINDING.map((name) => column(`finding.${name}`, (gap) => gap.finding?.[name])),
  column('dismissal.reason', (gap) => gap.dismissal?.reason),
  column('dismissal.until', (gap) => gap.dismissal?.until),
  ...END.map((name) => column(name, (gap) => gap[name]))
]
