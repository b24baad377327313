/** R5, R6 and R7: who is left out before anything is counted. */
import type { Measure } from '../../measures/measure.schema.ts'
import type { Code } from '../../vocabularies/codes.ts'
import type { MeasureRule } from './rule.ts'
import { IN_WORDS } from './stratification.ts'

/** Populations that are an age by themselves: whoever measures them leaves other ages out on purpose. */
const AGES: ReadonlySet<Code<'population'>> = new Set(['children', 'adolescents', 'older-adults', 'adults'])
const isForAnAge = ({ populations = [] }: Measure) => populations.some((population) => AGES.has(population))

export const excluded: MeasureRule = {
  id: 'R5',
  kind: 'excluded-by-denominator',
  question: 'Does the denominator leave people out?',
  holds:
    'An exclusion of the record touches an equity dimension. An age limit does not count where the measure is made for an age: adults, older adults, children or adolescents.',
  closes: 'Count the people who are left out, or measure them in another way beside it.',
  source: 'FHIR Measure, denominator exclusions; Jones 2019 on exclusions of quality measures',
  find: (measure) => {
    const byDimension = Map.groupBy(measure.excludes ?? [], ({ dimension }) => dimension)
    return [...byDimension]
      .filter(([dimension]) => dimension !== 'age' || !isForAnAge(measure))
      .map(([dimension, exclusions]) => ({
        dimension,
        certainty: 'absent',
        focus: 'excluded',
        title: `leaves people out by ${IN_WORDS[dimension]}`,
        statement: exclusions.map(({ note }) => note.trim()).join(' '),
        closesWith: 'excludes',
        remedy: { family: 'address-causes', action: 'Measure the people who are left out in another way, beside it.' }
      }))
  }
}

const DIGITAL: ReadonlySet<Code<'instrument-mode'>> = new Set(['web', 'app'])

export const digitalOnly: MeasureRule = {
  id: 'R6',
  kind: 'digital-only',
  question: 'Can people without a device take part?',
  holds: 'Every mode that the record names is digital. Where no mode is recorded the rule does not apply.',
  closes: 'Offer it on paper, by phone or as an interview.',
  source: 'PROGRESS-Plus, digital access; CMS Framework for Health Equity, priority 5',
  find: ({ instrument }) => {
    const modes = instrument?.modes ?? []
    if (modes.length === 0 || !modes.every((mode) => DIGITAL.has(mode))) return []
    return [
      {
        dimension: 'digital-access',
        certainty: 'absent',
        focus: 'excluded',
        title: 'digital only',
        statement: 'The record names digital modes only. People without a device, or without the skill, may not be heard.',
        closesWith: 'instrument.modes',
        remedy: { family: 'accessibility', action: 'Offer it on paper, by phone or as an interview.' }
      }
    ]
  }
}

/** Populations among whom many cannot answer by themselves, with the dimension by which they differ. */
const NEEDS_PROXY = [
  ['children', 'age'],
  ['people-lacking-capacity', 'disability'],
  ['people-with-dementia', 'disability'],
  ['children-with-medical-complexity', 'age']
] as const

export const selfReportOnly: MeasureRule = {
  id: 'R7',
  kind: 'no-proxy-version',
  question: 'Can somebody answer for those who cannot?',
  holds: 'Only the person may answer, and among the people whom it is for are children, people with dementia or people who lack capacity.',
  closes: 'Make a version that a parent, carer or other proxy can answer.',
  source: 'ISPOR task force on observer-reported outcomes; PROGRESS-Plus',
  find: ({ instrument, populations = [] }) => {
    const respondents = instrument?.respondents ?? []
    if (respondents.length === 0 || respondents.some((respondent) => respondent !== 'self')) return []
    const dimensions = new Set(NEEDS_PROXY.flatMap(([population, dimension]) => (populations.includes(population) ? [dimension] : [])))
    return [...dimensions].map((dimension) => ({
      dimension,
      certainty: 'absent',
      focus: 'excluded',
      title: 'nobody may answer for those who cannot',
      statement:
        'Only the person may answer. Children, or people who lack capacity, are among those whom it is for, and some of them cannot.',
      closesWith: 'instrument.respondents',
      remedy: { family: 'accessibility', action: 'Make a version that a proxy can answer.' }
    }))
  }
}
