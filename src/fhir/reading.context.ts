/**
 * Where and for whom: jurisdiction, language, contexts of use, topics
 * (http://hl7.org/fhir/R4/metadatatypes.html#UsageContext), and what its data come from, where its form tells.
 */
import { iso31661 } from 'iso-3166'
import { MeasureContent } from '../measures/measure.schema.ts'
import type { Code } from '../vocabularies/codes.ts'
import { codingsOf, entryFor, type Table } from './concept.ts'
import type { Findings } from './findings.ts'
import conditions from './knowledge/conditions.json' with { type: 'json' }
import dataSources from './knowledge/data-sources.json' with { type: 'json' }
import settings from './knowledge/settings.json' with { type: 'json' }
import type { Lists } from './lists.ts'
import { at, each, filled, type Place, textAt } from './place.ts'
import { readLanguageTag } from './reading.texts.ts'
import { fittedList } from './texts.ts'

type Context = Pick<MeasureContent, 'language' | 'jurisdictions' | 'settings' | 'conditions' | 'dataSources'>

const SETTINGS: Table = settings
const CONDITIONS: Table = conditions
const { properties } = MeasureContent

export function readContext(findings: Findings, resource: Place, lists: Lists): Partial<Context> {
  return filled<Context>({
    language: readLanguageTag(findings, at(resource, 'language'), lists, 'language'),
    jurisdictions: readJurisdictions(findings, resource, lists),
    settings: readSettings(findings, resource),
    conditions: readConditions(findings, resource),
    dataSources: readDataSources(findings, resource)
  })
}

/** The other codes that ISO 3166-1 has for a country; the numeric ones are those of UN M49 as well. */
const COUNTRIES: ReadonlyMap<string, string> = new Map(
  iso31661.flatMap(({ alpha2, alpha3, numeric }): [string, string][] => [
    [alpha3, alpha2],
    [numeric, alpha2]
  ])
)

/** ISO 3166 or UN M49, whichever system the coding names: the codes do not overlap. */
function readJurisdictions(findings: Findings, resource: Place, lists: Lists): string[] {
  const known = (text: string) => lists.canonical('jurisdiction', text) ?? COUNTRIES.get(text.toUpperCase())
  const codes = new Set<string>()
  for (const place of each(at(resource, 'jurisdiction'))) {
    const written = [...codingsOf(place).map((coding) => at(coding, 'code')), place, at(place, 'text')]
    const [code] = written.flatMap((each) => known(textAt(each)?.trim() ?? '') ?? [])
    if (code === undefined)
      findings.warn(place, {
        code: 'not-mapped',
        field: 'jurisdictions',
        detail: 'The registry does not know this jurisdiction.',
        expected: 'A code of ISO 3166, or an area of UN M49.'
      })
    else {
      findings.foundAt(`jurisdictions ${code}`, place)
      codes.add(code)
    }
  }
  return fittedList(findings, at(resource, 'jurisdiction'), { field: 'jurisdictions', schema: properties.jurisdictions }, [...codes])
}

/** The contexts of use of one kind (a code of usage-context-type). */
const contextsOf = (resource: Place, kind: string): Place[] =>
  each(at(resource, 'useContext'))
    .filter((context) => at(context, 'code', 'code').value === kind)
    .map((context) => at(context, 'valueCodeableConcept'))

/** Our codes for the concepts that the table knows; a field that gets one is classified. */
function codesIn<C>(findings: Findings, table: Table, places: readonly Place[], field: string, detail: string): C[] {
  const found = new Set<string>()
  for (const place of places) {
    const code = entryFor(table, place)?.to
    if (code === undefined) continue
    findings.classify(place, field, detail)
    found.add(code)
  }
  return [...found] as C[]
}

function readSettings(findings: Findings, resource: Place): Code<'setting'>[] {
  const venues = contextsOf(resource, 'venue')
  const isHeld = each(at(resource, 'useContext')).length === venues.filter((venue) => entryFor(SETTINGS, venue)).length
  if (!isHeld) findings.keepApart('useContext')
  return codesIn(findings, SETTINGS, venues, 'settings', 'The setting follows from the venue that it is meant for.')
}

function readConditions(findings: Findings, resource: Place): Code<'condition'>[] {
  const topics = each(at(resource, 'topic'))
  if (topics.some((topic) => !entryFor(CONDITIONS, topic))) findings.keepApart('topic')
  const concepts = [...topics, ...contextsOf(resource, 'focus')]
  return codesIn(findings, CONDITIONS, concepts, 'conditions', 'The condition follows from a code of its topics.')
}

/** A computable clinical measure runs over records of care; of other measures nothing is concluded. */
function readDataSources(findings: Findings, resource: Place): NonNullable<Context['dataSources']> {
  const sign = signOfRecords(resource)
  if (!sign) return []
  findings.classify(sign.place, 'dataSources', `It is computed from clinical records. ${sign.note}`)
  return [{ kind: dataSources.to as Code<'data-source'>, note: `Computed from clinical records. ${sign.note}` }]
}

interface Sign {
  readonly place: Place
  readonly note: string
}

function signOfRecords(resource: Place): Sign | undefined {
  const matching = (
    places: readonly Place[],
    tests: readonly { readonly note: string; readonly fits: (text: string) => boolean }[]
  ): Sign[] =>
    places.flatMap((place) => {
      const text = textAt(place)
      const test = text === undefined ? undefined : tests.find(({ fits }) => fits(text))
      return test ? [{ place, note: test.note }] : []
    })
  const byPattern = ({ pattern, note }: { pattern: string; note: string }) => {
    const expression = new RegExp(pattern)
    return { note, fits: (text: string) => expression.test(text) }
  }
  const systems = each(at(resource, 'identifier')).map((identifier) => at(identifier, 'system'))
  const languages = each(at(resource, 'group'))
    .flatMap((group) => each(at(group, 'population')))
    .map((population) => at(population, 'criteria', 'language'))
  const byPrefix = ({ prefix, note }: { prefix: string; note: string }) => ({ note, fits: (text: string) => text.startsWith(prefix) })
  return [
    ...matching(systems, dataSources.identifierSystems.map(byPrefix)),
    ...matching(each(at(resource, 'meta', 'profile')), dataSources.profiles.map(byPattern)),
    ...(each(at(resource, 'library')).length > 0 ? matching(languages, dataSources.languages.map(byPattern)) : [])
  ][0]
}
