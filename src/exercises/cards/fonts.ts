/** The fonts that are put into a PDF: DejaVu Sans, and GNU Unifont for the scripts that it does not have. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { inflate } from 'node:zlib'

const SOURCES = {
  regular: () => import.meta.resolve('@fontsource/dejavu-sans/files/dejavu-sans-latin-400-normal.woff'),
  bold: () => import.meta.resolve('@fontsource/dejavu-sans/files/dejavu-sans-latin-700-normal.woff'),
  wide: () => import.meta.resolve('@fontsource/unifont/files/unifont-latin-400-normal.woff')
} as const
export type FontName = keyof typeof SOURCES

const HEADER = { woff: 44, sfnt: 12 }
const ENTRY = { woff: 20, sfnt: 16 }
const unzip = promisify(inflate)

/**
 * An OpenType font out of its wrapping (https://www.w3.org/TR/WOFF/): what subsets a font would unpack its tables anew for every glyph.
 * Tables begin at multiples of four.
 */
async function unwrapped(woff: Buffer): Promise<Buffer> {
  const count = woff.readUInt16BE(12)
  const head = Buffer.alloc(HEADER.sfnt + count * ENTRY.sfnt)
  woff.copy(head, 0, 4, 8)
  head.writeUInt16BE(count, 4)
  const parts = [head]
  let offset = head.length
  for (let index = 0; index < count; index++) {
    const from = HEADER.woff + index * ENTRY.woff
    const to = HEADER.sfnt + index * ENTRY.sfnt
    const [start, packed, length] = [4, 8, 12].map((at) => woff.readUInt32BE(from + at)) as [number, number, number]
    const table = woff.subarray(start, start + packed)
    const padded = Buffer.alloc(Math.ceil(length / 4) * 4)
    padded.set(packed < length ? await unzip(table) : table)
    woff.copy(head, to, from, from + 4)
    woff.copy(head, to + 4, from + 16, from + 20)
    head.writeUInt32BE(offset, to + 8)
    head.writeUInt32BE(length, to + 12)
    parts.push(padded)
    offset += padded.length
  }
  return Buffer.concat(parts)
}

const loaded = new Map<FontName, Promise<Buffer>>()

/** A font as TrueType. Read and unpacked once, when it is first needed. */
export function loadFont(name: FontName): Promise<Buffer> {
  const known = loaded.get(name)
  if (known) return known
  const font = readFile(fileURLToPath(SOURCES[name]())).then(unwrapped)
  loaded.set(name, font)
  return font
}
