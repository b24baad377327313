/** What people take home from a published exercise: the report of the method, and the page for voters. */
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { IntlMessageFormat } from 'intl-messageformat'
import { lexer, type Token, walkTokens } from 'marked'
import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5'
import t from 'tap'
import { html } from '../../src/drawing/html.ts'
import { knownGroups } from '../../src/exercises/known-groups.ts'
import { finalRound, type Outcome } from '../../src/exercises/outcome/outcome.ts'
import { ACCORD_ITEMS, sectionOf, topicOf } from '../../src/exercises/report/accord.ts'
import { markdownOf } from '../../src/exercises/report/markdown.ts'
import { methodReportAsMarkdown } from '../../src/exercises/report/method-report.markdown.ts'
import { METHOD_REPORT_SCHEMAS, type MethodReport } from '../../src/exercises/report/method-report.schema.ts'
import { methodReportOf } from '../../src/exercises/report/method-report.ts'
import { shortened } from '../../src/exercises/report/shortened.ts'
import { summaryAsHtml } from '../../src/exercises/report/summary.html.ts'
import { summaryAsMarkdown } from '../../src/exercises/report/summary.markdown.ts'
import { type Summary, summaryOf } from '../../src/exercises/report/summary.ts'
import de from '../../src/exercises/report/texts/de.json' with { type: 'json' }
import en from '../../src/exercises/report/texts/en.json' with { type: 'json' }
import es from '../../src/exercises/report/texts/es.json' with { type: 'json' }
import fr from '../../src/exercises/report/texts/fr.json' with { type: 'json' }
import nl from '../../src/exercises/report/texts/nl.json' with { type: 'json' }
import { CODES } from '../../src/vocabularies/codes.ts'
import { loadVocabularies } from '../../src/vocabularies/load.ts'
import { LABEL_LANGUAGES, type LabelLanguage } from '../../src/vocabularies/vocabulary.schema.ts'
import { type Making, outcomeOf } from './exercise-outcome.build.ts'

const vocabularies = await loadVocabularies()
/** The nearest kin only: with all who are there by their work, hardly any group would ever be withheld. */
const all = knownGroups(vocabularies)
const known = { ...all, kin: all.kin.filter((family) => family.length === 2) }
const PUBLIC_URL = 'https://registry.example'
const HASH = 'ab'.repeat(32)

const made = (making: Omit<Making, 'known'>) => outcomeOf({ known, ...making })
const reportOf = (outcome: Outcome) => methodReportOf(outcome, HASH)
const documentOf = (outcome: Outcome) => methodReportAsMarkdown(reportOf(outcome), PUBLIC_URL)
const summarised = (outcome: Outcome, language: LabelLanguage = 'en') =>
  summaryOf(outcome, language, { vocabularies, publicUrl: PUBLIC_URL })
const itemOf = (report: MethodReport, item: string) => report.items.find((each) => each.item === item)!

const ENOUGH = { 'lived-experience': 12, professionals: 14, managers: 11 }
const ABSENT = { ...ENOUGH, academics: 0 }
/** Policymakers and managers are shown together; academics and evaluation experts are too few even so, and professionals hide how few. */
const HIDDEN = { 'lived-experience': 30, professionals: 6, policymakers: 3, managers: 4, academics: 2, 'evaluation-experts': 1 }

const byMethod = CODES['exercise-method'].flatMap((method) =>
  [ENOUGH, ABSENT, HIDDEN].map((voters) => ({ method, voters, outcome: made({ voters: [voters], plan: { rounds: [{ method }] } }) }))
)

/** Two rounds, with a third that was left out: an item was agreed out after the first, and one joined. */
const twoRounds = made({
  voters: [ENOUGH, { ...ENOUGH, professionals: 8 }],
  plan: {
    consensus: 'comet-70-15',
    mayJoin: true,
    rounds: [{ method: 'rating-1-9' }, { method: 'rating-1-9', carryOn: 'not-out' }, { method: 'top-n', carryOn: 'shortlisted' }]
  },
  joins: { label: 'Night care', reason: 'Carers asked for it.' },
  paper: [{ round: 1, batches: 2, ballots: 9 }],
  form: 25
})

