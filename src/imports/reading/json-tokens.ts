/** The tokens of a JSON file in UTF-8 (RFC 8259), one piece of the file after the other. */
import { Tokenizer, type TokenParser, TokenType } from '@streamparser/json'
import { openBytes, utf8Only } from './text.ts'
import { malformed, tooLarge, UnreadableFile } from './unreadable.ts'

export type Token = Parameters<TokenParser['write']>[0] & { readonly offset: number }

/** More than any record or text needs, and little enough to be held at once. */
export const MAX_BYTES = 24 * 1024 * 1024
/** Deeper than any resource is nested. */
export const MAX_DEPTH = 200
/** Strings are gathered as bytes: as single characters they would take many times as much. */
const STRING_BUFFER = 64 * 1024
const LINE_FEED = 0x0a

/** How a token changes the depth. */
export const step = ({ token }: Token): -1 | 0 | 1 =>
  token === TokenType.LEFT_BRACE || token === TokenType.LEFT_BRACKET
    ? 1
    : token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET
      ? -1
      : 0

export interface TokenReader {
  /** Throws where the token cannot stand. */
  write(token: Token): void
  /** Whether nothing is missing. */
  readonly isWhole: boolean
  /** How far it came, for messages: `after record 3`. */
  readonly progress: string
}

/** Gives the tokens of a file to a reader; comes back after every piece with the number of bytes read. */
export async function* readTokens(path: string, reader: TokenReader): AsyncGenerator<number> {
  const { mark, chunks } = await openBytes(path)
  if (mark?.startsWith('utf-16')) throw malformed('JSON is exchanged in UTF-8 (RFC 8259); this file is in UTF-16. Save it as UTF-8.')
  let read = 0
  let last = 0
  const tokenizer = new Tokenizer({ stringBufferSize: STRING_BUFFER })
  tokenizer.onToken = (token) => {
    last = token.offset
    reader.write(token)
  }
  for await (const bytes of utf8Only(chunks, notUtf8)) {
    try {
      tokenizer.write(bytes)
    } catch (error) {
      if (error instanceof UnreadableFile) throw error
      const { line, column } = await placeOf(path, faultOffset(error, last))
      throw malformed(`Line ${line}, column ${column}: this is not JSON (${reader.progress}).`)
    }
    read += bytes.length
    if (read - last > MAX_BYTES) throw tooLarge(`A single text in the file is longer than 24 MiB (${reader.progress}).`)
    yield read
  }
  if (read === 0) throw malformed('The file is empty.')
  try {
    tokenizer.end()
    if (reader.isWhole) return
  } catch {}
  const { line, column } = await placeOf(path, read)
  throw malformed(`The file ends in the middle, at line ${line}, column ${column} (${reader.progress}). Send it whole.`)
}

const notUtf8 = (line: number) =>
  malformed(`Line ${line} holds bytes that are not UTF-8. JSON is exchanged in UTF-8 (RFC 8259): save the file as UTF-8.`)

/** Where a tokenizer gave up: it says so in its message; of tokens in the wrong place the place is known. */
export function faultOffset(error: unknown, last: number): number {
  const [, position] = /absolute position "(\d+)"/.exec((error as Error).message) ?? []
  return position === undefined ? last : Number(position)
}

/** Line and column of a byte, both from 1. The file is read again: only files with errors pay for it. */
async function placeOf(path: string, offset: number): Promise<{ line: number; column: number }> {
  let line = 1
  let start = 0
  let read = 0
  for await (const bytes of (await openBytes(path)).chunks) {
    for (let at = bytes.indexOf(LINE_FEED); at !== -1 && read + at < offset; at = bytes.indexOf(LINE_FEED, at + 1)) {
      line++
      start = read + at + 1
    }
    read += bytes.length
    if (read >= offset) break
  }
  return { line, column: offset - start + 1 }
}
