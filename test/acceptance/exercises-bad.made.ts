/** Exercises in every state, to be asked in wrong ways: who voted, and what has to be the same afterwards. */
import type { Client, Reply, Who } from './client.ts'

export const LIVED = 'lived-experience'
export const PROFESSIONALS = 'professionals'
/** A group and an item with names that mean something to a program: they are names like any other. */
export const ODD = 'constructor'
const GROUPS = [LIVED, PROFESSIONALS, ODD]

export const statement = (id: string) => ({ kind: 'statement', id, label: `What is said of ${id}` })
export const PLAN = {
  title: 'What to measure first',
  question: 'How important is it to measure this first?',
  items: ['i1', 'i2', ODD, 'toString'].map(statement),
  groups: [
    { code: LIVED, target: 0.4, required: true },
    { code: PROFESSIONALS, target: 0.4, required: true },
    { code: ODD, target: 0.2 }
  ],
  rounds: [{ method: 'rating-1-9' }],
  k: 3,
  topN: 1
}

/** How each method is asked here, a ballot that is right, and the scores of the items after ballots that all say the same. */
export const METHODS = {
  'rating-1-9': {
    options: {},
    good: { scores: { i1: 8, i2: 2, [ODD]: 5, toString: 'unable' } },
    scores: { i1: 1, i2: 0, [ODD]: 0 }
  },
  'top-n': { options: { top: 3 }, good: { ranking: ['i1', ODD] }, scores: { i1: 3, [ODD]: 2, i2: 0 } },
  approval: { options: { max: 2 }, good: { approved: ['i1', 'toString'] }, scores: { i1: 1, toString: 1, i2: 0 } },
  dots: { options: { dots: 10, maxPerItem: 6 }, good: { dots: { i1: 6, [ODD]: 4, i2: 0 } }, scores: { i1: 6, [ODD]: 4, i2: 0 } },
  criteria: {
    options: { criteria: [{ code: 'equity' }, { code: ODD, weight: 3 }] },
    good: { criteria: { i1: { equity: 1, [ODD]: 0 }, [ODD]: { equity: 0.5, [ODD]: 1 }, i2: { equity: null, [ODD]: 0.5 } } },
    scores: { i1: 0.25, [ODD]: 0.875, i2: 0.5 }
  },
  'rank-all': { options: {}, good: { ranking: [['i1'], [ODD, 'i2']] }, scores: { i1: 3, [ODD]: 1.5, i2: 1.5, toString: 0 } }
} as const
export type Method = keyof typeof METHODS
export const METHOD_NAMES = Object.keys(METHODS) as Method[]

/** How many of each group vote before anything goes wrong. */
const VOTERS = 4
const ANY = { 'if-match': '*' }
export const codeIs = (code: string) => ({ 'x-ballot-code': code })

export class Made {
  readonly #client: Client
  /** Codes with which nobody has voted, by exercise and group. */
  readonly #unused = new Map<string, string[]>()
  readonly ids: string[] = []
  constructor(client: Client) {
    this.#client = client
  }

  async #sure(sent: Promise<Reply>): Promise<Reply> {
    const reply = await sent
    if (reply.status >= 300) throw new Error(`${reply.status} ${reply.text}`)
    return reply
  }
  at = (id: string, rest = '') => `/v1/exercises/${id}${rest}`

  async draft(more: object = {}): Promise<string> {
    const { json } = await this.#sure(this.#client.post('/v1/exercises', { ...PLAN, ...more }, { as: 'organiser' }))
    this.ids.push(json.id)
    return json.id
  }
  step = (id: string, step: string, body: object = {}, as: Who = 'organiser') =>
    this.#sure(this.#client.post(this.at(id, `/${step}`), body, { as, headers: ANY }))

  /** An exercise that is open, with codes, and ballots that all say the same. */
  async open(method: Method, { isVoted = true, ...more }: { isVoted?: boolean; [more: string]: unknown } = {}): Promise<string> {
    const id = await this.draft({ rounds: [{ method, options: METHODS[method].options }], ...more })
    for (const group of GROUPS) {
      const { json } = await this.step(id, 'invitations', { group, count: VOTERS + 2 })
      this.#unused.set(`${id} ${group}`, json['codes'] as string[])
    }
    await this.step(id, 'open')
    if (isVoted)
      for (const group of GROUPS) for (let i = 0; i < VOTERS; i++) await this.vote(id, this.takeCode(id, group), METHODS[method].good)
    return id
  }

  /** A code that nobody has used, and that is given to nobody else. */
  takeCode = (id: string, group: string): string => this.#unused.get(`${id} ${group}`)!.pop()!
  /** The same, which the next one gets as well. */
  showCode = (id: string, group = LIVED): string => this.#unused.get(`${id} ${group}`)!.at(-1)!
  vote = (id: string, code: string, body: unknown) =>
    this.#sure(this.#client.call('PUT', this.at(id, '/ballot'), { body, headers: codeIs(code) }))
  enter = async (id: string, count: number, as: Who = 'organiser'): Promise<string> => {
    const ballots = Array.from({ length: count }, () => ({ ballot: METHODS['rating-1-9'].good }))
    return (await this.step(id, 'paper-batches', { group: LIVED, ballots }, as)).json.id
  }

  /** Validator, codes, ballots (rounded) and batches of every exercise, and how many there are. */
  async snapshot(): Promise<unknown> {
    const get = (path: string) => this.#client.get(path, { as: 'organiser' })
    const { json } = await get('/v1/exercises?limit=1')
    const exercises = this.ids.map(async (id) => {
      const [{ etag, status }, turnout, papers] = await Promise.all(
        ['', '/turnout', '/paper-batches'].map((rest) => get(this.at(id, rest))) as [Promise<Reply>, Promise<Reply>, Promise<Reply>]
      )
      return { id, status, etag, turnout: turnout.json, papers: papers.json }
    })
    return { total: json.total, exercises: await Promise.all(exercises) }
  }
}

/** How many have voted in an exercise that is open, before anything goes wrong. */
export const VOTED = GROUPS.length * VOTERS
