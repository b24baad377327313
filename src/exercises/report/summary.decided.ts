/** What came first, what was agreed and how it was counted, for the page that voters take home. Pure. */

import { planOf } from '../exercise.ts'
import { finalRound, type Outcome } from '../outcome/outcome.ts'
import type { ItemResult } from '../results/results.schema.ts'
import type { Summary } from './summary.ts'
import type { SummaryWords } from './summary.words.ts'
import { lastResults } from './telling.ts'

/** Items that are named: fewer in order where what was agreed names some as well. */
const MOST = { ordered: 10, rated: 5, agreed: 3 } as const

export function firstOf(outcome: Outcome, words: SummaryWords): Summary['first'] {
  const { method, items } = finalRound(outcome)
  const heading = words.headings.first
  const placed = items.filter(({ rank }) => rank !== null).toSorted((a, b) => a.rank! - b.rank!)
  if (placed.length === 0) return { heading, sentences: [words.say('first.none')] }
  const isRated = method === 'rating-1-9'
  const { first, more } = words.first(placed, isRated ? MOST.rated : MOST.ordered)
  const { columns } = words
  const withVerdict = items.some(({ verdict }) => verdict !== 'ranked')
  return {
    heading,
    sentences: [words.say('first.short-list', { count: items.filter(({ shortlisted }) => shortlisted).length, of: items.length })],
    table: {
      columns: [columns.item, columns.place, ...(withVerdict ? [columns.verdict] : [])],
      rows: first.map(({ item, rank, verdict }) => [
        words.item(item),
        words.number(rank),
        ...(withVerdict ? [words.verdict(verdict)] : [])
      ]),
      ...(more === undefined ? {} : { more })
    }
  }
}

type Decided = Exclude<ItemResult['verdict'], 'ranked'>
const DECIDED: readonly Decided[] = ['in', 'out', 'reconsider', 'no-consensus', 'incomplete']

/** Items by what became of them in the last round in which each was voted on. */
export function agreedOf(outcome: Outcome, words: SummaryWords): Summary['agreed'] {
  const { consensus, groups } = outcome.exercise.protocol
  const heading = words.headings.agreed
  const last = lastResults(outcome)
  const lists = DECIDED.flatMap((verdict) => {
    const ids = [...last].filter(([, { result }]) => result.verdict === verdict).map(([id]) => id)
    if (ids.length === 0) return []
    const { first, more } = words.first(ids, MOST.agreed)
    return [
      {
        heading: words.say(`agreed.${verdict}`, { count: ids.length }),
        names: first.map((id) => words.item(id)),
        ...(more === undefined ? {} : { more })
      }
    ]
  })
  const isRated = outcome.rounds.some(({ method }) => method === 'rating-1-9')
  const isRequired = groups.some(({ required }) => required)
  return {
    heading,
    sentences: isRated
      ? [words.say(`agreed.${consensus}`), words.say(isRequired ? 'agreed.required' : 'agreed.all')]
      : [words.say('agreed.order')],
    lists
  }
}

/** Selectors of ICU messages have no hyphens. */
const ORDERS = { pooled: 'pooled', 'equal-voice': 'equal', jla: 'jla', borda: 'borda' } as const
const DEFAULTS = { top: 10, dots: 10 } as const

export function countedOf(outcome: Outcome, words: SummaryWords): Summary['counted'] {
  const { exercise } = outcome
  const { round, method } = finalRound(outcome)
  const { top = DEFAULTS.top, dots = DEFAULTS.dots, criteria = [] } = planOf(exercise, round).options
  return {
    heading: words.headings.counted,
    sentences: [words.say(`counted.${method}`, { order: ORDERS[exercise.protocol.order], top, dots, criteria: criteria.length })]
  }
}
