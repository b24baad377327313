/**
 * What the measure refers to: publications, and other measures
 * (http://hl7.org/fhir/R4/metadatatypes.html#RelatedArtifact; cqfm-component of the Quality Measure guide).
 */
import { fullFormats } from 'ajv-formats/dist/formats.js'
import type { Static } from 'typebox'
import { cleaningNotes, cleanLine } from '../imports/cleaning.ts'
import * as part from '../measures/measure.parts.ts'
import { MeasureContent } from '../measures/measure.schema.ts'
import { guideValues } from './extensions.ts'
import { type Findings, named } from './findings.ts'
import { at, each, filled, type Place, textAt } from './place.ts'
import { withoutVersion } from './reading.identity.ts'
import { fitted, fittedList, maxLengthOf } from './texts.ts'

type Evidence = Static<typeof part.Evidence>
type Relation = Static<typeof part.Relation>

const PUBLICATIONS: ReadonlySet<unknown> = new Set(['citation', 'documentation', 'justification'])
export const RELATIONS: ReadonlySet<unknown> = new Set(['predecessor', 'successor', 'derived-from', 'composed-of', 'depends-on'])

const URL_IN_TEXT = /\bhttps?:\/\/[^\s"'<>[\]{}|\\^`]+/i
const DOI_IN_TEXT = /\b10\.\d{4,9}\/[^\s"'<>]+/
/** Without the marks that end a sentence and not an address. No field holds a longer one. */
const trimmed = (text: string) =>
  text
    .slice(0, maxLengthOf(part.Evidence.properties.url) + 1)
    .replace(/[.,;:!?*_]+$/, '')
    .replace(/^([^(]*)\)+$/, '$1')

const isUri = fullFormats.uri as (text: string) => boolean

/** An absolute address that the field can hold. */
function urlFrom(text: string | undefined): string | undefined {
  const url = text?.trim()
  return url !== undefined && url.length <= maxLengthOf(part.Evidence.properties.url) && isUri(url) ? url : undefined
}

/** Related artifacts, and the components of a composite. */
const artifactsOf = (resource: Place): Place[] => [
  ...each(at(resource, 'relatedArtifact')),
  ...[resource, ...each(at(resource, 'group'))].flatMap((level) => guideValues(level, 'component'))
]

export function readArtifacts(findings: Findings, resource: Place): Partial<Pick<MeasureContent, 'evidence' | 'relations'>> {
  const evidence = new Map<string, Evidence>()
  const relations = new Map<string, Relation>()
  const apart = new Map<string, Place>()
  for (const artifact of artifactsOf(resource)) {
    const type = at(artifact, 'type').value
    if (PUBLICATIONS.has(type)) {
      const publication = readPublication(findings, artifact)
      if (publication) keep(findings, evidence, 'evidence', publication, artifact)
      else findings.warn(artifact, { code: 'not-mapped', field: 'evidence', detail: 'It says neither what it is nor where.' })
    } else {
      const relation = readRelation(artifact, ownUrl(resource))
      if (relation) keep(findings, relations, 'relations', relation, artifact)
      else apart.set(textAt(at(artifact, 'type')) ?? 'without a type', artifact)
    }
  }
  const [first] = apart.values()
  if (first)
    findings.warn(first, {
      code: 'kept-apart',
      field: 'relations',
      detail: `Related artifacts that are no other measure with an address, by type: ${named(apart.keys())}.`
    })
  const list = <T>(field: 'evidence' | 'relations', items: Iterable<T>) =>
    fittedList(findings, at(resource, 'relatedArtifact'), { field, schema: MeasureContent.properties[field] }, [...items])
  return filled<Pick<MeasureContent, 'evidence' | 'relations'>>({
    evidence: list('evidence', evidence.values()),
    relations: list('relations', relations.values())
  })
}

/** The name under which the place of an item of a list is remembered. */
export const keyOfItem = (field: string, item: object) => `${field} ${JSON.stringify(Object.entries(item).sort())}`

function keep<T extends object>(findings: Findings, items: Map<string, T>, field: string, item: T, place: Place): void {
  const key = keyOfItem(field, item)
  items.set(key, items.get(key) ?? item)
  findings.foundAt(key, place)
}

const ownUrl = (resource: Place) => withoutVersion(textAt(at(resource, 'url')) ?? '')

function readPublication(findings: Findings, artifact: Place): Evidence | undefined {
  const place = ['citation', 'display', 'label'].map((name) => at(artifact, name)).find((each) => textAt(each) !== undefined)
  const cleaned = cleanLine(withoutMarkdown(textAt(place ?? artifact) ?? ''))
  const stated = [at(artifact, 'url'), at(artifact, 'document', 'url'), at(artifact, 'resource')].map((each) =>
    urlFrom(withoutVersion(textAt(each) ?? ''))
  )
  const url = stated.find((each) => each !== undefined) ?? urlFrom(trimmed(URL_IN_TEXT.exec(cleaned.text)?.[0] ?? ''))
  const doi = [url, cleaned.text].map((text) => trimmed(DOI_IN_TEXT.exec(text ?? '')?.[0] ?? '')).find((each) => each !== '')
  const title = cleaned.text || url
  if (title === undefined) return undefined
  for (const note of cleaningNotes(cleaned, { field: 'evidence' })) if (note.code !== 'whitespace') findings.warn(artifact, note)
  return {
    title: fitted(findings, place ?? artifact, { field: 'evidence', schema: part.Evidence.properties.title }, title),
    ...filled<Pick<Evidence, 'url' | 'doi'>>({
      url,
      doi: doi !== undefined && doi.length <= maxLengthOf(part.Evidence.properties.doi) ? doi : undefined
    })
  }
}

/** Citations are Markdown since R4: links keep their addresses, emphasis goes. */
const withoutMarkdown = (text: string) =>
  text
    .replace(/!?\[([^\][]*)\]\((?=\s*<?([^\s()<>]+))[^()]*\)/g, (_whole, name: string, url: string) =>
      name === url ? url : `${name} (${url})`
    )
    .replace(/(\*\*|__)(?=\S)([^*_\n]+?)\1/g, '$2')
    .replace(/(?<![\w*])\*(?=\S)([^*\n]+?)\*(?!\w)/g, '$1')
    .replace(/\\([\\`*_{}[\]()#+.!-])/g, '$1')

/** Another resource type in the address (`…/Library/x`) is no measure. What a measure depends on is seldom one: it has to say so. */
function readRelation(artifact: Place, own: string): Relation | undefined {
  const kind = at(artifact, 'type').value
  if (!RELATIONS.has(kind)) return undefined
  const stated = [at(artifact, 'resource'), at(artifact, 'resourceReference', 'reference'), at(artifact, 'url')]
  const url = stated.map((place) => urlFrom(withoutVersion(textAt(place) ?? ''))).find((each) => each !== undefined)
  if (url === undefined || url === own) return undefined
  const type = /\/([A-Z][A-Za-z]+)\/[^/]+$/.exec(url)?.[1]
  const isMeasure = type === 'Measure' || (type === undefined && kind !== 'depends-on')
  return isMeasure ? { kind: kind as Relation['kind'], url } : undefined
}
