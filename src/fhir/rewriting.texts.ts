/** Changed texts and names, written back. */
import { extensionsOf, extensionValues, SHORT_STRING, TRANSLATION, urlOf } from './extensions.ts'
import { at, rootOf, textAt } from './place.ts'
import { holderOf, originsOf, type Rewriting } from './rewriting.ts'
import { contactElement, translationExtension } from './writing.elements.ts'
import { acronymElement } from './writing.fresh.ts'

/** Texts and names with an element each. */
export function rewriteTexts(rewriting: Rewriting): void {
  const { edits, was, now } = rewriting
  const copyright = originsOf(rewriting, 'licence.copyright')[0] ?? '/copyright'
  const elements: [string | undefined, string | undefined, string][] = [
    [was.title, now.title, '/title'],
    [was.description, now.description, '/description'],
    [was.rationale, now.rationale, '/rationale'],
    [was.guidance, now.guidance, '/guidance'],
    [was.language, now.language, '/language'],
    [was.development?.steward, now.development?.steward, '/publisher'],
    [was.licence?.copyright, now.licence?.copyright, copyright],
    [was.licence?.note, now.licence?.note, '/disclaimer']
  ]
  for (const [before, after, pointer] of elements) if (before !== after) edits.set(pointer, after)
  rewriteContact(rewriting)
}

function rewriteContact(rewriting: Rewriting): void {
  const [before, after] = [rewriting.was.development?.contact, rewriting.now.development?.contact]
  if (before === after) return
  const [origin] = originsOf(rewriting, 'development.contact')
  if (origin !== undefined) rewriting.edits.remove(origin)
  if (after !== undefined) rewriting.edits.append('/contact', contactElement(after))
}

export function rewriteShortNames(rewriting: Rewriting): void {
  const { edits, was, now } = rewriting
  if (was.acronym !== now.acronym) rewriteAcronym(rewriting)
  if (was.shortTitle === now.shortTitle) return
  const [origin] = originsOf(rewriting, 'shortTitle')
  if (origin !== undefined && now.shortTitle === undefined) edits.remove(holderOf(origin))
  else if (origin !== undefined) edits.set(origin, now.shortTitle)
  else edits.append('/_title/extension', { url: SHORT_STRING, valueString: now.shortTitle })
}

/** The identifier that was the acronym may have to stay one all the same. */
function rewriteAcronym(rewriting: Rewriting): void {
  const { edits, was, now } = rewriting
  const [identifier] = originsOf(rewriting, 'acronym')
  const isKept = (now.identifiers ?? []).some(({ value }) => value === was.acronym)
  if (identifier !== undefined && !isKept && now.acronym !== undefined) edits.set(`${identifier}/value`, now.acronym)
  else {
    if (identifier !== undefined) edits.remove(`${identifier}/type`)
    if (now.acronym !== undefined) edits.append('/identifier', acronymElement(now.acronym))
  }
}

export function rewriteTranslations({ edits, kept, was, now, lists }: Rewriting): void {
  for (const field of ['title', 'description', 'rationale', 'guidance'] as const) {
    const beside = at(rootOf(kept), `_${field}`)
    const translations = extensionsOf(beside).filter((extension) => urlOf(extension) === TRANSLATION)
    for (const tag of new Set([...Object.keys(was.translations ?? {}), ...Object.keys(now.translations ?? {})])) {
      const text = now.translations?.[tag]?.[field]
      if (was.translations?.[tag]?.[field] === text) continue
      const own = translations.filter((extension) => {
        const lang = textAt(extensionValues(extension, 'lang')[0] ?? extension)
        return lang !== undefined && lists.canonical('language', lang.trim()) === tag
      })
      const [first, ...others] = own
      if (text === undefined) for (const { pointer } of own) edits.remove(pointer)
      else if (first === undefined) edits.append(`/_${field}/extension`, translationExtension(tag, text, field !== 'title'))
      else {
        edits.set(first.pointer, translationExtension(tag, text, field !== 'title'))
        for (const { pointer } of others) edits.remove(pointer)
      }
    }
  }
}
