/** A file that cannot be read at all. What is wrong with one row only is a note of that row, not this. */
import type { Note } from '../note.ts'

/** Codes of the problem documents that it becomes. */
export type UnreadableCode = 'malformed-file' | 'unsafe-file' | 'file-too-large'

/** Its message is for whoever sent the file: what is wrong, where, and what to do. */
export class UnreadableFile extends Error {
  readonly code: UnreadableCode
  /** The places in the file that it is about, where there are several to name. */
  readonly places: readonly Note[]

  constructor(code: UnreadableCode, message: string, places: readonly Note[] = []) {
    super(message)
    this.name = 'UnreadableFile'
    this.code = code
    this.places = places
  }
}

export const malformed = (message: string): UnreadableFile => new UnreadableFile('malformed-file', message)
export const unsafe = (message: string, places?: readonly Note[]): UnreadableFile => new UnreadableFile('unsafe-file', message, places)
export const tooLarge = (message: string): UnreadableFile => new UnreadableFile('file-too-large', message)
