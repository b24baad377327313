/** Data that are collected beside the populations, and what for (http://hl7.org/fhir/R4/measure-definitions.html#Measure.supplementalData). */
import { entryFor, type Table } from './concept.ts'
import dataUsage from './knowledge/data-usage.json' with { type: 'json' }
import { at, each, type Place, textAt } from './place.ts'

const USAGES: Table = dataUsage

const usesOf = (data: Place) => each(at(data, 'usage')).flatMap((usage) => entryFor(USAGES, usage)?.to ?? [])

export const isRiskFactor = (data: Place) => usesOf(data).includes('risk-adjustment-factor')

/** Data are supplemental unless they say otherwise. */
export const isSupplemental = (data: Place) => usesOf(data).length === 0 || usesOf(data).includes('supplemental-data')

/** Where data, or a stratifier, says in words what it is. */
export function namePlaceOf(data: Place): Place {
  const places = [
    at(data, 'description'),
    at(data, 'code', 'text'),
    at(data, 'criteria', 'description'),
    at(data, 'criteria', 'expression')
  ]
  return places.find((place) => textAt(place) !== undefined) ?? at(data, 'description')
}
