/**
 * A resource that was changed here is no longer the one of its publisher: under the same canonical url and version two texts
 * would go round (CRMI, artifact versioning). It gets the names of this registry, and says what it was derived from.
 */
import { canonicalJson } from '../json/canonical.ts'
import type { Measure } from '../measures/measure.schema.ts'
import type { Lists } from './lists.ts'
import { fhirFromMeasure } from './writing.ts'

type Resource = Record<string, unknown>

/** A published measure as a FHIR R4 resource: an unedited import as it came, an edited one under names of its own. */
export function resourceOf(measure: Measure, kept: Resource | undefined, lists: Lists): Resource {
  const resource = fhirFromMeasure(measure, kept, lists)
  return kept === undefined || isSame(resource, kept) ? resource : adapted(resource, kept, measure)
}

/** Its status says where it stands, not what it says. */
const isSame = (a: Resource, b: Resource) => canonicalJson({ ...a, status: null }) === canonicalJson({ ...b, status: null })

function adapted(resource: Resource, kept: Resource, { canonicalUrl, version }: Measure): Resource {
  const { url: original, version: release } = kept
  const related = Array.isArray(resource['relatedArtifact']) ? resource['relatedArtifact'] : []
  const derived =
    typeof original === 'string'
      ? [{ type: 'derived-from', resource: typeof release === 'string' ? `${original}|${release}` : original }]
      : []
  return {
    ...resource,
    url: canonicalUrl,
    ...(version === undefined ? {} : { version }),
    ...(derived.length > 0 ? { relatedArtifact: [...related, ...derived] } : {})
  }
}
