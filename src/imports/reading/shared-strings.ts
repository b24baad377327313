/** The texts that cells of a workbook share: cells hold their numbers. */
import { tooLarge } from './unreadable.ts'
import { plainText, type XmlHandler } from './xml.ts'

/** All of them are held while the sheet is read. */
const MAX_STRINGS = 1_000_000
const MAX_CHARACTERS = 32 * 1024 * 1024
/** Slices longer than this keep the whole piece of the file that they were cut from. */
const MAX_COPIED = 12

export class SharedStrings implements XmlHandler {
  readonly strings: string[] = []
  #characters = 0
  #text = ''
  #isText = false
  #isPhonetic = false

  open(name: string): void {
    if (name === 't') this.#isText = !this.#isPhonetic
    else if (name === 'rPh') this.#isPhonetic = true
    else if (name === 'si') this.#text = ''
  }

  text(text: string): void {
    if (!this.#isText) return
    this.#text += text
    this.#characters += text.length
    if (this.#characters > MAX_CHARACTERS) throw tooLarge('The texts of the workbook are more than can be read at once: split it.')
  }

  close(name: string): void {
    if (name === 't') this.#isText = false
    else if (name === 'rPh') this.#isPhonetic = false
    else if (name === 'si') this.#add(plainText(this.#text))
  }

  #add(text: string): void {
    if (this.strings.length === MAX_STRINGS) throw tooLarge(`The workbook has more than ${MAX_STRINGS} texts: split it.`)
    this.strings.push(text.length > MAX_COPIED ? Buffer.from(text).toString() : text)
  }
}
