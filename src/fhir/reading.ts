/**
 * A FHIR Measure as a measure of the registry: R4, R5 and R6, with or without the extensions of the Quality Measure guide. What FHIR
 * says is taken over, what follows from a table is marked as classified, and what no field holds is named and left to the record as
 * it came. Nothing is guessed. Sources: http://hl7.org/fhir/R4/measure.html, http://hl7.org/fhir/R5/measure.html,
 * http://hl7.org/fhir/uv/cqm, http://hl7.org/fhir/uv/crmi.
 */
import type { Interpreted } from '../imports/candidate.ts'
import type { MeasureContent } from '../measures/measure.schema.ts'
import { extensionsOf, guideNameOf, guideValues } from './extensions.ts'
import { Findings } from './findings.ts'
import type { Lists } from './lists.ts'
import { at, each, filled, isAbsent, isObject, type Place, rootOf, textAt } from './place.ts'
import { readArtifacts } from './reading.artifacts.ts'
import { readContext } from './reading.context.ts'
import { readIdentifiers, readIdentity, readShortNames } from './reading.identity.ts'
import { readKind } from './reading.kind.ts'
import { readSpecification } from './reading.specification.ts'
import { readStewardship } from './reading.stewardship.ts'
import { readStratifiers } from './reading.stratifiers.ts'
import { noteStandIns, readTexts, readTranslations } from './reading.texts.ts'
import { isPlaceholder } from './texts.ts'
import { isReadable } from './versions.ts'

/** A resource as it was understood, and where each field was found in it (JSON pointers). */
export interface Reading extends Interpreted {
  readonly origins: ReadonlyMap<string, readonly string[]>
}

/** One resource, as it came from JSON. Whatever it is, this never throws. */
export function measureFromFhir(resource: unknown, lists: Lists): Interpreted {
  const { origins: _, ...interpreted } = readMeasure(resource, lists)
  return interpreted
}

/** The same, with the places: for writing changes back to where they belong. */
export function readMeasure(resource: unknown, lists: Lists): Reading {
  const findings = new Findings()
  const root = rootOf(resource)
  if (!isReadable(findings, root)) return readingOf(findings, {}, {})
  const identity = readIdentity(findings, root)
  const texts = readTexts(findings, root)
  const content = filled<MeasureContent>({
    ...(texts as MeasureContent),
    ...readShortNames(findings, root),
    ...readContext(findings, root, lists),
    identifiers: readIdentifiers(findings, root, identity),
    ...readKind(findings, root),
    specification: readSpecification(findings, root),
    stratifiers: readStratifiers(findings, root),
    ...readStewardship(findings, root),
    ...readArtifacts(findings, root),
    translations: readTranslations(findings, root, lists)
  })
  noteRest(findings, root, texts)
  return readingOf(findings, content, identity)
}

const readingOf = (findings: Findings, content: Partial<MeasureContent>, identity: Interpreted['identity']): Reading => ({
  content,
  identity,
  classified: [...findings.classified],
  errors: findings.errors,
  warnings: findings.warnings,
  origins: findings.origins
})

/** Elements that are read, or that speak of the resource and not of the measure. */
const HANDLED: ReadonlySet<string> = new Set([
  ...['resourceType', 'id', 'meta', 'text', 'status', 'experimental', 'date', 'name'],
  ...['url', 'identifier', 'version', 'language', 'title', 'description', 'rationale', 'guidance', 'purpose', 'usage'],
  ...['_title', '_description', '_rationale', '_guidance'],
  ...['publisher', 'contact', 'copyright', 'copyrightLabel', 'disclaimer', 'approvalDate', 'jurisdiction', 'useContext', 'topic'],
  ...['subjectCodeableConcept', 'subjectReference', 'basis', 'scoring', 'scoringUnit', 'type', 'improvementNotation', 'riskAdjustment'],
  ...['group', 'supplementalData', 'relatedArtifact', 'rateAggregation', 'extension']
])
const HANDLED_EXTENSIONS: ReadonlySet<string | undefined> = new Set([
  ...['scoring', 'type', 'improvementNotation', 'populationBasis', 'basis', 'subject', 'scoringUnit', 'riskAdjustment', 'component'],
  'rateAggregation'
])

/** Says what no field holds. */
function noteRest(findings: Findings, resource: Place, texts: Partial<MeasureContent>): void {
  noteStandIns(findings, resource, texts)
  const members = isObject(resource.value) ? Object.keys(resource.value) : []
  for (const name of members) if (!HANDLED.has(name) && !isAbsent(at(resource, name))) findings.keepApart(name)
  const levels = [resource, ...each(at(resource, 'group'))]
  if (levels.some((level) => extensionsOf(level).some((extension) => !HANDLED_EXTENSIONS.has(guideNameOf(extension)))))
    findings.keepApart('extension')
  const aggregations = levels.flatMap((level) => [at(level, 'rateAggregation'), ...guideValues(level, 'rateAggregation')])
  if (aggregations.some((place) => textAt(place) !== undefined && !isPlaceholder(textAt(place)!))) findings.keepApart('rateAggregation')
  if (textAt(at(resource, 'status')) === 'retired')
    findings.warn(at(resource, 'status'), {
      code: 'kept-apart',
      detail: 'Its publisher has retired it. Here it has a life of its own: retire it here as well if it should not be used.'
    })
}
