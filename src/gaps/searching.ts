/** By which words a gap is found. */
import { termsOf } from '../search/terms.ts'
import type { Gap } from './gap.schema.ts'

/** The terms of the title, the statement and the measures, separated by blanks. */
export const termsOfGap = ({ title, statement, measures = [] }: Pick<Gap, 'title' | 'statement' | 'measures'>): string =>
  termsOf(
    [title, statement ?? '', ...measures.map(({ measure }) => measure)]
      .filter((text) => text !== '')
      .map((text) => ({ text, language: 'en' }))
  )
