/**
 * Content that already has the form of ours: its texts are cleaned, its language tags and jurisdictions written as they are
 * stored, and members that we do not have are refused by name. Whatever else is wrong is for the schema to say.
 */
import { closest } from 'fastest-levenshtein'
import type { Vocabularies } from '../../vocabularies/vocabularies.ts'
import type { Findings, Place } from './findings.ts'
import { memberShape, proseOf, type Shape, shapeOf, vocabularyOf } from './shapes.ts'

/** No name that is longer is a slip of the keys. */
const MAX_NAME = 200

/** What it takes to tidy: where notes go, and how a place in the value is called. */
export interface Tidying {
  readonly lists: Vocabularies
  readonly findings: Findings
  readonly placeOf: (path: readonly string[]) => Place
}

type Path = readonly string[]

export function tidy(tidying: Tidying, value: unknown, shape: Shape, path: Path): unknown {
  if (typeof value === 'string') return tidyText(tidying, value, shape, path)
  if (Array.isArray(value)) return value.map((item, i) => tidy(tidying, item, shapeOf(shape.items), [...path, String(i)]))
  if (!isObject(value)) return value
  if (shape.properties) return tidyObject(tidying, value, shape, path)
  const [perTag] = Object.values(shape.patternProperties ?? {})
  return perTag ? tidyByTag(tidying, value, shapeOf(perTag), path) : value
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function tidyText({ lists, findings, placeOf }: Tidying, text: string, shape: Shape, path: Path): string {
  const vocabulary = vocabularyOf(shape)
  // The codes of closed lists have one form.
  if (vocabulary !== undefined && !shape.enum) return canonicalCode(lists, findings, placeOf(path), vocabulary, text) ?? text
  const prose = proseOf(shape)
  return prose ? findings.clean(placeOf(path), text, isTitle(path) ? 'title' : prose) : text
}

/** The title of a measure, in any language; those of publications and groups are texts like others. */
const isTitle = (path: Path) => path.at(-1) === 'title' && (path.length === 1 || path[0] === 'translations')

/** A code in the form in which it is stored; nothing if it is none. A form that is not ours is told of. */
export function canonicalCode(lists: Vocabularies, findings: Findings, place: Place, vocabulary: string, code: string): string | undefined {
  const canonical = lists.canonical(vocabulary, code)
  if (canonical !== undefined && canonical !== code)
    findings.warn(place, code, { code: 'locale', detail: `It was written as it is stored: ${canonical}.` })
  return canonical
}

function tidyObject(tidying: Tidying, value: Record<string, unknown>, shape: Shape, path: Path): object {
  const members = Object.entries(value).flatMap(([name, member]) => {
    const known = memberShape(shape, name)
    if (known) return [[name, tidy(tidying, member, known, [...path, name])]]
    refuseMember(tidying, name, Object.keys(shape.properties ?? {}), [...path, name])
    return []
  })
  return Object.fromEntries(members)
}

/** Refuses a member that we do not have, and names the one that may have been meant. */
export function refuseMember({ findings, placeOf }: Tidying, name: string, known: readonly string[], path: Path, mend = ''): void {
  const nearest = name !== '' && name.length <= MAX_NAME && known.length > 0 ? closest(name, known as string[]) : undefined
  const mending = [nearest && `Did you mean "${nearest}"?`, mend].filter(Boolean).join(' ')
  findings.refuse(placeOf(path), name, {
    code: 'unknown-field',
    detail: 'There is no such field.',
    ...(mending ? { mend: mending } : {})
  })
}

function tidyByTag(tidying: Tidying, value: Record<string, unknown>, shape: Shape, path: Path): object {
  const { lists, findings, placeOf } = tidying
  const tidied = new Map<string, unknown>()
  for (const [tag, texts] of Object.entries(value)) {
    const place = placeOf([...path, tag])
    // A tag that is none stays as it is, for the check of the codes to name.
    const code = canonicalCode(lists, findings, place, 'language', tag) ?? tag
    if (tidied.has(code)) findings.refuse(place, tag, { code: 'ambiguous', detail: `The language ${code} is given twice.` })
    tidied.set(code, tidy(tidying, texts, shape, [...path, tag]))
  }
  return Object.fromEntries(tidied)
}
