/** What a round came to, put together from the count of its ballots. Pure: the same ballots in any order make the same results. */
import type { Protocol } from '../exercise.schema.ts'
import type { Representation } from '../missing/representation.ts'
import type { Partition } from '../small-numbers/partition.ts'
import { divergenceOf } from './divergence.ts'
import { distributionsOf, figuresOf } from './figures.ts'
import { bordaOrder, cellOrder, equalVoiceOrder, type Order, pooledOrder, positionOrder, ranksIn } from './orders.ts'
import { reasonsFor, TOO_FEW_IN_ALL } from './reasons.ts'
import type { CountedRound, MethodDetail, RoundRepresentation } from './results.schema.ts'
import type { RoundCount } from './round-count.ts'
import { type SeenItem, seeRound } from './seen-round.ts'
import { sensitivityOf, stabilityIn, type View } from './sensitivity.ts'
import { firstOf, OVERALL } from './short-list.ts'
import { electorateOf, judgeItem } from './verdicts.ts'

export interface ResultsInput {
  readonly exercise: string
  readonly protocol: Protocol
  readonly protocolHash: string
  readonly round: number
  /** The items of the round. */
  readonly items: readonly string[]
  readonly count: RoundCount
  readonly representation: Representation
  readonly partition: Partition
}

export function resultsOf(input: ResultsInput): CountedRound {
  const { exercise, protocol, protocolHash, round, items: ids, count, representation, partition } = input
  const seen = seeRound(count, partition, ids.length, protocol.percentileType)
  const orders = ordersOf(seen, input)
  const lists = listsOf(seen, orders, input)
  const results = itemsOf(seen, orders, lists, input)
  return {
    exercise,
    protocolHash,
    round,
    method: protocol.rounds[round - 1]!.method,
    items: results.toSorted((a, b) => (a.rank ?? Number.POSITIVE_INFINITY) - (b.rank ?? Number.POSITIVE_INFINITY) || 0),
    representation: representationIn(representation),
    sensitivity: sensitivityOf(lists.views, ids),
    methodDetail: detailOf(seen, orders, lists, input)
  }
}

interface Orders {
  readonly pooled: Order
  readonly equalVoice: Order
  readonly position: Order
  readonly borda: Order
  /** By cell of the partition. */
  readonly cells: readonly Order[]
  /** The one that the protocol goes by. */
  readonly overall: Order
}

function ordersOf(seen: readonly SeenItem[], { protocol, count, partition }: ResultsInput): Orders {
  const pooled = pooledOrder(seen)
  const equalVoice = equalVoiceOrder(seen)
  const position = positionOrder(seen, partition.rest !== null)
  const borda = bordaOrder(seen, count)
  const overall = { pooled, 'equal-voice': equalVoice, jla: position, borda }[protocol.order]
  return { pooled, equalVoice, position, borda, overall, cells: partition.cells.map((_cell, i) => cellOrder(seen, i)) }
}

interface Lists {
  readonly overall: readonly number[]
  /** The first of each cell of the partition. */
  readonly cells: readonly (readonly number[])[]
  readonly views: readonly View[]
}

function listsOf(seen: readonly SeenItem[], orders: Orders, { protocol, count, partition }: ResultsInput): Lists {
  const { pooled, equalVoice, position, borda, overall, cells } = orders
  const { isNaming } = count.method
  const first = (order: Order, support = pooled.scores) => firstOf(order, protocol.topN, { isNaming, support })
  const without = partition.cells.flatMap(({ code }, cell): View[] => {
    if (count.voters[cell] === 0) return []
    const order = equalVoiceOrder(seen, cell)
    return [{ view: 'without', without: code, first: first(order, order.scores) }]
  })
  const hasVoters = seen.some(({ pooled }) => pooled.said !== null)
  const voices = without.length + (partition.rest === null ? 0 : 1)
  return {
    overall: first(overall),
    cells: cells.map((order) => first(order, order.scores)),
    views: hasVoters
      ? [
          { view: 'pooled', first: first(pooled) },
          { view: 'equal-voice', first: first(equalVoice) },
          { view: 'jla', first: first(position) },
          { view: 'borda', first: first(borda) },
          // Without the only group there is nothing left.
          ...(voices > 1 ? without : [])
        ]
      : []
  }
}

function itemsOf(seen: readonly SeenItem[], orders: Orders, lists: Lists, input: ResultsInput): CountedRound['items'] {
  const { items: ids, protocol, count, representation, partition } = input
  const codes = partition.cells.map(({ code }) => code)
  const electorate = electorateOf(protocol, partition, count.voters, representation)
  const [pooledRanks, ranks] = [ranksIn(orders.pooled), ranksIn(orders.overall)]
  const cellRanks = orders.cells.map(ranksIn)
  const stability = stabilityIn(lists.views, ids.length)

  return seen.map((item, i): CountedRound['items'][number] => {
    const judged = judgeItem(item, electorate, protocol.consensus, protocol.percentileType)
    const apart = divergenceOf(item, count.method.highest)
    const shortlistedBy = [
      ...(lists.overall.includes(i) ? [OVERALL] : []),
      ...codes.filter((_code, cell) => lists.cells[cell]!.includes(i))
    ]
    const shown = distributionsOf(item, partition.k)
    const rank = ranks[i]!
    const story = { item, codes, electorate, rule: protocol.consensus, judged, apart, shortlistedBy, rank, of: ids.length }
    return {
      item: ids[i]!,
      n: item.pooled.n,
      unable: item.pooled.unable,
      groups: partition.cells.map(({ code, groups }, cell) => ({
        group: code,
        groups: [...groups],
        withheld: item.cells[cell]!.withheld,
        ...figuresOf(item.cells[cell]!, cellRanks[cell]![i]!, shown.cells[cell]!),
        verdict: judged.cells[cell]!
      })),
      pooled: figuresOf(item.pooled, pooledRanks[i]!, shown.pooled),
      equalVoice: orders.equalVoice.scores[i]!,
      divergence: apart.divergence,
      ...(apart.between ? { divergent: apart.between.map((cell) => codes[cell]!) } : {}),
      rank,
      verdict: judged.verdict,
      shortlisted: shortlistedBy.length > 0,
      shortlistedBy,
      stableIn: item.pooled.said === null ? null : stability[i]!,
      because: partition.total === null ? [TOO_FEW_IN_ALL] : reasonsFor({ ...story, stableIn: stability[i]!, views: lists.views.length })
    }
  })
}

function detailOf(
  seen: readonly SeenItem[],
  orders: Orders,
  lists: Lists,
  { items, protocol, count, partition }: ResultsInput
): MethodDetail {
  if (seen.every(({ pooled }) => pooled.said === null)) return {}
  const cells = partition.cells.flatMap(({ code }, index) => {
    const isShown = seen.some(({ cells }) => cells[index]!.said !== null)
    return isShown ? [{ code, index, order: orders.cells[index]!.tiers, first: lists.cells[index]! }] : []
  })
  return count.method.detail({ items, topN: protocol.topN, cells, positionScores: orders.position.scores })
}

const representationIn = ({ total, complete, missingRequired, effectiveGroups, cells }: Representation): RoundRepresentation => ({
  total,
  status: complete && total !== null ? 'complete' : 'incomplete',
  missingRequired: [...missingRequired],
  effectiveGroups,
  groups: cells.map(({ code, groups, n, share, target, ratio, status }) => ({
    group: code,
    groups: [...groups],
    withheld: n === null,
    n,
    share,
    target,
    ratio,
    status
  }))
})
