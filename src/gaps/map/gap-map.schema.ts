/** What the gap map is asked for, and what it answers. */
import { type Static, Type } from 'typebox'
import { component, oneOf, ref } from '../../component.ts'
import { FACETS, type FilterName } from '../../measures/measure.filters.ts'
import { Lang } from '../../measures/requests.schema.ts'
import { ReadinessContext } from '../../readiness/context.schema.ts'
import { RulesVersion } from '../../readiness/readiness.schema.ts'
import { inContext, ofCatalogue } from '../../readiness/requests.schema.ts'
import { CODES } from '../../vocabularies/codes.ts'
import { GapId, SeverityCode } from '../gap.schema.ts'

const closed = { additionalProperties: false }
const count = (description: string) => Type.Integer({ minimum: 0, description })

/** What can be an axis: everything with a list of codes, apart from the status. */
export const AXES: readonly FilterName[] = FACETS.filter((name) => name !== 'status')

export const GapMapQuery = Type.Object(
  {
    rows: Type.Optional(oneOf(AXES, 'What stands in the rows; `domain` where nobody says.')),
    columns: Type.Optional(oneOf(AXES, 'What stands in the columns; `equityDimension` where nobody says.')),
    ...ofCatalogue,
    ...inContext,
    lang: Lang,
    format: Type.Optional(oneOf(['json', 'csv', 'svg'], 'Form of the answer, before `Accept`. `svg` is a picture for a report.'))
  },
  closed
)
export type GapMapQuery = Static<typeof GapMapQuery>

const counts = {
  measures: count('Measures that there are.'),
  ready: count('Measures that are ready in the context, now or with conditions.'),
  unknown: count('Measures of which nobody can tell.'),
  openGaps: count('Gaps that are open and known.'),
  highestSeverity: Type.Unsafe<string | null>({
    anyOf: [SeverityCode, { type: 'null' }],
    description: 'The highest severity of these gaps; null where there is none.'
  }),
  state: oneOf(CODES['gap-map-state'], 'No measure; measures and none ready; one or two ready; three or more ready.')
}
export const GapMapCell = component(
  'GapMapCell',
  Type.Object(
    {
      ...counts,
      gap: Type.Optional(GapId),
      measuresUrl: Type.String({ format: 'uri-reference', description: 'The list of these measures.' }),
      gapsUrl: Type.String({ format: 'uri-reference', description: 'The list of gaps of these codes.' })
    },
    { ...closed, description: 'A cell of the map.' }
  )
)
export const GapMapTotal = component('GapMapTotal', Type.Object(counts, { ...closed, description: 'A row, a column, or the whole.' }))
export const GapMapLine = component(
  'GapMapLine',
  Type.Object(
    {
      code: Type.String({ description: 'A code of the axis.' }),
      label: Type.String({ description: 'Its label in the language of the answer.' })
    },
    { ...closed, description: 'A row or a column.' }
  )
)
export const GapMapAnswer = component(
  'GapMap',
  Type.Object(
    {
      rowAxis: oneOf(AXES, 'What stands in the rows.'),
      columnAxis: oneOf(AXES, 'What stands in the columns.'),
      context: ref(ReadinessContext),
      rulesVersion: RulesVersion,
      rows: Type.Array(ref(GapMapLine), { description: 'The rows.' }),
      columns: Type.Array(ref(GapMapLine), { description: 'The columns.' }),
      cells: Type.Array(Type.Array(ref(GapMapCell), { description: 'A row of cells.' }), { description: 'The cells, row by row.' }),
      rowTotals: Type.Array(ref(GapMapTotal), { description: 'Each row: a measure with several columns counts once.' }),
      columnTotals: Type.Array(ref(GapMapTotal), { description: 'Each column: a measure with several rows counts once.' }),
      total: ref(GapMapTotal)
    },
    { ...closed, description: 'The catalogue by two axes, and what is not seen.' }
  )
)

export const GAP_MAP_SCHEMAS = [GapMapCell, GapMapTotal, GapMapLine, GapMapAnswer]
