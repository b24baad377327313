import type { Note } from './note.ts'

/** A mapping that does not fit the file, or that the file cannot do without. */
export class UnusableMapping extends Error {
  readonly places: readonly Note[]
  constructor(message: string, places: readonly Note[]) {
    super(message)
    this.name = 'UnusableMapping'
    this.places = places
  }
}
