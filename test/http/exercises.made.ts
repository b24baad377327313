/** Exercises as scenarios need them: prepared, opened, voted on, closed and published over HTTP. */
import { createHash } from 'node:crypto'
import type { ItemResult, RoundResults } from '../../src/exercises/results/results.schema.ts'
import type { Registry, Response, Role, SendOptions } from '../registry.ts'

export const ANY = { 'if-match': '*' }
/** Where an answer says that something is wrong. */
export const pointersOf = (answer: Response): string[] => (answer.json().errors ?? []).map(({ pointer }: { pointer: string }) => pointer)
export const etag = (response: Response) => ({ 'if-match': String(response.headers['etag']) })

/** Everybody who may ask: readers come without a key. */
export const ROLES = [undefined, 'contributor', 'reviewer', 'organiser', 'admin'] as const
export const LANGUAGES = ['en', 'nl', 'fr', 'de', 'es'] as const
/** What shows how people voted, beside what is published. */
export const SEALED = ['results', 'results?format=csv', 'missing-voices', 'receipts'] as const
export type Step = 'open' | 'close' | 'publish' | 'void'
export type State = 'draft' | 'open' | 'between-rounds' | 'closed' | 'published' | 'void'
export type Votes = Readonly<Record<string, readonly object[]>>
/** A voter as the test knows them, and nobody else does. */
export interface Voter {
  readonly group: string
  readonly code: string
  readonly receipt: string
}

export const LIVED = 'lived-experience'
export const PROS = 'professionals'
export const TWO_GROUPS = [
  { code: LIVED, target: 0.5, required: true },
  { code: PROS, target: 0.5, required: true }
]
/** Statements by their identifiers. */
export const statements = (...ids: readonly string[]) => ids.map((id) => ({ kind: 'statement', id, label: `What is said of ${id}` }))
export const PLAN = {
  title: 'What to measure first',
  question: 'How important is it to measure this first?',
  items: statements('i1', 'i2', 'i3'),
  groups: TWO_GROUPS,
  rounds: [{ method: 'rating-1-9' }],
  consensus: 'cos-stad',
  topN: 1
}
/** So many ballots that are alike. */
export const times = <B>(n: number, ballot: B): B[] => Array.from({ length: n }, () => ballot)
/** Ratings of a group: for each item the scores of its voters, in the order of the voters. */
export const ratings = (byItem: Readonly<Record<string, readonly (number | 'unable' | undefined)[]>>): object[] =>
  Object.values(byItem)[0]!.map((_none, voter) => ({
    scores: Object.fromEntries(
      Object.entries(byItem).flatMap(([item, scores]) => (scores[voter] === undefined ? [] : [[item, scores[voter]]]))
    )
  }))

