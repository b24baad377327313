import type { Context } from '../context.ts'
import type { Catalogue } from '../measures/catalogue.ts'
import type { LabelLanguage } from '../vocabularies/vocabulary.schema.ts'
import type { Assessor } from './assessor.ts'
import type { Wording } from './sentences.ts'

/** What the routes of readiness share. */
export interface ReadinessDeps extends Context {
  readonly catalogue: Catalogue
  readonly assessor: Assessor
  readonly wording: (language: LabelLanguage) => Wording
}
