/** Which languages are official where: told of a measure that has no version in one of them. */
import { iso31662 } from 'iso-3166'
import languages from './official-languages.json' with { type: 'json' }

/** National and regional ones, from Unicode CLDR; made by `scripts/generate-official-languages.ts`. */
const LANGUAGES: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(languages))
/** ISO 3166-2: what a part of a country is a part of. */
const WHOLE: ReadonlyMap<string, string> = new Map(iso31662.map(({ code, parent }) => [code, parent]))

/**
 * The official languages of a country or a part of one (ISO 3166), as BCP 47 tags, the most spoken first. A part that is not
 * listed has those of the whole; what is not known has none.
 */
export function officialLanguagesOf(jurisdiction: string): readonly string[] {
  const found = LANGUAGES.get(jurisdiction)
  if (found) return found
  const whole = WHOLE.get(jurisdiction)
  return whole === undefined ? [] : officialLanguagesOf(whole)
}
