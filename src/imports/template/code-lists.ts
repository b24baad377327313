/** What the drop-downs of the spreadsheet offer. */
import type { Vocabularies } from '../../vocabularies/vocabularies.ts'
import type { LabelLanguage } from '../../vocabularies/vocabulary.schema.ts'
import type { FieldColumn } from '../sheets/columns.ts'

export interface CodeList {
  readonly name: string
  readonly items: readonly { readonly code: string; readonly label: string }[]
}

/** The name of the list of a column; nothing for columns without codes. Of a pair the left side is offered, to be completed. */
export function listName({ kind, vocabulary }: FieldColumn): string | undefined {
  if (vocabulary === undefined) return undefined
  return kind === 'pairs' ? `${vocabulary}=` : vocabulary
}

/** The lists that columns draw on, each once. */
export function codeLists(columns: readonly FieldColumn[], language: LabelLanguage, vocabularies: Vocabularies): CodeList[] {
  const lists = new Map<string, CodeList>()
  for (const column of columns) {
    const name = listName(column)
    if (name === undefined || lists.has(name)) continue
    const ending = column.kind === 'pairs' ? '=' : ''
    const concepts = vocabularies.get(column.vocabulary!)?.concepts ?? []
    lists.set(name, { name, items: concepts.map(({ code, labels }) => ({ code: `${code}${ending}`, label: labels[language] })) })
  }
  return [...lists.values()]
}
