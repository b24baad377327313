/** Changed lists, written back. */
import type { MeasureContent } from '../measures/measure.schema.ts'
import { conceptOf } from './concept.ts'
import { isObject, type JsonObject } from './place.ts'
import { keyOfItem } from './reading.artifacts.ts'
import { keyOfIdentifier } from './reading.identity.ts'
import { TYPES } from './reading.kind.ts'
import { type Rewriting, rewriteList } from './rewriting.ts'
import { citationElement, identifierElement, jurisdictionElement, relationElement } from './writing.elements.ts'
import { addresses } from './writing.fresh.ts'

export function rewriteLists(rewriting: Rewriting): void {
  const { was, now } = rewriting
  rewriteList(rewriting, {
    was: was.types,
    now: now.types,
    list: '/type',
    key: (code) => `types ${code}`,
    element: (code) => conceptOf(TYPES, code),
    change: (_old, code) => conceptOf(TYPES, code)
  })
  rewriteList(rewriting, {
    was: was.identifiers,
    now: now.identifiers,
    list: '/identifier',
    key: keyOfIdentifier,
    element: identifierElement,
    change: (old, item) => merged(old, identifierElement(item))
  })
  rewriteList(rewriting, {
    was: was.jurisdictions,
    now: now.jurisdictions,
    list: '/jurisdiction',
    key: (code) => `jurisdictions ${code}`,
    element: jurisdictionElement,
    change: (_old, code) => jurisdictionElement(code)
  })
  rewriteList(rewriting, {
    was: was.evidence,
    now: now.evidence,
    list: '/relatedArtifact',
    key: (item) => keyOfItem('evidence', item),
    element: citationElement,
    // What kind of publication it is stays; an address that was found in the text is not written beside it.
    change: (old, item, before) => {
      const { citation, url } = citationElement(item)
      return merged(old, { citation, ...(item.url === before.url && item.doi === before.doi ? {} : { url }) })
    }
  })
  const relation = (item: NonNullable<MeasureContent['relations']>[number]) => relationElement(item, addresses(now))
  rewriteList(rewriting, {
    was: was.relations,
    now: now.relations,
    list: '/relatedArtifact',
    key: (item) => keyOfItem('relations', item),
    element: relation,
    change: (old, item) => merged(old, relation(item) ?? {})
  })
}

const merged = (old: unknown, members: JsonObject) => ({ ...(isObject(old) ? old : {}), ...members })
