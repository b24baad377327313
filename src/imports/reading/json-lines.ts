/** NDJSON: a record on each line. A line that cannot be read is said to be so; the others go on. */
import { Tokenizer } from '@streamparser/json'
import type { RawRecord } from '../candidate.ts'
import type { Note } from '../note.ts'
import { faultyRecord, recordOf } from './json-record.ts'
import { faultOffset, MAX_BYTES, type Token } from './json-tokens.ts'
import { ValueReader } from './json-value.ts'
import { openBytes, utf8Only } from './text.ts'
import { malformed } from './unreadable.ts'

const LINE_FEED = 0x0a
const STRING_BUFFER = 4 * 1024

export async function* readLines(path: string): AsyncGenerator<RawRecord> {
  let row = 0
  for await (const line of linesOf(path)) {
    const place = { row: ++row, at: `line ${row}` }
    if (line === 'too-large') yield faultyRecord(place, unreadable('The line is larger than 24 MiB.'))
    else if (line.toString('latin1').trim() !== '') {
      const { value, fault } = readLine(line)
      yield fault ? faultyRecord(place, fault) : recordOf(place, value)
    }
  }
}

/** The lines of a file, in bytes. One that is too large is not kept. */
async function* linesOf(path: string): AsyncGenerator<Buffer | 'too-large'> {
  const { mark, chunks } = await openBytes(path)
  if (mark?.startsWith('utf-16')) throw malformed('NDJSON is exchanged in UTF-8; this file is in UTF-16. Save it as UTF-8.')
  let parts: Buffer[] = []
  let size = 0
  const add = (part: Buffer) => {
    size += part.length
    if (size <= MAX_BYTES) parts.push(part)
    else parts = []
  }
  const end = () => {
    const line = size > MAX_BYTES ? 'too-large' : Buffer.concat(parts)
    parts = []
    size = 0
    return line
  }
  for await (const bytes of utf8Only(chunks, notUtf8)) {
    let start = 0
    for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, start)) {
      add(bytes.subarray(start, at))
      start = at + 1
      yield end()
    }
    add(bytes.subarray(start))
  }
  if (size > 0) yield end()
}

const notUtf8 = (line: number) => malformed(`Line ${line} holds bytes that are not UTF-8. Save the file as UTF-8.`)

/** The value of a line; with the column where it is none. */
function readLine(line: Buffer): { readonly value?: unknown; readonly fault?: Note | undefined } {
  let reader: ValueReader | undefined
  let isOver = false
  let last = 0
  const tokenizer = new Tokenizer({ stringBufferSize: STRING_BUFFER })
  tokenizer.onToken = (token: Token) => {
    last = token.offset
    if (isOver) throw new SyntaxError('More after the value')
    reader ??= new ValueReader(token.offset)
    isOver = reader.write(token)
  }
  try {
    tokenizer.write(line)
    last = line.length
    tokenizer.end()
    if (!isOver) throw new SyntaxError('The value is not whole')
  } catch (error) {
    const column = line.subarray(0, faultOffset(error, last)).toString().length + 1
    return { fault: unreadable(`Column ${column}: this is not JSON${last === line.length ? '; the line ends in the middle' : ''}.`) }
  }
  return { value: reader!.value, fault: reader!.fault }
}

const unreadable = (detail: string): Note => ({ code: 'unreadable', pointer: '', detail })
