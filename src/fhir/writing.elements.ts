/** Parts of a measure as elements of FHIR R4 (http://hl7.org/fhir/R4/measure.html). */
import { fullFormats } from 'ajv-formats/dist/formats.js'
import type { Static } from 'typebox'
import type * as part from '../measures/measure.parts.ts'
import type { MeasureContent } from '../measures/measure.schema.ts'
import { conceptOf } from './concept.ts'
import { GUIDE_FOR_WRITING, TRANSLATION } from './extensions.ts'
import { filled, type JsonObject } from './place.ts'
import { RELATIONS } from './reading.artifacts.ts'
import { POPULATIONS } from './reading.populations.ts'
import { SUBJECTS } from './reading.specification.ts'

type Identifier = Static<typeof part.Identifier>
type Evidence = Static<typeof part.Evidence>
type Relation = Static<typeof part.Relation>
type Stratifier = Static<typeof part.Stratifier>
export type Populations = Readonly<Record<string, string | undefined>>

const isUri = fullFormats.uri as (text: string) => boolean

/** A system is a URI in FHIR; the name of an issuer stands in the type. */
export const identifierElement = ({ system, value }: Identifier): JsonObject =>
  isUri(system) ? { system, value } : { type: { text: system }, value }

/** ISO 3166-1, ISO 3166-2 or UN M49, by the form of the code (http://hl7.org/fhir/R4/valueset-jurisdiction.html). */
export function jurisdictionElement(code: string): JsonObject {
  const isArea = /^\d/.test(code)
  const iso = code.includes('-') ? 'urn:iso:std:iso:3166:-2' : 'urn:iso:std:iso:3166'
  return { coding: [{ system: isArea ? 'http://unstats.un.org/unsd/methods/m49/m49.htm' : iso, code }] }
}

/** An address of the web or of mail, or else a name. */
export function contactElement(contact: string): JsonObject {
  if (/^https?:/i.test(contact) && isUri(contact)) return { telecom: [{ system: 'url', value: contact }] }
  return /^\S+@\S+$/.test(contact) ? { telecom: [{ system: 'email', value: contact }] } : { name: contact }
}

/** A citation. R4 has no place for a DOI: it stands in the address, or in the text. */
export function citationElement({ title, doi, url }: Evidence): JsonObject {
  const address = url ?? (doi === undefined ? undefined : `https://doi.org/${doi}`)
  const isSaid = doi === undefined || title.includes(doi) || address!.includes(doi)
  return { type: 'citation', citation: isSaid ? title : `${title} doi:${doi}`, ...filled<{ url: string }>({ url: address }) }
}

/** Another measure; the kinds of relation that R4 does not have stay here. */
export function relationElement({ kind, measure, url }: Relation, addressOf: (id: string) => string): JsonObject | undefined {
  const resource = url ?? (measure === undefined ? undefined : addressOf(measure))
  return resource === undefined || !RELATIONS.has(kind) ? undefined : { type: kind, resource }
}

/** Expressions need a language: plain text has no code of its own, and the binding is extensible. */
const plainCriteria = (text: string) => ({ language: 'text/plain', expression: text })

export function populationElement(name: string, text: string): JsonObject {
  return { code: conceptOf(POPULATIONS, name), description: text, criteria: plainCriteria(text) }
}

/** A group of populations, in the order of FHIR; with what it counts, where the groups differ in that. */
export function groupElement(populations: Populations, stratifiers: readonly Stratifier[] = [], subject?: string): JsonObject {
  const basis = subject === undefined ? undefined : typeOfSubject(subject)
  const elements = POPULATIONS.entries.flatMap(({ to }) => {
    const text = populations[to!]
    return text === undefined ? [] : [populationElement(to!, text)]
  })
  return filled<Record<string, unknown>>({
    extension: basis === undefined ? undefined : [basisExtension(basis)],
    code: populations['title'] === undefined ? undefined : { text: populations['title'] },
    population: elements,
    stratifier: stratifiers.filter(({ availability }) => availability === 'available').map(stratifierElement)
  })
}

/** The dimension in words, and the coding as its description. */
export const stratifierElement = ({ dimension, coding }: Stratifier): JsonObject => ({
  code: { text: dimension.replaceAll('-', ' ') },
  ...filled<{ description: string }>({ description: coding })
})

export const riskFactorElement = (factor: string): JsonObject => ({
  usage: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/measure-data-usage', code: 'risk-adjustment-factor' }] }],
  description: factor,
  criteria: plainCriteria(factor)
})

/** Resource types that R4 allows as a subject; what else is counted is the population basis. */
const SUBJECT_TYPES: ReadonlySet<string> = new Set(['Patient', 'Practitioner', 'RelatedPerson', 'Organization', 'Location', 'Device'])

export const typeOfSubject = (subject: string) => SUBJECTS.entries.find(({ to }) => to === subject.toLowerCase())?.code

/** What is counted, as elements of the root. */
export function subjectElements(subject: string): { readonly extension?: JsonObject; readonly subjectCodeableConcept?: JsonObject } {
  const type = typeOfSubject(subject)
  if (type === undefined) return { subjectCodeableConcept: { text: subject } }
  if (SUBJECT_TYPES.has(type)) return { subjectCodeableConcept: { coding: [{ system: 'http://hl7.org/fhir/resource-types', code: type }] } }
  return { extension: basisExtension(type) }
}

const basisExtension = (type: string): JsonObject => ({ url: `${GUIDE_FOR_WRITING}populationBasis`, valueCode: type })

export const unitExtension = (unit: string): JsonObject => ({
  url: `${GUIDE_FOR_WRITING}scoringUnit`,
  valueCodeableConcept: { text: unit }
})

export const translationExtension = (tag: string, content: string, isMarkdown: boolean): JsonObject => ({
  url: TRANSLATION,
  extension: [
    { url: 'lang', valueCode: tag },
    { url: 'content', [isMarkdown ? 'valueMarkdown' : 'valueString']: content }
  ]
})

/** The groups of a specification: where there is one, the specification itself. What is said of all groups counts for each. */
export function groupsIn(specification: MeasureContent['specification']): Populations[] {
  const { subject: _, unit: _unit, riskAdjustment: _risk, frequency: _frequency, groups = [], ...common } = specification ?? {}
  return groups.length === 0 ? [common] : groups.map(({ subject: _subject, ...group }) => ({ ...common, ...group }))
}
