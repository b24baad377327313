/** The page that voters take home, to print on one A4: a whole document without scripts and without anything from elsewhere. Pure. */
import { type Content, Html, html } from '../../drawing/html.ts'
import { STYLE } from './summary.style.ts'
import type { Block, Said, Summary, Table } from './summary.ts'

export function summaryAsHtml(summary: Summary): string {
  const { language, title, question, published, incomplete, tookPart, first, agreed, missing, counted, receipt, rest } = summary
  const page = html`<!doctype html>
<html lang="${language}" dir="ltr"${isDense(summary) ? html` class="dense"` : undefined}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<main>
<header>
<h1 dir="auto">${title}</h1>
<p class="question" dir="auto">${question}</p>
<p>${published}</p>
</header>
${incomplete && section('incomplete', incomplete, [html`<p>${incomplete.todo}</p>`, listOf(incomplete.invite.map(saidOf), incomplete.more)])}
${section('took-part', tookPart, tableOf(tookPart.heading, tookPart.table))}
${section('first', first, tableOf(first.heading, first.table))}
${section(
  'agreed',
  agreed,
  agreed.lists.map(
    ({ heading, names, more }) => html`<h3>${heading}</h3>
${listOf(names.map(theirs), more)}`
  )
)}
${section('missing', missing, listOf(missing.said.map(saidOf), missing.more))}
${section('counted', counted)}
${section(
  'receipt',
  receipt,
  html`<p>${link(receipt.address)}</p>
<p>${receipt.meaning}</p>`
)}
${section(
  'rest',
  { heading: rest.heading, sentences: [] },
  html`<ul>${rest.links.map(({ what, address }) => html`<li>${what} ${link(address)}</li>`)}</ul>`
)}
</main>
</body>
</html>
`
  return page.toString()
}

/** Characters of a printed line, and lines of a page, in the larger print; headings take two. */
const LINE = 85
const PAGE = 46

/** Whether a summary has more to tell than the larger print can hold. */
function isDense({ title, question, incomplete, tookPart, first, agreed, missing, receipt, rest }: Summary): boolean {
  const blocks: readonly Block[] = [...(incomplete ? [incomplete] : []), tookPart, first, agreed, missing]
  const paragraphs = [
    title.repeat(2),
    question,
    ...blocks.map(({ sentences }) => sentences.join(' ')),
    ...[...(incomplete?.invite ?? []), ...missing.said].map(({ who = '', what }) => who + what),
    ...[tookPart, first].flatMap(({ table }) => table?.rows.map(([name]) => name!.repeat(2)) ?? []),
    ...agreed.lists.flatMap(({ heading, names }) => [heading, ...names]),
    receipt.address,
    ...rest.links.map(({ what, address }) => what + address)
  ]
  const lines = paragraphs.reduce((sum, text) => sum + Math.ceil(text.length / LINE), 0)
  return lines + blocks.length * 2 > PAGE
}

const section = (id: string, { heading, sentences }: Block, content?: Content) => html`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>
${sentences.length === 0 ? undefined : html`<p>${sentences.join(' ')}</p>`}
${content}
</section>`

/** What people wrote: it has a direction of its own. */
const theirs = (text: string) => html`<span dir="auto">${text}</span>`

const saidOf = ({ who, what }: Said) =>
  html`${who === undefined ? undefined : html`<strong dir="auto">${who}</strong> `}<span dir="auto">${what}</span>`

const listOf = (entries: readonly Html[], more: string | undefined) =>
  entries.length === 0
    ? undefined
    : html`<ul>${entries.map((entry) => html`<li>${entry}</li>`)}${more === undefined ? undefined : html`<li>${more}</li>`}</ul>`

const tableOf = (caption: string, table: Table | undefined) =>
  table &&
  html`<table>
<caption>${caption}</caption>
<thead><tr>${table.columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${table.rows.map(
    ([name, ...cells]) => html`<tr><th scope="row" dir="auto">${name}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`
  )}</tbody>
</table>
${table.more === undefined ? undefined : html`<p>${table.more}</p>`}`

const link = (address: string) => html`<a href="${address}">${address}</a>`
