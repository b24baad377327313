/** What a schema cannot say of a measure's content: codes of open lists, tags in their canonical form, relations that point somewhere. */
import { closest } from 'fastest-levenshtein'
import deprecated from 'spdx-license-ids/deprecated.json' with { type: 'json' }
import spdx from 'spdx-license-ids/index.json' with { type: 'json' }
import type { MeasureContent } from './measure.schema.ts'

const SPDX: readonly string[] = [...spdx, ...deprecated]

/** What is wrong with a place of a record, and the nearest thing that would be right. */
export interface Fault {
  readonly pointer: string
  readonly detail: string
  readonly nearest?: string
}

/** The open lists: jurisdictions and languages. */
export interface OpenLists {
  has(name: 'jurisdiction' | 'language', code: string): boolean
  nearest(name: 'jurisdiction' | 'language', code: string): string | undefined
}

/** Looking for the nearest code takes a while: so many are named, however many are wrong. */
const MAX_CODE_FAULTS = 20

/** Everything in the content that its schema lets pass and that is still wrong. */
export function faultsIn(content: MeasureContent, lists: OpenLists): Fault[] {
  return [
    ...codesAt(content)
      .filter(({ list, code }) => !isValid(lists, list, code))
      .slice(0, MAX_CODE_FAULTS)
      .map(({ list, code, pointer }) => codeFault(lists, list, code, pointer)),
    ...(content.relations ?? []).flatMap(({ measure, url }, i) =>
      measure === undefined && url === undefined
        ? [{ pointer: `/relations/${i}`, detail: 'A relation needs a measure of this registry or a url.' }]
        : []
    ),
    ...licenceFault(content.licence?.id),
    ...duplicates((content.languages ?? []).map(({ code }) => code)).map((i) => ({
      pointer: `/languages/${i}/code`,
      detail: 'This language is given twice.'
    }))
  ]
}

/** SPDX identifiers compare without case, and are written as the list writes them. */
function licenceFault(id: string | undefined): Fault[] {
  if (id === undefined || id.startsWith('LicenseRef-') || SPDX.includes(id)) return []
  const nearest = SPDX.find((known) => known.toLowerCase() === id.toLowerCase()) ?? closest(id, SPDX)
  return [
    {
      pointer: '/licence/id',
      detail: `"${id}" is not an SPDX identifier. Where SPDX has none, write LicenseRef-… and say more in the note.`,
      nearest
    }
  ]
}

function codesAt(content: MeasureContent): { list: 'jurisdiction' | 'language'; code: string; pointer: string }[] {
  const at = (list: 'jurisdiction' | 'language', code: string | undefined, pointer: string) =>
    code === undefined ? [] : [{ list, code, pointer }]
  return [
    ...at('language', content.language, '/language'),
    ...Object.keys(content.translations ?? {}).flatMap((tag) => at('language', tag, `/translations/${tag}`)),
    ...(content.languages ?? []).flatMap(({ code }, i) => at('language', code, `/languages/${i}/code`)),
    ...(content.jurisdictions ?? []).flatMap((code, i) => at('jurisdiction', code, `/jurisdictions/${i}`)),
    ...(content.use ?? []).flatMap(({ jurisdiction }, i) => at('jurisdiction', jurisdiction, `/use/${i}/jurisdiction`)),
    ...(content.targets ?? []).flatMap(({ jurisdiction }, i) => at('jurisdiction', jurisdiction, `/targets/${i}/jurisdiction`))
  ]
}

const isValid = (lists: OpenLists, list: 'jurisdiction' | 'language', code: string) =>
  lists.has(list, code) && (list !== 'language' || canonical(code) === code)

function codeFault(lists: OpenLists, list: 'jurisdiction' | 'language', code: string, pointer: string): Fault {
  const nearest = list === 'language' && canonical(code) && lists.has(list, canonical(code)!) ? canonical(code) : lists.nearest(list, code)
  const detail = `"${code}" is not a ${list === 'language' ? 'language tag (BCP 47)' : 'jurisdiction (ISO 3166)'} that the registry knows.`
  return { pointer, detail, ...(nearest ? { nearest } : {}) }
}

function canonical(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0]
  } catch {
    return undefined
  }
}

const duplicates = (values: readonly string[]) => values.flatMap((value, i) => (values.indexOf(value) < i ? [i] : []))
