import { TypedFastBitSet as Numbers } from 'typedfastbitset'

/** A set of document numbers. */
export { Numbers }

/** Up to this many are kept as a plain set, more as bits, since a bit set is as long as its largest number; a single one as itself. */
const SPARSE = 64

type Kept = number | Set<number> | Numbers

/** Which documents carry which code of one field. */
export class Postings {
  readonly #byCode = new Map<string, Kept>()

  add(code: string, no: number): void {
    const kept = this.#byCode.get(code)
    if (kept === undefined) this.#byCode.set(code, no)
    else if (typeof kept === 'number') this.#byCode.set(code, new Set([kept, no]))
    else if (kept instanceof Set && kept.size >= SPARSE) this.#byCode.set(code, new Numbers([...kept, no]))
    else kept.add(no)
  }

  remove(code: string, no: number): void {
    const kept = this.#byCode.get(code)
    if (kept === undefined || kept === no) this.#byCode.delete(code)
    else if (kept instanceof Set) kept.delete(no)
    else if (typeof kept !== 'number') kept.remove(no)
    if (kept instanceof Set ? kept.size === 0 : kept instanceof Numbers && kept.isEmpty()) this.#byCode.delete(code)
  }

  codes(): string[] {
    return [...this.#byCode.keys()]
  }

  has(code: string, no: number): boolean {
    const kept = this.#byCode.get(code)
    return typeof kept === 'number' ? kept === no : (kept?.has(no) ?? false)
  }

  /** A set of its own: callers may change it. */
  numbers(code: string): Numbers {
    const kept = this.#byCode.get(code)
    if (kept instanceof Numbers) return kept.clone()
    return new Numbers(typeof kept === 'number' ? [kept] : kept)
  }

  /** Adds those that carry the code to a set. */
  addTo(set: Numbers, code: string): void {
    const kept = this.#byCode.get(code)
    if (kept instanceof Numbers) set.union(kept)
    else if (typeof kept === 'number') set.add(kept)
    else if (kept) for (const no of kept) set.add(no)
  }

  /** How many of `among` carry the code. */
  count(code: string, among: Numbers): number {
    const kept = this.#byCode.get(code)
    if (kept === undefined) return 0
    if (typeof kept === 'number') return among.has(kept) ? 1 : 0
    if (kept instanceof Numbers) return kept.intersection_size(among)
    return [...kept].filter((no) => among.has(no)).length
  }
}
