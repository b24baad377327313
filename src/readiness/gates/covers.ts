import { BROADER } from '../../vocabularies/codes.ts'
import { WORKFORCE } from './counting.ts'

/** Whom a measure for the first serves as well. A measure for adults serves older adults; one for children says nothing of adolescents. */
const POPULATIONS: Readonly<Record<string, readonly string[]>> = {
  adults: ['older-adults'],
  'people-with-chronic-conditions': ['people-with-multimorbidity'],
  'children-with-special-needs': ['children-with-medical-complexity']
}

/** Conditions that last for years: what is about chronic conditions is about each of them. */
const CHRONIC: ReadonlySet<string> = new Set([
  'multimorbidity',
  'diabetes',
  'hypertension',
  'cardiovascular-disease',
  'heart-failure',
  'asthma',
  'copd',
  'kidney-disease',
  'dementia',
  'parkinson-disease'
])

/** Whether a measure for `population` serves `asked`. */
export const coversPopulation = (population: string, asked: string): boolean =>
  population === asked || (population === 'general' && !WORKFORCE.has(asked)) || (POPULATIONS[population]?.includes(asked) ?? false)

/** Those of `asked` whom a measure for `populations` leaves out. */
export const notCovered = <P extends string>(populations: readonly string[], asked: readonly P[]): P[] =>
  asked.filter((each) => !populations.some((population) => coversPopulation(population, each)))

/** Whether a measure about `condition` is about `asked`. */
export function coversCondition(condition: string, asked: string): boolean {
  if (condition === asked || condition === 'any' || (condition === 'chronic-condition' && CHRONIC.has(asked))) return true
  const broader = BROADER.condition[asked as keyof typeof BROADER.condition] as string | undefined
  return broader !== undefined && coversCondition(condition, broader)
}
