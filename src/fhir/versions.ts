/**
 * Which resources are read: Measure as of R4. In STU3 criteria were names of expressions (`criteria: "Numerator"`); since R4 they are
 * Expressions (http://hl7.org/fhir/R4/measure.html, "R3 diff"). STU3 is refused, since half of it would be read wrongly.
 */
import { type Note, shown } from '../imports/note.ts'
import type { Findings } from './findings.ts'
import { at, each, isAbsent, isObject, type Place, textAt } from './place.ts'

/** Profiles of FHIR itself that name a version before R4. Guides count their own versions: `|3.0.0` of a guide says nothing of FHIR. */
const OLD_PROFILE = /^http:\/\/hl7\.org\/fhir\/(?:(?:1\.\d|3\.\d|DSTU2|STU3)\/|StructureDefinition\/\w+\|(?:1|3)\.)/

/** Whether the resource is one that we read; what is not is refused by name. */
export function isReadable(findings: Findings, resource: Place): boolean {
  const refusal = notAMeasure(resource) ?? tooOld(resource)
  if (refusal) findings.refuse(refusal.place, refusal.note)
  return refusal === undefined
}

interface Refusal {
  readonly place: Place
  readonly note: Pick<Note, 'code' | 'detail' | 'expected' | 'mend'>
}

function notAMeasure(resource: Place): Refusal | undefined {
  const place = at(resource, 'resourceType')
  if (place.value === 'Measure') return undefined
  const type = textAt(place)
  const detail = !isObject(resource.value)
    ? 'This is not a FHIR resource.'
    : type === undefined
      ? 'It has no resourceType; only resources of type Measure are measures.'
      : `This is a ${shown(type)}; only Measure resources are measures.`
  return { place, note: { code: 'not-a-measure', detail, expected: 'A JSON object with "resourceType": "Measure".' } }
}

/** A place that R4 does not have, or not in this form. */
interface Sign {
  readonly place: Place
  readonly detail: string
}

/** Criteria that are strings decide. The other signs may also be slips of hands that write R4: it takes two kinds of them. */
function tooOld(resource: Place): Refusal | undefined {
  const deciding = [...oldCriteria(resource), ...oldProfiles(resource)][0]
  const others = oldElements(resource)
  const sign = deciding ?? (others.length > 1 ? others[0] : undefined)
  if (!sign) return undefined
  return {
    place: sign.place,
    note: {
      code: 'unsupported-version',
      detail: `This looks like a Measure of FHIR STU3: ${sign.detail}. Measures are read as of R4.`,
      expected: 'A Measure of FHIR R4, R5 or R6.',
      mend: 'Convert it to R4 with a FHIR converter (HL7 publishes the maps from R3 to R4), or ask its publisher for the R4 edition.'
    }
  }
}

function oldCriteria(resource: Place): Sign[] {
  const groups = each(at(resource, 'group'))
  const places = [...groups.flatMap((group) => each(at(group, 'population'))), ...groups.flatMap((group) => each(at(group, 'stratifier')))]
  return [...places, ...each(at(resource, 'supplementalData'))]
    .map((place) => at(place, 'criteria'))
    .filter(({ value }) => typeof value === 'string')
    .map((place) => ({ place, detail: 'its criteria are names of expressions, where R4 has Expressions with a language' }))
}

const oldProfiles = (resource: Place): Sign[] =>
  each(at(resource, 'meta', 'profile'))
    .filter((profile) => OLD_PROFILE.test(textAt(profile) ?? ''))
    .map((place) => ({ place, detail: 'its profile is of an older version' }))

/** One sign of each kind. */
function oldElements(resource: Place): Sign[] {
  const groups = each(at(resource, 'group'))
  const kinds: [readonly Place[], string][] = [
    [[at(resource, 'set')], 'it has the element `set`'],
    [[at(resource, 'contributor')], 'it has the element `contributor`'],
    [each(at(resource, 'library')).filter(({ value }) => isObject(value)), 'its libraries are references, where R4 has addresses'],
    [groups.map((group) => at(group, 'identifier')), 'its groups have identifiers'],
    [[at(resource, 'improvementNotation')].filter(({ value }) => typeof value === 'string'), 'its improvementNotation is a text']
  ]
  return kinds.flatMap(([places, detail]) =>
    places
      .filter((place) => !isAbsent(place))
      .slice(0, 1)
      .map((place) => ({ place, detail }))
  )
}
