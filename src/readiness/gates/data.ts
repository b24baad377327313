import { fold } from '../../search/terms.ts'
import { CODES } from '../../vocabularies/codes.ts'
import { type Asked, type Facts, type Finding, finding, gate } from '../gate.ts'
import type { Basis } from '../provenance.ts'
import { named, reason } from '../reason.ts'

type Kind = (typeof CODES)['data-source'][number]

interface Common {
  /** The kinds of source that the record names. */
  readonly kinds: readonly Kind[]
  readonly basis: Basis
}
/** The elements of each source of a kind. */
type Entry = readonly (readonly string[])[]

/** Are the data at hand? Sources of a record are read as alternatives: one may do, and the record seldom says. */
export const data = gate<Common, Entry, undefined>({
  id: 'data',
  reads: ['dataSources'],
  asks: ['data', 'dataElement'],
  source: 'CMS Blueprint, feasibility: data elements available without undue burden',
  facts: ({ dataSources = [] }, basis) => {
    const byKind = Object.groupBy(dataSources, ({ kind }) => kind)
    const kinds = (Object.keys(byKind) as Kind[]).sort()
    return {
      common: { kinds, basis: basis('dataSources') },
      entries: Object.fromEntries(kinds.map((kind) => [kind, byKind[kind]!.map(({ elements = [] }) => elements)])),
      told: undefined
    }
  },
  keys: ({ dataElement }) => (dataElement ? CODES['data-source'] : []),
  silent: undefined,
  judge: (facts, context) => [judged(facts, context)]
})

function judged({ common: { kinds, basis }, entries }: Facts<Common, Entry>, { data: had, dataElement: elements }: Asked): Finding {
  if (!had && !elements) return finding('not-asked', reason('data.not-asked'))
  if (kinds.length === 0) return finding('unknown', reason('data.unknown'), { closesWith: reason('data.close.unknown'), basis })
  const atHand = had ? kinds.filter((kind) => had.includes(kind)) : kinds
  if (atHand.length === 0) {
    const needed = { sources: named('data-source', ...kinds) }
    return finding('fail', reason('data.none', needed), { closesWith: reason('data.close.none', needed), basis })
  }
  const needed = elements ? atHand.flatMap((kind) => entries[kind] ?? []) : []
  const listed = needed.filter((each) => each.length > 0).map((each) => withoutThose(each, elements ?? []))
  const lacking = listed.length > 0 ? fewest(listed) : []
  // A source that does not say what it needs may need anything: it is no proof, and no disproof.
  if (needed.length > listed.length && (listed.length === 0 || lacking.length > 0))
    return finding('unknown', reason('data.unknown'), { closesWith: reason('data.close.unknown'), basis })
  if (lacking.length > 0) {
    const values = { elements: lacking.join(', ') }
    return finding('fail', reason('data.elements', values), { closesWith: reason('data.close.elements', values), basis })
  }
  const others = kinds.filter((kind) => !atHand.includes(kind))
  const sources = named('data-source', ...atHand)
  if (others.length === 0) return finding('pass', reason('data.at-hand', { sources }), { basis })
  const missing = named('data-source', ...others)
  return finding('conditional', reason('data.some', { sources, missing }), { closesWith: reason('data.close.some', { missing }), basis })
}

function withoutThose(needed: readonly string[], atHand: readonly string[]): string[] {
  const known = new Set(atHand.map(fold))
  return needed.filter((element) => !known.has(fold(element)))
}

/** One source that is complete is enough. */
const fewest = (lists: readonly string[][]) => lists.reduce((a, b) => (b.length < a.length ? b : a))
