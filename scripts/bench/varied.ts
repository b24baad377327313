/** Made-up measures that differ in everything that readiness reads: the hard case, where hardly two have the same languages, splits or owner. */
import type { CatalogueRecord } from '../../src/catalogue/files.ts'
import type { MeasureContent } from '../../src/measures/measure.schema.ts'
import { CODES } from '../../src/vocabularies/codes.ts'
import { generator, syntheticMeasure } from './synthetic.ts'

const LANGUAGES = 'en nl fr de es it pt sv da nb fi pl cs sk hu ro bg el tr ar he fa ur hi bn ta zh ja ko vi th id ru uk'.split(' ')
export const PLACES = 'US GB-ENG GB-SCT NL BE FR DE ES IT PT SE DK NO FI PL CZ HU CA AU NZ JP KR SG BR MX ZA IN TR'.split(' ')
const OWNERS = 500

export function variedMeasure(i: number, records: readonly CatalogueRecord[]): { id: string; content: MeasureContent } {
  const { id, content } = syntheticMeasure(i, records)
  const random = generator(i + 1_000_003)
  const below = (n: number) => Math.floor(random() * n)
  const pick = <T>(items: readonly T[]): T => items[below(items.length)]!
  const some = <T>(items: readonly T[], max: number): T[] => [...new Set(Array.from({ length: below(max + 1) }, () => pick(items)))]
  const owner = `Owner ${below(OWNERS)}`
  const asks = content.instrument !== undefined
  return {
    id,
    content: {
      ...content,
      settings: some(CODES.setting, 4),
      populations: some(CODES.population, 4),
      conditions: some(CODES.condition, 3),
      jurisdictions: some(PLACES, 8),
      dataSources: [pick(CODES['data-source']), ...some(CODES['data-source'], 2)].map((kind) => ({ kind })),
      stratifiers: some(CODES['equity-dimension'], 8).map((dimension) => ({
        dimension,
        availability: pick(CODES['stratifier-availability'])
      })),
      ...(asks
        ? {
            languages: some(LANGUAGES, 14).map((code) => ({ code, validation: pick(CODES['translation-validation']) })),
            instrument: { ...content.instrument, minutes: 1 + below(40) }
          }
        : {}),
      licence: { permission: pick(CODES.permission), fee: pick(CODES.fee), amount: below(50) * 100, currency: pick(['EUR', 'USD', 'GBP']) },
      development: { steward: owner },
      testing: { reliability: pick(CODES['testing-result']), validity: pick(CODES['testing-result']) },
      provenance: [
        {
          fields: some(['licence', 'languages', 'stratifiers', 'settings', 'testing', 'use', 'dataSources'], 6).concat('title'),
          status: pick(CODES['provenance-status'])
        }
      ]
    } as MeasureContent
  }
}
