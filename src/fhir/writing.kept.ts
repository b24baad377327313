/**
 * A measure that was imported, with what was changed since. The resource comes back as it came, with its libraries, expressions and
 * extensions; only elements whose field differs now from what reading the resource gives are written over.
 */
import type { Measure } from '../measures/measure.schema.ts'
import { conceptOf } from './concept.ts'
import type { Lists } from './lists.ts'
import type { JsonObject } from './place.ts'
import { SCORINGS } from './reading.kind.ts'
import { readMeasure } from './reading.ts'
import { rewriteGroups, rewriteSpecification, rewriteStratifiers } from './rewriting.groups.ts'
import { rewriteLists } from './rewriting.lists.ts'
import { rewriteShortNames, rewriteTexts, rewriteTranslations } from './rewriting.texts.ts'
import { type Rewriting, rewriteConcept } from './rewriting.ts'
import { Edits } from './writing.edits.ts'
import { directionElement } from './writing.fresh.ts'

export function rewritten(now: Measure, kept: JsonObject, lists: Lists): Record<string, unknown> {
  const reading = readMeasure(kept, lists)
  const rewriting: Rewriting = { kept, reading, was: reading.content, now, edits: new Edits(kept), lists }
  rewriteTexts(rewriting)
  rewriteShortNames(rewriting)
  rewriteTranslations(rewriting)
  rewriteKind(rewriting)
  rewriteGroups(rewriting)
  rewriteSpecification(rewriting)
  rewriteStratifiers(rewriting)
  rewriteLists(rewriting)
  // Retirement is not a change of content, and whoever reads the resource elsewhere has to know.
  if (now.status === 'retired' && kept['status'] !== 'retired') rewriting.edits.set('/status', 'retired')
  return rewriting.edits.result() as Record<string, unknown>
}

function rewriteKind(rewriting: Rewriting): void {
  const { was, now } = rewriting
  if (was.scoring !== now.scoring) rewriteConcept(rewriting, 'scoring', '/scoring', now.scoring && conceptOf(SCORINGS, now.scoring))
  if (was.direction !== now.direction) rewriteConcept(rewriting, 'direction', '/improvementNotation', directionElement(now.direction))
}
