/**
 * Extensions. The Quality Measure guide moved twice (US realm, universal realm, new name), and each edition gave its extensions a new
 * address; they mean the same under all of them.
 */
import { at, each, isObject, type Place, textAt } from './place.ts'

const GUIDE = [
  'http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/cqfm-',
  'http://hl7.org/fhir/uv/cqfmeasures/StructureDefinition/cqfm-',
  'http://hl7.org/fhir/uv/cqm/StructureDefinition/cqm-'
]
/** Where this registry writes them: R4 exports follow the edition for R4. */
export const GUIDE_FOR_WRITING = GUIDE[0]!

/** http://hl7.org/fhir/extensions/StructureDefinition-translation.html */
export const TRANSLATION = 'http://hl7.org/fhir/StructureDefinition/translation'
/** http://hl7.org/fhir/extensions/StructureDefinition-datatype-short-string.html */
export const SHORT_STRING = 'http://hl7.org/fhir/StructureDefinition/datatype-short-string'

export const extensionsOf = (place: Place): Place[] => each(at(place, 'extension'))

export const urlOf = (extension: Place): string | undefined => textAt(at(extension, 'url'))

/** Elements of R5 in a resource of R4 (http://hl7.org/fhir/R5/versions.html#extensions). */
const OF_R5 = /^http:\/\/hl7\.org\/fhir\/5\.0\/StructureDefinition\/extension-Measure\.(?:group\.)?(\w+)$/

/** The name of an extension of the guide, or of an element of R5, without its address: `scoring` for `…/cqfm-scoring`. */
export function guideNameOf(extension: Place): string | undefined {
  const url = urlOf(extension) ?? ''
  const base = GUIDE.find((each) => url.startsWith(each))
  return base === undefined ? OF_R5.exec(url)?.[1] : url.slice(base.length)
}

/** The value of an extension, whatever its type (`value[x]`). */
export function valueIn(extension: Place): Place | undefined {
  const name = isObject(extension.value) ? Object.keys(extension.value).find((key) => /^value[A-Z]/.test(key)) : undefined
  return name === undefined ? undefined : at(extension, name)
}

const present = (places: readonly (Place | undefined)[]) => places.filter((place) => place !== undefined)

/** The values of an extension of the guide, at a place. */
export const guideValues = (place: Place, name: string): Place[] =>
  present(
    extensionsOf(place)
      .filter((extension) => guideNameOf(extension) === name)
      .map(valueIn)
  )

/** The values of an extension by its whole address, or of a part of a complex extension by its name. */
export const extensionValues = (place: Place, url: string): Place[] =>
  present(
    extensionsOf(place)
      .filter((extension) => urlOf(extension) === url)
      .map(valueIn)
  )

/**
 * What a measure or a group says of itself: as an element (the root of R4; groups as well since R5), or as the extension of the same
 * name that the guide gives to R4.
 */
export const attribute = (place: Place, name: string): Place[] => [...each(at(place, name)), ...guideValues(place, name)]
