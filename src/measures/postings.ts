import { TypedFastBitSet as Bits } from 'typedfastbitset'

/** A set of document numbers. */
export { Bits as Numbers }

/** Lists longer than this are kept as bits; shorter ones as plain sets, since a bit set is as long as its largest number. */
const SPARSE = 64

/** Which documents carry which code of one field. */
export class Postings {
  readonly #byCode = new Map<string, Set<number> | Bits>()

  add(code: string, no: number): void {
    const found = this.#byCode.get(code)
    if (!found) this.#byCode.set(code, new Set([no]))
    else if (found instanceof Set && found.size >= SPARSE) this.#byCode.set(code, new Bits([...found, no]))
    else found.add(no)
  }

  remove(code: string, no: number): void {
    const found = this.#byCode.get(code)
    if (found instanceof Set) found.delete(no)
    else found?.remove(no)
    if (found && sizeOf(found) === 0) this.#byCode.delete(code)
  }

  codes(): string[] {
    return [...this.#byCode.keys()]
  }

  /** A set of its own: callers may change it. */
  numbers(code: string): Bits {
    const found = this.#byCode.get(code)
    if (!found) return new Bits()
    return found instanceof Set ? new Bits(found) : found.clone()
  }

  /** How many of `among` carry the code. */
  count(code: string, among: Bits): number {
    const found = this.#byCode.get(code)
    if (!found) return 0
    if (!(found instanceof Set)) return found.intersection_size(among)
    let n = 0
    for (const no of found) if (among.has(no)) n++
    return n
  }
}

const sizeOf = (numbers: Set<number> | Bits) => (numbers instanceof Set ? numbers.size : numbers.size())
