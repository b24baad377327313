import type { Numbers } from '../../measures/postings.ts'

/** As many columns as a number has bits that can be shifted without a sign. */
const AT_A_TIME = 31

/**
 * Counts how many numbers rows have in common with columns. Every number is looked at once for its columns and once for each of its
 * rows, however many cells there are: intersections of the sets would go through all of them for each cell.
 */
export class CrossCount {
  readonly #columns: number
  /** For each number the columns that have it, as bits: as many as fit at a time. */
  readonly #masks: readonly Uint32Array[]

  constructor(columns: readonly Numbers[]) {
    this.#columns = columns.length
    const members = columns.map((column) => column.array())
    const length = 1 + members.reduce((highest, numbers) => Math.max(highest, numbers.at(-1) ?? -1), -1)
    this.#masks = Array.from({ length: Math.ceil(columns.length / AT_A_TIME) }, (_, i) => {
      const mask = new Uint32Array(length)
      for (const [j, numbers] of members.slice(i * AT_A_TIME, (i + 1) * AT_A_TIME).entries()) for (const no of numbers) mask[no]! |= 1 << j
      return mask
    })
  }

  /** How many numbers each row has in common with each column. */
  of(rows: readonly Numbers[]): number[][] {
    return rows.map((row) => {
      const counts = new Array<number>(this.#columns).fill(0)
      const numbers = row.array()
      for (const [i, masks] of this.#masks.entries())
        for (const no of numbers)
          for (let mask = masks[no] ?? 0; mask !== 0; mask &= mask - 1) counts[i * AT_A_TIME + 31 - Math.clz32(mask & -mask)]!++
      return counts
    })
  }
}
