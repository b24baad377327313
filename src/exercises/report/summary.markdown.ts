/** The page that voters take home, as a document (Markdown). Pure. */
import { markdownList, markdownOf, markdownTable } from './markdown.ts'
import type { Block, Said, Summary, Table } from './summary.ts'

export function summaryAsMarkdown(summary: Summary): string {
  const { title, question, published, incomplete, tookPart, first, agreed, missing, counted, receipt, rest } = summary
  const blocks = [
    `# ${markdownOf(title)}`,
    `**${markdownOf(question)}**`,
    markdownOf(published),
    ...(incomplete ? [...opening(incomplete), markdownOf(incomplete.todo), listOf(incomplete.invite.map(saidOf), incomplete.more)] : []),
    ...opening(tookPart),
    ...tableOf(tookPart.table),
    ...opening(first),
    ...tableOf(first.table),
    ...opening(agreed),
    ...agreed.lists.flatMap(({ heading, names, more }) => [`### ${markdownOf(heading)}`, listOf(names.map(markdownOf), more)]),
    ...opening(missing),
    listOf(missing.said.map(saidOf), missing.more),
    ...opening(counted),
    ...opening(receipt),
    `<${receipt.address}>`,
    markdownOf(receipt.meaning),
    `## ${markdownOf(rest.heading)}`,
    markdownList(rest.links.map(({ what, address }) => `${markdownOf(what)} <${address}>`))
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

const opening = ({ heading, sentences }: Block) => [`## ${markdownOf(heading)}`, sentences.map(markdownOf).join(' ')]

const saidOf = ({ who, what }: Said) => (who === undefined ? markdownOf(what) : `**${markdownOf(who)}** ${markdownOf(what)}`)

const listOf = (entries: readonly string[], more: string | undefined) =>
  markdownList(more === undefined ? entries : [...entries, markdownOf(more)])

const tableOf = (table: Table | undefined): string[] =>
  table === undefined ? [] : [markdownTable(table.columns, table.rows), ...(table.more === undefined ? [] : [markdownOf(table.more)])]
