/** Measures and contexts as fast-check makes them: everything that a gate reads, in every state that it can have. */
import fc from 'fast-check'
import type { Measure, MeasureContent } from '../../src/measures/measure.schema.ts'
import { composeMeasure } from '../../src/measures/measure.ts'
import type { ReadinessContext } from '../../src/readiness/context.schema.ts'
import type { Asked } from '../../src/readiness/gate.ts'
import { asked } from '../../src/readiness/readiness.ts'
import { CODES } from '../../src/vocabularies/codes.ts'

const TODAY = '2026-11-24'
const LANGUAGES = ['nl', 'nl-BE', 'fr', 'ar', 'tr', 'pt', 'pt-BR'] as const
const PLACES = ['BE', 'BE-VLG', 'GB', 'GB-ENG', 'US', 'EU', '001'] as const

const some = <T>(items: readonly T[], max = 3) => fc.uniqueArray(fc.constantFrom(...items), { minLength: 1, maxLength: max })
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
/** The same without what is undefined: a field that is not there is not there. */
const without = <T extends object>(arbitrary: fc.Arbitrary<T>) =>
  arbitrary.map((object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T)

const result = maybe(fc.constantFrom(...CODES['testing-result']))
const text = fc.constantFrom('People.', 'Those who died.')

const provenance = fc.array(
  fc.record({
    fields: some(
      [
        'testing',
        'languages',
        'languages.nl',
        'licence',
        'licence.fee',
        'dataSources',
        'use',
        'direction',
        'settings',
        'stratifiers',
        'instrument'
      ],
      5
    ),
    status: fc.constantFrom(...CODES['provenance-status'])
  }),
  { maxLength: 4 }
)

export const content: fc.Arbitrary<MeasureContent> = without(
  fc.record({
    title: fc.constant('A measure'),
    scoring: maybe(fc.constantFrom(...CODES.scoring)),
    direction: maybe(fc.constantFrom(...CODES.direction)),
    specification: maybe(without(fc.record({ numerator: maybe(text), denominator: maybe(text), measurePopulation: maybe(text) }))),
    instrument: maybe(without(fc.record({ name: maybe(fc.constant('A scale')), minutes: maybe(fc.constantFrom(5, 10, 30)) }))),
    settings: maybe(some(CODES.setting)),
    populations: maybe(some(CODES.population)),
    conditions: maybe(some(CODES.condition)),
    jurisdictions: maybe(some(PLACES)),
    stratifiers: maybe(
      fc.array(
        fc.record({
          dimension: fc.constantFrom(...CODES['equity-dimension']),
          availability: fc.constantFrom(...CODES['stratifier-availability'])
        }),
        { maxLength: 4 }
      )
    ),
    excludes: maybe(fc.array(fc.record({ dimension: fc.constantFrom(...CODES['equity-dimension']), note: text }), { maxLength: 2 })),
    dataSources: maybe(
      fc.array(
        without(fc.record({ kind: fc.constantFrom(...CODES['data-source']), elements: maybe(some(['HbA1c', 'Blood pressure', 'Age'])) })),
        { maxLength: 3 }
      )
    ),
    languages: maybe(
      fc.uniqueArray(fc.record({ code: fc.constantFrom(...LANGUAGES), validation: fc.constantFrom(...CODES['translation-validation']) }), {
        selector: ({ code }) => code,
        maxLength: 4
      })
    ),
    licence: maybe(
      without(
        fc.record({
          permission: maybe(fc.constantFrom(...CODES.permission)),
          fee: maybe(fc.constantFrom(...CODES.fee)),
          amount: maybe(fc.constantFrom(100, 1_000)),
          currency: maybe(fc.constantFrom('EUR', 'USD'))
        })
      )
    ),
    testing: maybe(without(fc.record({ reliability: result, validity: result }))),
    evidence: maybe(fc.constantFrom([{ title: 'A study', supports: ['validity' as const] }])),
    use: maybe(
      fc.array(
        without(
          fc.record({
            organisation: fc.constant('Somebody'),
            jurisdiction: maybe(fc.constantFrom(...PLACES)),
            lastConfirmed: maybe(fc.constantFrom(2010, 2023, 2025)),
            purpose: maybe(fc.constantFrom(...CODES['use-purpose']))
          })
        ),
        { maxLength: 3 }
      )
    ),
    development: maybe(fc.constantFrom({ steward: 'A steward' }, { year: 2001 })),
    nextReviewDue: maybe(fc.constantFrom('2020-01-01', '2028-01-01')),
    provenance: maybe(provenance)
  })
) as fc.Arbitrary<MeasureContent>

export const measureOf = (written: MeasureContent, id = 'a-measure', status: Measure['status'] = 'active'): Measure =>
  composeMeasure(written, {
    id,
    publicUrl: 'https://registry.example',
    status,
    createdAt: `${TODAY}T10:00:00.000Z`,
    updatedAt: `${TODAY}T10:00:00.000Z`
  })

export const measure: fc.Arbitrary<Measure> = fc
  .tuple(content, fc.constantFrom('active' as const, 'active' as const, 'retired' as const))
  .map(([written, status]) => measureOf(written, 'a-measure', status))

export const stated: fc.Arbitrary<ReadinessContext> = without(
  fc.record({
    jurisdiction: maybe(some(PLACES, 2)),
    setting: maybe(some(CODES.setting)),
    forPopulation: maybe(some(CODES.population)),
    forCondition: maybe(some(CODES.condition)),
    data: maybe(some(CODES['data-source'])),
    dataElement: maybe(some(['hba1c', 'Age'])),
    language: maybe(some(LANGUAGES)),
    budget: maybe(fc.record({ amount: fc.constantFrom(0, 100, 500, 5_000), currency: fc.constantFrom('EUR', 'USD') })),
    purpose: maybe(fc.constantFrom(...CODES['use-purpose'])),
    populationSize: maybe(fc.constantFrom(1, 29, 30, 99, 100, 5_000)),
    minutes: maybe(fc.constantFrom(1, 5, 20, 60)),
    stratifier: maybe(some(CODES['equity-dimension'])),
    horizonDays: maybe(fc.constantFrom(0, 30, 59, 60, 90, 180, 365))
  })
) as fc.Arbitrary<ReadinessContext>

export const context: fc.Arbitrary<Asked> = stated.map((each) => asked(each, TODAY))
export { LANGUAGES, PLACES, TODAY }
