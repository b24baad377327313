/** The records of one JSON document, each as soon as it is whole; the document itself is never held. */
import { TokenParser, TokenType } from '@streamparser/json'
import type { RawRecord } from '../candidate.ts'
import type { Form } from './json-form.ts'
import { faultyRecord, type Place, recordOf, recordOfEntry } from './json-record.ts'
import { MAX_DEPTH, readTokens, step, type Token, type TokenReader } from './json-tokens.ts'
import { ValueReader } from './json-value.ts'
import { malformed } from './unreadable.ts'

export type DocumentForm = Exclude<Form, { kind: 'lines' }>

export async function* readDocument(path: string, form: DocumentForm): AsyncGenerator<RawRecord> {
  const outline = new Outline(form)
  for await (const read of readTokens(path, outline)) {
    outline.reach(read)
    yield* outline.take()
  }
  yield* outline.take()
}

/** Takes the records out of a document, and sees to it that what is left is JSON. */
class Outline implements TokenReader {
  readonly #form: DocumentForm
  /** Judges the document; in place of every record it is given a null. */
  readonly #parser = new TokenParser({ paths: [], keepStack: false })
  #depth = 0
  #text: unknown
  #member: unknown
  /** Whether the array at the second level is the one with the records. */
  #isInList = false
  #record: ValueReader | undefined
  #count = 0
  #found: RawRecord[] = []

  constructor(form: DocumentForm) {
    this.#form = form
    this.#parser.onValue = () => {}
  }

  get isWhole(): boolean {
    return this.#parser.isEnded
  }

  get progress(): string {
    return this.#count === 0 ? 'before the first record was whole' : `after record ${this.#count}`
  }

  write(token: Token): void {
    if (this.#record || this.#beginsRecord(token)) {
      this.#record ??= new ValueReader(token.offset)
      if (this.#record.write(token)) this.#finish(token)
      return
    }
    this.#follow(token)
    this.#parser.write(token)
  }

  reach(offset: number): void {
    this.#record?.reach(offset)
  }

  /** The records that became whole since it was asked last. */
  take(): RawRecord[] {
    const found = this.#found
    this.#found = []
    return found
  }

  #beginsRecord(token: Token): boolean {
    if (token.token === TokenType.COMMA || step(token) === -1) return false
    if (this.#form.kind === 'single') return this.#depth === 0 && !this.isWhole
    return this.#form.kind === 'array' ? this.#depth === 1 : this.#depth === 2 && this.#isInList
  }

  #follow(token: Token): void {
    if (this.#depth === 1) {
      if (token.token === TokenType.STRING) this.#text = token.value
      if (token.token === TokenType.COLON) this.#member = this.#text
      this.#isInList = 'member' in this.#form && token.token === TokenType.LEFT_BRACKET && this.#member === this.#form.member
    }
    this.#depth += step(token)
    if (this.#depth > MAX_DEPTH) throw malformed(`The file is nested more than ${MAX_DEPTH} levels deep (${this.progress}).`)
  }

  #finish({ offset }: Token): void {
    const { value, fault } = this.#record!
    this.#record = undefined
    this.#parser.write({ token: TokenType.NULL, value: null, offset } as Token)
    const place = this.#place(this.#count++)
    if (fault) this.#found.push(faultyRecord(place, fault))
    else this.#found.push(this.#form.kind === 'bundle' ? recordOfEntry(place, value) : recordOf(place, value))
  }

  #place(index: number): Place {
    const row = index + 1
    if (this.#form.kind === 'single') return { row, at: 'document' }
    return { row, at: this.#form.kind === 'array' ? `/${index}` : `/${this.#form.member}/${index}` }
  }
}
