/** By which words a gap is found. */
import { termsOf } from '../search/terms.ts'
import type { Gap } from './gap.schema.ts'

/** The terms of the title, the statement and the measures, separated by blanks. Statements of rules are the same for many findings: they are found by their titles. */
export const termsOfGap = ({ origin, title, statement, measures = [] }: Pick<Gap, 'origin' | 'title' | 'statement' | 'measures'>): string =>
  termsOf(
    [title, origin === 'derived' ? '' : (statement ?? ''), ...measures.map(({ measure }) => measure)]
      .filter((text) => text !== '')
      .map((text) => ({ text, language: 'en' }))
  )
