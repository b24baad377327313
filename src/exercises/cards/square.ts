import { encode } from 'uqr'

/** A QR code (ISO/IEC 18004) as strips of dark modules, without its margin. */
export interface Square {
  /** In modules. */
  readonly size: number
  readonly strips: readonly (readonly [x: number, y: number, length: number])[]
}

/** Level M: a card that is folded or stained can still be read. */
export function squareOf(url: string): Square {
  const { size, data } = encode(url, { ecc: 'M', border: 0 })
  const strips: [number, number, number][] = []
  for (const [y, row] of data.entries()) {
    let begin = -1
    for (let x = 0; x <= size; x++) {
      if (row[x] === true) begin = begin < 0 ? x : begin
      else if (begin >= 0) {
        strips.push([begin, y, x - begin])
        begin = -1
      }
    }
  }
  return { size, strips }
}
