/** The texts that a reader sees (http://hl7.org/fhir/R4/measure-definitions.html), and their translations. */
import { cleanTitle } from '../imports/cleaning.ts'
import { MeasureContent, Translation } from '../measures/measure.schema.ts'
import { extensionsOf, extensionValues, TRANSLATION, urlOf } from './extensions.ts'
import type { Findings } from './findings.ts'
import type { Lists } from './lists.ts'
import { at, filled, isAbsent, type Place, textAt } from './place.ts'
import { fittedList, isPlaceholder, maxLengthOf, read, readText } from './texts.ts'

const { properties } = MeasureContent

type Texts = Pick<MeasureContent, 'title' | 'description' | 'rationale' | 'guidance'>
export type TextName = keyof Texts

export function readTexts(findings: Findings, resource: Place): Partial<Texts> {
  const text = (element: string, field: TextName) => readText(findings, at(resource, element), { field, schema: properties[field] })
  return filled<Texts>({
    title: readTitle(findings, resource),
    description: text('description', 'description'),
    rationale: text('rationale', 'rationale') ?? standIn(findings, resource, 'purpose', 'rationale'),
    guidance: text('guidance', 'guidance') ?? standIn(findings, resource, 'usage', 'guidance')
  })
}

/** A title is for people, a name for computers. */
function readTitle(findings: Findings, resource: Place): string | undefined {
  const target = { field: 'title', schema: properties.title }
  const title = read(findings, at(resource, 'title'), target, cleanTitle)
  if (title !== undefined) return title
  const name = at(resource, 'name')
  const stand = read(findings, name, target, cleanTitle)
  if (stand === undefined)
    findings.refuse(at(resource, 'title'), {
      code: 'missing',
      field: 'title',
      detail: 'It has neither a title nor a name.',
      mend: 'Give it a title.'
    })
  else findings.warn(name, { code: 'not-mapped', field: 'title', detail: 'It has no title; the name that it has for computers stands in.' })
  return stand
}

/** An element close to the one that is missing. `purpose` says why the measure is needed, `usage` how it is used. */
function standIn(findings: Findings, resource: Place, element: string, field: TextName): string | undefined {
  const place = at(resource, element)
  const text = readText(findings, place, { field, schema: properties[field] })
  if (text !== undefined)
    findings.warn(place, { code: 'not-mapped', field, detail: `It has no ${field}; its ${element} stands in for it.` })
  return text
}

/** Elements that stand in for others are held by the field of those; else they are kept apart, unless they say the same. */
export function noteStandIns(findings: Findings, resource: Place, texts: Partial<Texts>): void {
  for (const [element, field] of [
    ['purpose', 'rationale'],
    ['usage', 'guidance']
  ] as const) {
    const text = textAt(at(resource, element))
    if (text === undefined || isPlaceholder(text)) continue
    const isHeld = texts[field] !== undefined && [undefined, text].includes(textAt(at(resource, field)))
    if (!isHeld) findings.keepApart(element)
  }
}

/** Translations of an element stand beside it (http://hl7.org/fhir/R4/extension-translation.html). */
export function readTranslations(findings: Findings, resource: Place, lists: Lists): NonNullable<MeasureContent['translations']> {
  const byTag = new Map<string, Record<string, string>>()
  for (const field of ['title', 'description', 'rationale', 'guidance'] as const) {
    for (const extension of extensionsOf(at(resource, `_${field}`)).filter((each) => urlOf(each) === TRANSLATION)) {
      const translated = readTranslation(findings, extension, field, lists)
      if (!translated) continue
      const texts = byTag.get(translated.tag) ?? {}
      texts[field] ??= translated.text
      byTag.set(translated.tag, texts)
    }
  }
  // The limit of an object stands under another name than that of a list.
  const { maxProperties } = properties.translations as { maxProperties?: number }
  const target = { field: 'translations', schema: { maxItems: maxProperties } }
  return Object.fromEntries(fittedList(findings, resource, target, [...byTag]))
}

function readTranslation(findings: Findings, extension: Place, field: TextName, lists: Lists) {
  const lang = extensionValues(extension, 'lang')[0]
  const content = extensionValues(extension, 'content')[0]
  const tag = lang && readLanguageTag(findings, lang, lists, 'translations')
  if (!tag || !content) return undefined
  const target = { field: `translations.${tag}.${field}`, schema: Translation.properties[field] }
  const text = field === 'title' ? read(findings, content, target, cleanTitle) : readText(findings, content, target)
  return text === undefined ? undefined : { tag, text }
}

/** A language tag (BCP 47), which software often writes as a locale: `pt_br`. */
export function readLanguageTag(findings: Findings, place: Place, lists: Lists, field: string): string | undefined {
  const raw = textAt(place)?.trim()
  const known = raw && lists.canonical('language', raw)
  const tag = known && known.length <= maxLengthOf(properties.language) ? known : undefined
  if (!tag && !isAbsent(place))
    findings.warn(place, { code: 'not-mapped', field, detail: 'This is not a language tag.', expected: 'A tag of BCP 47, such as pt-BR.' })
  else if (tag && tag !== raw) findings.warn(place, { code: 'locale', field, detail: `It is stored as "${tag}" (BCP 47).` })
  return tag
}
