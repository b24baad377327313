/**
 * Places of a resource. Resources are also written by hand and by strangers: a member may be missing, be of another type, or have a
 * name that means something to JavaScript. Whoever looks through these functions sees own members only, and never fails.
 */

/** What stands at a place, and where that is (JSON pointer, RFC 6901). */
export interface Place {
  readonly value: unknown
  readonly pointer: string
}

export type JsonObject = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)

/** JSON of FHIR has no `null` members outside lists; by hand they are written for "nothing". */
export const isAbsent = ({ value }: Place) => value === undefined || value === null

export const rootOf = (value: unknown): Place => ({ value, pointer: '' })

/** The place below, by the names of the elements. */
export function at(place: Place, ...names: readonly string[]): Place {
  return names.reduce<Place>(
    ({ value, pointer }, name) => ({
      value: isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined,
      pointer: `${pointer}/${name}`
    }),
    place
  )
}

/** The place that a pointer names. */
export const placeAt = (root: Place, pointer: string): Place =>
  pointer
    .split('/')
    .slice(1)
    .reduce<Place>((place, name) => {
      const { value } = place
      return Array.isArray(value) ? { value: value[Number(name)], pointer: `${place.pointer}/${name}` } : at(place, name)
    }, root)

/** The members of a list, without the empty ones. What is written alone where a list belongs counts as a list of one. */
export function each(place: Place): Place[] {
  const { value, pointer } = place
  if (!Array.isArray(value)) return isAbsent(place) ? [] : [place]
  return value.map((item: unknown, i) => ({ value: item, pointer: `${pointer}/${i}` })).filter((item) => !isAbsent(item))
}

/** The text at a place, if it is one. */
export const textAt = ({ value }: Place): string | undefined => (typeof value === 'string' && /\S/.test(value) ? value : undefined)

/** The members that are something. */
export function filled<T extends object>(members: { readonly [K in keyof T]: T[K] | undefined }): Partial<T> {
  const isFilled = (value: unknown) => value !== undefined && !(typeof value === 'object' && value && Object.keys(value).length === 0)
  return Object.fromEntries(Object.entries(members).filter(([, value]) => isFilled(value))) as Partial<T>
}