const ajv = new Ajv({ allErrors: true, schemas: METHOD_REPORT_SCHEMAS, strict: false })
addFormats.default(ajv)
const isReport = ajv.getSchema('MethodReport')!

const textOf = (tokens: readonly Token[]): string =>
  tokens.map((token) => ('tokens' in token && token.tokens ? textOf(token.tokens) : 'text' in token ? String(token.text) : '')).join('')

/** What a reader of Markdown finds: headings as `depth text`, where links lead, and whatever is markup that nobody wrote here. */
function readMarkdown(document: string) {
  const tokens = lexer(document)
  const headings: string[] = []
  const links: string[] = []
  const strange: string[] = []
  const spans: Record<string, number> = {}
  void walkTokens(tokens, (token) => {
    if (['em', 'strong', 'codespan', 'list_item'].includes(token.type)) spans[token.type] = (spans[token.type] ?? 0) + 1
    if (token.type === 'heading') headings.push(`${token['depth']} ${textOf(token['tokens'] ?? [])}`)
    if (token.type === 'link') links.push(token['href'])
    if (['html', 'image', 'code', 'blockquote', 'def', 'del', 'hr'].includes(token.type)) strange.push(token.raw)
  })
  const tables = tokens.filter(({ type }) => type === 'table') as Extract<Token, { type: 'table' }>[]
  return { headings, links, strange, spans, tables }
}

const SECTIONS = { T: '2 Title', I: '2 Introduction', M: '2 Methods', R: '2 Results', D: '2 Discussion', O: '2 Other information' }
const headingsOf = (title: string) => [
  `1 Method report: ${title}`,
  ...ACCORD_ITEMS.flatMap((item) => [
    ...(item.endsWith('1') && item.length === 2 ? [SECTIONS[sectionOf(item)]] : []),
    `3 ${item}. ${topicOf(item)}`
  ]),
  '2 Sources'
]

t.test('ACCORD has 35 items: 1 of the title, 3 of the introduction, 21, 5, 2 and 3', async (t) => {
  t.equal(ACCORD_ITEMS.length, 35)
  t.same(Object.fromEntries([...Map.groupBy(ACCORD_ITEMS, sectionOf)].map(([section, items]) => [section, items.length])), {
    T: 1,
    I: 3,
    M: 21,
    R: 5,
    D: 2,
    O: 3
  })
})

