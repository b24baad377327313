/** Files as text, one piece after the other. Bytes that are no text are refused: decoding would put other text in their place. */
import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { TextDecoder } from 'node:util'
import { malformed, type UnreadableFile } from './unreadable.ts'

const UTF8_MARK = [0xef, 0xbb, 0xbf]
const UTF16LE_MARK = [0xff, 0xfe]
const UTF16BE_MARK = [0xfe, 0xff]
const ARCHIVE = [0x50, 0x4b, 0x03, 0x04]
const LINE_FEED = 0x0a

/** What a byte order mark at the start says of the encoding. */
export type Mark = 'utf-8' | 'utf-16le' | 'utf-16be'

interface Bytes {
  readonly mark: Mark | undefined
  /** The rest, without the mark. */
  readonly chunks: AsyncGenerator<Buffer>
}

/** The bytes of a file, after the mark that it may begin with. */
export async function openBytes(path: string): Promise<Bytes> {
  const stream = createReadStream(path) as AsyncIterable<Buffer>
  const chunks = stream[Symbol.asyncIterator]()
  const { value: first = Buffer.alloc(0) } = (await chunks.next()) as { value?: Buffer }
  const begins = (mark: readonly number[]) => mark.every((byte, i) => first[i] === byte)
  if (begins(ARCHIVE))
    throw malformed(
      'This is no text but an archive, such as a workbook. Send a workbook with the type of .xlsx, or save it as "CSV UTF-8".'
    )
  const mark = begins(UTF8_MARK) ? 'utf-8' : begins(UTF16LE_MARK) ? 'utf-16le' : begins(UTF16BE_MARK) ? 'utf-16be' : undefined
  const length = mark === undefined ? 0 : mark === 'utf-8' ? 3 : 2
  async function* rest() {
    if (first.length > length) yield first.subarray(length)
    yield* { [Symbol.asyncIterator]: () => chunks }
  }
  return { mark, chunks: rest() }
}

/** Passes on what is UTF-8, cut between characters; `refuse` makes the error for the line of the first byte that is not. */
export async function* utf8Only(chunks: AsyncIterable<Buffer>, refuse: (line: number) => UnreadableFile): AsyncGenerator<Buffer> {
  let line = 1
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    const end = wholeCharacters(bytes)
    const whole = bytes.subarray(0, end)
    if (!isUtf8(whole)) throw refuse(line + lineOfFault(whole))
    line += count(whole)
    rest = bytes.subarray(end)
    if (end > 0) yield whole
  }
  if (rest.length > 0) throw refuse(line)
}

/** How many bytes at the start are whole characters, as far as the last few bytes tell. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!
    if (byte < 0x80) return bytes.length
    // A first byte says how many follow it.
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? bytes.length - back : bytes.length
  }
  return bytes.length
}

function lineOfFault(bytes: Buffer): number {
  let line = 0
  for (let start = 0, end: number; start < bytes.length; start = end, line++) {
    const feed = bytes.indexOf(LINE_FEED, start)
    end = feed === -1 ? bytes.length : feed + 1
    if (!isUtf8(bytes.subarray(start, end))) return line
  }
  return line
}

function count(bytes: Buffer): number {
  let feeds = 0
  for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) feeds++
  return feeds
}

const notUtf8 = (line: number) =>
  malformed(
    `Line ${line} holds bytes that are not UTF-8. Save the file as "CSV UTF-8", or say which encoding it is in, such as Content-Type: text/csv; charset=windows-1252.`
  )

/** The text of a file: in the encoding that its mark says, else in `charset`, else in UTF-8. */
export async function* textOf(path: string, charset: string | undefined): AsyncGenerator<string> {
  const decoder = decoderFor(charset)
  const { mark, chunks } = await openBytes(path)
  if (mark?.startsWith('utf-16')) yield* decoded(chunks, decoderFor(mark))
  else if (mark === 'utf-8' || decoder.encoding === 'utf-8') for await (const bytes of utf8Only(chunks, notUtf8)) yield bytes.toString()
  else yield* decoded(chunks, decoder)
}

function decoderFor(charset = 'utf-8'): TextDecoder {
  try {
    // `ignoreBOM` leaves in what looks like a mark: the one that is, is off already.
    return new TextDecoder(charset, { fatal: true, ignoreBOM: true })
  } catch {
    throw malformed(
      `The encoding "${charset.slice(0, 40)}" is not known. Save the file as "CSV UTF-8", or give a registered name, such as windows-1252.`
    )
  }
}

async function* decoded(chunks: AsyncIterable<Buffer>, decoder: TextDecoder): AsyncGenerator<string> {
  let line = 1
  const decode = (bytes?: Buffer) => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode()
    } catch {
      throw malformed(`At line ${line} or soon after it stand bytes that are not ${decoder.encoding}. Save the file as "CSV UTF-8".`)
    }
  }
  for await (const bytes of chunks) {
    const text = decode(bytes)
    yield text
    line += text.split('\n').length - 1
  }
  const last = decode()
  if (last) yield last
}
