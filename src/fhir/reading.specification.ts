/** Who and what is counted: the populations, what the unit of counting and of the result is, and what the result is adjusted for. */
import { Specification } from '../measures/measure.parts.ts'
import type { MeasureContent } from '../measures/measure.schema.ts'
import { entryFor, type Table, wordsOf } from './concept.ts'
import { attribute, guideValues } from './extensions.ts'
import { type Findings, named } from './findings.ts'
import subjectTypes from './knowledge/subject-types.json' with { type: 'json' }
import { at, each, filled, isAbsent, isObject, type Place, textAt } from './place.ts'
import { groupsOf, readGroups } from './reading.populations.ts'
import { isRiskFactor, namePlaceOf } from './supplemental.ts'
import { fitted, fittedList, isPlaceholder, readLine } from './texts.ts'

type SpecificationContent = NonNullable<MeasureContent['specification']>

export const SUBJECTS: Table = subjectTypes

const { properties } = Specification

export function readSpecification(findings: Findings, resource: Place): Partial<SpecificationContent> {
  const places = groupsOf(findings, resource)
  const groups = readGroups(findings, resource, places)
  const { subject, perGroup } = readSubjects(findings, resource, places)
  const levels = [resource, ...places]
  return filled<SpecificationContent>({
    ...(groups.length === 1 ? groups[0] : {}),
    subject,
    unit: readUnit(findings, levels),
    riskAdjustment: readRiskAdjustment(findings, resource, levels),
    groups:
      groups.length > 1 ? groups.map((group, i) => ({ ...group, ...filled<{ subject: string }>({ subject: perGroup[i] }) })) : undefined
  })
}

interface Subject {
  readonly word: string
  readonly places: readonly Place[]
}

/** What is the same for all groups is said once; what differs, of each. */
function readSubjects(findings: Findings, resource: Place, groups: readonly Place[]) {
  const ofRoot = readSubject(findings, resource, resource)
  const ofGroups = groups.map((group) => readSubject(findings, group, resource))
  const words = new Set(ofGroups.map((subject) => subject?.word))
  const isSame = words.size === 1 && !words.has(undefined)
  const whole = isSame ? ofGroups : [ofRoot]
  findings.foundAt('specification.subject', ...whole.flatMap((subject) => subject?.places ?? []))
  return { subject: whole[0]?.word, perGroup: isSame ? [] : ofGroups.map((subject) => subject?.word) }
}

/**
 * What is counted. The population basis says it, unless it is `boolean`: then it is the subject, a patient where none is named
 * (http://hl7.org/fhir/R5/measure-definitions.html#Measure.basis).
 */
function readSubject(findings: Findings, level: Place, root: Place): Subject | undefined {
  const bases = [...attribute(level, 'basis'), ...guideValues(level, 'populationBasis')]
  const isBoolean = bases.some(({ value }) => value === 'boolean')
  const stated = [...(isBoolean ? [] : bases), ...subjectsOf(level), ...(isBoolean ? subjectsOf(root) : [])]
  for (const place of stated.filter((each) => !isAbsent(each))) {
    const word = subjectWord(findings, place)
    if (word !== undefined) return { word, places: [place] }
  }
  return isBoolean ? { word: PATIENT, places: [] } : undefined
}

const PATIENT = SUBJECTS.entries.find(({ code }) => code === 'Patient')!.to!

const subjectsOf = (level: Place) => [at(level, 'subjectCodeableConcept'), ...guideValues(level, 'subject'), at(level, 'subjectReference')]

function subjectWord(findings: Findings, place: Place): string | undefined {
  const target = { field: 'specification.subject', schema: properties.subject }
  const entry = entryFor(SUBJECTS, place)
  if (entry) return entry.to
  // A concept or a reference in words of its own is plain language already; a resource type without a line in the table is not.
  const words = isObject(place.value) ? (textAt(at(place, 'text')) ?? textAt(at(place, 'display'))) : undefined
  if (words !== undefined) return fitted(findings, place, target, words.trim())
  findings.warn(place, { code: 'not-mapped', field: target.field, detail: 'The registry has no word for what is counted.' })
  return undefined
}

function readUnit(findings: Findings, levels: readonly Place[]): string | undefined {
  const target = { field: 'specification.unit', schema: properties.unit }
  const units = levels
    .flatMap((level) => attribute(level, 'scoringUnit'))
    .flatMap((place) => {
      const words = wordsOf(place)
      return words === undefined || isPlaceholder(words) ? [] : [{ place, unit: fitted(findings, place, target, words.trim()) }]
    })
  const names = new Set(units.map(({ unit }) => unit))
  if (names.size > 1)
    findings.warn(units[0]!.place, { code: 'kept-apart', field: target.field, detail: `Its groups have different units: ${named(names)}.` })
  if (names.size !== 1) return undefined
  findings.foundAt(target.field, ...units.map(({ place }) => place))
  return units[0]!.unit
}

/** What the result is adjusted for: in a text, or as data that are collected for it. */
function readRiskAdjustment(findings: Findings, resource: Place, levels: readonly Place[]): string[] {
  const target = { field: 'specification.riskAdjustment', schema: properties.riskAdjustment.items }
  const texts = levels.flatMap((level) => attribute(level, 'riskAdjustment'))
  const data = each(at(resource, 'supplementalData')).filter(isRiskFactor)
  const factors = new Set<string>()
  for (const place of [...texts, ...data]) {
    const factor = readLine(findings, isObject(place.value) ? namePlaceOf(place) : place, target)
    if (factor === undefined) continue
    findings.foundAt(`${target.field} ${factor}`, place)
    factors.add(factor)
  }
  return fittedList(findings, at(resource, 'supplementalData'), { ...target, schema: properties.riskAdjustment }, [...factors])
}
