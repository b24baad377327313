/**
 * The two vocabularies that are too long to list in full. What they list is labelled; what else belongs to them is told
 * by the form of the code: ISO 3166-2 for subdivisions of a country, BCP 47 (RFC 5646) for languages.
 */
import type { LabelLanguage } from './vocabulary.schema.ts'

/** How a code that is not listed as it stands is recognised, written and labelled. */
export type OpenRule = {
  /** The form in which to store it; `listed` says whether a code is on the list. */
  canonical: (code: string, listed: (code: string) => boolean) => string | undefined
  /** `labelOf` gives the label of a listed code. */
  label: (code: string, language: LabelLanguage, labelOf: (code: string) => string | undefined) => string | undefined
}

/** ISO 3166-2: the alpha-2 code of the country, a hyphen, and one to three letters or digits. */
const SUBDIVISION = /^([A-Z]{2})-[A-Z0-9]{1,3}$/

/** Listed with the two letters of a country, but no countries: they have no subdivisions in ISO 3166-2. */
const NOT_A_COUNTRY = new Set(['EU', 'XK'])

const countryOf = (code: string) => SUBDIVISION.exec(code)?.[1]

const jurisdiction: OpenRule = {
  canonical: (word, listed) => {
    const code = word.toUpperCase()
    if (listed(code)) return code
    const country = countryOf(code)
    return country && !NOT_A_COUNTRY.has(country) && listed(country) ? code : undefined
  },
  label: (code, _language, labelOf) => {
    const country = labelOf(countryOf(code) ?? '')
    return country && `${country} (${code})`
  }
}

const named = new Map<string, Intl.DisplayNames>()
const languageNames = (language: string) => {
  const known = named.get(language) ?? new Intl.DisplayNames([language], { type: 'language', fallback: 'none' })
  named.set(language, known)
  return known
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
    return tag && (listed(primary(tag)) || languageNames('en').of(primary(tag))) ? tag : undefined
  },
  label: (code, shown) => languageNames(shown).of(code)
}

export const OPEN_RULES: ReadonlyMap<string, OpenRule> = new Map(Object.entries({ jurisdiction, language }))
