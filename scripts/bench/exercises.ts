/** What does a large vote cost, from stored ballots to results? Next to reading the same ballots and doing nothing with them. */
import { createHash } from 'node:crypto'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { openStore } from '../../db/open.ts'
import type { Store } from '../../db/store.ts'
import { systemIds } from '../../src/context.ts'
import type { NewExercise } from '../../src/exercises/exercise.schema.ts'
import { exerciseIn } from '../../src/exercises/keeping.ts'
import { knownGroups } from '../../src/exercises/known-groups.ts'
import { closeRound, openNextRound } from '../../src/exercises/organising.ts'
import { prepareExercise } from '../../src/exercises/preparing.ts'
import { CountedRounds } from '../../src/exercises/results/counted-rounds.ts'
import { listBallots } from '../../src/exercises/voting/ballots.queries.ts'
import { loadVocabularies } from '../../src/vocabularies/load.ts'

const HELP = `npm run bench:exercises [-- --ballots 100000] [--items 100] [--database URL]

Prints how long it takes to count a round of ratings from stored ballots and to make its results, as a multiple of only reading and
parsing them. On SQLite in memory, or on the empty database that is named.`

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    ballots: { type: 'string', default: '100000' },
    items: { type: 'string', default: '100' },
    database: { type: 'string', default: 'file::memory:' }
  }
})
const GROUPS = ['lived-experience', 'carers', 'professionals', 'policymakers', 'evaluation-experts', 'managers', 'academics']
const ROWS = 200
const BATCH = 2_000
const LONG = { deadlineMs: 600_000 }

const planOf = (items: number): NewExercise => ({
  title: 'A large vote',
  question: 'How important is this?',
  items: Array.from({ length: items }, (_, i) => ({ kind: 'statement', label: `Statement ${i + 1}` })),
  groups: GROUPS.map((code) => ({ code, target: 1 / GROUPS.length, required: true })),
  rounds: [{ method: 'rating-1-9' }]
})

/** Ballots with keys as random as real ones, and scores that differ by group and item. */
async function fill(store: Store, id: string, ballots: number, items: number): Promise<void> {
  for (let done = 0; done < ballots; done += 20 * ROWS)
    await store.write(
      [],
      async (tx) => {
        for (let from = done; from < Math.min(done + 20 * ROWS, ballots); from += ROWS)
          await tx
            .insert(tx.t.ballots)
            .values(Array.from({ length: Math.min(ROWS, ballots - from) }, (_, i) => ballotOf(id, from + i, items)))
      },
      LONG
    )
}

function ballotOf(exerciseId: string, voter: number, items: number) {
  const key = createHash('sha256').update(String(voter)).digest('hex')
  const scores = Object.fromEntries(
    Array.from({ length: items }, (_, i) => [`i${i + 1}`, (voter * 7 + i * 3 + (voter % (i + 2))) % 10 || 'unable'])
  )
  return { exerciseId, round: 1, key, group: GROUPS[voter % GROUPS.length]!, ballot: JSON.stringify({ scores }) }
}

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const from = performance.now()
  const result = await work()
  return { ms: performance.now() - from, result }
}

/** Reads and parses every ballot, and does nothing with them. */
async function readAll(store: Store, id: string): Promise<number> {
  let read = 0
  for (let after = ''; ; ) {
    const batch = await store.read((db) => listBallots(db, id, 1, after, BATCH))
    for (const { ballot } of batch) read += JSON.parse(ballot) === null ? 0 : 1
    if (batch.length < BATCH) return read
    after = batch.at(-1)!.key
  }
}

async function run(): Promise<void> {
  const [ballots, items] = [Number(values.ballots), Number(values.items)]
  const store = await openStore(values.database)
  const act = { actor: { id: 'bench', name: 'bench' }, now: new Date().toISOString(), publicUrl: 'https://registry.example' }
  const known = knownGroups(await loadVocabularies())
  const { id } = await store.write([], (tx) => prepareExercise(tx, act, planOf(items), known))
  const newSecret = () => systemIds.secret(32).toString('hex')
  await store.write([], (tx) => openNextRound(tx, act, id, { previous: undefined, newSecret }))
  await fill(store, id, ballots, items)
  const closing = await timed(() => store.write([], (tx) => closeRound(tx, act, id), LONG))
  const exercise = exerciseIn(closing.result)
  await readAll(store, id)
  const reading = await timed(() => readAll(store, id))
  const counting = await timed(() => new CountedRounds(store).of(exercise, 1))
  console.log(
    `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}, ${act.now.slice(0, 10)}, ${store.dialect}`
  )
  console.log(`${reading.result} ballots over ${items} items in ${GROUPS.length} groups`)
  console.log(`closing the round: ${closing.ms.toFixed(0)} ms`)
  console.log(`reading and parsing only: ${reading.ms.toFixed(0)} ms`)
  console.log(`counting to results: ${counting.ms.toFixed(0)} ms, ${(counting.ms / reading.ms).toFixed(2)} times as long`)
  await store.close()
}

if (values.help) console.log(HELP)
else await run()
