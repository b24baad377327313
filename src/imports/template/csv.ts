/** The template as CSV: UTF-8 with a byte order mark, by which spreadsheets know it. */
import { type Column, csvHeading, csvLines } from '../../http/spreadsheet.ts'
import type { Vocabularies } from '../../vocabularies/vocabularies.ts'
import type { LabelLanguage } from '../../vocabularies/vocabulary.schema.ts'
import { templateRows } from './template.ts'

export function templateCsv(language: LabelLanguage, vocabularies: Vocabularies): string {
  const { header, help, example } = templateRows(language, vocabularies)
  const columns = header.map((name, i): Column<readonly string[]> => ({ name, cell: (row) => row[i] }))
  return csvHeading(columns) + csvLines(columns, [help, example])
}
