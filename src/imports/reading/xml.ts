/**
 * XML as workbooks hold it, one piece after the other. What could define entities is refused: no spreadsheet program writes it,
 * and it serves attacks only.
 */
import { decodeXML } from 'entities'
import { utf8Only } from './text.ts'
import { malformed, unsafe } from './unreadable.ts'

export interface XmlHandler {
  /** `name` without its prefix; `attributes` as they stand there; for an empty element `close` follows. */
  open?(name: string, attributes: string): void
  close?(name: string): void
  /** A piece of text; a long one comes in several. Entities are left as they stand. */
  text?(text: string): void
}

/** Longer than any tag that is written by a program. */
const MAX_TAG = 1024 * 1024
const NUL = '\u0000'
const BYTE_ORDER_MARK = '\uFEFF'
const CLOSED: readonly (readonly [open: string, close: string])[] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>']
]

/** Reads a part, coming back after every piece; throws where it is not UTF-8 or declares what it must not. */
export async function* scanXml(part: string, chunks: AsyncIterable<Buffer>, handler: XmlHandler): AsyncGenerator<void> {
  const notUtf8 = () => unsafe(`The part ${part} is not in UTF-8. Open the workbook in a spreadsheet program and save it again as .xlsx.`)
  const scanner = new Scanner(part, handler)
  for await (const bytes of utf8Only(chunks, notUtf8)) {
    const text = bytes.toString()
    // UTF-16 without a mark is UTF-8 full of these.
    if (text.includes(NUL)) throw notUtf8()
    scanner.write(text)
    yield
  }
  scanner.end()
}

/** Reads a part to its end. */
export async function scanWholeXml(part: string, chunks: AsyncIterable<Buffer>, handler: XmlHandler): Promise<void> {
  for await (const _ of scanXml(part, chunks, handler));
}

const ATTRIBUTE = /(?:^|\s)(?:[\w.-]+:)?([\w.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/** The attribute of a tag; its name may have a prefix. */
export function attribute(attributes: string, name: string): string | undefined {
  if (!attributes.includes(name)) return undefined
  ATTRIBUTE.lastIndex = 0
  for (let found = ATTRIBUTE.exec(attributes); found; found = ATTRIBUTE.exec(attributes)) {
    if (found[1] !== name) continue
    const value = found[2] ?? found[3]!
    return value.includes('&') ? decodeXML(value) : value
  }
  return undefined
}

class Scanner {
  readonly #part: string
  readonly #handler: XmlHandler
  #rest = ''
  #isFirst = true
  /** Elements that are open. */
  #depth = 0

  constructor(part: string, handler: XmlHandler) {
    this.#part = part
    this.#handler = handler
  }

  write(piece: string): void {
    const text = this.#rest + (this.#isFirst && piece.startsWith(BYTE_ORDER_MARK) ? piece.slice(1) : piece)
    this.#isFirst = false
    let at = 0
    while (at < text.length) {
      const tag = text.indexOf('<', at)
      if (tag !== at) this.#handler.text?.(text.slice(at, tag === -1 ? undefined : tag))
      if (tag === -1) {
        at = text.length
        break
      }
      const end = this.#markup(text, tag)
      if (end === undefined) {
        at = tag
        break
      }
      at = end
    }
    this.#rest = text.slice(at)
    if (this.#rest.length > MAX_TAG) throw malformed(`The part ${this.#part} of the workbook holds a tag that does not end.`)
  }

  end(): void {
    if (this.#rest !== '' || this.#depth !== 0) throw malformed(`The part ${this.#part} of the workbook ends in the middle.`)
  }

  /** Reads what begins with `<`; answers where it ends, or nothing where that has not come yet. */
  #markup(text: string, start: number): number | undefined {
    if (text[start + 1] === '!' || text[start + 1] === '?') return this.#declaration(text, start)
    const end = endOfTag(text, start)
    if (end === undefined) return undefined
    const isClosing = text[start + 1] === '/'
    const isEmpty = text[end - 1] === '/'
    const inside = text.slice(start + (isClosing ? 2 : 1), end - (isEmpty ? 1 : 0))
    const blank = inside.search(/\s/)
    const name = localName(blank === -1 ? inside : inside.slice(0, blank))
    if (!isClosing) this.#handler.open?.(name, blank === -1 ? '' : inside.slice(blank))
    if (!isEmpty) this.#depth += isClosing ? -1 : 1
    if (isClosing || isEmpty) this.#handler.close?.(name)
    return end + 1
  }

  /** Comments and the like are skipped; a document type and entities are refused. */
  #declaration(text: string, start: number): number | undefined {
    for (const [open, close] of CLOSED) {
      if (!text.startsWith(open, start)) continue
      const end = text.indexOf(close, start + open.length)
      if (end === -1) return undefined
      if (open === '<![CDATA[') this.#handler.text?.(text.slice(start + open.length, end))
      return end + close.length
    }
    const rest = text.slice(start)
    if (CLOSED.some(([open]) => open.startsWith(rest))) return undefined
    throw unsafe(
      `The part ${this.#part} declares a document type or entities, which no spreadsheet program does. Open the workbook in one and save it again as .xlsx.`
    )
  }
}

/** A `>` in the value of an attribute does not end its tag. */
const TAG = /<[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>/y

/** Where a tag ends; nothing where its end has not come yet. */
function endOfTag(text: string, start: number): number | undefined {
  TAG.lastIndex = start
  return TAG.test(text) ? TAG.lastIndex - 1 : undefined
}

/** The text of an element: entities, and the escapes that workbooks have for characters that XML has none for. */
export function plainText(text: string): string {
  const plain = text.includes('&') ? decodeXML(text) : text
  if (!plain.includes('_x')) return plain
  return plain.replace(/_x([\dA-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}

const localName = (name: string) => name.slice(name.indexOf(':') + 1)
