import type { Context } from '../context.ts'
import type { Catalogue } from '../measures/catalogue.ts'
import type { GapCatalogue } from './gap.catalogue.ts'

/** What the routes of gaps share. */
export interface GapDeps extends Context {
  readonly catalogue: Catalogue
  readonly gaps: GapCatalogue
}
