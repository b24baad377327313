/** Codes as people write them: the code, another form of it, or its label in any of the languages. Exactly: what is only near is for the mending. */
import { LRUCache } from 'lru-cache'
import type { Vocabularies } from '../../vocabularies/vocabularies.ts'
import { plainWord } from './words.ts'

/** The code that each plain spelling stands for; nothing where it could be two. */
type Spellings = ReadonlyMap<string, string | undefined>

/** Finding the nearest of some hundred labels takes a while, and a list repeats its mistakes. */
const MAX_REMEMBERED = 1_000
/** Nothing as long as this is near a code. */
const MAX_WORD = 100

interface Known {
  readonly spellings: Map<string, Spellings>
  readonly nearest: LRUCache<string, { readonly code: string | undefined }>
}
const knownOf = new WeakMap<Vocabularies, Known>()

function known(lists: Vocabularies): Known {
  const found = knownOf.get(lists) ?? { spellings: new Map(), nearest: new LRUCache({ max: MAX_REMEMBERED }) }
  knownOf.set(lists, found)
  return found
}

/** The code that somebody wrote; nothing where it is none. */
export function codeFor(lists: Vocabularies, vocabulary: string, word: string): string | undefined {
  if (lists.has(vocabulary, word)) return word
  return lists.canonical(vocabulary, word) ?? spellingsOf(lists, vocabulary).get(plainWord(word))
}

/** The code that may have been meant. */
export function nearestTo(lists: Vocabularies, vocabulary: string, word: string): string | undefined {
  const { nearest } = known(lists)
  const key = `${vocabulary} ${word.slice(0, MAX_WORD)}`
  const found = nearest.get(key) ?? { code: lists.nearest(vocabulary, word.slice(0, MAX_WORD)) }
  nearest.set(key, found)
  return found.code
}

function spellingsOf(lists: Vocabularies, vocabulary: string): Spellings {
  const { spellings } = known(lists)
  const found = spellings.get(vocabulary) ?? collect(lists, vocabulary)
  spellings.set(vocabulary, found)
  return found
}

/** A code takes precedence over a label that is spelled like it. */
function collect(lists: Vocabularies, vocabulary: string): Spellings {
  const concepts = lists.get(vocabulary)?.concepts ?? []
  const spellings = new Map<string, string | undefined>()
  for (const { code, labels } of concepts) {
    for (const label of Object.values(labels)) {
      const spelling = plainWord(label)
      spellings.set(spelling, spellings.has(spelling) && spellings.get(spelling) !== code ? undefined : code)
    }
  }
  for (const { code } of concepts) spellings.set(plainWord(code), code)
  spellings.delete('')
  return spellings
}
