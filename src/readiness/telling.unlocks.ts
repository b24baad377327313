/** Unlocks as text: each change, what it does, and for whom it is the first. */
import type { ClosedVocabulary } from '../vocabularies/codes.ts'
import { changeReason } from './changes.ts'
import { named, reason } from './reason.ts'
import type { Wording } from './sentences.ts'
import { FIRSTS, type Unlock, type Unlocks } from './unlocks.ts'

/** So many titles are read, more are only counted. */
const TITLES = 3

export function tellUnlocks(
  { ready, total, changes, sequence }: Unlocks,
  titles: ReadonlyMap<number, { readonly title: string }>,
  wording: Wording
): string {
  const tell = (unlock: Unlock) => tellUnlock(unlock, titles, wording)
  const paragraphs = [
    [wording.say(reason('unlock.before', { total, ready }))],
    changes.length === 0
      ? [wording.say(reason('unlock.none'))]
      : [wording.say(reason('unlock.sequence')), ...sequence.map((step, i) => `${i + 1}. ${tell(step)}`)],
    changes.length === 0 ? [] : [wording.say(reason('unlock.single')), ...changes.map((change) => `- ${tell(change)}`)]
  ]
  return paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

function tellUnlock(
  { change, gained, nearer, first }: Unlock,
  titles: ReadonlyMap<number, { readonly title: string }>,
  wording: Wording
): string {
  const known = gained.array().flatMap((no) => titles.get(no)?.title ?? [])
  const shown = known.slice(0, TITLES)
  const more = gained.size() - shown.length
  const all = more > 0 ? [...shown, wording.say(reason('list.more', { count: more }))] : shown
  const firsts = FIRSTS.flatMap((field) =>
    first[field].length > 0 ? [wording.names(named(field satisfies ClosedVocabulary, ...first[field]))] : []
  )
  return [
    wording.say(changeReason(change)),
    wording.say(reason('unlock.gain', { count: gained.size(), titles: wording.join(all) })),
    ...(gained.isEmpty() && nearer > 0 ? [wording.say(reason('unlock.nearer', { count: nearer }))] : []),
    ...(firsts.length > 0 ? [wording.say(reason('unlock.first', { codes: wording.join(firsts) }))] : [])
  ].join(' ')
}
