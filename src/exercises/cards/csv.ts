import { type Column, csvHeading, csvLines } from '../../http/spreadsheet.ts'
import { printedCode } from '../voting/codes.ts'
import type { Card, CardSheet } from './sheet.ts'

/** The invitations of a group for a mail merge: a line per code (RFC 4180), safe to open in a spreadsheet. */
export function cardsAsCsv({ group, cards }: CardSheet): string {
  const columns: readonly Column<Card>[] = [
    { name: 'group', cell: () => group },
    { name: 'code', cell: ({ code }) => printedCode(code) },
    { name: 'url', cell: ({ url }) => url }
  ]
  return csvHeading(columns) + csvLines(columns, cards)
}
