/** One JSON value, put together from its tokens. What is too large or too deep is read to its end, but not kept. */
import { TokenParser, TokenType } from '@streamparser/json'
import type { Note } from '../note.ts'
import { MAX_BYTES, MAX_DEPTH, step, type Token } from './json-tokens.ts'

/** As many texts, numbers, objects and lists: small ones take far more memory than they take in the file. */
const MAX_VALUES = 1_500_000

export class ValueReader {
  readonly #start: number
  #values = 0
  #parser: TokenParser | undefined
  #depth = 0
  #value: unknown
  #fault: Note | undefined

  /** `start` is the offset of its first token. */
  constructor(start: number) {
    this.#start = start
    this.#parser = new TokenParser({ paths: ['$'] })
    this.#parser.onValue = ({ value }) => {
      this.#value = value
    }
  }

  get value(): unknown {
    return this.#value
  }

  /** Why there is no value. */
  get fault(): Note | undefined {
    return this.#fault
  }

  /** Takes the next token; answers whether it was the last. */
  write(token: Token): boolean {
    this.#depth += step(token)
    if (this.#depth > MAX_DEPTH) this.#drop(`The record is nested more than ${MAX_DEPTH} levels deep.`)
    if (token.token !== TokenType.COMMA && token.token !== TokenType.COLON && ++this.#values > MAX_VALUES)
      this.#drop(`The record holds more than ${MAX_VALUES} values.`)
    this.reach(token.offset)
    this.#parser?.write(token)
    return this.#depth === 0
  }

  /** Takes notice that the file was read up to an offset, and the value goes on. */
  reach(offset: number): void {
    if (offset - this.#start > MAX_BYTES) this.#drop('The record is larger than 24 MiB.')
  }

  #drop(detail: string): void {
    this.#fault ??= { code: 'unreadable', pointer: '', detail }
    this.#parser = undefined
  }
}
