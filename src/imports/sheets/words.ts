/** When two words are the same word. */

/** But for case, accents and separators: headings and labels are compared so. Empty where there are no letters and no digits. */
export const plainWord = (word: string): string =>
  word
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .toLowerCase()

/** But for case and blanks: what a cell says is compared so with what a mapping names. */
export const sameText = (text: string): string => text.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase()

const YES: ReadonlySet<string> = new Set('true yes y x 1 ja j waar oui vrai wahr sí si verdadero ✓ ✔ ☑'.split(' '))
const NO: ReadonlySet<string> = new Set('false no n 0 nee onwaar non faux nein falsch falso - – —'.split(' '))

/** What a cell answers, in any of the five languages of the registry; nothing where it is neither yes nor no. */
export function answerOf(text: string): boolean | undefined {
  const word = sameText(text)
  return YES.has(word) ? true : NO.has(word) ? false : undefined
}
