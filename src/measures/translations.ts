import { isEmpty } from './completeness.ts'
import { type MeasureContent, TRANSLATABLE, type Translation } from './measure.schema.ts'

type Translations = NonNullable<MeasureContent['translations']>
type Translatable = (typeof TRANSLATABLE)[number]

/**
 * The translations of a version that is about to be published. One that was changed is made from this version; one that
 * was left alone keeps the version it was made from, and names the texts that have changed since.
 */
export function stampTranslations(content: MeasureContent, before: MeasureContent | undefined, version: string): MeasureContent {
  if (isEmpty(content.translations)) return content
  const changed = TRANSLATABLE.filter((field) => content[field] !== before?.[field])
  const stamped = Object.entries(content.translations as Translations).map(([tag, translation]) => {
    const earlier = before?.translations?.[tag]
    return [tag, earlier && sameTexts(translation, earlier) ? aged(earlier, translation, changed) : fresh(translation, version)]
  })
  return { ...content, translations: Object.fromEntries(stamped) }
}

const sameTexts = (a: Translation, b: Translation) => TRANSLATABLE.every((field) => a[field] === b[field])

function fresh({ outdated: _outdated, ...texts }: Translation, version: string): Translation {
  return { ...texts, madeFrom: version }
}

/** `validation` may be edited without making the translation any newer. */
function aged(earlier: Translation, { validation }: Translation, changed: readonly Translatable[]): Translation {
  const outdated = TRANSLATABLE.filter(
    (field) => earlier[field] !== undefined && (changed.includes(field) || earlier.outdated?.includes(field))
  )
  const { outdated: _outdated, validation: _validation, ...kept } = earlier
  return { ...kept, ...(validation ? { validation } : {}), ...(outdated.length > 0 ? { outdated } : {}) }
}

/** The language that a record can be shown in for who asks for `language`: as asked, or its primary language, or none. */
export function translationFor(available: readonly string[], language: string): string | undefined {
  const wanted = language.toLowerCase()
  const exact = available.find((tag) => tag.toLowerCase() === wanted)
  return exact ?? available.find((tag) => tag.toLowerCase() === wanted.split('-')[0])
}

/** The language of a record's texts, then those that they are translated into. */
export const languagesOf = ({ language = 'en', translations = {} }: Partial<MeasureContent>): string[] => [
  language,
  ...Object.keys(translations)
]

/** The record with its texts in a language it is translated into; texts that are not translated stay as they are. */
export function inLanguage<M extends Partial<MeasureContent>>(measure: M, language: string): { measure: M; language: string } {
  const [own, ...others] = languagesOf(measure)
  const tag = translationFor([own!, ...others], language)
  if (tag === undefined || tag === own) return { measure, language: own! }
  const texts = measure.translations?.[tag]
  const translated = TRANSLATABLE.filter((field) => texts?.[field] !== undefined).map((field) => [field, texts?.[field]])
  return { measure: { ...measure, ...Object.fromEntries(translated) }, language: tag }
}
