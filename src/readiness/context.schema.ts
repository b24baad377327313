/**
 * The context of the one who asks: where, with which data, languages, money and time a measure is to be used. Everything is
 * optional, and nothing that is left out is assumed. The one source of the parameters, of saved contexts and of the answer.
 */
import { type Static, Type } from 'typebox'
import { component, oneOf } from '../component.ts'
import { Jurisdiction, LanguageTag, label, setOf } from '../measures/measure.parts.ts'
import { type ClosedVocabulary, CODES } from '../vocabularies/codes.ts'

const closed = { additionalProperties: false }
const some = <S extends Parameters<typeof setOf>[0]>(item: S, description: string) => Type.Optional(setOf(item, description, 50))
const codes = <V extends ClosedVocabulary>(name: V, description: string) =>
  some(oneOf(CODES[name], `A code of the vocabulary \`${name}\`.`), description)

export const CURRENCY = '^[A-Z]{3}$'

/** How long somebody is ready to wait where they do not say: a quarter of a year. */
export const DEFAULT_HORIZON_DAYS = 90

export const Money = component(
  'Money',
  Type.Object(
    {
      amount: Type.Number({ minimum: 0, maximum: 1e12, description: 'How much, a year.' }),
      currency: Type.String({ pattern: CURRENCY, description: 'ISO 4217 code of the currency.' })
    },
    { ...closed, description: 'An amount of money, a year.' }
  )
)
export type Money = Static<typeof Money>

/** The parts of a context that are not lists, with what they may be. */
export const SCALARS = {
  purpose: oneOf(CODES['use-purpose'], 'What the results are for.'),
  populationSize: Type.Integer({ minimum: 1, maximum: 10_000_000_000, description: 'How many people would be counted, a year.' }),
  minutes: Type.Number({ exclusiveMinimum: 0, maximum: 1_440, description: 'Minutes that one person can be asked for.' }),
  horizonDays: Type.Integer({
    minimum: 0,
    maximum: 3_650,
    description: `Days within which it has to work; ${DEFAULT_HORIZON_DAYS} where nobody says.`
  }),
  asOf: Type.String({ format: 'date', description: 'The day for which the answer holds; today where nobody says.' })
}

export const ReadinessContext = component(
  'ReadinessContext',
  Type.Object(
    {
      jurisdiction: some(Jurisdiction('A jurisdiction.'), 'Where it is to be used (ISO 3166, or a UN M49 area code): in all of them.'),
      setting: codes('setting', 'The settings that there are: a measure for one of them will do.'),
      forPopulation: codes('population', 'The people who are served: a measure for some of them will do, and whom it leaves out is named.'),
      forCondition: codes('condition', 'Conditions that there are: a measure for one of them will do.'),
      data: codes('data-source', 'The kinds of data at hand.'),
      dataElement: some(label('An element.'), 'The data elements at hand, as the records name them.'),
      language: some(LanguageTag('A language (BCP 47).'), 'The languages of the people who would be asked: all of them.'),
      budget: Type.Optional(Type.Unsafe<Money>({ $ref: 'Money#' })),
      purpose: Type.Optional(SCALARS.purpose),
      populationSize: Type.Optional(SCALARS.populationSize),
      minutes: Type.Optional(SCALARS.minutes),
      stratifier: codes('equity-dimension', 'Equity dimensions that results have to be split by: all of them.'),
      horizonDays: Type.Optional(SCALARS.horizonDays),
      asOf: Type.Optional(SCALARS.asOf)
    },
    {
      ...closed,
      description: 'Where, with which data, languages, money and time a measure is to be used. What is left out is not assumed.'
    }
  )
)
export type ReadinessContext = Static<typeof ReadinessContext>
export type ContextField = keyof ReadinessContext
