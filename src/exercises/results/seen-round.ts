/**
 * What may be seen of a round: by item, every cell that is large enough, the others as one, and all together. Everything that is published
 * of a round is computed from this, and so never from fewer than k voters.
 */
import type { PercentileType } from '../counting/percentiles.ts'
import { hiddenAmong, hiddenInRounds } from '../small-numbers/hiding.ts'
import type { Partition } from '../small-numbers/partition.ts'
import type { Said } from './methods/method.ts'
import type { RoundCount } from './round-count.ts'

/** What some voters said of an item. Numbers are null where they are withheld; `unable` also where the method has no such answer. */
export interface SeenAnswer {
  readonly withheld: boolean
  readonly n: number | null
  readonly unable: number | null
  /** Null where nobody answered, or where it is withheld. */
  readonly said: Said | null
}

export interface SeenItem {
  /** By cell of the partition. */
  readonly cells: readonly SeenAnswer[]
  /** Cells that are withheld, here or everywhere, together: nobody is shown it, and it counts. */
  readonly rest: Said | null
  readonly pooled: SeenAnswer
}

const WITHHELD: SeenAnswer = { withheld: true, n: null, unable: null, said: null }

export function seeRound(count: RoundCount, partition: Partition, items: number, type: PercentileType): SeenItem[] {
  const { cells, total, rest } = partition
  const { method } = count
  const all = [...cells.keys(), cells.length]
  const nobody: SeenAnswer = { withheld: false, n: 0, unable: method.unableIn(0, 0) === null ? null : 0, said: null }

  /** Where not even all together are shown, nothing is known but who was not there. */
  const unseen = (isAbsent: (cell: number) => boolean): SeenItem => ({
    cells: cells.map(({ withheld }, cell) => (!withheld && isAbsent(cell) ? nobody : WITHHELD)),
    rest: null,
    pooled: WITHHELD
  })
  if (total === null) return Array.from({ length: items }, () => unseen(() => true))

  return Array.from({ length: items }, (_none, item) => {
    const counts = all.map((cell) => method.countsOf(cell, item))
    const hidden = hiddenInRounds(counts, partition.k, rest === null ? [] : [cells.length])
    if (hidden === 'all') return unseen((cell) => counts[cell]![0] === 0)
    const unable = unableOf(
      all.map((cell) => method.unableIn(cell, item)),
      partition.k,
      hidden
    )
    const nOf = (cell: number) => counts[cell]![0]!
    return {
      cells: cells.map(({ withheld }, cell) => {
        if (withheld || hidden.has(cell)) return WITHHELD
        return { withheld: false, n: nOf(cell), unable: unable.cells[cell]!, said: method.said([cell], item, type) }
      }),
      rest: method.said([...hidden], item, type),
      pooled: {
        withheld: false,
        n: all.reduce((sum, cell) => sum + nOf(cell), 0),
        unable: unable.pooled,
        said: method.said(all, item, type)
      }
    }
  })
}

/** How many were unable to answer, as far as it may be shown: a count like any other. */
function unableOf(counts: readonly (number | null)[], k: number, hiddenCells: ReadonlySet<number>) {
  if (counts.some((n) => n === null)) return { cells: counts, pooled: null }
  const known = counts.map((n) => n!)
  const hidden = hiddenAmong(known, k, hiddenCells)
  const isHidden = (n: number, cell: number) => (hidden === 'all' ? n > 0 : hidden.has(cell))
  return {
    cells: known.map((n, cell) => (isHidden(n, cell) ? null : n)),
    pooled: hidden === 'all' ? null : known.reduce((sum, n) => sum + n, 0)
  }
}
