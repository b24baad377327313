/**
 * Codes of others, and ours: a CodeableConcept (or a Coding, a code, or a word written by hand) is looked up in a table. Words count
 * only where they equal a code or a display of the table; what a text may mean is not guessed.
 */
import { at, each, isAbsent, isObject, type Place, textAt } from './place.ts'

/** A line of a table: what others write, and what we make of it. */
export interface Entry {
  readonly system?: string | undefined
  readonly code: string
  readonly display: string
  /** Our code, where there is one. */
  readonly to?: string | undefined
  /** False where our code is the nearest and not the same. */
  readonly exact?: boolean | undefined
  readonly source: string
}

export interface Table<E extends Entry = Entry> {
  /** Other addresses of the same code system. */
  readonly aliases?: Readonly<Record<string, string | undefined>>
  readonly entries: readonly E[]
}

const asWord = (text: string) =>
  text
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-')

/** The codings of a concept, whichever way it is written. */
export const codingsOf = (concept: Place): Place[] => {
  if (!isObject(concept.value)) return []
  const codings = each(at(concept, 'coding'))
  return codings.length > 0 || isAbsent(at(concept, 'code')) ? codings : [concept]
}

/** The line of the table that a concept stands for. */
export function entryFor<E extends Entry>(table: Table<E>, concept: Place): E | undefined {
  for (const coding of codingsOf(concept)) {
    const found = entryForCoding(table, coding)
    if (found) return found
  }
  const word = textAt(concept) ?? textAt(at(concept, 'text'))
  return word === undefined ? undefined : entryForWord(table, word)
}

/**
 * Two lines of a table that a coding is at once: its code is of one, what it is called of another. Neither is taken. It happens: a
 * code `decrease` that is called "increase".
 */
export function contradictionIn<E extends Entry>(table: Table<E>, concept: Place): readonly [E, E] | undefined {
  for (const coding of codingsOf(concept)) {
    const coded = entryForCoding(table, coding)
    const display = textAt(at(coding, 'display'))
    const called = display === undefined ? undefined : entryForWord(table, display)
    if (coded && called && coded.to !== called.to) return [coded, called]
  }
  return undefined
}

function entryForCoding<E extends Entry>(table: Table<E>, coding: Place): E | undefined {
  const code = textAt(at(coding, 'code'))
  const display = textAt(at(coding, 'display'))
  const named = textAt(at(coding, 'system'))
  if (code === undefined) return display === undefined ? undefined : entryForWord(table, display)
  if (named === undefined) return entryForWord(table, code)
  const aliases = table.aliases ?? {}
  const system = (Object.hasOwn(aliases, named) ? aliases[named] : undefined) ?? named
  return table.entries.find((entry) => entry.system === system && asWord(entry.code) === asWord(code))
}

function entryForWord<E extends Entry>(table: Table<E>, text: string): E | undefined {
  const word = asWord(text)
  return table.entries.find(({ code, display }) => asWord(code) === word || asWord(display) === word)
}

/** A concept in the words of its author: its text, or else what its codings are called. */
export function wordsOf(concept: Place): string | undefined {
  const codings = codingsOf(concept)
  const own = textAt(concept) ?? textAt(at(concept, 'text'))
  return own ?? firstText(codings.map((coding) => at(coding, 'display'))) ?? firstText(codings.map((coding) => at(coding, 'code')))
}

const firstText = (places: readonly Place[]) => places.map(textAt).find((text) => text !== undefined)

/** One of our codes as a FHIR CodeableConcept: coded where a code system has the same, else in words. */
export function conceptOf(table: Table, ours: string): Record<string, unknown> {
  const same = table.entries.filter(({ to, exact }) => to === ours && exact !== false)
  const coded = same.find(({ system }) => system !== undefined)
  return coded ? { coding: [{ system: coded.system, code: coded.code, display: coded.display }] } : { text: same[0]?.display ?? ours }
}
