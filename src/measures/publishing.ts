/**
 * What a draft needs before it can be published. Population rules by scoring are those of the FHIR Quality Measure
 * guide; the rest is the registry's own: nobody can judge a measure whose data, licence, level or steward is unsaid.
 */
import { isEmpty } from './completeness.ts'
import type { MeasureContent } from './measure.schema.ts'

/** Something in the way of publication: where (a JSON pointer into the measure), and what to do about it. */
export interface Obstacle {
  readonly pointer: string
  readonly detail: string
}

type Populations = Readonly<Record<string, unknown>>
type Population =
  | 'initialPopulation'
  | 'denominator'
  | 'denominatorException'
  | 'numerator'
  | 'measurePopulation'
  | 'measureObservation'
  | 'denominatorExclusion'
  | 'numeratorExclusion'
  | 'measurePopulationExclusion'
interface PopulationRule {
  /** Each has to be there; of several in one entry, any. */
  readonly needs: readonly (readonly Population[])[]
  readonly forbids: readonly Population[]
}

/** By scoring. A denominator in plain text may stand for the initial population. */
const POPULATION_RULES: Record<NonNullable<MeasureContent['scoring']>, PopulationRule> = {
  proportion: {
    needs: [['initialPopulation', 'denominator'], ['denominator'], ['numerator']],
    forbids: ['measurePopulation', 'measureObservation']
  },
  ratio: { needs: [['numerator'], ['denominator']], forbids: ['denominatorException', 'measurePopulation'] },
  'continuous-variable': {
    needs: [['measurePopulation']],
    forbids: ['numerator', 'denominator', 'denominatorExclusion', 'denominatorException', 'numeratorExclusion']
  },
  cohort: {
    needs: [['initialPopulation']],
    forbids: [
      'numerator',
      'denominator',
      'denominatorExclusion',
      'denominatorException',
      'numeratorExclusion',
      'measurePopulation',
      'measurePopulationExclusion',
      'measureObservation'
    ]
  },
  attestation: { needs: [], forbids: [] },
  composite: { needs: [], forbids: [] }
}

const isFilled = (value: unknown) => !isEmpty(value)

/**
 * Everything in the way of publication; empty when there is nothing. `isRegistered` says whether the registry has a measure of an
 * identifier: relations to measures of its own have to lead to one.
 */
export function obstaclesTo(content: MeasureContent, isRegistered: (id: string) => boolean = () => true): Obstacle[] {
  return [
    ...missingFields(content),
    ...(content.scoring ? populationObstacles(content.scoring, content) : []),
    ...danglingRelations(content, isRegistered)
  ]
}

/** The populations that the scoring of a content needs and that are not described, each once. */
export function missingPopulations({ scoring, specification }: MeasureContent): string[] {
  if (!scoring) return []
  const { groups = [], ...common } = specification ?? {}
  const described: Populations[] = groups.length === 0 ? [common] : groups.map((group) => ({ ...common, ...group }))
  return [...new Set(described.flatMap((populations) => unmet(scoring, populations)))]
}

/** The measures of this registry that a content refers to. */
export const relatedMeasures = ({ relations = [] }: Partial<MeasureContent>): string[] =>
  relations.flatMap(({ measure }) => (measure === undefined ? [] : [measure]))

const danglingRelations = ({ relations = [] }: MeasureContent, isRegistered: (id: string) => boolean): Obstacle[] =>
  relations.flatMap(({ measure }, i) =>
    measure === undefined || isRegistered(measure)
      ? []
      : [{ pointer: `/relations/${i}/measure`, detail: `There is no measure "${measure}".` }]
  )

function missingFields(content: MeasureContent): Obstacle[] {
  const needed: [string, boolean, string][] = [
    ['/description', isFilled(content.description), 'Say what is measured and how.'],
    ['/types', isFilled(content.types), 'Give at least one type.'],
    ['/scoring', isFilled(content.scoring) || isFilled(content.instrument), 'Give the scoring, or the instrument.'],
    ['/dataSources', isFilled(content.dataSources), 'Say where the data come from.'],
    ['/licence', isFilled(content.licence), 'Say what is allowed; "unknown" is an answer.'],
    ['/levels', isFilled(content.levels), 'Give at least one level.'],
    ['/development/steward', isFilled(content.development?.steward), 'Say who maintains the measure.']
  ]
  return needed.filter(([, filled]) => !filled).map(([pointer, , detail]) => ({ pointer, detail }))
}

/** Each group is judged by itself; what is said of all groups at once counts for each. */
function populationObstacles(scoring: keyof typeof POPULATION_RULES, content: MeasureContent): Obstacle[] {
  const { groups = [], ...common } = content.specification ?? {}
  if (groups.length === 0) return obstaclesIn(scoring, common, '/specification')
  return groups.flatMap((group, i) => obstaclesIn(scoring, { ...common, ...group }, `/specification/groups/${i}`))
}

function obstaclesIn(scoring: keyof typeof POPULATION_RULES, populations: Populations, at: string): Obstacle[] {
  const has = (name: Population) => isFilled(populations[name])
  const missing = unmet(scoring, populations).map((name) => ({ pointer: `${at}/${name}`, detail: `Scoring ${scoring} needs it.` }))
  const unwanted = POPULATION_RULES[scoring].forbids
    .filter(has)
    .map((name) => ({ pointer: `${at}/${name}`, detail: `Scoring ${scoring} does not allow it.` }))
  const places = [...missing, ...unwanted]
  return places.filter(({ pointer }, i) => places.findIndex((other) => other.pointer === pointer) === i)
}

/** What a scoring needs and does not find; where several would do, the last of them. */
const unmet = (scoring: keyof typeof POPULATION_RULES, populations: Populations): Population[] =>
  POPULATION_RULES[scoring].needs
    .filter((alternatives) => !alternatives.some((name) => isFilled(populations[name])))
    .map((alternatives) => alternatives.at(-1)!)
