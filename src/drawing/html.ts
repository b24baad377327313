/** HTML in which nothing becomes markup that is not written as markup here: whatever a template is filled with is escaped. Pure. */
import { escapeUTF8 } from 'entities/escape'

/** What HTML does not allow as characters: controls, halves of pairs, and what Unicode leaves out. */
const NOT_ALLOWED = /(?![\t\n\r])\p{Cc}|\p{Cs}|\p{Noncharacter_Code_Point}/gu

export class Html {
  readonly #markup: string

  constructor(markup: string) {
    this.#markup = markup
  }

  toString(): string {
    return this.#markup
  }
}

export type Content = Html | string | number | undefined | readonly Content[]

/** Made by a tag: text and values of attributes in double quotes are escaped, other HTML is taken as it is, lists are joined. */
export const html = (strings: TemplateStringsArray, ...contents: readonly Content[]): Html =>
  new Html(strings.reduce((markup, string, i) => markup + escaped(contents[i - 1]) + string))

function escaped(content: Content): string {
  if (content === undefined) return ''
  if (content instanceof Html) return content.toString()
  if (typeof content === 'object') return content.map(escaped).join('')
  return escapeUTF8(String(content).replace(NOT_ALLOWED, '\u{FFFD}'))
}
