/** The report of the method as a document (Markdown). Pure. */
import { SECTIONS, type Section, sectionOf } from './accord.ts'
import { markdownLink, markdownList, markdownOf, markdownTable } from './markdown.ts'
import type { Cell, MethodReport, MethodReportItem } from './method-report.schema.ts'

const STATUSES: Readonly<Record<MethodReportItem['status'], string>> = {
  reported: 'Reported.',
  partly: 'Partly reported.',
  'not-recorded': 'Not recorded.'
}

/** `publicUrl` is the root of the registry, without a slash at the end. */
export function methodReportAsMarkdown(report: MethodReport, publicUrl: string): string {
  const { title, exercise, publishedAt, guideline, protocolHash, outcomeHash, items, sources } = report
  const sections = [...Map.groupBy(items, ({ item }) => sectionOf(item))]
  const blocks = [
    `# Method report: ${markdownOf(title)}`,
    `Exercise \`${exercise}\`, published on ${publishedAt.slice(0, 10)}. By the items of ${markdownLink(guideline.name, guideline.url)}: ${markdownOf(guideline.citation)}`,
    markdownList([`SHA-256 of the protocol: \`${protocolHash}\``, `SHA-256 of the outcome: \`${outcomeHash}\``]),
    'It is filled from what the registry records. What the registry does not record is said, for the authors to add.',
    ...sections.flatMap(([section, items]) => sectionAsMarkdown(section, items)),
    '## Sources',
    markdownList(sources.map(({ what, path }) => markdownLink(what, publicUrl + path)))
  ]
  return `${blocks.join('\n\n')}\n`
}

const sectionAsMarkdown = (section: Section, items: readonly MethodReportItem[]) => [
  `## ${SECTIONS[section]}`,
  ...items.flatMap(({ item, topic, status, text, data }) => [
    `### ${item}. ${markdownOf(topic)}`,
    `**${STATUSES[status]}** ${markdownOf(text)}`,
    ...(data === undefined ? [] : [rowsAsMarkdown(data)])
  ])
]

function rowsAsMarkdown(rows: NonNullable<MethodReportItem['data']>): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return markdownTable(
    columns,
    rows.map((row) => columns.map((column) => cellAsText(row[column])))
  )
}

function cellAsText(cell: Cell | undefined): string {
  if (cell === undefined) return ''
  if (cell === null) return 'withheld'
  return typeof cell === 'boolean' ? (cell ? 'yes' : 'no') : String(cell)
}
