/** What tellers of the method report share: an item as it is told, and the English that goes into it. Pure. */
import { CODES } from '../../vocabularies/codes.ts'
import { withinSentence } from '../../vocabularies/messages.ts'
import type { Exercise } from '../exercise.schema.ts'
import type { Outcome } from '../outcome/outcome.ts'
import type { CountedRound } from '../results/results.schema.ts'
import { wordsIn } from '../wording.ts'
import type { AccordItem } from './accord.ts'
import type { MethodReportItem, Row } from './method-report.schema.ts'

export type Told = Pick<MethodReportItem, 'status' | 'text' | 'data'>
export type Teller = (outcome: Outcome) => Told
export type Tellers<Items extends AccordItem = AccordItem> = Readonly<Record<Items, Teller>>

/** Sentences; those that do not apply are left out. */
export type Sentences = readonly (string | false | undefined)[]
const joined = (sentences: Sentences) => sentences.filter((each) => typeof each === 'string' && each !== '').join(' ')

const told =
  (status: Told['status']) =>
  (sentences: Sentences, data: readonly Row[] = []): Told => ({
    status,
    text: joined(sentences),
    ...(data.length === 0 ? {} : { data: [...data] })
  })
export const reported = told('reported')
export const partly = told('partly')
/** What the registry has no data for. */
export const notRecorded = (what: string): Told => told('not-recorded')([`The registry does not record ${what}.`])

const LANGUAGE = 'en'
/** Groups that the registry names itself. */
const KNOWN: ReadonlySet<string> = new Set(CODES['gap-group'])
const LIST = new Intl.ListFormat('en-GB')
const NUMBER = new Intl.NumberFormat('en-GB')

export const listed = (parts: readonly string[]): string => LIST.format(parts)
export const counted = (n: number, one: string, many = `${one}s`): string => `${NUMBER.format(n)} ${n === 1 ? one : many}`
/** The day of an instant, as ISO 8601 writes it (UTC). */
export const dayOf = (instant: string | undefined): string | undefined => instant?.slice(0, 10)

/** The name of a group, or of groups that are shown together, in English where there is one. */
export const groupName = ({ groups, language }: Exercise, codes: string): string =>
  listed(
    codes.split('+').map((code, at) => {
      const group = groups.find((each) => each.code === code)
      const name = group ? wordsIn(group.label, LANGUAGE, language) : code
      return at > 0 && KNOWN.has(code) ? withinSentence(name, LANGUAGE) : name
    })
  )

export function itemLabel({ items, language }: Exercise, id: string): string {
  const item = items.find((each) => each.id === id)
  return item ? wordsIn(item.label, LANGUAGE, language) : id
}

/** What became of every item, by the last round in which it was voted on; nothing of items that no round had. */
export function lastResults({ rounds }: Outcome): Map<string, { round: CountedRound; result: CountedRound['items'][number] }> {
  return new Map(rounds.flatMap((round) => round.items.map((result) => [result.item, { round, result }] as const)))
}
