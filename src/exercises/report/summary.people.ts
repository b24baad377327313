/** Who took part, who is missing, and what to do, for the page that voters take home. Pure. */
import type { Finding } from '../missing/findings.ts'
import { finalRound, type Outcome } from '../outcome/outcome.ts'
import type { Said, Summary } from './summary.ts'
import type { SummaryWords } from './summary.words.ts'

/** More do not fit on the page. */
const MOST = { groups: 7, named: 4, invited: 3, findings: 3 } as const

export function tookPartOf(outcome: Outcome, words: SummaryWords): Summary['tookPart'] {
  const { total, groups } = finalRound(outcome).representation
  const rounds = outcome.rounds.length
  const { first, more } = words.first(groups, MOST.groups)
  const { columns } = words
  return {
    heading: words.headings['took-part'],
    sentences: [
      total === null
        ? words.say('took-part.hidden')
        : words.say(total === 0 ? 'took-part.none' : 'took-part.total', { count: total, rounds }),
      ...(groups.some(({ n }) => n === null) ? [words.say('took-part.small')] : []),
      ...(groups.some(({ groups }) => groups.length > 1) ? [words.say('took-part.together')] : [])
    ],
    table: {
      columns: [columns.group, columns.voted, columns.share, columns.planned],
      rows: first.map(({ group, n, share, target }) => [words.group(group), words.number(n), words.share(share), words.share(target)]),
      ...(more === undefined ? {} : { more })
    }
  }
}

/** That the result is incomplete, and whom to invite; the findings that are told with it. Nothing where it is complete. */
export function incompleteOf(
  outcome: Outcome,
  words: SummaryWords
): { block: NonNullable<Summary['incomplete']>; findings: readonly Finding[] } | undefined {
  const { method, representation } = finalRound(outcome)
  const { findings } = outcome.missingVoices
  const { total, status, missingRequired } = representation
  if (status === 'complete' && outcome.missingVoices.status === 'complete') return undefined
  const told = [
    ...missingRequired.flatMap((code) => findings.find(({ level, who }) => level === 'group' && who === code) ?? []),
    ...findings.filter(({ level, status }) => level === 'exercise' && status === 'withheld')
  ]
  const { first, more } = words.first(told, MOST.invited)
  return {
    findings: told,
    block: {
      heading: words.headings.incomplete,
      sentences: [
        ...(total === null ? [words.say('incomplete.small')] : []),
        ...(missingRequired.length === 0
          ? []
          : [words.say('incomplete.groups', { count: missingRequired.length, names: namesOf(missingRequired, words) })]),
        words.say('incomplete.meaning', { rated: method === 'rating-1-9' ? 'yes' : 'no' })
      ],
      todo: words.say('incomplete.invite'),
      invite: first.map((finding) => saidOf(finding, words)),
      ...(more === undefined ? {} : { more })
    }
  }
}

function namesOf(codes: readonly string[], words: SummaryWords): string {
  const { first, more } = words.first(codes, MOST.named)
  const names = first.map((code) => words.group(code))
  return more === undefined ? words.list(names) : `${names.join(', ')} ${more}`
}

const LACKING: ReadonlySet<Finding['status']> = new Set(['absent', 'under', 'withheld'])
/** What the page tells first. */
const LEVELS: readonly Finding['level'][] = ['group', 'exercise', 'round', 'item', 'care-level', 'country']

/** Whose voice is missing beside those who were told already. */
export function missingOf(outcome: Outcome, words: SummaryWords, told: ReadonlySet<Finding>): Summary['missing'] {
  const { representation } = finalRound(outcome)
  const together = new Set(representation.groups.flatMap(({ n, groups }) => (n !== null && groups.length > 1 ? groups : [])))
  const found = outcome.missingVoices.findings
    .filter((finding) => !told.has(finding))
    .filter(({ level, who, status }) => level !== 'group' || (LACKING.has(status) && !together.has(who)))
    .toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))
  const { first, more } = words.first(found, MOST.findings)
  const isNobody = !found.some(({ level }) => level === 'group')
  const key = told.size > 0 ? 'missing.above' : representation.total === null ? 'missing.hidden' : 'missing.none'
  return {
    heading: words.headings.missing,
    sentences: isNobody ? [words.say(key)] : [],
    said: first.map((finding) => saidOf(finding, words)),
    ...(more === undefined ? {} : { more })
  }
}

const saidOf = (finding: Finding, words: SummaryWords): Said => ({
  ...(finding.level === 'group' ? { who: words.say('named', { name: words.group(finding.who) }) } : {}),
  what: words.suggestion(finding)
})
