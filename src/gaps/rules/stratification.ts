/** R1, R2 and R10: who is hidden in an average. */
import type { Measure } from '../../measures/measure.schema.ts'
import { CORE, type EquityDimension } from '../../measures/served.ts'
import { countsPeople } from '../../readiness/gates/counting.ts'
import { bestByDimension } from '../../readiness/gates/stratifiable.ts'
import type { Found, MeasureRule } from './rule.ts'

const SOURCE = 'PROGRESS-Plus (O’Neill 2014); CMS Framework for Health Equity, priority 1'

/** How a dimension is called within a sentence. */
export const IN_WORDS: Readonly<Record<EquityDimension, string>> = {
  place: 'place of residence',
  'ethnicity-culture': 'ethnicity and culture',
  language: 'language',
  occupation: 'occupation',
  'gender-sex': 'gender and sex',
  religion: 'religion',
  education: 'education',
  socioeconomic: 'socioeconomic status',
  'social-capital': 'social capital',
  age: 'age',
  disability: 'disability',
  'sexual-orientation': 'sexual orientation',
  migration: 'migration',
  'carer-status': 'being a carer',
  homelessness: 'homelessness',
  'health-literacy': 'health literacy',
  'digital-access': 'digital access',
  multimorbidity: 'multimorbidity',
  'family-complex-needs': 'complex needs in the family',
  'time-dependent': 'a situation that changes with time'
}

const standardise = (action: string) => ({ family: 'standardise-data', action }) as const

/** Results about people: not those of structures, teams and organisations. */
const isAboutPeople = (measure: Measure) =>
  countsPeople(measure) && !(measure.types ?? []).every((type) => type === 'structure') && !OF_DIFFERENCE.test(measure.title)
/** What measures a difference between groups shows them by itself. */
const OF_DIFFERENCE = /\b(inequalit|inequit|disparit)/i

/** Care that people of one sex have: records from elsewhere say so in their titles, and code nobody. */
const OF_ONE_SEX = /\b(pregnan|antenatal|obstetric|maternal|cervical cancer|breast cancer|prostate)/i

/** Whether the people do not differ by the dimension at all, so that there is nothing to split. */
function isAlike({ title, populations = [] }: Measure, group: readonly EquityDimension[]): boolean {
  if (!group.includes('gender-sex')) return false
  return OF_ONE_SEX.test(title) || (populations.length > 0 && populations.every((population) => population === 'pregnant-women'))
}

export const withoutStratifier: MeasureRule = {
  id: 'R1',
  kind: 'no-stratification',
  question: 'Can results about people be split by the core dimensions?',
  holds:
    'A result about people is not split by one of age, gender and sex, socioeconomic status, ethnicity and culture (or migration), language, disability and place. Where the record names no split at all, that is one unknown, not seven gaps. It does not apply to structures, teams and organisations, to measures of a difference itself, nor where the people do not differ by the dimension.',
  closes: 'Split the results by the dimension, or record that they can be.',
  source: SOURCE,
  find: (measure) => {
    if (!isAboutPeople(measure)) return []
    const stated = measure.stratifiers ?? []
    if (stated.length === 0)
      return [
        {
          certainty: 'unknown',
          focus: 'missing',
          title: 'no split of results is recorded',
          statement: 'The record names no split of the results, so nobody knows who is hidden in the average.',
          closesWith: 'stratifiers',
          remedy: standardise('Find out by which groups results can be split, and record it.')
        }
      ]
    return CORE.flatMap((group): Found[] => {
      if (isAlike(measure, group)) return []
      const known = stated.filter(({ dimension }) => group.includes(dimension))
      // What is declared to be unavailable is found by R2.
      if (known.some(({ availability }) => availability !== 'unknown')) return []
      const [dimension] = group as [EquityDimension]
      const isUnknown = known.length > 0
      return [
        {
          dimension,
          certainty: isUnknown ? 'unknown' : 'absent',
          focus: 'missing',
          title: `no split by ${IN_WORDS[dimension]}`,
          statement: isUnknown
            ? `Whether results can be split by ${IN_WORDS[dimension]} is not known.`
            : `The record names splits of the results, and none by ${IN_WORDS[dimension]}: people who differ by it are hidden in the average.`,
          closesWith: 'stratifiers',
          remedy: standardise(`Split the results by ${IN_WORDS[dimension]}.`)
        }
      ]
    })
  }
}

/** Of a dimension that is given several times the split that can be had counts. */
const unavailableIn = (stratifiers: NonNullable<Measure['stratifiers']>) =>
  Object.entries(bestByDimension(stratifiers)).flatMap(([dimension, availability]) =>
    availability === 'unavailable' ? [dimension as EquityDimension] : []
  )

export const unavailableStratifier: MeasureRule = {
  id: 'R2',
  kind: 'stratifier-not-collected',
  question: 'Are the data there by which results should be split?',
  holds: 'A split is part of the measure, and its data cannot be had.',
  closes: 'Collect the dimension with the data.',
  source: SOURCE,
  find: ({ stratifiers = [] }) =>
    unavailableIn(stratifiers).map((dimension) => ({
      dimension,
      certainty: 'absent',
      focus: 'missing',
      title: `${IN_WORDS[dimension]} is not collected`,
      statement: `Results should be split by ${IN_WORDS[dimension]}, and the data for that are not collected.`,
      closesWith: 'stratifiers',
      remedy: standardise(`Collect ${IN_WORDS[dimension]} with the data.`)
    }))
}

/** Words by which records name social factors, whole or as the beginning of a word. */
const SOCIAL: readonly (readonly [EquityDimension, RegExp])[] = [
  ['socioeconomic', /\b(income|povert|depriv|socio-?economic|social risk|social deprivation|dual|medicaid|insurance|wealth|employment)/i],
  ['ethnicity-culture', /\b(race|racial|ethnic)/i],
  ['education', /\b(education|schooling)/i],
  ['language', /\b(language|english proficien)/i],
  ['disability', /\bdisab/i],
  ['migration', /\b(migra|born abroad|country of birth)/i],
  ['homelessness', /\b(homeless|housing)/i],
  ['place', /\b(rural|urban|area of residence|neighbou?rhood)/i]
]

export const adjustedAway: MeasureRule = {
  id: 'R10',
  kind: 'risk-adjustment-hides-difference',
  question: 'Does adjustment hide a difference that nobody can see elsewhere?',
  holds: 'The result is adjusted for a social factor, and cannot be split by it.',
  closes: 'Show the result split by the factor, beside the adjusted one.',
  source: 'ASPE reports to Congress on social risk factors (2016, 2020): adjust and stratify, never adjust alone',
  find: ({ specification, stratifiers = [] }) => {
    const factors = (specification?.riskAdjustment ?? []).join('; ')
    return SOCIAL.filter(
      ([dimension, words]) =>
        words.test(factors) &&
        !stratifiers.some((split) => split.dimension === dimension && ['available', 'partial'].includes(split.availability))
    ).map(([dimension]) => ({
      dimension,
      certainty: 'absent',
      focus: 'missing',
      title: `adjusted for ${IN_WORDS[dimension]}, not split by it`,
      statement: `The result is adjusted for ${IN_WORDS[dimension]}, and no split by it is recorded: a difference would be adjusted away.`,
      closesWith: 'stratifiers',
      remedy: standardise(`Show the result split by ${IN_WORDS[dimension]} as well.`)
    }))
  }
}
