/** The template as a spreadsheet: every cell is text, so that no age band becomes a date, and codes can be chosen. */
import writeXlsxFile, { type CellObject } from 'write-excel-file/node'
import { OPEN_RULES } from '../../vocabularies/open-codes.ts'
import type { Vocabularies } from '../../vocabularies/vocabularies.ts'
import type { LabelLanguage } from '../../vocabularies/vocabulary.schema.ts'
import { columnLetters } from '../reading/sheet.ts'
import type { FieldColumn } from '../sheets/columns.ts'
import { type CodeList, codeLists, listName } from './code-lists.ts'
import { type DropDown, dropDowns, hiddenSheets } from './drop-downs.ts'
import { FIRST_ROW, TEMPLATE_COLUMNS, type TemplateRows, templateRows } from './template.ts'

const MEASURES = 'measures'
/** The importer never reads the sheet of this name. */
const CODES = 'codes'
/** Rows to write in that have the format of text, and rows that offer codes. */
const TEXT_ROWS = 500
const LAST_CHOICE = 1_000

const PROSE_WIDTH = 45
const USUAL_WIDTH = 28

export function templateXlsx(language: LabelLanguage, vocabularies: Vocabularies): Promise<Buffer> {
  const lists = codeLists(TEMPLATE_COLUMNS, language, vocabularies)
  return writeXlsxFile(
    [
      {
        sheet: MEASURES,
        data: measureCells(templateRows(language, vocabularies)),
        columns: TEMPLATE_COLUMNS.map(({ kind }) => ({ width: kind === 'text' ? PROSE_WIDTH : USUAL_WIDTH })),
        stickyRowsCount: 1,
        stickyColumnsCount: 2
      },
      { sheet: CODES, data: codeCells(lists), columns: lists.flatMap(() => [{ width: USUAL_WIDTH }, { width: PROSE_WIDTH }]) }
    ],
    { features: [dropDowns(choices(lists)), hiddenSheets] }
  ).toBuffer()
}

const text = (value: string | null, style: Partial<CellObject> = {}): CellObject => ({
  ...(value ? { value } : {}),
  type: String,
  format: '@',
  ...style
})

function measureCells({ header, help, example }: TemplateRows): CellObject[][] {
  const empty = header.map(() => text(null))
  return [
    header.map((name) => text(name, { fontWeight: 'bold' })),
    help.map((value) => text(value, { wrap: true, alignVertical: 'top', textColor: '#595959', backgroundColor: '#f2f2f2' })),
    example.map((value) => text(value, { wrap: true, alignVertical: 'top', textColor: '#595959', fontStyle: 'italic' })),
    ...Array.from({ length: TEXT_ROWS }, () => empty)
  ]
}

/** Two columns for each list: its codes, and what they are called. */
function codeCells(lists: readonly CodeList[]): CellObject[][] {
  const height = Math.max(...lists.map(({ items }) => items.length))
  const heading = lists.flatMap(({ name }) => [text(name, { fontWeight: 'bold' }), text('', { fontWeight: 'bold' })])
  const rows = Array.from({ length: height }, (_, i) =>
    lists.flatMap(({ items }) => [text(items[i]?.code ?? ''), text(items[i]?.label ?? '')])
  )
  return [heading, ...rows]
}

function choices(lists: readonly CodeList[]): DropDown[] {
  return TEMPLATE_COLUMNS.flatMap((column, i) => {
    const index = lists.findIndex(({ name }) => name === listName(column))
    if (index === -1) return []
    const [cells, codes] = [columnLetters(i), columnLetters(2 * index)]
    return [
      {
        cells: `${cells}${FIRST_ROW}:${cells}${LAST_CHOICE}`,
        source: `${CODES}!$${codes}$2:$${codes}$${lists[index]!.items.length + 1}`,
        isStrict: isStrict(column)
      }
    ]
  })
}

/** Of open vocabularies there are more codes than are listed. */
const isStrict = ({ kind, vocabulary }: FieldColumn) => kind === 'code' && !OPEN_RULES.has(vocabulary ?? '')
