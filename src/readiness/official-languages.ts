/** Which languages are official where: told of a measure that has no version in one of them. */
import { iso31662 } from 'iso-3166'
import main from './main-languages.json' with { type: 'json' }
import languages from './official-languages.json' with { type: 'json' }

/** National and regional ones, from Unicode CLDR; made by `scripts/generate-official-languages.ts`. */
const LANGUAGES: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(languages))
/** Of countries: those that at least 15 % of the people speak, and the most spoken of all. */
const MAIN: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(main))
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

/**
 * The official languages that a measure for a whole country or part of one cannot do without: the most spoken, and those that many
 * speak. Smaller official languages are left out: who misses them is told where somebody asks for the place.
 */
export function mainLanguagesOf(jurisdiction: string): readonly string[] {
  const official = officialLanguagesOf(jurisdiction)
  const many = MAIN.get(jurisdiction.split('-', 1)[0]!) ?? []
  return official.filter((language, i) => i === 0 || many.includes(language))
}
