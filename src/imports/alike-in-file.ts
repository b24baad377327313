/** Records of one file that look like the same measure: same numerator and denominator (CMS's harmonisation rule), or same title. */
import { wordsOf } from '../search/terms.ts'
import type { Candidate } from './candidate.ts'
import type { Note } from './note.ts'

/** Remembers the records of a file as they come, and says of each which earlier one it looks like. */
export class AlikeInFile {
  readonly #rows = new Map<string, { at: string; key: string }>()

  /** A warning where an earlier record of another measure looks the same. It is never merged: two measures may be called alike. */
  notesOn({ at, content, keys, errors }: Candidate): Note[] {
    if (errors.length > 0) return []
    const key = keys.join(' ') || at
    return marksOf(content).flatMap(([kind, mark]) => {
      const earlier = this.#rows.get(mark)
      if (!earlier) this.#rows.set(mark, { at, key })
      return earlier && earlier.key !== key
        ? [{ code: 'looks-like' as const, detail: `It has ${kind} as ${earlier.at} of this file.` }]
        : []
    })
  }
}

function marksOf({ title, specification }: Candidate['content']): [string, string][] {
  const { numerator, denominator } = specification ?? {}
  const plain = (text: string) => wordsOf(text).join(' ')
  return [
    ...(numerator && denominator
      ? [['the same numerator and denominator', `p ${plain(numerator)} / ${plain(denominator)}`] as [string, string]]
      : []),
    ...(title ? [['the same title', `t ${plain(title)}`] as [string, string]] : [])
  ]
}
