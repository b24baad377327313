/**
 * For which equity dimensions a measure tells anything: it is made for people who differ by one, its results can be split by it, or it
 * was validated across it (DOMAIN: a population column counts a measure only then).
 */

import type { Code } from '../vocabularies/codes.ts'
import type { MeasureContent } from './measure.schema.ts'

export type EquityDimension = Code<'equity-dimension'>

/** Equity dimensions by which every result about people should be split; those of a group stand for one another. */
export const CORE: readonly (readonly EquityDimension[])[] = [
  ['age'],
  ['gender-sex'],
  ['socioeconomic'],
  ['ethnicity-culture', 'migration'],
  ['language'],
  ['disability'],
  ['place']
]

/** Populations that are people of one side of a dimension. */
const SPECIFIC: Readonly<Partial<Record<Code<'population'>, readonly EquityDimension[]>>> = {
  'older-adults': ['age'],
  children: ['age'],
  adolescents: ['age'],
  'pregnant-women': ['gender-sex'],
  carers: ['carer-status'],
  families: ['family-complex-needs'],
  'people-with-multimorbidity': ['multimorbidity'],
  'people-with-disabilities': ['disability'],
  'people-with-dementia': ['disability'],
  'people-lacking-capacity': ['disability'],
  'people-with-mental-illness': ['disability'],
  'children-with-special-needs': ['age', 'disability'],
  'children-with-medical-complexity': ['age', 'multimorbidity'],
  'people-with-social-needs': ['socioeconomic']
}

export function servedDimensions({ populations = [], stratifiers = [], testing, languages = [] }: MeasureContent): EquityDimension[] {
  const validated = new Set(
    languages.flatMap(({ code, validation }) => (['original', 'validated'].includes(validation) ? [code.split('-')[0]!] : []))
  )
  return [
    ...new Set<EquityDimension>([
      ...populations.flatMap((population) => SPECIFIC[population] ?? []),
      ...stratifiers.flatMap(({ dimension, availability }) =>
        availability === 'available' || availability === 'partial' ? [dimension] : []
      ),
      ...(testing?.crossCultural === 'positive' ? (['ethnicity-culture'] as const) : []),
      ...(validated.size > 1 ? (['language'] as const) : [])
    ])
  ].sort()
}
