import type { OpenLists } from '../measures/content.check.ts'

/** The open vocabularies: which codes they have, and in what form. */
export interface Lists extends OpenLists {
  canonical(name: string, code: string): string | undefined
}
