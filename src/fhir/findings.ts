/** What reading a resource brings up: notes for its author, where each field was found, and which fields a table of ours supplied. */
import { type Note, shown } from '../imports/note.ts'
import { isObject, type Place } from './place.ts'

/** A resource can be wrong in thousands of places; nobody reads more than these. */
const MAX_WARNINGS = 100
const MAX_NAMES = 20

type Remark = Pick<Note, 'code' | 'detail' | 'field' | 'expected' | 'mend'>

export class Findings {
  readonly errors: Note[] = []
  readonly classified = new Set<string>()
  readonly #warnings: Note[] = []
  readonly #origins = new Map<string, string[]>()
  readonly #apart = new Set<string>()
  readonly #said = new Set<string>()
  #unlisted = 0

  refuse(place: Place, remark: Remark): void {
    this.errors.push({ ...remark, pointer: place.pointer, ...found(place) })
  }

  /** A warning, once: some places are read for several fields. */
  warn(place: Place, remark: Remark): void {
    const key = `${place.pointer} ${remark.field} ${remark.detail}`
    if (this.#said.has(key)) return
    this.#said.add(key)
    if (this.#warnings.length >= MAX_WARNINGS) this.#unlisted++
    else this.#warnings.push({ ...remark, pointer: place.pointer, ...found(place) })
  }

  /** A field that does not stand in the resource but follows from it by a table. It is said once, however many values follow. */
  classify(place: Place, field: string, detail: string): void {
    if (!this.classified.has(field)) this.warn(place, { code: 'classified', field, detail })
    this.classified.add(field)
  }

  /** An element that no field of ours holds. All of them are named in one warning. */
  keepApart(name: string): void {
    this.#apart.add(name)
  }

  /** Remembers where something was found, so that a change can be written back there. */
  foundAt(what: string, ...places: readonly Place[]): void {
    const known = this.#origins.get(what) ?? []
    known.push(...places.map(({ pointer }) => pointer))
    this.#origins.set(what, known)
  }

  get origins(): ReadonlyMap<string, readonly string[]> {
    return this.#origins
  }

  get warnings(): Note[] {
    return [...this.#warnings, ...this.#aboutTheRest()]
  }

  #aboutTheRest(): Note[] {
    const rest: Note[] = []
    if (this.#apart.size > 0)
      rest.push({
        code: 'kept-apart',
        pointer: '',
        detail: `No field holds these elements; they stay in the record as it came: ${named(this.#apart)}.`
      })
    if (this.#unlisted > 0) rest.push({ code: 'not-mapped', pointer: '', detail: `${this.#unlisted} more warnings are not listed.` })
    return rest
  }
}

/** So many of the names that a sentence can hold them. */
export function named(names: Iterable<string>): string {
  const all = [...names].map((name) => shown(name))
  return all.length > MAX_NAMES ? `${all.slice(0, MAX_NAMES).join(', ')} and ${all.length - MAX_NAMES} more` : all.join(', ')
}

/** What was found, in words: an object or a list may be too deep to be written out. */
function found({ value }: Place): Pick<Note, 'found'> {
  if (value === undefined) return {}
  if (Array.isArray(value)) return { found: `a list of ${value.length}` }
  if (isObject(value)) return { found: shown(`an object with ${Object.keys(value).slice(0, MAX_NAMES).join(', ') || 'no members'}`) }
  return { found: shown(value) }
}