/** Canonical JSON (RFC 8785) as a stranger would write it: names in the order of their code units, no blanks. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const names = Object.keys(value).sort()
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical((value as Record<string, unknown>)[name])}`).join(',')}}`
}
export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

function sure(answer: Response, status: number): Response {
  if (answer.statusCode !== status) throw new Error(`${answer.statusCode} in place of ${status}: ${answer.body}`)
  return answer
}

/** What scenarios do with exercises; whatever fails is an error. Steps that are to be refused are sent as they are. */
export function exercisesIn({ send, store }: Registry) {
  const at = (id: string, part = '') => `/v1/exercises/${id}${part}`
  const step = (id: string, step: Step, body?: object, options: SendOptions = {}) =>
    send('POST', at(id, `/${step}`), { as: 'organiser', headers: ANY, ...(body ? { body } : {}), ...options })
  const prepare = async (patch: object = {}) =>
    sure(await send('POST', '/v1/exercises', { as: 'organiser', body: { ...PLAN, ...patch } }), 201).json()
  const take = async (id: string, which: Step, body?: object) => sure(await step(id, which, body), 200).json()
  const invite = async (id: string, group: string, count: number): Promise<string[]> =>
    sure(await send('POST', at(id, '/invitations'), { as: 'organiser', body: { group, count } }), 201).json().codes
  const own = (id: string, code: string, options: SendOptions = {}) =>
    send('GET', at(id, '/ballot'), { ...options, headers: { 'x-ballot-code': code, ...options.headers } })
  const cast = (id: string, code: string, ballot: unknown, options: SendOptions = {}) =>
    send('PUT', at(id, '/ballot'), { ...options, body: ballot, headers: { 'x-ballot-code': code, ...options.headers } })
  /** Votes again, with the codes that there are. */
  const again = async (id: string, codes: readonly string[], ballots: readonly object[]): Promise<string[]> => {
    const receipts = []
    for (const [i, ballot] of ballots.entries()) receipts.push(sure(await cast(id, codes[i]!, ballot), 200).json().receipt)
    return receipts
  }
  /** Invites as many of each group as there are ballots, and lets them vote. */
  const vote = async (id: string, votes: Votes): Promise<Voter[]> => {
    const voters = []
    for (const [group, ballots] of Object.entries(votes)) {
      const codes = await invite(id, group, ballots.length)
      const receipts = await again(id, codes, ballots)
      voters.push(...codes.map((code, i) => ({ group, code, receipt: receipts[i]! })))
    }
    return voters
  }
  /** An exercise whose first round is closed, and who voted in it. */
  const voted = async (patch: object, votes: Votes) => {
    const { id } = await prepare(patch)
    await take(id, 'open')
    const voters = await vote(id, votes)
    return { id: id as string, voters, exercise: await take(id, 'close') }
  }
  /** The codes of the voters of a group. */
  const codesOf = (voters: readonly Voter[], group: string) => voters.flatMap((voter) => (voter.group === group ? voter.code : []))
  const see = (id: string, part: string, as?: Role) => send('GET', at(id, part), as ? { as } : {})
  /** What a closed round came to, for organisers. */
  const results = async (id: string, query = ''): Promise<RoundResults> => sure(await see(id, `/results${query}`, 'organiser'), 200).json()
  const resultOf = ({ items }: RoundResults, item: string): ItemResult => items.find((each) => each.item === item)!
  const changes = async (): Promise<{ cursor: string; kind: string; id: string; action: string }[]> =>
    (await send('GET', '/v1/changes?limit=1000')).json().items
  /** Every row of every table, as whoever steals the database reads them. */
  const dump = () =>
    store.read(async (db): Promise<Record<string, Record<string, unknown>[]>> => {
      const all: Record<string, Record<string, unknown>[]> = {}
      for (const [name, table] of Object.entries(db.t)) all[name] = await db.select().from(table as typeof db.t.exercises)
      return all
    })
  /** The rows of an exercise in a table. */
  const rowsIn = async (table: string, id: string) => (await dump())[table]!.filter((row) => row['exerciseId'] === id)
  const secretOf = async (id: string) => (await dump())['exercises']!.find((row) => row['id'] === id)?.['secret']
  return {
    changes,
    dump,
    rowsIn,
    secretOf,
    at,
    step,
    prepare,
    take,
    invite,
    own,
    cast,
    again,
    vote,
    voted,
    codesOf,
    see,
    results,
    resultOf
  }
}
export type Exercises = ReturnType<typeof exercisesIn>

const SIX = Array.from({ length: 6 }, () => ({ scores: { i1: 9, i2: 5, i3: 2 } }))
/** Six of each group: enough for everything to be shown. */
export const ENOUGH: Votes = { [LIVED]: SIX, [PROS]: SIX }

/** An exercise in a state, in which nobody voted but one: nothing of it could be shown. */
export async function inState({ prepare, take, vote }: Exercises, state: State, patch: object = {}): Promise<string> {
  const rounds = state === 'between-rounds' ? { rounds: [{ method: 'rating-1-9' }, { method: 'rating-1-9' }] } : {}
  const { id } = await prepare({ ...rounds, ...patch })
  if (state === 'draft') return id
  await take(id, 'open')
  await vote(id, { [LIVED]: SIX.slice(0, 1) })
  if (state === 'open') return id
  if (state === 'void') await take(id, 'void', { reason: 'The cards went astray.' })
  else await take(id, 'close')
  if (state === 'published') await take(id, 'publish')
  return id
}
