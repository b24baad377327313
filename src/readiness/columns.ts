/** The columns of an export of verdicts, in an order that is frozen: new columns come at the end, none is moved or taken away. */
import type { Column } from '../http/spreadsheet.ts'
import { GATE_IDS, type GateId, OUTCOMES } from './gate.ts'
import type { ReadinessItem } from './readiness.schema.ts'

const joined = (values: readonly string[]) => (values.length > 0 ? values.join('|') : undefined)
const column = (name: string, cell: Column<ReadinessItem>['cell']): Column<ReadinessItem> => ({ name, cell })

/** Of several things that a gate is asked about, the worst. */
const worst = ({ gates }: ReadinessItem, id: GateId) => {
  const outcomes = gates.filter(({ gate }) => gate === id).map(({ outcome }) => outcome)
  return OUTCOMES.find((outcome) => outcomes.includes(outcome))
}
const sentences = ({ gates }: ReadinessItem, of: 'because' | 'closesWith') =>
  gates.filter(({ outcome }) => ['fail', 'unknown', 'conditional'].includes(outcome)).flatMap((gate) => gate[of] ?? [])

export const READINESS_COLUMNS: readonly Column<ReadinessItem>[] = [
  column('id', ({ measure }) => measure.id),
  column('title', ({ measure }) => measure.title),
  column('acronym', ({ measure }) => measure.acronym),
  column('version', ({ measure }) => measure.version),
  column('status', ({ measure }) => measure.status),
  column('canonicalUrl', ({ measure }) => measure.canonicalUrl),
  column('verdict', ({ verdict }) => verdict),
  column('basis', ({ basis }) => basis),
  column('maturity', ({ maturity }) => maturity),
  column('blockedBy', ({ gates }) => joined([...new Set(gates.filter(({ blocks }) => blocks).map(({ gate }) => gate))])),
  column('because', (item) => joined(sentences(item, 'because'))),
  column('closesWith', (item) => joined(sentences(item, 'closesWith'))),
  column('notReadyFor', ({ notReadyFor }) =>
    joined(notReadyFor.map(({ language, dimension, population }) => language ?? dimension ?? population ?? ''))
  ),
  ...GATE_IDS.map((id) => column(`gate.${id}`, (item) => worst(item, id))),
  column('reports.implemented', ({ reports }) => reports.implemented),
  column('reports.modified', ({ reports }) => reports.modified),
  column('reports.abandoned', ({ reports }) => reports.abandoned),
  column('copyright', ({ measure }) => measure.copyright)
]
