/** A measure that was made here, as a FHIR R4 Measure (http://hl7.org/fhir/R4/measure.html). */
import slugify from '@sindresorhus/slugify'
import { URI_SYSTEM } from '../measures/identifiers.ts'
import type { Measure } from '../measures/measure.schema.ts'
import { conceptOf } from './concept.ts'
import { SHORT_STRING } from './extensions.ts'
import { filled } from './place.ts'
import { IDENTIFIER_TYPES } from './reading.identity.ts'
import { DIRECTIONS, SCORINGS, TYPES } from './reading.kind.ts'
import type { TextName } from './reading.texts.ts'
import {
  citationElement,
  contactElement,
  groupElement,
  groupsIn,
  identifierElement,
  jurisdictionElement,
  relationElement,
  riskFactorElement,
  subjectElements,
  translationExtension,
  unitExtension
} from './writing.elements.ts'

/** Empty elements are none in FHIR: they go. */
export function freshMeasure(measure: Measure): Record<string, unknown> {
  const { specification, development, licence, stratifiers = [] } = measure
  const subject = specification?.subject === undefined ? {} : subjectElements(specification.subject)
  const unit = specification?.unit === undefined ? [] : [unitExtension(specification.unit)]
  const groups = groupsIn(specification).map((group, i) => groupElement(group, stratifiers, specification?.groups?.[i]?.['subject']))
  return filled<Record<string, unknown>>({
    resourceType: 'Measure',
    // An id of FHIR is shorter than ours may be; the canonical url names the measure anyhow.
    id: measure.id.length <= 64 ? measure.id : undefined,
    language: measure.language,
    extension: [...(subject.extension ? [subject.extension] : []), ...unit],
    url: measure.canonicalUrl,
    identifier: identifiersOf(measure),
    version: measure.version,
    name: computableName(measure),
    title: measure.title,
    _title: besides(measure, 'title'),
    status: measure.status,
    subjectCodeableConcept: subject.subjectCodeableConcept,
    date: measure.publishedAt ?? measure.updatedAt,
    publisher: development?.steward,
    contact: development?.contact === undefined ? undefined : [contactElement(development.contact)],
    description: measure.description,
    _description: besides(measure, 'description'),
    jurisdiction: measure.jurisdictions?.map(jurisdictionElement),
    copyright: licence?.copyright,
    relatedArtifact: artifactsOf(measure),
    disclaimer: licence?.note,
    scoring: measure.scoring && conceptOf(SCORINGS, measure.scoring),
    type: measure.types?.map((type) => conceptOf(TYPES, type)),
    rationale: measure.rationale,
    _rationale: besides(measure, 'rationale'),
    improvementNotation: directionElement(measure.direction),
    guidance: measure.guidance,
    _guidance: besides(measure, 'guidance'),
    group: groups.filter((group) => Object.keys(group).length > 0),
    supplementalData: specification?.riskAdjustment?.map(riskFactorElement)
  })
}

/** The binding is required and knows two ways only: of the others R4 says nothing. */
export const directionElement = (direction: Measure['direction']) =>
  DIRECTIONS.entries.some(({ to }) => to === direction) ? conceptOf(DIRECTIONS, direction!) : undefined

/** The canonical url and the version have elements of their own. */
function identifiersOf({ identifiers = [], canonicalUrl, acronym }: Measure) {
  const others = identifiers.filter(
    ({ system, value }) => !(system === URI_SYSTEM && (value === canonicalUrl || value.startsWith(`${canonicalUrl}|`)))
  )
  const elements = others.map((identifier) =>
    identifier.value === acronym
      ? { type: conceptOf(IDENTIFIER_TYPES, 'acronym'), ...identifierElement(identifier) }
      : identifierElement(identifier)
  )
  return acronym === undefined || others.some(({ value }) => value === acronym) ? elements : [acronymElement(acronym), ...elements]
}

export const acronymElement = (acronym: string) => ({ type: conceptOf(IDENTIFIER_TYPES, 'acronym'), value: acronym })

/** Addresses of this registry differ in their last part only. */
export const addresses =
  ({ id, canonicalUrl }: Measure) =>
  (other: string) =>
    `${canonicalUrl.slice(0, -id.length)}${other}`

const artifactsOf = (measure: Measure) => [
  ...(measure.evidence ?? []).map(citationElement),
  ...(measure.relations ?? []).flatMap((relation) => relationElement(relation, addresses(measure)) ?? [])
]

/** What stands beside a text: its translations, and of the title its short form. */
function besides({ translations = {}, shortTitle }: Measure, field: TextName) {
  const short = field === 'title' && shortTitle !== undefined ? [{ url: SHORT_STRING, valueString: shortTitle }] : []
  const translated = Object.entries(translations).flatMap(([tag, texts]) => {
    const text = texts[field]
    return text === undefined ? [] : [translationExtension(tag, text, field !== 'title')]
  })
  const extension = [...short, ...translated]
  return extension.length > 0 ? { extension } : undefined
}

const MAX_NAME = 255

/** A name for computers: letters and digits, with a capital first (http://hl7.org/fhir/R4/measure.html, mea-0). */
export function computableName({ title, id }: Pick<Measure, 'title' | 'id'>): string {
  const pascal = (text: string) =>
    slugify(text, { decamelize: false, lowercase: false })
      .split('-')
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join('')
  // A title in a script that cannot be spelled in Latin letters leaves nothing: then the identifier has to do.
  const name = pascal(title) || pascal(id)
  return (/^[A-Z]/.test(name) ? name : `Measure${name}`).slice(0, MAX_NAME)
}
