/** In which form a JSON file holds its records. It is looked for first: the members of an object may stand in any order. */
import { TokenType } from '@streamparser/json'
import { readTokens, step, type Token, type TokenReader } from './json-tokens.ts'
import { UnreadableFile } from './unreadable.ts'

export type Form =
  /** One object is the one record. */
  | { readonly kind: 'single' }
  | { readonly kind: 'array' }
  /** An array in a member of the object. */
  | { readonly kind: 'list'; readonly member: string }
  /** A Bundle of FHIR: each record is the resource of an entry. */
  | { readonly kind: 'bundle'; readonly member: 'entry' }
  /** An object on each line. */
  | { readonly kind: 'lines' }

/** Members that hold the records: of a file of measures, and of the lists that the registry answers. */
const LISTS = ['measures', 'items']

/** Reads no further than it must. What is no JSON counts as single: reading it shows what is wrong. */
export async function formOf(path: string): Promise<Form> {
  const sketch = new Sketch()
  try {
    for await (const _ of readTokens(path, sketch)) if (sketch.form) break
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
  }
  return sketch.form ?? { kind: 'single' }
}

/** Looks at the outermost level only. */
class Sketch implements TokenReader {
  readonly isWhole = true
  readonly progress = ''
  form: Form | undefined
  #depth = 0
  #isOver = false
  #text: unknown
  /** The member whose value comes next. */
  #member: unknown
  #isResource = false

  write(token: Token): void {
    if (this.form) return
    if (this.#isOver) this.form = { kind: token.token === TokenType.LEFT_BRACE ? 'lines' : 'single' }
    else if (this.#depth === 0 && token.token !== TokenType.LEFT_BRACE)
      this.form = { kind: token.token === TokenType.LEFT_BRACKET ? 'array' : 'single' }
    else if (this.#depth === 1) this.#look(token)
    this.#depth += step(token)
    this.#isOver = this.#depth === 0
  }

  #look({ token, value }: Token): void {
    if (token === TokenType.COLON) this.#member = this.#text
    else if (token === TokenType.COMMA) this.#member = undefined
    else if (this.#member === undefined) this.#text = value
    else if (this.#member === 'resourceType') {
      this.#isResource = true
      if (value === 'Bundle') this.form = { kind: 'bundle', member: 'entry' }
    } else if (token === TokenType.LEFT_BRACKET && !this.#isResource && LISTS.includes(this.#member as string))
      this.form = { kind: 'list', member: this.#member as string }
  }
}
