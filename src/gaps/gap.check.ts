/** What a schema cannot say of a gap: codes of open lists, measures that are there, nothing twice, what a step has to say. Pure. */
import { closest } from 'fastest-levenshtein'
import type { Fault, OpenLists } from '../measures/content.check.ts'
import type { Gap, GapContent } from './gap.schema.ts'
import { needsReason } from './life.ts'
import type { MoveBody } from './requests.schema.ts'

/** Looking for the nearest takes a while: so many are named, however many are wrong. */
const MAX_FAULTS = 20

/** Everything in the content that its schema lets pass and that is still wrong. */
export function faultsIn({ jurisdictions = [], populations = [], measures = [] }: GapContent, lists: OpenLists): Fault[] {
  const places = [
    ...jurisdictions.map((code, i) => ({ list: 'jurisdiction' as const, code, pointer: `/jurisdictions/${i}` })),
    ...populations.flatMap(({ dimension, value }, i) =>
      dimension === 'language' && value !== undefined
        ? [{ list: 'language' as const, code: value, pointer: `/populations/${i}/value` }]
        : []
    )
  ]
  const unknown = places.filter(({ list, code }) => !lists.has(list, code)).slice(0, MAX_FAULTS)
  return [
    ...unknown.map(({ list, code, pointer }) => codeFault(lists, list, code, pointer)),
    ...twice(populations.map(({ dimension, value = '', focus }) => `${dimension}\n${value}\n${focus}`)).map((i) => {
      const { dimension, value, focus } = populations[i]!
      return { pointer: `/populations/${i}`, detail: `${[dimension, value, focus].filter(Boolean).join(', ')} is given twice.` }
    }),
    ...twice(measures.map(({ measure, role }) => `${measure}\n${role}`)).map((i) => ({
      pointer: `/measures/${i}`,
      detail: `"${measures[i]!.measure}" is given twice as ${measures[i]!.role}.`
    }))
  ]
}

function codeFault(lists: OpenLists, list: 'jurisdiction' | 'language', code: string, pointer: string): Fault {
  const nearest = lists.nearest(list, code)
  const detail = `"${code}" is not a ${list === 'language' ? 'language tag (BCP 47)' : 'jurisdiction (ISO 3166)'} that the registry knows.`
  return { pointer, detail, ...(nearest ? { nearest } : {}) }
}

const twice = (values: readonly string[]) => values.flatMap((value, i) => (values.indexOf(value) < i ? [i] : []))

/** A gap that is public says what it is; a merge patch could take that away. */
export const lacks = ({ statement, kind }: GapContent): Fault[] => [
  ...(statement === undefined ? [{ pointer: '/statement', detail: 'Say who is not seen, where, and with what effect.' }] : []),
  ...(kind === undefined ? [{ pointer: '/kind', detail: 'Say what kind of gap it is.' }] : [])
]

/** Measures that are named and not there. `there` are those that are, `all` those to choose the nearest from. */
export const unknownMeasures = (
  named: readonly { readonly id: string; readonly pointer: string }[],
  there: ReadonlySet<string>,
  all: readonly string[]
): Fault[] =>
  named
    .filter(({ id }) => !there.has(id))
    .slice(0, MAX_FAULTS)
    .map(({ id, pointer }) => ({
      pointer,
      detail: `There is no measure "${id}".`,
      ...(all.length > 0 ? { nearest: closest(id, all) } : {})
    }))

/** How far ahead a finding can be put aside, in years. */
const MAX_YEARS = 2

/** What a step has to say, and what it may not. `today` is a day in ISO 8601. */
export function stepFaults({ id, status }: Pick<Gap, 'id' | 'status'>, { to, reason, into, until }: MoveBody, today: string): Fault[] {
  const latest = `${Number(today.slice(0, 4)) + MAX_YEARS}${today.slice(4)}`
  const faults: [pointer: string, isWrong: boolean, detail: string][] = [
    ['/reason', reason === undefined && needsReason(status, to), `Say why: from ${status} to ${to} needs a reason.`],
    ['/into', into === undefined && to === 'merged', 'Name the gap that goes on.'],
    ['/into', into !== undefined && to !== 'merged', 'It belongs to `merged` only.'],
    ['/into', into === id, 'A gap is not merged into itself.'],
    ['/until', until === undefined && to === 'dismissed', 'Say until when it is put aside.'],
    ['/until', until !== undefined && to !== 'dismissed', 'It belongs to `dismissed` only.'],
    ['/until', until !== undefined && until <= today, 'Name a day that is to come.'],
    ['/until', until !== undefined && until > latest, `${MAX_YEARS} years ahead at most: ${latest}.`]
  ]
  return faults.filter(([, isWrong]) => isWrong).map(([pointer, , detail]) => ({ pointer, detail }))
}
