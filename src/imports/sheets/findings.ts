/** What is found while a record is read. */
import { type Cleaned, cleaningNotes, cleanLine, cleanText, cleanTitle } from '../cleaning.ts'
import { type Note, shown } from '../note.ts'

/** Where something stands: in a sheet by its column, in JSON by a pointer. */
export type Place = Pick<Note, 'column' | 'pointer' | 'field'>

type Finding = Pick<Note, 'code' | 'detail' | 'expected' | 'mend'>

/** So many say enough of one record, however much is wrong with it. */
const MAX_NOTES = 100

/** The notes on one record, as they come up. */
export class Findings {
  readonly errors: Note[] = []
  readonly warnings: Note[] = []

  /** Whether what is refused from now on is no longer told of. */
  get isFull(): boolean {
    return this.errors.length >= MAX_NOTES
  }

  refuse(place: Place, found: unknown, finding: Finding): undefined {
    if (!this.isFull) this.errors.push(note(place, found, finding))
  }

  warn(place: Place, found: unknown, finding: Finding): void {
    if (this.warnings.length < MAX_NOTES) this.warnings.push(note(place, found, finding))
  }

  /** A text without what is no part of it; of some nothing is left. */
  clean(place: Place, raw: string, prose: Prose): string {
    const cleaned = CLEANERS[prose](raw)
    if (this.warnings.length < MAX_NOTES) this.warnings.push(...cleaningNotes(cleaned, { ...place, found: shown(raw) }))
    return cleaned.text
  }
}

/** Kinds of text that are cleaned differently. */
export type Prose = 'line' | 'text' | 'title'
const CLEANERS: Record<Prose, (raw: string) => Cleaned> = { line: cleanLine, text: cleanText, title: cleanTitle }

const note = (place: Place, found: unknown, finding: Finding): Note => ({
  ...place,
  ...finding,
  ...(found === undefined ? {} : { found: shown(found) })
})