t.test('the report of every method has every item once, and is a document', async (t) => {
  for (const { method, outcome } of byMethod) {
    const report = reportOf(outcome)
    t.same(
      report.items.map(({ item }) => item),
      ACCORD_ITEMS,
      method
    )
    t.ok(isReport(report), ajv.errorsText(isReport.errors))
    t.same(
      report.items.filter(({ text }) => /undefined|null|NaN|\[object|\s\s/.test(text)),
      [],
      method
    )
    const { headings, links, strange } = readMarkdown(methodReportAsMarkdown(report, PUBLIC_URL))
    t.same(headings, headingsOf(outcome.exercise.title), method)
    t.same(
      links.filter((link) => !link.startsWith(`${PUBLIC_URL}/v1/exercises/first`)),
      [report.guideline.url]
    )
    t.same(strange, [], method)
  }
  const { title, publishedAt, protocolHash, outcomeHash, sources } = reportOf(twoRounds)
  t.match(
    { title, publishedAt, protocolHash, outcomeHash },
    { title: twoRounds.exercise.title, protocolHash: twoRounds.exercise.protocolHash, outcomeHash: HASH }
  )
  t.same(
    sources.map(({ path }) => path.replace('/v1/exercises/first', '')),
    [
      '',
      ...[1, 2].flatMap((round) => [`/results?round=${round}`, `/results?round=${round}&format=csv`, `/receipts?round=${round}`]),
      '/missing-voices',
      '/summary',
      '/outcome'
    ]
  )
})

t.test('what the registry does not record is said to be', async (t) => {
  const notRecorded = reportOf(twoRounds).items.filter(({ status }) => status === 'not-recorded')
  t.same(
    notRecorded.map(({ item }) => item),
    ['I1', 'I3', 'M2', 'M7', 'M8', 'M16', 'M20', 'D2', 'O1', 'O2', 'O3']
  )
  for (const { text, item } of notRecorded) t.match(text, /^The registry does not record .+\.$/, item)
  const described = { ...twoRounds, exercise: { ...twoRounds.exercise, description: 'Please read this.' } }
  t.equal(itemOf(reportOf(described), 'M8').status, 'partly')
})

t.test('the report tells rules, rounds, items and numbers', async (t) => {
  const report = reportOf(twoRounds)
  const text = (item: string) => itemOf(report, item).text
  t.match(text('T1'), /consensus exercise by rating from 1 to 9 in 2 rounds/)
  t.match(text('M9'), /Round 3 \(planned and left out\): a ranked top/)
  t.match(
    text('M12'),
    /70 % or more of the scores are 7 to 9 and fewer than 15 % are 1 to 3.*Trials 2016.*in every required group.*type 7 of Hyndman and Fan/
  )
  t.match(text('M13'), /Round 2 \(carryOn: not-out\)/)
  t.match(text('M14'), /Round 1: 9 ballots came on paper\..*second person/)
  t.match(text('M15'), /fewer than 5 voters/)
  t.match(text('M17'), /their own earlier answer/)
  t.match(text('M18'), /key was destroyed at the publication.*rounded to 5/)
  t.match(text('R1'), /Round 1 was open from 2026-03-02 to 2026-03-16 \(15 days\)/)
  t.match(text('R2'), /Round 3, planned in the protocol, was left out/)
  t.equal(itemOf(report, 'R2').status, 'reported')
  t.match(itemOf(report, 'R3').data, [
    {
      group: 'lived-experience',
      name: 'People with lived experience',
      invited: 40,
      'voted in round 1': 12,
      'voted in round 2': 12,
      response: '30 %'
    },
    { group: 'professionals', 'voted in round 1': 14, 'voted in round 2': 8 },
    { group: 'managers' }
  ])
  const steps = itemOf(report, 'R5').data!
  t.same(
    steps,
    twoRounds.exercise.itemSteps.map(({ item, ...step }) => ({ item, label: steps.find((row) => row['item'] === item)!['label'], ...step }))
  )
  const dropped = twoRounds.exercise.itemSteps.filter(({ step }) => step === 'dropped')
  t.ok(dropped.length > 0)
  t.match(
    steps.find(({ step }) => step === 'joined'),
    { label: 'Night care', reason: 'Carers asked for it.', round: 2 }
  )
  t.match(documentOf(twoRounds), `| ${dropped[0]!.reason} |`)

  const final = finalRound(twoRounds)
  const rows = itemOf(report, 'R4').data!
  t.equal(rows.length, twoRounds.exercise.items.length, 'items that were dropped are told by the round they were last in')
  for (const { item, verdict, rank } of final.items)
    t.match(
      rows.find((row) => row['item'] === item),
      { round: 2, verdict, place: rank }
    )
  for (const { item } of dropped)
    t.match(
      rows.find((row) => row['item'] === item),
      { round: 1, verdict: 'out' }
    )
  const counts = [...text('R4').matchAll(/(consensus in|consensus out|no consensus|to be reconsidered|incomplete) (\d+)/g)]
  t.equal(
    counts.reduce((sum, [, , n]) => sum + Number(n), 0),
    rows.length
  )
  t.match(text('R4'), /Sensitivity: by \d+ views, \d+ items? (is|are) among the first in all of them/)
})

t.test('what is incomplete is said, with names', async (t) => {
  const report = reportOf(byMethod.find(({ method, voters }) => method === 'rating-1-9' && voters === ABSENT)!.outcome)
  t.match(itemOf(report, 'R4').text, /^The result is incomplete: without Academics there is no consensus/)
  t.match(itemOf(report, 'R2').text, /In round 1 required groups are absent.*Academics/)
  t.match(itemOf(report, 'D1').text, /Absent: Academics\./)
  const free = made({ voters: [ENOUGH], plan: { groups: Object.keys(ENOUGH).map((code) => ({ code, target: 1 / 3 })) } })
  t.match(itemOf(reportOf(free), 'M12').text, /No group is required/)
  t.match(itemOf(reportOf(free), 'R2').text, /^No deviation is recorded/)
})

t.test('nothing that is withheld can be read or worked out', async (t) => {
  const outcome = made({ voters: [HIDDEN], paper: [{ round: 1, batches: 1, ballots: 2 }] })
  const report = reportOf(outcome)
  const { groups, total } = finalRound(outcome).representation
  t.equal(total, 46)
  const withheld = groups.filter((group) => group.n === null).map(({ group }) => group)
  t.ok(withheld.length >= 2)
  const rows = itemOf(report, 'R3').data!
  for (const code of withheld)
    t.match(
      rows.find(({ group }) => group === code),
      { 'voted in round 1': null, response: null }
    )
  t.match(
    rows.find(({ group }) => group === 'policymakers+managers'),
    { name: 'Policymakers and managers', 'voted in round 1': 7 }
  )
  t.match(itemOf(report, 'R3').text, /numbers are withheld, by themselves or to hide others/)
  t.match(documentOf(outcome), /\| withheld \|/)
  t.match(itemOf(report, 'M14').text, /some ballots \(how many is withheld\) came on paper/)
  const others = made({ voters: [HIDDEN], paper: [{ round: 1, batches: 1, ballots: 43 }] })
  t.notMatch(itemOf(reportOf(others), 'M14').text, /43/, 'three did not vote on paper')

  const { tookPart, incomplete } = summarised(outcome)
  const told = tookPart.table!.rows
  t.equal(told.length, groups.length)
  t.same(told.find(([name]) => name === 'Policymakers and managers')?.slice(1, 3), ['7', '15%'])
  t.same(
    told.filter((row) => row[1] === 'not shown').map((row) => row[2]),
    withheld.map(() => 'not shown')
  )
  t.match(tookPart.sentences, ['46 people voted.', /Small numbers are not shown/, /counted together/])
  t.match(incomplete!.sentences[0], /missing or too small: .*Academics/)

  const everything = (voters: Readonly<Record<string, number>>) => {
    const other = made({ voters: [voters], form: 30 })
    return [documentOf(other), ...LABEL_LANGUAGES.map((language) => summaryAsHtml(summarised(other, language)))]
  }
  t.same(
    everything({ ...HIDDEN, academics: 1, 'evaluation-experts': 2 }),
    everything(HIDDEN),
    'the same, however those who are hidden are divided'
  )

  const few = made({ voters: [{ professionals: 3, managers: 0 }], paper: [{ round: 1, batches: 1, ballots: 3 }], form: 3 })
  const summary = summarised(few)
  t.same(summary.tookPart.sentences[0], 'So few people voted that their number is not shown.')
  t.same(summary.first.sentences, ['Too few people voted to show an order.'])
  t.match(summary.incomplete, { sentences: ['Too few people voted to show results.'] })
  const texts = [
    ...reportOf(few)
      .items.filter(({ item }) => ['M14', 'R3', 'R4', 'D1'].includes(item))
      .map(({ text }) => text),
    summary.tookPart.sentences.join()
  ]
  for (const text of texts) t.notMatch(text, /\b(3|three) (ballots|people|voters|times)\b/)
  t.match(itemOf(reportOf(few), 'R4').text, /So few voted that no numbers are shown/)
})

t.test('shares are never rounded up to all or down to none', async (t) => {
  const outcome = made({ voters: [{ professionals: 1_200, managers: 5 }], labels: ['One'] })
  t.same(
    summarised(outcome).tookPart.table!.rows.map((row) => row[2]),
    ['over 99%', 'under 1%']
  )
  t.same(summarised(outcome, 'fr').tookPart.table!.rows[0]![2], 'plus de 99\u202f%')
  t.match(itemOf(reportOf(outcome), 'M3').data, [{ target: '50 %' }, {}])
})

type Node = Tree.Node
const isElement = (node: Node): node is Tree.Element => 'tagName' in node
const nodesOf = (node: Node): Node[] => [node, ...('childNodes' in node ? node.childNodes.flatMap(nodesOf) : [])]
const contentOf = (node: Node): string =>
  nodesOf(node)
    .map((each) => ('value' in each ? each.value : ''))
    .join('')
const attribute = (node: Tree.Element, name: string) => node.attrs.find((each) => each.name === name)?.value

const TAGS = 'html head meta title style body main header h1 h2 h3 p section ul li span strong table caption thead tbody tr th td a'.split(
  ' '
)
const ATTRIBUTES = 'lang dir class charset name content id aria-labelledby scope href'.split(' ')

function readHtml(document: string) {
  const faults: string[] = []
  const elements = nodesOf(parse(document, { onParseError: ({ code }) => faults.push(code) })).filter(isElement)
  const strange = elements.filter(({ tagName, attrs }) => !TAGS.includes(tagName) || attrs.some(({ name }) => !ATTRIBUTES.includes(name)))
  return { faults, strange: strange.map(({ tagName }) => tagName), all: (tag: string) => elements.filter(({ tagName }) => tagName === tag) }
}

t.test('the page for voters is a whole, accessible document that asks for nothing', async (t) => {
  for (const { method, outcome } of [...byMethod, { method: 'two rounds', outcome: twoRounds }])
    for (const language of LABEL_LANGUAGES) {
      const summary = summarised(outcome, language)
      const document = summaryAsHtml(summary)
      const { faults, strange, all } = readHtml(document)
      const name = `${method}, ${language}`
      t.same({ faults, strange }, { faults: [], strange: [] }, name)
      t.ok(document.startsWith('<!doctype html>\n<html'), name)
      t.equal(attribute(all('html')[0]!, 'lang'), language)
      t.same(all('h1').map(contentOf), [outcome.exercise.title], name)
      t.equal(contentOf(all('title')[0]!), outcome.exercise.title)
      t.same(
        all('section').map((each) => attribute(each, 'aria-labelledby')),
        all('h2').map((each) => attribute(each, 'id')),
        name
      )
      t.ok(
        all('th').every((each) => ['col', 'row'].includes(attribute(each, 'scope')!)),
        name
      )
      t.ok(
        all('table').every((each) => each.childNodes.some((child) => child.nodeName === 'caption')),
        name
      )
      t.ok(
        all('a').every((each) => attribute(each, 'href')!.startsWith(`${PUBLIC_URL}/v1/exercises/first/`)),
        name
      )
      t.notMatch(document, /undefined|\[object|NaN|@import|url\(/, name)
      const { headings, strange: markup } = readMarkdown(summaryAsMarkdown(summary))
      t.same(
        headings.map((heading) => heading.slice(2)),
        [...all('h1'), ...nodesIn(all('main')[0]!)].map(contentOf),
        name
      )
      t.same(markup, [], name)
    }
})
const nodesIn = (node: Node) => nodesOf(node).filter((each) => isElement(each) && ['h2', 'h3'].includes(each.tagName))

t.test('the page says what is incomplete at the top, and names at most about ten items', async (t) => {
  const { outcome } = byMethod.find(({ method, voters }) => method === 'rating-1-9' && voters === ABSENT)!
  const summary = summarised(outcome)
  t.equal(contentOf(readHtml(summaryAsHtml(summary)).all('h2')[0]!), 'This result is not complete')
  t.same(summary.incomplete!.sentences, [
    'A group that is needed is missing or too small: Academics.',
    'So the last round agreed on nothing, whatever the others said.'
  ])
  t.match(summary.incomplete!.invite, [{ who: 'Academics:', what: /Invite \d+ academics, for example through universities/ }])
  t.match(summary.missing.sentences, ['Those that are named at the top.'])
  t.equal(summarised(byMethod[0]!.outcome).incomplete, undefined)
  t.equal(
    summarised(twoRounds).agreed.lists.reduce((sum, { heading }) => sum + Number(heading.match(/\d+$/)), 0),
    twoRounds.exercise.items.length
  )

  const labels = Array.from({ length: 40 }, (_, i) => `Item ${i + 1}`)
  const many = (method: 'rating-1-9' | 'dots') => summarised(made({ voters: [ENOUGH], labels, plan: { rounds: [{ method }] } }))
  t.match(many('dots').first.table, { rows: { length: 10 }, more: 'and 30 more' })
  const rated = many('rating-1-9')
  t.match(rated.first.table, { rows: { length: 5 }, more: 'and 35 more' })
  t.ok(rated.agreed.lists.every(({ names }) => names.length <= 3))
  t.match(rated.counted.sentences, ['Everybody scored the items from 1 to 9, and every group had the same voice.'])
})

const HOSTILE = [
  'A | B `code` **bold** # heading',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '[link](javascript:alert(1)) ![img](https://evil.example/x.png) https://evil.example www.evil.example <https://evil.example>',
  'one\n# two\n\n---\n- three\r\n> four\u2028```\n~~~',
  '"\'><svg/onload=alert(1)>&lt;b&gt;&#x3c;',
  '1. first',
  '===',
  '\u202eright to left\u0000\u0007\ud800',
  'مرحبا بالعالم',
  '\\'
]
const anyText = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc
    .array(fc.constantFrom(...'<>&"\'`*_[]()!#|~\\\n-+=1.$^{}@:/ ', 'a', 'www.', 'https://', '&amp', 'ß'), { minLength: 1, maxLength: 30 })
    .map((parts) => `x${parts.join('')}`),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).map((text) => `x${text}`)
)

/** An outcome in which people wrote what they liked. */
function written(texts: readonly string[]): Outcome {
  const at = (i: number) => texts[i % texts.length]!
  const { exercise } = twoRounds
  const groups = exercise.groups.map((group, i) => (i === 0 ? { ...group, label: { en: at(i + 2) } } : group))
  return {
    ...twoRounds,
    exercise: {
      ...exercise,
      title: at(0),
      question: at(1),
      groups,
      protocol: { ...exercise.protocol, groups },
      items: exercise.items.map((item, i) => ({ ...item, label: { en: at(i + 3) } })),
      itemSteps: exercise.itemSteps.map((step, i) => ({ ...step, reason: at(i + 1) }))
    }
  }
}

t.test('whatever people write stays text', async (t) => {
  const plain = readMarkdown(documentOf(twoRounds))
  const pages = { html: readHtml(summaryAsHtml(summarised(twoRounds))), markdown: readMarkdown(summaryAsMarkdown(summarised(twoRounds))) }
  const shapeOf = ({ headings, links, strange, spans, tables }: typeof plain) => ({
    headings: headings.slice(1).filter((heading) => !heading.startsWith('3 ') || /^3 [A-Z]\d+\. /.test(heading)),
    links,
    strange,
    spans,
    tables: tables.map(({ header, rows }) => [header.length, ...rows.map(({ length }) => length)])
  })
  fc.assert(
    fc.property(fc.array(anyText, { minLength: 3, maxLength: 9 }), (texts) => {
      const outcome = written(texts)
      t.strictSame(shapeOf(readMarkdown(documentOf(outcome))), shapeOf(plain))
      const summary = summarised(outcome)
      t.strictSame(shapeOf(readMarkdown(summaryAsMarkdown(summary))), shapeOf(pages.markdown))
      const { faults, strange, all } = readHtml(summaryAsHtml(summary))
      t.strictSame({ faults, strange }, { faults: [], strange: [] })
      for (const tag of TAGS.filter((tag) => tag !== 'h1')) t.equal(all(tag).length, pages.html.all(tag).length, tag)
      t.equal(contentOf(all('h1')[0]!), summary.title.replace(/\p{Cs}|\p{Noncharacter_Code_Point}/gu, '\u{FFFD}'))
    }),
    { numRuns: 60, seed: 20_260_504, examples: [[HOSTILE], [HOSTILE.toReversed()], [HOSTILE.slice(3)]] }
  )
  const rtl = readHtml(summaryAsHtml(summarised(written(['مرحبا بالعالم', 'سؤال', 'عنصر']))))
  t.ok([...rtl.all('h1'), ...rtl.all('span')].every((each) => attribute(each, 'dir') === 'auto'))
  t.ok(rtl.all('th').every((each) => attribute(each, 'scope') === 'col' || attribute(each, 'dir') === 'auto'))
})

t.test('escaping and shortening', async (t) => {
  t.equal(
    markdownOf('A | B\n# <script> [x](y) www.a.b https://c 5*3_2'),
    'A \\| B \\# \\<script\\> \\[x\\](y) www\\.a.b https\\://c 5\\*3\\_2'
  )
  t.equal(markdownOf('1. first'), '1\\. first')
  t.equal(markdownOf('- - x'), '\\- - x')
  t.equal(String(html`<p title="${'"<'}">${['a', html`<b>${'&'}</b>`, 3, undefined]}</p>`), '<p title="&quot;&lt;">a<b>&amp;</b>3</p>')
  t.equal(shortened('  short\n text ', 20), 'short text')
  t.equal(shortened('A text that is somewhat longer than fits', 20), 'A text that is…')
  t.equal(shortened('Donaudampfschifffahrtsgesellschaft', 10), 'Donaudamp…')
  t.equal(shortened('漢字漢字漢字', 8), '漢字漢…')
  t.equal(shortened('👩‍👩‍👧'.repeat(3), 6), '👩‍👩‍👧'.repeat(3), 'families stay together')
})

const TEXTS = { en, nl, fr, de, es }
const MOST_WORDS = 20
const wordsIn = (text: string) => text.match(/[\p{L}\p{N}]+(?:[’'-][\p{L}\p{N}]+)*/gu)?.length ?? 0
const sentencesIn = (text: string) => text.split(/(?<=[.?!])\s+/)
const VALUES = {
  date: 'Oslo',
  name: 'Oslo',
  names: 'Oslo',
  bound: 'over',
  percent: 40,
  rated: 'yes',
  rounds: 2,
  of: 12,
  top: 10,
  dots: 10,
  criteria: 5
}

t.test('every language has every message, in short sentences', async (t) => {
  const argumentsOf = (text: string) =>
    [...new Set([...text.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name))]
      .filter((name) => name! in VALUES || name === 'count' || name === 'order')
      .sort()
  for (const language of LABEL_LANGUAGES) {
    const texts = TEXTS[language]
    for (const part of ['headings', 'columns', 'sentences'] as const)
      t.strictSame(Object.keys(texts[part]), Object.keys(en[part]), `${language}: ${part}`)
    for (const [key, text] of Object.entries(texts.sentences)) {
      t.strictSame(argumentsOf(text), argumentsOf(en.sentences[key as keyof typeof en.sentences]), `${language}: ${key}`)
      const message = new IntlMessageFormat(text, language)
      for (const order of ['pooled', 'equal', 'jla', 'borda'])
        for (const count of [1, 12]) {
          const said = String(message.format({ ...VALUES, order, count }))
          t.ok(
            sentencesIn(said).every((sentence) => wordsIn(sentence) <= MOST_WORDS),
            `${language}: ${said}`
          )
          t.notMatch(said, /[{}#']|undefined|^\s|\s$|\s\s/, `${language}: ${key}`)
        }
    }
    const all = [texts.headings, texts.columns, texts.sentences].flatMap((part) => Object.values(part))
    t.same(
      all.filter((text) => text.includes("'") || (language === 'fr' && /[^\u202f][:;?!](\s|$)/.test(text))),
      [],
      language
    )
  }
})

t.test('no sentence of a page is longer than twenty words', async (t) => {
  const said = (summary: Summary) => [
    summary.published,
    ...[summary.incomplete, summary.tookPart, summary.first, summary.agreed, summary.missing, summary.counted, summary.receipt].flatMap(
      (block) => block?.sentences ?? []
    ),
    ...[...(summary.incomplete?.invite ?? []), ...summary.missing.said].map(({ what }) => what),
    summary.receipt.meaning
  ]
  for (const { outcome } of [...byMethod, { outcome: twoRounds }])
    for (const language of LABEL_LANGUAGES) {
      const long = said(summarised(outcome, language))
        .flatMap(sentencesIn)
        .filter((sentence) => wordsIn(sentence) > MOST_WORDS + namesIn(sentence))
      t.same(long, [], language)
    }
})
/** Words of names that a list of groups brings with it; they are not counted. */
const namesIn = (sentence: string) => (sentence.includes(': ') ? wordsIn(sentence.slice(sentence.indexOf(': '))) : 0)
