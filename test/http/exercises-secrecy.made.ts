/** What the proofs of secrecy are made with: voters that the test knows, and everything that anybody can read. */
import type { Registry, Role } from '../registry.ts'

/** How a code could stand somewhere: as it is printed, typed, or put into other letters. `printed` has hyphens. */
export function formsOf(printed: string): string[] {
  const plain = printed.replaceAll('-', '')
  const written = [plain, printed, plain.toLowerCase(), printed.toLowerCase()]
  return [...written, ...written.flatMap((each) => ['base64', 'base64url', 'hex'].map((as) => Buffer.from(each).toString(as as 'hex')))]
}

/**
 * Spearman's rank correlation of a list with its order: 1 where the list is in order, -1 where it is turned around. Of sixty in an order of
 * chance it is over 0.85 (t = 12.3 at 58 degrees of freedom) less than once in 10^15 times.
 */
export function inOrder(ranks: readonly number[]): number {
  const squares = ranks.reduce((sum, rank, place) => sum + (rank - place) ** 2, 0)
  return 1 - (6 * squares) / (ranks.length * (ranks.length ** 2 - 1))
}
export const BY_CHANCE = 0.85

/** Who looks at exercises, and at everything else. */
const ROLES: readonly (Role | undefined)[] = [undefined, 'contributor', 'reviewer', 'organiser', 'admin']
const FEW: typeof ROLES = [undefined, 'organiser']
const EVENTS = 'text/event-stream'
/** Says when a key was last used, that of the request as well. */
const OTHER_THINGS = ['/v1/keys']

interface Operation {
  readonly responses: Record<string, { content?: object }>
}

/** Everything that can be read of exercises, and every list: path and media type. */
async function readable({ send }: Registry, fill: Readonly<Record<string, string>>): Promise<{ path: string; type: string }[]> {
  const { paths } = (await send('GET', '/openapi.json')).json() as { paths: Record<string, { get?: Operation }> }
  return Object.entries(paths).flatMap(([template, { get }]) => {
    if (!get || OTHER_THINGS.includes(template)) return []
    const resource = /^\/v1\/(\w+)\/\{id\}/.exec(template)?.[1] ?? ''
    const path = template.replace('{id}', fill[resource] ?? '{id}').replace('{batch}', fill['batch']!)
    if (path.includes('{')) return []
    const lists = /^\/v1\/(measures|gaps)$/.test(template) ? [path, `${path}?sort=-priority`] : [path]
    const types = Object.keys(get.responses['200']?.content ?? {})
    return lists.flatMap((each) => types.map((type) => ({ path: each, type })))
  })
}

/** An answer of which only the first event is waited for: a stream never ends. */
async function begun({ app }: Registry, url: string): Promise<string> {
  let text = ''
  for await (const chunk of (await app.inject({ method: 'GET', url, payloadAsStream: true })).stream()) {
    text += chunk
    if (text.includes('\n\n')) break
  }
  return text
}

/** Every answer that anybody can have now, byte by byte, with its status and headers: paths, media types and roles. */
export async function everyAnswer(registry: Registry, fill: Readonly<Record<string, string>>): Promise<Map<string, string>> {
  const answers = new Map<string, string>()
  for (const { path, type } of await readable(registry, fill)) {
    if (type === EVENTS) {
      answers.set(path, await begun(registry, path))
      continue
    }
    for (const as of path.includes('/exercises') ? ROLES : FEW) {
      const { statusCode, headers, body } = await registry.send('GET', path, { ...(as ? { as } : {}), headers: { accept: type } })
      const { date: _date, ...said } = headers
      answers.set(`${path} as ${as ?? 'reader'}, ${type}`, JSON.stringify([statusCode, said, body]).replace(/urn:request:[0-9a-f-]+/, ''))
    }
  }
  return answers
}

/** What is answered in another way than before. */
export const changedIn = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] =>
  [...new Set([...before.keys(), ...after.keys()])].filter((each) => before.get(each) !== after.get(each))
