/**
 * The two vocabularies that are too long to list in full. What they list is labelled; what else belongs to them is told
 * by the form of the code: ISO 3166-2 for subdivisions of a country, BCP 47 (RFC 5646) for languages.
 */
import { iso31662 } from 'iso-3166'

/** How a code that is not listed as it stands is recognised, written and named. */
export type OpenRule = {
  /** The form in which to store it; `listed` says whether a code is on the list. */
  canonical: (code: string, listed: (code: string) => boolean) => string | undefined
  /** Its own name in a language, where there is one. */
  name: (code: string, language: string) => string | undefined
  /** The code to name it after, where it has no name of its own. */
  base: (code: string) => string
}

/** ISO 3166-2: the alpha-2 code of the country, a hyphen, and one to three letters or digits. */
const SUBDIVISION = /^([A-Z]{2})-[A-Z0-9]{1,3}$/

const SUBDIVISIONS: ReadonlySet<string> = new Set(iso31662.map(({ code }) => code))

/** In common use for a country with another code: `UK` is reserved in ISO 3166-1, `EL` is how the European Union writes Greece. */
const COUNTRY_ALIASES = new Map([
  ['UK', 'GB'],
  ['EL', 'GR']
])

const countryOf = (code: string) => SUBDIVISION.exec(code)?.[1] ?? ''

const jurisdiction: OpenRule = {
  canonical: (word, listed) => {
    const upper = word.toUpperCase()
    const code = COUNTRY_ALIASES.get(upper) ?? upper
    const country = countryOf(code)
    return listed(code) || (listed(country) && SUBDIVISIONS.has(code)) ? code : undefined
  },
  name: () => undefined,
  base: countryOf
}

const perLanguage = new Map<string, Intl.DisplayNames>()
const languageNames = (language: string) => {
  const names = perLanguage.get(language) ?? new Intl.DisplayNames([language], { type: 'language', fallback: 'none' })
  perLanguage.set(language, names)
  return names
}

/**
 * Case does not matter in a tag (RFC 5646, section 2.1.1), and some subtags have a newer form (section 4.5). Files from elsewhere
 * write locale codes with underscores.
 */
const canonicalTag = (tag: string) => {
  try {
    return Intl.getCanonicalLocales(tag.replaceAll('_', '-'))[0]
  } catch {
    return undefined
  }
}
const primary = (tag: string) => tag.split('-', 1)[0] as string

const language: OpenRule = {
  canonical: (code, listed) => {
    const tag = canonicalTag(code)
    // Extensions and private use say more than which language it is.
    if (!tag || new Intl.Locale(tag).baseName !== tag) return undefined
    return listed(primary(tag)) || languageNames('en').of(primary(tag)) ? tag : undefined
  },
  name: (code, shown) => languageNames(shown).of(code),
  base: primary
}

export const OPEN_RULES: ReadonlyMap<string, OpenRule> = new Map(Object.entries({ jurisdiction, language }))
