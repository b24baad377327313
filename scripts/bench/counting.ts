/** What does counting cost? Ratings of very many voters, and orders of very many items, next to one bare pass over as many numbers. */
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { electSequentially } from '../../src/exercises/counting/approval.ts'
import { BordaTally } from '../../src/exercises/counting/borda.ts'
import { CONSENSUS_RULES, verdictOfCell, verdictOfCells } from '../../src/exercises/counting/consensus.ts'
import { Pairs } from '../../src/exercises/counting/pairwise.ts'
import { judgeRatings } from '../../src/exercises/counting/rand-ucla.ts'
import { schulze } from '../../src/exercises/counting/schulze.ts'

const HELP = `npm run bench:counting [-- --ballots 100000] [--orders 2000]

Prints how long it takes to count and judge ratings of 100 items in 7 cells, approvals of 100 items, and orders of 300 items by
Borda and Schulze; each as a multiple of one bare pass over as many numbers.`

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    ballots: { type: 'string', default: '100000' },
    orders: { type: 'string', default: '2000' }
  }
})
const RATED = 100
const RANKED = 300
const CELLS = 7
const ROUNDS = 5

/** The same numbers every time (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

function timed(work: () => unknown): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const from = performance.now()
    work()
    return performance.now() - from
  })
  return times.sort((a, b) => a - b)[ROUNDS >> 1]!
}

/** One pass over as many numbers: as fast as it can be. */
function passOver(numbers: number): number {
  const given = new Uint8Array(numbers).fill(1)
  return timed(() => {
    let sum = 0
    for (let i = 0; i < given.length; i++) sum += given[i]!
    if (sum !== numbers) throw new Error('A number is missing')
  })
}

function tell(what: string, ms: number, bare: number): void {
  console.log(`${what}: ${ms.toFixed(1)} ms, ${(ms / bare).toFixed(1)} bare passes of ${bare.toFixed(2)} ms`)
}

function countRatings(ballots: number, random: () => number): void {
  // [ballot × items + item]: 0 where it is not answered.
  const ratings = Uint8Array.from({ length: ballots * RATED }, () => (random() < 0.05 ? 0 : 1 + Math.floor(random() * 9)))
  const cellOf = Uint8Array.from({ length: ballots }, () => Math.floor(random() * CELLS))
  const bare = passOver(ratings.length)
  const addUp = () => {
    const counts = new Uint32Array(CELLS * RATED * 9)
    for (let ballot = 0; ballot < ballots; ballot++) {
      for (let item = 0; item < RATED; item++) {
        const rating = ratings[ballot * RATED + item]!
        if (rating > 0) counts[(cellOf[ballot]! * RATED + item) * 9 + rating - 1]!++
      }
    }
    return counts
  }
  tell(`${ballots.toLocaleString('en')} ballots on ${RATED} items into histograms of ${CELLS} cells`, timed(addUp), bare)
  const counts = addUp()
  const histogram = (cell: number, item: number) => {
    const from = (cell * RATED + item) * 9
    return [...counts.subarray(from, from + 9)]
  }
  const judge = () => {
    for (let item = 0; item < RATED; item++) {
      const cells = Array.from({ length: CELLS }, (_none, cell) => histogram(cell, item))
      for (const cell of cells) judgeRatings(cell, 7)
      for (const rule of CONSENSUS_RULES) verdictOfCells(cells.map((cell) => verdictOfCell(rule, cell, 7)))
    }
  }
  tell(`${RATED * CELLS} of them judged, by ${CONSENSUS_RULES.length} rules`, timed(judge), bare)
}

function countApprovals(ballots: number, random: () => number): void {
  const given = Array.from({ length: ballots }, () => ({
    approved: Array.from({ length: 8 }, () => Math.floor(random() * RATED)),
    count: 1
  }))
  tell(
    `${ballots.toLocaleString('en')} ballots of 8 approvals, 20 of ${RATED} items in turn`,
    timed(() => electSequentially(given, RATED, 20)),
    passOver(ballots * 8)
  )
}

function countOrders(orders: number, random: () => number): void {
  const given = Array.from({ length: orders }, () => {
    const keys = Float64Array.from({ length: RANKED }, random)
    return Array.from(keys.keys())
      .sort((a, b) => keys[a]! - keys[b]!)
      .map((item) => [item])
  })
  const bare = passOver(orders * RANKED)
  const addUp = () => {
    const pairs = new Pairs(RANKED)
    for (const tiers of given) pairs.add(tiers)
    return pairs
  }
  const addPoints = () => {
    const tally = new BordaTally(RANKED, { base: 1, unranked: 'tied-last', ties: 'average' })
    for (const tiers of given) tally.add(tiers)
  }
  tell(`${orders.toLocaleString('en')} orders of ${RANKED} items by Borda`, timed(addPoints), bare)
  tell(`${orders.toLocaleString('en')} orders of ${RANKED} items in pairs`, timed(addUp), bare)
  const pairs = addUp()
  const cubed = passOver(RANKED ** 3)
  for (const strength of ['winning', 'margin', 'ratio'] as const)
    tell(
      `Schulze over ${RANKED} items by ${strength}`,
      timed(() => schulze(pairs, strength)),
      cubed
    )
}

if (values.help) {
  console.log(HELP)
} else {
  console.log(`${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model}`)
  const random = numbersFrom(1)
  countRatings(Number(values.ballots), random)
  countApprovals(Number(values.ballots), random)
  countOrders(Number(values.orders), random)
}
