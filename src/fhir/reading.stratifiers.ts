/**
 * Splits of the result by an equity dimension. Only what a stratifier says of itself counts, by the words of a table; a title that
 * sounds like a group of people is no stratifier. Sources: FHIR Measure.group.stratifier and Measure.supplementalData; PROGRESS-Plus.
 */
import type { Static } from 'typebox'
import { cleanLine } from '../imports/cleaning.ts'
import { Stratifier } from '../measures/measure.parts.ts'
import { MeasureContent } from '../measures/measure.schema.ts'
import { type Entry, entryFor, type Table, wordsOf } from './concept.ts'
import { type Findings, named } from './findings.ts'
import words from './knowledge/stratifiers.json' with { type: 'json' }
import supplemental from './knowledge/supplemental-data.json' with { type: 'json' }
import { at, each, type Place, textAt } from './place.ts'
import { isSupplemental, namePlaceOf } from './supplemental.ts'
import { fitted, fittedList } from './texts.ts'

type StratifierContent = Static<typeof Stratifier>
type Dimension = StratifierContent['dimension']

const FIELD = 'stratifiers'
const SUPPLEMENTAL: Table<Entry> = supplemental
const FILLER: ReadonlySet<string> = new Set(words.filler)

export function readStratifiers(findings: Findings, resource: Place): StratifierContent[] {
  const split = splitBy(findings, resource)
  const collected = collectedFor(findings, resource, new Set(split.map(({ dimension }) => dimension)))
  const target = { field: FIELD, schema: MeasureContent.properties.stratifiers }
  return fittedList(findings, at(resource, 'group'), target, [...split, ...collected])
}

/** The stratifiers of all groups: one entry per dimension, since each stratum may be written as a stratifier of its own. */
function splitBy(findings: Findings, resource: Place): StratifierContent[] {
  const codings = new Map<Dimension, Set<string>>()
  const unknown = new Map<string, Place>()
  for (const place of each(at(resource, 'group')).flatMap((group) => each(at(group, 'stratifier')).flatMap(componentsOf))) {
    const said = textsOf(place)
    const [telling] = said.map((text) => ({ text, dimensions: dimensionsNamedIn(text) })).filter(({ dimensions }) => dimensions.length > 0)
    if (!telling) unknown.set(said[0] ?? 'without a text', place)
    for (const dimension of telling?.dimensions ?? []) {
      follow(findings, place, dimension)
      codings.set(dimension, (codings.get(dimension) ?? new Set()).add(cleanLine(telling!.text).text))
    }
  }
  apart(findings, unknown, 'Stratifiers that name no equity dimension known here')
  return [...codings].map(([dimension, texts]) => ({
    dimension,
    coding: fitted(findings, at(resource, 'group'), { field: FIELD, schema: Stratifier.properties.coding }, [...texts].join('; ')),
    availability: 'available'
  }))
}

/** A stratifier by several things at once has a component for each. */
function componentsOf(stratifier: Place): Place[] {
  const components = each(at(stratifier, 'component'))
  return components.length > 0 ? components : [stratifier]
}

/** Supplemental data are collected with the measure; no result split by them is promised. */
function collectedFor(findings: Findings, resource: Place, split: ReadonlySet<Dimension>): StratifierContent[] {
  const dimensions = new Set<Dimension>()
  const unknown = new Map<string, Place>()
  for (const data of each(at(resource, 'supplementalData')).filter(isSupplemental)) {
    const name = wordsOf(at(data, 'code')) ?? textAt(namePlaceOf(data))
    const entry = name === undefined ? undefined : entryFor(SUPPLEMENTAL, { ...data, value: withoutPrefix(name) })
    if (!entry?.to) unknown.set(name ?? 'without a text', data)
    else dimensions.add(follow(findings, data, entry.to as Dimension))
  }
  apart(findings, unknown, 'Supplemental data that are no equity dimension known here')
  return [...dimensions.difference(split)].map((dimension) => ({ dimension, availability: 'partial', note: supplemental.note }))
}

/** A dimension that follows from the words at a place. */
function follow(findings: Findings, place: Place, dimension: Dimension): Dimension {
  findings.foundAt(`${FIELD} ${dimension}`, place)
  const detail = 'The equity dimensions follow from the words of the stratifiers and of the supplemental data.'
  findings.classify(namePlaceOf(place), FIELD, detail)
  return dimension
}

const withoutPrefix = (name: string) => {
  const text = cleanLine(name).text
  return text.startsWith(`${supplemental.prefix} `) ? text.slice(supplemental.prefix.length + 1) : text
}

function apart(findings: Findings, unknown: ReadonlyMap<string, Place>, what: string): void {
  const [first] = unknown.values()
  if (first) findings.warn(namePlaceOf(first), { code: 'kept-apart', field: FIELD, detail: `${what}: ${named(unknown.keys())}.` })
}

/** Everything that a stratifier says of itself, the most telling first. */
function textsOf(stratifier: Place): string[] {
  const code = wordsOf(at(stratifier, 'code'))
  const places = [at(stratifier, 'description'), at(stratifier, 'criteria', 'description'), at(stratifier, 'criteria', 'expression')]
  return [...(code === undefined ? [] : [code]), ...places.flatMap((place) => textAt(place) ?? [])]
}

/** The equity dimensions that a text names. */
export function dimensionsNamedIn(text: string): Dimension[] {
  const plain = words.not.reduce((rest, { phrase }) => rest.replaceAll(` ${phrase} `, ' '), spaced(text))
  const bare = plain
    .trim()
    .split(' ')
    .filter((word) => !FILLER.has(word))
    .join(' ')
  return words.entries
    .filter(({ is, names }) => is.includes(bare) || names.some((name) => plain.includes(` ${name} `)))
    .map(({ to }) => to as Dimension)
}

/** Words with one blank around each, without marks. */
const spaced = (text: string) =>
  ` ${text
    .toLowerCase()
    .slice(0, 20_000)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `
