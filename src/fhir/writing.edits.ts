/** Changes to a resource that leave everything else in it as it was: places are JSON pointers (RFC 6901) into the original. */
import { isObject } from './place.ts'

type Change = (old: unknown) => unknown

const namesIn = (pointer: string) => pointer.split('/').slice(1)
const parentOf = (pointer: string) => pointer.slice(0, pointer.lastIndexOf('/'))

export class Edits {
  #resource: unknown
  readonly #additions: { readonly pointer: string; readonly item: unknown }[] = []
  readonly #removals = new Set<string>()

  constructor(resource: unknown) {
    this.#resource = resource
  }

  /** Puts a value at a place; the objects on the way are made where they are missing. `undefined` takes the member away. */
  set(pointer: string, value: unknown): void {
    this.change(pointer, () => value)
  }

  change(pointer: string, change: Change): void {
    this.#resource = changed(this.#resource, namesIn(pointer), change)
  }

  /** Adds to a list, which is made where it is missing. */
  append(pointer: string, item: unknown): void {
    this.#additions.push({ pointer, item })
  }

  /** Takes a member or an item of a list away. Lists grow and close up at the end, so that pointers hold until then. */
  remove(pointer: string): void {
    this.#removals.add(pointer)
  }

  result(): unknown {
    for (const { pointer, item } of this.#additions) {
      // What stood alone where a list belongs, and is taken away, makes room for the list.
      const isGone = this.#removals.delete(pointer)
      this.change(pointer, (old) => [...(isGone ? [] : asList(old)), item])
    }
    const byParent = Map.groupBy(this.#removals, parentOf)
    // The longest first: taking an item away moves what comes after it, never what is inside it.
    const parents = [...byParent].sort(([a], [b]) => namesIn(b).length - namesIn(a).length)
    for (const [parent, pointers] of parents) {
      const names = new Set(pointers.map((pointer) => namesIn(pointer).at(-1)!))
      this.change(parent, (old) => without(old, names))
    }
    return this.#resource
  }
}

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : isObject(value) ? [value] : [])

/** FHIR has no empty lists and objects: what has lost its last member goes. */
function without(old: unknown, names: ReadonlySet<string>): unknown {
  if (Array.isArray(old)) {
    const rest = old.filter((_, i) => !names.has(String(i)))
    return rest.length > 0 ? rest : undefined
  }
  return isObject(old) ? nonEmpty(Object.fromEntries(Object.entries(old).filter(([name]) => !names.has(name)))) : old
}

const nonEmpty = (value: object) => (Object.keys(value).length > 0 ? value : undefined)

/** Copies what is on the way and shares the rest. */
function changed(node: unknown, [name, ...rest]: readonly string[], change: Change): unknown {
  if (name === undefined) return change(node)
  if (Array.isArray(node)) return name in node ? node.with(Number(name), changed(node[Number(name)], rest, change) ?? {}) : node
  const members = isObject(node) ? node : {}
  const value = changed(Object.hasOwn(members, name) ? members[name] : undefined, rest, change)
  if (value !== undefined) return { ...members, [name]: value }
  return Object.hasOwn(members, name) ? without(members, new Set([name])) : node
}
