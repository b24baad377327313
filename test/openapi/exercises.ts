/** The exercises that the examples of the document speak of: one for each state, all with the same content. */
import { systemIds } from '../../src/context.ts'
import type { Exercise } from '../../src/exercises/exercise.schema.ts'
import { findExercise } from '../../src/exercises/exercises.queries.ts'
import { exerciseIn } from '../../src/exercises/keeping.ts'
import { hashOf, newCode } from '../../src/exercises/voting/codes.ts'
import { groupOfCode, insertCodes } from '../../src/exercises/voting/electorate.queries.ts'
import { findPaper } from '../../src/exercises/voting/paper.queries.ts'
import { enterPaper } from '../../src/exercises/voting/paper.ts'
import type { Registry } from '../registry.ts'

/** The code that the examples of ballots come with. */
export const EXAMPLE_CODE = newCode(Buffer.alloc(16, 7))

const PLAN = {
  title: 'What to measure first',
  question: 'How important is it to measure this first?',
  items: [
    { kind: 'measure', id: 'pacic' },
    { kind: 'statement', id: 'i2', label: 'Whether people know whom to call at night' }
  ],
  groups: [
    { code: 'lived-experience', target: 0.5, required: true },
    { code: 'professionals', target: 0.5, required: true }
  ],
  consensus: 'cos-stad',
  topN: 1,
  mayJoin: true
}

/** How far each of them has come. */
const STEPS: Readonly<Record<string, readonly ('open' | 'vote' | 'close' | 'publish')[]>> = {
  'example-exercise': ['open', 'vote'],
  'example-exercise-draft': [],
  'example-exercise-voted': ['open', 'vote'],
  'example-exercise-between': ['open', 'vote', 'close'],
  'example-exercise-closed': ['open', 'vote', 'close'],
  'example-exercise-published': ['open', 'vote', 'close', 'publish']
}

/** Makes an exercise of that identifier; with a batch of ballots on paper that waits, where it is wanted. */
export async function makeExercise(registry: Registry, id: string, withBatch = false): Promise<void> {
  const rounds = Array.from({ length: id.endsWith('-between') ? 2 : 1 }, () => ({ method: 'rating-1-9' }))
  if (!(await registry.store.read((db) => findExercise(db, id)))) {
    await succeed(registry, 'POST', '/v1/exercises', { ...PLAN, id, rounds })
    await giveCode(registry, id)
    for (const step of STEPS[id] ?? [])
      await (step === 'vote' ? vote(registry, id) : succeed(registry, 'POST', `/v1/exercises/${id}/${step}`, {}))
  }
  if (withBatch) await enterBatch(registry, id)
}

async function giveCode({ store }: Registry, id: string): Promise<void> {
  const hash = hashOf(EXAMPLE_CODE)
  await store.write([], async (tx) => {
    if ((await groupOfCode(tx, id, hash)) === undefined) await insertCodes(tx, id, 'professionals', [hash])
  })
}

/** Six people of each group vote, so that there is something to see. */
async function vote(registry: Registry, id: string): Promise<void> {
  for (const group of ['lived-experience', 'professionals']) {
    const { codes } = (await succeed(registry, 'POST', `/v1/exercises/${id}/invitations`, { group, count: 6 })).json() as {
      codes: string[]
    }
    for (const [i, code] of codes.entries()) {
      const body = { scores: { pacic: 9 - (i % 3), i2: 4 + (i % 5) } }
      const answer = await registry.send('PUT', `/v1/exercises/${id}/ballot`, { headers: { 'x-ballot-code': code }, body })
      if (answer.statusCode !== 200) throw new Error(answer.body)
    }
  }
}

/** Entered by nobody who is among the keys of a test, so that each of them can confirm it. */
async function enterBatch({ store, context }: Registry, id: string): Promise<void> {
  const act = { actor: { id: 'somebody', name: 'Somebody' }, now: context.clock.now().toISOString(), publicUrl: context.config.PUBLIC_URL }
  const batch = { group: 'lived-experience', ballots: [{ ballot: { scores: { pacic: 9 } } }] }
  await store.write([], async (tx) => {
    const row = (await findExercise(tx, id))!
    if (openIn(exerciseIn(row)) && !(await findPaper(tx, id, 'example-batch')))
      await enterPaper(tx, act, id, batch, { batch: 'example-batch', secret: systemIds.secret })
  })
}

const openIn = ({ state }: Exercise) => state === 'open'

async function succeed(registry: Registry, method: string, url: string, body: unknown) {
  const answer = await registry.send(method, url, { as: 'admin', headers: { 'if-match': '*' }, body })
  if (answer.statusCode >= 300) throw new Error(`${method} ${url}: ${answer.body}`)
  return answer
}
