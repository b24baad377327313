/** Measures made up of the starter catalogue's own words and codes, as many as are wanted, always the same for the same number. */
import type { CatalogueRecord } from '../../src/catalogue/files.ts'
import type { MeasureContent } from '../../src/measures/measure.schema.ts'

/** A small generator of numbers in [0, 1): the same seed gives the same run (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A word that one measure in a thousand has; `broad` stands in every second one. */
export const RARE_WORD = 'zebrafish'
export const BROAD_WORD = 'coordination'

/** The `i`-th made-up measure: a starter record with another title, about 2 KB as it is answered. */
export function syntheticMeasure(i: number, records: readonly CatalogueRecord[]): { id: string; content: MeasureContent } {
  const random = generator(i)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!
  const [base, other] = [pick(records), pick(records)]
  const { id: _id, provenance: _provenance, evidence: _evidence, relations: _relations, guidance: _guidance, use, ...content } = base
  const words = [i % 1_000 === 0 ? RARE_WORD : '', i % 2 === 0 ? BROAD_WORD : ''].filter(Boolean)
  return {
    id: `synthetic-${i}`,
    content: {
      ...content,
      title: `${base.title} with ${other.title.split(' ').slice(0, 3).join(' ')} ${i}`.slice(0, 400),
      acronym: `SYN${i}`,
      description: [content.description, ...words].join(' '),
      identifiers: [{ system: 'synthetic', value: String(i) }],
      ...(use ? { use: use.slice(0, 2) } : {})
    }
  }
}
