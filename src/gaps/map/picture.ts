/** The gap map as a picture: labels and texts in a language, links that work outside the registry. */
import { IntlMessageFormat } from 'intl-messageformat'
import { filterOf } from '../../measures/measure.filters.ts'
import type { Asked } from '../../readiness/gate.ts'
import type { Wording } from '../../readiness/sentences.ts'
import { tellContext } from '../../readiness/telling.ts'
import { CODES } from '../../vocabularies/codes.ts'
import type { Vocabularies } from '../../vocabularies/vocabularies.ts'
import { heatMapSvg } from '../heat-map.ts'
import type { Axis, GapMap, State } from './gap-map.ts'
import type { Line } from './table.ts'
import texts from './texts.json' with { type: 'json' }

interface Shown {
  readonly map: GapMap
  readonly rows: Axis
  readonly columns: Axis
  readonly rowLines: readonly Line[]
  readonly columnLines: readonly Line[]
  readonly context: Asked
  readonly wording: Wording
  readonly vocabularies: Vocabularies
  readonly publicUrl: string
  readonly urls: (row: string, column: string) => { readonly measuresUrl: string }
}

export function heatMapOf({ map, rows, columns, rowLines, columnLines, context, wording, vocabularies, publicUrl, urls }: Shown): string {
  const { language } = wording
  const titleOf = ({ name }: Axis) => vocabularies.get(filterOf(name).vocabulary!)!.title[language]
  const say = (text: string, values: Record<string, string | number>) => String(new IntlMessageFormat(text, language).format(values))
  const names = { rows: titleOf(rows), columns: titleOf(columns) }
  return heatMapSvg({
    title: say(texts[language].title, names),
    description: tellContext(context, wording),
    language,
    rowsTitle: names.rows,
    columnsTitle: names.columns,
    rows: rowLines,
    columns: columnLines,
    cells: map.cells.map((line, i) =>
      line.map((cell, j) => ({ ...cell, href: `${publicUrl}${urls(rows.codes[i]!, columns.codes[j]!).measuresUrl}` }))
    ),
    stateLabels: Object.fromEntries(
      CODES['gap-map-state'].map((state) => [state, vocabularies.label('gap-map-state', state, language)?.text ?? state])
    ) as Record<State, string>,
    source: say(texts[language].source, { registry: publicUrl, measures: map.total.measures }),
    date: wording.day(context.asOf)
  })
}
