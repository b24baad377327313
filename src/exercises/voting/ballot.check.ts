/** Whether a ballot is one of its round: the form of the method, items of the round, each at most once, no more than allowed. Pure. */
import { closest } from 'fastest-levenshtein'
import type { Fault } from '../../measures/content.check.ts'
import type { Method, Round } from '../exercise.schema.ts'
import { type Ballot, UNABLE } from './ballot.schema.ts'

/** The member of a ballot that each method has. */
export const MEMBER = {
  'rating-1-9': 'scores',
  'top-n': 'ranking',
  approval: 'approved',
  dots: 'dots',
  criteria: 'criteria',
  'rank-all': 'ranking'
} as const satisfies Record<Method, keyof Ballot>

/** So many places are named, however many are wrong. */
const MAX_FAULTS = 50
/** For so many of them the nearest name is looked for: each is compared with every item. */
const MAX_NEAREST = 10
/** The longest name that an item, or a criterion, can have. */
const LONGEST = 80

/** Everything that is wrong with a ballot, at its place. `items` are those of the round. */
export function faultsInBallot(ballot: Ballot, { method, options }: Round, items: readonly string[]): Fault[] {
  const member = MEMBER[method]
  const other = Object.keys(ballot).find((name) => name !== member)
  if (ballot[member] === undefined)
    return [
      { pointer: other === undefined ? '' : `/${other}`, detail: `This round is answered with \`${member}\` (${method}).`, nearest: member }
    ]
  return [...unknownItems(ballot, items), ...JUDGES[method](ballot, options, items)].slice(0, MAX_FAULTS)
}

type Judge = (ballot: Ballot, options: Round['options'], items: readonly string[]) => Fault[]

const at = (...parts: readonly (string | number)[]) =>
  parts.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

const JUDGES: Record<Method, Judge> = {
  'rating-1-9': ({ scores = {} }) => [
    ...empty(scores, '/scores'),
    ...Object.entries(scores)
      .filter(([, score]) => score !== UNABLE && !(Number.isInteger(score) && Number(score) >= 1 && Number(score) <= 9))
      .map(([item, score]) => ({
        pointer: at('scores', item),
        detail: `A score is 1 to 9, or "${UNABLE}"; not ${JSON.stringify(score).slice(0, 40)}.`
      }))
  ],
  'top-n': ({ ranking = [] }, { top = 0 }) => [
    ...empty(ranking, '/ranking'),
    ...ranking.flatMap((place, i) =>
      Array.isArray(place) ? [{ pointer: at('ranking', i), detail: 'One item has this place: items do not share it here.' }] : []
    ),
    ...(ranking.length > top ? [{ pointer: at('ranking', top), detail: `At most ${top} items are ranked, not ${ranking.length}.` }] : []),
    ...twice(placesIn(ranking))
  ],
  approval: ({ approved = [] }, { max = Number.POSITIVE_INFINITY }) => [
    ...(approved.length > max
      ? [{ pointer: at('approved', max), detail: `At most ${max} items are approved of, not ${approved.length}.` }]
      : []),
    ...twice(approved.map((item, i) => ({ item, pointer: at('approved', i) })))
  ],
  dots: ({ dots = {} }, { dots: all = 0, maxPerItem = all }) => {
    const spent = Object.values(dots).reduce((sum, n) => sum + n, 0)
    const wrong = Object.entries(dots)
      .filter(([, n]) => n < 0 || n > maxPerItem)
      .map(([item, n]) => ({ pointer: at('dots', item), detail: `An item gets 0 to ${maxPerItem} dots, not ${n}.` }))
    if (wrong.length > 0) return wrong
    if (spent > all) return [{ pointer: '/dots', detail: `There are ${all} dots in all, not ${spent}.` }]
    return spent === 0 ? [{ pointer: '/dots', detail: 'No dot is given. Give at least one.' }] : []
  },
  criteria: ({ criteria = {} }, { criteria: asked = [] }) => {
    const codes = asked.map(({ code }) => code)
    return [
      ...empty(criteria, '/criteria'),
      ...Object.entries(criteria).flatMap(([item, answers]) => [
        ...empty(answers, at('criteria', item)),
        ...Object.entries(answers).flatMap(([code, answer]) => answerFault(code, answer, codes, at('criteria', item, code)))
      ])
    ]
  },
  'rank-all': ({ ranking = [] }) => [...empty(ranking, '/ranking'), ...twice(placesIn(ranking))]
}

const ANSWERS: readonly unknown[] = [0, 0.5, 1, null]

function answerFault(code: string, answer: unknown, codes: readonly string[], pointer: string): Fault[] {
  if (code.length > LONGEST) return [{ pointer, detail: `No criterion has a name of ${code.length} characters.` }]
  if (!codes.includes(code)) return [{ pointer, detail: `There is no criterion "${code}".`, nearest: closest(code, codes) }]
  return ANSWERS.includes(answer) ? [] : [{ pointer, detail: `An answer is 0, 0.5, 1 or null, not ${answer}.` }]
}

const empty = (value: object, pointer: string): Fault[] =>
  Object.keys(value).length === 0 ? [{ pointer, detail: 'It is empty. Answer at least one item.' }] : []

interface Named {
  readonly item: string
  readonly pointer: string
}

const placesIn = (ranking: NonNullable<Ballot['ranking']>): Named[] =>
  ranking.flatMap((place, i) =>
    typeof place === 'string'
      ? [{ item: place, pointer: at('ranking', i) }]
      : place.map((item, j) => ({ item, pointer: at('ranking', i, j) }))
  )

const twice = (named: readonly Named[]): Fault[] => {
  const seen = new Set<string>()
  return named
    .filter(({ item }) => seen.size === seen.add(item).size)
    .map(({ item, pointer }) => ({ pointer, detail: `"${item}" is there twice.` }))
}

/** Every item that a ballot names, with its place. */
function itemsNamed({ scores, ranking, approved, dots, criteria }: Ballot): Named[] {
  const keyed = Object.entries({ scores, dots, criteria }).flatMap(([member, answers]) =>
    Object.keys(answers ?? {}).map((item) => ({ item, pointer: at(member, item) }))
  )
  return [...keyed, ...placesIn(ranking ?? []), ...(approved ?? []).map((item, i) => ({ item, pointer: at('approved', i) }))]
}

function unknownItems(ballot: Ballot, items: readonly string[]): Fault[] {
  const known = new Set(items)
  return itemsNamed(ballot)
    .filter(({ item }) => !known.has(item))
    .slice(0, MAX_FAULTS)
    .map(({ item, pointer }, i) => {
      // A long name is like none, and would take long to compare.
      if (item.length > LONGEST) return { pointer, detail: `No item has a name of ${item.length} characters.` }
      const nearest = i < MAX_NEAREST ? { nearest: closest(item, items) } : {}
      return { pointer, detail: `"${item}" is not voted on in this round.`, ...nearest }
    })
}
