/**
 * How a Measure says which it is: canonical url, business version and identifiers
 * (http://hl7.org/fhir/R4/resource.html#canonical, http://hl7.org/fhir/R4/datatypes.html#Identifier).
 */
import type { Static } from 'typebox'
import type { Identity } from '../imports/candidate.ts'
import { cleanLine } from '../imports/cleaning.ts'
import { shown } from '../imports/note.ts'
import { URI_SYSTEM } from '../measures/identifiers.ts'
import * as part from '../measures/measure.parts.ts'
import { MeasureContent, SEMVER } from '../measures/measure.schema.ts'
import { codingsOf, entryFor, type Table } from './concept.ts'
import { extensionValues, SHORT_STRING } from './extensions.ts'
import type { Findings } from './findings.ts'
import identifierTypes from './knowledge/identifier-types.json' with { type: 'json' }
import { at, each, filled, type Place, textAt } from './place.ts'
import { fittedList, maxLengthOf, readLine, readString } from './texts.ts'

type Identifier = Static<typeof part.Identifier>

export const IDENTIFIER_TYPES: Table = identifierTypes

/** The part of a canonical address before the version. */
export const withoutVersion = (canonical: string) => canonical.split('|', 1)[0]!

export function readIdentity(findings: Findings, resource: Place): Identity {
  const line = (name: string) => {
    const raw = readString(findings, at(resource, name), name)
    return raw === undefined ? undefined : cleanLine(raw).text || undefined
  }
  const canonical = line('url')
  return filled<Identity>({
    url: canonical === undefined ? undefined : withoutVersion(canonical) || undefined,
    release: line('version') ?? (canonical?.split('|')[1] || undefined),
    date: line('date')
  })
}

/** Its names of few letters: the identifier that is typed as a short name, and the short form of the title. */
export function readShortNames(findings: Findings, resource: Place) {
  const typed = each(at(resource, 'identifier')).find((identifier) => entryFor(IDENTIFIER_TYPES, at(identifier, 'type'))?.to === 'acronym')
  const short = extensionValues(at(resource, '_title'), SHORT_STRING)[0]
  const { acronym: schema, shortTitle } = MeasureContent.properties
  const name = typed && cleanLine(textAt(at(typed, 'value')) ?? '').text
  // A name too long for an acronym is none; as an identifier it is kept whole.
  const acronym = name && name.length <= maxLengthOf(schema) ? name : undefined
  if (typed && acronym) findings.foundAt('acronym', typed)
  if (short) findings.foundAt('shortTitle', short)
  return filled<Pick<MeasureContent, 'acronym' | 'shortTitle'>>({
    acronym,
    shortTitle: short && readLine(findings, short, { field: 'shortTitle', schema: shortTitle })
  })
}

/** Everything that identifies it, each once. Versions are the registry's own here: what its publisher calls this one is kept as an identifier. */
export function readIdentifiers(findings: Findings, resource: Place, identity: Identity): Identifier[] {
  const known = new Map<string, Identifier>()
  const add = (place: Place, identifier: Identifier) => {
    if (!fits(findings, place, identifier)) return undefined
    const key = keyOfIdentifier(identifier)
    if (!known.has(key)) known.set(key, identifier)
    return key
  }
  if (identity.url) add(at(resource, 'url'), { system: URI_SYSTEM, value: identity.url })
  for (const place of each(at(resource, 'identifier'))) {
    const value = textAt(at(place, 'value'))
    if (value === undefined)
      findings.warn(place, { code: 'not-mapped', field: 'identifiers', detail: 'An identifier whose value is no text says nothing.' })
    else {
      const key = add(place, { system: systemOf(place), value: cleanLine(value).text })
      if (key) findings.foundAt(key, place)
    }
  }
  const version = identity.release && versionIdentifier(resource, identity)
  if (version) add(at(resource, 'version'), version)
  if (identity.release && !new RegExp(SEMVER).test(identity.release))
    findings.warn(at(resource, 'version'), {
      code: 'version-as-identifier',
      field: 'identifiers',
      detail: 'Versions of the registry are its own; what its publisher calls this one is kept as an identifier.'
    })
  return fittedList(findings, at(resource, 'identifier'), { field: 'identifiers', schema: MeasureContent.properties.identifiers }, [
    ...known.values()
  ])
}

/** The name under which the place of an identifier is remembered. */
export const keyOfIdentifier = ({ system, value }: Identifier) => `identifiers ${JSON.stringify([system, value])}`

/** Without a system the issuer may stand in the type or be the assigner. */
function systemOf(identifier: Place): string {
  const type = at(identifier, 'type')
  const code = codingsOf(type)
    .map((coding) => textAt(at(coding, 'code')))
    .find((text) => text !== undefined)
  const named = textAt(at(identifier, 'system')) ?? code ?? textAt(at(type, 'text')) ?? textAt(at(identifier, 'assigner', 'display'))
  return cleanLine(named ?? 'unknown').text
}

/** A version alone would name thousands of measures. */
function versionIdentifier(resource: Place, { url, release }: Identity): Identifier | undefined {
  if (url) return { system: URI_SYSTEM, value: `${url}|${release}` }
  const name = textAt(at(resource, 'name')) ?? textAt(at(resource, 'id'))
  return name === undefined ? undefined : { system: `${cleanLine(name).text} version`, value: release! }
}

/** An identifier that was cut would be another. */
function fits(findings: Findings, place: Place, { system, value }: Identifier): boolean {
  const { properties } = part.Identifier
  if (system.length <= maxLengthOf(properties.system) && value.length <= maxLengthOf(properties.value) && value !== '') return true
  const detail = `The identifier ${shown(value)} is too long to be one.`
  findings.warn(place, { code: 'not-mapped', field: 'identifiers', detail })
  return false
}
