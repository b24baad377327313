import { sha256 } from '../json/canonical.ts'

/** Where a page ended: what the list was asked for, and the place of its last item. */
export interface Position {
  readonly key: string
  readonly no: number
  /** Which run of the order, where a list is made of several (relevance). */
  readonly tier?: number
}

export type Reading = { readonly position: Position } | { readonly error: 'invalid-cursor' | 'cursor-of-another-query' }

/** What a cursor belongs to: the same question gives the same text, whatever the order of its parameters. */
export function questionOf(parameters: Readonly<Record<string, unknown>>, apartFrom: readonly string[]): string {
  const stated = Object.entries(parameters).filter(([name, value]) => value !== undefined && !apartFrom.includes(name))
  return sha256(JSON.stringify(stated.sort(([a], [b]) => (a < b ? -1 : 1)))).slice(0, 12)
}

export const writeCursor = (question: string, { key, no, tier = 0 }: Position): string =>
  Buffer.from(JSON.stringify([question, tier, key, no])).toString('base64url')

/** Reads a cursor; never throws, whatever it is given. */
export function readCursor(question: string, cursor: string): Reading {
  const parsed = parse(cursor)
  if (!parsed) return { error: 'invalid-cursor' }
  const [asked, tier, key, no] = parsed
  return asked === question ? { position: { tier, key, no } } : { error: 'cursor-of-another-query' }
}

/** No key that the registry made holds what a database cannot hold, or look for. */
const isStorable = (key: string) => key.isWellFormed() && !key.includes('\0')

const isPlace = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0

function parse(cursor: string): [string, number, string, number] | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (!Array.isArray(parsed) || parsed.length !== 4) return undefined
    const [asked, tier, key, no] = parsed
    const fits = typeof asked === 'string' && isPlace(tier) && typeof key === 'string' && isStorable(key) && isPlace(no)
    return fits ? [asked, tier, key, no] : undefined
  } catch {
    return undefined
  }
}
