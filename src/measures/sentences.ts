import { type Difference, differences } from '../json/diff.ts'

const MAX_QUOTED = 80

/** The changes between two contents, a sentence each. */
export const sentencesOf = (before: unknown, after: unknown): { pointer: string; sentence: string }[] =>
  differences(before, after).map((difference) => ({ pointer: difference.pointer, sentence: sentenceOf(difference) }))

function sentenceOf({ pointer, old, new: now }: Difference): string {
  const name = pointer.slice(1).replaceAll('/', '.')
  if (Array.isArray(old) || Array.isArray(now)) return listSentence(name, asList(old), asList(now))
  if (old === undefined) return `${name} was added: ${quote(now)}.`
  if (now === undefined) return `${name} was removed; it was ${quote(old)}.`
  return `${name} was changed from ${quote(old)} to ${quote(now)}.`
}

function listSentence(name: string, old: readonly string[], now: readonly string[]): string {
  const added = now.filter((item) => !old.includes(item))
  const removed = old.filter((item) => !now.includes(item))
  const parts = [
    added.length > 0 ? `gained ${added.map(short).join(', ')}` : '',
    removed.length > 0 ? `lost ${removed.map(short).join(', ')}` : ''
  ]
  return `${name} ${parts.filter(Boolean).join(' and ') || 'was put in another order'}.`
}

const asList = (value: unknown) => (Array.isArray(value) ? value.map((item) => JSON.stringify(item)) : [])
const quote = (value: unknown) => short(JSON.stringify(value))
const short = (json: string) => (json.length > MAX_QUOTED ? `${json.slice(0, MAX_QUOTED)}…` : json)
