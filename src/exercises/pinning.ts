/** Items as they are voted on: measures and gaps pinned to the version that there is, each with words that people understand. */
import { closest } from 'fastest-levenshtein'
import type { Reader } from '../../db/store.ts'
import { findGap } from '../gaps/gaps.queries.ts'
import { gapIn } from '../gaps/keeping.ts'
import type { Fault } from '../measures/content.check.ts'
import { findDocument, findVersion, listPublishedIds } from '../measures/measure.queries.ts'
import type { Measure } from '../measures/measure.schema.ts'
import { repeated } from './exercise.check.ts'
import { type ExerciseItem, TAG, type Wording } from './exercise.parts.ts'
import type { NewExercise } from './exercise.schema.ts'
import { DEFAULT_LANGUAGE, labelled } from './protocol.ts'

type Named = NewExercise['items'][number]
type Found = { readonly version: string; readonly wording: Wording } | Fault

const MAX_LABEL = 500
const isTag = new RegExp(TAG)

/** Pins items that an organiser names; `taken` are identifiers that the exercise has already. Faults are at `/items/n`, or where `pointerOf` says. */
export async function pinItems(
  db: Reader,
  named: readonly Named[],
  { language = DEFAULT_LANGUAGE, taken = [], pointerOf = (i: number) => `/items/${i}` }: PinOptions
): Promise<{ items: ExerciseItem[]; faults: Fault[] }> {
  const ids = identifiersOf(named, taken)
  const items: ExerciseItem[] = []
  const faults = repeated([...taken, ...ids], (i) => `${pointerOf(i - taken.length)}/id`)
  for (const [i, item] of named.entries()) {
    const pinned = await pin(db, item, ids[i]!, language)
    if ('detail' in pinned) faults.push({ ...pinned, pointer: `${pointerOf(i)}${pinned.pointer}` })
    else items.push(pinned)
  }
  return { items, faults }
}

export interface PinOptions {
  readonly language?: string | undefined
  readonly taken?: readonly string[]
  readonly pointerOf?: (i: number) => string
}

/** The identifiers inside the exercise: those given, and `i1`, `i2` and so on for statements without one. */
function identifiersOf(named: readonly Named[], taken: readonly string[]): string[] {
  const given = new Set([...taken, ...named.flatMap(({ id }) => id ?? [])])
  let number = taken.length
  const nextFree = () => {
    do number++
    while (given.has(`i${number}`))
    return `i${number}`
  }
  return named.map(({ id }) => id ?? nextFree())
}

async function pin(db: Reader, { kind, id: given, version, label }: Named, id: string, language: string): Promise<ExerciseItem | Fault> {
  const said = label === undefined ? undefined : labelled(label, language)
  if (kind === 'statement') {
    if (version !== undefined) return { pointer: '/version', detail: 'A statement has no version.' }
    return said ? { id, kind, label: said } : { pointer: '/label', detail: 'Say in plain language what is voted on.' }
  }
  if (given === undefined) return { pointer: '/id', detail: `Say which ${kind} is voted on.` }
  const found = await (kind === 'measure' ? findMeasure(db, given, version) : findOpenGap(db, given, version))
  return 'detail' in found ? found : { id, kind, version: found.version, label: said ?? found.wording }
}

async function findMeasure(db: Reader, id: string, version: string | undefined): Promise<Found> {
  const document = await findDocument(db, id, 'published')
  if (!document) return absent('measure', id, await listPublishedIds(db))
  const active = JSON.parse(document.json) as Measure
  if (active.status === 'retired') return { pointer: '/id', detail: `The measure "${id}" is retired.` }
  if (version === undefined || version === active.version) return { version: active.version!, wording: wordingOf(active) }
  const older = await findVersion(db, id, version)
  if (!older) return { pointer: '/version', detail: `The measure "${id}" has no version ${version}.`, nearest: active.version! }
  return { version, wording: wordingOf(JSON.parse(older.json) as Measure) }
}

async function findOpenGap(db: Reader, id: string, version: string | undefined): Promise<Found> {
  const row = await findGap(db, id)
  if (row?.moderation !== 'accepted') return absent('gap', id, [])
  const gap = gapIn(row)
  if (gap.mergedInto !== undefined)
    return { pointer: '/id', detail: `The gap "${id}" was merged: "${gap.mergedInto}" goes on.`, nearest: gap.mergedInto }
  if (version !== undefined && version !== row.tag)
    return { pointer: '/version', detail: `The gap "${id}" has changed since: only its present state can be voted on.`, nearest: row.tag }
  return { version: row.tag, wording: { en: shortened(gap.title) } }
}

const absent = (kind: string, id: string, all: readonly string[]): Fault => ({
  pointer: '/id',
  detail: `There is no ${kind} "${id}".`,
  ...(all.length > 0 ? { nearest: closest(id, all) } : {})
})

const shortened = (title: string) => [...title].slice(0, MAX_LABEL).join('')

/** A measure's title in every language that it has. */
function wordingOf({ language = 'en', title, translations = {} }: Measure): Wording {
  const titles = Object.entries(translations).flatMap(([tag, texts]) => (texts.title === undefined ? [] : [[tag, texts.title] as const]))
  const all = [...titles, [language, title] as const].filter(([tag]) => isTag.test(tag))
  return Object.fromEntries(all.map(([tag, words]) => [tag, shortened(words)]))
}
