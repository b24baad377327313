/**
 * What kind of measure it is: type, scoring, which way is better. R4 says it once, at the root; R5, and R4 with the Quality Measure
 * guide, may say it of each group (http://hl7.org/fhir/R5/measure-definitions.html#Measure.group.scoring).
 */
import { MeasureContent } from '../measures/measure.schema.ts'
import type { Code } from '../vocabularies/codes.ts'
import { contradictionIn, type Entry, entryFor, type Table, wordsOf } from './concept.ts'
import { attribute } from './extensions.ts'
import { type Findings, named } from './findings.ts'
import improvementNotation from './knowledge/improvement-notation.json' with { type: 'json' }
import measureScoring from './knowledge/measure-scoring.json' with { type: 'json' }
import measureType from './knowledge/measure-type.json' with { type: 'json' }
import { at, each, filled, type Place } from './place.ts'
import { fittedList } from './texts.ts'

type TypeEntry = Entry & { readonly scoring?: string | undefined }
export const TYPES: Table<TypeEntry> = measureType
export const SCORINGS: Table = measureScoring
export const DIRECTIONS: Table = improvementNotation

type Kind = Pick<MeasureContent, 'types' | 'scoring' | 'direction'>
type Scoring = Code<'scoring'>

export function readKind(findings: Findings, resource: Place): Partial<Kind> {
  const levels = [resource, ...each(at(resource, 'group'))]
  const all = (name: string) => levels.flatMap((level) => attribute(level, name))
  const typed = known(findings, TYPES, all('type'), 'types')
  return filled<Kind>({
    types: typesIn(findings, resource, typed),
    scoring: scoringIn(findings, known(findings, SCORINGS, all('scoring'), 'scoring'), typed),
    direction: agreed(findings, known(findings, DIRECTIONS, all('improvementNotation'), 'direction'), 'direction') as Code<'direction'>
  })
}

interface Known<E extends Entry> {
  readonly place: Place
  readonly entry: E
}

/** The concepts that the table knows; the others are named. */
function known<E extends Entry>(findings: Findings, table: Table<E>, places: readonly Place[], field: string): Known<E>[] {
  return places.flatMap((place) => {
    const contradiction = contradictionIn(table, place)
    if (contradiction) {
      const [coded, called] = contradiction
      const detail = `Its code is "${coded.code}" and it is called "${called.code}": neither was taken.`
      findings.warn(place, { code: 'not-mapped', field, detail, mend: 'Say in the record which of them is right.' })
      return []
    }
    const entry = entryFor(table, place)
    if (entry) return [{ place, entry }]
    const words = wordsOf(place)
    const detail = `The registry has no code for ${words === undefined ? 'this' : `"${named([words])}"`}.`
    findings.warn(place, { code: 'not-mapped', field, detail, expected: named(new Set(table.entries.flatMap(({ to }) => to ?? []))) })
    return []
  })
}

function typesIn(findings: Findings, resource: Place, typed: readonly Known<TypeEntry>[]): Code<'measure-type'>[] {
  for (const { place, entry } of typed) {
    if (entry.to === undefined) continue
    findings.foundAt(`types ${entry.to}`, place)
    if (entry.exact === false) findings.classify(place, 'types', `"${entry.display}" is taken for the nearest type here, "${entry.to}".`)
  }
  const types = [...new Set(typed.flatMap(({ entry }) => entry.to ?? []))] as Code<'measure-type'>[]
  return fittedList(findings, at(resource, 'type'), { field: 'types', schema: MeasureContent.properties.types }, types)
}

/** A type `composite` is a way of scoring here. */
function scoringIn(findings: Findings, scored: readonly Known<Entry>[], typed: readonly Known<TypeEntry>[]): Scoring | undefined {
  const scoring = agreed(findings, scored, 'scoring', 'composite')
  const composite = typed.find(({ entry }) => entry.scoring !== undefined)
  if (!composite || scoring === composite.entry.scoring) return scoring as Scoring | undefined
  if (scored.length > 0) {
    findings.warn(composite.place, {
      code: 'not-mapped',
      field: 'types',
      detail: 'Composite is a way of scoring here, and the scoring is another.'
    })
    return scoring as Scoring | undefined
  }
  findings.classify(composite.place, 'scoring', 'Its type is composite, which is a way of scoring here.')
  return composite.entry.scoring as Scoring
}

/** What all levels say alike. Where they differ, `over` may name what the whole is; else the field stays empty. */
function agreed(findings: Findings, found: readonly Known<Entry>[], field: string, over?: string): string | undefined {
  const values = new Set(found.flatMap(({ entry }) => entry.to ?? []))
  const whole = values.size === 1 ? [...values][0] : over !== undefined && values.has(over) ? over : undefined
  if (whole === undefined && values.size > 1)
    findings.warn(found[0]!.place, {
      code: 'kept-apart',
      field,
      detail: `Its groups differ (${named(values)}), and the field holds one for all.`,
      mend: 'Set the field by hand, or register the groups as measures of their own.'
    })
  findings.foundAt(field, ...found.filter(({ entry }) => entry.to === whole).map(({ place }) => place))
  return whole
}
